"""One import at a time. The lock belongs to the process: when that ends, however it ends, the lock is gone.

SQLite: a lock on the folder that holds the database, so that no file is left behind. PostgreSQL: an advisory lock of
the session, which holds across machines.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection

# Any number will do, as long as nothing else in the database locks it: the letters "minernew".
_KEY = int.from_bytes(b"minernew", "big")
_PAUSE = 0.2


class ImportLocked(RuntimeError):
    """Another import is running, and `waiting` did not want to wait."""


@contextmanager
def import_lock(waiting: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Holds the lock. While another process has it, asks `waiting` again and again; raises ImportLocked if it says no."""
    take = _advisory_lock if connection.vendor == "postgresql" else _folder_lock
    with take(waiting):
        yield


def is_locked() -> bool:
    """Whether an import is running now, in any process."""
    try:
        with import_lock(lambda: False):
            return False
    except ImportLocked:
        return True


@contextmanager
def _folder_lock(waiting: Callable[[], bool]) -> Iterator[None]:
    folder = os.open(Path(str(connection.settings_dict["NAME"])).resolve().parent, os.O_RDONLY)
    try:
        _wait(lambda: _locked(folder), waiting)
        yield
    finally:
        os.close(folder)


def _locked(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _advisory_lock(waiting: Callable[[], bool]) -> Iterator[None]:
    _wait(lambda: bool(_asked("SELECT pg_try_advisory_lock(%s)")), waiting)
    try:
        yield
    finally:
        try:
            _asked("SELECT pg_advisory_unlock(%s)")
        except DatabaseError:
            # In a transaction that failed nothing can be asked; the lock goes with the session.
            connection.close()


def _asked(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question, [_KEY])
        row = cursor.fetchone()
    return row[0] if row else None


def _wait(taken: Callable[[], bool], waiting: Callable[[], bool]) -> None:
    while not taken():
        if not waiting():
            raise ImportLocked("another import is running")
        time.sleep(_PAUSE)
