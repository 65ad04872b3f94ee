"""Saves a catalogue: companies by ticker, firms by name.

What is new comes in and what is blank is filled; a value that is there, an editor's perhaps, is replaced only when
`overwrite` says so, and never by a blank.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from companies.catalogue import BadCatalogue, Catalogue, CompanyEntry, FirmEntry
from companies.models import AnalystFirm, Company, CompanyName

_COMPANY_FIELDS = ("name", "legal_name", "exchange", "country", "website", "status", "summary")


def import_catalogue(catalogue: Catalogue, dry_run: bool = False, overwrite: bool = False) -> Counter[str]:
    """Counts of created, updated and unchanged entries. All of the catalogue goes in, or nothing.

    Raises BadCatalogue when a name is another company's already.
    """
    counts: Counter[str] = Counter()
    with transaction.atomic():
        for company in catalogue.companies:
            counts[_save_company(company, overwrite)] += 1
        for firm in catalogue.firms:
            counts[_save_firm(firm, overwrite)] += 1
        transaction.set_rollback(dry_run)
    return counts


def _save_company(entry: CompanyEntry, overwrite: bool) -> str:
    values = {field: getattr(entry, field) for field in _COMPANY_FIELDS}
    other = Company.objects.filter(name=entry.name).exclude(ticker=entry.ticker).first()
    if other is not None:
        raise BadCatalogue(f"company {entry.name!r}: that name belongs to {other.ticker}; change it there first")
    company, created = Company.objects.get_or_create(
        ticker=entry.ticker, defaults={**values, "slug": slugify(entry.ticker)}
    )
    changed = _assign(company, values, overwrite)
    for name in entry.names:
        row, added = CompanyName.objects.get_or_create(
            company=company,
            name=name.name,
            kind=name.kind,
            exchange=name.exchange,
            defaults={"valid_from": name.valid_from, "valid_to": name.valid_to, "needs_context": name.needs_context},
        )
        changed |= added or _assign(
            row,
            {"valid_from": name.valid_from, "valid_to": name.valid_to, "needs_context": name.needs_context},
            overwrite,
        )
    return "created" if created else "updated" if changed else "unchanged"


def _save_firm(entry: FirmEntry, overwrite: bool) -> str:
    values = {"aliases": list(entry.aliases), "rating_scale": dict(entry.rating_scale)}
    firm, created = AnalystFirm.objects.get_or_create(name=entry.name, defaults={**values, "slug": slugify(entry.name)})
    return "created" if created else "updated" if _assign(firm, values, overwrite) else "unchanged"


def _assign(row: Any, values: dict[str, Any], overwrite: bool) -> bool:
    """Saves on a row the values that it lacks, or that differ where `overwrite`; says whether there were any."""
    changed = [
        field
        for field, value in values.items()
        if not _blank(value) and getattr(row, field) != value and (overwrite or _blank(getattr(row, field)))
    ]
    for field in changed:
        setattr(row, field, values[field])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def _blank(value: Any) -> bool:
    return value in ("", None, [], {})
