"""The moments at which kill.py ends a process, and the means to end it there."""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

# Kind of moment → its share of all points.
SHARES = {
    "before a statement": 0.16,
    "after a statement": 0.12,
    "before rows": 0.08,
    "after rows": 0.08,
    "within a statement": 0.18,
    "before a commit": 0.06,
    "after a commit": 0.06,
    "at a time": 0.12,
    "export": 0.08,
    "command": 0.04,
    "reader": 0.02,
}
# SQLite tells of its progress this often, in steps of its machine.
_STEPS = 1000


@dataclass(frozen=True)
class Ended:
    """How a child ended: killed, or with a result, which is an error's trace if it raised one."""

    killed: bool
    result: Any
    error: str
    seconds: float


def in_child(work: Callable[[], Any], killed_after: float | None = None) -> Ended:
    """Does `work` in a forked process; its result must be JSON. The process is killed after some seconds, if asked."""
    begun = time.monotonic()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            said = {"result": work(), "error": ""}
        except BaseException:  # noqa: BLE001 - the parent tells of it
            said = {"result": None, "error": traceback.format_exc()}
        with os.fdopen(writing, "w") as out:
            json.dump(said, out)
        os._exit(0)
    os.close(writing)
    if killed_after is not None:
        time.sleep(killed_after)
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading) as answer:
        text = answer.read()
    _, status = os.waitpid(pid, 0)
    seconds = time.monotonic() - begun
    if os.WIFSIGNALED(status):
        return Ended(True, None, "", seconds)
    said = json.loads(text)
    return Ended(False, said["result"], said["error"], seconds)


@contextmanager
def counted(kind: str = "", at: int = 0) -> Iterator[Counter[str]]:
    """Counts the moments of each kind, and ends this process at the `at`-th of `kind` (the first is 1)."""
    from django.db import DEFAULT_DB_ALIAS, connections

    from articles import bulk_rows

    counts: Counter[str] = Counter()

    def now(name: str) -> None:
        counts[name] += 1
        if name == kind and counts[name] == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        now("before a statement")
        result = execute(sql, values, many, context)
        now("after a statement")
        return result

    def around(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def worked(*arguments: Any) -> Any:
            now(f"before {name}")
            result = work(*arguments)
            now(f"after {name}")
            return result

        return worked

    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    with ExitStack() as undone:
        undone.enter_context(connection.execute_wrapper(statement))
        undone.enter_context(mock.patch.object(bulk_rows, "insert", around("rows", bulk_rows.insert)))
        undone.enter_context(mock.patch.object(connection, "commit", around("a commit", connection.commit)))
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(lambda: now("within a statement"), _STEPS)
            undone.callback(connection.connection.set_progress_handler, None, 0)
        else:
            undone.enter_context(_rows_copied(lambda: now("within a statement")))
        yield counts


@contextmanager
def _rows_copied(told: Callable[[], None]) -> Iterator[None]:
    """PostgreSQL is sent new rows one by one."""
    import psycopg

    write_row = psycopg.Copy.write_row

    def written(self: Any, row: Any) -> None:
        write_row(self, row)
        told()

    with mock.patch.object(psycopg.Copy, "write_row", written):
        yield


@contextmanager
def export_ended(step: str, at: int) -> Iterator[None]:
    """Ends this process at the `at`-th file of an export: half-way through it, before or after it gets its name."""
    import zipfile

    count = 0
    write_bytes, replace, writestr = Path.write_bytes, Path.replace, zipfile.ZipFile.writestr

    def now() -> bool:
        nonlocal count
        count += 1
        return count == at

    def halved(path: Path, raw: bytes) -> int:
        if step == "half" and now():
            write_bytes(path, raw[: len(raw) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return write_bytes(path, raw)

    def renamed(path: Path, target: Path) -> Path:
        reached = step in ("before", "after") and now()
        if reached and step == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = replace(path, target)
        if reached:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    def zipped(archive: Any, *arguments: Any) -> None:
        writestr(archive, *arguments)
        if step == "zip" and now():
            archive.fp.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    with (
        mock.patch.object(Path, "write_bytes", halved),
        mock.patch.object(Path, "replace", renamed),
        mock.patch.object(zipfile.ZipFile, "writestr", zipped),
    ):
        yield


def processes_of(session: int) -> list[int]:
    """The processes of a session that are not over, whoever their parent is now."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, _, own = (entry / "stat").read_text().rpartition(") ")[2].split()[:4]
            except OSError:
                continue
            if int(own) == session and state not in "ZX":
                found.append(int(entry.name))
    return found


def readers_of(session: int) -> list[int]:
    """Those of them that read files for an import."""
    found = []
    for pid in processes_of(session):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if pid != session and b"spawn_main" in command:
            found.append(pid)
    return found
