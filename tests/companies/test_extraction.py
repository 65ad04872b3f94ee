"""A whole text in, its calls, companies and events out; the real document; and texts written to be slow."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from companies.calls import Call
from companies.catalogue import Catalogue, CompanyEntry, FirmEntry, NameEntry
from companies.extraction import Extraction, Extractor
from companies.shipped import shipped_catalogue
from sources.encoding import UnreadableText, decode

REAL = Extractor.of(shipped_catalogue())
INVENTED = Extractor.of(
    Catalogue(
        companies=(
            CompanyEntry("Fjordbyte Mining", "FJRD", (NameEntry("Fjordbyte"), NameEntry("FJRD", "ticker"))),
            CompanyEntry("Ostrava Hash Works", "OHW", (NameEntry("OHW", "ticker"),)),
        ),
        firms=(FirmEntry("Oakbridge Partners", ("Oakbridge",)), FirmEntry("Halden & Rowe")),
    )
)
STORY = """Oakbridge turns to Fjordbyte

Feb 4, 2026
By Ada Quill

Oakbridge upgraded Fjordbyte Mining (NASDAQ: FJRD) to buy from hold, with a price target of $10.50.

Sponsored: Halden & Rowe rates Ostrava Hash Works sell, and so should you.

The miner reports earnings on February 20.
"""


def test_a_story_gives_its_calls_companies_and_events_and_none_of_its_adverts() -> None:
    extraction = INVENTED.read(STORY)
    assert extraction.published_on == dt.date(2026, 2, 4)
    assert [(c.firm, c.ticker, c.rating, c.prev_rating, c.target) for c in extraction.calls] == [
        ("Oakbridge Partners", "FJRD", "buy", "hold", Decimal("10.50"))
    ]
    assert extraction.companies == ("FJRD",)
    assert [(e.kind, e.date) for e in extraction.events] == [("earnings", dt.date(2026, 2, 20))]


def test_the_record_of_a_story_is_json_with_numbers_as_numbers_and_null_for_the_unknown() -> None:
    record = json.loads(json.dumps(INVENTED.read(STORY).as_record("story")))
    (call,) = record["calls"]
    evidence = call.pop("evidence")
    assert call == {
        "firm": "Oakbridge Partners",
        "ticker": "FJRD",
        "rating": "buy",
        "prev_rating": "hold",
        "action": "upgraded",
        "target": 10.5,
        "prev_target": None,
        "currency": "USD",
        "price": None,
        "analysts": [],
    }
    assert evidence[-1] == {
        "field": "target",
        "start": STORY.index("$10"),
        "end": STORY.index("$10") + 6,
        "quote": "$10.50",
    }
    assert {key: record[key] for key in ("id", "companies")} == {"id": "story", "companies": ["FJRD"]}
    assert {key: record["events"][0][key] for key in ("kind", "date", "tickers")} == {
        "kind": "earnings",
        "date": "2026-02-20",
        "tickers": [],
    }


def test_a_text_without_a_date_gives_calls_and_no_events() -> None:
    extraction = INVENTED.read(STORY.replace("Feb 4, 2026\n", ""))
    assert extraction.published_on is None
    assert len(extraction.calls) == 1
    assert extraction.events == ()


@pytest.mark.parametrize("text", ["", "Only a headline", "<html></html>"])
def test_what_is_no_story_is_refused(text: str) -> None:
    with pytest.raises(UnreadableText):
        INVENTED.read(text)


@pytest.fixture
def real(seed: Callable[[str], Path]) -> str:
    return decode(seed("004").read_bytes())


FIVE = [
    ("CIFR", "overweight", 18, None),
    ("CLSK", "overweight", 14, None),
    ("RIOT", "overweight", 20, None),
    ("MARA", "overweight", 13, None),
    ("IREN", "underweight", 39, 54),
]


def assert_the_five(text: str, extraction: Extraction) -> tuple[Call, ...]:
    calls = extraction.calls
    assert [(c.ticker, c.rating, c.target, c.price) for c in calls] == FIVE
    assert {(c.firm, c.action, c.currency, c.prev_rating, c.prev_target) for c in calls} == {
        ("J.P. Morgan", "stated", "USD", None, None)
    }
    assert [c.ticker for c in calls if c.price_approximate] == ["IREN"]
    for call in calls:
        for span in (*call.evidence, *call.statements):
            assert text[span.start : span.end] == span.quote
        quoted = {span.field: span.quote for span in call.evidence}
        assert quoted["rating"] == call.rating
        assert quoted["target"] == f"${call.target}"
        assert quoted["company"].endswith(f"(NASDAQ: {call.ticker})")
    return calls


def test_the_real_document_gives_exactly_its_five_calls(real: str) -> None:
    extraction = REAL.read(real)
    calls = assert_the_five(real, extraction)
    assert {span.quote for call in calls for span in call.evidence if span.field == "firm"} == {"J.P. Morgan"}
    assert extraction.published_on == dt.date(2026, 2, 4)
    assert extraction.companies == ("CIFR", "CLSK", "RIOT", "MARA", "IREN")


def test_the_real_document_gives_exactly_its_two_events(real: str) -> None:
    events = {event.kind: event for event in REAL.read(real).events}
    assert len(REAL.read(real).events) == 2
    assert (events["regulatory"].date, events["regulatory"].tickers) == (dt.date(2026, 2, 20), ())
    assert (events["earnings"].date, events["earnings"].tickers) == (dt.date(2026, 2, 5), ("CLSK", "IREN"))
    for event in events.values():
        for span in (*event.evidence, event.statement):
            assert real[span.start : span.end] == span.quote


def test_the_five_calls_are_read_also_where_the_firm_is_named_only_in_the_headline(real: str) -> None:
    headline, body = real.split("\n", 1)
    body = re.sub(r"(?m)^J\.P\. Morgan", "The bank", body).replace("J.P. Morgan", "the bank")
    text = f"{headline}\n{body}"
    assert text.count("J.P. Morgan") == 1
    for call in assert_the_five(text, REAL.read(text)):
        assert [(s.start, s.quote) for s in call.evidence if s.field == "firm"] == [(0, "J.P. Morgan")]


HEAD = "Oakbridge rates Fjordbyte\n\nFeb 04, 2026\n\nThe bank said this about the stock today. "
HOSTILE: dict[str, str] = {
    "prices": "$1," * 20_000,
    "listings": "(NASDAQ: " * 20_000,
    "known-listings": "(NASDAQ: FJRD) " * 7_000,
    "brackets": "(" * 100_000,
    "one-word": "a" * 100_000,
    "digits": "1" * 100_000,
    "thousands": "$1" + ",111" * 25_000,
    "full-stops": "." * 100_000,
    "initials": "A. " * 16_000,
    "blanks": " " * 100_000 + "x",
    "carriage-returns": "a\r" * 15_000,
    "days": "reports earnings on February 20 " * 3_000,
    "targets": "price target on Fjordbyte " * 2_000,
    "from-to": "target from $1 to $2 " * 5_000,
    "ratings": "overweight " * 10_000,
    "names": "Fjordbyte and " * 7_000,
    "firms": "Oakbridge " * 10_000,
    "agreement": "by subscribing " * 7_000,
    "analysts": "analyst " + "Aaaa " * 20_000,
    "one-long-sentence": "rates Fjordbyte overweight with a $14 target, " * 2_200,
    "sentences": "Oakbridge rates Fjordbyte overweight with a $14 target. " * 900,
    "long-sentences": ("rates Fjordbyte overweight with a $14 target, " * 85 + ". The ") * 13,
    "price-sentences": ("target $1, " * 350 + ". The ") * 13,
    "paragraphs": "Oakbridge rates Fjordbyte overweight with a $14 target.\n\n" * 900,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_of_100_kilobytes_are_read_quickly(name: str) -> None:
    started = process_time()
    extraction: Any = INVENTED.read(HEAD + HOSTILE[name])
    assert process_time() - started < 2
    assert len(extraction.calls) <= 1
