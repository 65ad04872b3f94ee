"""Saves what was read from a document: calls and events, pending unless accepted, and never against a person's word."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from companies.calls import Call, Span, extract
from companies.events import AnnouncedEvent, extract_events
from companies.models import AnalystCall, Event, Evidence, ReviewStatus
from companies.name_index import NameIndex
from companies.ratings import call_fingerprint, normalise
from sources.models import Document

_TITLES = {"earnings": "Earnings report", "investor_day": "Investor day", "regulatory": "Before the regulators"}


@dataclass(frozen=True)
class Saved:
    """How many calls and events a document gave, how many of them are new, and how many were accepted just now."""

    calls: int
    events: int
    created: int
    accepted: int
    warnings: tuple[str, ...] = ()


def save_calls_of(document: Document, index: NameIndex, accept: bool) -> Saved:
    """Reads the document and saves its calls and events.

    Reading the same words again changes nothing: a call is recognised by the places in the text that it was read from,
    else by firm, company, day and what was first read, so one that a person edited, accepted or rejected stays as it is.
    """
    spans = [(p["start"], p["end"]) for p in document.paragraphs if p["kind"] in ("headline", "editorial")]
    calls = extract(document.text, spans, index.companies, index.firms, document.published_on)
    events = extract_events(document.text, spans, index.companies, document.published_on)
    if document.published_on is None:
        warnings = (f"{len(calls)} calls left out: the document has no date",) if calls else ()
        return Saved(0, 0, 0, 0, warnings)
    created = accepted = 0
    read_calls, read_events = _read_before(document)
    for call in calls:
        spans_of_call = (*call.evidence, *call.statements)
        known = read_calls.get(_places(spans_of_call))
        row, is_new = (known, False) if known else _call_row(call, document.published_on, index)
        _save_evidence(document, spans_of_call, call=row)
        created += is_new
        accepted += accept and _accept(row)
    for event in events:
        spans_of_event = (*event.evidence, event.statement)
        known_event = read_events.get(_places(spans_of_event))
        event_row, is_new = (known_event, False) if known_event else _event_row(event, index)
        _save_evidence(document, spans_of_event, event=event_row)
        created += is_new
        accepted += accept and _accept(event_row)
    ambiguous = index.companies.find(document.text, document.published_on).ambiguous
    notes = tuple(f"{name!r} could be more than one company and was linked to none" for name in ambiguous)
    return Saved(len(calls), len(events), created, accepted, notes)


_Places = frozenset[tuple[str, int, int]]


def _places(spans: Iterable[Span | Evidence]) -> _Places:
    return frozenset((span.field, span.start, span.end) for span in spans)


def _read_before(document: Document) -> tuple[dict[_Places, AnalystCall], dict[_Places, Event]]:
    """The calls and events that this document gave before, by the places they were read from."""
    calls: dict[AnalystCall, list[Evidence]] = defaultdict(list)
    events: dict[Event, list[Evidence]] = defaultdict(list)
    for evidence in document.evidence.select_related("call__company", "call__firm", "event"):
        if evidence.call is not None:
            calls[evidence.call].append(evidence)
        elif evidence.event is not None:
            events[evidence.event].append(evidence)
    return {_places(e): call for call, e in calls.items()}, {_places(e): event for event, e in events.items()}


def _call_row(call: Call, called_on: dt.date, index: NameIndex) -> tuple[AnalystCall, bool]:
    firm = index.firm_by_name[call.firm]
    rating = normalise(call.rating, firm.rating_scale) if call.rating else None
    return AnalystCall.objects.get_or_create(
        company=index.company_by_ticker[call.ticker],
        firm=firm,
        called_on=called_on,
        fingerprint=call_fingerprint(call.rating or "", call.target, call.currency or ""),
        defaults={
            "analysts": list(call.analysts),
            "rating": call.rating or "",
            "rating_normalised": rating.rating if rating else "",
            "rating_strong": bool(rating and rating.strong),
            "previous_rating": call.prev_rating or "",
            "rating_action": call.rating_action,
            "target": call.target,
            "previous_target": call.prev_target,
            "target_action": call.target_action,
            "currency": call.currency or "",
            "price": call.price,
            "price_approximate": call.price_approximate,
            "origin": AnalystCall.Origin.EXTRACTED,
        },
    )


def _event_row(event: AnnouncedEvent, index: NameIndex) -> tuple[Event, bool]:
    companies = [index.company_by_ticker[ticker] for ticker in event.tickers]
    names = " and ".join(filter(None, [", ".join(c.name for c in companies[:-1]), *(c.name for c in companies[-1:])]))
    title = f"{_TITLES[event.kind]}: {names}" if names else _TITLES[event.kind]
    row, created = Event.objects.get_or_create(kind=event.kind, date=event.date, title=title[:300])
    if created:
        row.companies.set(companies)
    return row, created


def _save_evidence(
    document: Document, spans: tuple[Span, ...], call: AnalystCall | None = None, event: Event | None = None
) -> None:
    known = set(Evidence.objects.filter(call=call, event=event, document=document).values_list("field", "start", "end"))
    Evidence.objects.bulk_create(
        Evidence(call=call, event=event, document=document, field=s.field, start=s.start, end=s.end, quote=s.quote)
        for s in dict.fromkeys(spans)
        if (s.field, s.start, s.end) not in known
    )


def _accept(row: AnalystCall | Event) -> bool:
    """Accepts what is pending. No person looked at it, so no reviewer and no time of review are recorded."""
    if row.status != ReviewStatus.PENDING:
        return False
    row.status = ReviewStatus.ACCEPTED
    row.save()
    return True
