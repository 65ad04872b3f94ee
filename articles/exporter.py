"""Writes articles as files, into a folder or a zip: each file under another name first, then renamed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.db.models import Exists, OuterRef, Q

from articles import sidecar, sidecar_saving
from articles.exporting import file_of, with_everything
from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.revisions import HistoricalArticle

_UNFINISHED = ".minernews-unfinished-"
_AT_ONCE = 500


def chosen(lang: str = "", since: dt.datetime | None = None, query: str = "") -> ArticleQuerySet:
    """Articles of any state: in one language, published or changed here since a time, found by the site's search."""
    articles: ArticleQuerySet = Article.objects.matching(query) if query else Article.objects.all()
    if lang:
        articles = articles.in_language(lang)
    if since is not None:
        changed = HistoricalArticle.objects.filter(id=OuterRef("pk"), history_date__gte=since)
        articles = articles.filter(Q(published_at__gte=since) | Exists(changed))
    return articles.order_by("pk")


def file_name_of(article: Article) -> str:
    return f"{article.slug}.{article.lang}.md"


def export_to_folder(
    articles: ArticleQuerySet,
    folder: Path,
    dry_run: bool = False,
    whole: bool = True,
    on_problem: Callable[[str], None] = lambda problem: None,
) -> Counter[str]:
    """Writes each article into `folder`, created if need be; gives how many files are created, updated, unchanged, removed.

    Files that an earlier export wrote for these articles under other names are removed, and if the export is a `whole`
    one also those of articles that are gone; not if somebody changed them since. Whatever else is there is left alone.
    `on_problem` is told of each article that no file can hold: those count as failed. Raises OSError.
    """
    counts: Counter[str] = Counter()
    if not dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob(f"{_UNFINISHED}*"):  # of an export that was killed
            unfinished.unlink(missing_ok=True)
    before = _read_sidecar(folder)
    records: dict[str, str] = {}
    written: set[tuple[str, str]] = set()
    for article in with_everything(articles).iterator(chunk_size=_AT_ONCE):
        name = file_name_of(article)
        raw = _file_of(article, name, on_problem)
        if raw is None:
            counts["failed"] += 1
            records[name] = _line({"file": name, **before.get(name, {})})
            continue
        written.add((article.external_id, article.lang))
        counts[_write(folder / name, raw, dry_run)] += 1
        record = sidecar_saving.said_of(article, name) | {"sha256": hashlib.sha256(raw).hexdigest()}
        records[name] = _line(record)
    for name, record in before.items():
        if name in records:
            continue
        if whole or (record.get("external_id"), record.get("lang")) in written:
            counts["removed"] += _remove(folder / name, record.get("sha256", ""), dry_run)
        else:
            records[name] = _line({"file": name, **record})
    if not dry_run and (records or before):
        _write(folder / sidecar.NAME, "".join(records.values()).encode(), dry_run)
    return counts


def export_to_zip(
    articles: ArticleQuerySet, file: IO[bytes], on_problem: Callable[[str], None] = lambda problem: None
) -> int:
    """Writes a zip of the articles' files into `file`; gives how many there are."""
    count = 0
    records = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for article in with_everything(articles).iterator(chunk_size=_AT_ONCE):
            name = file_name_of(article)
            raw = _file_of(article, name, on_problem)
            if raw is None:
                continue
            archive.writestr(_member(name), raw)
            count += 1
            record = sidecar_saving.said_of(article, name)
            if sidecar.to_set({key: value for key, value in record.items() if key != "file"}):
                records.append(_line(record))
        if records:
            archive.writestr(_member(sidecar.NAME), "".join(records))
    return count


def export_to_zip_file(articles: ArticleQuerySet, path: Path, on_problem: Callable[[str], None]) -> int:
    unfinished = path.with_name(f"{_UNFINISHED}{path.name}")
    try:
        with unfinished.open("wb") as file:
            count = export_to_zip(articles, file, on_problem)
        if count:
            # An export that found nothing leaves an older zip alone: it was a slip of the pen in most cases.
            unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _file_of(article: Article, name: str, on_problem: Callable[[str], None]) -> bytes | None:
    try:
        return file_of(article)
    except (ValueError, RecursionError) as error:
        on_problem(f"{name}: {error}")
        return None


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def _read_sidecar(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        text = (folder / sidecar.NAME).read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {name: record for name, record in sidecar.read(text.split("\n")).items() if Path(name).name == name}


def _remove(path: Path, sha256: str, dry_run: bool) -> int:
    """Removes a file that is still what was written; says how many that were."""
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            return 0
    except (FileNotFoundError, IsADirectoryError):
        return 0
    if not dry_run:
        path.unlink()
    return 1


def _write(path: Path, raw: bytes, dry_run: bool) -> str:
    try:
        before: bytes | None = path.read_bytes()
    except FileNotFoundError:
        before = None
    if before == raw:
        return "unchanged"
    if not dry_run:
        unfinished = path.with_name(f"{_UNFINISHED}{os.getpid()}")
        try:
            unfinished.write_bytes(raw)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return "created" if before is None else "updated"


def _member(name: str) -> zipfile.ZipInfo:
    """Without the time of day: the same articles make the same zip."""
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    return member
