"""Finds known names in a text: companies by name and ticker, firms by their spellings. Pure.

Longest match wins. A name that is also a word (`needs_context`) counts only in a text that names its owner unmistakably
elsewhere. A name of two owners belongs to neither, and is reported as ambiguous.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_EXCHANGES = r"NASDAQ(?:GS|GM|CM)?|NYSE(?:[ -](?:American|Arca))?|AMEX|TSX[ -]?V|TSX|CSE|NEO|LSE|LON|AIM|ASX|OTC(?:QX|QB|MKTS)?|CBOE"
# Each pattern begins with what the engine can look for fast (a colon, a dollar sign, a first letter), and looks back after.
_COLON = re.compile(r":\s*(?P<ticker>[A-Za-z][A-Za-z0-9.]{0,6})\b")
_EXCHANGE_BEFORE = re.compile(rf"\b(?:{_EXCHANGES})\s*$", re.IGNORECASE)
_LONGEST_EXCHANGE = 32
_CASHTAG = re.compile(r"\$(?<![\w$]\$)(?P<ticker>[A-Z]{2,6})\b")
# "North American Bitcoin miners" does not name American Bitcoin: a region before a name is part of another one.
_NOT_BEFORE = r"(?<![\w$].)(?<!North .)(?<!South .)(?<!Latin .)"


@dataclass(frozen=True)
class KnownName:
    """One spelling of an owner's name. `owner` is a company's ticker or a firm's name; dates may be open."""

    owner: str
    text: str
    ticker: bool = False
    needs_context: bool = False
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True)
class Mention:
    """`text[start:end]` names `owner`."""

    owner: str
    start: int
    end: int


@dataclass(frozen=True)
class Mentions:
    """All mentions in order of place, and the names that two owners claim."""

    found: tuple[Mention, ...]
    ambiguous: tuple[str, ...]

    def owners(self) -> tuple[str, ...]:
        """Everyone mentioned, once, in order of first mention."""
        return tuple(dict.fromkeys(mention.owner for mention in self.found))


def within(mentions: Sequence[Mention], start: int, end: int) -> Sequence[Mention]:
    """Those of `mentions`, which stand in order of place, that begin in text[start:end]."""
    first = bisect_left(mentions, start, key=_start)
    return mentions[first : bisect_left(mentions, end, lo=first, key=_start)]


def _start(mention: Mention) -> int:
    return mention.start


class NameFinder:
    """Finds any of many names in one pass. Building it compiles one pattern; keep it for as many texts as there are."""

    def __init__(self, names: Iterable[KnownName]) -> None:
        self._by_text: dict[str, list[KnownName]] = defaultdict(list)
        self._by_ticker: dict[str, list[KnownName]] = defaultdict(list)
        for name in names:
            for spelling in _spellings(name.text):
                self._by_text[spelling].append(name)
            if name.ticker:
                self._by_ticker[name.text.upper()].append(name)
        self._pattern = _pattern_of(self._by_text)

    def find(self, text: str, on: dt.date | None = None) -> Mentions:
        """Everyone named in `text`; `on` (the day of the text) decides between owners of one name at different times."""
        spans: dict[tuple[int, int], list[KnownName]] = {}
        sure: set[str] = set()
        taken = bytearray(len(text))
        for place, span, ticker in _listings(text):
            names = self._by_ticker.get(ticker)
            if names:
                spans[span] = names
                taken[place[0] : place[1]] = b"\1" * (place[1] - place[0])
                sure.update(_owners(names, on) if len(_owners(names, on)) == 1 else ())
        for match in self._pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            names = self._by_text[" ".join(match.group().split())]
            spans[match.span()] = names
            owners = _owners(names, on)
            if len(owners) == 1 and not all(name.needs_context for name in names):
                sure.update(owners)
        found, ambiguous = [], []
        for (start, end), names in sorted(spans.items()):
            owners = _owners(names, on)
            certain = [owner for owner in owners if owner in sure]
            if len(owners) > 1 and len(certain) != 1:
                ambiguous.append(text[start:end])
                continue
            owner = (certain or owners)[0]
            if taken[start] or owner in sure:
                found.append(Mention(owner, start, end))
        return Mentions(tuple(found), tuple(dict.fromkeys(ambiguous)))


def _listings(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int], str]]:
    """Each "NASDAQ: X" and "$X": its place, the part of it that stands for the company, and the ticker."""
    for match in _COLON.finditer(text):
        first = max(0, match.start() - _LONGEST_EXCHANGE)
        before = _EXCHANGE_BEFORE.search(text[first : match.start()])
        if before:
            yield (first + before.start(), match.end()), match.span("ticker"), match["ticker"].upper()
    for match in _CASHTAG.finditer(text):
        yield match.span(), match.span(), match["ticker"]


def _pattern_of(spellings: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all spellings, the longest first, grouped by first letter so that the engine skips to those."""
    groups: dict[str, list[str]] = defaultdict(list)
    for text in sorted(spellings, key=lambda text: (-len(text), text)):
        groups[text[0]].append(re.escape(text[1:]).replace(r"\ ", r"\s+"))
    parts = [f"{re.escape(first)}{_NOT_BEFORE}(?:{'|'.join(rest)})" for first, rest in groups.items()]
    return re.compile(f"(?:{'|'.join(parts)})(?!\\w)" if parts else r"(?!)", re.DOTALL)


def _owners(names: list[KnownName], on: dt.date | None) -> list[str]:
    owners = list(dict.fromkeys(name.owner for name in names))
    if len(owners) > 1 and on is not None:
        current = [name.owner for name in names
                   if (name.valid_from or dt.date.min) <= on <= (name.valid_to or dt.date.max)]  # fmt: skip
        owners = list(dict.fromkeys(current)) or owners
    return owners


def _spellings(text: str) -> tuple[str, ...]:
    """A name as it is, with a curly apostrophe, and in a headline's capitals. Case matters: a riot is not Riot."""
    curly = text.replace("'", "’")
    return tuple(dict.fromkeys((text, curly, text.upper(), curly.upper())))
