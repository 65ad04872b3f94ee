"""Where sentences end, and where a full stop does not end one."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.sentences import MAXIMUM_LENGTH, sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Fjordbyte rose.", "Ostrava fell."],
        ["Did it rise?", "It did!", "And how…", "It rose."],
        ["It rose to $14.50.", "Then it fell."],
        ["“It rose.”", "“It fell.”"],
        ["It rose (a lot).", "It fell."],
        ["The target is $14.", "$20 was the old one."],
        ["It mined in 2025.", "75 coins a day."],
        ["Fjordbyte Mining Inc.", "The miner rose."],
        ["It was bought by Hash Co.", "It is gone."],
    ],
)
def test_a_text_is_cut_at_the_ends_of_its_sentences(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts
    assert split("  \n".join(parts)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "J.P. Morgan rates it overweight.",
        "H.C. Wainwright moved B. Riley aside.",
        "Fjordbyte Mining Inc. Class A shares rose.",
        "The note by Mr. Quill and Dr. Brook came on Feb. 4 in St. Gallen.",
        "The U.S. Treasury said so at 4 p.m. New York time.",
        "It is worth approx. $14 vs. $12 before.",
        "A share at $14.50 is not one at $1450.",
        "The yield is 3.5% a year",
        "see fjordbyte.example for more",
    ],
)
def test_abbreviations_initials_and_decimals_end_no_sentence(text: str) -> None:
    assert split(text) == [text]


def test_only_the_asked_for_part_is_read() -> None:
    text = "One is here. Two is here. Three is here."
    assert [text[a:b] for a, b in sentences(text, 13, 25)] == ["Two is here."]
    assert list(sentences("   ")) == []


def test_what_is_longer_than_any_sentence_is_passed_over() -> None:
    longest = "a" * (MAXIMUM_LENGTH - 1) + "."
    assert split(f"{longest} It goes on.") == [longest, "It goes on."]
    assert split(f"a{longest} It goes on.") == ["It goes on."]


@settings(max_examples=200, deadline=None, database=None)
@given(
    st.lists(
        st.sampled_from(["Oakbridge", " ", ". ", "J.P.", "Inc. ", "? ", "”", "$14.5", "\n", "…", "a", "(", "The "]),
        max_size=40,
    )
)
def test_sentences_are_in_order_apart_and_leave_out_only_blanks(pieces: list[str]) -> None:
    text = "".join(pieces)
    position = 0
    for start, end in sentences(text):
        assert position <= start < end <= len(text)
        assert text[position:start].strip() == ""
        assert text[start:end].strip() != ""
        position = end
    assert text[position:].strip() == ""


@pytest.mark.parametrize(
    "text", ["." * 100_000, ". " * 50_000, "A. " * 33_000, "Inc. The " * 11_000, '."' * 50_000, "." + " " * 100_000]
)
def test_hostile_texts_are_cut_quickly(text: str) -> None:
    started = process_time()
    list(sentences(text))
    assert process_time() - started < 2
