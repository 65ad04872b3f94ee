"""Saves new articles, many at a time: one statement a table, not a dozen an article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from taggit.models import TaggedItem

from articles import bulk_rows, sidecar_saving
from articles.addresses import FreeSlugs
from articles.article_saving import ambiguous, assign_all, misnamed
from articles.models import Article, CompanyMention, Cover, Original
from articles.preparing import PreparedArticle
from articles.registry import Registry
from articles.revisions import COLUMNS as REVISION
from articles.revisions import HistoricalArticle, Revision
from companies.name_index import NameIndex

_COLUMNS = [field.attname for field in Article._meta.concrete_fields]


@dataclass(frozen=True)
class NewArticle:
    article: Article
    warnings: tuple[str, ...]


def create_articles(
    files: Sequence[PreparedArticle],
    records: Sequence[dict[str, Any] | None],
    index: NameIndex,
    registry: Registry,
    slugs: FreeSlugs,
    revision: Revision,
) -> list[NewArticle]:
    """Saves an article for each file, with its original, first revision, cover, tags and mentions.

    `records` holds what a sidecar says of each file. Call it inside a transaction, with identities that no article has. What goes in is what `Article.save()` would save.
    """
    ids = bulk_rows.reserve_ids(Article, len(files))
    new = [_article(pk, file, registry, revision.at) for pk, file in zip(ids, files, strict=True)]
    told = [(article, record) for article, record in zip(new, records, strict=True) if record]
    for article, record in told:
        sidecar_saving.apply(article, record)
    warnings = _give_addresses(new, slugs)
    for place, (article, file) in enumerate(zip(new, files, strict=True)):
        warnings[place] += misnamed(article, file.fields) + ambiguous(file.links.ambiguous)
    bulk_rows.insert(Article, _COLUMNS, ([getattr(article, name) for name in _COLUMNS] for article in new))
    bulk_rows.insert(HistoricalArticle, REVISION, (revision.as_row(article, "+") for article in new))
    bulk_rows.insert(
        Original,
        ("article_id", "raw", "sha256"),
        ((article.pk, file.raw, file.sha256) for article, file in zip(new, files, strict=True)),
    )
    _insert_related(new, files, index, registry)
    for article, record in told:
        sidecar_saving.apply_rows(article, record)
    return [NewArticle(article, noted) for article, noted in zip(new, warnings, strict=True)]


def _article(pk: int, file: PreparedArticle, registry: Registry, now: dt.datetime) -> Article:
    fields, links = file.fields, file.links
    article = Article(
        pk=pk,
        external_id=fields.external_id,
        lang=fields.lang,
        slug=file.slug,
        body_html=file.body_html,
        search_text=links.search_text,
        created_at=now,
    )
    assign_all(article, fields, registry)
    return article


def _give_addresses(new: list[Article], slugs: FreeSlugs) -> list[tuple[str, ...]]:
    """Sets slugs that are free, and marks what may be a story that is here already. Gives the warnings."""
    warnings: list[tuple[str, ...]] = []
    for article, address in zip(new, slugs.take(new), strict=True):
        article.slug = address.slug
        noted: tuple[str, ...] = ()
        if address.twin is not None:
            twin, slug = address.twin
            article.possible_duplicate_of_id = twin.article_id
            noted = (
                f"possible duplicate: {Article(lang=article.lang, slug=slug).get_absolute_url()} has the same title",
            )
        warnings.append(noted)
    return warnings


def _insert_related(new: list[Article], files: Sequence[PreparedArticle], index: NameIndex, registry: Registry) -> None:
    content_type = ContentType.objects.get_for_model(Article).pk
    tagged: list[tuple[Any, ...]] = []
    covers: list[tuple[Any, ...]] = []
    mentions: list[tuple[Any, ...]] = []
    for article, file in zip(new, files, strict=True):
        tagged += [(content_type, article.pk, tag) for tag in registry.tags(file.fields.tags)]
        if file.fields.cover_urls:
            covers.append((article.pk, file.fields.cover_urls, "", "", "", 0.5, 0.5))
        mentions += [
            (article.pk, index.company_by_ticker[named.ticker].pk, named.count, named.first_offset, list(named.forms))
            for named in file.links.companies
        ]
    bulk_rows.insert(TaggedItem, ("content_type_id", "object_id", "tag_id"), tagged)
    bulk_rows.insert(Cover, ("article_id", "urls", "local_file", "alt", "credit", "focal_x", "focal_y"), covers)
    bulk_rows.insert(CompanyMention, ("article_id", "company_id", "count", "first_offset", "forms"), mentions)
