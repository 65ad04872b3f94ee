"""What a database says in the end, whatever way it came there: every row by names instead of ids; and what is wrong in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench import Database

# What tells one import from another, and nothing about what was imported.
_MODELS_LEFT_OUT = {
    "admin.logentry", "articles.importitem", "articles.importrun", "auth.permission", "contenttypes.contenttype",
    "django_tasks_db.dbtaskresult", "sessions.session",
}  # fmt: skip
_COLUMNS_LEFT_OUT = {"created_at", "history_date", "imported_at"}
# By what a row is known, where others point to it.
_NAMES = {
    "articles.article": ("external_id", "lang"),
    "articles.category": ("name",),
    "auth.user": ("username",),
    "companies.analystcall": ("company_id", "firm_id", "called_on", "fingerprint"),
    "companies.analystfirm": ("name",),
    "companies.company": ("ticker",),
    "companies.event": ("kind", "date", "title"),
    "contenttypes.contenttype": ("app_label", "model"),
    "sources.document": ("sha256",),
    "sources.outlet": ("key",),
    "taggit.tag": ("name",),
}
_PATIENCE = 5.0

Dump = dict[str, list[str]]


def dump() -> Dump:
    """Each table's rows as sorted lines of JSON. Long values stand as their digest: equal lines mean equal bytes."""
    from django.apps import apps

    names: dict[str, dict[Any, str]] = {}
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower not in _MODELS_LEFT_OUT and model._meta.managed:
            tables[model._meta.label_lower] = sorted(_rows(model, names))
    return tables


def differences(one: Dump, other: Dump, limit: int = 6) -> list[str]:
    """The lines that only one of the two has, at most `limit`."""
    found = []
    for table in sorted({*one, *other}):
        left, right = Counter(one.get(table, [])), Counter(other.get(table, []))
        found += [f"missing from {table}: {line[:600]}" for line in (left - right).elements()]
        found += [f"too much in {table}: {line[:600]}" for line in (right - left).elements()]
    return found[:limit]


def _rows(model: Any, names: dict[str, dict[Any, str]]) -> Iterator[str]:
    columns = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = [field for field in columns if field.attname not in _COLUMNS_LEFT_OUT]
    is_history = any(field.name == "history_type" for field in columns)
    revisions: Counter[str] = Counter()
    for row in model._base_manager.order_by("pk").values_list(*(field.attname for field in columns)):
        said: dict[str, Any] = {}
        for field, value in zip(columns, row, strict=True):
            target = "articles.article" if is_history and field.attname == "id" else _target(model, field, said)
            said[field.attname] = _named(target, value, names) if target and value is not None else _plain(value)
        if is_history:
            said["history_change_reason"] = re.sub(r"\d+", "N", said["history_change_reason"] or "")
            revisions[said["id"]] += 1
            said["revision"] = revisions[said["id"]]
        yield json.dumps(said, ensure_ascii=False, sort_keys=True)


def _target(model: Any, field: Any, said: dict[str, Any]) -> str:
    """The model that a column points into: a foreign key, or the object of a tag."""
    if field.is_relation:
        return field.related_model._meta.label_lower
    if model._meta.label_lower == "taggit.taggeditem" and field.attname == "object_id":
        return "articles.article"
    return ""


def _named(label: str, pk: Any, names: dict[str, dict[Any, str]]) -> str:
    if label not in names:
        from django.apps import apps

        model = apps.get_model(label)
        fields = {field.attname: field for field in model._meta.concrete_fields}
        columns = [fields[name] for name in _NAMES[label]]
        names[label] = {}
        for own, *values in model._base_manager.values_list("pk", *(column.attname for column in columns)):
            words = [
                _named(column.related_model._meta.label_lower, value, names) if column.is_relation else str(value)
                for column, value in zip(columns, values, strict=True)
            ]
            names[label][own] = " / ".join(words)
    return names[label].get(pk, f"{label} {pk} is not there")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, (memoryview, bytes)):
        return f"{len(value)} bytes {hashlib.sha256(value).hexdigest()}"
    if isinstance(value, str) and len(value) > 100:
        return f"{value[:20]}… {hashlib.sha256(value.encode()).hexdigest()}"
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def broken() -> list[str]:
    """What no moment of an import may leave behind: half an article, a lock, a damaged database, a wrong count."""
    return [*_damage(), *_half_articles(), *_wrong_runs(), *_lock()]


def unfinished_runs() -> list[str]:
    """After an import that ended well nothing may be running; what was killed must be called interrupted."""
    from articles.models import ImportRun

    runs = list(ImportRun.objects.order_by("pk"))
    wrong = [f"run {run.pk} is still {run.state}" for run in runs if run.state not in ("finished", "interrupted")]
    if not runs or runs[-1].state != "finished" or runs[-1].error:
        wrong.append("the last import is not finished in its record")
    return wrong + [f"run {run.pk} is finished, yet has an error" for run in runs[:-1] if run.finished_at and run.error]


def said_by(database: Database) -> dict[str, Any]:
    """The dump of a database, what is broken in it, and the states of its runs; told by a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve())]
    done = subprocess.run(command, env=database.environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _damage() -> list[str]:
    from django.db import connection

    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        words = [row[0] for row in cursor.fetchall()]
        cursor.execute("PRAGMA foreign_key_check")
        loose = cursor.fetchall()
    return [f"integrity: {word}" for word in words if word != "ok"] + [f"points nowhere: {row}" for row in loose[:3]]


def _half_articles() -> list[str]:
    """Articles without original or revision, or with other tags or another cover than their file says."""
    from taggit.models import TaggedItem

    from articles.fields import read_fields
    from articles.front_matter import split
    from articles.models import Article
    from articles.revisions import HistoricalArticle
    from sources.encoding import decode

    wrong = []
    tags: dict[int, set[str]] = defaultdict(set)
    for article, tag in TaggedItem.objects.values_list("object_id", "tag__name"):
        tags[article].add(tag.casefold())
    revised = set(HistoricalArticle.objects.values_list("id", flat=True))
    seen: set[tuple[str, str]] = set()
    for article in Article.objects.select_related("original", "cover"):
        name = f"article {article.external_id} ({article.lang})"
        original = getattr(article, "original", None)
        if (article.external_id, article.lang) in seen:
            wrong.append(f"{name} is there twice")
        seen.add((article.external_id, article.lang))
        if original is None or article.pk not in revised:
            wrong.append(f"{name} has no {'original' if original is None else 'revision'}")
            continue
        raw = bytes(original.raw)
        fields = read_fields(split(decode(raw)))
        cover = getattr(article, "cover", None)
        if hashlib.sha256(raw).hexdigest() != original.sha256:
            wrong.append(f"the original of {name} is not what its digest says")
        if tags[article.pk] != {tag.casefold() for tag in fields.tags}:
            wrong.append(f"{name} has {len(tags[article.pk])} tags, its file {len(fields.tags)}")
        if (cover.urls if cover else {}) != fields.cover_urls:
            wrong.append(f"{name} has another cover than its file")
        if not article.search_text or not article.body_html:
            wrong.append(f"{name} cannot be found or read")
    return wrong


def _wrong_runs() -> list[str]:
    """Runs whose counts are not those of their items: both are written in one transaction."""
    from django.db.models import Count

    from articles.import_log import COUNTED
    from articles.models import ImportItem, ImportRun

    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for run, outcome, number in ImportItem.objects.values_list("run", "outcome").annotate(Count("pk")).order_by():
        counted[run][COUNTED[outcome]] = number
    return [
        f"run {run.pk} says {name} {getattr(run, name)}, its items {counted[run.pk][name]}"
        for run in ImportRun.objects.all()
        for name in COUNTED.values()
        if getattr(run, name) != counted[run.pk][name]
    ]


def _lock() -> list[str]:
    """PostgreSQL notices that a client is gone when it next speaks to it; on SQLite the lock goes with the process."""
    from django.db import connection

    from articles.import_lock import is_locked

    end = time.monotonic() + (_PATIENCE if connection.vendor == "postgresql" else 0)
    while is_locked():
        if time.monotonic() >= end:
            return ["the lock is still held"]
        time.sleep(0.05)
    return []


def main() -> int:
    import django

    django.setup()
    from articles.models import ImportRun

    runs = list(ImportRun.objects.order_by("pk").values_list("state", flat=True))
    print(json.dumps({"dump": dump(), "wrong": broken(), "runs": runs}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
