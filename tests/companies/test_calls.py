"""Sentence → calls: what each way of saying it comes to. What must give none is in test_no_calls.py."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.companies.invented import calls_in, told

BUY = {"firm": "Oakbridge", "ticker": "FJRD", "rating": "buy"}

ONE_CALL: list[tuple[str, dict[str, Any]]] = [
    # a rating stated
    ("Oakbridge rates Fjordbyte buy.", {"rating": "buy"}),
    ("Oakbridge Partners has an outperform rating on Fjordbyte.", {"rating": "outperform"}),
    ("Oakbridge rates Fjordbyte market-perform.", {"rating": "market-perform"}),
    ("Oakbridge assigned Fjordbyte a neutral rating.", {"rating": "neutral"}),
    ("Fjordbyte is rated overweight by Oakbridge.", {"rating": "overweight"}),
    ("Fjordbyte holds an underweight rating at Oakbridge.", {"rating": "underweight"}),
    ("Oakbridge's rating on Fjordbyte is under review.", {"rating": "under review"}),
    ("Oakbridge rates Fjordbyte “Strong Buy”.", {"rating": "Strong Buy"}),
    # a rating changed
    ("Oakbridge upgraded Fjordbyte to buy.", {"rating": "buy", "action": "upgraded"}),
    ("Oakbridge upgraded Fjordbyte to buy on Friday.", {"rating": "buy", "action": "upgraded"}),
    ("Oakbridge double-upgraded Fjordbyte to buy from sell.",
     {"rating": "buy", "prev_rating": "sell", "action": "upgraded"}),
    ("Oakbridge downgraded Fjordbyte to sell from neutral.",
     {"rating": "sell", "prev_rating": "neutral", "action": "downgraded"}),
    ("Fjordbyte was cut to underperform from neutral at Oakbridge.",
     {"rating": "underperform", "prev_rating": "neutral", "action": "downgraded"}),
    ("Oakbridge moved Fjordbyte from hold to buy.", {"rating": "buy", "prev_rating": "hold", "action": "upgraded"}),
    ("Oakbridge raised Fjordbyte to overweight.", {"rating": "overweight"}),
    ("Oakbridge moved Fjordbyte to outperform from overweight.",
     {"rating": "outperform", "prev_rating": "overweight"}),
    # a rating repeated
    ("Oakbridge reiterated its overweight rating on Fjordbyte.", {"rating": "overweight", "action": "reiterated"}),
    ("Oakbridge keeps Fjordbyte at equal-weight.", {"rating": "equal-weight", "action": "reiterated"}),
    ("Fjordbyte maintains an overweight rating at Oakbridge.", {"rating": "overweight"}),  # it has it, no more
    # coverage begun
    ("Oakbridge initiated Fjordbyte at buy.", {"rating": "buy", "action": "initiated"}),
    ("Oakbridge initiated coverage of Fjordbyte with an outperform rating and a $12 price target.",
     {"rating": "outperform", "target": "12", "currency": "USD", "action": "initiated"}),
    ("Oakbridge resumed coverage of Fjordbyte at hold with a target of $10.",
     {"rating": "hold", "target": "10", "currency": "USD", "action": "initiated"}),
    # a target stated
    ("Oakbridge's price target on Fjordbyte is $15.", {"target": "15", "currency": "USD"}),
    ("Oakbridge set a $1,250 price target on Fjordbyte.", {"target": "1250", "currency": "USD"}),
    ("Oakbridge set a 120p price target on Fjordbyte.", {"target": "120", "currency": "GBX"}),
    ("Oakbridge has a C$2.40 target on Fjordbyte.", {"target": "2.40", "currency": "CAD"}),
    ("Oakbridge started Fjordbyte at overweight with a $17 price objective.",
     {"rating": "overweight", "target": "17", "currency": "USD"}),
    ("Oakbridge left its price target on Fjordbyte unchanged at $15.", {"target": "15", "currency": "USD"}),
    ("Oakbridge lifted its 12-month price target on Fjordbyte by 20% to $18.", {"target": "18", "currency": "USD"}),
    ("Oakbridge hiked its Fjordbyte target by $5 to $20.", {"target": "20", "currency": "USD"}),
    ("Oakbridge raised its price target on bitcoin miner Fjordbyte to $20.", {"target": "20", "currency": "USD"}),
    # a target moved
    ("Oakbridge cut its price target on Fjordbyte to $9.50 from $11.",
     {"target": "9.50", "prev_target": "11", "currency": "USD", "action": "target_lowered"}),
    ("Oakbridge raised its target on Fjordbyte from $3 to $4.",
     {"target": "4", "prev_target": "3", "currency": "USD", "action": "target_raised"}),
    ("Fjordbyte's price target was lowered to $7 from $9 by Oakbridge.",
     {"target": "7", "prev_target": "9", "currency": "USD", "action": "target_lowered"}),
    ("Fjordbyte price target raised to $30 from $25 at Oakbridge",
     {"target": "30", "prev_target": "25", "currency": "USD", "action": "target_raised"}),
    ("Oakbridge has a $14 target on Fjordbyte, previously $14.",
     {"target": "14", "prev_target": "14", "currency": "USD", "action": "reiterated"}),
    ("Oakbridge withdrew its $8 target on Fjordbyte.",
     {"prev_target": "8", "currency": "USD", "action": "target_removed"}),
    ("The $8 target on Fjordbyte was withdrawn by Oakbridge.",
     {"prev_target": "8", "currency": "USD", "action": "target_removed"}),
    ("Oakbridge removed its price target for Fjordbyte.", {"action": "target_removed"}),
    # both, and a share price beside them
    ("Oakbridge upgraded Fjordbyte Mining (NASDAQ: FJRD) to buy from hold and raised its price target to $24 from $13.75.",
     {"rating": "buy", "prev_rating": "hold", "target": "24", "prev_target": "13.75", "currency": "USD",
      "action": "upgraded"}),
    ("Oakbridge reaffirmed its buy rating and $15 price target on Fjordbyte.",
     {"rating": "buy", "target": "15", "currency": "USD", "action": "reiterated"}),
    ("Oakbridge rates Fjordbyte buy. The shares closed at roughly $14.20.",
     {"rating": "buy", "price": "≈14.20", "currency": "USD"}),
    ("Fjordbyte, rated buy at Oakbridge, closed at $14.", {"rating": "buy", "price": "14", "currency": "USD"}),
    ("Oakbridge rates Fjordbyte buy with a $12 target. The shares of the bitcoin miner stood at $9.",
     {"rating": "buy", "target": "12", "price": "9", "currency": "USD"}),
    ("Oakbridge analyst Ada Brook Quill rates Fjordbyte buy.", {"rating": "buy", "analysts": ("Ada Brook Quill",)}),
    # the firm or the company named before
    ("Oakbridge wrote about Fjordbyte.\n\nThe bank rates it buy.", {"rating": "buy"}),
    ("Oakbridge on Fjordbyte\n\nThe firm has a $12 price target on the stock.", {"target": "12", "currency": "USD"}),
    ("Oakbridge spoke.\n\nFjordbyte was upgraded to buy from hold.",
     {"rating": "buy", "prev_rating": "hold", "action": "upgraded"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), ONE_CALL)
def test_one_call_is_read_with_all_that_is_said_and_nothing_more(text: str, says: dict[str, Any]) -> None:
    expected = {"firm": "Oakbridge", "ticker": "FJRD", "action": "stated", **says}
    assert [told(call) for call in calls_in(text)] == [expected]


SEVERAL: list[tuple[str, list[dict[str, Any]]]] = [
    ("Fjordbyte and Ostrava Hash Works were upgraded to buy by Oakbridge.",
     [{"ticker": "FJRD", "rating": "buy", "action": "upgraded"}, {"ticker": "OHW", "rating": "buy", "action": "upgraded"}]),
    ("Oakbridge has buy ratings on Fjordbyte, Peat Bog Power and Ostrava Hash Works.",
     [{"ticker": ticker, "rating": "buy"} for ticker in ("FJRD", "PEAT", "OHW")]),
    ("Oakbridge upgraded Fjordbyte to buy from hold and downgraded Ostrava Hash Works to sell from hold.",
     [{"ticker": "FJRD", "rating": "buy", "prev_rating": "hold", "action": "upgraded"},
      {"ticker": "OHW", "rating": "sell", "prev_rating": "hold", "action": "downgraded"}]),
    ("Oakbridge upgraded Fjordbyte to outperform; Halden & Rowe downgraded Ostrava Hash Works to sell.",
     [{"ticker": "FJRD", "rating": "outperform", "action": "upgraded"},
      {"firm": "Halden", "ticker": "OHW", "rating": "sell", "action": "downgraded"}]),
    ("Oakbridge upgraded Fjordbyte to buy and cut Ostrava Hash Works to sell.",
     [{"ticker": "FJRD", "rating": "buy", "action": "upgraded"}, {"ticker": "OHW", "rating": "sell"}]),
    ("Oakbridge raised its Fjordbyte target to $20 from $18; Halden & Rowe cut its target to $12 from $15.",
     [{"ticker": "FJRD", "target": "20", "prev_target": "18", "currency": "USD", "action": "target_raised"},
      {"firm": "Halden", "ticker": "FJRD", "target": "12", "prev_target": "15", "currency": "USD",
       "action": "target_lowered"}]),
    ("Oakbridge rates Fjordbyte buy with a $12 target. It rates Ostrava Hash Works hold with a $3 target.",
     [{"ticker": "FJRD", "rating": "buy", "target": "12", "currency": "USD"},
      {"ticker": "OHW", "rating": "hold", "target": "3", "currency": "USD"}]),
    ("Fjordbyte by two\n\nOakbridge has a buy rating.\n\nHalden & Rowe has a hold rating and a $9 target.",
     [{"ticker": "FJRD", "rating": "buy"},
      {"firm": "Halden", "ticker": "FJRD", "rating": "hold", "target": "9", "currency": "USD"}]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), SEVERAL)
def test_each_value_goes_to_its_own_firm_and_company(text: str, says: list[dict[str, Any]]) -> None:
    expected = [{"firm": "Oakbridge", "action": "stated", **each} for each in says]
    assert [told(call) for call in calls_in(text)] == expected


def test_the_first_value_given_stays() -> None:
    (call,) = calls_in(
        "Oakbridge rates Fjordbyte buy with a $12 target.\n\nOakbridge rates Fjordbyte hold with a $9 target."
    )
    assert (call.rating, call.target) == ("buy", Decimal(12))
    assert len(call.statements) == 2


def test_a_rating_that_moved_is_an_upgrade_even_if_only_the_two_words_say_so() -> None:
    (call,) = calls_in("Oakbridge reset Fjordbyte to buy from hold.")
    assert (call.rating_action, call.target_action, call.action) == ("upgraded", "", "upgraded")


def test_rating_and_target_have_an_action_each() -> None:
    (call,) = calls_in("Oakbridge reiterated its buy rating on Fjordbyte and cut its price target to $9 from $11.")
    assert (call.rating_action, call.target_action, call.action) == ("reiterated", "lowered", "target_lowered")


def test_evidence_names_the_words_of_every_value_in_order_of_place() -> None:
    text = "Oakbridge upgraded Fjordbyte to buy from hold and raised its target to $24 from $13.75."
    (call,) = calls_in(text)
    assert [(span.field, span.quote) for span in call.evidence] == [
        ("firm", "Oakbridge"),
        ("company", "Fjordbyte"),
        ("rating", "buy"),
        ("prev_rating", "hold"),
        ("target", "$24"),
        ("prev_target", "$13.75"),
    ]
    assert all(text[span.start : span.end] == span.quote for span in (*call.evidence, *call.statements))
    assert [span.quote for span in call.statements] == [text]


def test_after_a_sentence_about_two_firms_the_bank_is_neither() -> None:
    assert calls_in("Oakbridge met Halden & Rowe.\n\nThe bank rates Fjordbyte buy.") == ()


def test_a_firm_named_only_in_the_headline_is_quoted_from_there() -> None:
    text = "Halden & Rowe looks at miners\n\nThe bank upgraded Fjordbyte to buy."
    (call,) = calls_in(text)
    assert [(span.start, span.quote) for span in call.evidence if span.field == "firm"] == [(0, "Halden & Rowe")]


def test_the_bank_is_the_firm_named_last() -> None:
    text = "Oakbridge spoke first.\n\nHalden & Rowe came second. The bank rates Fjordbyte buy."
    assert [told(call)["firm"] for call in calls_in(text)] == ["Halden"]
