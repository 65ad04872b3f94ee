"""How fast files are imported, by the real command, beside what the work could cost at least, all in one go.

import.py [--files 10000] [--large] [--seed N]. --large adds an import of 100,000 files. Exits 1 if an import fails; a
goal that is missed is said, and is no failure.
"""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import corpus
from kill_moments import processes_of
from workbench import Database, Databases, database_in_words, databases, on_postgresql, print_table

LARGE = 100_000
LIMITED = 1000  # files that the bare limits are measured with
PAUSE = 0.02
ROUNDS = 3
SHORTEST = 0.05  # seconds that can be told from nothing
YARDSTICK = "python-frontmatter, parse"


@dataclass
class Run:
    """What the real command took: seconds, the most memory of each of its processes in MB, its last line."""

    name: str
    files: int
    seconds: float
    memory: dict[str, float] = field(default_factory=dict)
    summary: str = ""

    @property
    def rate(self) -> float:
        return self.files / self.seconds if self.seconds > 0 else 0.0


def run(name: str, files: int, database: Database, *arguments: str | Path) -> Run:
    """Runs the command in a session of its own and watches the processes of that session."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            database.command("import_seeds", *arguments),
            env=database.environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            start_new_session=True,
        )
        memory: dict[str, float] = {}
        while process.poll() is None:
            _look_at(process.pid, memory)
            time.sleep(PAUSE)
        done = Run(name, files, time.perf_counter() - begun, memory)
        out.seek(0)
        errors.seek(0)
        lines = out.read().splitlines()
        if process.returncode:
            raise SystemExit(f"{name}: exit code {process.returncode}\n{errors.read()[-2000:]}")
    done.summary = lines[-1] if lines else ""
    return done


def _look_at(session: int, memory: dict[str, float]) -> None:
    """Keeps the high-water mark of each process: the one that saves, and those that read."""
    readers = 0
    for pid in sorted(processes_of(session)):
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if pid == session:
            name = "the one that saves"
        elif b"spawn_main" in command:
            readers += 1
            name = f"reader {readers}"
        else:
            continue
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                memory[name] = max(memory.get(name, 0.0), int(line.split()[1]) / 1024)


def bare_limits(paths: list[Path], folder: Path) -> list[tuple[str, int, float]]:
    """(what, files, seconds) of each part of the work alone."""
    from articles.fields import read_fields
    from articles.front_matter import split
    from articles.rendering import render
    from sources.encoding import decode

    raws = [path.read_bytes() for path in paths]
    bodies = [split(decode(raw)).body for raw in raws]

    def with_frontmatter() -> None:
        import frontmatter

        for path in paths:
            with path.open(encoding="utf-8") as file:
                frontmatter.load(file)

    def our_way() -> None:
        for path in paths:
            read_fields(split(decode(path.read_bytes())))

    def rendered() -> None:
        for body in bodies:
            render(body)

    def with_markdown_it() -> None:
        from markdown_it import MarkdownIt

        parser = MarkdownIt()
        for body in bodies:
            parser.render(body)

    works: list[tuple[str, Callable[[], None]]] = [
        (YARDSTICK, with_frontmatter),
        ("split and read_fields, ours", our_way),
        ("render, ours", rendered),
    ]
    if importlib.util.find_spec("markdown_it"):
        works.append(("markdown-it-py, render", with_markdown_it))
    else:
        print("markdown-it-py is not installed, and left out\n")
    works += [
        ("sqlite3, executemany", lambda: _executemany(folder, raws, bodies)),
        ("FTS5, insert of bodies", lambda: _full_text(folder, bodies)),
        ("Django, bulk_create", lambda: _bulk_create(bodies)),
    ]
    found = []
    for name, work in works:
        begun = time.perf_counter()
        work()
        found.append((name, len(paths), time.perf_counter() - begun))
    return found


def _bare_sqlite(folder: Path, name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / name)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _executemany(folder: Path, raws: list[bytes], bodies: list[str]) -> None:
    """Rows of the size of an article and its original, with an index, in one transaction."""
    connection = _bare_sqlite(folder, "bare.sqlite3")
    connection.execute(
        "CREATE TABLE bare (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, body TEXT, html TEXT, search TEXT, raw BLOB)"
    )
    rows = [(f"slug-{n}", body, body, body, raw) for n, (raw, body) in enumerate(zip(raws, bodies, strict=True))]
    with connection:
        connection.executemany("INSERT INTO bare (slug, body, html, search, raw) VALUES (?, ?, ?, ?, ?)", rows)
    connection.close()


def _full_text(folder: Path, bodies: list[str]) -> None:
    connection = _bare_sqlite(folder, "words.sqlite3")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(body)")
    with connection:
        connection.executemany("INSERT INTO words (body) VALUES (?)", [(body,) for body in bodies])
    connection.close()


def _bulk_create(bodies: list[str]) -> None:
    """The rows of the articles alone, without original, revision, tags and mentions."""
    from django.db import transaction
    from django.utils import timezone

    from articles.models import Article, Category

    with transaction.atomic():
        category = Category.objects.create(name="BENCH", slug="bench")
        now = timezone.now()
        Article.objects.bulk_create(
            Article(external_id=f"bench{n}", title=f"Bench {n}", slug=f"bench-{n}", body=body, body_html=body,
                    search_text=body, published_at=now, category=category)
            for n, body in enumerate(bodies)
        )  # fmt: skip
        transaction.set_rollback(True)


def size_of(database: Database) -> int:
    """Bytes on disk: the SQLite file and its log, or what PostgreSQL says."""
    if database.folder is not None:
        return sum(path.stat().st_size for path in database.folder.iterdir())
    import psycopg

    with psycopg.connect(database.address) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def real_runs(made: Databases, template: Database, folder: Path, files: int) -> tuple[list[Run], float]:
    """The command on its own databases: nothing to do, dry, cold, again, and from another place; bytes an article."""
    nothing = made.folder / "nothing"
    nothing.mkdir()
    database = made.copy(template)
    empty = size_of(database)
    runs = [
        run("dry run", files, database, "--dry-run", folder),
        run("cold", files, database, folder),
    ]
    each = (size_of(database) - empty) / files
    # Seconds that differ by little: in turns, and the best of some, for a busy moment hits only one.
    starts, again = [], []
    for _ in range(ROUNDS):
        starts.append(run("start-up alone", 0, database, nothing))
        again.append(run("nothing changed", files, database, folder))
    runs = [min(starts, key=_seconds), *runs, min(again, key=_seconds)]
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    runs.append(run("from another place", files, database, elsewhere))
    made.drop(database)
    return runs, each


def _seconds(one: Run) -> float:
    return one.seconds


def verdicts(runs: dict[str, Run], large: Run | None) -> list[tuple[str, str, str]]:
    started = runs["start-up alone"].seconds
    cold, again = runs["cold"], runs["nothing changed"]
    seconds = again.seconds - started
    once_started = again.files / seconds if seconds > SHORTEST else float("inf")
    compared = runs["dry run"].seconds / cold.seconds
    every = [*runs.values(), *([large] if large else [])]
    memory = max(most for one in every for most in one.memory.values())

    def said(reached: bool) -> str:
        return "reached" if reached else "missed"

    below = " (below 600: a miss)" if cold.rate < 600 else ""
    found = [
        ("cold: 1,000 files/s or more", f"{cold.rate:,.0f}{below}", said(cold.rate >= 1000)),
        ("a process takes 200 MB at most", f"{memory:,.0f} MB", said(memory <= 200)),
        (
            "nothing changed: 10,000 files/s or more, once started",
            _rate_in_words(once_started),
            said(once_started >= 10_000),
        ),
        ("a dry run takes 1.3 × the real one at most", f"{compared:.2f} ×", said(compared <= 1.3)),
    ]
    if large:
        held = large.rate / cold.rate
        found.insert(1, (f"{LARGE:,} files: 80 % of that rate or more", f"{held:.0%}", said(held >= 0.8)))
    return found


def _rate_in_words(rate: float) -> str:
    return "too quick to tell" if rate == float("inf") else f"{rate:,.0f}"


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--large", action="store_true", help=f"an import of {LARGE:,} files as well")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args(arguments)
    with databases() as made:
        template = made.with_catalogue(made.migrated())
        folder = made.folder / "corpus"
        paths = corpus.write(folder, options.files, options.seed)
        size = sum(path.stat().st_size for path in paths)
        limits_of = made.copy(template)
        os.environ.update(limits_of.environment())
        import django

        django.setup()
        from django.db import connection

        words = database_in_words()
        print(f"{len(paths):,} files of {size / len(paths):,.0f} bytes into {words}, {os.cpu_count()} processors\n")
        limits = bare_limits(paths[:LIMITED], made.folder)
        connection.close()
        made.drop(limits_of)
        runs, each = real_runs(made, template, folder, len(paths))
        large = None
        if options.large:
            corpus.write(made.folder / "large", LARGE, options.seed)
            large = run(f"cold, {LARGE:,}", LARGE, made.copy(template), made.folder / "large")
    bare = limits[0][2] / limits[0][1]
    started = runs[0].seconds
    rows = [
        (name, f"{files:,}", f"{s:.2f}", f"{files / s:,.0f}", f"{s / files / bare:.2f}") for name, files, s in limits
    ]
    for one in [*runs, *([large] if large else [])]:
        rate = f"{one.rate:,.0f}" if one.files else ""
        ratio = f"{one.seconds / one.files / bare:.2f}" if one.files else ""
        rows.append((f"import, {one.name}", f"{one.files:,}", f"{one.seconds:.2f}", rate, ratio))
    again = runs[3].seconds - started
    if again > SHORTEST:
        rate, ratio = f"{len(paths) / again:,.0f}", f"{again / len(paths) / bare:.2f}"
        rows.append(("import, nothing changed, once started", f"{len(paths):,}", f"{again:.2f}", rate, ratio))
    print_table(("", "files", "seconds", "files/s", f"× {YARDSTICK}"), rows)
    print()
    for one in [*runs, *([large] if large else [])]:
        memory = ", ".join(f"{name} {most:.0f} MB" for name, most in one.memory.items())
        print(f"{one.name}: {one.summary}; {memory}")
    print(f"{each:,.0f} bytes of {'PostgreSQL' if on_postgresql() else 'SQLite'} an article\n")
    print_table(("goal", "measured", ""), verdicts({one.name: one for one in runs}, large))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
