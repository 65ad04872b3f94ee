"""Three-way merge of an article's fields: what the file said last time, what it says now, what the database has. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Difference:
    """A field that the file changed. `conflict` when an editor changed it, too, to something else.

    `settled` tells for whom a conflict was decided, "ours" (the editor) or "theirs" (the file); empty while it is open.
    """

    field: str
    base: Any
    ours: Any
    theirs: Any
    conflict: bool
    settled: str = ""

    def as_record(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "base": self.base,
            "ours": self.ours,
            "theirs": self.theirs,
            "conflict": self.conflict,
            "settled": self.settled,
        }


def differences(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """Each field that the file now gives otherwise than last time and than the database has it."""
    found = []
    for field, value in theirs.items():
        before, current = base.get(field), ours.get(field)
        if value != before and value != current:
            found.append(Difference(field, before, current, value, conflict=current != before))
    return found


def settled(difference: Difference, side: str) -> Difference:
    return replace(difference, settled=side)
