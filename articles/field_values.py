"""Fields of articles and their values, as conflicts and differences hold them, in the words that an editor reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from articles.models import Article
from articles.word_diff import DELETED, INSERTED, LEFT_OUT, shortened, word_diff

LONG = ("body", "description")
_TIMES = ("published_at", "updated_at", "ai_expanded_at")
_LABELS = {"source": "source", "cover_urls": "addresses of the cover", "extra": "other keys", "body": "text"}
_CHOICES = {"sentiment": dict(Article.Sentiment.choices), "state": dict(Article.State.choices)}
_MARKS = {DELETED: "<del>{}</del>", INSERTED: "<ins>{}</ins>", LEFT_OUT: '<span class="desk-gap">…</span>'}


@dataclass(frozen=True)
class Value:
    """A value as text, or as lines where it is a list."""

    text: str = ""
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text or " · ".join(self.lines)


@dataclass(frozen=True)
class Difference:
    """A field that a file changed, with both sides in words. `settled` says for whom a conflict was decided."""

    label: str
    here: Value
    file: Value
    conflict: bool
    settled: str


def label_of(field: str) -> str:
    known = _LABELS.get(field) or str(getattr(Article._meta.get_field(field), "verbose_name", field))
    return capfirst(known)


def value_of(field: str, value: Any) -> Value:
    """A JSON value of a snapshot in words; nothing is a dash."""
    if value is None or value in ("", [], {}):
        return Value("—")
    if field in _TIMES:
        return Value(f"{date_format(dt.datetime.fromisoformat(value).astimezone(dt.UTC), 'DATETIME_FORMAT')} UTC")
    if field in _CHOICES:
        return Value(str(_CHOICES[field].get(value, value)))
    if isinstance(value, bool):
        return Value("yes" if value else "no")
    if isinstance(value, dict):
        return Value(lines=tuple(f"{key}: {part}" for key, part in value.items()))
    if isinstance(value, list):
        return Value(lines=tuple(str(part) for part in value if part))
    return Value(str(value))


def differences_of(records: Iterable[Mapping[str, Any]]) -> list[Difference]:
    """The differences that an item of an import keeps."""
    return [
        Difference(
            label_of(record["field"]),
            value_of(record["field"], record["ours"]),
            value_of(record["field"], record["theirs"]),
            bool(record["conflict"]) and not record.get("settled"),
            record.get("settled", ""),
        )
        for record in records
    ]


def marked_changes(before: str, after: str) -> SafeString:
    """Both texts in one, with what only `before` has struck out and what only `after` has underlined."""
    pieces = (format_html(_MARKS.get(piece.kind, "{}"), piece.text) for piece in shortened(word_diff(before, after)))
    return format_html_join("", "{}", ((piece,) for piece in pieces))
