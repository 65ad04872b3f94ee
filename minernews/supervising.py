"""The site and its background worker as one thing: started together, stopped together, and the worker started again."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

_PATIENCE = 10.0
_PAUSE = 0.1
# A worker that ends at once, again and again, is not started faster than this.
_BETWEEN_STARTS = 2.0
_PR_SET_PDEATHSIG = 1


def supervise(server: Sequence[str], worker: Sequence[str], say: Callable[[str], None]) -> int:
    """Runs both until the server ends or somebody stops this process; gives the server's exit code, 0 if it was stopped.

    Each is in a session of its own: of a Ctrl-C only this process hears, and asks the one process of each that knows how
    to end. granian, whose parent and children a terminal would interrupt all at once, goes on serving in one case of two.
    """
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    serving, working, started = _start(server), _start(worker), time.monotonic()
    while not stopping and serving.poll() is None:
        time.sleep(_PAUSE)
        if working.poll() is not None and time.monotonic() - started > _BETWEEN_STARTS:
            say(f"The background worker ended ({working.returncode}) and is started again.")
            working, started = _start(worker), time.monotonic()
    _end([(serving, signal.SIGINT), (working, signal.SIGTERM)], stopping)
    return 0 if stopping else int(serving.returncode or 0)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
    )


def _end_with_parent() -> None:
    """A supervisor that is killed can tell nobody: the system then does."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(processes: list[tuple[subprocess.Popen[bytes], int]], stopping: list[int]) -> None:
    """Asks each to end, and after a while, or when asked a second time, ends it with all that it started."""
    asked = len(stopping)
    for process, number in processes:
        if process.poll() is None:
            process.send_signal(number)
    until = time.monotonic() + _PATIENCE
    while any(process.poll() is None for process, _ in processes):
        if time.monotonic() > until or len(stopping) > max(asked, 1):
            break
        time.sleep(_PAUSE)
    for process, _ in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
