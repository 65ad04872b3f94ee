"""Bytes to text, strictly, and the repair of text that was once read with the wrong code page. Pure."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from ftfy import fix_encoding

MAXIMUM_FILE_BYTES = 2 * 1024 * 1024


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
        # Western text in UTF-16 without its mark has a zero in every second byte; a picture has them anywhere.
        kind = "UTF-16 without a mark; save it as UTF-8" if raw[:200].count(0) >= len(raw[:200]) // 3 else "binary"
        raise UnreadableText(f"the file is {kind}", raw.count(b"\n", 0, zero) + 1)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableText(f"not UTF-8: byte 0x{raw[error.start]:02x}", line) from None


def repair_lines(text: str, first_line: int = 1) -> tuple[str, tuple[Repair, ...]]:
    """`text` with the mojibake of each line undone, and what was changed.

    Line by line, because one damaged line must not tempt the repair to touch the sound ones. `fix_encoding` and not
    `fix_text`: the latter also changes quotes and spaces that were written so on purpose.
    """
    if text.isascii():
        return text, ()
    repairs = []
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if line.isascii():
            continue
        fixed = fix_encoding(line)
        if fixed != line and "\n" not in fixed:
            repairs.append(Repair(first_line + index, line, fixed))
            lines[index] = fixed
    return "\n".join(lines), tuple(repairs)
