"""Work that the background process does: previews of many files, and confirmed imports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db import DatabaseBackend

from articles import uploads
from articles.models import ImportRun


@task()
def preview_uploads(pk: int) -> str:
    """Reads the uploads of a run for a preview; gives the summary."""
    run = ImportRun.objects.filter(pk=pk, state=ImportRun.State.READING).first()
    return uploads.preview_run(run, timezone.now()).summary() if run else "nothing to preview"


@task()
def import_uploads(pk: int) -> str:
    """Imports the uploads of a confirmed run; gives the summary. Asked twice for one run, it imports it once."""
    waiting = (ImportRun.State.QUEUED, ImportRun.State.RUNNING, ImportRun.State.INTERRUPTED)
    run = ImportRun.objects.filter(pk=pk, state__in=waiting).select_related("user").first()
    if run is None:
        return "nothing to import"
    return uploads.import_run(run, timezone.now()).summary()


def queue(work: Task[..., Any], change: Callable[[], ImportRun | None]) -> ImportRun | None:
    """Makes the change and queues `work` for the run that it gives, in one transaction: a kill leaves both or neither."""
    with transaction.atomic():
        run = change()
        waits = isinstance(work.get_backend(), DatabaseBackend)
        if run is not None and waits:
            work.enqueue(run.pk)
    if run is not None and not waits:
        # In development it is done here and now, and an import has transactions of its own.
        work.enqueue(run.pk)
    return run
