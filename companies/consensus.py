"""What the latest calls on a company come to: low, high, mean and median of targets, and the spread of ratings. Pure.

Consensus = the latest accepted call of each firm within 12 months. Currencies are never averaged together: the one most
targets are in is used. Below three targets there are figures, and no label.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

MINIMUM_FOR_LABEL = 3
CONSENSUS_DAYS = 365


class CallLike(Protocol):
    """What counts of a call; `target` in `currency`, rating normalised to buy, hold, sell or another word."""

    target: Decimal | None
    currency: str
    rating_normalised: str


@dataclass(frozen=True)
class Consensus:
    """Of `n` targets in `currency`; `label` is empty when there are fewer than three ratings."""

    n: int
    currency: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    mean: Decimal | None = None
    median: Decimal | None = None
    buy: int = 0
    hold: int = 0
    sell: int = 0
    label: str = ""
    left_out: int = 0


def consensus(latest_calls: Iterable[CallLike]) -> Consensus:
    """The consensus of one company's latest calls, one a firm."""
    calls = list(latest_calls)
    ratings = Counter(call.rating_normalised for call in calls)
    rated = ratings["buy"] + ratings["hold"] + ratings["sell"]
    currencies = Counter(call.currency for call in calls if call.target is not None)
    currency = min(currencies, key=lambda code: (-currencies[code], code)) if currencies else ""
    targets = [call.target for call in calls if call.target is not None and call.currency == currency]
    return Consensus(
        n=len(targets),
        currency=currency,
        low=min(targets, default=None),
        high=max(targets, default=None),
        mean=statistics.mean(targets) if targets else None,
        median=statistics.median(targets) if targets else None,
        buy=ratings["buy"],
        hold=ratings["hold"],
        sell=ratings["sell"],
        label=_label(ratings) if rated >= MINIMUM_FOR_LABEL else "",
        left_out=sum(currencies.values()) - len(targets),
    )


def _label(ratings: Counter[str]) -> str:
    """The rating that more than half of the firms give; else "mixed"."""
    rated = {word: ratings[word] for word in ("buy", "hold", "sell")}
    word = max(rated, key=lambda key: rated[key])
    return word if rated[word] * 2 > sum(rated.values()) else "mixed"


def upside(target: Decimal | None, price: Decimal | None) -> Decimal | None:
    """How far the target lies from the share price, as a fraction of the price; None without both."""
    if target is None or not price:
        return None
    return target / price - 1
