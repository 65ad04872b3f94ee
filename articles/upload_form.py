"""The form that uploads files to be imported: articles and stories as they are, and zips of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from articles.collecting import (
    MAXIMUM_MEMBERS,
    MAXIMUM_UNZIPPED_BYTES,
    BadArchive,
    SourceFile,
    unzipped,
    uploaded,
)
from articles.options import Settle
from sources.encoding import MAXIMUM_FILE_BYTES

_ZIP = b"PK\x03\x04"


class _ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _ManyFilesField(forms.FileField):
    """Gives the files to import: those uploaded, and in place of a zip what is in it."""

    widget = _ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[SourceFile]:
        chosen = data if isinstance(data, list | tuple) and data else [data or None]
        found: list[SourceFile] = []
        wrong: list[str] = []
        total = 0
        for upload in [super(_ManyFilesField, self).clean(file, initial) for file in chosen]:
            try:
                files = _files_in(upload)
            except BadArchive as error:
                wrong.append(f"{upload.name}: {error}")
                continue
            found += files
            total += sum(len(file.raw or b"") for file in files)
            if len(found) > MAXIMUM_MEMBERS:
                raise forms.ValidationError(f"More than {MAXIMUM_MEMBERS:,} files; the command import_seeds takes any.")
            if total > MAXIMUM_UNZIPPED_BYTES:
                limit = MAXIMUM_UNZIPPED_BYTES // 1024 // 1024
                raise forms.ValidationError(f"More than {limit} MB together; the command import_seeds takes any.")
        if wrong:
            raise forms.ValidationError(wrong)
        return found


class UploadForm(forms.Form):
    uploads = _ManyFilesField(
        label="Files",
        allow_empty_file=True,
        help_text=(
            "Articles with front matter, plain-text stories, zips of them, in any mixture: "
            f"up to {settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files at once. More than that must come in a zip, which may "
            f"hold {MAXIMUM_MEMBERS:,}. "
            "Nothing is saved before you have seen what would become of each."
        ),
    )
    accept_calls = forms.BooleanField(
        label="Accept analyst calls",
        required=False,
        help_text="They become public at once instead of waiting for review.",
    )
    settle = forms.ChoiceField(
        label="Where an editor and the file changed the same field",
        choices=Settle.choices,
        initial=Settle.ASK,
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_settle(self) -> str:
        return self.cleaned_data["settle"] or Settle.ASK.value


def _files_in(upload: UploadedFile) -> list[SourceFile]:
    """A zip is known by how it begins, not by its name."""
    name = upload.name or "upload"
    beginning = upload.read(len(_ZIP))
    upload.seek(0)
    if beginning != _ZIP:
        # One byte over the limit is enough to be refused for its size, and no more is read.
        return [uploaded(name, upload.read(MAXIMUM_FILE_BYTES + 1))]
    members = [replace(member, name=f"{name}/{member.name}") for member in unzipped(upload)]
    if not members:
        raise BadArchive("the zip holds no files")
    return members
