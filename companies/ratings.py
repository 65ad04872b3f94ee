"""Rating words and what they come to: the table that the extraction uses and that /methodology/ prints. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

BUY, HOLD, SELL, NONE, UNMAPPED = "buy", "hold", "sell", "none", "unmapped"

# Source of the table: DESIGN §6. Words are folded: lower case, hyphens and runs of spaces as one space.
RATING_WORDS: dict[str, tuple[str, ...]] = {
    BUY: ("strong buy", "conviction buy", "top pick", "buy", "overweight", "outperform", "sector outperform",
          "market outperform", "accumulate", "add", "positive", "moderate buy", "speculative buy"),
    HOLD: ("hold", "neutral", "equal weight", "market perform", "sector perform", "peer perform", "in line",
           "sector weight", "perform", "fair value", "mixed"),
    SELL: ("sell", "underweight", "underperform", "sector underperform", "reduce", "trim", "negative", "strong sell"),
    NONE: ("not rated", "restricted", "suspended", "under review", "coverage dropped"),
}  # fmt: skip
STRONG_WORDS = frozenset({"strong buy", "conviction buy", "top pick", "strong sell"})
_RANK = {BUY: 2, HOLD: 1, SELL: 0}
_NORMALISED = {word: rating for rating, words in RATING_WORDS.items() for word in words}


@dataclass(frozen=True)
class NormalisedRating:
    """`rating` is buy, hold, sell, none or unmapped; `strong` whether the word is stronger than the plain one."""

    rating: str
    strong: bool = False


def fold(word: str) -> str:
    return re.sub(r"[\s\-‐‑–]+", " ", word).strip().lower()


def normalise(word: str, own_scale: Mapping[str, str] | None = None) -> NormalisedRating:
    """What a rating word comes to; a firm's own scale (folded word → rating) goes before the common table."""
    folded = fold(word)
    own = (own_scale or {}).get(folded)
    if own is not None:
        return NormalisedRating(own, folded in STRONG_WORDS)
    if folded in ("equalweight", "inline"):
        folded = {"equalweight": "equal weight", "inline": "in line"}[folded]
    return NormalisedRating(_NORMALISED.get(folded, UNMAPPED), folded in STRONG_WORDS)


def direction(new: str, previous: str) -> int:
    """1 when rating word `new` is better than `previous`, -1 when worse, 0 when equal or not comparable."""
    ranks = _RANK.get(normalise(new).rating), _RANK.get(normalise(previous).rating)
    if ranks[0] is None or ranks[1] is None:
        return 0
    return (ranks[0] > ranks[1]) - (ranks[0] < ranks[1])


def rating_pattern() -> str:
    """A pattern for any rating word as printed, longest first, hyphens and spaces exchangeable."""
    words = sorted((*_NORMALISED, "equalweight"), key=lambda word: (-len(word), word))
    return r"\b(?:" + "|".join(re.escape(word).replace(r"\ ", r"[\s\-‐‑–]") for word in words) + r")\b"


def call_fingerprint(rating: str, target: Decimal | float | None, currency: str) -> str:
    """What makes two calls of one firm on one company and day the same call: rating and target."""
    amount = "" if target is None else f"{Decimal(str(target)).normalize():f} {currency}"
    return f"{fold(rating)}|{amount}"
