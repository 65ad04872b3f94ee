"""What an installation gets once: an administrator with a password of its own, and the samples."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from articles import importer
from articles.collecting import collect
from articles.models import ImportRun
from companies.shipped import import_shipped_if_empty

ADMINISTRATOR = "admin"
SAMPLES = ("articles", "documents")


def create_administrator() -> str:
    """Creates the first superuser and gives its password; empty when there is one already."""
    users = get_user_model()
    if users.objects.filter(is_superuser=True).exists():
        return ""
    password = secrets.token_urlsafe(12)
    users.objects.create_superuser(ADMINISTRATOR, password=password)
    return password


def is_new() -> bool:
    """Whether no import was ever finished here. Samples that were deleted do not come back; a first run that was
    interrupted is taken up again."""
    return not ImportRun.objects.exists()


def import_samples() -> str:
    """Imports the samples through the importer that everyone uses, calls accepted; gives the summary."""
    import_shipped_if_empty()
    paths = [settings.BASE_DIR / "samples" / name for name in SAMPLES]
    now = timezone.now()
    report = importer.import_files(collect(paths), importer.ImportOptions(accept_calls=True), now)
    importer.record(report, timezone.now(), {"paths": [f"samples/{name}" for name in SAMPLES], "accept_calls": True})
    return report.summary()
