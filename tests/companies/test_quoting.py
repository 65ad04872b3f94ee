"""Quotes for readers: the sentence, its values marked, and never more words than allowed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.quoting import Quotation, quotations


@dataclass(frozen=True)
class Given:
    field: str
    start: int
    end: int
    quote: str
    document_id: int = 1


def evidence(text: str, *marked: str, document: int = 1, offset: int = 0) -> list[Given]:
    """A statement, and a piece of evidence for each of the `marked` words in it."""
    spans = [Given("statement", offset, offset + len(text), text, document)]
    for words in marked:
        start = offset + text.index(words)
        spans.append(Given("target", start, start + len(words), words, document))
    return spans


SENTENCE = "Oakbridge rates Fjordbyte buy with a $12 price target."


def test_a_short_sentence_is_quoted_whole_with_its_values_marked() -> None:
    (quotation,) = quotations(evidence(SENTENCE, "buy", "$12", offset=40))
    assert quotation == Quotation(
        1,
        (
            ("Oakbridge rates Fjordbyte ", False),
            ("buy", True),
            (" with a ", False),
            ("$12", True),
            (" price target.", False),
        ),
    )
    assert quotation.text == SENTENCE


@pytest.mark.parametrize("field", ["company", "firm", "statement"])
def test_names_are_not_marked(field: str) -> None:
    spans = [*evidence(SENTENCE), Given(field, 0, 9, "Oakbridge")]
    assert all(not marked for quotation in quotations(spans)[-1:] for _, marked in quotation.segments)


def test_evidence_of_another_document_or_place_marks_nothing() -> None:
    spans = [*evidence(SENTENCE, offset=100), Given("rating", 100, 103, "Oak", 2), Given("rating", 5, 8, "xxx")]
    assert quotations(spans) == (Quotation(1, ((SENTENCE, False),)),)


def test_quotations_come_in_order_of_document_and_place() -> None:
    spans = evidence("Third.", document=2) + evidence("Second.", offset=50) + evidence("First.")
    assert [quotation.text for quotation in quotations(spans)] == ["First.", "Second.", "Third."]


def test_overlapping_values_are_marked_once() -> None:
    spans = [*evidence("a strong buy rating"), Given("rating", 2, 12, "strong buy"), Given("rating", 9, 12, "buy")]
    assert quotations(spans)[0].segments == (("a ", False), ("strong buy", True), (" rating", False))


def test_a_long_sentence_is_cut_around_its_first_value_with_dots_for_what_is_left_out() -> None:
    text = "one two three four five six seven buy nine ten eleven twelve"
    (quotation,) = quotations(evidence(text, "buy"), maximum_words=6)
    assert quotation.text == "… six seven buy nine ten eleven …"
    assert ("buy", True) in quotation.segments


@pytest.mark.parametrize(
    ("marked", "expected"),
    [("one", "one two three …"), ("twelve", "… ten eleven twelve"), (None, "one two three …")],
)
def test_a_cut_at_either_end_has_dots_only_where_words_are_missing(marked: str | None, expected: str) -> None:
    text = "one two three four five six seven eight nine ten eleven twelve"
    (quotation,) = quotations(evidence(text, *([marked] if marked else [])), maximum_words=3)
    assert quotation.text == expected


@pytest.mark.parametrize("gap", [" ", "  ", "\t", "\u00a0", "\u2009", "\n"])
def test_words_count_whatever_white_space_parts_them(gap: str) -> None:
    (quotation,) = quotations(evidence(gap.join(["word"] * 30)), maximum_words=10)
    assert quotation.text.count("word") == 10


WORDS = st.sampled_from(["a", "word", "$12", "buy", "it’s", "x" * 30])
GAPS = st.sampled_from([" ", "  ", "\t", "\u00a0", "\n"])


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.tuples(WORDS, GAPS), min_size=1, max_size=60), st.integers(1, 40), st.data())
def test_no_quotation_is_longer_than_the_limit_or_says_what_the_sentence_does_not(
    parts: list[tuple[str, str]], limit: int, data: st.DataObject
) -> None:
    text = "".join(word + gap for word, gap in parts).strip()
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    spans = [Given("statement", 7, 7 + len(text), text), Given("target", 7 + start, 7 + end, text[start:end])]
    (quotation,) = quotations(spans, maximum_words=limit)
    own = quotation.text.removeprefix("… ").removesuffix(" …")
    assert own in text
    assert len(own.split()) <= limit
    assert len(own.split()) == min(limit, len(text.split()))
    assert all(words in text[start:end] for words, marked in quotation.segments if marked)
