"""What an export says of articles that front matter has no word for: a hidden file beside the articles' own. Pure.

One JSON line a file: which article it is, the digest of what was written, and whatever else there is to say. An import
that finds it gives new articles what it says; without it they are what their own files make them.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from typing import Any

NAME = ".minernews-export.jsonl"
TIMES = ("publish_at", "reviewed_at")
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,200}")
COVER = {"alt": "", "credit": "", "focal_x": 0.5, "focal_y": 0.5}


# What of a record is about the file, and nothing for an import to set.
_OF_THE_FILE = ("external_id", "lang", "sha256")


def to_set(record: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a new article is to be given by its record; None if there is nothing."""
    return {key: value for key, value in (record or {}).items() if key not in _OF_THE_FILE} or None


def read(lines: Iterable[str]) -> dict[str, dict[str, Any]]:
    """File name → record, of those lines that are records; of a record, what is sound in it."""
    found = {}
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict) and isinstance(record.get("file"), str):
            name = record.pop("file")
            found[name] = {key: value for key, value in record.items() if _is_sound(key, value)}
    return found


def _is_sound(key: str, value: Any) -> bool:
    if key in TIMES:
        return _is_time(value)
    if key == "slug":
        return _is_slug(value)
    if key == "former_slugs":
        return isinstance(value, list) and all(map(_is_slug, value))
    if key == "duplicate_of":
        return isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)
    if key == "cover":
        return isinstance(value, dict) and all(_is_word_of_cover(name, part) for name, part in value.items())
    limit = {"state": 10, "ai_model": 100, "reviewed_by": 150, "external_id": 64, "lang": 10, "sha256": 64}.get(key, 0)
    return isinstance(value, str) and len(value) <= limit and (key != "state" or value == "retracted")


def _is_word_of_cover(name: str, value: Any) -> bool:
    if name in ("alt", "credit"):
        return isinstance(value, str) and len(value) <= {"alt": 300, "credit": 200}[name]
    return name in COVER and isinstance(value, float) and 0 <= value <= 1


def _is_slug(value: Any) -> bool:
    return isinstance(value, str) and _SLUG.fullmatch(value) is not None


def _is_time(value: Any) -> bool:
    try:
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC).year >= 1990
    except (TypeError, ValueError, OverflowError):
        return False
