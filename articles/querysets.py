"""The query words of articles: written once, used by page, list, search, feed and company page alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, Value, When
from django.utils import timezone

from articles.folding import folded


class ArticleQuerySet(models.QuerySet[Any]):
    def published(self, now: dt.datetime | None = None) -> ArticleQuerySet:
        """What the public may see at `now` (aware; default: this moment): published, and not dated in the future."""
        now = now or timezone.now()
        return self.filter(Q(publish_at=None) | Q(publish_at__lte=now), state="published", published_at__lte=now)

    def in_language(self, language: str) -> ArticleQuerySet:
        return self.filter(lang=language)

    def newest_first(self) -> ArticleQuerySet:
        return self.order_by("-published_at", "-id")

    def with_card_data(self) -> ArticleQuerySet:
        """Everything `includes/card.html` shows, in a constant number of queries; no bodies."""
        return (
            self.select_related("category", "outlet", "cover")
            .defer("body", "body_html", "search_text", "extra", "imported")
            .prefetch_related(_mentions())
        )

    def for_reading(self) -> ArticleQuerySet:
        """Everything the page of one article shows of the article itself."""
        from articles.models import Article

        documents = Article.documents.through.objects.filter(article=OuterRef("pk"))
        articles: ArticleQuerySet = (
            self.select_related("category", "outlet", "cover", "reviewed_by")
            .defer("body", "search_text", "imported")
            .annotate(source_held=Exists(documents))
            .prefetch_related("tags", _mentions())
        )
        return articles

    def matching(self, words: str) -> ArticleQuerySet:
        """Articles that contain every word of `words`, those with all of them in the title first.

        Searches title, description, body and company names through `search_text`, which is case-folded.
        """
        terms = folded(words).split()[:12]
        if not terms:
            return self.none()
        found = self
        in_title = Q()
        for term in terms:
            found = found.filter(search_text__contains=term)
            in_title &= Q(title__icontains=term)
        rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
        ranked: ArticleQuerySet = found.alias(rank=rank).order_by("rank", "-published_at", "-id")
        return ranked


def _mentions() -> Prefetch[Any]:
    """Mentions with their companies, in order of first mention."""
    from articles.models import CompanyMention

    return Prefetch("mentions", CompanyMention.objects.select_related("company").order_by("first_offset"))
