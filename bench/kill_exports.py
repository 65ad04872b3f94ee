"""What an export left in its target, for kill_scenes.py to compare."""

from __future__ import annotations

import zipfile
from pathlib import Path

SIDECAR = ".minernews-export.jsonl"
UNFINISHED = ".minernews-unfinished-"


def contents(target: Path, unfinished: bool = False) -> dict[str, bytes]:
    """The files of an export, a folder or a zip, by name."""
    if target.suffix == ".zip":
        if not target.exists():
            return {}
        with zipfile.ZipFile(target) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return {
        path.name: path.read_bytes()
        for path in target.iterdir()
        if unfinished or not path.name.startswith(UNFINISHED)
    }  # fmt: skip
