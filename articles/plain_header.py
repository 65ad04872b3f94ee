"""The quick reader of plain headers: one regular expression over the lines in which nearly all are written. Pure.

It knows a small part of YAML and leaves all the rest, by answering None, to the reader of front_matter, which is many
times slower: whatever this one reads, that one reads exactly so, and it alone words a refusal. The part is keys with a
value on the same line (plain, in quotes, or a flow list of words), one level of keys below a key, one list of values
below a key, comments and blank lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.front_matter import Value

# What YAML reads as nothing where it stands without quotes.
NULLS = frozenset(("", "~", "null", "Null", "NULL"))

_WORDS = r"\w(?:[\w .+-]*[\w.+-])?"
# Indentation, dash, key, value; or a comment or nothing; or, in the last group, a line for the other reader.
_LINE = re.compile(
    rf"""^(?:
      (\ \ )?
      (?: (-) | ([A-Za-z_][\w.-]{{0,99}}): )
      (?: [ ] (
          '[^'\n]*(?:''[^'\n]*)*'
        | "[^"\\\n]*(?:\\["\\/nt][^"\\\n]*)*"
        | \[(?:{_WORDS}(?:,\ ?{_WORDS})*)?\]
        | (?:[^-?:,\[\]{{}}\#&*!|>'"%@`\s]|-(?=[0-9])).*
      ))?
      | (?:\ *\#.*)?
      | (.+)
    )$""",
    re.MULTILINE | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t"}


def read_plain(source: str, first_line: int) -> tuple[dict[str, Value], dict[str, int]] | None:
    """The header and the lines of its keys, as front_matter reads them; None where there is the slightest doubt."""
    source = source.replace("\r\n", "\n")
    # No tab, no lone CR, none of YAML's other line breaks, no mark, no control character.
    if not source.replace("\n", "").isprintable():
        return None
    header: dict[str, Value] = {}
    lines: dict[str, int] = {}
    # The last key if it has no value on its line, how the lines below it begin, and what they fill.
    parent, beginning = "", ""
    section: dict[str, Value] = {}
    items: list[Value] = []
    value: Value
    for line, (indent, dash, key, written, other) in enumerate(_LINE.findall(source), first_line):
        if other:
            return None
        if not key and not dash:
            continue
        first = written[:1]
        if first == "'":
            value = written[1:-1].replace("''", "'")
        elif first == '"':
            value = _ESCAPE.sub(_unescaped, written[1:-1])
        elif first == "[":
            value = _words(written)
        elif ": " in written or " #" in written or written.endswith((" ", ":")):
            return None
        else:
            value = None if written in NULLS else written
        if key and not indent:
            if key in header or key in NULLS:
                return None
            header[key] = value
            lines[key] = line
            parent, beginning = "" if written else key, ""
            continue
        if not beginning and parent:
            beginning = indent + dash
            if dash:
                header[parent] = items = []
            else:
                header[parent] = section = {}
        if not parent or beginning != indent + dash:
            return None
        if dash:
            if not written:
                return None
            items.append(value)
        else:
            if key in section or key in NULLS:
                return None
            section[key] = value
            lines[f"{parent}.{key}"] = line
    return (header, lines) if header else None


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPED[match.group(1)]


def _words(written: str) -> list[Value]:
    return [None if word in NULLS else word for word in written[1:-1].replace(", ", ",").split(",") if word]
