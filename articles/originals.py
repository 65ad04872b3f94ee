"""The files that articles came from: what each said last time, which is the base that both sides are compared with."""

from __future__ import annotations

from typing import Any

from articles.fields import read_fields
from articles.front_matter import BadFrontMatter, split
from articles.models import Article, Original
from articles.snapshots import snapshot_of_fields
from sources.encoding import UnreadableText, decode


def base_of(article: Article) -> dict[str, Any]:
    """Each field as the file gave it last time; empty for an article that was written here.

    The original tells, but for fields in conflict, whose base is older than the original: `imported` holds those. It
    holds everything for an article imported before originals were kept.
    """
    original = getattr(article, "original", None)
    if original is None:
        return dict(article.imported)
    return {**snapshot_of_raw(bytes(original.raw)), **article.imported}


def snapshot_of_raw(raw: bytes) -> dict[str, Any]:
    """The fields of a file; empty if it cannot be read any more, because the rules have become stricter since."""
    try:
        return snapshot_of_fields(read_fields(split(decode(raw))))
    except (BadFrontMatter, UnreadableText):
        return {}


def keep_original(article: Article, raw: bytes, sha256: str) -> None:
    Original.objects.update_or_create(article=article, defaults={"raw": raw, "sha256": sha256})
