"""The files that an import is given: paths into files, kinds told apart by content."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from articles.front_matter import has_front_matter
from sources.encoding import MAXIMUM_FILE_BYTES, UnreadableText

ARTICLE, DOCUMENT = "article", "document"
_KEYS_WITHOUT_FENCE = re.compile(r"\A\ufeff?\s*(?:title|description|externalId|publishedAt):\s", re.MULTILINE)


@dataclass(frozen=True)
class SourceFile:
    """A file to import. `read` gives its bytes and raises UnreadableText or OSError."""

    name: str
    read: Callable[[], bytes]


def collect(paths: Iterable[str | Path]) -> Iterator[SourceFile]:
    """Every file of `paths`, folders walked in order of name; hidden files are passed over.

    What does not exist comes along as a file that cannot be read, so that it is reported with the others.
    """
    for path in map(Path, paths):
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    if not name.startswith("."):
                        yield _on_disk(Path(folder) / name)
        else:
            yield _on_disk(path)


def uploaded(name: str, raw: bytes) -> SourceFile:
    return SourceFile(name, lambda: raw)


def kind_of(text: str) -> str:
    """article or document, by what stands first; raises UnreadableText for keys that lack their opening ---."""
    if has_front_matter(text):
        return ARTICLE
    if _KEYS_WITHOUT_FENCE.match(text):
        raise UnreadableText("front matter without its opening --- line", 1)
    return DOCUMENT


def _on_disk(path: Path) -> SourceFile:
    def read() -> bytes:
        if not path.exists():
            raise UnreadableText("no such file or folder")
        if not path.is_file():
            raise UnreadableText("not a regular file")
        size = path.stat().st_size
        if size > MAXIMUM_FILE_BYTES:
            raise UnreadableText(f"the file has {size:,} bytes, more than the {MAXIMUM_FILE_BYTES:,} allowed", 1)
        return path.read_bytes()

    return SourceFile(str(path), read)
