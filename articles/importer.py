"""Imports files of both kinds: front matter becomes an article, plain text a document with its calls and events.

Every file is tried, each in a transaction of its own; what fails is reported with file, line and reason, and leaves
nothing behind.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from articles.article_saving import Registry, save_article
from articles.collecting import ARTICLE, SourceFile, kind_of
from articles.fields import read_fields
from articles.front_matter import BadFrontMatter, split
from articles.models import ImportItem, ImportRun
from companies.call_saving import save_calls_of
from companies.name_index import NameIndex, load_name_index
from sources.encoding import Repair, UnreadableText, decode, repair_lines
from sources.importer import save_document
from sources.plain_text import read_story

OUTCOMES = ("created", "updated", "unchanged", "conflict", "failed")


@dataclass(frozen=True)
class ImportOptions:
    accept_calls: bool = False
    accept_theirs: bool = False
    dry_run: bool = False


@dataclass
class Item:
    """What came of one file. `differences` and `repairs` are JSON records; `note` one line for people."""

    path: str
    kind: str = ""
    outcome: str = "failed"
    line: int | None = None
    reason: str = ""
    note: str = ""
    differences: list[dict[str, Any]] = field(default_factory=list)
    repairs: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    article_id: int | None = None
    document_id: int | None = None
    raw: bytes | None = None

    def as_record(self) -> dict[str, Any]:
        """One line of a JSON Lines report."""
        keys = ("path", "kind", "outcome", "line", "reason", "note", "differences", "repairs", "warnings")
        return {key: getattr(self, key) for key in keys}


@dataclass
class Report:
    started_at: dt.datetime
    items: list[Item] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        return Counter(item.outcome for item in self.items)

    @property
    def failed(self) -> list[Item]:
        return [item for item in self.items if item.outcome == "failed"]

    def summary(self) -> str:
        counts = self.counts()
        return (
            f"created {counts['created']}, updated {counts['updated']}, unchanged {counts['unchanged']}, "
            f"conflicts {counts['conflict']}, failed {counts['failed']}"
        )


def import_files(
    files: Iterable[SourceFile],
    options: ImportOptions,
    now: dt.datetime,
    on_item: Callable[[Item], None] = lambda item: None,
    keep_raw: bool = False,
) -> Report:
    """Imports `files` at the time `now`; a dry run does the same and rolls all of it back."""
    report = Report(started_at=now)
    if options.dry_run:
        with transaction.atomic():
            _import_each(files, options, report, on_item, keep_raw)
            transaction.set_rollback(True)
    else:
        _import_each(files, options, report, on_item, keep_raw)
    return report


def _import_each(
    files: Iterable[SourceFile],
    options: ImportOptions,
    report: Report,
    on_item: Callable[[Item], None],
    keep_raw: bool,
) -> None:
    index = load_name_index()
    registry = Registry()
    for file in files:
        item = Item(file.name)
        try:
            raw = file.read()
            item.raw = raw if keep_raw else None
            with transaction.atomic():
                _import_one(raw, item, options, index, registry)
        except (UnreadableText, BadFrontMatter) as error:
            item.outcome, item.reason, item.line = "failed", error.reason, error.line
        except OSError as error:
            item.outcome, item.reason = "failed", error.strerror or str(error)
        except DatabaseError as error:
            item.outcome, item.reason = "failed", f"the database refused it: {str(error).splitlines()[0]}"
        if item.outcome == "failed":
            item.article_id = item.document_id = None
            registry.forget()
        report.items.append(item)
        on_item(item)


def _import_one(raw: bytes, item: Item, options: ImportOptions, index: NameIndex, registry: Registry) -> None:
    text = decode(raw)
    item.kind = kind_of(text)
    if item.kind == ARTICLE:
        parsed = split(text)
        item.repairs = _records(parsed.repairs, parsed.repaired_fields)
        saved = save_article(read_fields(parsed), index, registry, options.accept_theirs)
        item.outcome, item.article_id = saved.outcome, saved.article.pk
        item.differences = [difference.as_record() for difference in saved.differences]
        item.warnings += saved.warnings
        item.note = saved.article.get_absolute_url()
        return
    text, repairs = repair_lines(text)
    item.repairs = _records(repairs)
    document, created = save_document(raw, read_story(text), item.path)
    kept = save_calls_of(document, index, options.accept_calls)
    item.document_id = document.pk
    item.warnings += kept.warnings
    item.outcome = "created" if created else "updated" if kept.created or kept.accepted else "unchanged"
    item.note = f"calls {kept.calls}, events {kept.events}"
    if kept.accepted:
        item.note += f", accepted {kept.accepted}"
    elif kept.created:
        item.note += f"; {kept.created} wait in the admin to be accepted"


def _records(repairs: Iterable[Repair], fields: Iterable[str] = ()) -> list[dict[str, Any]]:
    names = list(fields)
    return [
        {"line": r.line, "field": names[i] if i < len(names) else "", "before": r.before, "after": r.after}
        for i, r in enumerate(repairs)
    ]


def record(
    report: Report,
    finished_at: dt.datetime,
    arguments: dict[str, Any],
    user: User | None = None,
    preview: bool = False,
) -> ImportRun:
    """Keeps a report as an ImportRun with its items; a preview keeps the uploads as well, and no links."""
    counts = report.counts()
    with transaction.atomic():
        run = ImportRun.objects.create(
            state=ImportRun.State.PREVIEW if preview else ImportRun.State.FINISHED,
            user=user,
            arguments=arguments,
            started_at=report.started_at,
            finished_at=finished_at,
            created=counts["created"],
            updated=counts["updated"],
            unchanged=counts["unchanged"],
            conflicts=counts["conflict"],
            failed=counts["failed"],
        )
        ImportItem.objects.bulk_create(
            [
                ImportItem(
                    run=run,
                    path=item.path[-1000:],
                    kind=item.kind,
                    outcome=item.outcome,
                    line=item.line,
                    reason=item.reason,
                    differences=item.differences,
                    repairs=item.repairs,
                    warnings=item.warnings,
                    raw=item.raw if preview else None,
                    article_id=None if preview else item.article_id,
                    document_id=None if preview else item.document_id,
                )
                for item in report.items
            ],
            batch_size=500,
        )
    return run
