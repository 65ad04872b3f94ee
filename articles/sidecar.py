"""What an export says of articles that front matter has no word for: a hidden file beside the articles' own.

One JSON line an article that has anything to say. An import that finds the file gives new articles what it says; without
it they are what their own files make them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from articles.slugs import slug_of

NAME = ".minernews-export.jsonl"
TIMES = ("publish_at", "reviewed_at")
_TEXTS = ("slug", "state", "ai_model", "reviewed_by")
COVER = {"alt": "", "credit": "", "focal_x": 0.5, "focal_y": 0.5}


def read(lines: Iterable[str]) -> dict[str, dict[str, Any]]:
    """File name → record, of those lines that are records as `said_of` writes them; whatever else there is counts for nothing."""
    found = {}
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict) and isinstance(record.get("file"), str) and _is_sound(record):
            found[record.pop("file")] = record
    return found


def _is_sound(record: dict[str, Any]) -> bool:
    former, cover = record.get("former_slugs", []), record.get("cover", {})
    slugs = [record.get("slug", "a"), *(former if isinstance(former, list) else [None])]
    try:
        for name in TIMES:
            if name in record:
                dt.datetime.fromisoformat(record[name]).astimezone(dt.UTC)
        return (
            all(isinstance(record.get(name, ""), str) for name in _TEXTS)
            and all(isinstance(slug, str) and slug != "" and slug == slug_of(slug, 200, "") for slug in slugs)
            and record.get("state", "retracted") == "retracted"
            and len(record.get("ai_model", "")) <= 100
            and isinstance(cover, dict)
            and all(name in COVER and isinstance(value, type(COVER[name])) for name, value in cover.items())
        )
    except (TypeError, ValueError):
        return False
