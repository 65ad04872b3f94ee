"""Two imports at once, as real processes on a database of their own: one after the other, and nothing twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
FILES = 60
# The command as it is, but for batches of five files with a rest after each: long enough to be met at work.
SLOWLY = """
import sys, time
import django
django.setup()
from django.core.management import execute_from_command_line
from articles import importing, known_files, preparing_pool
known_files.READ_AT_ONCE, preparing_pool.PREPARED_HERE = 5, 1_000_000
save = importing.Batches.save
def slowly(*arguments):
    result = save(*arguments)
    print("a batch is saved", flush=True)
    time.sleep(float(sys.argv[2]))
    return result
importing.Batches.save = slowly
execute_from_command_line(["manage.py", "import_seeds", sys.argv[1]])
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    """The benchmarks' databases, and the means to compare what is in them."""
    sys.path.insert(0, str(BENCH))
    import kill_moments
    import mixed_corpus
    import wholeness
    import workbench

    class Bench:
        in_child = staticmethod(kill_moments.in_child)
        write_mixed = staticmethod(mixed_corpus.write_mixed)
        said_by = staticmethod(wholeness.said_by)
        differences = staticmethod(wholeness.differences)

    with workbench.databases() as made:
        Bench.databases = made
        Bench.template = made.with_catalogue(made.migrated())
        Bench.folder = made.folder / "corpus"
        mixed_corpus.write_mixed(Bench.folder, FILES)
        database = made.copy(Bench.template)
        assert "1 of " in database.manage("import_seeds", Bench.folder).stderr
        Bench.expected = wholeness.said_by(database)
        yield Bench
    sys.path.remove(str(BENCH))
    for module in ("kill_moments", "mixed_corpus", "wholeness", "workbench", "corpus", "corpus_words"):
        sys.modules.pop(module, None)


@pytest.fixture
def database(bench: Any) -> Iterator[Any]:
    database = bench.databases.copy(bench.template)
    yield database
    bench.databases.drop(database)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """The processes of a test; none of them outlives it."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def begin_slowly(bench: Any, database: Any, rest: float) -> subprocess.Popen[str]:
    """An import that holds the lock by the time this function returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOWLY, str(bench.folder), str(rest)],
        cwd=BENCH.parent,
        env=database.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line == "a batch is saved\n", line or process.communicate()[1]
    return process


def who_is_named(line: str, first: subprocess.Popen[str]) -> None:
    pattern = rf"Another import is running \(run \d+, process \S+ {first.pid}, since \d{{4}}-\d\d-\d\d \d\d:\d\d UTC\)"
    assert re.match(pattern, line), line


def test_the_second_says_who_is_importing_and_waits(bench: Any, database: Any, started: list[Any]) -> None:
    first = begin_slowly(bench, database, 0.3)
    started.append(first)
    second = database.begin("import_seeds", bench.folder)
    started.append(second)
    line = second.stderr.readline()
    who_is_named(line, first)
    assert line.endswith("Waiting for it …\n")
    assert first.poll() is None
    first_said = first.communicate(timeout=60)[1]
    said, complaint = second.communicate(timeout=60)
    # The broken file fails both times, and everything else is there already when the second comes to it.
    assert (first.returncode, second.returncode) == (1, 1), first_said + complaint
    assert "created 0, updated 0" in said
    assert "failed 1" in said
    assert bench.differences(bench.expected["dump"], (found := bench.said_by(database))["dump"]) == []
    assert (found["wrong"], found["runs"]) == ([], ["finished", "finished"])


def test_one_that_must_not_wait_gives_up_and_says_why(bench: Any, database: Any, started: list[Any]) -> None:
    first = begin_slowly(bench, database, 0.2)
    started.append(first)
    done = database.manage("import_seeds", "--no-wait", bench.folder)
    assert first.poll() is None
    assert done.returncode == 1
    who_is_named(done.stderr, first)
    assert "Traceback" not in done.stderr
    first.communicate(timeout=60)
    assert bench.differences(bench.expected["dump"], (found := bench.said_by(database))["dump"]) == []
    assert found["wrong"] == []
    assert "running" not in found["runs"]
    assert "queued" not in found["runs"]


def test_one_that_waits_goes_on_when_the_other_is_killed(bench: Any, database: Any, started: list[Any]) -> None:
    first = begin_slowly(bench, database, 30)
    started.append(first)
    second = database.begin("import_seeds", bench.folder)
    started.append(second)
    who_is_named(second.stderr.readline(), first)
    os.kill(first.pid, signal.SIGKILL)
    killed = time.monotonic()
    complaint = second.communicate(timeout=60)[1]
    assert time.monotonic() - killed < 20
    assert second.returncode == 1, complaint
    assert bench.differences(bench.expected["dump"], (found := bench.said_by(database))["dump"]) == []
    assert (found["wrong"], found["runs"]) == ([], ["interrupted", "finished"])
