"""All of an import that needs no database: bytes to typed fields, safe HTML, companies named. Pure, but for reading files.

It runs in processes of its own, many files at a time; what it gives is plain data, ready to be saved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.collecting import read_bytes
from articles.fields import ArticleFields, read_fields
from articles.front_matter import BadFrontMatter, split
from articles.kinds import ARTICLE, kind_of
from articles.mentions import CompanyNames, Links, find_links
from articles.rendering import render
from articles.slugs import slug_of
from sources.encoding import Repair, UnreadableText, decode, repair_lines
from sources.plain_text import Story, read_story


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file on disk, or an upload whose bytes are at hand. `known_sha256` is that of its last import, if any.

    `problem` is why there is nothing to read.
    """

    name: str
    raw: bytes | None = None
    known_sha256: str = ""
    problem: str = ""


@dataclass(slots=True)
class PreparedFile:
    """What came of reading a file; which of the four below it is tells what. `repairs` are JSON records."""

    name: str
    raw: bytes = b""
    sha256: str = ""
    repairs: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class SameFile(PreparedFile):
    """Its bytes are those of the last import; nothing else was looked at."""


@dataclass(slots=True)
class UnreadableFile(PreparedFile):
    """It cannot be imported: the `reason`, and the `line` to look at."""

    kind: str = ""
    reason: str = ""
    line: int | None = None


@dataclass(slots=True, kw_only=True)
class PreparedArticle(PreparedFile):
    """`slug` is the one that the title asks for."""

    fields: ArticleFields
    slug: str
    body_html: str
    links: Links


@dataclass(slots=True, kw_only=True)
class PreparedDocument(PreparedFile):
    story: Story


def prepare_all(files: Sequence[FileToRead], names: CompanyNames) -> list[PreparedFile]:
    return [prepare(file, names) for file in files]


def prepare(file: FileToRead, names: CompanyNames) -> PreparedFile:
    """Reads one file. Whatever is wrong with it becomes a reason: no file keeps the others from being read."""
    unread = UnreadableFile(file.name, reason=file.problem)
    if file.problem:
        return unread
    try:
        raw = read_bytes(file.name) if file.raw is None else file.raw
        unread.sha256 = hashlib.sha256(raw).hexdigest()
        if unread.sha256 == file.known_sha256:
            return SameFile(file.name, sha256=unread.sha256)
        text = decode(raw)
        unread.kind = kind_of(text)
        prepared = _article(text, names) if unread.kind == ARTICLE else _document(text)
    except (UnreadableText, BadFrontMatter) as error:
        unread.reason, unread.line = error.reason, error.line
        return unread
    except OSError as error:
        unread.reason = error.strerror or str(error)
        return unread
    except (ValueError, RecursionError, MemoryError) as error:
        unread.reason = f"cannot be read ({type(error).__name__}: {error})"
        return unread
    prepared.name, prepared.raw, prepared.sha256 = file.name, raw, unread.sha256
    return prepared


def _article(text: str, names: CompanyNames) -> PreparedArticle:
    parsed = split(text)
    repairs = _records(parsed.repairs, parsed.repaired_fields)
    fields = read_fields(parsed)
    body_html = render(fields.body)
    links = find_links(fields.title, fields.description, body_html, fields.published_at.date(), names)
    slug = slug_of(fields.title)
    return PreparedArticle("", repairs=repairs, fields=fields, slug=slug, body_html=body_html, links=links)


def _document(text: str) -> PreparedDocument:
    text, repairs = repair_lines(text)
    return PreparedDocument("", repairs=_records(repairs), story=read_story(text))


def _records(repairs: Iterable[Repair], fields: Iterable[str] = ()) -> list[dict[str, Any]]:
    names = list(fields)
    return [
        {"line": r.line, "field": names[i] if i < len(names) else "", "before": r.before, "after": r.after}
        for i, r in enumerate(repairs)
    ]
