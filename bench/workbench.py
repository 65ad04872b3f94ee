"""What the benchmarks share: a site of their own with an empty database, and plain tables."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# The day on which the benchmarks are run, whatever the calendar says: all of their material is older.
NOW = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)


_PATIENCE = 20.0
_POSTGRESQL = ("postgres", "psql", "pgsql")


def on_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith(_POSTGRESQL)


@contextmanager
def temporary_site() -> Iterator[Path]:
    """The site with production settings and a migrated, empty database; gives the folder that goes away with it.

    With a DATABASE_URL of PostgreSQL a database of a random name is created on that server and dropped afterwards; the
    one that the address names is not touched. In every other case it is an SQLite file in the folder.
    """
    with tempfile.TemporaryDirectory(prefix="minernews-bench-") as name:
        folder = Path(name)
        (folder / "static").mkdir()
        os.environ.update(
            DJANGO_SETTINGS_MODULE="minernews.settings",
            DATA_DIR=name,
            SECRET_KEY=uuid.uuid4().hex * 2,
            DEBUG="false",
            HTTPS="false",
            ALLOWED_HOSTS="localhost",
            CACHE_URL="dummycache://",  # every page is made anew
        )
        if not on_postgresql():
            os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'unused.sqlite3'}"
        import django
        from django.conf import settings
        from django.db import connection

        django.setup()
        # The names of collected static files come from a manifest that only collectstatic writes.
        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        database = f"minernews_bench_{uuid.uuid4().hex}"
        if connection.vendor == "sqlite":
            database = str(folder / f"{database}.sqlite3")
        original = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"].update(NAME=database, MIGRATE=True)
        with mock.patch("django.utils.timezone.now", lambda: NOW):
            connection.creation.create_test_db(verbosity=0, autoclobber=False, serialize=False)
            try:
                yield folder
            finally:
                connection.creation.destroy_test_db(original, verbosity=0)


@contextmanager
def second_database() -> Iterator[Callable[[bool], None]]:
    """A copy of the temporary database; gives a function that turns to the copy (True) and back (False).

    Both connections stay open, so that neither database is colder than the other.
    """
    from django.db import DEFAULT_DB_ALIAS, connection, connections

    first = connections[DEFAULT_DB_ALIAS]
    first.close()  # the copy must not miss what a journal still holds
    first.creation.clone_test_db(suffix="copy", verbosity=0, autoclobber=False)
    second = first.copy()
    second.settings_dict["NAME"] = first.creation.get_test_db_clone_settings("copy")["NAME"]

    def turn(to_copy: bool) -> None:
        connections[DEFAULT_DB_ALIAS] = second if to_copy else first
        connection.ensure_connection()

    try:
        yield turn
    finally:
        second.close()
        turn(False)
        first.creation.destroy_test_db(suffix="copy", verbosity=0)


@dataclass(frozen=True)
class Database:
    """A database for processes to work on: its address and its name. `folder` holds it on SQLite, and nothing else."""

    address: str
    name: str
    folder: Path | None
    data: Path

    def environment(self) -> dict[str, str]:
        """Production settings and this database, whatever the shell says."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))},
            "DJANGO_SETTINGS_MODULE": "minernews.settings",
            "DATABASE_URL": self.address,
            "DATA_DIR": str(self.data),
            "SECRET_KEY": "for-benchmarks-only-" + "x" * 50,
            "DEBUG": "false",
            "HTTPS": "false",
            "ALLOWED_HOSTS": "localhost,testserver",
            "CACHE_URL": "locmemcache://",
        }

    def command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)]

    def manage(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Runs a command of manage.py to its end."""
        return subprocess.run(self.command(*arguments), env=self.environment(), capture_output=True, text=True)

    def begin(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Starts a command of manage.py, with the processes that it starts in a session of its own."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def serve_here(self) -> None:
        """Turns this process, whose Django has been set up for another database of the kind, to this one."""
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = self.name


class Databases:
    """Makes databases: SQLite files in a folder, or databases of random names on the server of DATABASE_URL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        self.server = os.environ["DATABASE_URL"] if on_postgresql() else ""
        self.made_from: dict[str, str] = {}
        self.laid_by: dict[str, list[Database]] = {}

    def migrated(self) -> Database:
        """A new database with all tables, and nothing in them."""
        database = self._new()
        if self.server:
            self._ask(f"CREATE DATABASE {database.name}")
        elif database.folder:
            database.folder.mkdir()
        return self._after(database, "migrate", "--verbosity=0")

    def with_catalogue(self, of: Database) -> Database:
        """A copy that knows the companies that ship with minernews."""
        return self._after(self.copy(of), "import_companies", ROOT / "samples" / "companies.toml")

    def copy(self, of: Database) -> Database:
        """A copy of a database that nobody has open."""
        if self.server and self.laid_by.get(of.name):
            database = self.laid_by[of.name].pop()
            self._put_back(database)
            return database
        database = self._new()
        if self.server:
            self._ask(f"CREATE DATABASE {database.name} TEMPLATE {of.name}")
            self.made_from[database.name] = of.name
        elif of.folder and database.folder:
            shutil.copytree(of.folder, database.folder)
        return database

    def lay_by(self, database: Database) -> None:
        """Gives a copy up, to be the next copy of the same database: PostgreSQL takes a second to make or drop one."""
        if not self.server:
            self.drop(database)
        else:
            self.laid_by.setdefault(self.made_from[database.name], []).append(database)

    def drop(self, database: Database) -> None:
        if self.server:
            self._ask(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")
        elif database.folder:
            shutil.rmtree(database.folder, ignore_errors=True)

    def drop_all(self) -> None:
        """What is left of them, by name; the processes that were killed could not drop theirs."""
        if self.server:
            for name in self._ask("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", self._prefix):
                self._ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _after(self, database: Database, *command: str | Path) -> Database:
        done = database.manage(*command)
        if done.returncode:
            raise SystemExit(f"{command[0]} failed: {done.stderr}")
        return database

    @property
    def _prefix(self) -> str:
        # The folder has a random name that no other run has.
        return f"minernews_bench_{self.folder.name.removeprefix('minernews-bench-').partition('-')[0]}"

    def _new(self) -> Database:
        name = f"{self._prefix}_{uuid.uuid4().hex[:12]}"
        if self.server:
            return Database(self._address(name), name, None, self.data)
        folder = self.folder / name
        file = folder / "minernews.sqlite3"
        return Database(f"sqlite:///{file}", str(file), folder, self.data)

    def _address(self, name: str) -> str:
        server, _, options = self.server.partition("?")
        return f"{server.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")

    def _ask(self, statement: str, *values: str) -> list[str]:
        import psycopg

        end = time.monotonic() + _PATIENCE
        while True:
            try:
                with psycopg.connect(_for_psycopg(self.server), autocommit=True) as server:
                    found = server.execute(statement, values or None)
                    return [row[0] for row in found.fetchall()] if found.description else []
            except psycopg.errors.ObjectInUse:
                # Somebody else reads the database that is to be copied, or is just leaving it.
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def _put_back(self, database: Database) -> None:
        """Makes every row and sequence what it is in the database that this one was copied from."""
        import psycopg

        of = self._address(self.made_from[database.name])
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        self._ask(others, database.name)
        with psycopg.connect(_for_psycopg(database.address)) as into, psycopg.connect(_for_psycopg(of)) as origin:
            into.execute("SET session_replication_role = replica")  # rows of any table in any order
            for (table,) in origin.execute(tables).fetchall():
                into.execute(f"DELETE FROM {table}")
                rows = origin.cursor().copy(f"COPY {table} TO STDOUT")
                with rows as sent, into.cursor().copy(f"COPY {table} FROM STDIN") as copied:
                    for row in sent:
                        copied.write(row)
            for name, value in origin.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall():
                into.execute("SELECT setval(%s::regclass, %s, %s)", (name, value or 1, value is not None))


def _for_psycopg(address: str) -> str:
    return "postgresql" + address[address.index(":") :]


@contextmanager
def databases() -> Iterator[Databases]:
    """Makes databases for processes to work on; all of them go in the end."""
    with tempfile.TemporaryDirectory(prefix=f"minernews-bench-{uuid.uuid4().hex[:10]}-") as name:
        made = Databases(Path(name))
        try:
            yield made
        finally:
            made.drop_all()


def database_in_words() -> str:
    from django.db import connection

    connection.ensure_connection()
    return f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"


def print_table(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """The first column to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in (heading, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heading))]
    for row in cells:
        line = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(line).rstrip())
