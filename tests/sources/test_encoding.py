"""Bytes to text: exactly or not at all; and mojibake undone line by line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.encoding import MAXIMUM_FILE_BYTES, Repair, UnreadableText, decode, repair_lines

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
    before, after = text.split("\n"), repaired.split("\n")
    assert len(before) == len(after)
    assert [(i, b, a) for i, (b, a) in enumerate(zip(before, after, strict=True), 1) if b != a] == [
        (r.line, r.before, r.after) for r in repairs
    ]
