"""The files that an import is given: paths into files, a zip into its members."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from articles import sidecar
from sources.encoding import MAXIMUM_FILE_BYTES, UnreadableText

MAXIMUM_MEMBERS = 20_000
MAXIMUM_UNZIPPED_BYTES = 200 * 1024 * 1024
_MAXIMUM_SIDECAR = 50 * 1024 * 1024


class BadArchive(ValueError):
    """A zip that cannot be taken apart, or that is larger than it should be."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import: on disk with its size and time (nanoseconds since 1970), or uploaded with its bytes.

    `size` is -1 for what is not a file that can be read; reading it will say why. `beside` is what the sidecar of an
    export says of it, `upload` the id of the item that keeps the bytes of an upload.
    """

    name: str
    raw: bytes | None = None
    size: int = -1
    modified_ns: int = 0
    beside: dict[str, Any] | None = None
    upload: int | None = None


def collect(paths: Iterable[str | Path]) -> Iterator[SourceFile]:
    """Every file of `paths`, folders walked in order of name; hidden files are passed over.

    What does not exist comes along as a file that cannot be read, so that it is reported with the others.
    """
    for path in map(str, paths):
        if os.path.isdir(path):  # noqa: PTH112 - as text: a hundred thousand paths are made here
            yield from _walk(path)
        else:
            yield _on_disk(path)


def read_bytes(name: str) -> bytes:
    """The bytes of the file of this name. Raises UnreadableText, or OSError."""
    path = Path(name)
    if not path.exists():
        raise UnreadableText("no such file or folder")
    if not path.is_file():
        raise UnreadableText("not a regular file")
    with path.open("rb") as file:
        raw = file.read(MAXIMUM_FILE_BYTES + 1)
    if len(raw) > MAXIMUM_FILE_BYTES:
        size = path.stat().st_size
        raise UnreadableText(f"the file has {size:,} bytes, more than the {MAXIMUM_FILE_BYTES:,} allowed", 1)
    return raw


def uploaded(name: str, raw: bytes) -> SourceFile:
    return SourceFile(name, raw)


def unzipped(archive: IO[bytes]) -> Iterator[SourceFile]:
    """The files in a zip, in order of name. Raises BadArchive. A member over the size of a file is cut one byte above it.

    Sizes are counted as they are read: what a zip says about its members is not believed.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = sorted((m for m in opened.infolist() if not _is_hidden(m.filename)), key=lambda m: m.filename)
            if len(members) > MAXIMUM_MEMBERS:
                raise BadArchive(f"the zip holds {len(members):,} files, more than the {MAXIMUM_MEMBERS:,} allowed")
            total = 0
            records = {folder: _records_in_zip(opened, folder) for folder in {_folder_of(m) for m in members}}
            for member in members:
                with opened.open(member) as file:
                    raw = file.read(MAXIMUM_FILE_BYTES + 1)
                total += len(raw)
                if total > MAXIMUM_UNZIPPED_BYTES:
                    limit = MAXIMUM_UNZIPPED_BYTES // 1024 // 1024
                    raise BadArchive(f"the zip holds more than the {limit} MB allowed")
                beside = records[_folder_of(member)].get(member.filename.rpartition("/")[2])
                yield SourceFile(member.filename, raw, beside=beside)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        if isinstance(error, BadArchive):
            raise
        raise BadArchive(f"the zip cannot be read: {error}") from None


def _is_hidden(name: str) -> bool:
    """Folders, hidden files, and what macOS puts beside them."""
    return name.endswith("/") or any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _folder_of(member: zipfile.ZipInfo) -> str:
    return "".join(member.filename.rpartition("/")[:2])


def _records_in_zip(opened: zipfile.ZipFile, folder: str) -> dict[str, dict[str, Any]]:
    try:
        with opened.open(folder + sidecar.NAME) as file:
            return sidecar.read(file.read(_MAXIMUM_SIDECAR).decode("utf-8", "replace").splitlines())
    except KeyError:
        return {}


def _records_in_folder(folder: str) -> dict[str, dict[str, Any]]:
    try:
        with (Path(folder) / sidecar.NAME).open(encoding="utf-8", errors="replace") as file:
            return sidecar.read(file.read(_MAXIMUM_SIDECAR).splitlines())
    except OSError:
        return {}


def _walk(folder: str) -> Iterator[SourceFile]:
    """Files of a folder in order of name, then those of its folders. A folder that cannot be read comes as a file."""
    folders = []
    records = _records_in_folder(folder)
    try:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith("."):
                    continue
                if not entry.is_dir():
                    yield _on_disk(entry.path, records.get(entry.name))
                elif not entry.is_symlink():  # a link to a folder may lead in a circle
                    folders.append(entry.path)
    except OSError:
        yield SourceFile(folder)
    for inner in folders:
        yield from _walk(inner)


def _on_disk(path: str, beside: dict[str, Any] | None = None) -> SourceFile:
    try:
        found = os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return SourceFile(path)
    regular = stat.S_ISREG(found.st_mode)
    return SourceFile(path, None, found.st_size if regular else -1, found.st_mtime_ns, beside)
