"""An article as the file that it would be: the very bytes that came in, but for the fields that were changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from articles.fields import COVER_SIZES, ArticleFields, read_fields
from articles.front_matter import BadFrontMatter, split
from articles.header_writing import rewritten, written
from articles.models import Article
from articles.registry import outlet_key
from articles.snapshots import snapshot_of_article, snapshot_of_fields
from sources.encoding import UnreadableText, decode


def file_of(article: Article) -> bytes:
    """The file of an article fetched with its original, outlet, category, cover and tags.

    Raises ValueError, of which BadFrontMatter is one, where no file could say what the article has.
    """
    original = getattr(article, "original", None)
    raw = bytes(original.raw) if original else b""
    try:
        text = decode(raw)
        parsed = split(text)
        fields = read_fields(parsed)
    except (BadFrontMatter, UnreadableText):
        # It was written here, or came before originals were kept, or the rules have become stricter since.
        return _readable(_from_scratch(article))
    theirs = snapshot_of_fields(fields)
    touched = {name for name, value in snapshot_of_article(article).items() if value != theirs[name]}
    identity = {"lang": (article.lang, fields.lang), "externalId": (article.external_id, fields.external_id)}
    changes: dict[str, Any] = {key: now for key, (now, before) in identity.items() if now != before}
    if not touched and not changes:
        return raw
    leaving = Leaving(article, fields, parsed.header, touched)
    for name in _WRITTEN:
        if name in touched:
            changes |= _WRITTEN[name](leaving)
    return _readable(rewritten(text, changes, article.body if "body" in touched else None))


def _readable(text: str) -> bytes:
    """Raises BadFrontMatter if the file would be refused where it is imported again."""
    read_fields(split(decode(text.encode())))
    return text.encode()


@dataclass(frozen=True)
class Leaving:
    """An article on its way out, with what its file says: `fields`, and the `header` as it stands; None and {} without one.

    `touched` are the fields that differ. What was not touched keeps the file's own words.
    """

    article: Article
    fields: ArticleFields | None
    header: Mapping[str, Any]
    touched: Set[str]

    def inner(self, key: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The keys below `key`, with `values` set, and those of them that are None or empty taken out."""
        before = self.header.get(key)
        kept = dict(before) if isinstance(before, dict) else dict(self.article.extra.get(key) or {})
        kept |= values
        present = {name: value for name, value in kept.items() if name not in values or value not in (None, "")}
        return {key: present or None}


def _from_scratch(article: Article) -> str:
    leaving = Leaving(article, None, {}, set(_WRITTEN))
    header: dict[str, Any] = {}
    for keys in _WRITTEN.values():
        header |= keys(leaving)
    header = {key: value for key, value in header.items() if value is not None}
    header["lang"], header["externalId"] = article.lang, article.external_id
    return written(header, article.body)


def _time(time: dt.datetime | None) -> str | None:
    if time is None:
        return None
    utc = time.astimezone(dt.UTC)
    fraction = f"{utc.microsecond:06}" if utc.microsecond % 1000 else f"{utc.microsecond // 1000:03}"
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{fraction}Z"


def _number(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _source(leaving: Leaving) -> dict[str, Any]:
    article, fields = leaving.article, leaving.fields
    if article.outlet is None:
        return leaving.inner("source", dict.fromkeys(("name", "key", "type", "url")))
    if fields is not None and fields.source and outlet_key(fields.source) == article.outlet.key:
        return leaving.inner("source", {"url": article.source_url})
    outlet = article.outlet
    return leaving.inner(
        "source", {"name": outlet.name, "key": outlet.key, "type": outlet.kind, "url": article.source_url}
    )


def _tags(leaving: Leaving) -> dict[str, Any]:
    """In the file's order and spelling, then those that were added here."""
    present = {tag.name.casefold(): tag.name for tag in leaving.article.tags.all()}
    kept = [tag for tag in (leaving.fields.tags if leaving.fields else ()) if tag.casefold() in present]
    folded = {tag.casefold() for tag in kept}
    return {"tags": [*kept, *sorted(name for fold, name in present.items() if fold not in folded)]}


def _cover(leaving: Leaving) -> dict[str, Any]:
    cover = getattr(leaving.article, "cover", None)
    urls = cover.urls if cover else {}
    return leaving.inner("coverImage", {size: urls.get(size) for size in COVER_SIZES})


def _ai(leaving: Leaving) -> dict[str, Any]:
    article = leaving.article
    values = {
        "ai_rewritten": ("rewritten", article.ai_rewritten),
        "ai_expanded_at": ("expandedAt", _time(article.ai_expanded_at)),
        "ai_version": ("version", article.ai_version),
        "ai_translated_from": ("translatedFrom", article.ai_translated_from),
    }
    return leaving.inner("ai", {key: value for name, (key, value) in values.items() if name in leaving.touched})


def _extra(leaving: Leaving) -> dict[str, Any]:
    """Unknown keys of the top level. Those inside of known ones stay as the file has them: nobody can change them here."""
    before, now = leaving.fields.extra if leaving.fields else {}, leaving.article.extra
    return {
        key: now.get(key)
        for key in {**before, **now}
        if before.get(key) != now.get(key) and key not in ("source", "coverImage", "ai")
    }


Keys = Callable[[Leaving], dict[str, Any]]


def _simple(key: str, value: Callable[[Article], Any]) -> Keys:
    return lambda leaving: {key: value(leaving.article)}


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
        articles.select_related("original", "outlet", "category", "cover", "reviewed_by", "possible_duplicate_of")  # type: ignore[attr-defined]
        .prefetch_related("tags", "former_slugs")
        .defer("body_html", "search_text")
    )
