"""Articles a second of an import into a fresh database, beside what parsing the same files costs, in one run.

import_rate.py [N] [--profile]: N files (default 1,000); --profile also prints where another import spends its time.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import corpus
from workbench import NOW, database_in_words, print_table, temporary_site

BATCH = 100
PROFILE_LINES = 30


def parse_with_frontmatter(paths: list[Path]) -> None:
    import frontmatter

    for path in paths:
        with path.open(encoding="utf-8") as file:
            frontmatter.load(file)


def parse_our_way(paths: list[Path]) -> None:
    """What the importer does before it touches the database: bytes to typed fields, strictly."""
    from articles.fields import read_fields
    from articles.front_matter import split
    from sources.encoding import decode

    for path in paths:
        read_fields(split(decode(path.read_bytes())))


def render_all(paths: list[Path]) -> None:
    """The other part that needs no database: Markdown to safe HTML."""
    from articles.front_matter import split
    from articles.rendering import render

    for body in [split(path.read_text("utf-8")).body for path in paths]:
        render(body)


def import_all(files: Iterable[Any]) -> Any:
    from articles.importer import ImportOptions, import_files

    return import_files(files, ImportOptions(), NOW)


@dataclass
class Lap:
    """One kind of work and the seconds that it took of each batch of files."""

    name: str
    seconds: list[float] = field(default_factory=list)

    def run(self, work: Callable[[list[Path]], None], paths: list[Path]) -> None:
        start = time.perf_counter()
        work(paths)
        self.seconds.append(time.perf_counter() - start)


def race(name: str, paths: list[Path], others: dict[str, Callable[[list[Path]], None]]) -> tuple[list[Lap], Any]:
    """One import of all files, and before each batch of them the other kinds of work on it, the import's clock stopped.

    A busy moment of the machine then hits all of them alike, and the ratios hold. Gives the laps, the import's last,
    and its report.
    """
    from articles.collecting import SourceFile, collect

    laps, own = [Lap(other) for other in others], Lap(name)

    def files() -> Iterator[SourceFile]:
        for first in range(0, len(paths), BATCH):
            batch = paths[first : first + BATCH]
            for lap, work in zip(laps, others.values(), strict=True):
                lap.run(work, batch)
            start = time.perf_counter()
            yield from collect(batch)
            own.seconds.append(time.perf_counter() - start)

    report = import_all(files())
    return [*laps, own], report


def profile_import(paths: list[Path]) -> str:
    """The functions in which an import of new articles spends most of its own time."""
    from articles.collecting import collect

    profiler = cProfile.Profile()
    profiler.runcall(import_all, collect(paths))
    out = io.StringIO()
    stats = pstats.Stats(profiler, stream=out).strip_dirs()
    for order in ("cumulative", "tottime"):
        stats.sort_stats(order).print_stats(PROFILE_LINES)
    return "\n".join(line for line in out.getvalue().splitlines() if line.strip())


def rows_of(laps: list[Lap], files: int) -> list[tuple[str, str, str, str]]:
    bare = sum(laps[0].seconds)
    rows = []
    for lap in laps:
        seconds = sum(lap.seconds)
        rows.append((lap.name, f"{seconds:.2f}", f"{files / seconds:,.0f}", f"{seconds / bare:.1f}"))
    return rows


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1000, metavar="N", help="files to generate")
    parser.add_argument("--profile", action="store_true", help="print where an import spends its time")
    options = parser.parse_args(arguments)
    with temporary_site() as folder:
        from companies.shipped import import_shipped_if_empty

        import_shipped_if_empty()
        paths = corpus.write(folder / "corpus", options.count)
        size = sum(path.stat().st_size for path in paths)
        bare = {"python-frontmatter, parse": parse_with_frontmatter}
        ours = {"ours, parse": parse_our_way, "ours, parse and render": render_all}
        laps, report = race("import, new", paths, {**bare, **ours})
        laps_again, again = race("import, nothing changed", paths, bare)
        print(f"{len(paths):,} files, {size / len(paths):,.0f} bytes each, into {database_in_words()}\n")
        rows = [*rows_of(laps, len(paths)), *rows_of(laps_again, len(paths))[1:]]
        print_table(("", "seconds", "articles/s", "× bare parse time"), rows)
        print(f"\nimport, new: {report.summary()}\nimport, nothing changed: {again.summary()}")
        new = laps[-1].seconds
        if len(new) > 1 and len(paths) % BATCH == 0:
            print(f"the last {BATCH} new ones took {new[-1] / new[0]:.2f} × the time of the first {BATCH}")
        if options.profile:
            others = corpus.write(folder / "others", options.count, seed=7)
            print("\n" + profile_import(others))
    return 1 if report.failed or again.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
