"""What an import asks of the database while it writes, and gives back when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

# SQLite copies its log into the database every 32 MB (pages of 4 kB) instead of every 4, so that pages which many batches
# change are copied once; its own number is 1000. PostgreSQL does not wait for the disk at each commit: a power cut may
# take the last batches whole, as it may on SQLite, and the import that is run again brings them back.
_BEGIN = {"sqlite": "PRAGMA wal_autocheckpoint = 8000", "postgresql": "SET synchronous_commit TO off"}
_END = {"sqlite": "PRAGMA wal_autocheckpoint = 1000", "postgresql": "SET synchronous_commit TO DEFAULT"}


@contextmanager
def written_in_bulk() -> Iterator[None]:
    """Larger steps to the disk on this connection, until the block ends."""
    _ask(_BEGIN[connection.vendor])
    try:
        yield
    finally:
        try:
            _ask(_END[connection.vendor])
        except DatabaseError:
            # The connection is gone, or in a transaction that failed: what was asked of it goes with it.
            connection.close()


def _ask(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
