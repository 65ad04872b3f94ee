"""What a company page shows: the latest call of each firm with its quotes, the figures, and the calls before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from companies.consensus import Consensus, consensus, upside
from companies.models import AnalystCall, Company
from companies.querysets import CONSENSUS_WINDOW
from companies.quoting import Quotation, quotations
from companies.range_chart import RangeChart, range_chart
from companies.sector import latest_priced
from sources.models import Document

MAXIMUM_CALLS = 60


@dataclass(frozen=True)
class QuotedCall:
    """A call with the sentences it was read from, each with its document, and its upside against its own price."""

    call: AnalystCall
    quotes: tuple[tuple[Document, tuple[Quotation, ...]], ...]
    upside: Decimal | None


@dataclass(frozen=True)
class Profile:
    """`current` holds one call a firm within the window, `earlier` all others, both newest first."""

    company: Company
    current: tuple[QuotedCall, ...]
    earlier: tuple[QuotedCall, ...]
    figures: Consensus
    chart: RangeChart | None
    priced_call: AnalystCall | None


def quoted(call: AnalystCall) -> QuotedCall:
    """Needs a call of `with_statements()`; asks no query."""
    documents = {row.document_id: row.document for row in call.quotations}  # type: ignore[attr-defined]
    quotes = []
    for key, document in documents.items():
        limit = document.outlet.maximum_quoted_words if document.outlet else 60
        rows = [row for row in call.quotations if row.document_id == key]  # type: ignore[attr-defined]
        quotes.append((document, quotations(rows, limit)))
    return QuotedCall(call, tuple(quotes), upside(call.target, call.price))


def profile(company: Company, today: dt.date) -> Profile:
    """Two queries: the calls, and their evidence."""
    calls = company.calls.accepted().with_statements().current_first(today)[:MAXIMUM_CALLS]
    current, earlier, seen = [], [], set()
    for call in calls:
        in_window = today - CONSENSUS_WINDOW < call.called_on <= today
        if in_window and call.firm_id not in seen:
            seen.add(call.firm_id)
            current.append(quoted(call))
        else:
            earlier.append(quoted(call))
    latest = [item.call for item in current]
    figures = consensus(latest)
    priced = latest_priced(latest, figures.currency)
    return Profile(
        company=company,
        current=tuple(current),
        earlier=tuple(earlier),
        figures=figures,
        chart=range_chart(figures, priced.price if priced else None),
        priced_call=priced,
    )
