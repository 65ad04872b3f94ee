"""Announced events read from a text: earnings dates, regulators' dates, investor days. Pure.

An event needs its kind and its day in one sentence, and a day that is not before the text's own. A day without a year
is the one nearest to the text's date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from companies.calls import Span
from companies.names import NameFinder, within
from companies.sentences import sentences
from sources.dates import days_in

# What each kind of event is called in print; the day follows within the same clause.
_KINDS = {
    "earnings": r"\b(?:report|releas|post|publish|announc|present)\w*\b[^.;]{0,60}?\b(?:earnings|(?:quarterly|financial|full[- ]year) results)\b",
    "investor_day": r"\b(?:investor|analyst|capital markets) day\b",
    "regulatory": r"\b(?:(?:state |federal )?regulators?|utility commission|public hearing)\b",
}  # fmt: skip
_RULES = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS.items()]
_REACH = 80
_LONGEST = 160  # characters from the verb of a kind to the end of its words


@dataclass(frozen=True)
class AnnouncedEvent:
    """Something of `kind` on `date`; without tickers it concerns the sector."""

    kind: str
    date: dt.date
    tickers: tuple[str, ...]
    evidence: tuple[Span, ...]
    statement: Span


def extract_events(
    text: str, paragraphs: Iterable[tuple[int, int]], companies: NameFinder, on: dt.date | None
) -> tuple[AnnouncedEvent, ...]:
    """The events that the paragraphs of `text`, dated `on`, announce. A text without a date announces none."""
    if on is None:
        return ()
    mentions = companies.find(text, on).found
    events: list[AnnouncedEvent] = []
    announced: set[tuple[str, dt.date, str]] = set()
    for start, end in paragraphs:
        for first, last in sentences(text, start, end):
            sentence = text[first:last]
            for day_start, day_end, date in days_in(sentence, on):
                kind = _kind_before(sentence, day_start)
                if kind is None or date < on:
                    continue
                named = within(mentions, first, last) if kind != "regulatory" else ()
                concerned = {(kind, date, owner) for owner in ([m.owner for m in named] or [""])}
                if concerned <= announced:
                    continue
                announced |= concerned
                spans = [Span("date", first + day_start, first + day_end, sentence[day_start:day_end])]
                spans += [Span("company", m.start, m.end, text[m.start : m.end]) for m in named]
                events.append(
                    AnnouncedEvent(
                        kind=kind,
                        date=date,
                        tickers=tuple(dict.fromkeys(m.owner for m in named)),
                        evidence=tuple(sorted(spans, key=lambda span: span.start)),
                        statement=Span("statement", first, last, sentence),
                    )
                )
    return tuple(events)


def _kind_before(sentence: str, place: int) -> str | None:
    """The kind whose words end last before `place`, not further off than a clause."""
    first = max(0, place - _REACH - _LONGEST)
    found = [(match.end(), kind) for kind, rule in _RULES for match in rule.finditer(sentence, first, place)]
    near = [(end, kind) for end, kind in found if place - end <= _REACH]
    return max(near)[1] if near else None
