"""A sentence as a row of tokens: companies, firms, money and rating words each become one character. Pure.

Rules over "the bank cut its target on C to M from M" are short and see no names; each token remembers where it stood.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from companies.names import Mention
from companies.ratings import rating_pattern

# One range of Unicode's private use area a kind, so that a rule can name a kind as a character class.
_FIRST = {"company": 0xE000, "firm": 0xE400, "money": 0xE800, "rating": 0xEC00}
_ROOM = 0x400
COMPANY, FIRM, MONEY, RATING = (f"[{chr(first)}-{chr(first + _ROOM - 1)}]" for first in _FIRST.values())
ANY_TOKEN = f"[{chr(0xE000)}-{chr(0xEFFF)}]"

# An amount for one share: no more digits than a price can have, and not the "$1" of "$1.5 billion" or of "$1,500 million".
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3}){1,2}(?:\.\d{1,4})?|\d{1,7}(?:\.\d{1,4})?)(?![\d%]|[.,]\d)"
_MONEY = re.compile(
    rf"(?P<sign>US\$|C\$|A\$|HK\$|\$|£|€)\s?{_NUMBER}"
    r"(?![\s-]?(?:billion|million|trillion|thousand|bn|mn|mln|tn|[bmk])\b|[BMK]\b)"
    r"(?!\s?(?:per\s+|/\s?)(?!share\b)\w)"
)
_PENCE = re.compile(rf"(?<![\w.,]){_NUMBER}(?:p\b|\s?pence\b)")
_CURRENCIES = {"$": "USD", "US$": "USD", "C$": "CAD", "A$": "AUD", "HK$": "HKD", "£": "GBP", "€": "EUR"}
_APPROXIMATE = re.compile(
    r"(?:\b(?:approximately|about|around|roughly|nearly|near|some|circa)|[~≈])\s*$", re.IGNORECASE
)
_RATING = re.compile(rating_pattern(), re.IGNORECASE)
# "raised $650 million in notes to buy bitcoin" and "remains on hold" rate nothing: there the word is a verb or an idiom.
_VERBS = frozenset(
    ("buy", "sell", "hold", "add", "reduce", "trim", "accumulate", "perform", "outperform", "underperform")
)
_INFINITIVE = re.compile(r"\b(?:to|will|would|can|could|may|might|should|must|not)\s+$")
_OBJECT = re.compile(
    r"\s+(?!(?:after|ahead|amid|and|as|at|because|but|by|despite|due|following|from|given|in|last|on|rating|saying|since"
    r"|stance|this|today|when|while|with|yesterday|(?:mon|tues|wednes|thurs|fri)day)\b)[\w$£€]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Token:
    """`text[start:end]`; `value` is the owner of a name, a rating word as written, or an amount of `currency`."""

    kind: str
    start: int
    end: int
    value: str | Decimal
    currency: str = ""
    approximate: bool = False


@dataclass(frozen=True)
class Sentence:
    """text[start:end] with its tokens; `row` is the sentence with each token as one character."""

    start: int
    end: int
    row: str
    tokens: tuple[Token, ...]
    places: tuple[int, ...]

    def token_at(self, place: int) -> Token:
        """The token that stands at `row[place]`."""
        return self.tokens[bisect_left(self.places, place)]

    def of_kind(self, kind: str) -> list[tuple[int, Token]]:
        """(place in the row, token) of every token of a kind."""
        return [(place, token) for place, token in zip(self.places, self.tokens, strict=True) if token.kind == kind]


def tokenise(text: str, span: tuple[int, int], companies: Iterable[Mention], firms: Iterable[Mention]) -> Sentence:
    """One sentence of `text`, given all mentions of the text. A name outranks a rating word, the longer the shorter."""
    start, end = span
    found = [Token("company", m.start, m.end, m.owner) for m in companies if start <= m.start and m.end <= end]
    found = _with_listings(text, found)
    found += [Token("firm", m.start, m.end, m.owner) for m in firms if start <= m.start and m.end <= end]
    for match in _MONEY.finditer(text, start, end):
        amount = Decimal(match["number"].replace(",", ""))
        if amount > 0:
            near = _APPROXIMATE.search(text, max(start, match.start() - 16), match.start())
            currency = _CURRENCIES[match["sign"]]
            found.append(Token("money", match.start(), match.end(), amount, currency, bool(near)))
    for match in _PENCE.finditer(text, start, end):
        amount = Decimal(match["number"].replace(",", ""))
        found.append(Token("money", match.start(), match.end(), amount, "GBX"))
    found += [Token("rating", m.start(), m.end(), m.group()) for m in _RATING.finditer(text, start, end)
              if not _is_verb(text, m, end)]  # fmt: skip
    return _row(text, start, end, found)


def _is_verb(text: str, word: re.Match[str], end: int) -> bool:
    if word.group() not in _VERBS:
        return False
    before = text[max(0, word.start() - 12) : word.start()]
    if word.group() == "hold" and before.endswith(" on "):
        return True
    return bool(_INFINITIVE.search(before) and _OBJECT.match(text, word.end(), end))


def _with_listings(text: str, companies: list[Token]) -> list[Token]:
    """Joins "Cipher Mining (NASDAQ: CIFR)" into one token."""
    joined: list[Token] = []
    for token in companies:
        last = joined[-1] if joined else None
        if (
            last
            and last.value == token.value
            and re.fullmatch(r"[\s(]*(?:[A-Za-z ]{2,14}:)?\s*", text[last.end : token.start])
        ):
            end = token.end + (text[token.end : token.end + 1] == ")")
            joined[-1] = Token("company", last.start, end, last.value)
        else:
            joined.append(token)
    return joined


def _row(text: str, start: int, end: int, found: list[Token]) -> Sentence:
    ranks = {"company": 0, "firm": 0, "money": 1, "rating": 2}
    chosen: list[Token] = []
    taken = bytearray(end - start)
    for token in sorted(found, key=lambda t: (ranks[t.kind], -(t.end - t.start), t.start)):
        here = slice(token.start - start, token.end - start)
        if not any(taken[here]):
            taken[here] = b"\1" * (token.end - token.start)
            chosen.append(token)
    chosen.sort(key=lambda token: token.start)
    parts: list[str] = []
    places: list[int] = []
    length, position = 0, start
    counts = dict.fromkeys(_FIRST, 0)
    for token in chosen:
        gap = text[position : token.start]
        length += len(gap)
        places.append(length)
        parts += [gap, chr(_FIRST[token.kind] + counts[token.kind] % _ROOM)]
        counts[token.kind] += 1
        length += 1
        position = token.end
    parts.append(text[position:end])
    return Sentence(start, end, "".join(parts), tuple(chosen), tuple(places))
