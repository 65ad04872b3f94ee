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
_HELD = """SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND granted
    AND (classid::bigint << 32) + objid::bigint = %s AND objsubid = 1)"""
_PAUSE = 0.2
_MOMENT = 0.001


class ImportLocked(RuntimeError):
    """Another import is running, and `waiting` did not want to wait."""


@contextmanager
def import_lock(waiting: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Holds the lock. While another process has it, asks `waiting` again and again; raises ImportLocked if it says no."""
    take = _advisory_lock if connection.vendor == "postgresql" else _folder_lock
    with take(waiting):
        yield


def is_locked() -> bool:
    """Whether an import is running now, in any process. Asking keeps no import from beginning."""
    if connection.vendor == "postgresql":
        return bool(_asked(_HELD))
    folder = _opened_folder()
    try:
        return not _is_shared(folder)
    finally:
        os.close(folder)


@contextmanager
def _folder_lock(waiting: Callable[[], bool]) -> Iterator[None]:
    folder = _opened_folder()
    try:
        _wait(lambda: _locked(folder), waiting)
        yield
    finally:
        os.close(folder)


def _opened_folder() -> int:
    return os.open(Path(str(connection.settings_dict["NAME"])).resolve().parent, os.O_RDONLY)


def _locked(folder: int) -> bool:
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not _is_shared(folder):
                return False
            # Somebody only looked, and is done with it at once.
            time.sleep(_MOMENT)
        else:
            return True


def _is_shared(folder: int) -> bool:
    """Whether others may hold the lock together with us: no import does, but those who look."""
    try:
        fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(folder, fcntl.LOCK_UN)
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
