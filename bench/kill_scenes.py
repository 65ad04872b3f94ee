"""What kill.py interrupts: imports into a new database and into one that editors worked in, commands, exports."""

from __future__ import annotations

import gc
import io
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kill_exports import SIDECAR, contents
from kill_moments import Ended, counted, export_ended, in_child, processes_of, readers_of
from mixed_corpus import write_changed, write_mixed
from wholeness import Dump, broken, differences, dump, unfinished_runs
from workbench import Database, Databases

BATCHES = (100, 15)
# The command starts its readers only for more files than a process reads by itself.
COMMAND_FILES = 600
GONE_WITHIN = 5.0
_OLD = b"an older export\n"


@dataclass
class Scene:
    """A database before an import, the folder to import, and what an undisturbed import makes of it."""

    before: Database
    folder: Path
    after: Dump = field(default_factory=dict)
    counts: dict[int, Counter[str]] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Scenes:
    databases: Databases
    named: dict[str, Scene]
    exported: Database
    files: dict[str, bytes]
    command_times: tuple[float, float]

    def in_words(self) -> str:
        statements = self.named["new"].counts[BATCHES[0]]["before a statement"]
        begun, ended = self.command_times
        return (
            f"{sum(map(len, self.named['new'].after.values())):,} rows from {statements:,} statements; "
            f"{len(self.files)} files exported; the command works between {begun:.1f} and {ended:.1f} s"
        )

    def forked(self, name: str, kind: str, places: list[float], batch: int) -> tuple[bool, list[str]]:
        """Imports in a forked process that is killed at each of `places` in turn; then imports to the end."""
        scene = self.named[name]
        database = self.databases.copy(scene.before)
        killed, wrong = False, []
        try:
            for place in places:
                if kind == "at a time":
                    ended = in_child(lambda: imported(database, scene.folder, batch), scene.seconds * place)
                else:
                    at = 1 + int(place * scene.counts[batch][kind])
                    ended = in_child(lambda at=at: imported(database, scene.folder, batch, kind, at))
                killed = killed or ended.killed
                wrong += [ended.error] if ended.error else []
                wrong += stray(database) + _told(in_child(lambda: broken_in(database)))
            wrong += self._completed(scene, database, batch)
        finally:
            self.databases.lay_by(database)
        return killed, wrong

    def command(self, reader: bool, place: float) -> tuple[bool, list[str]]:
        """Kills the real command, or one of its readers, while it works; then imports to the end."""
        scene = self.named["command"]
        database = self.databases.copy(scene.before)
        begun, ended = self.command_times
        killed, wrong = False, []
        try:
            with tempfile.TemporaryFile("w+") as errors:
                process = _begin(database, scene.folder, errors)
                if reader:
                    wrong += _reader_killed(process, place * (ended - begun) / 3)
                else:
                    time.sleep(begun + place * (ended - begun))
                    process.send_signal(signal.SIGKILL)
                code = process.wait()
                errors.seek(0)
                said = errors.read()
            wrong += _left_over(process.pid)
            if reader:
                killed = "a reading process ended without an answer" in said
                named = killed or "files failed" in said
                wrong += (
                    [] if code == 1 and named and "Traceback" not in said else [f"exit code {code}: {said[-2000:]}"]
                )
            else:
                killed = code == -signal.SIGKILL
            wrong += stray(database) + _told(in_child(lambda: broken_in(database)))
            wrong += self._completed(scene, database, BATCHES[0])
        finally:
            self.databases.lay_by(database)
        return killed, wrong

    def export(self, place: float, number: int) -> tuple[bool, list[str]]:
        """Kills an export into a folder that holds older files, or into a zip; then exports again."""
        step = ("half", "before", "after", "zip")[number % 4]
        at = 1 + int(place * len(self.files))
        with tempfile.TemporaryDirectory(dir=self.databases.folder) as name:
            target = Path(name) / ("all.zip" if step == "zip" else "all")
            if step != "zip":
                target.mkdir()
                for old in sorted(self.files)[::3]:
                    (target / old).write_bytes(_OLD)
            first = in_child(lambda: exported(self.exported, target, step, at))
            wrong = [first.error] if first.error else []
            wrong += [
                f"{file} is half-written"
                for file, raw in contents(target).items()
                if raw not in (_OLD, self.files[file]) and not (step == "zip" and file == SIDECAR)
            ]
            second = in_child(lambda: exported(self.exported, target))
            wrong += [second.error] if second.error else []
            found = contents(target, unfinished=True)
            if step == "zip":
                # The sidecar of a folder also tells which files are the export's own.
                found[SIDECAR] = self.files[SIDECAR]
            wrong += [] if found == self.files else [f"exported again: {sorted(found.keys() ^ self.files.keys())}"]
            beside = [path.name for path in Path(name).iterdir() if path != target]
            wrong += [f"left beside it: {beside}"] if beside else []
        return first.killed, wrong

    def _completed(self, scene: Scene, database: Database, batch: int) -> list[str]:
        ended = in_child(lambda: imported_and_dumped(database, scene.folder, batch))
        if ended.error:
            return [ended.error]
        return stray(database) + ended.result["wrong"] + differences(scene.after, ended.result["dump"])


def prepare(databases: Databases, files: int) -> Scenes:
    """Makes what all points begin with. Nothing is left open."""
    import django

    # The clients are killed, not the server: that may write its log when it likes.
    os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
    bare = databases.migrated()
    template = databases.with_catalogue(bare)
    os.environ.update(template.environment())
    django.setup()
    folders = {name: databases.folder / f"corpus-{name}" for name in ("new", "changed", "command")}
    write_mixed(folders["new"], files)
    write_changed(folders["changed"], files)
    write_mixed(folders["command"], COMMAND_FILES)
    _warm(databases, template, folders["new"])
    edited = databases.copy(template)
    _must(in_child(lambda: imported(edited, folders["new"], BATCHES[0])))
    _must(in_child(lambda: _edit(edited)))
    named = {
        "new": Scene(template, folders["new"]),
        "changed": Scene(edited, folders["changed"]),
        "command": Scene(bare, folders["command"]),
    }
    finished = {
        name: _undisturbed(databases, scene, BATCHES[:1] if name == "command" else BATCHES)
        for name, scene in named.items()
    }
    times = _command_times(databases, named["command"])
    target = databases.folder / "exported"
    _must(in_child(lambda: exported(finished["changed"], target)))
    return Scenes(databases, named, finished["changed"], contents(target), times)


def _warm(databases: Databases, template: Database, folder: Path) -> None:
    """Imports once in this process, so that what Python loads and Django caches need not be made in every fork."""
    database = databases.copy(template)
    imported_and_dumped(database, folder, BATCHES[0])
    exported(database, databases.folder / "exported-once")
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    # What a fork must not share, or believe: the connection, and the ids of that database.
    connection.close()
    ContentType.objects.clear_cache()
    databases.drop(database)
    gc.collect()
    gc.freeze()


def _undisturbed(databases: Databases, scene: Scene, batches: tuple[int, ...]) -> Database:
    for batch in batches:
        database = databases.copy(scene.before)
        result = _must(in_child(lambda batch=batch, into=database: imported_and_dumped(into, scene.folder, batch)))
        if result["wrong"] or (scene.after and differences(scene.after, result["dump"])):
            raise SystemExit(
                f"undisturbed, {batch} a batch: {result['wrong'] or differences(scene.after, result['dump'])}"
            )
        scene.after, scene.seconds, scene.counts[batch] = result["dump"], result["seconds"], Counter(result["counts"])
    return database


def _command_times(databases: Databases, scene: Scene) -> tuple[float, float]:
    """When the real command begins to work, and when it ends; it must make what an import in this process makes."""
    times = []
    for folder in (databases.folder / "nothing", scene.folder):
        folder.mkdir(exist_ok=True)
        database = databases.copy(scene.before)
        begun = time.monotonic()
        done = database.manage("import_seeds", folder)
        times.append(time.monotonic() - begun)
        if "Traceback" in done.stderr:
            raise SystemExit(done.stderr)
        if folder == scene.folder:
            found = _must(in_child(lambda into=database: dumped(into)))
            if differences(scene.after, found):
                raise SystemExit(f"the command makes something else: {differences(scene.after, found)}")
        databases.drop(database)
    return times[0] * 0.7, times[1]


def imported(database: Database, folder: Path, batch: int, kind: str = "", at: int = 0) -> dict[str, int]:
    """Imports in this process; gives how many moments of each kind there were."""
    database.serve_here()
    with counted(kind, at) as counts:
        _import(folder, batch)
    return counts


def imported_and_dumped(database: Database, folder: Path, batch: int) -> dict[str, Any]:
    begun = time.monotonic()
    counts = imported(database, folder, batch)
    seconds = time.monotonic() - begun
    return {"wrong": broken() + unfinished_runs(), "dump": dump(), "seconds": seconds, "counts": counts}


def dumped(database: Database) -> Dump:
    database.serve_here()
    return dump()


def broken_in(database: Database) -> list[str]:
    database.serve_here()
    return broken()


def exported(database: Database, target: Path, step: str = "", at: int = 0) -> None:
    from django.core.management import call_command

    database.serve_here()
    with export_ended(step, at):
        call_command("export_articles", str(target), stdout=io.StringIO())


def stray(database: Database) -> list[str]:
    """Files beside the database that are not SQLite's own."""
    if database.folder is None:
        return []
    name = Path(database.name).name
    usual = {name, f"{name}-wal", f"{name}-shm", f"{name}-turn"}
    return [f"left behind: {path.name}" for path in database.folder.iterdir() if path.name not in usual]


def _import(folder: Path, batch: int) -> None:
    from django.core.management import CommandError, call_command

    from articles import known_files, preparing_pool

    known_files.READ_AT_ONCE = batch
    preparing_pool.PREPARED_HERE = 1_000_000
    try:
        call_command("import_seeds", str(folder), stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError as error:
        if not str(error).startswith("1 of "):  # the broken file
            raise


def _edit(database: Database) -> None:
    """What editors did between two imports: words, an address, a retraction."""
    database.serve_here()
    from articles.models import Article

    for number, article in enumerate(Article.objects.filter(state="published").order_by("pk")):
        if number % 5 == 0:
            article.description = f"An editor wrote this of story {number}."
            article.save()
        elif number % 17 == 1:
            article.slug = f"{article.slug[:150]}-renamed"
            article.state = Article.State.RETRACTED
            article.save()


def _begin(database: Database, folder: Path, errors: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        database.command("import_seeds", folder),
        env=database.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
    )


def _reader_killed(process: subprocess.Popen[bytes], wait: float) -> list[str]:
    """Waits for readers, then a while, and kills one of them."""
    end = time.monotonic() + 60
    while not readers_of(process.pid) and process.poll() is None:
        if time.monotonic() > end:
            process.kill()
            return ["no reader was started"]
        time.sleep(0.02)
    time.sleep(wait)
    readers = readers_of(process.pid)
    if readers and process.poll() is None:
        os.kill(random.Random(wait).choice(readers), signal.SIGKILL)
    return []


def _left_over(session: int) -> list[str]:
    end = time.monotonic() + GONE_WITHIN
    while left := processes_of(session):
        if time.monotonic() > end:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            return [f"{len(left)} processes are still there after {GONE_WITHIN:.0f} s"]
        time.sleep(0.05)
    return []


def _told(ended: Ended) -> list[str]:
    return [ended.error] if ended.error else list(ended.result or [])


def _must(ended: Ended) -> Any:
    if ended.error or ended.killed:
        raise SystemExit(ended.error or "killed by somebody else")
    return ended.result
