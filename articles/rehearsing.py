"""A dry run rolls each batch back; here it remembers which files it would have saved.

A file that meets an article which an earlier batch would have made finds it: the earlier files are saved again, in front of
it and unreported, and rolled back with it. One transaction for all of a dry run would keep every editor from saving.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace

from articles.collecting import SourceFile
from articles.models import ImportItem


class Rehearsal:
    """Files of a dry run by what they would have become: the identity of an article, or the digest of a document."""

    def __init__(self) -> None:
        self._files: dict[int, SourceFile | list[SourceFile]] = {}

    def note(self, key: Hashable, file: SourceFile) -> None:
        # The bytes of an upload stay in the database; the hash of a key is kept, for there may be many.
        kept = replace(file, raw=None) if file.upload is not None else file
        before = self._files.get(hash(key))
        if before is None:
            self._files[hash(key)] = kept
        elif isinstance(before, list):
            before.append(kept)
        else:
            self._files[hash(key)] = [before, kept]

    def earlier(self, keys: Iterable[Hashable]) -> Iterator[SourceFile]:
        """The files that came before under any of `keys`, those of one key in their order, with their bytes if uploaded."""
        for key in dict.fromkeys(keys):
            found = self._files.get(hash(key), [])
            for file in found if isinstance(found, list) else [found]:
                yield file if file.upload is None else replace(file, raw=_bytes_of(file.upload))


def _bytes_of(upload: int) -> bytes:
    raw = ImportItem.objects.values_list("raw", flat=True).get(pk=upload)
    return bytes(raw or b"")
