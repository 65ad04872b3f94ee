"""Which files need not be read: those at whose path a file of the same size and time was imported before."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from articles import bulk_rows
from articles.collecting import SourceFile
from articles.models import ImportedFile
from articles.options import ImportOptions
from articles.preparing import FileToRead

LOOKED_UP_AT_ONCE = 1000
READ_AT_ONCE = 100
# A file that was changed just before it was read may be changed again within the same tick of the file system's clock.
_TOO_YOUNG_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a path from its last import."""

    size: int
    modified_ns: int
    sha256: str
    article_id: int | None
    document_id: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to import. `path` is absolute, and empty for an upload. `unchanged`: it need not be read.

    `modified_ns` is what to remember, 0 when the file is too young for its time to be trusted.
    """

    file: SourceFile
    path: str
    modified_ns: int
    known: Known | None
    unchanged: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a candidate turned out to be: an article, a document, or neither."""

    candidate: Candidate
    sha256: str
    article_id: int | None
    document_id: int | None


@dataclass(slots=True)
class Chunk:
    """Some files in order. `to_read` are those of them that must be read."""

    candidates: list[Candidate]
    to_read: list[FileToRead]


def look_up(files: Iterable[SourceFile], options: ImportOptions) -> Iterator[Chunk]:
    """All of `files` in chunks, of which each has something to read for one reader, and not too much."""
    source = iter(files)
    while batch := list(islice(source, LOOKED_UP_AT_ONCE)):
        chunk = Chunk([], [])
        for candidate in _candidates(batch, options):
            chunk.candidates.append(candidate)
            if not candidate.unchanged:
                known = candidate.known.sha256 if candidate.known and _may_skip(candidate.known, options) else ""
                chunk.to_read.append(FileToRead(candidate.file.name, candidate.file.raw, known, candidate.file.problem))
            if len(chunk.to_read) == READ_AT_ONCE:
                yield chunk
                chunk = Chunk([], [])
        if chunk.candidates:
            yield chunk


def remember(found: Sequence[Found]) -> None:
    """Keeps what stood at the paths of files; forgets those that became neither article nor document."""
    paths = [one.candidate.path for one in found if one.candidate.path]
    if not paths:
        return
    ImportedFile.objects.filter(path__in=paths).delete()
    rows = {
        one.candidate.path: (
            one.candidate.path,
            one.candidate.file.size,
            one.candidate.modified_ns,
            one.sha256,
            one.article_id,
            one.document_id,
        )
        for one in found
        if one.candidate.path and (one.article_id or one.document_id)
    }
    columns = ("path", "size", "modified_ns", "sha256", "article_id", "document_id")
    bulk_rows.insert(ImportedFile, columns, rows.values())


def _candidates(files: list[SourceFile], options: ImportOptions) -> list[Candidate]:
    now = time.time_ns()
    paths = [os.path.abspath(f.name) if f.raw is None and not f.problem else "" for f in files]  # noqa: PTH100
    known = {}
    columns = ("path", "size", "modified_ns", "sha256", "article_id", "document_id")
    for path, *values in ImportedFile.objects.filter(path__in=filter(None, paths)).values_list(*columns):
        known[path] = Known(*values)
    found = []
    for file, path in zip(files, paths, strict=True):
        row = known.get(path)
        same = row is not None and (row.size, row.modified_ns) == (file.size, file.modified_ns)
        unchanged = same and file.modified_ns != 0 and _may_skip(row, options)
        trusted = file.modified_ns if now - file.modified_ns > _TOO_YOUNG_NS else 0
        # A path longer than its column is read each time.
        found.append(Candidate(file, path if len(path) <= 1000 else "", trusted, row, unchanged))
    return found


def _may_skip(known: Known | None, options: ImportOptions) -> bool:
    """Whether a file that is what it was has nothing to say: its calls may be waiting to be accepted."""
    return known is not None and not options.reread and not (options.accept_calls and known.document_id)
