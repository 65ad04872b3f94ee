"""Prepares files in processes beside this one, in order, a few chunks ahead of whoever saves them.

A handful of files is prepared here: starting the processes takes longer than that.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import parent_process
from types import TracebackType
from typing import TypeVar

from articles.mentions import CompanyNames
from articles.preparing import FileToRead, PreparedFile, prepare_all

Result = TypeVar("Result")

PREPARED_HERE = 200
# In a reader: the names it was started with.
_names: list[CompanyNames] = []


class ReadersDied(RuntimeError):
    """A reading process ended without an answer; it was killed, or there was no memory left."""


def process_count() -> int:
    """One reader a processor, at least two: the process that saves spends part of its time waiting for the disk."""
    return max(2, min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2, 8))


class Readers:
    """Use as a context manager. `prepare` gives a function that waits for the result of one chunk."""

    def __init__(self, names: CompanyNames, processes: int | None = None) -> None:
        self.names = names
        self.processes = processes or process_count()
        self.prepared_here = 0
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pool is not None:
            self.pool.shutdown(wait=True, cancel_futures=True)

    @property
    def ahead(self) -> int:
        """How many chunks may wait: enough to keep every reader busy, and no more than memory should hold."""
        return 2 * self.processes if self.pool is not None else 1

    def prepare(self, files: Sequence[FileToRead]) -> Callable[[], list[PreparedFile]]:
        if self.pool is None and (not files or self.prepared_here + len(files) <= PREPARED_HERE):
            self.prepared_here += len(files)
            prepared = prepare_all(files, self.names)
            return lambda: prepared
        if self.pool is None:
            # Not forked: a fork would share this process's connection to the database.
            self.pool = ProcessPoolExecutor(
                self.processes, multiprocessing.get_context("spawn"), _start_reader, (self.names,)
            )
        pool = self.pool
        # A pool of which a process has died refuses more work, and that before anyone has asked for a result.
        future = _unless_died(lambda: pool.submit(_prepare_there, files))
        return lambda: _unless_died(future.result)


def _unless_died(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except BrokenProcessPool:
        raise ReadersDied("a reading process ended without an answer: killed, or out of memory") from None


def _start_reader(names: CompanyNames) -> None:
    _names[:] = [names]
    # Ctrl-C reaches the whole group of processes; the one that saves decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed tells nobody: without this, its readers would wait for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _prepare_there(files: Sequence[FileToRead]) -> list[PreparedFile]:
    return prepare_all(files, _names[0])
