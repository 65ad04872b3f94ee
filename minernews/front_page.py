"""The front page: a lead, the stories beside and below it, the latest calls, and the sector at a glance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from articles.models import Article
from companies.models import AnalystCall
from companies.sector import SectorRow, sector_rows

STORIES = 16
CALLS = 9


@dataclass(frozen=True)
class FrontPage:
    """`stories` are newest first, without the lead; `other_languages` are (code, own name) of those with articles."""

    lead: Article | None
    stories: list[Article]
    calls: list[AnalystCall]
    sector: list[SectorRow]
    other_languages: list[tuple[str, str]]


def front_page(language: str, now: dt.datetime) -> FrontPage:
    """A sticky article leads (weight, then date), else the newest one."""
    articles = Article.objects.published(now).in_language(language)
    sticky = articles.filter(sticky_weight__gt=0).order_by("-sticky_weight", "-published_at")[:1]
    newest = articles.newest_first()[: STORIES + 1]
    keys = list(sticky.values_list("pk", flat=True)) + list(newest.values_list("pk", flat=True))
    cards = {article.pk: article for article in Article.objects.filter(pk__in=keys).with_card_data()}
    stories = [cards[key] for key in dict.fromkeys(keys) if key in cards]
    elsewhere = set(Article.objects.published(now).exclude(lang=language).values_list("lang", flat=True).distinct())
    calls = AnalystCall.objects.accepted().select_related("company", "firm").newest_first()[:CALLS]
    return FrontPage(
        lead=stories[0] if stories else None,
        stories=stories[1 : STORIES + 1],
        calls=list(calls),
        sector=sector_rows(now.date(), only_called=True),
        other_languages=[(code, name) for code, name in settings.LANGUAGES if code in elsewhere],
    )
