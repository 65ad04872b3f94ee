"""Writes articles as files, into a folder or a zip: each file under another name first, then renamed."""

from __future__ import annotations

import datetime as dt
import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterator
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


def export_to_folder(articles: ArticleQuerySet, folder: Path, dry_run: bool = False) -> Counter[str]:
    """Writes each article into `folder`, created if need be; gives how many files are new, changed and as they were.

    Raises OSError. Files that are as they should be are not touched, others than these are left alone.
    """
    counts: Counter[str] = Counter()
    if not dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob(f"{_UNFINISHED}*"):  # of an export that was killed
            unfinished.unlink(missing_ok=True)
    records = []
    for name, raw, record in _files(articles):
        counts[_write(folder / name, raw, dry_run)] += 1
        if len(record) > 1:
            records.append(json.dumps(record, ensure_ascii=False) + "\n")
    beside = _beside(folder, articles, records)
    if not dry_run and (beside or (folder / sidecar.NAME).exists()):
        _write(folder / sidecar.NAME, beside.encode(), dry_run)
    return counts


def export_to_zip(articles: ArticleQuerySet, file: IO[bytes]) -> int:
    """Writes a zip of the articles' files into `file`; gives how many there are."""
    count = 0
    records = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw, record in _files(articles):
            archive.writestr(_member(name), raw)
            count += 1
            if len(record) > 1:
                records.append(json.dumps(record, ensure_ascii=False) + "\n")
        if records:
            archive.writestr(_member(sidecar.NAME), "".join(records))
    return count


def export_to_zip_file(articles: ArticleQuerySet, path: Path) -> int:
    unfinished = path.with_name(f"{_UNFINISHED}{path.name}")
    try:
        with unfinished.open("wb") as file:
            count = export_to_zip(articles, file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _files(articles: ArticleQuerySet) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    for article in with_everything(articles).iterator(chunk_size=_AT_ONCE):
        name = file_name_of(article)
        yield name, file_of(article), sidecar_saving.said_of(article, name)


def _beside(folder: Path, articles: ArticleQuerySet, records: list[str]) -> str:
    """The sidecar with `records`, and with what it said before of files that this export is not about."""
    try:
        before = (folder / sidecar.NAME).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        before = []
    exported = {f"{slug}.{lang}.md" for slug, lang in articles.values_list("slug", "lang")} if before else set()
    kept = [
        json.dumps({"file": name, **record}, ensure_ascii=False) + "\n"
        for name, record in sidecar.read(before).items()
        if name not in exported
    ]
    return "".join([*kept, *records])


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
