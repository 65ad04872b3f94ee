"""Files on disk for tests, with times of change in the past, and imports of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from articles.collecting import collect
from articles.importer import Report, import_files
from articles.options import ImportOptions
from tests.conftest import NOW


def write(path: Path, text: str, age: float = 60.0) -> None:
    """A file that was last changed `age` seconds ago."""
    path.write_text(text)
    then = path.stat().st_mtime - age
    os.utime(path, (then, then))


def from_disk(folder: Path, **options: Any) -> Report:
    return import_files(collect([folder]), ImportOptions(**options), NOW, keep_items=True)
