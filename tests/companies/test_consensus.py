"""What the latest calls on a company come to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.consensus import Consensus, consensus, upside


@dataclass(frozen=True)
class Given:
    target: Decimal | None = None
    currency: str = "USD"
    rating_normalised: str = ""


def targets(*amounts: str, currency: str = "USD") -> list[Given]:
    return [Given(Decimal(amount), currency) for amount in amounts]


def ratings(*words: str) -> list[Given]:
    return [Given(rating_normalised=word) for word in words]


def test_no_calls_come_to_nothing_known() -> None:
    assert consensus([]) == Consensus(n=0)


def test_low_high_mean_and_median_are_those_of_the_targets() -> None:
    figures = consensus([*targets("24", "12", "13.50", "20"), Given()])
    assert (figures.n, figures.low, figures.high) == (4, Decimal("12"), Decimal("24"))
    assert (figures.mean, figures.median) == (Decimal("17.375"), Decimal("16.75"))
    assert (figures.currency, figures.left_out) == ("USD", 0)


def test_currencies_are_never_averaged_together() -> None:
    figures = consensus([*targets("10", "20"), *targets("1000", currency="GBX")])
    assert (figures.n, figures.currency, figures.mean, figures.left_out) == (2, "USD", Decimal(15), 1)


def test_of_two_currencies_with_as_many_targets_the_first_by_name_is_used_whatever_the_order() -> None:
    calls = [*targets("10", currency="USD"), *targets("12", currency="CAD")]
    assert consensus(calls) == consensus(calls[::-1])
    assert consensus(calls).currency == "CAD"


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ([], ""),
        (["buy", "buy"], ""),
        (["buy", "buy", "none", "unmapped", ""], ""),
        (["buy", "buy", "buy"], "buy"),
        (["buy", "buy", "hold"], "buy"),
        (["hold", "hold", "sell"], "hold"),
        (["sell", "sell", "sell", "buy"], "sell"),
        (["buy", "hold", "sell"], "mixed"),
        (["buy", "buy", "hold", "hold"], "mixed"),
        (["buy", "buy", "hold", "sell"], "mixed"),
    ],
)
def test_three_ratings_have_a_label_that_more_than_half_of_them_give(words: list[str], label: str) -> None:
    assert consensus(ratings(*words)).label == label


def test_ratings_that_are_no_ratings_are_left_out_of_the_counts() -> None:
    figures = consensus(ratings("buy", "none", "unmapped", "hold", "sell", "sell", ""))
    assert (figures.buy, figures.hold, figures.sell) == (1, 1, 2)


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.decimals(min_value="0.01", max_value="100000", places=2), min_size=1, max_size=12), st.randoms())
def test_mean_and_median_lie_between_low_and_high_in_any_order(amounts: list[Decimal], random) -> None:
    calls = [Given(amount) for amount in amounts]
    figures = consensus(calls)
    random.shuffle(calls)
    assert consensus(calls) == figures
    tiny = Decimal("1e-20")
    assert figures.low - tiny <= figures.mean <= figures.high + tiny
    assert figures.low <= figures.median <= figures.high


@pytest.mark.parametrize(
    ("target", "price", "expected"),
    [
        (Decimal("15"), Decimal("12"), Decimal("0.25")),
        (Decimal("39"), Decimal("52"), Decimal("-0.25")),
        (Decimal("10"), Decimal("10"), Decimal("0")),
        (None, Decimal("10"), None),
        (Decimal("10"), None, None),
        (Decimal("10"), Decimal("0"), None),
    ],
)
def test_upside_is_measured_against_the_price_and_unknown_without_one(
    target: Decimal | None, price: Decimal | None, expected: Decimal | None
) -> None:
    assert upside(target, price) == expected
