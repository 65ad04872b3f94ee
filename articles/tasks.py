"""Work that the background process does: previews of many files, and confirmed imports."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

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
    report = uploads.import_run(run, timezone.now())
    ImportRun.objects.filter(pk=pk).update(state=ImportRun.State.FINISHED, finished_at=timezone.now())
    return report.summary()
