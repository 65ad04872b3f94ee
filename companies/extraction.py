"""A whole text in, its calls, companies and events out: the extraction as one step. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from companies.calls import Call, Span, extract
from companies.catalogue import Catalogue
from companies.events import AnnouncedEvent, extract_events
from companies.names import NameFinder, within
from sources.plain_text import read_story


@dataclass(frozen=True)
class Extraction:
    """What a text says; offsets count characters of that text. `companies` are tickers in order of first mention."""

    published_on: dt.date | None
    calls: tuple[Call, ...]
    companies: tuple[str, ...]
    events: tuple[AnnouncedEvent, ...]

    def as_record(self, identity: str) -> dict[str, Any]:
        """One line of `extract_calls --json`."""
        return {
            "id": identity,
            "calls": [_call_record(call) for call in self.calls],
            "companies": list(self.companies),
            "events": [
                {
                    "kind": event.kind,
                    "date": event.date.isoformat(),
                    "tickers": list(event.tickers),
                    "evidence": _spans(event.evidence),
                }
                for event in self.events
            ],
        }


@dataclass(frozen=True)
class Extractor:
    """The finders of a catalogue, built once for as many texts as there are."""

    companies: NameFinder
    firms: NameFinder

    @classmethod
    def of(cls, catalogue: Catalogue) -> Extractor:
        return cls(NameFinder(catalogue.company_names()), NameFinder(catalogue.firm_names()))

    def read(self, text: str) -> Extraction:
        """Reads a plain-text story. Raises UnreadableText when it is none."""
        story = read_story(text)
        spans = story.story_spans()
        found = self.companies.find(text, story.published_on).found
        mentioned = [m for start, end in spans for m in within(found, start, end)]
        return Extraction(
            published_on=story.published_on,
            calls=extract(text, spans, self.companies, self.firms, story.published_on),
            companies=tuple(dict.fromkeys(m.owner for m in mentioned)),
            events=extract_events(text, spans, self.companies, story.published_on),
        )


def _call_record(call: Call) -> dict[str, Any]:
    return {
        "firm": call.firm,
        "ticker": call.ticker,
        "rating": call.rating,
        "prev_rating": call.prev_rating,
        "action": call.action,
        "target": _number(call.target),
        "prev_target": _number(call.prev_target),
        "currency": call.currency,
        "price": _number(call.price),
        "analysts": list(call.analysts),
        "evidence": _spans(call.evidence),
    }


def _spans(spans: tuple[Span, ...]) -> list[dict[str, Any]]:
    return [{"field": s.field, "start": s.start, "end": s.end, "quote": s.quote} for s in spans]


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
