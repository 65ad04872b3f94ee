"""The record of an import while it runs: an ImportRun with an item for each file, written with what the file became."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import DatabaseError
from django.db.models import F, QuerySet

from articles import bulk_rows
from articles.collecting import SourceFile
from articles.models import Article, ImportItem, ImportRun

COUNTED = {
    "created": "created",
    "updated": "updated",
    "unchanged": "unchanged",
    "conflict": "conflicts",
    "failed": "failed",
}
_COLUMNS = ("run_id", "path", "kind", "outcome", "line", "reason", "differences", "repairs", "warnings", "raw",
            "article_id", "document_id")  # fmt: skip
_UPLOADS_AT_ONCE = 200


@dataclass(slots=True)
class Item:
    """What came of one file. `differences` and `repairs` are JSON records; `address` is the (language, slug) of an article."""

    path: str
    kind: str = ""
    outcome: str = "failed"
    line: int | None = None
    reason: str = ""
    told: str = ""
    differences: list[dict[str, Any]] = field(default_factory=list)
    repairs: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    article_id: int | None = None
    document_id: int | None = None
    address: tuple[str, str] | None = None

    @property
    def note(self) -> str:
        """One line for people: where the article stands, or what was read in the document."""
        if self.address is not None:
            return Article(lang=self.address[0], slug=self.address[1]).get_absolute_url()
        return self.told

    def as_record(self) -> dict[str, Any]:
        """One line of a JSON Lines report."""
        keys = ("path", "kind", "outcome", "line", "reason", "note", "differences", "repairs", "warnings")
        return {key: getattr(self, key) for key in keys}


class RunLog:
    """Writes items to a run, inside the transaction that saves what they are about."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        # Of uploads the items are there already, and are replaced by what came of them.
        self.uploads: deque[int] = deque()

    @classmethod
    def begin(
        cls, arguments: dict[str, Any], now: dt.datetime, user: User | None = None, total: int | None = None
    ) -> RunLog:
        """A run that waits for its turn: another import may be running."""
        run = ImportRun.objects.create(
            state=ImportRun.State.QUEUED,
            arguments=arguments,
            started_at=now,
            user=user,
            total=total,
            process=process(),
        )
        return cls(run)

    def start(self) -> None:
        """It is this run's turn. Call it with the lock held. One that was finished while this waited stays finished."""
        values = {"state": ImportRun.State.RUNNING, "process": process(), "error": ""}
        self._unfinished().update(**values)

    def uploaded_files(self) -> Iterator[SourceFile]:
        """The uploads of the run that have not been imported yet, a few at a time."""
        last = 0
        while items := list(
            self.run.items.filter(pk__gt=last, raw__isnull=False).order_by("pk")[:_UPLOADS_AT_ONCE].values_list("pk", "path", "raw", "beside")
        ):  # fmt: skip
            for pk, path, raw, beside in items:
                self.uploads.append(pk)
                yield SourceFile(path, bytes(raw or b""), beside=beside, upload=pk)
            last = items[-1][0]

    def write(self, items: Sequence[Item]) -> None:
        replaced = [self.uploads[place] for place in range(min(len(items), len(self.uploads)))]
        if replaced:
            ImportItem.objects.filter(pk__in=replaced).delete()
        rows = (
            (self.run.pk, i.path[-1000:], i.kind, i.outcome, i.line, i.reason, i.differences, i.repairs, i.warnings, None,
             i.article_id, i.document_id)
            for i in items
        )  # fmt: skip
        bulk_rows.insert(ImportItem, _COLUMNS, rows)
        counts = Counter(COUNTED[item.outcome] for item in items)
        ImportRun.objects.filter(pk=self.run.pk).update(**{name: F(name) + count for name, count in counts.items()})

    def written(self, count: int) -> None:
        """After the commit: the uploads of `count` items are done with."""
        for _ in range(min(count, len(self.uploads))):
            self.uploads.popleft()

    def end(self, now: dt.datetime) -> ImportRun:
        """Call it with the lock held: whoever has it next takes a run that is not finished for one that was killed."""
        self._unfinished().update(state=ImportRun.State.FINISHED, finished_at=now, error="")
        self.run = ImportRun.objects.filter(pk=self.run.pk).first() or self.run
        return self.run

    def is_gone(self) -> bool:
        """Whether somebody deleted the record while it was being written."""
        return not ImportRun.objects.filter(pk=self.run.pk).exists()

    def _unfinished(self) -> QuerySet[ImportRun]:
        return ImportRun.objects.filter(pk=self.run.pk).exclude(state=ImportRun.State.FINISHED)

    def interrupted(self, error: str) -> None:
        """Says why the run ended early, if that can be written: the disk may be what is full."""
        with suppress(DatabaseError):
            ImportRun.objects.filter(pk=self.run.pk).update(state=ImportRun.State.INTERRUPTED, error=error)


def process() -> str:
    return f"{socket.gethostname()} {os.getpid()}"


def running() -> ImportRun | None:
    """The run that holds the lock, as far as the records tell."""
    return ImportRun.objects.filter(state=ImportRun.State.RUNNING).order_by("-pk").first()


def close_interrupted() -> int:
    """Marks runs that a killed process left open. Call it with the lock held: nobody else can be running then."""
    left = ImportRun.objects.filter(state=ImportRun.State.RUNNING).values_list("pk", flat=True)
    # Those that wait with uploads are the worker's; one of a command waits as long as its process lives.
    waiting = ImportRun.objects.filter(state=ImportRun.State.QUEUED).exclude(process="")
    dead = [run.pk for run in waiting.only("process") if not may_live(run.process)]
    closed = ImportRun.objects.filter(pk__in=[*left, *dead])
    return closed.update(state=ImportRun.State.INTERRUPTED, error="the process ended before the import did")


def may_live(described: str) -> bool:
    """Whether a process is there, as far as can be told from this machine."""
    host, _, number = described.rpartition(" ")
    if host != socket.gethostname() or not number.isdigit():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
