"""Fields: the text of each key becomes a value of its type, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.fields import KEYS, MAXIMUM_TITLE, ArticleFields, read_fields, read_time
from articles.front_matter import BadFrontMatter, FrontMatter, split

REQUIRED = {"title": "A hall", "publishedAt": "2026-02-04", "externalId": "7", "category": "BTC"}


def fields(**over: Any) -> ArticleFields:
    return read_fields(FrontMatter({**REQUIRED, **over}, {}, "", 1))


def test_only_four_keys_are_required() -> None:
    assert fields().title == "A hall"
    for key in REQUIRED:
        with pytest.raises(BadFrontMatter, match=f"{key} is missing"):
            fields(**{key: None})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-04", dt.datetime(2026, 2, 4, tzinfo=dt.UTC)),
        ("2026-2-4", dt.datetime(2026, 2, 4, tzinfo=dt.UTC)),
        ("2026-02-04T03:09:09.000Z", dt.datetime(2026, 2, 4, 3, 9, 9, tzinfo=dt.UTC)),
        ("2026-02-04 03:09:09", dt.datetime(2026, 2, 4, 3, 9, 9, tzinfo=dt.UTC)),
        ("2026-02-04T01:00:00+02:00", dt.datetime(2026, 2, 3, 23, 0, tzinfo=dt.UTC)),
        ("2026-02-04 01:00:00 -05:00", dt.datetime(2026, 2, 4, 6, 0, tzinfo=dt.UTC)),
    ],
)
def test_times_are_read_as_aware_utc(text: str, expected: dt.datetime) -> None:
    assert read_time(text) == expected
    assert read_time(text).utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13-01", "soon", "04.02.2026", "2026-02-04T25:00:00Z", "1770163749", "2026"]
)
def test_impossible_times_are_refused(text: str) -> None:
    with pytest.raises(BadFrontMatter, match="publishedAt must be a date like"):
        fields(publishedAt=text)


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
     "mailto:a@b.example", "https://" + "a" * 1000 + ".example"],
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
