"""An article as the file that it would be: the very bytes that came in, but for the fields that were changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from articles.fields import ArticleFields, read_fields
from articles.front_matter import BadFrontMatter, split
from articles.header_writing import rewritten, written
from articles.models import Article
from articles.registry import outlet_key
from articles.snapshots import snapshot_of_article, snapshot_of_fields
from sources.encoding import UnreadableText, decode


def file_of(article: Article) -> bytes:
    """The file of an article fetched with its original, outlet, category, cover and tags."""
    original = getattr(article, "original", None)
    if original is None:
        return _from_scratch(article)
    raw = bytes(original.raw)
    try:
        text = decode(raw)
        fields = read_fields(split(text))
    except (BadFrontMatter, UnreadableText):
        # The rules have become stricter since it came in.
        return _from_scratch(article)
    theirs = snapshot_of_fields(fields)
    touched = [name for name, value in snapshot_of_article(article).items() if value != theirs[name]]
    if not touched:
        return raw
    changes: dict[str, Any] = {}
    for name in touched:
        changes |= _WRITTEN[name](article, fields) if name in _WRITTEN else {}
    return rewritten(text, changes, article.body if "body" in touched else None).encode()


def _from_scratch(article: Article) -> bytes:
    """A file for an article that was written here, or that was imported before originals were kept."""
    header: dict[str, Any] = {}
    for keys in _WRITTEN.values():
        header |= keys(article, None)
    header = {"title": header.pop("title"), **{key: value for key, value in header.items() if value is not None}}
    header["lang"], header["externalId"] = article.lang, article.external_id
    return written(header, article.body).encode()


Keys = Callable[[Article, ArticleFields | None], dict[str, Any]]


def _time(time: dt.datetime | None) -> str | None:
    if time is None:
        return None
    utc = time.astimezone(dt.UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{utc.microsecond:06}Z" if utc.microsecond % 1000 else f"{utc.microsecond // 1000:03}Z"
    )


def _number(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _source(article: Article, fields: ArticleFields | None) -> dict[str, Any]:
    extra = article.extra.get("source") or {}
    if article.outlet is None:
        return {"source": extra or None}
    same = fields is not None and fields.source and outlet_key(fields.source) == article.outlet.key
    kept = fields.source if fields is not None and same else {}
    source = {
        "name": kept.get("name") or article.outlet.name,
        "key": kept.get("key") or article.outlet.key,
        "type": kept.get("type") or article.outlet.kind,
        "url": article.source_url,
    }
    return {"source": {key: value for key, value in source.items() if value} | extra}


def _tags(article: Article, fields: ArticleFields | None) -> dict[str, Any]:
    """In the file's order and spelling, then those that were added here."""
    present = {tag.name.casefold(): tag.name for tag in article.tags.all()}
    kept = [tag for tag in (fields.tags if fields else ()) if tag.casefold() in present]
    folded = {tag.casefold() for tag in kept}
    return {"tags": [*kept, *sorted(name for fold, name in present.items() if fold not in folded)]}


def _cover(article: Article, _: ArticleFields | None) -> dict[str, Any]:
    cover = getattr(article, "cover", None)
    return {"coverImage": {**(cover.urls if cover else {}), **(article.extra.get("coverImage") or {})} or None}


def _ai(article: Article, _: ArticleFields | None) -> dict[str, Any]:
    ai = {
        "rewritten": article.ai_rewritten,
        "expandedAt": _time(article.ai_expanded_at),
        "version": article.ai_version or None,
        "translatedFrom": article.ai_translated_from or None,
    }
    kept = {key: value for key, value in ai.items() if value is not None}
    return {"ai": {**kept, **(article.extra.get("ai") or {})} or None}


def _extra(article: Article, fields: ArticleFields | None) -> dict[str, Any]:
    """Unknown keys of the top level, and those known ones that hold unknown keys."""
    before = fields.extra if fields else {}
    nested: dict[str, Keys] = {"source": _source, "coverImage": _cover, "ai": _ai}
    changes: dict[str, Any] = {}
    for key in {**before, **article.extra}:
        if before.get(key) != article.extra.get(key):
            changes |= nested[key](article, fields) if key in nested else {key: article.extra.get(key)}
    return changes


def _simple(key: str, value: Callable[[Article], Any]) -> Keys:
    return lambda article, fields: {key: value(article)}


# Field of a snapshot → the keys of the header that say it, in the order of a file.
_WRITTEN: dict[str, Keys] = {
    "title": _simple("title", lambda article: article.title),
    "description": _simple("description", lambda article: article.description),
    "published_at": _simple("publishedAt", lambda article: _time(article.published_at)),
    "updated_at": _simple("updatedAt", lambda article: _time(article.updated_at)),
    "source": _source,
    "category": _simple("category", lambda article: article.category.name),
    "tags": _tags,
    "cta": _simple("cta", lambda article: list(article.cta)),
    "sticky_weight": _simple("stickyWeight", lambda article: _number(article.sticky_weight)),
    "canonical_url": _simple("canonicalUrl", lambda article: article.canonical_url or None),
    "cover_urls": _cover,
    "sentiment": _simple("sentiment", lambda article: article.sentiment or None),
    "score": _simple("score", lambda article: _number(article.score or 0)),
    # A retracted article leaves as a draft: nobody who imports it shall publish it again by that.
    "state": _simple("draft", lambda article: article.state != Article.State.PUBLISHED),
    "ai_rewritten": _ai,
    "ai_expanded_at": _ai,
    "ai_version": _ai,
    "ai_translated_from": _ai,
    "extra": _extra,
}


def with_everything(articles: Iterable[Any]) -> Any:
    """A queryset of articles with all that `file_of` looks at, in a constant number of queries."""
    return (
        articles.select_related("original", "outlet", "category", "cover", "reviewed_by")  # type: ignore[attr-defined]
        .prefetch_related("tags", "former_slugs")
        .defer("body_html", "search_text")
    )
