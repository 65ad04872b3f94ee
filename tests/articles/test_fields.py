"""Fields: the text of each key becomes a value of its type, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.fields import _ORDINARY_ADDRESS, KEYS, MAXIMUM_TITLE, ArticleFields, read_fields, read_time
from articles.front_matter import BadFrontMatter, FrontMatter, split

DOCS = Path(__file__).resolve().parents[2] / "docs"
REQUIRED = {"title": "A hall", "publishedAt": "2026-02-04", "externalId": "7", "category": "BTC"}


def fields(**over: Any) -> ArticleFields:
    return read_fields(FrontMatter({**REQUIRED, **over}, {}, "", 1))


def test_only_four_keys_are_required() -> None:
    assert fields().title == "A hall"
    for key in REQUIRED:
        with pytest.raises(BadFrontMatter, match=f"{key} is missing"):
            fields(**{key: None})


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-04", utc(2026, 2, 4)),
        ("2026-2-4", utc(2026, 2, 4)),
        ("2026-2-04", utc(2026, 2, 4)),
        ("20260204", utc(2026, 2, 4)),
        ("2024-02-29", utc(2024, 2, 29)),
        ("1990-01-01", utc(1990, 1, 1)),
        ("2100-12-31", utc(2100, 12, 31)),
        ("2026-02-04T03:09:09.000Z", utc(2026, 2, 4, 3, 9, 9)),
        ("2026-02-04T03:09:09Z", utc(2026, 2, 4, 3, 9, 9)),
        ("2026-02-04T03:09:09", utc(2026, 2, 4, 3, 9, 9)),
        ("2026-02-04 03:09:09", utc(2026, 2, 4, 3, 9, 9)),
        ("2026-02-04  03:09:09", utc(2026, 2, 4, 3, 9, 9)),
        ("2026-2-4T03:09:09", utc(2026, 2, 4, 3, 9, 9)),
        ("2026-02-04t03:09:09z", utc(2026, 2, 4, 3, 9, 9)),
        ("2026-02-04 03:09:09 Z", utc(2026, 2, 4, 3, 9, 9)),
        ("2026-02-04T03:09", utc(2026, 2, 4, 3, 9)),
        ("2026-02-04T03:09Z", utc(2026, 2, 4, 3, 9)),
        ("2026-02-04T03+01", utc(2026, 2, 4, 2)),
        ("2026-02-04T01:00:00+02:00", utc(2026, 2, 3, 23)),
        ("2026-02-04T01:00:00+0200", utc(2026, 2, 3, 23)),
        ("2026-02-04T01:00:00+02", utc(2026, 2, 3, 23)),
        ("2026-02-04T01:00:00-00:00", utc(2026, 2, 4, 1)),
        ("2026-02-04T01:00:00+05:45", utc(2026, 2, 3, 19, 15)),
        ("2026-02-04 01:00:00 -05:00", utc(2026, 2, 4, 6)),
        ("2025-12-31T23:30:00-01:00", utc(2026, 1, 1, 0, 30)),
        ("2026-02-04T03:09:09.1Z", utc(2026, 2, 4, 3, 9, 9, 100_000)),
        ("2026-02-04T03:09:09.12Z", utc(2026, 2, 4, 3, 9, 9, 120_000)),
        ("2026-02-04T03:09:09.0123Z", utc(2026, 2, 4, 3, 9, 9, 12_300)),
        ("2026-02-04T03:09:09.12345", utc(2026, 2, 4, 3, 9, 9, 123_450)),
        ("2026-02-04T03:09:09.123456Z", utc(2026, 2, 4, 3, 9, 9, 123_456)),
        ("2026-02-04T03:09:09.1234567Z", utc(2026, 2, 4, 3, 9, 9, 123_456)),
        ("2026-02-04T03:09:09.999999999Z", utc(2026, 2, 4, 3, 9, 9, 999_999)),
        ("2026-02-04T03:09:09,644Z", utc(2026, 2, 4, 3, 9, 9, 644_000)),
        ("20260204T030909Z", utc(2026, 2, 4, 3, 9, 9)),
        ("20260204T0309+0100", utc(2026, 2, 4, 2, 9)),
        ("20260204T030909.5", utc(2026, 2, 4, 3, 9, 9, 500_000)),
    ],
)
def test_times_are_read_as_aware_utc(text: str, expected: dt.datetime) -> None:
    assert read_time(text) == expected
    assert read_time(text).utcoffset() == dt.timedelta(0)
    for written in (text, f"'{text}'", f'"{text}"'):
        header = f"---\ntitle: A\nexternalId: 7\ncategory: B\npublishedAt: {written}\n---\n"
        assert read_fields(split(header)).published_at == expected


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-02-04T25:00:00Z", "2026-02-04T24:00:00Z",
     "2026-02-04T10:60:00Z", "2026-02-04T10:00:60Z", "soon", "4 February 2026", "Feb 4, 2026", "04.02.2026", "02/04/2026", "2026/02/04",
     "1770163749", "1770163749000", "2026", "2026-02", "202602", "2026-W06-3", "2026W063", "2026-W06", "2026-035", "2026035",
     "1989-12-31", "2101-01-01", "0001-01-01", "9999-12-31T23:59:59-01:00", "10000-01-01", "-2026-02-04", "2026-02-04T10:00:00 UTC",
     "2026-02-04 10:00:00 EST", "2026-02-04T10:00:00[Europe/Kyiv]", "2026-02-04T10:00:00GMT+2", "2026-02-04T10:00:00+24:00",
     "2026-02-04T10:00:00+02:60", "2026-02-04T10:00:00+2", "2026-02-04T10:00:00.", "2026-02-04T10:00:00.1234567890", "2026-02-04T10:00.5",
     "2026-02-04T1:00", "2026-02-04T10:0000", "2026-02-04T1000:00", "2026-02-04x10:00:00", "2026-02-04T", "2026-02-04Z", "2026-02-04+02:00",
     "2026-02-04\n", "2026-02-04\u00a010:00", "٢٠٢٦-٠٢-٠٤", "2026-02-04T10:00:00+02:00:30", "2026-0204", "202602-04", ""],
)  # fmt: skip
def test_impossible_times_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        read_time(text)
    if text == text.strip() != "":
        with pytest.raises(BadFrontMatter, match="publishedAt must be a date like"):
            fields(publishedAt=text)


def test_the_reference_shows_the_forms_of_dates_as_they_are_read() -> None:
    section = (DOCS / "front-matter.md").read_text("utf-8").split("## Dates\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| [^|`]+ \| `([^`]+)` \| `([^`]+)` \|$", section, re.MULTILINE)
    assert len(rows) == section.count("\n| ") - 1 >= 15
    assert [(text, read_time(text).isoformat()) for text, _ in rows] == [(text, f"{time}+00:00") for text, time in rows]
    refused = re.findall(r"`([^`]+)`", section[section.index("Refused are") :])
    assert len(refused) >= 12
    for text in refused:
        with pytest.raises(ValueError, match="."):
            read_time(text)


@settings(max_examples=100, deadline=None, database=None)
@given(st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2100, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001
def test_every_time_is_read_back_from_its_iso_form(moment: dt.datetime, hours: int) -> None:
    aware = moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=hours)))
    assert read_time(aware.isoformat()) == aware


@pytest.mark.parametrize(
    ("key", "text", "attribute", "expected"),
    [
        ("externalId", "007", "external_id", "007"),
        ("externalId", " 57776227 ", "external_id", "57776227"),
        ("draft", "TRUE", "draft", True),
        ("draft", "false", "draft", False),
        ("draft", None, "draft", False),
        ("score", "0", "score", None),
        ("score", "-0.5", "score", -0.5),
        ("stickyWeight", "3", "sticky_weight", 3.0),
        ("tags", ["A", " A ", "", "b"], "tags", ("A", "b")),
        ("tags", [], "tags", ()),
        ("lang", None, "lang", "en"),
        ("lang", "uk", "lang", "uk"),
        ("sentiment", "", "sentiment", ""),
        ("title", "  two \n words ", "title", "two words"),
        ("title", "a\u202eb\u200ec\ufeff", "title", "abc"),
        ("description", " a\u2066b\nc ", "description", "ab\nc"),
        ("canonicalUrl", "https://gazette.example/ґ", "canonical_url", "https://gazette.example/ґ"),
        ("source", {"name": "A"}, "source", {"name": "A", "key": "", "type": "", "url": ""}),
        ("source", None, "source", {}),
        ("coverImage", {"raw": None, "thumb": "http://i.example/a"}, "cover_urls", {"thumb": "http://i.example/a"}),
        ("ai", {"rewritten": "false"}, "ai_rewritten", False),
        ("ai", {}, "ai_rewritten", None),
    ],
)
def test_the_text_of_a_key_becomes_its_value(key: str, text: Any, attribute: str, expected: Any) -> None:
    assert getattr(fields(**{key: text}), attribute) == expected


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:alert(1)", "data:text/html,x", "//gazette.example/x", "/x", "x",
     "ftp://gazette.example", "https://", "http:gazette.example", "https://a b.example", "https://a.example/\tb",
     "mailto:a@b.example", "https://" + "a" * 1000 + ".example", "https://a.example/" + "a" * 983, "file:///etc/passwd", "file://a.example/x",
     "https://a.example:0/", "https://a.example:99999/", "https://[::1/", "https:///x", "https://?a", "vbscript:x", "https:\\\\a.example"],
)  # fmt: skip
def test_only_http_addresses_are_taken(address: str) -> None:
    for over in (
        {"canonicalUrl": address},
        {"coverImage": {"raw": address}},
        {"source": {"name": "A", "url": address}},
    ):
        with pytest.raises(BadFrontMatter, match="must be an http or https address"):
            fields(**over)


def test_a_title_of_the_greatest_length_is_taken() -> None:
    assert len(fields(title="t" * MAXIMUM_TITLE).title) == MAXIMUM_TITLE
    with pytest.raises(BadFrontMatter, match="title has 301 characters, more than 300"):
        fields(title="t" * (MAXIMUM_TITLE + 1))


def test_what_the_schema_does_not_know_is_kept_where_it_stood() -> None:
    extra = {
        "layout": "wide",
        "source": {"editor": "Ada"},
        "source.name": "with a dot",
        "ai.model": "none",
        "coverImage": {"credit": None},
    }
    given = {**extra, "source": {"name": "A", "editor": "Ada"}, "coverImage": {"raw": None, "credit": None}}
    assert fields(**given).extra == extra
    assert fields(**given).source["name"] == "A"


def test_every_key_of_the_schema_is_known_and_leaves_nothing_over() -> None:
    header: dict[str, Any] = dict(REQUIRED)
    for key in KEYS:
        section, _, name = key.partition(".")
        if name:
            header.setdefault(section, {})[name] = "A" if name == "name" else None
        elif section in ("source", "ai", "coverImage"):
            header.setdefault(section, {})
        else:
            header.setdefault(section, None)
    assert fields(**header).extra == {}


def test_the_line_of_a_nested_value_is_named_or_that_of_its_section() -> None:
    text = "---\ntitle: A\npublishedAt: 2026-02-04\nexternalId: 7\ncategory: B\nsource:\n  key: a\n  url: x\n---\n"
    with pytest.raises(BadFrontMatter) as refusal:
        read_fields(split(text))
    assert (refusal.value.line, refusal.value.reason) == (8, "source.url must be an http or https address, not 'x'")
    with pytest.raises(BadFrontMatter) as refusal:
        read_fields(split(text.replace("  url: x\n", "")))
    assert (refusal.value.line, refusal.value.reason) == (6, "source has no name")


VALUES = st.sampled_from(
    [None, "", "x", "7", "true", "2026-02-04", "https://e.example", "\x00", "é" * 400, [], ["a", "b"], [None], [["a"]], {}, {"name": "A"},
     {"raw": "x"}, {"rewritten": "no"}, {"name": {"a": "b"}}, {"expandedAt": "2026-02-30"}, {"else": ["kept", None]}]
)  # fmt: skip
TOP_KEYS = [key for key in KEYS if "." not in key]


@settings(max_examples=200, deadline=None, database=None)
@given(st.dictionaries(st.sampled_from(TOP_KEYS) | st.text("abc.", max_size=8), VALUES, max_size=5))
def test_any_header_is_either_read_or_refused(header: dict[str, Any]) -> None:
    try:
        result = read_fields(FrontMatter({**REQUIRED, **header}, {}, "body", 1))
    except BadFrontMatter:
        return
    assert all(result.extra[key] == value for key, value in header.items() if key not in KEYS)


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.from_regex(r"https?://[a-z0-9.\[\]:@%-]{0,12}([/?#][ -~]{0,12})?", fullmatch=True)
    | st.text("htps:/.a1-?#[]@ \t", max_size=16)
)
def test_the_short_way_for_addresses_takes_none_that_the_long_way_would_not(text: str) -> None:
    if _ORDINARY_ADDRESS.fullmatch(text):
        parts = urlsplit(text)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert parts.port is None
        assert parts.username is None
        assert not re.search(r"\s", text)
