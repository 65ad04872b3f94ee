"""The geometry of a target range drawn to scale: low–high bar, mean tick, price mark. Pure.

Coordinates run from 0 to 100 along the bar, whatever the money: a template puts them into an SVG of that width.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from companies.consensus import Consensus

_MARGIN = Decimal("0.08")


@dataclass(frozen=True)
class RangeChart:
    """x positions (0–100) of the marks; `price` is None when no price is held."""

    low: float
    high: float
    mean: float
    price: float | None = None

    @property
    def width(self) -> float:
        """The length of the bar; one single target still shows as a mark."""
        return round(max(self.high - self.low, 1.5), 2)


def range_chart(
    figures: Consensus, price: Decimal | None = None, scale: tuple[Decimal, Decimal] | None = None
) -> RangeChart | None:
    """The chart of a consensus, on its own scale or a given (lowest, highest); None without targets."""
    if figures.low is None or figures.high is None or figures.mean is None:
        return None
    values = [figures.low, figures.high] + ([price] if price is not None else [])
    lowest, highest = scale or (min(values), max(values))
    room = highest - lowest
    if room:
        start, length = lowest - room * _MARGIN, room * (1 + 2 * _MARGIN)
    else:
        # One value and nothing to measure it by stands in the middle.
        start, length = lowest / 2, lowest

    def position(value: Decimal) -> float:
        return round(float((value - start) / length * 100), 2)

    return RangeChart(
        low=position(figures.low),
        high=position(figures.high),
        mean=position(figures.mean),
        price=position(price) if price is not None else None,
    )
