"""Kills imports and exports at many moments, and looks whether doing them again gives what an undisturbed one gives.

kill.py [--points 500] [--files 120] [--seed N] [--verbose]. Moments: before and after a statement, within one, around a
commit, at a random time; once, or again in the import after it; in the real command with its readers; a reader instead;
an export. After each kill nothing may be half there: no article, no lock, no process, no file. Exits 1 if any differs.
"""

from __future__ import annotations

import json
import os
import random
import selectors
import sys
import time
import traceback
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import kill_moments
import kill_scenes
from kill_scenes import Scenes
from workbench import databases, on_postgresql

WORKERS = max(1, min(2, os.cpu_count() or 1))


@dataclass(frozen=True)
class Point:
    """One kill: what is being done, the kind of moment, and where between the first (0) and the last (1) of its kind."""

    number: int
    scene: str
    kind: str
    place: float
    again: float | None
    batch: int


def plan(points: int, seed: int) -> list[Point]:
    """Every kind has its share, and at least one point."""
    draw = random.Random(seed)
    shares = Counter({kind: max(1, round(points * share)) for kind, share in kill_moments.SHARES.items()})
    while shares.total() > max(points, len(shares)):
        shares[shares.most_common(1)[0][0]] -= 1
    shares["at a time"] += max(0, points - shares.total())
    kinds = sorted(shares.elements())
    found = []
    for number, kind in enumerate(kinds):
        scene = kind if kind in ("command", "reader", "export") else draw.choice(("new", "new", "changed"))
        again = draw.random() if scene in ("new", "changed") and draw.random() < 0.15 else None
        found.append(Point(number, scene, kind, draw.random(), again, draw.choice((100, 15))))
    draw.shuffle(found)
    return found


def tried(point: Point, scenes: Scenes) -> dict[str, Any]:
    """What came of one point: `killed` tells whether the moment was reached."""
    try:
        if point.scene == "export":
            killed, wrong = scenes.export(point.place, point.number)
        elif point.scene in ("command", "reader"):
            killed, wrong = scenes.command(point.scene == "reader", point.place)
        else:
            moments = [point.place] if point.again is None else [point.place, point.again]
            killed, wrong = scenes.forked(point.scene, point.kind, moments, point.batch)
    except Exception:  # noqa: BLE001 - a point that cannot be tried is a point that differs
        killed, wrong = False, [traceback.format_exc()]
    return {"number": point.number, "killed": killed, "wrong": wrong}


def all_tried(points: list[Point], scenes: Scenes) -> Iterator[dict[str, Any]]:
    """Shares the points among a few processes, none of which has a database open, nor a second thread."""
    with selectors.DefaultSelector() as selector:
        for worker in range(WORKERS):
            mine = points[worker::WORKERS]
            reading, writing = os.pipe()
            if os.fork() == 0:
                os.close(reading)
                with os.fdopen(writing, "w", buffering=1) as out:
                    for point in mine:
                        out.write(json.dumps(tried(point, scenes)) + "\n")
                os._exit(0)
            os.close(writing)
            selector.register(os.fdopen(reading), selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                line = key.fileobj.readline()  # type: ignore[union-attr]
                if line:
                    yield json.loads(line)
                else:
                    selector.unregister(key.fileobj)
                    os.wait()


def show(points: dict[int, Point], results: dict[int, dict[str, Any]], seconds: float) -> None:
    kinds = Counter(point.kind for point in points.values())
    killed = Counter(points[number].kind for number, result in results.items() if result["killed"])
    print("\n".join(f"  {kind}: {count}, of which {killed[kind]} hit it at work" for kind, count in kinds.items()))
    database = "PostgreSQL" if on_postgresql() else "SQLite"
    print(f"{database}, {seconds:.0f} s, {WORKERS} at a time, {sum(killed.values())} killed at work")


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=500)
    parser.add_argument("--files", type=int, default=120)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--verbose", action="store_true", help="a line a point")
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    points = {point.number: point for point in plan(options.points, options.seed)}
    results: dict[int, dict[str, Any]] = {}
    with databases() as made:
        scenes = kill_scenes.prepare(made, options.files)
        print(f"prepared in {time.monotonic() - begun:.0f} s: {scenes.in_words()}", flush=True)
        for result in all_tried(list(points.values()), scenes):
            results[result["number"]] = result
            if result["wrong"] or options.verbose:
                print(f"{asdict(points[result['number']])}: " + "\n  ".join(result["wrong"] or ["equal"]), flush=True)
            elif len(results) % 50 == 0:
                print(f"{len(results)} of {len(points)} points, {time.monotonic() - begun:.0f} s", flush=True)
    for number in points.keys() - results.keys():
        results[number] = {"number": number, "killed": False, "wrong": ["its process ended without an answer"]}
    show(points, results, time.monotonic() - begun)
    different = sum(bool(result["wrong"]) for result in results.values())
    print(f"{len(points)} points: {len(points) - different} equal, {different} different")
    return 1 if different else 0


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)
