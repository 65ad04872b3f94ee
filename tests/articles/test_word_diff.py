"""Comparing texts word by word: nothing lost, changes small, and no text that takes long."""

from __future__ import annotations

import random
import time

import pytest

from articles.word_diff import DELETED, INSERTED, LEFT_OUT, SAME, Piece, shortened, word_diff


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("one hall", "one hall", [(SAME, "one hall")]),
        ("", "a hall", [(INSERTED, "a hall")]),
        ("a hall", "", [(DELETED, "a hall")]),
        ("It opened a hall.", "It opened a second hall.", [(SAME, "It opened a "), (INSERTED, "second "), (SAME, "hall.")]),
        ("target of $12 held", "target of $14 held", [(SAME, "target of "), (DELETED, "$12 "), (INSERTED, "$14 "), (SAME, "held")]),
        ("two\n\nparts", "two\nparts", [(DELETED, "two\n\n"), (INSERTED, "two\n"), (SAME, "parts")]),
    ],
)  # fmt: skip
def test_what_differs_is_told_word_by_word(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert [(piece.kind, piece.text) for piece in word_diff(before, after)] == pieces


def text_of(pieces: list[Piece], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def english(words: int, chance: random.Random) -> str:
    vocabulary = [f"word{n}" for n in range(3_000)]
    weights = [1 / (n + 1) for n in range(3_000)]
    chosen = chance.choices(vocabulary, weights, k=words)
    return "".join(word + ("\n" if chance.random() < 0.05 else " ") for word in chosen)


@pytest.mark.parametrize("words", [10, 500, 3_900, 30_000])
def test_both_texts_can_be_put_together_again_from_the_pieces(words: int) -> None:
    chance = random.Random(words)
    before = english(words, chance)
    after = before.replace("word7 ", "other ").replace("word50\n", "")
    pieces = word_diff(before, after)
    assert text_of(pieces, SAME, DELETED) == before
    assert text_of(pieces, SAME, INSERTED) == after
    assert len(text_of(pieces, SAME)) > len(before) / 3


SIZE = 2_000_000
CHANCE = random.Random(1)
SLOW = {
    "english": (english(SIZE // 8, CHANCE), english(SIZE // 8, CHANCE)),
    "one line": ("word " * (SIZE // 5), "other " * (SIZE // 6)),
    "short lines": ("a\nb\n" * (SIZE // 4), "b\na\n\n" * (SIZE // 5)),
    "no space": ("x" * SIZE, "y" * SIZE),
    "spaces": (" " * SIZE, "\n" * SIZE),
    "numbered lines": (
        "".join(f"line {n}\n" for n in range(SIZE // 12)),
        "".join(f"line {n}\n" for n in range(1, SIZE // 12)),
    ),
    "shuffled lines": tuple("".join(CHANCE.sample([f"line number {n} of them\n" * 1 for n in range(19_000)], 19_000)) for _ in range(2)),
    "few words, over and over": tuple(" ".join(CHANCE.choices([f"w{n}" for n in range(100)], k=3_900)) for _ in range(2)),
    "few rare words": tuple(" ".join(CHANCE.choices([f"w{n}" for n in range(120)], k=3_900)) for _ in range(2)),
    "periodic": (" ".join(f"w{n % 110}" for n in range(3_900)), " ".join(f"w{n * 7 % 110}" for n in range(3_900))),
    "few rare lines": tuple("\n".join(CHANCE.choices([f"w{n} x" for n in range(2_500)], k=19_000)) for _ in range(2)),
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_no_text_takes_longer_than_a_second(name: str) -> None:
    before, after = SLOW[name]
    began = time.process_time()
    pieces = word_diff(before, after)
    assert time.process_time() - began < 1
    assert text_of(pieces, SAME, DELETED) == before
    assert text_of(pieces, SAME, INSERTED) == after


def test_what_did_not_change_is_left_out_but_for_its_edges() -> None:
    long = "same words " * 100
    pieces = list(shortened(word_diff(f"{long}here {long}", f"{long}there {long}")))
    assert [piece.kind for piece in pieces] == [LEFT_OUT, SAME, DELETED, INSERTED, SAME, LEFT_OUT]
    assert all(len(piece.text) <= 160 for piece in pieces)
    assert pieces[1].text.endswith("same words ")
    assert pieces[4].text.startswith("same words")


def test_short_texts_are_shown_whole() -> None:
    pieces = word_diff("a short text", "a shorter text")
    assert list(shortened(pieces)) == pieces
