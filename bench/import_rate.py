"""Articles a second of an import into a fresh database, beside what parsing the same files costs, in one run.

import_rate.py [N] [--profile]: N files (default 1,000); --profile also prints where a second import spends its time.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import corpus
from workbench import NOW, database_in_words, print_table, temporary_site

PARSE_ROUNDS = 3
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


def import_all(paths: list[Path]) -> Any:
    from articles.collecting import collect
    from articles.importer import ImportOptions, import_files

    return import_files(collect(paths), ImportOptions(), NOW)


def timed(work: Callable[[list[Path]], Any], paths: list[Path]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work(paths)
    return time.perf_counter() - start, result


def best_of(works: dict[str, Callable[[list[Path]], Any]], paths: list[Path]) -> dict[str, float]:
    """The shortest time of each, the works taking turns, so that a busy moment of the machine hits all alike."""
    best: dict[str, float] = {}
    for _ in range(PARSE_ROUNDS):
        for name, work in works.items():
            seconds, _result = timed(work, paths)
            best[name] = min(seconds, best.get(name, seconds))
    return best


def profile_import(paths: list[Path]) -> str:
    """The functions in which an import of new articles spends most of its own time."""
    profiler = cProfile.Profile()
    profiler.runcall(import_all, paths)
    out = io.StringIO()
    stats = pstats.Stats(profiler, stream=out).strip_dirs()
    for order in ("cumulative", "tottime"):
        stats.sort_stats(order).print_stats(PROFILE_LINES)
    return "\n".join(line for line in out.getvalue().splitlines() if line.strip())


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
        parse = best_of(
            {"python-frontmatter, parse": parse_with_frontmatter, "ours, parse": parse_our_way, "render": render_all},
            paths,
        )
        bare = parse["python-frontmatter, parse"]
        first, report = timed(import_all, paths)
        second, again = timed(import_all, paths)
        print(f"{len(paths):,} files, {size / len(paths):,.0f} bytes each, into {database_in_words()}\n")
        rows = [
            ("python-frontmatter, parse", bare),
            ("ours, parse", parse["ours, parse"]),
            ("ours, render alone", parse["render"]),
            ("import, new", first),
            ("import, nothing changed", second),
        ]
        print_table(
            ("", "seconds", "articles/s", "× bare parse time"),
            [(name, f"{t:.2f}", f"{len(paths) / t:,.0f}", f"{t / bare:.1f}") for name, t in rows],
        )
        print(f"\nimport, new: {report.summary()}\nimport, nothing changed: {again.summary()}")
        for item in report.failed[:5]:
            print(f"{item.path}: {item.reason}", file=sys.stderr)
        if options.profile:
            others = corpus.write(folder / "others", options.count, seed=7)
            print("\n" + profile_import(others))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
