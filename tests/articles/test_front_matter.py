"""Front matter: a header is read exactly as it stands, or refused with the line to look at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.fields import KEYS, read_fields
from articles.front_matter import MAXIMUM_HEADER_BYTES, BadFrontMatter, find_header, has_front_matter, split
from sources.encoding import count_lines, decode


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\n---\n",
        "\ufeff---\n",
        "\n \r\n---\r\ntitle: x",
        "--- \t\nx",
        "+++\ntitle = 1\n+++",
        "\ufeff\n---\n",
        "---\rtitle: x",
        "\r\r---  \r",
    ],
)
def test_a_fence_on_the_first_line_that_is_not_blank_opens_a_header(text: str) -> None:
    assert has_front_matter(text)


@pytest.mark.parametrize(
    "text",
    ["", "title: x\n---\n", "--- a story that begins with dashes", "- a list", "-- \n", "text\n---\n", "---title\n"],
)
def test_anything_else_opens_none(text: str) -> None:
    assert not has_front_matter(text)


def test_values_are_text_and_their_lines_are_known() -> None:
    parsed = split("---\na: 1e3\nb:\n  c: NO\n  d: [12:30, null]\n---\nbody")
    assert parsed.header == {"a": "1e3", "b": {"c": "NO", "d": ["12:30", None]}}
    assert parsed.lines == {"a": 2, "b": 3, "b.c": 4, "b.d": 5}
    assert (parsed.body, parsed.body_line, parsed.repairs) == ("body", 7, ())


@pytest.mark.parametrize("written", ["null", "Null", "NULL", "~", ""])
def test_null_is_null_only_when_it_is_bare(written: str) -> None:
    assert split(f"---\na: {written}\n---\n").header == {"a": None}
    assert split(f"---\na: '{written}'\n---\n").header == {"a": written}


def test_a_second_fence_closes_the_header_and_a_third_belongs_to_the_body() -> None:
    parsed = split("---\na: 1\n---\n---\nb: 2\n---\n")
    assert (parsed.header, parsed.body) == ({"a": "1"}, "---\nb: 2\n---\n")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", ["\n", "\r", "\r\n"], ["\r\n", "\r"], ["\r", "\n", "\n"]])
@pytest.mark.parametrize("fence", ["---", "+++"])
def test_lines_may_end_in_every_way_and_the_body_stays_as_it_is(ends: str | list[str], fence: str) -> None:
    rows = [
        "",
        fence,
        "# note",
        "a: 1" if fence == "---" else "a = 1",
        'b: "x"' if fence == "---" else 'b = "x"',
        "",
        fence,
    ]
    text = "".join(row + end for row, end in zip(rows, cycle([ends] if isinstance(ends, str) else ends)))
    body = "one\rtwo\r\nthree\n\r\r\n---\r"
    parsed = split(text + body)
    assert (parsed.header, parsed.lines) == ({"a": "1", "b": "x"}, {"a": 4, "b": 5})
    assert (parsed.body, parsed.body_line) == (body, 8)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("rows", "line"),
    [(["a: 1", "b: [", "---"], 4), (["a: 1", "", "b: *x", "---"], 4), (["# é\u2028", "a: \x01", "---"], 3)],
)
def test_the_line_of_a_refusal_counts_all_line_ends(rows: list[str], line: int, end: str) -> None:
    with pytest.raises(BadFrontMatter) as refusal:
        split(end.join(["---", *rows, ""]))
    assert refusal.value.line == line


def test_what_only_yaml_takes_for_a_line_end_counts_as_none() -> None:
    parsed = split("---\na: 'x\u2028y'\nb: 'p\u2029q'\nc:\n  d: f\n---\n")
    assert parsed.lines == {"a": 2, "b": 3, "c": 4, "c.d": 5}


def test_the_place_of_a_header_puts_the_file_together_again() -> None:
    text = "\ufeff \r\n--- \ra: 1\n---\t\r\nbody"
    place = find_header(text)
    assert (text[: place.start], text[place.start : place.end], text[place.end : place.body], text[place.body :]) == (
        "\ufeff \r\n--- \r", "a: 1\n", "---\t\r\n", "body",
    )  # fmt: skip
    assert place.first_line == 3


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(BadFrontMatter) as refusal:
        split("---\na: 1\nb: \ud800\n---\n")
    assert (refusal.value.line, refusal.value.reason) == (3, "not valid YAML: half a surrogate pair")


def test_a_line_of_dashes_and_more_is_no_fence() -> None:
    assert split("---\na: |\n  ---\n  ----\n---\nbody").body == "body"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_header_of_the_largest_size_is_read_and_a_longer_one_refused(newline: str) -> None:
    line = "a: "
    largest = line + "x" * (MAXIMUM_HEADER_BYTES - len(line) - len(newline)) + newline
    assert len(split(f"---{newline}{largest}---{newline}").header["a"]) > 65_000
    with pytest.raises(BadFrontMatter) as refusal:
        split(f"---{newline}x{largest}---{newline}")
    assert (refusal.value.line, refusal.value.reason) == (1, "the header has more than 65,536 bytes")


def test_the_size_of_a_header_is_counted_in_bytes() -> None:
    with pytest.raises(BadFrontMatter, match="more than 65,536 bytes"):
        split(f"---\na: {'ї' * 33_000}\n---\n")


def test_the_repair_of_a_line_comes_before_yaml_and_keeps_the_original() -> None:
    damaged = "Ð\x91Ñ\x96Ñ\x82ÐºÐ¾Ñ\x97Ð½"  # its control characters would stop YAML
    parsed = split(f"---\na: x\nb: {damaged}\n---\n{damaged}")
    assert parsed.header == {"a": "x", "b": "Біткоїн"}
    assert [(r.line, r.before, r.after) for r in parsed.repairs] == [(3, f"b: {damaged}", "b: Біткоїн")]
    assert parsed.body == damaged


def test_every_repair_names_the_key_whose_value_it_mends() -> None:
    parsed = split("---\n# cafÃ©\na:\n  - x\n  - cafÃ©\nb:\n  c: cafÃ©\nd: >\n  one\n  cafÃ©\n---\n")
    assert [r.line for r in parsed.repairs] == [2, 5, 7, 10]
    assert parsed.repaired_fields == ("", "a", "b.c", "d")


LINES = ["---", "--- ", "+++", "a = 1", "[t]", 'b = """', "a: 1", "a: [", "b: {x: &y 1}", "- c", "  d: *y", "\te", "? f", ": g", "h: !!int 1", "...", "#",
         "%YAML 1.1", "i: |", "'", '"', "\ufeff", "\x85", "thatâ€¦", "{a: ", "]", "~: 1", "<<: *y", "a: 1"]  # fmt: skip


@settings(max_examples=200, deadline=None, database=None)
@given(
    st.sampled_from(["---", "+++"]),
    st.lists(st.sampled_from(LINES) | st.text(max_size=12), max_size=14),
    st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1, max_size=3),
)
def test_any_text_is_either_taken_apart_or_refused_with_a_line_that_it_has(
    fence: str, lines: list[str], line_ends: list[str]
) -> None:
    text = "".join(line + end for line, end in zip([fence, *lines], cycle(line_ends)))
    try:
        parsed = split(text)
    except BadFrontMatter as refusal:
        assert 1 <= refusal.line <= count_lines(text) + 1
        assert refusal.reason
        assert "\n" not in refusal.reason
        return
    assert text.endswith(parsed.body)
    assert count_lines(text.removesuffix(parsed.body)) + 1 == parsed.body_line
    assert all(1 <= line < parsed.body_line for line in parsed.lines.values())


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(max_size=200))
def test_text_without_any_plan_raises_nothing_but_a_refusal(text: str) -> None:
    for candidate in (text, f"---\n{text}\n---\n"):
        try:
            split(candidate)
        except BadFrontMatter as refusal:
            assert refusal.line >= 1


@settings(max_examples=50, deadline=None, database=None)
@given(st.dictionaries(st.text("abcz", min_size=1, max_size=8), st.text("aZ09 .:_'-#[{&*!~", max_size=30), min_size=1))
def test_quoted_values_come_back_to_the_letter(values: dict[str, str]) -> None:
    header = "".join(f"{key}: '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in values.items())
    assert split(f"---\n{header}---\n").header == values


@pytest.mark.parametrize(
    "header",
    ["a: " + "[" * 60_000, "a: " + "{a: " * 15_000, "- " * 30_000, "? " * 30_000, "a: " + "!" * 60_000, "#" * 60_000,
     "".join(" " * i + "a:\n" for i in range(300)), "".join(f"k{i}: v\n" for i in range(7_000)), '"' + '\\"' * 30_000,
     "a: {" + "b," * 30_000, "a: |\n" + " " * 60_000, "\t" * 60_000, "cafÃ©\n" * 6_000, "&a " * 20_000],
    ids=["flow", "flow-keys", "lists", "keys", "tags", "comment", "levels", "many-keys", "quotes", "set", "blanks", "tabs",
         "mojibake", "anchors"],
)  # fmt: skip
def test_hostile_headers_are_read_or_refused_quickly(header: str) -> None:
    started = process_time()
    with suppress(BadFrontMatter):
        split(f"---\n{header}\n---\n")
    assert process_time() - started < 2


@pytest.mark.parametrize(
    "text", ["---\n" + "--- x\n" * 300_000, "---\n---" + " " * 2_000_000 + "x", "\n" * 2_000_000, "---" * 600_000]
)
def test_the_end_of_a_header_is_looked_for_quickly(text: str) -> None:
    started = process_time()
    has_front_matter(text)
    with pytest.raises(BadFrontMatter):
        split(text)
    assert process_time() - started < 2


def test_the_real_article_is_read_key_by_key(seed: Callable[[str], Path]) -> None:
    parsed = split(decode(seed("000").read_bytes()))
    fields = read_fields(parsed)
    assert set(parsed.header) <= set(KEYS)
    assert fields.extra == {}
    assert (fields.external_id, fields.lang, fields.category, fields.sentiment) == ("57776227", "en", "BTC", "NEGATIVE")
    assert fields.source == {"name": "Decrypt", "key": "decrypt", "type": "RSS", "url": ""}
    assert fields.published_at.isoformat() == "2026-02-06T03:09:09+00:00"
    assert fields.updated_at is not None
    assert fields.updated_at.isoformat() == "2026-02-06T04:45:29.644000+00:00"
    assert fields.tags == ("BTC", "BUSINESS", "MARKET", "MARKETS")
    assert (fields.cta, fields.sticky_weight, fields.canonical_url, fields.score, fields.draft) == (
        (),
        0.0,
        "",
        None,
        False,
    )
    assert list(fields.cover_urls) == ["raw", "full", "regular", "small", "thumb", "small_s3"]
    assert all(url.startswith("https://") for url in fields.cover_urls.values())
    assert (fields.ai_rewritten, fields.ai_version, fields.ai_translated_from) == (True, "1", "")
    assert fields.ai_expanded_at == fields.updated_at
    assert len(fields.title.split()) == 12
    assert fields.body.startswith("## Overview\n")
    assert [line for line in fields.body.split("\n") if line.startswith("## F")] == ["## From author"]


def test_the_mojibake_of_the_real_article_is_repaired_and_the_original_kept(seed: Callable[[str], Path]) -> None:
    parsed = split(decode(seed("000").read_bytes()))
    (repair,) = parsed.repairs
    assert parsed.repaired_fields == ("description",)
    assert repair.line == parsed.lines["description"] == 3
    assert repair.before.endswith("â€¦")
    assert repair.after == repair.before.replace("â€¦", "…")
    assert read_fields(parsed).description.endswith(" that…")
