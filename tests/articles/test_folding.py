"""Spellings that a reader takes for one word are one word to the search."""

import pytest

from articles.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("Комп’ютер", "комп'ютер"), ("МАЙНЕР", "майнер"), ("Київ", "Киі\u0308в"), ("Straße", "STRASSE"), ("a\n\tb", "A b")],
)  # fmt: skip
def test_two_spellings_of_one_word_are_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_different_words_stay_different() -> None:
    assert folded("hash") != folded("cash")
