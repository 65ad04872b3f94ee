"""Sentences that look like a call and are none: nothing may be read from them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.calls import extract
from tests.companies.invented import COMPANIES, DAY, FIRMS, calls_in, paragraphs_of
from tests.companies.test_calls import ONE_CALL, SEVERAL

NO_CALL = [
    # sums, quantities, and targets that are no share's
    "Fjordbyte closed a $2 billion debt offering arranged by Oakbridge.",
    "Fjordbyte closed a $2.5 billion debt offering, and Oakbridge has a target for it.",
    "Oakbridge has a target of $1.5 billion for Fjordbyte.",
    "Oakbridge has a market-value target of $1,500 million for Fjordbyte.",
    "Oakbridge and Fjordbyte announced a $500 million target for the fund.",
    "Oakbridge expects Fjordbyte to secure 600 megawatts by late 2026.",
    "Oakbridge said that Fjordbyte targets 600 megawatts.",
    "Oakbridge noted that Fjordbyte's hashrate target is 75 EH/s.",
    "Fjordbyte targets $50 per megawatt-hour, Oakbridge estimates.",
    "Oakbridge set its target at $60 per megawatt-hour for Fjordbyte.",
    "Fjordbyte set a target of $60,000 per bitcoin, said Oakbridge.",
    "Fjordbyte's target for power prices is $40, Oakbridge said.",
    "Oakbridge put a revenue target of $50 on Fjordbyte.",
    "Analysts at Oakbridge estimate earnings per share of $2 for Fjordbyte.",
    "Fjordbyte's target market is Texas, Oakbridge said, at $40 a share.",
    # what all firms together think
    "The average price target on Fjordbyte is $15, Oakbridge said.",
    "The mean target of Oakbridge and others for Fjordbyte is $18.",
    "The median target among Oakbridge and others for Fjordbyte is $18.",
    "The consensus rating on Fjordbyte is buy, according to Oakbridge.",
    "The Street-high price target on Fjordbyte of $40 is Oakbridge's.",
    "Fjordbyte's 52-week high was $30 against a target of $20, Oakbridge said.",
    "Price targets on Fjordbyte range from $10 to $20, with Oakbridge at the bottom.",
    "Most analysts rate Fjordbyte buy.",
    "Fjordbyte has a buy rating from three firms.",
    # bitcoin
    "Oakbridge lifted its bitcoin price target to $150,000; Fjordbyte rose.",
    "Oakbridge raised its price target for bitcoin to $150,000 from $120,000, and Fjordbyte rose.",
    "Oakbridge sees a price target of $150,000 for bitcoin and likes Fjordbyte.",
    "Oakbridge put its BTC target at $150,000, and Fjordbyte rose.",
    "Fjordbyte sold 600 bitcoin at $60,000, Oakbridge said.",
    "Oakbridge expects bitcoin to underperform and Fjordbyte to hold.",
    # verbs, nouns and adjectives that are also rating words
    "Oakbridge asks of Fjordbyte: Buy, Sell or Hold?",
    "Oakbridge expects Fjordbyte shares to outperform the market.",
    "Oakbridge expects Fjordbyte to outperform peers.",
    "Investors should buy Fjordbyte, Oakbridge wrote.",
    "Oakbridge advised Fjordbyte to sell its coins to reduce debt.",
    "Fjordbyte will hold a meeting with Oakbridge to add capacity.",
    "Oakbridge said Fjordbyte raised $650 million in notes to buy bitcoin.",
    "Fjordbyte moved to add 600 megawatts, Oakbridge said.",
    "Fjordbyte moved to reduce costs, Oakbridge said.",
    "Fjordbyte cut staff to reduce costs, Oakbridge noted.",
    "Fjordbyte went on to sell 500 bitcoin, Oakbridge said.",
    "Fjordbyte maintained its plan to sell bitcoin, Oakbridge said.",
    "Fjordbyte remains on hold, Oakbridge said.",
    "Fjordbyte began to trim costs, Oakbridge said, and to sell coins.",
    "Oakbridge: Fjordbyte to add 200 MW, sell 10 MW.",
    "Oakbridge bought $20 million of Fjordbyte shares to hold.",
    "Fjordbyte had a neutral effect from hedges, Oakbridge wrote.",
    # a price alone
    "Fjordbyte stock trades at $14, said Oakbridge.",
    "Fjordbyte shares fell from $15 to $12, Oakbridge noted.",
    "Oakbridge sees Fjordbyte at $15 within a year.",
    # no firm, or two that could be meant; no company
    "Fjordbyte is rated overweight with a $12 target.",
    "Oakbridge rates it overweight with a $13 price target.",
    "Oakbridge met Halden & Rowe. Fjordbyte was upgraded to buy.",
    "Fjordbyte and Ostrava Hash Works\n\nOakbridge has a $13 price target.",
    "Fjordbyte was upgraded to buy. Oakbridge did it.",
    # nothing of all that
    "Oakbridge changed nothing on Fjordbyte.",
    "Oakbridge dropped coverage of Fjordbyte.",
    "Oakbridge's view: positive.",
    "",
]


@pytest.mark.parametrize("text", NO_CALL)
def test_no_call_is_read(text: str) -> None:
    assert calls_in(text) == ()


def test_there_are_as_many_sentences_that_give_none_as_that_give_one() -> None:
    assert len(NO_CALL) >= len(ONE_CALL) + len(SEVERAL)


@pytest.mark.parametrize(
    "text",
    [
        "Oakbridge rates Fjordbyte buy. Bitcoin closed at $60,000.",
        "Oakbridge rates Fjordbyte buy; it mined 500 bitcoin at $40,000.",
        "Oakbridge rates Fjordbyte buy, and it paid for power at $40.",
        "Oakbridge rates Fjordbyte buy. The company sold 600 coins for $60,000 each.",
    ],
)
def test_the_price_of_something_else_is_not_the_shares(text: str) -> None:
    (call,) = calls_in(text)
    assert (call.rating, call.price, call.currency) == ("buy", None, None)


SENTENCES = [text for text, _ in ONE_CALL] + [text for text, _ in SEVERAL] + NO_CALL


@settings(max_examples=120, deadline=None, database=None)
@given(st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from([" ", "\n\n", " … ", "\n"])), max_size=8))
def test_every_quote_is_really_at_its_offset_whatever_sentences_are_mixed(parts: list[tuple[str, str]]) -> None:
    text = "".join(sentence + gap for sentence, gap in parts)
    calls = calls_in(text)
    assert len({(call.firm, call.ticker) for call in calls}) == len(calls)
    for call in calls:
        for span in (*call.evidence, *call.statements):
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end] == span.quote
        assert {span.field for span in call.evidence} >= {"firm", "company"}
        assert call.rating or call.target is not None or call.target_action == "removed"
        assert (call.currency is None) == (call.target is None and call.prev_target is None and call.price is None)


@settings(max_examples=60, deadline=None, database=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=6))
def test_paragraphs_left_out_say_nothing(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    kept = paragraphs_of(text)[::2]
    for call in extract(text, kept, COMPANIES, FIRMS, DAY):
        for span in call.evidence:
            assert any(start <= span.start and span.end <= end for start, end in kept)
