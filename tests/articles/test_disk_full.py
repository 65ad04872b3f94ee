"""A disk that is full: said in one line, nothing half-written, and the same command goes on once there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
FILES = 120
POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
# The command, to which the database says after some pages, or some rows, that the disk is full.
IN_THE_MIDDLE = """
import sys
import django
django.setup()
from django.core.management import execute_from_command_line
from django.db import connection
from articles import bulk_rows, known_files, preparing_pool
known_files.READ_AT_ONCE, preparing_pool.PREPARED_HERE = 20, 1_000_000
room = int(sys.argv[2])
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + room}")
else:
    from django.db import OperationalError
    import psycopg
    insert, count = bulk_rows.insert, 0
    def full(*arguments):
        global count
        count += 1
        insert(*arguments)
        if count == room:
            with connection.wrap_database_errors:
                raise psycopg.errors.DiskFull("could not extend file \\"base/1/2\\": No space left on device")
    bulk_rows.insert = full
execute_from_command_line(["manage.py", "import_seeds", sys.argv[1]])
"""
# The command in a process of which no file may have more than 2,000 bytes, once the database is open.
SMALL_FILES = """
import resource, signal, sys
import django
django.setup()
from django.core.management import execute_from_command_line
from articles.models import Article
assert Article.objects.exists()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
execute_from_command_line(["manage.py", "export_articles", sys.argv[1]])
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    """The benchmarks' databases, and the means to compare what is in them."""
    sys.path.insert(0, str(BENCH))
    import mixed_corpus
    import wholeness
    import workbench

    class Bench:
        said_by = staticmethod(wholeness.said_by)
        differences = staticmethod(wholeness.differences)
        Database = workbench.Database

    with workbench.databases() as made:
        Bench.databases = made
        Bench.template = made.with_catalogue(made.migrated())
        Bench.folder = made.folder / "corpus"
        mixed_corpus.write_mixed(Bench.folder, FILES)
        Bench.finished = made.copy(Bench.template)
        assert "1 of " in Bench.finished.manage("import_seeds", Bench.folder).stderr
        Bench.expected = wholeness.said_by(Bench.finished)["dump"]
        yield Bench
    sys.path.remove(str(BENCH))
    for module in ("mixed_corpus", "wholeness", "workbench", "corpus", "corpus_words"):
        sys.modules.pop(module, None)


@pytest.fixture
def database(bench: Any) -> Iterator[Any]:
    database = bench.databases.copy(bench.template)
    yield database
    bench.databases.drop(database)


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of 3 MB."""
    folder = tmp_path_factory.mktemp("disk")
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root may mount a small disk")
    mounted = subprocess.run(command, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def is_said_in_one_line(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("CommandError: the disk is full"), done.stderr
    assert "make room and run the import again" in last


def is_completed(bench: Any, database: Any) -> None:
    again = database.manage("import_seeds", bench.folder)
    assert "failed 1" in again.stdout, again.stdout + again.stderr
    found = bench.said_by(database)
    assert bench.differences(bench.expected, found["dump"]) == []
    assert found["wrong"] == []
    assert found["runs"][-1] == "finished"
    assert set(found["runs"][:-1]) <= {"interrupted"}


@pytest.mark.parametrize("room", [15, 160, 400] if not POSTGRESQL else [2, 11, 30])
def test_a_disk_that_fills_up_in_the_middle(bench: Any, database: Any, room: int) -> None:
    command = [sys.executable, "-c", IN_THE_MIDDLE, str(bench.folder), str(room)]
    done = subprocess.run(command, cwd=BENCH.parent, env=database.environment(), capture_output=True, text=True)
    is_said_in_one_line(done)
    found = bench.said_by(database)
    assert found["wrong"] == []
    assert "finished" not in found["runs"]
    is_completed(bench, database)


@pytest.mark.skipif(POSTGRESQL, reason="the server's disk is not ours to fill")
def test_a_real_disk_that_is_full(bench: Any, small_disk: Path) -> None:
    folder = small_disk / "site"
    shutil.copytree(bench.template.folder, folder)
    file = folder / Path(bench.template.name).name
    database = bench.Database(f"sqlite:///{file}", str(file), folder, bench.databases.data)
    done = database.manage("import_seeds", bench.folder)
    is_said_in_one_line(done)
    shutil.copytree(folder, roomy := bench.databases.folder / "roomy")
    moved = roomy / file.name
    there = bench.Database(f"sqlite:///{moved}", str(moved), roomy, bench.databases.data)
    assert bench.said_by(there)["wrong"] == []
    # Nor is there a trace when there is no room for the first word: SQLite's index of its log has 32 kB.
    for left in (36 * 1024, 0):
        (small_disk / f"filler{left}").write_bytes(b"x" * (shutil.disk_usage(small_disk).free - left))
        done = database.manage("import_seeds", bench.folder)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
        assert "disk is full" in done.stderr or "disk I/O error" in done.stderr
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    is_completed(bench, database)
    shutil.rmtree(folder)


@pytest.mark.parametrize("target", ["out", "out.zip"])
def test_an_export_that_finds_no_room(bench: Any, tmp_path: Path, target: str) -> None:
    command = [sys.executable, "-c", SMALL_FILES, str(tmp_path / target)]
    done = subprocess.run(command, cwd=BENCH.parent, env=bench.finished.environment(), capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "File too large" in done.stderr
    assert str(tmp_path) in done.stderr
    # Neither a file under its own name nor what was begun.
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
