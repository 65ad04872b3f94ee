"""The catalogue that ships with minernews: what a new installation knows of companies and firms."""

from __future__ import annotations

from pathlib import Path

from companies.catalogue import Catalogue, read_catalogue
from companies.importer import import_catalogue
from companies.models import Company

SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "companies.toml"


def shipped_catalogue() -> Catalogue:
    return read_catalogue(SHIPPED.read_text("utf-8"))


def import_shipped_if_empty() -> str:
    """Loads the shipped catalogue into a database that knows no company, and says so; else an empty text."""
    if Company.objects.exists():
        return ""
    catalogue = shipped_catalogue()
    import_catalogue(catalogue)
    return (
        f"No companies yet: loaded {len(catalogue.companies)} companies and "
        f"{len(catalogue.firms)} firms from {SHIPPED.parent.name}/{SHIPPED.name}"
    )
