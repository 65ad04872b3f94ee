"""Quotes for readers: the sentences a call was read from, with the words of its values marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class EvidenceLike(Protocol):
    """What a quote is made of: an Evidence row, or anything shaped like one."""

    field: str
    start: int
    end: int
    quote: str
    document_id: int


@dataclass(frozen=True)
class Quotation:
    """One sentence of document `document_id` as (words, marked) segments; "…" stands where words were left out."""

    document_id: int
    segments: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return "".join(words for words, _ in self.segments)


def quotations(evidence: Iterable[EvidenceLike], maximum_words: int = 60) -> tuple[Quotation, ...]:
    """The statements among `evidence`, in order of place, none longer than `maximum_words`."""
    evidence = list(evidence)
    statements = sorted((e for e in evidence if e.field == "statement"), key=lambda e: (e.document_id, e.start))
    return tuple(_quotation(statement, evidence, maximum_words) for statement in statements)


def _quotation(statement: EvidenceLike, evidence: list[EvidenceLike], maximum_words: int) -> Quotation:
    inside = sorted(
        (e.start - statement.start, e.end - statement.start)
        for e in evidence
        if e.field not in ("statement", "company", "firm")
        and e.document_id == statement.document_id
        and statement.start <= e.start
        and e.end <= statement.end
    )
    start, end = _window(statement.quote, inside, maximum_words)
    segments: list[tuple[str, bool]] = [("… ", False)] if start > 0 else []
    position = start
    for first, last in inside:
        first, last = max(first, position), min(last, end)
        if first >= last:
            continue
        segments += [(statement.quote[position:first], False), (statement.quote[first:last], True)]
        position = last
    segments.append((statement.quote[position:end], False))
    if end < len(statement.quote):
        segments.append((" …", False))
    return Quotation(statement.document_id, tuple(segment for segment in segments if segment[0]))


def _window(quote: str, marks: list[tuple[int, int]], maximum_words: int) -> tuple[int, int]:
    """The part of a quote to show: all of it when short enough, else that many words from before the first mark."""
    words = [match.span() for match in re.finditer(r"\S+", quote)]
    if len(words) <= maximum_words:
        return 0, len(quote)
    anchor = marks[0][0] if marks else 0
    first = max(0, sum(start <= anchor for start, _ in words) - 1 - maximum_words // 3)
    first = min(first, len(words) - maximum_words)
    return words[first][0], words[first + maximum_words - 1][1]
