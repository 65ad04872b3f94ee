"""The files that articles came from: what each said last time, which is the base that both sides are compared with."""

from __future__ import annotations

from typing import Any

from articles.fields import read_fields
from articles.front_matter import BadFrontMatter, split
from articles.models import Article, Original
from articles.snapshots import snapshot_of_fields
from sources.encoding import UnreadableText, decode


def last_said(article: Article) -> dict[str, Any]:
    """Each field as the last file gave it; empty for an article that was written here."""
    original = getattr(article, "original", None)
    return dict(article.imported) if original is None else snapshot_of_raw(bytes(original.raw))


def base_of(article: Article) -> dict[str, Any]:
    """What both sides of each field are compared with: the last file's word, but in a conflict that of the file before.

    `imported` holds those older words. It holds everything for an article imported before originals were kept.
    """
    return {**last_said(article), **article.imported}


def snapshot_of_raw(raw: bytes) -> dict[str, Any]:
    """The fields of a file; empty if it cannot be read any more, because the rules have become stricter since."""
    try:
        return snapshot_of_fields(read_fields(split(decode(raw))))
    except (BadFrontMatter, UnreadableText):
        return {}


def keep_original(article: Article, raw: bytes, sha256: str) -> None:
    Original.objects.update_or_create(article=article, defaults={"raw": raw, "sha256": sha256})
