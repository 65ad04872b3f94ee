"""Saves prepared files, a batch a transaction: new articles many at a time, everything else one by one."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction

from articles import sidecar_saving
from articles.addresses import FreeSlugs
from articles.article_creating import create_articles
from articles.article_saving import for_updating, update_article
from articles.collecting import SourceFile
from articles.import_log import Item, RunLog
from articles.kinds import ARTICLE, DOCUMENT
from articles.known_files import Candidate, Chunk, Found, remember
from articles.linking import names_of
from articles.models import Article
from articles.options import ImportOptions
from articles.preparing import FileToRead, PreparedArticle, PreparedDocument, PreparedFile, UnreadableFile, prepare
from articles.registry import Registry
from articles.rehearsing import Rehearsal
from articles.revisions import Revision, revise
from companies.call_saving import save_calls_of
from companies.name_index import NameIndex
from sources.importer import save_document

# An import that others wait for pauses as long as the batch before took, and no longer than this.
_LONGEST_PAUSE = 0.5
_FULL = ("disk is full", "no space left", "could not extend file", "disk i/o error", "disk quota")


class ImportStopped(RuntimeError):
    """The import cannot go on. What was saved before stays; run again, it goes on from there."""


class _Entry:
    """A file with what was read of it and what is to be said of it. `prepared` is None if it need not be read."""

    __slots__ = ("candidate", "item", "prepared")

    def __init__(self, candidate: Candidate, prepared: PreparedFile | None) -> None:
        self.candidate = candidate
        self.prepared = prepared
        self.item = Item(candidate.file.name)


@dataclass(frozen=True, slots=True)
class _Story:
    """An entry that is an article."""

    entry: _Entry
    prepared: PreparedArticle

    @property
    def identity(self) -> tuple[str, str]:
        return self.prepared.fields.external_id, self.prepared.fields.lang

    def say(self, outcome: str, pk: int, slug: str) -> None:
        item = self.entry.item
        item.kind, item.outcome, item.article_id = ARTICLE, outcome, pk
        item.address = (self.prepared.fields.lang, slug)
        item.repairs = self.prepared.repairs


@dataclass(frozen=True, slots=True)
class _Existing:
    """What an import must know of an article to see that its file says nothing new."""

    pk: int
    slug: str
    in_conflict: bool = False
    sha256: str = ""

    def says_the_same(self, story: _Story) -> bool:
        return self.sha256 == story.prepared.sha256 and not self.in_conflict


class Batches:
    """Saves one chunk of files after another; keeps what it learns about the database from one to the next."""

    def __init__(self, index: NameIndex, options: ImportOptions, now: dt.datetime, log: RunLog | None) -> None:
        self.index = index
        self.options = options
        self.log = log
        self.registry = Registry()
        self.slugs = FreeSlugs(options.dry_run)
        # New articles whose record names another that has not come yet.
        self.waiting: list[tuple[int, dict[str, Any]]] = []
        self.rehearsal = Rehearsal() if options.dry_run else None
        self.revision = Revision(now, f"import {log.run.pk}" if log else "import", log.run.user if log else None)

    def save(self, chunk: Chunk, prepared: Sequence[PreparedFile]) -> list[Item]:
        """Saves a chunk in one transaction; if that fails, each file in one of its own. Gives an item a file, in order."""
        begun = time.monotonic()
        read = iter(prepared)
        entries = [_Entry(c, None if c.unchanged else next(read)) for c in chunk.candidates]
        try:
            self._save(entries)
        except (DatabaseError, ValueError) as error:
            self._recover(error)
            entries = [self._save_alone(entry) for entry in entries]
        _let_others_write(time.monotonic() - begun)
        return [entry.item for entry in entries]

    def finish(self) -> None:
        """After the last chunk."""
        with transaction.atomic():
            for pk, record in self.waiting:
                sidecar_saving.mark_duplicate(pk, record)

    def _save_alone(self, entry: _Entry) -> _Entry:
        entry = _Entry(entry.candidate, entry.prepared)
        try:
            self._save([entry])
        except (DatabaseError, ValueError) as error:
            self._recover(error)
            entry = _Entry(entry.candidate, entry.prepared)
            entry.item.reason = f"the database refused it: {str(error).splitlines()[0]}"
            with transaction.atomic():
                self._log([entry])
            self._logged(1)
        return entry

    def _recover(self, error: Exception) -> None:
        """After a rollback; raises ImportStopped where every other file would fail as well."""
        _stop_if_hopeless(error)
        if self.log and self.log.is_gone():
            raise ImportStopped("the record of this import was deleted")
        self.registry.forget()
        self.slugs.forget()

    def _save(self, entries: list[_Entry]) -> None:
        with transaction.atomic():
            if self.rehearsal is not None:
                keys = [key for entry in entries if (key := _key(entry.prepared)) is not None]
                self._save_each([_again(file, self.index) for file in self.rehearsal.earlier(keys)])
            self._save_each(entries)
            remember([_found(entry.candidate, entry.prepared, entry.item) for entry in entries if entry.prepared])
            self._log(entries)
            transaction.set_rollback(self.rehearsal is not None)
        self._logged(len(entries))
        if self.rehearsal is not None:
            self.registry.forget()
            for entry in entries:
                key = _key(entry.prepared)
                if key is not None and entry.item.outcome != "failed":
                    self.rehearsal.note(key, entry.candidate.file)

    def _save_each(self, entries: list[_Entry]) -> None:
        """Saves what the files hold, and says in their items what they became."""
        self._save_stories([_Story(e, e.prepared) for e in entries if isinstance(e.prepared, PreparedArticle)])
        for entry in entries:
            if isinstance(entry.prepared, PreparedDocument):
                self._save_document(entry.item, entry.prepared)
            elif isinstance(entry.prepared, UnreadableFile):
                _say_failed(entry.item, entry.prepared)
            elif not isinstance(entry.prepared, PreparedArticle):
                _say_unchanged(entry)

    def _log(self, entries: Sequence[_Entry]) -> None:
        if self.log:
            self.log.write([entry.item for entry in entries])

    def _logged(self, count: int) -> None:
        if self.log:
            self.log.written(count)

    def _save_stories(self, stories: list[_Story]) -> None:
        """Creates what is new, updates what is there. Of two files of one story the second updates what the first made."""
        if not stories:
            return
        self.registry.learn([story.prepared.fields for story in stories])
        existing = _existing(stories)
        changed = [existing[s.identity].pk for s in stories
                   if s.identity in existing and not existing[s.identity].says_the_same(s)]  # fmt: skip
        loaded: dict[int, Article | None] = {}
        if changed:
            loaded.update((article.pk, article) for article in for_updating().filter(pk__in=changed))
        new: dict[tuple[str, str], _Story] = {}
        for story in stories:
            if story.identity in new:
                existing |= self._create(new)
                new = {}
            row = existing.get(story.identity)
            if row is None:
                new[story.identity] = story
            elif row.says_the_same(story):
                story.say("unchanged", row.pk, row.slug)
            else:
                # What was loaded serves once: a second file of the story meets what the first one made of it.
                self._update(story, loaded.pop(row.pk, None) or for_updating().get(pk=row.pk))
                existing[story.identity] = _Existing(row.pk, row.slug)
        self._create(new)

    def _create(self, new: dict[tuple[str, str], _Story]) -> dict[tuple[str, str], _Existing]:
        if not new:
            return {}
        files = [story.prepared for story in new.values()]
        records = [story.entry.candidate.file.beside for story in new.values()]
        created = create_articles(files, records, self.index, self.registry, self.slugs, self.revision)
        made = {}
        for one, record in zip(created, records, strict=True):
            if record and not sidecar_saving.mark_duplicate(one.article.pk, record) and self.rehearsal is None:
                self.waiting.append((one.article.pk, record))
        for (identity, story), one in zip(new.items(), created, strict=True):
            story.say("created", one.article.pk, one.article.slug)
            story.entry.item.warnings += one.warnings
            made[identity] = _Existing(one.article.pk, one.article.slug)
        return made

    def _update(self, story: _Story, article: Article) -> None:
        revise(article, self.revision)
        saved = update_article(article, story.prepared, self.index, self.registry, self.options.settle)
        story.say(saved.outcome, article.pk, article.slug)
        story.entry.item.differences = [difference.as_record() for difference in saved.differences]
        story.entry.item.warnings += saved.warnings

    def _save_document(self, item: Item, prepared: PreparedDocument) -> None:
        document, created = save_document(prepared.raw, prepared.story, item.path)
        kept = save_calls_of(document, self.index, self.options.accept_calls)
        item.kind, item.document_id, item.repairs = DOCUMENT, document.pk, prepared.repairs
        item.warnings += kept.warnings
        item.outcome = "created" if created else "updated" if kept.created or kept.accepted else "unchanged"
        item.told = f"calls {kept.calls}, events {kept.events}"
        if kept.accepted:
            item.told += f", accepted {kept.accepted}"
        elif kept.created:
            item.told += f"; {kept.created} wait in the admin to be accepted"


def _key(prepared: PreparedFile | None) -> Hashable:
    """What a file would become, as far as another file can meet it; None if none can."""
    if isinstance(prepared, PreparedArticle):
        return prepared.fields.external_id, prepared.fields.lang
    return prepared.sha256 if isinstance(prepared, PreparedDocument) else None


def _again(file: SourceFile, index: NameIndex) -> _Entry:
    """An entry for a file that was read before in this run."""
    return _Entry(Candidate(file, "", 0, None, False), prepare(FileToRead(file.name, file.raw), names_of(index)))


def _existing(stories: Iterable[_Story]) -> dict[tuple[str, str], _Existing]:
    wanted = {story.identity for story in stories}
    columns = ("external_id", "lang", "pk", "slug", "in_conflict", "original__sha256")
    rows = Article.objects.filter(external_id__in={external_id for external_id, _ in wanted}).values_list(*columns)
    return {
        (external_id, lang): _Existing(pk, slug, in_conflict, sha256 or "")
        for external_id, lang, pk, slug, in_conflict, sha256 in rows
        if (external_id, lang) in wanted
    }


def _say_unchanged(entry: _Entry) -> None:
    entry.item.outcome = "unchanged"
    known = entry.candidate.known
    if known is not None:
        entry.item.kind = ARTICLE if known.article_id else DOCUMENT
        entry.item.article_id, entry.item.document_id = known.article_id, known.document_id


def _say_failed(item: Item, prepared: UnreadableFile) -> None:
    item.kind, item.reason, item.line = prepared.kind, prepared.reason, prepared.line


def _found(candidate: Candidate, prepared: PreparedFile, item: Item) -> Found:
    """What to remember of a path. A file in conflict or that failed is read again next time."""
    settled = item.outcome not in ("failed", "conflict")
    return Found(
        candidate,
        prepared.sha256,
        item.article_id if settled else None,
        item.document_id if settled else None,
    )


def _let_others_write(seconds: float) -> None:
    """On SQLite one process writes at a time: editors who wait get as long as the batch took. PostgreSQL needs none of it."""
    others_write = getattr(connection, "others_write", None)
    if others_write is not None and not connection.in_atomic_block and others_write():
        time.sleep(min(seconds, _LONGEST_PAUSE))


def _stop_if_hopeless(error: Exception) -> None:
    """Raises ImportStopped where every other file would fail as well."""
    reason = hopeless(error)
    if reason:
        raise ImportStopped(reason)


def hopeless(error: Exception) -> str:
    """Why nothing else can be saved either, after this error; empty if it is about one file."""
    if not isinstance(error, OperationalError):
        return ""
    message = str(error).strip().splitlines()[0]
    if any(word in message.lower() for word in _FULL):
        return f"the disk is full ({message}); make room and run the import again: it goes on from here"
    if "locked" in message.lower():
        return f"the database stayed locked ({message}); run the import again: it goes on from here"
    if not connection.is_usable():
        return f"the database is gone ({message}); run the import again: it goes on from here"
    return ""
