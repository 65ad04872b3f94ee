"""What the benchmarks share: a site of their own with an empty database, and plain tables."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# The day on which the benchmarks are run, whatever the calendar says: all of their material is older.
NOW = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)


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
        if not os.environ.get("DATABASE_URL", "").startswith(("postgres", "psql", "pgsql")):
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
