"""Sentences that were once misread, each with the calls it states."""

from __future__ import annotations

import pytest

from companies.extraction import Extractor
from companies.shipped import shipped_catalogue

CASES = [
    (
        "Bernstein lifted its price target for IREN to $75 from $20 and for Riot Platforms to $19 from $15.",
        "RIOT", {"prev_target": 15, "target": 19},
    ),
    (
        "JPMorgan upgraded IREN to overweight; Canaccord Genuity, which rates it buy, has a $70 target.",
        "Canaccord Genuity", {"action": "stated", "rating": "buy", "target": 70},
    ),
    (
        "Citi rates Hut 8 buy with a US$20 price target. The shares trade at C$30.00 in Toronto.",
        "HUT", {"target": 20, "currency": "USD", "price": None},
    ),
]  # fmt: skip
NONE = [
    "J.P. Morgan updated its models. Of 17 analysts covering Riot Platforms, 12 have buy ratings.",
    "J.P. Morgan updated its models. Riot Platforms has five hold ratings among brokers.",
]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.of(shipped_catalogue())


def _calls(extractor: Extractor, sentence: str) -> list[dict[str, object]]:
    text = f"A headline that names nobody\n\nFeb 4, 2026\n\n{sentence}\n"
    return extractor.read(text).as_record("x")["calls"]


@pytest.mark.parametrize(("sentence", "whose", "expected"), CASES, ids=[case[1] for case in CASES])
def test_a_sentence_once_misread_is_read_right(
    extractor: Extractor, sentence: str, whose: str, expected: dict[str, object]
) -> None:
    call = next(c for c in _calls(extractor, sentence) if whose in (c["ticker"], c["firm"]))
    assert {name: call[name] for name in expected} == expected


@pytest.mark.parametrize("sentence", NONE)
def test_a_count_of_ratings_is_no_rating(extractor: Extractor, sentence: str) -> None:
    assert _calls(extractor, sentence) == []


def test_a_story_of_one_paragraph_with_a_decimal_is_a_story(extractor: Extractor) -> None:
    call = _calls(extractor, "Citi raised its price target on Riot Platforms to $24 from $13.75.")[0]
    assert (call["target"], call["prev_target"]) == (24, 13.75)
