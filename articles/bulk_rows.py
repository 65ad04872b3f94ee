"""Writes many rows of a model in one statement, several times as fast as `bulk_create`: SQLite by executemany, PostgreSQL by COPY.

Defaults, signals and validation are the caller's affair; constraints hold as ever.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

Convert = Callable[[Any], Any]
# Values that both databases take as they are.
_PLAIN = (
    models.CharField, models.TextField, models.IntegerField, models.FloatField, models.BooleanField,
    models.BinaryField, models.ForeignKey,
)  # fmt: skip


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts `rows`, each the values of the fields `names` (attribute names: article_id) in that order."""
    fields = [_field(model, name) for name in names]
    converts = [(place, convert) for place, field in enumerate(fields) if (convert := _convert(field))]
    prepared = []
    for row in rows:
        values = list(row)
        for place, convert in converts:
            if values[place] is not None:
                values[place] = convert(values[place])
        prepared.append(values)
    if not prepared:
        return
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for values in prepared:
                    copy.write_row(values)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", prepared)  # noqa: S608


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that nobody else will get, for rows inserted in this transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("ids are reserved inside a transaction")
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), count],
            )
            return [row[0] for row in cursor.fetchall()]
        # The transaction holds SQLite's one write lock, and AUTOINCREMENT goes on after the largest id ever inserted.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return list(range(first, first + count))


@cache
def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    return next(field for field in model._meta.concrete_fields if name in (field.attname, field.name))


def _convert(field: models.Field[Any, Any]) -> Convert | None:
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField):
        return _time
    if isinstance(field, _PLAIN):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def _json(value: Any) -> str:
    # Most are empty.
    return "[]" if value == [] else "{}" if value == {} else json.dumps(value)


def _time(value: dt.datetime) -> Any:
    """What Django's `adapt_datetimefield_value` gives, which takes ten times as long for a time in UTC on SQLite."""
    if connection.vendor == "sqlite" and value.tzinfo is dt.UTC and connection.timezone is dt.UTC:
        return str(value.replace(tzinfo=None))
    return connection.ops.adapt_datetimefield_value(value)
