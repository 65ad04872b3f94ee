"""What an installation gets once: an administrator with a password of its own, the samples, its static files."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.utils import timezone

from articles import importer
from articles.collecting import collect
from articles.import_log import RunLog
from articles.models import ImportRun
from articles.options import ImportOptions
from companies.shipped import import_shipped_if_empty

ADMINISTRATOR = "admin"
SAMPLE_FOLDERS = ("articles", "documents")


def create_administrator() -> str:
    """Creates the first superuser and gives its password; empty when there is one already."""
    users = get_user_model()
    if users.objects.filter(is_superuser=True).exists():
        return ""
    password = secrets.token_urlsafe(12)
    users.objects.create_superuser(ADMINISTRATOR, password=password)
    return password


def collect_static_files() -> None:
    """Collects and compresses the static files, when any of them is another than last time: it takes seconds."""
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    listing = [
        f"{path} {files.size(path)} {files.get_modified_time(path).timestamp()}"
        for finder in get_finders()
        for path, files in finder.list([])
    ]
    stamp = hashlib.sha256("\n".join([storage, *sorted(listing)]).encode()).hexdigest()
    kept = Path(settings.STATIC_ROOT) / ".collected"
    if kept.is_file() and kept.read_text() == stamp:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    kept.write_text(stamp)


def is_new() -> bool:
    """Whether samples are wanted and were never imported here to their end. Those that were deleted since do not come back."""
    finished = ImportRun.objects.filter(arguments__samples=True, state=ImportRun.State.FINISHED)
    return settings.SAMPLES and not finished.exists()


def import_samples() -> str:
    """Imports the samples through the importer that everyone uses, calls accepted; gives the summary."""
    import_shipped_if_empty()
    paths = [settings.BASE_DIR / "samples" / name for name in SAMPLE_FOLDERS]
    now = timezone.now()
    log = RunLog.begin({"samples": True, "accept_calls": True}, now)
    report = importer.import_files(collect(paths), ImportOptions(accept_calls=True), now, log=log)
    return report.summary()
