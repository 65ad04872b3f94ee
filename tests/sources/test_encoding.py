"""Bytes to text: exactly or not at all; and mojibake undone line by line."""

from __future__ import annotations

import re

import pytest
from ftfy import fix_encoding
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.encoding import (
    _SUSPECT,
    LINE_END,
    MAXIMUM_FILE_BYTES,
    Repair,
    UnreadableText,
    count_lines,
    decode,
    repair_lines,
)

PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(1, 120)) * 3


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b" \r\n\t\n", "the file is empty", id="only-blanks"),
        pytest.param("title: x".encode("utf-16"), "the file is UTF-16 or UTF-32; save it as UTF-8", id="utf-16-le"),
        pytest.param(b"\xfe\xff\0t", "the file is UTF-16 or UTF-32; save it as UTF-8", id="utf-16-be"),
        pytest.param("title: x".encode("utf-32"), "the file is UTF-16 or UTF-32; save it as UTF-8", id="utf-32"),
        pytest.param(b"\0\0\xfe\xff\0\0\0t", "the file is UTF-16 or UTF-32; save it as UTF-8", id="utf-32-be"),
        pytest.param(
            "title: x".encode("utf-16-le"), "the file is UTF-16 without a mark; save it as UTF-8", id="bare-le"
        ),
        pytest.param(
            "title: x".encode("utf-16-be"), "the file is UTF-16 without a mark; save it as UTF-8", id="bare-be"
        ),
        pytest.param(PICTURE, "the file is binary", id="picture"),
        pytest.param(b"story " * 100 + b"\0", "the file is binary", id="one-zero-byte"),
        pytest.param(b"na\xefve", "not UTF-8: byte 0xef", id="latin-1"),
        pytest.param(b"\x93quoted\x94", "not UTF-8: byte 0x93", id="windows-1252"),
        pytest.param(b"\xed\xa0\x80", "not UTF-8: byte 0xed", id="lone-surrogate"),
        pytest.param(b"\xc0\xaf", "not UTF-8: byte 0xc0", id="overlong"),
        pytest.param(
            "Біткоїн зростає".encode("cp1251"),
            "not UTF-8: byte 0xc1; it looks like the Windows code page 1251 (Cyrillic), save the file as UTF-8",
            id="windows-1251",
        ),
        pytest.param("Біткоїн ".encode() + b"\xe7\xf0\xee", "not UTF-8: byte 0xe7", id="part-windows-1251"),
        pytest.param(
            "Біткоїн зростає у ціні".encode("utf-16-le"),
            "the file is UTF-16 without a mark; save it as UTF-8",
            id="cyrillic-bare-le",
        ),
        pytest.param(
            "Біткоїн зростає у ціні".encode("utf-16-be"),
            "the file is UTF-16 without a mark; save it as UTF-8",
            id="cyrillic-bare-be",
        ),
        pytest.param(
            b"a" * (5 * 1024 * 1024), "the file has 5,242,880 bytes, more than the 2,097,152 allowed", id="5-MB"
        ),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_the_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(UnreadableText) as refusal:
        decode(raw)
    assert refusal.value.reason == reason
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"one\ntwo\nna\xefve\n", 3),
        (b"one\r\ntwo\r\nthree \xff", 3),
        (b"a\n" * 10 + b"\0" + b"b" * 500, 11),
        (b"\xffstarts badly", 1),
        (b"one\rtwo\rna\xefve\r", 3),
        (b"one\r\ntwo\rthree\n\n\xff", 5),
    ],
)
def test_the_line_of_the_first_bad_byte_is_named(raw: bytes, line: int) -> None:
    with pytest.raises(UnreadableText) as refusal:
        decode(raw)
    assert refusal.value.line == line


def test_a_file_of_exactly_the_largest_size_is_read() -> None:
    assert len(decode(b"a" * MAXIMUM_FILE_BYTES)) == MAXIMUM_FILE_BYTES
    with pytest.raises(UnreadableText, match="2,097,153 bytes"):
        decode(b"a" * (MAXIMUM_FILE_BYTES + 1))


@pytest.mark.parametrize(
    "text", ["a\r\nb\rc\nd", "\ufeffwith a mark", "Біткоїн ₿ 比特币 …", "tab\tand \u00a0space", "x\x0b"]
)
def test_text_comes_out_exactly_as_it_went_in(text: str) -> None:
    assert decode(text.encode()) == text


@settings(max_examples=150, deadline=None, database=None)
@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_any_text_with_a_word_in_it_survives_the_round_trip(text: str) -> None:
    text = f"w{text}"
    assert decode(text.encode()) == text


@settings(max_examples=200, deadline=None, database=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_either_read_exactly_or_refused(raw: bytes) -> None:
    try:
        text = decode(raw)
    except UnreadableText:
        return
    assert text.encode() == raw


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ("revenues thatâ€¦", "revenues that…"),
        ("the minerâ€™s target", "the miner’s target"),
        ("â€œbuyâ€\x9d", "“buy”"),
        ("cafÃ©", "café"),
        ("Ð\x91Ñ\x96Ñ\x82ÐºÐ¾Ñ\x97Ð½", "Біткоїн"),
    ],
)
def test_text_read_with_the_wrong_code_page_is_repaired_and_the_original_kept(damaged: str, sound: str) -> None:
    assert repair_lines(f"first\n{damaged}\nlast") == (f"first\n{sound}\nlast", (Repair(2, damaged, sound),))


@pytest.mark.parametrize(
    "text",
    [
        "plain ASCII 'quotes' -- and dashes",
        "“curly” ‘quotes’, an ellipsis … and a dash – as they were written",
        "naïve café, 5 €, £1.20",
        "no-break\u00a0space and ﬁ ligature",
        "Біткоїн зростає",
        "比特币",
        "\ufeffwith a mark",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repair_lines(text) == (text, ())


def test_lines_are_counted_from_the_line_given() -> None:
    _, repairs = repair_lines("sound\nthatâ€¦\nsound\ncafÃ©", first_line=5)
    assert [repair.line for repair in repairs] == [6, 8]


def test_a_damaged_line_does_not_tempt_the_repair_to_touch_a_sound_one() -> None:
    text, repairs = repair_lines("Ã la carte – so printed\r\nthatâ€¦\r\n“sound” – line\r\n")
    assert text.split("\n")[1:] == ["that…\r", "“sound” – line\r", ""]
    assert [repair.line for repair in repairs if repair.line > 1] == [2]


@settings(max_examples=100, deadline=None, database=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_repair_never_changes_the_number_of_lines_and_reports_each_change(text: str) -> None:
    repaired, repairs = repair_lines(text)
    before, after = LINE_END.split(text), LINE_END.split(repaired)
    assert LINE_END.findall(text) == LINE_END.findall(repaired)
    assert len(before) == len(after)
    assert [(i, b, a) for i, (b, a) in enumerate(zip(before, after, strict=True), 1) if b != a] == [
        (r.line, r.before, r.after) for r in repairs
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_repair_keeps_the_end_of_each_line_and_leaves_it_out_of_its_report(end: str) -> None:
    repaired, repairs = repair_lines(f"sound{end}thatâ€¦{end}{end}cafÃ©{end}", first_line=2)
    assert repaired == f"sound{end}that…{end}{end}café{end}"
    assert repairs == (Repair(3, "thatâ€¦", "that…"), Repair(5, "cafÃ©", "café"))


@pytest.mark.parametrize(
    ("text", "lines"), [("", 0), ("a", 0), ("\n\r\r\n", 3), ("\r\r\n\n", 3), ("a\x85b\u2028\x0b", 0)]
)
def test_lines_end_in_three_ways(text: str, lines: int) -> None:
    assert count_lines(text) == lines == len(LINE_END.findall(text))
    assert count_lines(text + "\n\r", len(text)) == lines


def unsuspected() -> str:
    """Every character that ftfy names in its categories and the quick look passes over."""
    named = re.findall(r"(.)-(.)|(.)", "".join(MOJIBAKE_CATEGORIES.values()))
    characters = {chr(c) for a, b, one in named for c in range(ord(a or one), ord(b or one) + 1)}
    return "".join(sorted(c for c in characters if not _SUSPECT.search(c)))


def test_no_line_that_the_quick_look_passes_over_would_be_repaired() -> None:
    others = unsuspected() + "azAZ .,?!09~"
    assert len(others) > 150
    for first in others:
        # All pairs and all triples with a letter, a blank or a character of the same kind between.
        assert not is_bad("".join(first + second for second in others))
        assert not is_bad("".join(f"{first}{second}{first}{second}a " for second in others))


@settings(max_examples=400, deadline=None, database=None)
@given(st.text(st.sampled_from(unsuspected() + "aZ 9.") | st.characters(exclude_categories=["Cs"]), max_size=30))
def test_the_quick_look_never_differs_from_the_repair_itself(text: str) -> None:
    if not _SUSPECT.search(text):
        assert fix_encoding(text) == text


def test_the_largest_header_is_repaired_to_its_end_and_an_endless_text_is_not() -> None:
    line = "Ã©\n"
    assert len(repair_lines(line * (65_536 // len(line.encode())))[1]) == 65_536 // 5
    for text in (line * 400_000, "Ã©" * 500_000, ("Ã©" * 50_000 + "\n") * 10):
        repaired, repairs = repair_lines(text)
        assert len(repairs) < 20_000
        assert repaired.endswith(text[-2:])
