"""What differs between two texts, word by word; long texts line by line. Pure, and never slow.

difflib's time grows with how often words repeat, to the square and worse. What a comparison would cost is counted before:
a text for which words are too dear is compared by lines, and one for which lines are, as a whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MAXIMUM_WORDS = 4_000
MAXIMUM_LINES = 20_000
_MAXIMUM_PAIRS = 200_000
_CONTEXT = 160

SAME, DELETED, INSERTED, LEFT_OUT = "same", "deleted", "inserted", "left out"
# A word takes the space after it along, so that two words that changed side by side are one change.
_WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both have (same), the first alone has (deleted), or the second alone has (inserted).

    `left out` stands for a run that both have and that is not shown.
    """

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The pieces in order: `same` and `deleted` make up `before`, `same` and `inserted` make up `after`."""
    words = _Pair.of(_WORD.findall(before), _WORD.findall(after))
    if words.longest <= MAXIMUM_WORDS and words.is_cheap():
        return words.compared()
    lines = _Pair.of(before.splitlines(keepends=True), after.splitlines(keepends=True))
    if lines.longest <= MAXIMUM_LINES and lines.is_cheap():
        return lines.compared()
    return words.replaced()


def shortened(pieces: Iterable[Piece], context: int = _CONTEXT) -> Iterator[Piece]:
    """Of long runs that both texts have, only the words near a change."""
    shown = list(pieces)
    for place, piece in enumerate(shown):
        if piece.kind != SAME or len(piece.text) <= 2 * context + 40:
            yield piece
            continue
        if place > 0:
            yield Piece(SAME, piece.text[:context].rsplit(" ", 1)[0])
        yield Piece(LEFT_OUT, "")
        if place < len(shown) - 1:
            yield Piece(SAME, piece.text[-context:].split(" ", 1)[-1])


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two texts as tokens: how they begin and end alike, and what is between."""

    beginning: Sequence[str]
    before: Sequence[str]
    after: Sequence[str]
    ending: Sequence[str]

    @classmethod
    def of(cls, before: Sequence[str], after: Sequence[str]) -> _Pair:
        shorter = min(len(before), len(after))
        start = next((place for place in range(shorter) if before[place] != after[place]), shorter)
        left = range(1, shorter - start + 1)
        end = next((place for place in left if before[-place] != after[-place]), shorter - start + 1) - 1
        return cls(
            before[:start],
            before[start : len(before) - end],
            after[start : len(after) - end],
            before[len(before) - end :],
        )

    @property
    def longest(self) -> int:
        return max(len(self.before), len(self.after))

    def is_cheap(self) -> bool:
        """Whether few enough pairs of equal tokens would be looked at. Those that difflib passes over as popular cost nothing."""
        first, second = Counter(self.before), Counter(self.after)
        popular = len(self.after) // 100 + 1 if len(self.after) >= 200 else len(self.after)
        pairs = sum(count * second[token] for token, count in first.items() if second[token] <= popular)
        return pairs <= _MAXIMUM_PAIRS

    def compared(self) -> list[Piece]:
        middle: list[tuple[str, Sequence[str]]] = []
        matcher = SequenceMatcher(None, self.before, self.after)
        for kind, start, end, other_start, other_end in matcher.get_opcodes():
            if kind == "equal":
                middle.append((SAME, self.before[start:end]))
            else:
                middle += [(DELETED, self.before[start:end]), (INSERTED, self.after[other_start:other_end])]
        return self._joined(middle)

    def replaced(self) -> list[Piece]:
        return self._joined([(DELETED, self.before), (INSERTED, self.after)])

    def _joined(self, middle: list[tuple[str, Sequence[str]]]) -> list[Piece]:
        runs = [(SAME, self.beginning), *middle, (SAME, self.ending)]
        return [Piece(kind, "".join(tokens)) for kind, tokens in runs if tokens]
