"""The query words of companies: written once, used by every page, list, export and the admin."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Value, When, Window
from django.db.models.functions import RowNumber

from companies.consensus import CONSENSUS_DAYS

if TYPE_CHECKING:
    from companies.models import AnalystCall

# Consensus and "latest" look back this far; printed on /methodology/.
CONSENSUS_WINDOW = dt.timedelta(days=CONSENSUS_DAYS)


class CompanyQuerySet(models.QuerySet[Any]):
    def matching(self, words: str) -> CompanyQuerySet:
        """Companies whose ticker is `words`, or one of whose names contains it."""
        from companies.models import CompanyName

        words = words.strip()
        if not words:
            return self.none()
        named = CompanyName.objects.filter(company=OuterRef("pk")).filter(
            Q(kind="name", name__icontains=words) | Q(kind="ticker", name__iexact=words)
        )
        return self.filter(Q(name__icontains=words) | Q(ticker__iexact=words) | Exists(named))


class AnalystCallQuerySet(models.QuerySet[Any]):
    def accepted(self) -> AnalystCallQuerySet:
        return self.filter(status="accepted")

    def in_window(self, today: dt.date) -> AnalystCallQuerySet:
        return self.filter(called_on__gt=today - CONSENSUS_WINDOW, called_on__lte=today)

    def latest_per_firm(self) -> AnalystCallQuerySet:
        """Of the calls at hand, the newest of each firm on each company."""
        newest = Window(RowNumber(), partition_by=["company", "firm"], order_by=["-called_on", "-id"])
        latest: AnalystCallQuerySet = self.alias(place=newest).filter(place=1)
        return latest

    def current_first(self, today: dt.date) -> AnalystCallQuerySet:
        """Newest first, but before all others the latest accepted call of each firm within the window."""
        from companies.models import AnalystCall

        same = AnalystCall.objects.accepted().filter(company=OuterRef("company"), firm=OuterRef("firm"))
        newer = Q(called_on__gt=OuterRef("called_on")) | Q(called_on=OuterRef("called_on"), pk__gt=OuterRef("pk"))
        current = Q(called_on__gt=today - CONSENSUS_WINDOW, called_on__lte=today) & ~Exists(
            same.in_window(today).filter(newer)
        )
        ranked: AnalystCallQuerySet = self.alias(rank=Case(When(current, then=Value(0)), default=Value(1)))
        return ranked.order_by("rank", "-called_on", "-id")

    def newest_first(self) -> AnalystCallQuerySet:
        return self.order_by("-called_on", "-id")

    def after(self, call: AnalystCall) -> AnalystCallQuerySet:
        """What comes after `call` in a list that is newest first."""
        older = Q(called_on__lt=call.called_on) | Q(called_on=call.called_on, pk__lt=call.pk)
        return self.filter(older)

    def with_statements(self) -> AnalystCallQuerySet:
        """Each call with company, firm and `.quotations`: its evidence with documents and outlets, for showing."""
        from companies.models import Evidence

        evidence = Evidence.objects.select_related("document__outlet").defer("document__raw", "document__text")
        return self.select_related("company", "firm").prefetch_related(
            Prefetch("evidence", queryset=evidence, to_attr="quotations")
        )


class EventQuerySet(models.QuerySet[Any]):
    def accepted(self) -> EventQuerySet:
        return self.filter(status="accepted")

    def with_statements(self) -> EventQuerySet:
        """Each event with `.statements`: the sentences that announce it, with their documents."""
        from companies.models import Evidence

        sentences = Evidence.objects.filter(field="statement").select_related("document__outlet")
        return self.prefetch_related(
            Prefetch("evidence", sentences.defer("document__raw", "document__text"), to_attr="statements")
        )
