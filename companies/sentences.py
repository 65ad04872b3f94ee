"""Sentences of a text, by offsets. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

# No run of full stops is tried from its middle, and none gives a part of it back.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’')\]]*+(?=\s+[\"“‘'(\[]*[A-Z0-9$£€])")
# What ends in a point without ending a sentence: initials (J.P., B. Riley), and these.
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Inc|Corp|Ltd|Co|Cos|plc|Mr|Mrs|Ms|Dr|St|No|vs|approx|est|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec"
    r"|U\.S|a\.m|p\.m|e\.g|i\.e))\.$"
)
_AFTER_COMPANY_FORM = re.compile(r"\b(?:Inc|Corp|Ltd|Co|plc)\.$")
# Longer than any sentence is a table or a broken text: nothing is read from it, and rules need not take its time.
MAXIMUM_LENGTH = 4_000
_STARTS_A_SENTENCE = re.compile(
    r"\s+(?:The|A|An|It|Its|This|In|On|At|He|She|They|Shares|Analysts?|But|And|While|With|For)\b"
)


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence of text[start:end], those left out that are too long to be one."""
    for first, last in _all(text, start, len(text) if end is None else end):
        if last - first <= MAXIMUM_LENGTH:
            yield first, last


def _all(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        if match.group().startswith("."):
            before = text[max(begin, match.start() - 12) : match.start() + 1]
            if _ABBREVIATION.search(before) and not (
                _AFTER_COMPANY_FORM.search(before) and _STARTS_A_SENTENCE.match(text, match.end())
            ):
                continue
        if text[begin : match.end()].strip():
            yield begin, match.end()
        begin = match.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if text[begin:end].strip():
        yield begin, end
