"""Imports files of both kinds: front matter becomes an article, plain text a document with its calls and events.

Reading is done by processes beside this one, ahead of it; this one saves, a batch a transaction, in the order of the
files. Every file is tried; what fails is reported with file, line and reason, and leaves nothing behind. Killed at any
moment, an import that is run again goes on where it was: a batch is in the database whole or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from articles.collecting import SourceFile
from articles.import_lock import import_lock
from articles.import_log import Item, RunLog, close_interrupted
from articles.import_speed import written_in_bulk
from articles.importing import Batches, ImportStopped
from articles.known_files import Chunk, look_up
from articles.linking import names_of
from articles.options import ImportOptions
from articles.preparing import PreparedFile
from articles.preparing_pool import Readers, ReadersDied
from companies.name_index import load_name_index

OUTCOMES = ("created", "updated", "unchanged", "conflict", "failed")


@dataclass
class Report:
    """How many files came to what. `items` only if they were to be kept: there may be a hundred thousand."""

    started_at: dt.datetime
    outcomes: Counter[str] = field(default_factory=Counter)
    items: list[Item] = field(default_factory=list)

    @property
    def files(self) -> int:
        return self.outcomes.total()

    @property
    def failed(self) -> list[Item]:
        """The items of files that failed; they must have been kept."""
        if len(self.items) != self.files:
            raise LookupError("the items of this import were not kept")
        return [item for item in self.items if item.outcome == "failed"]

    def summary(self) -> str:
        counts = self.outcomes
        return (
            f"created {counts['created']}, updated {counts['updated']}, unchanged {counts['unchanged']}, "
            f"conflicts {counts['conflict']}, failed {counts['failed']}"
        )


def import_files(
    files: Iterable[SourceFile],
    options: ImportOptions,
    now: dt.datetime,
    on_item: Callable[[Item], None] = lambda item: None,
    log: RunLog | None = None,
    keep_items: bool = False,
    waiting: Callable[[], bool] = lambda: True,
) -> Report:
    """Imports `files` at the time `now`; a dry run does the same and rolls each batch back.

    `on_item` is told of each file once it is saved. `waiting` is asked while another import is running. `log` is begun
    by the caller and ended here. Raises ImportStopped when going on makes no sense (a full disk), with everything before it saved.
    """
    report = Report(started_at=now)

    def told(item: Item) -> None:
        report.outcomes[item.outcome] += 1
        if keep_items:
            report.items.append(item)
        on_item(item)

    if options.dry_run:
        _import(files, options, now, told, None)
    else:
        with import_lock(waiting):
            close_interrupted()
            if log:
                log.start()
            try:
                with written_in_bulk():
                    _import(files, options, now, told, log)
                if log:
                    log.end(timezone.now())
            except (ImportStopped, ReadersDied, KeyboardInterrupt) as error:
                if log:
                    log.interrupted(str(error) or "stopped by hand")
                raise
    return report


def _import(
    files: Iterable[SourceFile],
    options: ImportOptions,
    now: dt.datetime,
    on_item: Callable[[Item], None],
    log: RunLog | None,
) -> None:
    index = load_name_index()
    batches = Batches(index, options, now, log)
    with Readers(names_of(index)) as readers:
        for chunk, prepared in _in_order(readers, look_up(files, options)):
            for item in batches.save(chunk, prepared):
                on_item(item)
    batches.finish()


def _in_order(readers: Readers, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, list[PreparedFile]]]:
    """Each chunk with what those of its files hold that were to be read, in the order of `chunks`."""
    waiting: deque[tuple[Chunk, Callable[[], list[PreparedFile]]]] = deque()
    for chunk in chunks:
        waiting.append((chunk, readers.prepare(chunk.to_read)))
        while len(waiting) > readers.ahead:
            first, result = waiting.popleft()
            yield first, result()
    while waiting:
        first, result = waiting.popleft()
        yield first, result()
