"""Rating words and what they come to."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.ratings import (
    RATING_WORDS,
    STRONG_WORDS,
    NormalisedRating,
    call_fingerprint,
    direction,
    fold,
    normalise,
    rating_pattern,
)

EVERY_WORD = [(word, rating) for rating, words in RATING_WORDS.items() for word in words]


@pytest.mark.parametrize(("word", "rating"), EVERY_WORD)
def test_every_word_of_the_table_comes_to_its_rating_in_any_case_and_hyphened(word: str, rating: str) -> None:
    expected = NormalisedRating(rating, word in STRONG_WORDS)
    for written in (word, word.upper(), word.title(), word.replace(" ", "-"), word.replace(" ", "  "), f" {word}\n"):
        assert normalise(written) == expected


@pytest.mark.parametrize(
    ("word", "rating"),
    [
        ("Equal-Weight", "hold"),
        ("equalweight", "hold"),
        ("Equal\u2011weight", "hold"),  # the hyphen that does not break
        ("In-Line", "hold"),
        ("inline", "hold"),
        ("Sector Outperform", "buy"),
        ("Peer perform", "hold"),
        ("Not Rated", "none"),
        ("reduce", "sell"),
    ],
)
def test_spellings_met_in_print(word: str, rating: str) -> None:
    assert normalise(word).rating == rating


@pytest.mark.parametrize(
    "word", ["", "-", "buyer", "sell off", "tactical buy", "3 stars", "overweights", "neutral-ish"]
)
def test_a_word_that_no_table_knows_is_unmapped_and_never_guessed(word: str) -> None:
    assert normalise(word) == NormalisedRating("unmapped")


def test_a_firms_own_scale_goes_before_the_common_table() -> None:
    own = {"sector weight": "buy", "perform": "sell", "strong buy": "hold"}
    assert normalise("Sector Weight", own) == NormalisedRating("buy")
    assert normalise("perform", own) == NormalisedRating("sell")
    assert normalise("Strong Buy", own) == NormalisedRating("hold", strong=True)
    assert normalise("buy", own) == NormalisedRating("buy")


@pytest.mark.parametrize(
    ("new", "previous", "expected"),
    [
        ("buy", "hold", 1),
        ("overweight", "underweight", 1),
        ("neutral", "sell", 1),
        ("sell", "neutral", -1),
        ("equal-weight", "Outperform", -1),
        ("buy", "overweight", 0),
        ("strong buy", "buy", 0),
        ("buy", "not rated", 0),
        ("suspended", "buy", 0),
        ("buy", "fancy word", 0),
    ],
)
def test_direction_compares_what_two_words_come_to(new: str, previous: str, expected: int) -> None:
    assert direction(new, previous) == expected
    assert direction(previous, new) == -expected


def test_folding_twice_is_folding_once() -> None:
    assert fold("  Equal \u2010 Weight\n") == "equal weight" == fold(fold("Equal – weight"))


@pytest.mark.parametrize(("word", "rating"), EVERY_WORD)
def test_the_pattern_finds_the_whole_of_every_word(word: str, rating: str) -> None:
    for written in (word, word.replace(" ", "-"), word.title()):
        match = re.search(rating_pattern(), f"an {written} rating", re.IGNORECASE)
        assert match is not None
        assert match.group() == written


@pytest.mark.parametrize(
    "text", ["buyers", "seller", "outperformed", "holder", "additional", "reduced", "oversell", "unchanged"]
)
def test_the_pattern_finds_no_part_of_a_word(text: str) -> None:
    assert re.search(rating_pattern(), text, re.IGNORECASE) is None


@pytest.mark.parametrize(
    ("rating", "target", "currency", "expected"),
    [
        ("Overweight", Decimal("18"), "USD", "overweight|18 USD"),
        ("over-weight", Decimal("18.00"), "USD", "over weight|18 USD"),
        ("buy", 10.5, "CAD", "buy|10.5 CAD"),
        ("", Decimal("1200"), "USD", "|1200 USD"),
        ("hold", None, "USD", "hold|"),
    ],
)
def test_a_fingerprint_is_rating_and_target(
    rating: str, target: Decimal | float | None, currency: str, expected: str
) -> None:
    assert call_fingerprint(rating, target, currency) == expected


@settings(max_examples=100, deadline=None, database=None)
@given(st.decimals(min_value="0.0001", max_value="9999999", places=4))
def test_trailing_zeros_make_no_other_call(amount: Decimal) -> None:
    assert call_fingerprint("buy", amount, "USD") == call_fingerprint("Buy", amount.normalize(), "USD")
