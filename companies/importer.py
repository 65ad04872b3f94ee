"""Saves a catalogue: companies by ticker, firms by name. What the file does not name stays as it is."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from companies.catalogue import Catalogue, CompanyEntry, FirmEntry
from companies.models import AnalystFirm, Company, CompanyName

_COMPANY_FIELDS = ("name", "legal_name", "exchange", "country", "website", "status", "summary")


def import_catalogue(catalogue: Catalogue, dry_run: bool = False) -> Counter[str]:
    """Counts of created, updated and unchanged entries. All of the catalogue goes in, or nothing."""
    counts: Counter[str] = Counter()
    with transaction.atomic():
        for company in catalogue.companies:
            counts[_save_company(company)] += 1
        for firm in catalogue.firms:
            counts[_save_firm(firm)] += 1
        transaction.set_rollback(dry_run)
    return counts


def _save_company(entry: CompanyEntry) -> str:
    values = {field: getattr(entry, field) for field in _COMPANY_FIELDS}
    company, created = Company.objects.get_or_create(
        ticker=entry.ticker, defaults={**values, "slug": slugify(entry.ticker)}
    )
    changed = _assign(company, values)
    for name in entry.names:
        row, added = CompanyName.objects.get_or_create(
            company=company,
            name=name.name,
            kind=name.kind,
            exchange=name.exchange,
            defaults={"valid_from": name.valid_from, "valid_to": name.valid_to, "needs_context": name.needs_context},
        )
        changed |= added or _assign(
            row, {"valid_from": name.valid_from, "valid_to": name.valid_to, "needs_context": name.needs_context}
        )
    return "created" if created else "updated" if changed else "unchanged"


def _save_firm(entry: FirmEntry) -> str:
    values = {"aliases": list(entry.aliases), "rating_scale": dict(entry.rating_scale)}
    firm, created = AnalystFirm.objects.get_or_create(name=entry.name, defaults={**values, "slug": slugify(entry.name)})
    return "created" if created else "updated" if _assign(firm, values) else "unchanged"


def _assign(row: Any, values: dict[str, Any]) -> bool:
    """Saves `values` on a row if any differs, and says whether one did."""
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, values[field])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)
