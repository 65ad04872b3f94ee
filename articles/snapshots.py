"""The fields of a file and of an article in one comparable form: field name → JSON value."""

from __future__ import annotations

import datetime as dt
from typing import Any

from articles.fields import ArticleFields
from articles.models import Article
from articles.registry import outlet_key


def snapshot_of_fields(fields: ArticleFields) -> dict[str, Any]:
    """Every field of a file as JSON values, comparable with `snapshot_of_article`."""
    return {
        "title": fields.title,
        "description": fields.description,
        "published_at": fields.published_at.isoformat(),
        "updated_at": _iso(fields.updated_at),
        "source": [outlet_key(fields.source), fields.source["url"]] if fields.source else None,
        "category": fields.category,
        "tags": sorted({tag.casefold() for tag in fields.tags}),
        "cta": list(fields.cta),
        "sticky_weight": fields.sticky_weight,
        "canonical_url": fields.canonical_url,
        "cover_urls": fields.cover_urls,
        "sentiment": fields.sentiment,
        "score": fields.score,
        "state": "draft" if fields.draft else "published",
        "ai_rewritten": fields.ai_rewritten,
        "ai_expanded_at": _iso(fields.ai_expanded_at),
        "ai_version": fields.ai_version,
        "ai_translated_from": fields.ai_translated_from,
        "extra": fields.extra,
        "body": fields.body,
    }


def snapshot_of_article(article: Article) -> dict[str, Any]:
    """The same of an article as it is now in the database."""
    cover = getattr(article, "cover", None)
    return {
        "title": article.title,
        "description": article.description,
        "published_at": article.published_at.isoformat(),
        "updated_at": _iso(article.updated_at),
        "source": [article.outlet.key, article.source_url] if article.outlet else None,
        "category": article.category.name,
        "tags": sorted({tag.name.casefold() for tag in article.tags.all()}),
        "cta": article.cta,
        "sticky_weight": article.sticky_weight,
        "canonical_url": article.canonical_url,
        "cover_urls": cover.urls if cover else {},
        "sentiment": article.sentiment,
        "score": article.score,
        "state": article.state,
        "ai_rewritten": article.ai_rewritten,
        "ai_expanded_at": _iso(article.ai_expanded_at),
        "ai_version": article.ai_version,
        "ai_translated_from": article.ai_translated_from,
        "extra": article.extra,
        "body": article.body,
    }


def _iso(time: dt.datetime | None) -> str | None:
    return time.isoformat() if time else None
