"""Saves the fields of a front-matter file as an article, without overwriting what an editor changed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from taggit.models import Tag, TaggedItem

from articles.fields import ArticleFields
from articles.linking import link_companies
from articles.merging import Difference, differences
from articles.models import Article, Category, Cover
from articles.slugs import slug_of
from companies.name_index import NameIndex
from sources.models import Outlet


@dataclass(frozen=True)
class SavedArticle:
    """The article, what became of it (created, updated, unchanged, conflict), the fields that differed, and warnings."""

    article: Article
    outcome: str
    differences: tuple[Difference, ...] = ()
    warnings: tuple[str, ...] = ()


def outlet_key(source: dict[str, str]) -> str:
    """What an outlet is known by: its key, else its name in Latin letters, else a digest of the name."""
    latin = slugify(source["key"]) or slug_of(source["name"], fallback="")
    return latin or "outlet-" + hashlib.sha256(source["name"].encode()).hexdigest()[:10]


@dataclass
class Registry:
    """Outlets, categories and tags already met, so that each is looked up once a run."""

    outlets: dict[str, Outlet] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)

    def forget(self) -> None:
        """After a rollback: a row created in it is not there."""
        self.outlets.clear()
        self.categories.clear()
        self.tags.clear()

    def outlet(self, source: dict[str, str]) -> Outlet | None:
        if not source:
            return None
        key = outlet_key(source)
        if key not in self.outlets:
            defaults = {"name": source["name"], "kind": source["type"]}
            self.outlets[key], _ = Outlet.objects.get_or_create(key=key, defaults=defaults)
        return self.outlets[key]

    def category(self, name: str) -> Category:
        if name not in self.categories:
            category = Category.objects.filter(name=name).first()
            if category is None:
                slug = _free_slug(slug_of(name), lambda s: Category.objects.filter(slug=s).exists())
                category = Category.objects.create(name=name, slug=slug)
            self.categories[name] = category
        return self.categories[name]

    def tag(self, name: str) -> Tag:
        """The tag of this name in any case: BTC and btc are one."""
        folded = name.casefold()
        if folded not in self.tags:
            tag = Tag.objects.filter(name__iexact=name).first()
            if tag is None:
                slug = _free_slug(slug_of(name), lambda s: Tag.objects.filter(slug=s).exists())
                tag = Tag.objects.create(name=name, slug=slug)
            self.tags[folded] = tag
        return self.tags[folded]


def save_article(
    fields: ArticleFields, index: NameIndex, registry: Registry, accept_theirs: bool = False
) -> SavedArticle:
    """Creates or updates the article of (external_id, lang)."""
    theirs = snapshot_of_fields(fields)
    same = Article.objects.filter(external_id=fields.external_id, lang=fields.lang)
    # Most files of a second import are what they were: that is seen without reading a body, a tag or a cover.
    before = same.only("imported", "lang", "slug").first()
    if before is not None and before.imported == theirs:
        return SavedArticle(before, "unchanged")
    article = (
        same.select_for_update(of=("self",))
        .select_related("outlet", "category", "cover")
        .prefetch_related("tags")
        .first()
    )
    if article is None:
        return _create(fields, theirs, index, registry)
    if not accept_theirs and _version(theirs) < _version(article.imported):
        return SavedArticle(article, "unchanged", (), ("older than what was imported before, and left alone",))
    found = differences(article.imported, snapshot_of_article(article), theirs)
    kept = {d.field for d in found if d.conflict and not accept_theirs}
    changed = [d.field for d in found if d.field not in kept]
    base = {**theirs, **{name: article.imported.get(name) for name in kept}}
    outcome = "conflict" if kept else "updated" if changed else "unchanged"
    warnings: tuple[str, ...] = ()
    if changed or base != article.imported:
        article.imported = base
        _assign(article, fields, changed, registry)
        article.save()
        _assign_related(article, fields, changed, registry)
        warnings = _misnamed(article, fields) + _ambiguous(link_companies(article, index))
    return SavedArticle(article, outcome, tuple(found), warnings)


def _create(fields: ArticleFields, theirs: dict[str, Any], index: NameIndex, registry: Registry) -> SavedArticle:
    base = slug_of(fields.title)
    # Not slug__startswith: that is a LIKE, for which SQLite reads every article of the language.
    alike = Article.objects.filter(lang=fields.lang, slug__gte=base, slug__lt=f"{base}\x7f")
    taken = set(alike.values_list("slug", flat=True))
    slug = _free_slug(base, taken.__contains__)
    warnings: tuple[str, ...] = (f"possible duplicate: another article has the address {base}",) if slug != base else ()
    article = Article(external_id=fields.external_id, lang=fields.lang, slug=slug, imported=theirs)
    _assign(article, fields, list(theirs), registry)
    article.save()
    _assign_related(article, fields, list(theirs), registry, new=True)
    warnings += _misnamed(article, fields) + _ambiguous(link_companies(article, index))
    return SavedArticle(article, "created", (), warnings)


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


def _version(snapshot: dict[str, Any]) -> dt.datetime:
    """When the story of a file was last changed, by its own word."""
    latest = snapshot.get("updated_at") or snapshot.get("published_at")
    return dt.datetime.fromisoformat(latest) if latest else dt.datetime.min.replace(tzinfo=dt.UTC)


def _assign(article: Article, fields: ArticleFields, changed: list[str], registry: Registry) -> None:
    for name in changed:
        if name == "source":
            article.outlet = registry.outlet(fields.source)
            article.source_url = fields.source.get("url", "")
        elif name == "category":
            article.category = registry.category(fields.category)
        elif name == "state":
            article.state = Article.State.DRAFT if fields.draft else Article.State.PUBLISHED
        elif name == "cta":
            article.cta = list(fields.cta)
        elif name not in ("tags", "cover_urls"):
            setattr(article, name, getattr(fields, name))


def _assign_related(
    article: Article, fields: ArticleFields, changed: list[str], registry: Registry, new: bool = False
) -> None:
    if "tags" in changed:
        tags = list({tag.pk: tag for tag in map(registry.tag, fields.tags)}.values())
        if new:
            through = [TaggedItem(tag=tag, content_object=article) for tag in tags]
            TaggedItem.objects.bulk_create(through)
        else:
            article.tags.set(tags)
    if "cover_urls" in changed and new and fields.cover_urls:
        Cover.objects.create(article=article, urls=fields.cover_urls)
    elif "cover_urls" in changed and not new:
        Cover.objects.update_or_create(article=article, defaults={"urls": fields.cover_urls})


def _free_slug(base: str, is_taken: Callable[[str], bool]) -> str:
    slug, number = base, 2
    while is_taken(slug):
        slug, number = f"{base}-{number}", number + 1
    return slug


def _iso(time: dt.datetime | None) -> str | None:
    return time.isoformat() if time else None


def _misnamed(article: Article, fields: ArticleFields) -> tuple[str, ...]:
    """A warning when the file's source shares its key with an outlet of another name."""
    if article.outlet is None or not fields.source or article.outlet.name == fields.source["name"]:
        return ()
    return (
        f"the source {fields.source['name']!r} has the key of the outlet {article.outlet.name!r}, and counts as it",
    )


def _ambiguous(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name!r} could be more than one company and was linked to none" for name in names)
