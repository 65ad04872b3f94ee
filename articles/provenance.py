"""Where an article came from and what a machine did to it, in one line and in full. Pure: values in, words out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """What is recorded of an article's making. None and "" mean: not recorded."""

    outlet: str = ""
    source_url: str = ""
    source_held: bool = False
    rewritten: bool | None = None
    translated_from: str = ""
    model: str = ""
    version: str = ""
    expanded_at: dt.datetime | None = None
    reviewed_by: str = ""
    reviewed_at: dt.datetime | None = None


@dataclass(frozen=True)
class Provenance:
    """`line` sums it up; `rows` are (what, value) pairs in full, values that are times left as times."""

    line: str
    rows: tuple[tuple[str, str | dt.datetime], ...]


def provenance(origin: Origin) -> Provenance:
    """Says what is known, and of the rest that it is not."""
    source = origin.outlet or "a source that is not recorded"
    by_machine = bool(origin.rewritten or origin.translated_from)
    if origin.translated_from and origin.rewritten:
        line = f"Rewritten and translated by AI from {source}"
    elif origin.translated_from:
        line = f"Translated by AI from {source}"
    elif origin.rewritten:
        line = f"Rewritten by AI from {source}"
    elif origin.rewritten is False:
        line = f"From {source} · not rewritten by AI"
    else:
        line = f"From {source} · no use of AI recorded"
    line += f" · source text {'held' if origin.source_held else 'not held'}"
    if by_machine:
        line += f" · {'model ' + origin.model if origin.model else 'model not recorded'}"
    rows: list[tuple[str, str | dt.datetime]] = [
        ("Source", origin.outlet or "not recorded"),
        ("Address of the source", origin.source_url or "not recorded"),
        ("Source text", "held, not published" if origin.source_held else "not held"),
        ("Rewritten by a machine", {True: "yes", False: "no", None: "not recorded"}[origin.rewritten]),
    ]
    if by_machine:
        rows += [
            ("Model", origin.model or "not recorded"),
            ("Version of the rewriting", origin.version or "not recorded"),
            ("Rewritten at", origin.expanded_at or "not recorded"),
        ]
    if origin.translated_from:
        rows.append(("Translated from", f"article {origin.translated_from}"))
    rows += [
        ("Reviewed", f"by {origin.reviewed_by}" if origin.reviewed_by else "not reviewed here"),
        ("Checked against the source", "not checked against source"),
    ]
    if origin.reviewed_at:
        rows.append(("Reviewed at", origin.reviewed_at))
    return Provenance(line, tuple(rows))
