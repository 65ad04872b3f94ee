"""What an import asks of SQLite while it writes, and gives back when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Pages of 4 kB: the log is copied into the database every 32 MB instead of every 4, so that pages which many batches
# change are copied once. SQLite's own number is 1000.
_PAGES, _USUAL_PAGES = 8000, 1000


@contextmanager
def written_in_bulk() -> Iterator[None]:
    """Fewer and larger checkpoints on this connection; PostgreSQL looks after its own."""
    if connection.vendor != "sqlite":
        yield
        return
    _set(_PAGES)
    try:
        yield
    finally:
        _set(_USUAL_PAGES)


def _set(pages: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA wal_autocheckpoint = {pages}")
