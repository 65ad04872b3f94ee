"""How far an import is, in one line: files, rate, time left. Pure but for the stream that it writes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO


def line_of(done: int, total: int | None, seconds: float) -> str:
    """ "3,400 of 10,000 files, 1,120 a second, 6 s left"; without a total, what is known."""
    rate = done / seconds if seconds > 0 else 0.0
    words = [f"{done:,} of {total:,} files" if total is not None else f"{done:,} files", f"{rate:,.0f} a second"]
    if total is not None and rate > 0:
        words.append(f"{_duration((total - done) / rate)} left")
    return ", ".join(words)


def _duration(seconds: float) -> str:
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 100 else f"{whole // 60} min {whole % 60:02} s"


class Progress:
    """Rewrites one line of a terminal, a few times a second; on anything else it is silent."""

    PAUSE = 0.2

    def __init__(self, stream: IO[str], clock: Callable[[], float], total: int | None = None) -> None:
        self.stream = stream
        self.clock = clock
        self.total = total
        self.shown = stream.isatty()
        self.began = self.told = clock()
        self.done = 0
        self.width = 0

    def step(self) -> None:
        self.done += 1
        now = self.clock()
        if self.shown and now - self.told >= self.PAUSE:
            self.told = now
            text = line_of(self.done, self.total, now - self.began)
            self.stream.write("\r" + text.ljust(self.width))
            self.stream.flush()
            self.width = len(text)

    def clear(self) -> None:
        """Takes the line away, so that something else can be written."""
        if self.width:
            self.stream.write("\r" + " " * self.width + "\r")
            self.stream.flush()
            self.width = 0
