"""Folders that hold something of everything an import may meet, and the same folder a week later."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

from corpus import Story, stories, text_of

DOCUMENTS = Path(__file__).resolve().parent.parent / "samples" / "documents"
_DOCUMENTS = 3
_WEEK = dt.timedelta(days=7)
# Long ago for a file: its time can be trusted.
_TOUCHED_NS = 1_750_000_000 * 10**9

BROKEN = "---\ntitle: [never closed\ndescription: x\n---\nA header that cannot be read.\n"


def write_mixed(folder: Path, count: int, seed: int = 2026) -> list[Path]:
    """Stories and translations, later and earlier versions, a title that two have, documents with calls, a broken file."""
    kept = list(stories(count, seed))
    for story in kept:
        _write(folder, story)
    _write(folder, _version(kept[3], count, _WEEK))
    _write(folder, _version(kept[5], count + 1, -_WEEK))
    for place in (6, 7):
        _write(folder, replace(kept[place], number=count + place, external_id=f"99{place:06}"))
    (folder / "000010-broken.en.md").write_text(BROKEN, "utf-8")
    for document in sorted(DOCUMENTS.glob("*.txt"))[:_DOCUMENTS]:
        shutil.copy(document, folder / f"000020-{document.name}")
    told = {"file": kept[8].file_name, "former_slugs": ["an-address-of-before"], "state": "retracted"}
    (folder / ".minernews-export.jsonl").write_text(json.dumps(told) + "\n", "utf-8")
    return _aged(folder)


def write_changed(folder: Path, count: int, seed: int = 2026) -> list[Path]:
    """What `write_mixed` wrote, a third of it changed, and some more stories."""
    draw = random.Random(seed)
    for story in stories(count, seed):
        if story.number % 3 == 0:
            story = replace(
                story,
                description=f"{story.description} Changed by the desk of the agency.",
                tags=(*story.tags[1:], f"CHANGED {story.number % 4}"),
                cover="" if draw.random() < 0.5 else story.cover,
                updated_at=story.updated_at + 2 * _WEEK,
            )
        _write(folder, story)
    for story in list(stories(count // 5, seed + 1)):
        _write(folder, replace(story, number=count + 100 + story.number))
    (folder / "000010-broken.en.md").write_text(BROKEN, "utf-8")
    for document in sorted(DOCUMENTS.glob("*.txt"))[_DOCUMENTS - 1 : _DOCUMENTS + 1]:
        shutil.copy(document, folder / f"000020-{document.name}")
    return _aged(folder)


def _version(story: Story, number: int, later: dt.timedelta) -> Story:
    return replace(story, number=number, title=f"Update: {story.title}", updated_at=story.updated_at + later)


def _write(folder: Path, story: Story) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / story.file_name).write_bytes(text_of(story).encode())


def _aged(folder: Path) -> list[Path]:
    paths = sorted(folder.iterdir())
    for path in paths:
        os.utime(path, ns=(_TOUCHED_NS, _TOUCHED_NS))
    return paths
