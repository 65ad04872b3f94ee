"""Importing in the admin: upload files, see what would come of each, confirm, watch. The importer is the command's."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst

from articles import import_watching, uploads
from articles.field_values import differences_of, value_of
from articles.importing import ImportStopped
from articles.models import ImportItem, ImportRun
from articles.preparing_pool import ReadersDied
from articles.previewing import Preview, preview
from articles.tasks import import_uploads, preview_uploads, queue
from articles.upload_form import UploadForm
from companies.name_index import load_name_index

PREVIEWED_AT_ONCE = 100
FILES_PER_PAGE = 50
_NEEDED = (
    "articles.add_importrun",
    "articles.add_article",
    "articles.change_article",
    "companies.add_analystcall",
    "companies.change_analystcall",
)


class ImportRunAdmin(admin.ModelAdmin):
    """Adding a run is importing: upload, preview, confirm. What its page shows depends on how far it is."""

    list_display = ["started_at", "state", "who", "what", "came_of_it"]
    list_filter = ["state", "user"]
    list_select_related = ["user"]
    search_fields = ["items__path"]
    date_hierarchy = "started_at"

    class Media:
        css = {"all": ["css/desk.css"]}

    @admin.display(description="What")
    def what(self, run: ImportRun) -> str:
        names = [str(name) for name in run.arguments.get("uploaded") or run.arguments.get("paths") or []]
        if run.arguments.get("samples"):
            return "the samples"
        shown = ", ".join(names[:3])
        return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown or "—"

    @admin.display(description="Came of it")
    def came_of_it(self, run: ImportRun) -> str:
        counts = {"created": run.created, "updated": run.updated, "unchanged": run.unchanged,
                  "in conflict": run.conflicts, "failed": run.failed}  # fmt: skip
        return ", ".join(f"{count:,} {word}" for word, count in counts.items() if count) or "—"

    @admin.display(description="Who", ordering="user__username")
    def who(self, run: ImportRun) -> str:
        return run.user.get_username() if run.user else "command line"

    def has_change_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        """The record of an import that is under way is being written by another process."""
        if obj is not None and import_watching.is_at_work(obj):
            return False
        return super().has_delete_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_add_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An import writes articles, documents and calls: who may not do that by hand may not do it by file."""
        return bool(request.user.has_perms(_NEEDED))

    def get_urls(self) -> list[URLPattern]:
        steps = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"articles_importrun_{name.replace('-', '_')}")
            for name, view in (("confirm", self.confirm), ("cancel", self.cancel), ("go-on", self.go_on))
        ]  # fmt: skip
        return [*steps, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_bound and form.is_valid():
            try:
                return _to(self._upload(request, form))
            except (ImportStopped, ReadersDied, OperationalError) as error:
                form.add_error(None, f"The files could not be read now ({error}). Try again in a minute.")
        return self._page(request, "upload", "Import files", form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        if run is None or not self.has_view_permission(request, run):
            return super().change_view(request, object_id, form_url, extra_context)
        if run.state in import_watching.UNDER_WAY and not import_watching.was_left(run):
            now = timezone.now()
            return self._page(
                request,
                "progress",
                capfirst(str(run)),
                run=run,
                progress=import_watching.progress_of(run, now),
                can_go_on=import_watching.can_go_on(run, now) and self.has_add_permission(request),
            )
        if run.state == ImportRun.State.PREVIEW and self.has_add_permission(request):
            return self._preview_page(request, run)
        return self._record_page(request, run)

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._posted(request, pk)
        if queue(import_uploads, lambda: run if uploads.confirm(run) else None) is None:
            messages.warning(request, "These files are being imported already, or have been.")
        return _to(run)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._posted(request, pk)
        if run.state not in (ImportRun.State.PREVIEW, ImportRun.State.READING):
            messages.warning(request, "This import was confirmed, and cannot be thrown away any more.")
            return _to(run)
        run.delete()
        messages.success(request, "The preview was thrown away. Nothing was imported.")
        return HttpResponseRedirect(reverse("admin:articles_importrun_add"))

    def go_on(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._posted(request, pk)
        now = timezone.now()
        if queue(import_uploads, lambda: run if import_watching.go_on(run, now) else None) is None:
            messages.warning(request, "There is nothing left to go on with, or it is being imported already.")
        return _to(run)

    def _posted(self, request: HttpRequest, pk: int) -> ImportRun:
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        return get_object_or_404(ImportRun, pk=pk)

    def _upload(self, request: HttpRequest, form: UploadForm) -> ImportRun:
        now = timezone.now()
        files = form.cleaned_data["uploads"]
        arguments = {
            "uploaded": [file.name for file in request.FILES.getlist("uploads")],
            "accept_calls": form.cleaned_data["accept_calls"],
            "settle": form.cleaned_data["settle"],
        }
        user = cast(User, request.user)
        if len(files) > PREVIEWED_AT_ONCE:
            return cast(ImportRun, queue(preview_uploads, lambda: uploads.store(files, arguments, now, user)))
        run = uploads.store(files, arguments, now, user)
        try:
            uploads.preview_run(run, now)
        except (ImportStopped, ReadersDied):
            run.delete()
            raise
        return run

    def _preview_page(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        page = Paginator(import_watching.items_in_order(run).values_list("pk", flat=True), FILES_PER_PAGE).get_page(
            request.GET.get("p")
        )
        found = {item.pk: item for item in run.items.filter(pk__in=list(page))}
        index = load_name_index()
        files = [_shown(item, preview(item, index)) for item in (found[pk] for pk in page if pk in found)]
        duplicates = import_watching.possible_duplicates(run)
        return self._page(
            request, "preview", "Preview of an import", run=run, page=page, files=files, duplicates=duplicates
        )

    def _record_page(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        items = import_watching.items_to_look_at(run).select_related("article").defer("raw", "article__body")
        page = Paginator(items, FILES_PER_PAGE).get_page(request.GET.get("p"))
        left = import_watching.was_left(run)
        return self._page(
            request,
            "record",
            capfirst(str(run)),
            run=run,
            page=page,
            files=[_shown(item) for item in page],
            left=left,
            arguments=[
                (capfirst(name.replace("_", " ")), value_of(name, value)) for name, value in run.arguments.items()
            ],
            can_go_on=import_watching.can_go_on(run, timezone.now()) and self.has_add_permission(request),
            can_delete=self.has_delete_permission(request, run),
        )

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "media": self.media}
        return render(request, f"admin/articles/importrun/{name}.html", {**frame, **context})


def _shown(item: ImportItem, look: Preview | None = None) -> dict[str, Any]:
    return {"item": item, "differences": differences_of(item.differences), "look": look}


def _to(run: ImportRun) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:articles_importrun_change", args=[run.pk]))
