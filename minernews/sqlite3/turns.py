"""Whose turn it is to write to an SQLite file: first come, first served.

SQLite lets writers try again and again, at ever longer intervals, and whoever happens to try right after a commit wins.
With several editors and an import at work somebody waits for ever. Here those of one process form a queue, and the first
of each queue waits beside the file `…-turn`, where nobody can overtake who waits already. The system gives up a process's
locks when it ends, however it ends; the file is empty and may be deleted while nothing runs.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from contextlib import suppress

# Bytes of the file that stand for two locks: to write, and to be the next who writes.
_WRITING, _NEXT = 0, 1
_PAUSE = 0.002

_queues: dict[str, Queue] = {}
_guard = threading.Lock()


class TurnNotGiven(RuntimeError):
    """Others wrote for longer than one was willing to wait."""


class Queue:
    """The writers of this process to one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._file: int | None = None

    def take(self, patience: float) -> None:
        """Waits for the turn, at most `patience` seconds, and then raises TurnNotGiven."""
        end = time.monotonic() + patience
        mine = threading.Event()
        with self._guard:
            self._waiting.append(mine)
            if self._waiting[0] is mine:
                mine.set()
        try:
            if not mine.wait(patience):
                raise TurnNotGiven
            file = self._open()
            if file is None:
                return
            _lock(file, _NEXT, end)
            try:
                _lock(file, _WRITING, end)
            finally:
                _unlock(file, _NEXT)
        except BaseException:
            self._leave(mine)
            raise

    def give(self) -> None:
        """Ends the turn."""
        if self._file is not None:
            _unlock(self._file, _WRITING)
        with self._guard:
            first = self._waiting[0]
        self._leave(first)

    def is_wanted(self) -> bool:
        """Whether somebody else waits for a turn, or has one. Ask between two turns of one's own."""
        with self._guard:
            # Another thread's locks belong to the whole process: to try them would give them up.
            return bool(self._waiting) or self._others_have_locks()

    def _others_have_locks(self) -> bool:
        file = self._open()
        if file is None:
            return False
        try:
            for place in (_NEXT, _WRITING):
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
                _unlock(file, place)
        except (BlockingIOError, PermissionError):
            return True
        return False

    def _leave(self, who: threading.Event) -> None:
        with self._guard:
            self._waiting.remove(who)
            if self._waiting:
                self._waiting[0].set()

    def _open(self) -> int | None:
        """The file, or None where none can be made: on a full disk the queue of the process must do."""
        # Never closed: closing it anywhere in the process would give up the process's locks.
        if self._file is None:
            with suppress(OSError):
                self._file = os.open(f"{self.path}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file


def queue_for(path: str) -> Queue:
    with _guard:
        return _queues.setdefault(path, Queue(path))


def _lock(file: int, place: int, end: float) -> None:
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            return
        except (BlockingIOError, PermissionError):
            if time.monotonic() > end:
                raise TurnNotGiven from None
            time.sleep(_PAUSE)


def _unlock(file: int, place: int) -> None:
    fcntl.lockf(file, fcntl.LOCK_UN, 1, place)


def _forget() -> None:
    """In a forked process: it has no turn, whatever its parent was doing."""
    global _guard
    _queues.clear()
    _guard = threading.Lock()


os.register_at_fork(after_in_child=_forget)
