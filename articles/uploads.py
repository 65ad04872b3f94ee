"""Imports that begin in the admin: files are uploaded, tried out for a preview, and imported once an editor confirms.

The uploads wait in the run's items; each item gives them up when what became of it is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from articles import bulk_rows
from articles.collecting import SourceFile
from articles.import_log import COUNTED, Item, RunLog
from articles.importer import Report, import_files
from articles.models import ImportItem, ImportRun
from articles.options import ImportOptions, Settle

PREVIEW_LIFE = dt.timedelta(days=1)
_AT_ONCE = 200


def store(files: Iterable[SourceFile], arguments: dict[str, Any], now: dt.datetime, user: User | None) -> ImportRun:
    """Keeps uploads as a run that has not been read yet. Previews that nobody confirmed within a day go."""
    ImportRun.objects.filter(
        state__in=(ImportRun.State.PREVIEW, ImportRun.State.READING), started_at__lt=now - PREVIEW_LIFE
    ).delete()
    with transaction.atomic():
        run = ImportRun.objects.create(
            state=ImportRun.State.READING, user=user, arguments=arguments, started_at=now, total=0
        )
        columns = ("run_id", "path", "outcome", "kind", "reason", "differences", "repairs", "warnings", "raw", "beside")
        rows: list[tuple[Any, ...]] = [
            (run.pk, file.name[-1000:], "waiting", "", "", [], [], [], file.raw or b"", file.beside) for file in files
        ]
        bulk_rows.insert(ImportItem, columns, rows)
        ImportRun.objects.filter(pk=run.pk).update(total=len(rows))
    run.refresh_from_db()
    return run


def preview_run(run: ImportRun, now: dt.datetime) -> Report:
    """Imports the uploads and rolls it back; the items then say what would become of each file."""
    items: list[Item] = []
    report = import_files(RunLog(run).uploaded_files(), _options(run, dry_run=True), now, items.append)
    with transaction.atomic():
        rows = list(run.items.filter(raw__isnull=False).defer("raw").order_by("pk"))
        for row, item in zip(rows, items, strict=True):
            row.kind, row.outcome, row.line, row.reason = item.kind, item.outcome, item.line, item.reason
            row.differences, row.repairs, row.warnings = item.differences, item.repairs, item.warnings
        fields = ["kind", "outcome", "line", "reason", "differences", "repairs", "warnings"]
        ImportItem.objects.bulk_update(rows, fields, batch_size=_AT_ONCE)
        counts = {COUNTED[outcome]: count for outcome, count in report.outcomes.items()}
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.PREVIEW, **counts)
    return report


def confirm(run: ImportRun) -> bool:
    """Puts a previewed run into the queue; False if somebody did already."""
    zero = dict.fromkeys(COUNTED.values(), 0)
    previewed = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.PREVIEW)
    return bool(previewed.update(state=ImportRun.State.QUEUED, **zero))


def import_run(run: ImportRun, now: dt.datetime) -> Report:
    """Imports the uploads of a confirmed run. One that was interrupted goes on where it was."""
    ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.QUEUED).update(started_at=now)
    log = RunLog(run)
    return import_files(log.uploaded_files(), _options(run), now, log=log)


def interrupted() -> tuple[list[ImportRun], list[ImportRun]]:
    """Runs that hold uploads with nobody at work on them, since the process that was is gone: to import, to preview.

    Those that wait for their turn are among them, for their task may be gone. A second task for a run does no harm: it
    finds nothing left to do.
    """
    State = ImportRun.State
    holding = ImportRun.objects.filter(pk__in=ImportItem.objects.filter(raw__isnull=False).values("run")).order_by("pk")
    return (
        list(holding.filter(state__in=(State.QUEUED, State.RUNNING, State.INTERRUPTED))),
        list(holding.filter(state=State.READING)),
    )


def _options(run: ImportRun, dry_run: bool = False) -> ImportOptions:
    return ImportOptions(bool(run.arguments.get("accept_calls")), Settle(run.arguments["settle"]), dry_run=dry_run)
