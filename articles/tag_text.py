"""Tags as one line of text in a form, and back. Pure.

Commas stand between tags. A tag that holds a comma, or begins with a quote, stands in quotes, its own quotes doubled.
What was shown and comes back untouched gives the very tags again; taggit's own writing loses quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_TAG = re.compile(r'\s*"((?:[^"]|"")+)"\s*(?:,|$)|([^,]*)(?:,|$)')
# A browser takes these out of a line.
_LINE_ENDS = re.compile(r"[\r\n]")


def names_in(text: str) -> list[str]:
    """The names in a line, each once, in order of name. Quotes that enclose no whole tag are part of it: 5" rig."""
    found = (
        match[1].replace('""', '"') if match[1] is not None else match[2].strip() for match in _TAG.finditer(text or "")
    )
    return sorted({name for name in found if name.strip()})


def text_of(tags: Iterable[Any]) -> str:
    return ", ".join(sorted(_written(tag.name) for tag in tags))


def as_shown(name: str) -> str:
    """What a line can say of a name, alike for names that count as one tag."""
    return _LINE_ENDS.sub("", name).casefold()


def _written(name: str) -> str:
    if "," in name or name.startswith('"') or name != name.strip():
        return '"' + name.replace('"', '""') + '"'
    return name
