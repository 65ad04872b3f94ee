"""The companies side by side: each with its latest calls, their range, and the last of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from companies.consensus import Consensus, consensus
from companies.models import AnalystCall, Company
from companies.range_chart import RangeChart, range_chart


@dataclass(frozen=True)
class SectorRow:
    """One company of the sector table. `calls` holds the latest accepted call of each firm, newest first."""

    company: Company
    calls: tuple[AnalystCall, ...]
    figures: Consensus
    chart: RangeChart | None

    @property
    def last_call(self) -> AnalystCall | None:
        return self.calls[0] if self.calls else None


def sector_rows(today: dt.date, only_called: bool = False) -> list[SectorRow]:
    """All companies by name in two queries; `only_called` leaves out those without a call in the window."""
    calls: dict[int, list[AnalystCall]] = defaultdict(list)
    latest = AnalystCall.objects.accepted().in_window(today).latest_per_firm().select_related("firm")
    for call in latest.newest_first():
        calls[call.company_id].append(call)
    companies = Company.objects.order_by("name")
    if only_called:
        companies = companies.filter(pk__in=calls)
    rows = []
    for company in companies:
        figures = consensus(calls[company.pk])
        priced = latest_priced(calls[company.pk], figures.currency)
        chart = range_chart(figures, priced.price if priced else None)
        rows.append(SectorRow(company, tuple(calls[company.pk]), figures, chart))
    return rows


def latest_priced(calls: list[AnalystCall], currency: str) -> AnalystCall | None:
    """The newest call that gives a share price in `currency`; calls come newest first."""
    return next((call for call in calls if call.price is not None and call.currency == currency), None)
