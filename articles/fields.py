"""The schema of front matter: which keys there are, and how the text of each becomes a value. Pure.

`read_fields` turns a parsed header into ArticleFields; keys that are not in the schema are kept, word for word, in `extra`.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from articles.front_matter import BadFrontMatter, FrontMatter, Value

# Every key of the schema, nested ones with a dot: what the importer knows, and what docs/front-matter.md must list.
KEYS = (
    "title", "description", "publishedAt", "updatedAt", "lang", "externalId",
    "source", "source.name", "source.key", "source.type", "source.url",
    "category", "tags", "cta", "stickyWeight", "canonicalUrl",
    "coverImage", "coverImage.raw", "coverImage.full", "coverImage.regular", "coverImage.small",
    "coverImage.thumb", "coverImage.small_s3",
    "sentiment", "score", "draft",
    "ai", "ai.rewritten", "ai.expandedAt", "ai.version", "ai.translatedFrom",
)  # fmt: skip
COVER_SIZES = ("raw", "full", "regular", "small", "thumb", "small_s3")
T = TypeVar("T")

LANGUAGES = ("en", "uk")
SENTIMENTS = ("POSITIVE", "NEGATIVE", "NEUTRAL")
MAXIMUM_TITLE = 300
MAXIMUM_ADDRESS = 1000
# A year outside is a slip of the pen, not a date.
OLDEST_YEAR, NEWEST_YEAR = 1990, 2100

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# Our own grammar and not `fromisoformat`: that reads weeks, any letter for T, and in each Python a little more.
_TIME = re.compile(
    r"""(?: (\d{4})-(\d\d?)-(\d\d?) | (\d{4})(\d\d)(\d\d) )
    (?: (?:[Tt]|[ ]+) (\d\d) (?: (:?)(\d\d) (?: \8(\d\d) (?:[.,](\d{1,9}))? )? )?
        (?: [ ]* (?: [Zz] | ([+-])(\d\d):?(\d\d)? ) )? )?""",
    re.VERBOSE | re.ASCII,
)
# Addresses about which there is no doubt; any other is taken apart.
_ORDINARY_ADDRESS = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:[/?#][!-~]*)?")
_EXPECTED_TIME = "a date like 2026-02-06T03:09:09Z"
_TOP_KEYS = frozenset(key for key in KEYS if "." not in key)
_INNER_KEYS = frozenset(key for key in KEYS if "." in key)


@dataclass(frozen=True)
class ArticleFields:
    """A front matter with every value converted. Times are aware UTC; None and "" mean that the file says nothing."""

    title: str
    description: str
    published_at: dt.datetime
    updated_at: dt.datetime | None
    lang: str
    external_id: str
    source: dict[str, str]
    category: str
    tags: tuple[str, ...]
    cta: tuple[str, ...]
    sticky_weight: float
    canonical_url: str
    cover_urls: dict[str, str]
    sentiment: str
    score: float | None
    draft: bool
    ai_rewritten: bool | None
    ai_expanded_at: dt.datetime | None
    ai_version: str
    ai_translated_from: str
    extra: dict[str, Any]
    body: str


def read_fields(parsed: FrontMatter) -> ArticleFields:
    """The typed fields of a parsed file. Raises BadFrontMatter with the line of the value to blame."""
    top = _Section(parsed, "", parsed.header)
    source, ai, cover = top.section("source"), top.section("ai"), top.section("coverImage")
    title = title_of(top.text("title", required=True, maximum=MAXIMUM_TITLE))
    if not title:
        top.refuse("title", "title is empty")
    source_fields = {
        "name": source.text("name", maximum=200), "key": source.text("key", maximum=100), "type": source.text("type", maximum=40)
    }  # fmt: skip
    source_fields["url"] = source.url("url")
    if source.present and not source_fields["name"]:
        source.refuse("name", "source has no name")
    return ArticleFields(
        title=title,
        description=description_of(top.text("description")),
        published_at=top.required_time("publishedAt"),
        updated_at=top.time("updatedAt"),
        lang=top.choice("lang", LANGUAGES) or "en",
        external_id=top.text("externalId", required=True, maximum=64),
        source=source_fields if source.present else {},
        category=top.text("category", required=True, maximum=100),
        tags=top.texts("tags", maximum=100),
        cta=top.texts("cta"),
        sticky_weight=top.number("stickyWeight") or 0.0,
        canonical_url=top.url("canonicalUrl"),
        cover_urls={key: url for key in COVER_SIZES if (url := cover.url(key))},
        sentiment=top.choice("sentiment", SENTIMENTS),
        score=score_of(top.number("score")),
        draft=top.flag("draft") or False,
        ai_rewritten=ai.flag("rewritten"),
        ai_expanded_at=ai.time("expandedAt"),
        ai_version=ai.text("version", maximum=40),
        ai_translated_from=ai.text("translatedFrom", maximum=64),
        extra=_unknown(parsed.header),
        body=parsed.body,
    )


class _Section:
    """One mapping of the header, read key by key."""

    def __init__(self, parsed: FrontMatter, path: str, values: dict[str, Value] | None) -> None:
        self.parsed = parsed
        self.path = path
        self.present = values is not None
        self.values = values or {}

    def line(self, key: str) -> int:
        path = f"{self.path}.{key}" if self.path else key
        return self.parsed.lines.get(path) or self.parsed.lines.get(self.path) or 1

    def refuse(self, key: str, reason: str) -> None:
        raise BadFrontMatter(reason, self.line(key))

    def name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def section(self, key: str) -> _Section:
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            self.refuse(key, f"{key} must be keys with values")
        return _Section(self.parsed, key, value if isinstance(value, dict) else None)

    def text(self, key: str, required: bool = False, maximum: int = 100_000) -> str:
        value = self.values.get(key)
        if value is None:
            if required:
                self.refuse(key, f"{self.name(key)} is missing")
            return ""
        if not isinstance(value, str):
            raise BadFrontMatter(f"{self.name(key)} must be text", self.line(key))
        text = value.strip()
        if required and not text:
            self.refuse(key, f"{self.name(key)} is empty")
        if len(text) > maximum:
            self.refuse(key, f"{self.name(key)} has {len(text)} characters, more than {maximum}")
        return text

    def texts(self, key: str, maximum: int = 100_000) -> tuple[str, ...]:
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.refuse(key, f"{self.name(key)} must be a list of texts")
            return ()
        long = next((item for item in value if len(str(item)) > maximum), None)
        if long is not None:
            self.refuse(key, f"{self.name(key)} holds a text of more than {maximum} characters: {str(long)[:40]}…")
        return texts_of(map(str, value))

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        text = self.text(key)
        if text and text not in choices:
            self.refuse(key, f"{self.name(key)} must be one of {', '.join(choices)}, not {text[:80]!r}")
        return text

    def flag(self, key: str) -> bool | None:
        text = self.text(key).lower()
        if not text:
            return None
        if text not in ("true", "false"):
            self.refuse(key, f"{self.name(key)} must be true or false, not {text[:80]!r}")
        return text == "true"

    def number(self, key: str) -> float | None:
        text = self.text(key)
        if not text:
            return None
        number = self.converted(key, text, float, "a number")
        if not math.isfinite(number):
            self.refuse(key, f"{self.name(key)} must be a finite number, not {text[:80]!r}")
        return number

    def time(self, key: str) -> dt.datetime | None:
        text = self.text(key)
        return self.converted(key, text, read_time, _EXPECTED_TIME) if text else None

    def required_time(self, key: str) -> dt.datetime:
        return self.converted(key, self.text(key, required=True), read_time, _EXPECTED_TIME)

    def url(self, key: str) -> str:
        text = self.text(key)
        if text and not is_address(text):
            self.refuse(key, f"{self.name(key)} must be an http or https address, not {text[:80]!r}")
        return text

    def converted(self, key: str, text: str, convert: Callable[[str], T], expected: str) -> T:
        try:
            return convert(text)
        except (ValueError, OverflowError):
            raise BadFrontMatter(f"{self.name(key)} must be {expected}, not {text[:80]!r}", self.line(key)) from None


def title_of(text: str) -> str:
    """A title as it is kept: one line, without control characters."""
    return " ".join(_CONTROLS.sub("", text).split())


def description_of(text: str) -> str:
    return _CONTROLS.sub("", text).strip()


def score_of(number: float | None) -> float | None:
    """Files say 0 for a score that was not set."""
    return number or None


def texts_of(items: Iterable[str]) -> tuple[str, ...]:
    """A list as it is kept: each text once, none of them empty."""
    return tuple(dict.fromkeys(text for item in items if (text := item.strip())))


def is_address(text: str) -> bool:
    """Whether it is an http or https address of a length that can be kept."""
    if len(text) > MAXIMUM_ADDRESS:
        return False
    if _ORDINARY_ADDRESS.fullmatch(text):
        return True
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
        return sound and parts.port != 0
    except ValueError:
        return False


def read_time(text: str) -> dt.datetime:
    """An ISO 8601 date or date-time as aware UTC; without an offset it is taken as UTC. Raises ValueError.

    The forms are listed in docs/front-matter.md.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError("no ISO 8601 date")
    year, month, day, year2, month2, day2, hour, _, minute, second, fraction, sign, hours, minutes = match.groups()
    time = dt.datetime(
        int(year or year2), int(month or month2), int(day or day2),
        int(hour or 0), int(minute or 0), int(second or 0), int(f"{fraction:0<6.6}") if fraction else 0, dt.UTC,
    )  # fmt: skip
    if not OLDEST_YEAR <= time.year <= NEWEST_YEAR:
        raise ValueError(f"no article is of the year {time.year}")
    if sign is None:
        return time
    if int(hours) > 23 or int(minutes or 0) > 59:
        raise ValueError("no such offset")
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes or 0))
    return time - offset if sign == "+" else time + offset


def _unknown(header: dict[str, Value]) -> dict[str, Any]:
    """The part of the header that the schema has no key for, nested as it stood."""
    extra: dict[str, Any] = {}
    for key, value in header.items():
        if key not in _TOP_KEYS:
            extra[key] = value
        elif isinstance(value, dict):
            inner = {name: item for name, item in value.items() if f"{key}.{name}" not in _INNER_KEYS}
            if inner:
                extra[key] = inner
    return extra
