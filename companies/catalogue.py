"""The catalogue of companies and firms as a TOML file: read strictly, and turned into names to look for. Pure."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from companies.names import KnownName
from companies.ratings import RATING_WORDS, fold

# What is no text, and how long texts may be.
_TYPES: dict[str, type] = {
    "names": list, "aliases": list, "rating_scale": dict, "valid_from": dt.date, "valid_to": dt.date, "needs_context": bool,
}  # fmt: skip
_LONGEST = {"name": 200, "legal_name": 200, "ticker": 20, "exchange": 40, "country": 2, "website": 200}


class BadCatalogue(ValueError):
    """A catalogue that cannot be used; the message names the entry and what is wrong with it."""


class NameLike(Protocol):
    """A NameEntry, or a row shaped like one."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def needs_context(self) -> bool: ...
    @property
    def valid_from(self) -> dt.date | None: ...
    @property
    def valid_to(self) -> dt.date | None: ...


@dataclass(frozen=True)
class NameEntry:
    name: str
    kind: str = "name"
    exchange: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    needs_context: bool = False


@dataclass(frozen=True)
class CompanyEntry:
    """One [[company]]; `country` is an ISO 3166 code of two letters, blank where unknown."""

    name: str
    ticker: str
    names: tuple[NameEntry, ...]
    legal_name: str = ""
    exchange: str = ""
    country: str = ""
    website: str = ""
    status: str = "listed"
    summary: str = ""


@dataclass(frozen=True)
class FirmEntry:
    name: str
    aliases: tuple[str, ...] = ()
    rating_scale: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Catalogue:
    companies: tuple[CompanyEntry, ...]
    firms: tuple[FirmEntry, ...]

    def company_names(self) -> list[KnownName]:
        return [
            known for company in self.companies for known in known_names(company.ticker, company.name, company.names)
        ]

    def firm_names(self) -> list[KnownName]:
        return [KnownName(firm.name, name) for firm in self.firms for name in (firm.name, *firm.aliases)]


def known_names(ticker: str, name: str, names: Iterable[NameLike]) -> list[KnownName]:
    """What a company is found by: its names and tickers; its main name too, unless an entry repeats it with a flag."""
    names = list(names)
    listed = {entry.name for entry in names if entry.kind == "name"}
    known = [] if name in listed else [KnownName(ticker, name)]
    return known + [
        KnownName(ticker, e.name, e.kind == "ticker", e.needs_context, e.valid_from, e.valid_to) for e in names
    ]


def read_catalogue(text: str) -> Catalogue:
    """Parses and checks a catalogue. Raises BadCatalogue."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadCatalogue(f"not valid TOML: {error}") from None
    unknown = data.keys() - {"company", "firm"}
    if unknown:
        raise BadCatalogue(f"unknown table {sorted(unknown)[0]!r}; [[company]] and [[firm]] are known")
    for table in data:
        if not isinstance(data[table], list):
            raise BadCatalogue(f"write [[{table}]] for each {table}, not [{table}]")
    companies = tuple(_company(entry) for entry in data.get("company", []))
    firms = tuple(_firm(entry) for entry in data.get("firm", []))
    if not companies and not firms:
        raise BadCatalogue("neither a [[company]] nor a [[firm]]")
    for what, values in (
        ("company", [company.name for company in companies]),
        ("ticker", [company.ticker for company in companies]),
        ("firm", [firm.name for firm in firms]),
    ):
        twice = next((value for value in values if values.count(value) > 1), None)
        if twice:
            raise BadCatalogue(f"the {what} {twice!r} stands twice")
    return Catalogue(companies, firms)


def _company(entry: dict[str, Any]) -> CompanyEntry:
    where = f"company {entry.get('name') or entry.get('ticker')!r}" if isinstance(entry, dict) else "a company"
    _check(entry, where, CompanyEntry, required=("name", "ticker"))
    if entry.get("status", "listed") not in ("listed", "acquired", "delisted"):
        raise BadCatalogue(f"{where}: status must be listed, acquired or delisted, not {entry['status']!r}")
    names = []
    for item in entry.get("names", []):
        _check(
            item,
            f"{where}, a name" if not isinstance(item, dict) else f"{where}, name {item.get('name')!r}",
            NameEntry,
            required=("name",),
        )
        if item.get("kind", "name") not in ("name", "ticker"):
            raise BadCatalogue(f"{where}, name {item['name']!r}: kind must be name or ticker")
        names.append(NameEntry(**item))
    return CompanyEntry(**{**entry, "names": tuple(names)})


def _firm(entry: dict[str, Any]) -> FirmEntry:
    where = f"firm {entry.get('name')!r}" if isinstance(entry, dict) else "a firm"
    _check(entry, where, FirmEntry, required=("name",))
    if not all(isinstance(alias, str) and alias.strip() for alias in entry.get("aliases", ())):
        raise BadCatalogue(f"firm {entry['name']!r}: aliases must be a list of texts")
    scale = tuple((fold(str(word)), str(rating)) for word, rating in entry.get("rating_scale", {}).items())
    wrong = next((rating for _, rating in scale if rating not in RATING_WORDS), None)
    if wrong is not None:
        raise BadCatalogue(f"firm {entry['name']!r}: rating_scale must map to {', '.join(RATING_WORDS)}, not {wrong!r}")
    return FirmEntry(entry["name"], tuple(entry.get("aliases", ())), scale)


def _check(entry: dict[str, Any], where: str, kind: type, required: tuple[str, ...]) -> None:
    if not isinstance(entry, dict):
        raise BadCatalogue(f"{where}: must be a table of keys with values")
    unknown = entry.keys() - set(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    if unknown:
        raise BadCatalogue(f"{where}: unknown key {sorted(unknown)[0]!r}")
    for key in required:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise BadCatalogue(f"{where}: {key} is missing")
    for key, value in entry.items():
        if not isinstance(value, _TYPES.get(key, str)) or isinstance(value, dt.datetime):
            raise BadCatalogue(f"{where}: {key} has a value of the wrong kind: {value!r}")
        if isinstance(value, str) and len(value) > _LONGEST.get(key, 2_000):
            raise BadCatalogue(f"{where}: {key} is longer than {_LONGEST[key]} characters")
