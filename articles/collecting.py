"""The files that an import is given: paths into files, a zip into its members."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
    export says of it, `upload` the id of the item that keeps the bytes of an upload, `problem` why it cannot be imported
    whatever it holds.
    """

    name: str
    raw: bytes | None = None
    size: int = -1
    modified_ns: int = 0
    beside: dict[str, Any] | None = None
    upload: int | None = None
    problem: str = ""


def collect(paths: Iterable[str | Path]) -> Iterator[SourceFile]:
    """Every file of `paths`, folders walked in order of name, zips taken apart; hidden files and links to folders are passed over.

    What does not exist comes along as a file that cannot be read, so that it is reported with the others.
    """
    for path in map(str, paths):
        if os.path.isdir(path):  # noqa: PTH112 - as text: a hundred thousand paths are made here
            yield from _walk(path)
        elif _is_zip(path):
            yield from _members(path)
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
            records: dict[str, dict[str, Any]] = {}
            total, folder = 0, None
            for member in members:
                if _folder_of(member) != folder:
                    folder = _folder_of(member)
                    text = _sidecar_of(opened, folder)
                    total += len(text)
                    records = sidecar.read(text.split("\n"))
                with opened.open(member) as file:
                    raw = file.read(MAXIMUM_FILE_BYTES + 1)
                total += len(raw)
                if total > MAXIMUM_UNZIPPED_BYTES:
                    limit = MAXIMUM_UNZIPPED_BYTES // 1024 // 1024
                    raise BadArchive(f"the zip holds more than the {limit} MB allowed")
                yield SourceFile(
                    member.filename, raw, beside=sidecar.to_set(records.get(member.filename.rpartition("/")[2]))
                )
    # Of a zip that is encrypted or packed in a way that Python cannot undo, zipfile says RuntimeError or NotImplementedError.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        if isinstance(error, BadArchive):
            raise
        raise BadArchive(f"the zip cannot be read: {error}") from None


def _is_hidden(name: str) -> bool:
    """Folders, hidden files, and what macOS puts beside them."""
    return name.endswith("/") or any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _folder_of(member: zipfile.ZipInfo) -> str:
    return "".join(member.filename.rpartition("/")[:2])


def _sidecar_of(opened: zipfile.ZipFile, folder: str) -> str:
    try:
        with opened.open(folder + sidecar.NAME) as file:
            return file.read(_MAXIMUM_SIDECAR).decode("utf-8", "replace")
    except KeyError:
        return ""


def _records_in_folder(folder: str) -> dict[str, dict[str, Any]]:
    try:
        with (Path(folder) / sidecar.NAME).open(encoding="utf-8", errors="replace", newline="\n") as file:
            return sidecar.read(file.read(_MAXIMUM_SIDECAR).split("\n"))
    except OSError:
        return {}


def _is_zip(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return stat.S_ISREG(os.fstat(file.fileno()).st_mode) and file.read(4) == b"PK\x03\x04"
    except (OSError, ValueError):
        return False


def _members(path: str) -> Iterator[SourceFile]:
    """The files in a zip on disk, each under the zip's name and its own."""
    try:
        with open(path, "rb") as archive:
            for member in unzipped(archive):
                yield replace(member, name=f"{path}/{member.name}")
    except (BadArchive, OSError) as error:
        yield SourceFile(path, problem=str(error))


def _walk(top: str) -> Iterator[SourceFile]:
    """Files of a folder in order of name, then those of its folders. A folder that cannot be read comes as a file."""
    left = [top]
    while left:
        folder = left.pop()
        records = _records_in_folder(folder)
        folders = []
        try:
            with os.scandir(folder) as entries:
                found = sorted(
                    (entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name
                )
        except OSError as error:
            yield SourceFile(_shown(folder), problem=f"the folder cannot be read: {error.strerror}")
            continue
        for entry in found:
            if not _is_folder(entry):
                yield _on_disk(entry.path, sidecar.to_set(records.get(entry.name)))
            elif not entry.is_symlink():  # a link to a folder may lead in a circle
                folders.append(entry.path)
        left += reversed(folders)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _shown(path: str) -> str:
    """The path as text that can be printed and kept, whatever bytes it is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def _on_disk(path: str, beside: dict[str, Any] | None = None) -> SourceFile:
    if not path.isprintable() and _shown(path) != path:
        return SourceFile(_shown(path), problem="its name is not UTF-8")
    try:
        found = os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return SourceFile(path)
    regular = stat.S_ISREG(found.st_mode)
    return SourceFile(path, None, found.st_size if regular else -1, found.st_mtime_ns, beside)
