"""A sentence as tokens: what is a company, a firm, an amount for a share, a rating word, and what only looks like one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.tokens import Sentence, tokenise
from tests.companies.invented import COMPANIES, FIRMS


def read(text: str) -> Sentence:
    return tokenise(text, (0, len(text)), COMPANIES.find(text).found, FIRMS.find(text).found)


def of_kind(text: str, kind: str) -> list[str]:
    return [text[token.start : token.end] for _, token in read(text).of_kind(kind)]


def amounts(text: str) -> list[tuple[str, str, bool]]:
    return [(str(token.value), token.currency, token.approximate) for _, token in read(text).of_kind("money")]


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$18", "18", "USD"),
        ("$10.50.", "10.50", "USD"),
        ("$ 18", "18", "USD"),
        ("$1,250", "1250", "USD"),
        ("$1,250.75, up", "1250.75", "USD"),
        ("US$18", "18", "USD"),
        ("C$2.40", "2.40", "CAD"),
        ("A$9", "9", "AUD"),
        ("HK$9", "9", "HKD"),
        ("£1.20", "1.20", "GBP"),
        ("€7", "7", "EUR"),
        ("120p", "120", "GBX"),
        ("120 pence", "120", "GBX"),
        ("($18)", "18", "USD"),
        ("$18/share", "18", "USD"),
        ("$18 per share", "18", "USD"),
        ("$18 a share", "18", "USD"),
        ("an $18-a-share offer", "18", "USD"),
        ("$0.0425", "0.0425", "USD"),
    ],
)
def test_amounts_for_a_share_are_read_with_their_currency(text: str, amount: str, currency: str) -> None:
    assert amounts(text) == [(amount, currency, False)]


@pytest.mark.parametrize(
    "text",
    [
        "$2 billion",
        "$2.5 billion",
        "$1.25 million",
        "$1,500 million",
        "$1,200.5 million",
        "$600-million",
        "$650M",
        "$2.5bn",
        "$40k",
        "$3 trillion",
        "$5%",
        "$2.5%",
        "$0",
        "$0.00",
        "$60 per megawatt-hour",
        "$60 per bitcoin",
        "$0.04/kWh",
        "600 megawatts",
        "75 EH/s",
        "1 GW",
        "12,000,000",
        "$123456789",
        "$1,111,111,111",
        "$1.234567",
        "1080x720",
        "9,999,999,999p",
        "Q4 2025",
    ],
)
def test_sums_quantities_and_prices_of_other_things_are_no_amounts_for_a_share(text: str) -> None:
    assert amounts(f"It was {text} there.") == []


@pytest.mark.parametrize(
    "word", ["about", "around", "roughly", "nearly", "near", "some", "approximately", "About", "circa", "~", "≈"]
)
def test_an_amount_knows_that_it_is_only_approximate(word: str) -> None:
    assert amounts(f"at {word} $54 a share") == [("54", "USD", True)]


def test_an_amount_further_on_is_not_approximate() -> None:
    assert amounts("about bitcoin, $54") == [("54", "USD", False)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rated overweight", ["overweight"]),
        ("a Strong Buy rating", ["Strong Buy"]),
        ("market-perform, sector outperform", ["market-perform", "sector outperform"]),
        ("raised to buy from hold", ["buy", "hold"]),
        ("raised to buy on Friday", ["buy"]),
        ("raised to buy Friday", ["buy"]),
        ("cut to sell.", ["sell"]),
        ("moved to Sell the day before", ["Sell"]),
        ("raised notes to buy bitcoin", []),
        ("moved to add 600 megawatts", []),
        ("plans to sell $4 of coal", []),
        ("will reduce costs", []),
        ("should outperform the market", []),
        ("remains on hold", []),
    ],
)
def test_rating_words_are_read_unless_they_are_verbs(text: str, words: list[str]) -> None:
    assert of_kind(text, "rating") == words


def test_a_company_and_its_listing_are_one_token() -> None:
    text = "Fjordbyte Mining (NASDAQ: FJRD) and OHW"
    assert of_kind(text, "company") == ["Fjordbyte Mining (NASDAQ: FJRD)", "OHW"]
    assert [token.value for token in read(text).tokens] == ["FJRD", "OHW"]


def test_the_listing_of_another_company_is_a_token_of_its_own() -> None:
    assert of_kind("Fjordbyte (NASDAQ: OHW)", "company") == ["Fjordbyte", "OHW"]


def test_a_name_outranks_the_words_in_it() -> None:
    finder_text = "Oakbridge and Halden & Rowe rate Fjordbyte buy at $4."
    assert [token.kind for token in read(finder_text).tokens] == ["firm", "firm", "company", "rating", "money"]


def test_each_token_is_one_character_of_the_row_and_is_found_at_its_place() -> None:
    sentence = read("Oakbridge set Fjordbyte at $12, $14 and buy.")
    assert len(sentence.row) == len("_ set _ at _, _ and _.")
    assert [sentence.token_at(place).value for place in sentence.places] == [
        "Oakbridge Partners", "FJRD", Decimal(12), Decimal(14), "buy"
    ]  # fmt: skip


PIECES = [
    "Oakbridge",
    "Fjordbyte",
    " (NASDAQ: FJRD)",
    "$14",
    " ",
    ",",
    "strong buy",
    "hold",
    "Halden & Rowe",
    "12p",
    "x",
    "1",
    ".",
]


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_putting_the_words_of_the_tokens_back_into_the_row_gives_the_sentence(pieces: list[str]) -> None:
    text = "".join(pieces)
    sentence = read(text)
    letters = list(sentence.row)
    for place, token in zip(sentence.places, sentence.tokens, strict=True):
        letters[place] = text[token.start : token.end]
    assert "".join(letters) == text
