"""The line that shows how far an import is: on a terminal, and nowhere else."""

from __future__ import annotations

import io

import pytest

from articles.progress import Progress, line_of


@pytest.mark.parametrize(
    ("done", "total", "seconds", "line"),
    [
        (0, None, 0.0, "0 files, 0 a second"),
        (3400, 10_000, 3.0, "3,400 of 10,000 files, 1,133 a second, 6 s left"),
        (10_000, 10_000, 9.0, "10,000 of 10,000 files, 1,111 a second, 0 s left"),
        (10, 100_000, 1.0, "10 of 100,000 files, 10 a second, 166 min 39 s left"),
        (50, None, 0.5, "50 files, 100 a second"),
        (12, 10, 1.0, "12 of 10 files, 12 a second, 0 s left"),
        (0, 10, 1.0, "0 of 10 files, 0 a second"),
    ],
)
def test_the_line(done: int, total: int | None, seconds: float, line: str) -> None:
    assert line_of(done, total, seconds) == line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def steps(stream: io.StringIO, count: int, seconds_each: float) -> Progress:
    times = iter([n * seconds_each for n in range(count + 2)])
    progress = Progress(stream, lambda: next(times), total=count)
    for _ in range(count):
        progress.step()
    return progress


def test_a_terminal_sees_one_line_a_few_times_a_second() -> None:
    terminal = Terminal()
    progress = steps(terminal, 20, 0.0625)
    shown = terminal.getvalue().split("\r")[1:]
    assert [line.split(" of ")[0] for line in shown] == ["4", "8", "12", "16", "20"]
    assert "\n" not in terminal.getvalue()
    progress.clear()
    assert terminal.getvalue().endswith("\r")


def test_a_pipe_sees_nothing() -> None:
    pipe = io.StringIO()
    steps(pipe, 100, 0.01).clear()
    assert pipe.getvalue() == ""
