"""Announced events: kind and day in one sentence, on or after the text's own day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.events import AnnouncedEvent, extract_events
from tests.companies.invented import COMPANIES, DAY, paragraphs_of


def events_in(text: str, on: dt.date | None = DAY) -> tuple[AnnouncedEvent, ...]:
    return extract_events(text, paragraphs_of(text), COMPANIES, on)


def told(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(event.kind, event.date.isoformat(), event.tickers) for event in events_in(text)]


@pytest.mark.parametrize(
    ("text", "kind", "day", "tickers"),
    [
        ("Fjordbyte reports earnings on February 20.", "earnings", "2026-02-20", ("FJRD",)),
        ("Fjordbyte and OHW will release quarterly results on Feb. 5.", "earnings", "2026-02-05", ("FJRD", "OHW")),
        ("Fjordbyte is to publish its full-year results on 3 March 2026.", "earnings", "2026-03-03", ("FJRD",)),
        ("The miner posts its fourth-quarter earnings on February 4.", "earnings", "2026-02-04", ()),
        ("Fjordbyte holds an investor day on May 12.", "investor_day", "2026-05-12", ("FJRD",)),
        ("The capital markets day of OHW is on June 1, 2027.", "investor_day", "2027-06-01", ("OHW",)),
        ("The rule goes to state regulators on February 20.", "regulatory", "2026-02-20", ()),
        ("Fjordbyte speaks at a public hearing on March 2.", "regulatory", "2026-03-02", ()),
    ],
)
def test_an_announced_event_is_read_with_its_day(text: str, kind: str, day: str, tickers: tuple[str, ...]) -> None:
    assert told(text) == [(kind, day, tickers)]


@pytest.mark.parametrize(
    "text",
    [
        "Fjordbyte reported earnings on January 20.",  # before the text's own day
        "Fjordbyte reported earnings on February 3, 2026.",
        "Fjordbyte reports earnings in February.",
        "Fjordbyte reports earnings next week.",
        "Fjordbyte reports earnings on February 30.",
        "Fjordbyte reports earnings. It opens a hall on February 20.",
        "Fjordbyte opens a hall on February 20.",
        "On February 20 Fjordbyte reports earnings.",  # the day must follow
        "Fjordbyte reports earnings" + " and so on" * 10 + " until February 20.",
        "Earnings season begins on February 20.",
        "",
    ],
)
def test_what_announces_no_event_gives_none(text: str) -> None:
    assert told(text) == []


def test_a_text_without_a_date_announces_nothing() -> None:
    assert events_in("Fjordbyte reports earnings on February 20.", on=None) == ()


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    (event,) = events_in("Fjordbyte reports earnings on January 8.", on=dt.date(2025, 12, 30))
    assert event.date == dt.date(2026, 1, 8)


def test_the_same_event_told_twice_is_one() -> None:
    text = "Fjordbyte and OHW report earnings on February 20.\n\nOHW will report its earnings on February 20."
    assert told(text) == [("earnings", "2026-02-20", ("FJRD", "OHW"))]


def test_another_company_with_the_same_kind_of_event_on_the_same_day_is_not_lost() -> None:
    text = "Fjordbyte reports earnings on February 20.\n\nOHW reports earnings on February 20."
    assert told(text) == [("earnings", "2026-02-20", ("FJRD",)), ("earnings", "2026-02-20", ("OHW",))]


def test_two_events_of_one_sentence_are_both_read() -> None:
    text = "Fjordbyte reports earnings on February 20 and holds its investor day on May 12."
    assert [(kind, day) for kind, day, _ in told(text)] == [("earnings", "2026-02-20"), ("investor_day", "2026-05-12")]


def test_evidence_is_the_day_and_the_companies_in_order_of_place() -> None:
    text = "A headline\n\nFjordbyte reports earnings on February 20."
    (event,) = events_in(text)
    assert [(span.field, span.quote) for span in event.evidence] == [("company", "Fjordbyte"), ("date", "February 20")]
    assert event.statement.quote == "Fjordbyte reports earnings on February 20."


PIECES = [
    "Fjordbyte ",
    "OHW ",
    "reports earnings ",
    "on February 20",
    ". The ",
    "before regulators ",
    "\n\n",
    "on 1 March 2026 ",
]


@settings(max_examples=150, deadline=None, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_every_quote_is_really_at_its_offset(pieces: list[str]) -> None:
    text = "".join(pieces)
    for event in events_in(text):
        assert event.date >= DAY
        for span in (*event.evidence, event.statement):
            assert text[span.start : span.end] == span.quote
