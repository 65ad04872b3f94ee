"""What a sidecar says of an article, taken from an article that leaves and given to one that arrives."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model

from articles.models import Article, Cover, FormerSlug
from articles.sidecar import COVER, TIMES
from articles.slugs import slug_of


def said_of(article: Article, file_name: str) -> dict[str, Any]:
    """The record of an article and its file, but for the digest of what is written."""
    record: dict[str, Any] = {"file": file_name, "external_id": article.external_id, "lang": article.lang}
    if article.slug != slug_of(article.title):
        record["slug"] = article.slug
    former = sorted(former.slug for former in article.former_slugs.all() if former.lang == article.lang)
    if former:
        record["former_slugs"] = former
    if article.state == Article.State.RETRACTED:
        record["state"] = article.state
    for name in TIMES:
        if getattr(article, name):
            record[name] = getattr(article, name).isoformat()
    if article.ai_model:
        record["ai_model"] = article.ai_model
    if article.reviewed_by:
        record["reviewed_by"] = article.reviewed_by.get_username()
    other = article.possible_duplicate_of
    if other is not None:
        record["duplicate_of"] = [other.external_id, other.lang]
    cover = getattr(article, "cover", None)
    words = {name: getattr(cover, name) for name, usual in COVER.items() if cover and getattr(cover, name) != usual}
    return record | ({"cover": words} if words else {})


def apply(article: Article, record: dict[str, Any]) -> None:
    """Sets on a new article what the record says; its slug is still to be asked for, and rows of its own to be saved."""
    article.slug = record.get("slug", article.slug)
    article.state = record.get("state", article.state)
    article.ai_model = record.get("ai_model", "")
    for name in TIMES:
        if name in record:
            setattr(article, name, dt.datetime.fromisoformat(record[name]))
    if "reviewed_by" in record:
        article.reviewed_by = get_user_model().objects.filter(username=record["reviewed_by"]).first()


def apply_rows(article: Article, record: dict[str, Any]) -> None:
    """The rows beside a new article that was saved: former addresses that are free, and the words of its cover."""
    for slug in record.get("former_slugs", []):
        if not Article.objects.filter(lang=article.lang, slug=slug).exists():
            FormerSlug.objects.get_or_create(lang=article.lang, slug=slug, defaults={"article": article})
    if record.get("cover"):
        Cover.objects.update_or_create(article=article, defaults=record["cover"])


def mark_duplicate(article_id: int, record: dict[str, Any]) -> bool:
    """Marks what the record says a new article may be a duplicate of; False while that other article is not here."""
    if "duplicate_of" not in record:
        return True
    external_id, lang = record["duplicate_of"]
    other = Article.objects.filter(external_id=external_id, lang=lang).exclude(pk=article_id).values("pk")[:1]
    found = other.first()
    if found is not None:
        Article.objects.filter(pk=article_id).update(possible_duplicate_of=found["pk"])
    return found is not None
