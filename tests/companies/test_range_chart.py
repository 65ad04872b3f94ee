"""Target ranges drawn to scale."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.consensus import Consensus
from companies.range_chart import RangeChart, range_chart


def figures(low: str, high: str, mean: str) -> Consensus:
    return Consensus(n=2, currency="USD", low=Decimal(low), high=Decimal(high), mean=Decimal(mean))


def test_without_targets_there_is_no_chart() -> None:
    assert range_chart(Consensus(n=0)) is None
    assert range_chart(Consensus(n=0), Decimal("54")) is None


def test_the_bar_is_drawn_to_scale_with_a_margin_at_both_ends() -> None:
    assert range_chart(figures("10", "20", "15")) == RangeChart(low=6.9, high=93.1, mean=50.0)


def test_a_price_outside_the_targets_widens_the_scale() -> None:
    chart = range_chart(figures("10", "20", "15"), Decimal("30"))
    assert chart == RangeChart(low=6.9, high=50.0, mean=28.45, price=93.1)


def test_charts_on_one_given_scale_can_be_compared() -> None:
    scale = (Decimal(0), Decimal(100))
    first, second = (
        range_chart(figures("10", "20", "15"), None, scale),
        range_chart(figures("20", "40", "30"), None, scale),
    )
    assert first is not None
    assert second is not None
    assert first.high == second.low
    assert second.width == pytest.approx(2 * first.width, abs=0.02)


def test_one_single_target_stands_in_the_middle_and_still_shows() -> None:
    chart = range_chart(figures("18", "18", "18"))
    assert chart == RangeChart(low=50.0, high=50.0, mean=50.0)
    assert chart is not None
    assert chart.width == 1.5


AMOUNTS = st.decimals(min_value="0.01", max_value="100000", places=2)


@settings(max_examples=150, deadline=None, database=None)
@given(AMOUNTS, AMOUNTS, st.none() | AMOUNTS)
def test_every_mark_lies_on_the_bar_and_in_the_order_of_the_money(
    one: Decimal, other: Decimal, price: Decimal | None
) -> None:
    low, high = sorted((one, other))
    chart = range_chart(Consensus(n=2, low=low, high=high, mean=(low + high) / 2), price)
    assert chart is not None
    assert 0 <= chart.low <= chart.mean <= chart.high <= 100
    assert (chart.price is None) == (price is None)
    if price is not None:
        assert 0 <= chart.price <= 100
        assert (chart.price <= chart.low) == (price <= low) or abs(chart.price - chart.low) < 0.01
