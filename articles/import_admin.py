"""Importing in the admin: upload files, see what would come of each, confirm. The importer is the command's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import importer
from articles.collecting import SourceFile, uploaded
from articles.models import ImportRun
from articles.previewing import preview
from companies.name_index import load_name_index
from sources.encoding import MAXIMUM_FILE_BYTES

MAXIMUM_FILES = 100
MAXIMUM_SHOWN = 100
_NEEDED = (
    "articles.add_importrun",
    "articles.add_article",
    "articles.change_article",
    "companies.add_analystcall",
    "companies.change_analystcall",
)
PREVIEW_LIFE = dt.timedelta(days=1)


class _ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _ManyFilesField(forms.FileField):
    widget = _ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MAXIMUM_FILES:
            raise forms.ValidationError(
                f"At most {MAXIMUM_FILES} files at once; the command import_seeds takes folders."
            )
        return [super(_ManyFilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    uploads = _ManyFilesField(
        label="Files",
        allow_empty_file=True,
        help_text="Articles with front matter, plain-text stories, or both. Nothing is saved before you confirm.",
    )
    accept_calls = forms.BooleanField(
        required=False, help_text="Analyst calls become public at once instead of waiting for review."
    )
    accept_theirs = forms.BooleanField(
        required=False, help_text="Where an editor and the file changed the same field, take the file's value."
    )


class ImportRunAdmin(admin.ModelAdmin):
    """Adding a run is importing: upload, preview, confirm. A finished run is a record and is not changed."""

    list_display = ["started_at", "state", "user", "created", "updated", "unchanged", "conflicts", "failed"]
    list_filter = ["state", "user"]
    list_select_related = ["user"]
    search_fields = ["items__path"]
    date_hierarchy = "started_at"
    fields = [
        "state", "user", "started_at", "finished_at", "created", "updated", "unchanged", "conflicts", "failed",
        "to_look_at", "all_files", "arguments",
    ]  # fmt: skip
    readonly_fields = ["to_look_at", "all_files"]

    @admin.display(description="Failed and in conflict")
    def to_look_at(self, run: ImportRun) -> SafeString | str:
        """The files that want a person, a page of them at most."""
        items = run.items.filter(outcome__in=["failed", "conflict"]).defer("raw")[:MAXIMUM_SHOWN]
        lines = [
            (i.path, f"line {i.line}: " if i.line else "", i.reason or "conflict, see the file's page") for i in items
        ]
        return format_html_join("", "<div>{} — {}{}</div>", lines) or "none"

    @admin.display(description="Files")
    def all_files(self, run: ImportRun) -> SafeString:
        address = reverse("admin:articles_importitem_changelist")
        return format_html('<a href="{}?run__id__exact={}">All files of this run</a>', address, run.pk)

    def has_change_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An import writes articles, documents and calls: who may not do that by hand may not do it by file."""
        return bool(request.user.has_perms(_NEEDED))

    def get_urls(self) -> list[URLPattern]:
        confirm = path("<int:pk>/confirm/", self.admin_site.admin_view(self.confirm), name="articles_importrun_confirm")
        return [confirm, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            run = self._preview(request, form)
            return HttpResponseRedirect(reverse("admin:articles_importrun_change", args=[run.pk]))
        context = {**self.admin_site.each_context(request), "title": "Import files", "form": form, "opts": self.opts}
        return render(request, "admin/articles/importrun/upload.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        if run is None or run.state != ImportRun.State.PREVIEW or not self.has_add_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        index = load_name_index()
        context = {
            **self.admin_site.each_context(request),
            "title": "Preview of an import",
            "run": run,
            "items": [(item, preview(item, index)) for item in run.items.all()],
            "opts": self.opts,
        }
        return render(request, "admin/articles/importrun/preview.html", context)

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Imports the previewed files. The preview goes, the record of the import stays; a second click finds neither."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ImportRun, pk=pk, state=ImportRun.State.PREVIEW)
        files = [uploaded(item.path, bytes(item.raw or b"")) for item in run.items.all()]
        options = importer.ImportOptions(run.arguments["accept_calls"], run.arguments["accept_theirs"])
        if not ImportRun.objects.filter(pk=pk, state=ImportRun.State.PREVIEW).update(state=ImportRun.State.RUNNING):
            messages.warning(request, "These files are being imported already.")
            return HttpResponseRedirect(reverse("admin:articles_importrun_changelist"))
        report = importer.import_files(files, options, timezone.now())
        done = importer.record(report, timezone.now(), run.arguments, request.user)  # type: ignore[arg-type]
        run.delete()
        messages.success(request, f"Imported: {report.summary()}.")
        return HttpResponseRedirect(reverse("admin:articles_importrun_change", args=[done.pk]))

    def _preview(self, request: HttpRequest, form: UploadForm) -> ImportRun:
        now = timezone.now()
        ImportRun.objects.filter(state=ImportRun.State.PREVIEW, started_at__lt=now - PREVIEW_LIFE).delete()
        chosen = {name: form.cleaned_data[name] for name in ("accept_calls", "accept_theirs")}
        files = [_source(file) for file in form.cleaned_data["uploads"]]
        options = importer.ImportOptions(**chosen, dry_run=True)
        report = importer.import_files(files, options, now, keep_raw=True)
        arguments = {"uploaded": [file.name for file in files], **chosen}
        return importer.record(report, timezone.now(), arguments, request.user, preview=True)  # type: ignore[arg-type]


def _source(file: UploadedFile) -> SourceFile:
    # One byte over the limit is enough to be refused for its size, and no more is read.
    return uploaded(file.name or "upload", file.read(MAXIMUM_FILE_BYTES + 1))
