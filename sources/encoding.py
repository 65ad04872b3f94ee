"""Bytes to text, strictly, and the repair of text that was once read with the wrong code page. Pure."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ftfy import fix_encoding
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad

MAXIMUM_FILE_BYTES = 2 * 1024 * 1024

# Of Windows, of Unix, and of the Macs of old; a file may hold all three.
LINE_END = re.compile(r"\r\n|\n|\r")
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")

# Every pattern by which ftfy knows mojibake holds one of these characters. Dashes, ellipses and plain Cyrillic or Greek
# letters are none of them, so most lines need not be tried against its forty patterns, which cost thirty times as much.
_HARMLESS = ("common", "kaomoji", "upper_common", "lower_common")
_SUSPECT = re.compile(
    "[" + "".join(range_ for name, range_ in MOJIBAKE_CATEGORIES.items() if name not in _HARMLESS) + "Ù°Ђ]"
)
# Three letters in a row from the upper half of the code page: a word, in no other alphabet that our sources write.
_CYRILLIC_WORD = re.compile(rb"[\xa5\xa8\xaa\xaf\xb2-\xb4\xb8\xba\xbf-\xff]{3}")


# What the repair of one text may cost: so many characters, where a line costs as much as thirty more. The largest
# header that is damaged in every line costs less.
_BUDGET, _COST_OF_A_LINE = 600_000, 30


class UnreadableText(ValueError):
    """Bytes that are not the text of an article or document. `line` counts from 1 where a line is to blame."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Repair:
    """One line whose encoding was repaired, as it was and as it is. `line` counts from 1."""

    line: int
    before: str
    after: str


def count_lines(text: str, end: int | None = None) -> int:
    """How many lines end in `text` before `end`; \\r\\n is one end."""
    crs = text.count("\r", 0, end)
    return text.count("\n", 0, end) + (crs - text.count("\r\n", 0, end) if crs else 0)


def decode(raw: bytes) -> str:
    """`raw` as text, exactly: no newline is translated; a byte order mark stays as U+FEFF.

    Raises UnreadableText for what is empty, too large, binary, UTF-16/32 or not UTF-8. Nothing is guessed: a guess that
    is wrong garbles a text for good.
    """
    if not raw.strip():
        raise UnreadableText("the file is empty", 1)
    if len(raw) > MAXIMUM_FILE_BYTES:
        raise UnreadableText(f"the file has {len(raw):,} bytes, more than the {MAXIMUM_FILE_BYTES:,} allowed", 1)
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableText("the file is UTF-16 or UTF-32; save it as UTF-8", 1)
    zero = raw.find(b"\0")
    if zero >= 0:
        kind = "UTF-16 without a mark; save it as UTF-8" if _is_bare_utf16(raw[:2000]) else "binary"
        raise UnreadableText(f"the file is {kind}", _line_of(raw, zero))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8: byte 0x{raw[error.start]:02x}"
        if _is_windows_1251(raw):
            reason += "; it looks like the Windows code page 1251 (Cyrillic), save the file as UTF-8"
        raise UnreadableText(reason, _line_of(raw, error.start)) from None


def _line_of(raw: bytes, position: int) -> int:
    return count_lines(raw[:position].decode("latin-1")) + 1


def _is_bare_utf16(raw: bytes) -> bool:
    """Whether zeros stand in bytes of one parity alone: the upper halves of blanks and Latin letters in UTF-16."""
    if raw[:200].count(0) >= len(raw[:200]) // 3:
        return True
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    return min(even, odd) == 0 and max(even, odd) >= max(len(raw) // 50, 2)


def _is_windows_1251(raw: bytes) -> bool:
    """Whether bytes that are not UTF-8 are Cyrillic, a byte a letter: words of such bytes, and no letter in UTF-8."""
    return _CYRILLIC_WORD.search(raw) is not None and raw.decode("utf-8", "ignore").isascii()


def repair_lines(text: str, first_line: int = 1) -> tuple[str, tuple[Repair, ...]]:
    """`text` with the mojibake of each line undone, and what was changed. Every line keeps its end.

    Line by line, because one damaged line must not tempt the repair to touch the sound ones. `fix_encoding` and not
    `fix_text`: the latter also changes quotes and spaces that were written so on purpose. A header is always repaired
    to its end, a text of half a million damaged characters is not: that would take seconds.
    """
    if text.isascii() or not _SUSPECT.search(text):
        return text, ()
    budget = _BUDGET
    repairs, pieces = [], []
    taken = 0
    for number, match in enumerate(_LINE.finditer(text), first_line):
        line = match.group(1)
        cost = len(line) + _COST_OF_A_LINE
        if cost > budget or line.isascii() or not _SUSPECT.search(line) or not is_bad(line):
            continue
        budget -= cost
        fixed = fix_encoding(line)
        if fixed != line and not LINE_END.search(fixed):
            repairs.append(Repair(number, line, fixed))
            pieces += [text[taken : match.start()], fixed]
            taken = match.end(1)
    return "".join([*pieces, text[taken:]]), tuple(repairs)
