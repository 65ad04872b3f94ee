"""What an article's page shows around the article: linked text, provenance, calls it relates to, translations."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from django.utils.safestring import SafeString

from articles import rendering
from articles.models import Article
from articles.provenance import Origin, Provenance, provenance
from articles.querysets import ArticleQuerySet
from companies.models import AnalystCall, Company

# Calls made in the month before an article are what its reader may want beside it.
CALLS_BEFORE = dt.timedelta(days=30)
MAXIMUM_CALLS = 8


class Reading:
    """The reading of one public article, fetched with `for_reading()`, at the time `now`."""

    def __init__(self, article: Article, now: dt.datetime) -> None:
        self.article = article
        self.now = now

    @cached_property
    def companies(self) -> list[Company]:
        """Companies in order of first mention."""
        return [mention.company for mention in self.article.mentions.all()]

    @cached_property
    def body(self) -> SafeString:
        """The article's HTML with each company's first mention in a section linked to its page."""
        links = [
            (form, mention.company.get_absolute_url())
            for mention in self.article.mentions.all()
            for form in mention.forms
        ]
        return rendering.trusted(rendering.link_names(self.article.body_html, links))

    @cached_property
    def provenance(self) -> Provenance:
        article = self.article
        return provenance(
            Origin(
                outlet=article.outlet.name if article.outlet else "",
                source_url=article.source_url,
                source_held=bool(getattr(article, "source_held", False)),
                rewritten=article.ai_rewritten,
                translated_from=article.ai_translated_from,
                model=article.ai_model,
                version=article.ai_version,
                expanded_at=article.ai_expanded_at,
                reviewed_by=(article.reviewed_by.get_full_name() or "an editor") if article.reviewed_by else "",
                reviewed_at=article.reviewed_at,
            )
        )

    @cached_property
    def calls(self) -> list[AnalystCall]:
        """Accepted calls on its companies from the month before it, the newest of each firm, newest first."""
        day = self.article.published_at.date()
        calls = AnalystCall.objects.accepted().filter(
            company__in=self.companies, called_on__gte=day - CALLS_BEFORE, called_on__lte=day
        )
        return list(calls.latest_per_firm().select_related("company", "firm").newest_first()[:MAXIMUM_CALLS])

    @cached_property
    def translations(self) -> list[Article]:
        others = Article.objects.published(self.now).filter(external_id=self.article.external_id)
        return list(others.exclude(pk=self.article.pk).only("lang", "slug", "title").order_by("lang"))

    @cached_property
    def related(self) -> ArticleQuerySet:
        """Newer and older stories about the same companies."""
        articles = Article.objects.published(self.now).in_language(self.article.lang).exclude(pk=self.article.pk)
        about = articles.filter(mentions__company__in=self.companies).distinct()
        return about.newest_first().with_card_data()[:3]
