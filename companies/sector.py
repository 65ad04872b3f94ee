"""The companies side by side: each with its latest calls, their range, and the last of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

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
        chart = range_chart(figures, latest_price(calls[company.pk]))
        rows.append(SectorRow(company, tuple(calls[company.pk]), figures, chart))
    return rows


def latest_price(calls: list[AnalystCall]) -> Decimal | None:
    """The share price of the newest call that gives one; calls come newest first."""
    return next((call.price for call in calls if call.price is not None), None)
