"""Every door through which the public reaches the site, listed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from articles.covers import cover_images
from articles.models import Article


@dataclass(frozen=True)
class Door:
    """`addresses` gives the addresses at which an article might show. `lists` says that it shows there once published.

    `own` marks the addresses that are the article's alone: 404 as long as it is not public.
    """

    addresses: Callable[[Article], list[str]]
    lists: bool = True
    own: bool = False


def _address(name: str, *args: object) -> str:
    return reverse(name, args=args)


def _month(article: Article) -> str:
    return _address("month", article.published_at.year, article.published_at.month)


def _covers(article: Article) -> list[str]:
    images = cover_images(Article.objects.with_card_data().get(pk=article.pk))
    return [images.drawn, images.drawn_large]


def _tags(article: Article) -> list[str]:
    return [_address("tag", tag.slug) for tag in article.tags.all()]


def _companies(article: Article) -> list[str]:
    return [mention.company.get_absolute_url() for mention in article.mentions.all()]


def _readings(article: Article) -> list[str]:
    """Its own page is not here: the pages of its translation and of a story on the same company, which link to it."""
    others = Article.objects.exclude(pk=article.pk).published()
    related = [a.get_absolute_url() for a in others.filter(lang=article.lang)]
    return related + [a.get_absolute_url() for a in others.filter(external_id=article.external_id)]


# By the name of the address. A new address comes in here, or into DOORLESS with a reason.
DOORS: dict[str, Door] = {
    "home": Door(lambda article: [_address("home")]),
    "archive": Door(lambda article: [_address("archive")]),
    "month": Door(lambda article: [_month(article)]),
    "category": Door(lambda article: [_address("category", article.category.slug)]),
    "tag": Door(_tags),
    "sentiment": Door(lambda article: [_address("sentiment", article.sentiment.lower())]),
    "source": Door(lambda article: [_address("source", article.outlet.key)] if article.outlet else []),
    "article": Door(_readings),
    "company": Door(_companies),
    "search": Door(lambda article: [f"{_address('search')}?q={word}" for word in ("fjordbyte", "FJRD", "hall")]),
    "companies": Door(lambda article: [_address("companies")], lists=False),
    "targets": Door(lambda article: [_address("targets")], lists=False),
    "methodology": Door(lambda article: [_address("methodology")], lists=False),
    "drawn_cover": Door(_covers, lists=False, own=True),
}
DOORLESS = {
    "healthz": "says that the database answers",
    "robots": "a constant text",
    "favicon": "a constant picture",
    "local_cover": "files that an editor uploaded, under names that no page shows before their article is public",
}


def addresses(door: Door, article: Article) -> list[str]:
    """The door's addresses in the language of the article."""
    with translation.override(article.lang):
        return door.addresses(article)


def address_names() -> Iterator[str]:
    """The name of every address of the site but the admin's."""
    yield from _names(get_resolver("minernews.urls").url_patterns)


def _names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern)
        elif pattern.app_name != "admin":
            yield from _names(pattern.url_patterns)
