"""Brings an article that exists up to date with its file, without overwriting what an editor changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from taggit.models import Tag

from articles.fields import ArticleFields
from articles.linking import link_companies
from articles.merging import Difference, differences, settled
from articles.models import Article, Cover
from articles.options import Settle
from articles.originals import base_of, keep_original, last_said
from articles.preparing import PreparedArticle
from articles.registry import Registry
from articles.snapshots import snapshot_of_article, snapshot_of_fields
from companies.name_index import NameIndex

# Fields in whose words companies are found.
_LINKED = {"title", "description", "body", "published_at"}


@dataclass(frozen=True)
class SavedArticle:
    """The article, what became of it (created, updated, unchanged, conflict), the fields that differed, and warnings."""

    article: Article
    outcome: str
    differences: tuple[Difference, ...] = ()
    warnings: tuple[str, ...] = ()


def for_updating() -> models.QuerySet[Article]:
    """Articles with all that `update_article` compares, locked until the transaction ends."""
    articles = Article.objects.select_for_update(of=("self",)).select_related("outlet", "category", "cover", "original")
    return articles.prefetch_related("tags")


def update_article(
    article: Article, prepared: PreparedArticle, index: NameIndex, registry: Registry, settle: Settle = Settle.ASK
) -> SavedArticle:
    """Compares what the file said last time, what it says now and what the article is, and saves what follows from it."""
    fields = prepared.fields
    theirs = snapshot_of_fields(fields)
    base = base_of(article)
    if _version(theirs) < _version(last_said(article)):
        return SavedArticle(article, "unchanged", (), ("older than what was imported before, and left alone",))
    ours = snapshot_of_article(article)
    if article.state == Article.State.RETRACTED:
        # No file undoes a retraction; a person does.
        theirs = {**theirs, "state": ours["state"]}
    found = differences(base, ours, theirs)
    conflicts = {difference.field for difference in found if difference.conflict}
    kept = conflicts if settle != Settle.THEIRS else set()
    changed = [difference.field for difference in found if difference.field not in kept]
    unsettled = kept if settle == Settle.ASK else set()
    article.imported = {name: base.get(name) for name in unsettled}
    article.in_conflict = bool(unsettled)
    warnings: tuple[str, ...] = ()
    if changed:
        warnings = take_from_file(article, fields, changed, index, registry)
    else:
        Article.objects.filter(pk=article.pk).update(imported=article.imported, in_conflict=article.in_conflict)
    keep_original(article, prepared.raw, prepared.sha256)
    outcome = "conflict" if unsettled else "updated" if changed else "unchanged"
    if settle != Settle.ASK:
        found = [settled(difference, settle.value) if difference.conflict else difference for difference in found]
    return SavedArticle(article, outcome, tuple(found), warnings)


def take_from_file(
    article: Article, fields: ArticleFields, names: list[str], index: NameIndex, registry: Registry
) -> tuple[str, ...]:
    """Saves the article with the file's values in the fields `names`; gives warnings."""
    _assign(article, fields, names, registry)
    article.save()
    _assign_related(article, fields, names, registry)
    warnings = misnamed(article, fields)
    if _LINKED.intersection(names):
        warnings += ambiguous(link_companies(article, index))
    return warnings


def _version(snapshot: dict[str, Any]) -> dt.datetime:
    """When the story of a file was last changed, by its own word."""
    latest = snapshot.get("updated_at") or snapshot.get("published_at")
    return dt.datetime.fromisoformat(latest) if latest else dt.datetime.min.replace(tzinfo=dt.UTC)


def assign_all(article: Article, fields: ArticleFields, registry: Registry) -> None:
    """Sets every column that a file has a word for; tags and cover are rows of their own."""
    _assign(article, fields, _COLUMNS, registry)


_COLUMNS = (
    "title", "description", "published_at", "updated_at", "source", "category", "cta", "sticky_weight",
    "canonical_url", "sentiment", "score", "state", "ai_rewritten", "ai_expanded_at", "ai_version",
    "ai_translated_from", "extra", "body",
)  # fmt: skip


def _assign(article: Article, fields: ArticleFields, changed: tuple[str, ...] | list[str], registry: Registry) -> None:
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


def _assign_related(article: Article, fields: ArticleFields, changed: list[str], registry: Registry) -> None:
    if "tags" in changed:
        article.tags.set(Tag.objects.filter(pk__in=registry.tags(fields.tags)))
    if "cover_urls" in changed:
        Cover.objects.update_or_create(article=article, defaults={"urls": fields.cover_urls})


def misnamed(article: Article, fields: ArticleFields) -> tuple[str, ...]:
    """A warning when the file's source shares its key with an outlet of another name."""
    if article.outlet is None or not fields.source or article.outlet.name == fields.source["name"]:
        return ()
    return (
        f"the source {fields.source['name']!r} has the key of the outlet {article.outlet.name!r}, and counts as it",
    )


def ambiguous(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name!r} could be more than one company and was linked to none" for name in names)
