"""Free addresses for new articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from articles.models import Article, FormerSlug


@dataclass(frozen=True)
class Holder:
    """Who has an address: an article, by id unless that is rolled back, with its title; or nobody any more."""

    article_id: int | None
    title: str | None

    def may_be_the_same_story(self, title: str) -> bool:
        """Whether the headlines have the same words: "Riot’s hall opens" and "RIOT'S HALL OPENS"."""
        return self.title is not None and _words(self.title) == _words(title)


@dataclass(frozen=True)
class Address:
    """A free slug, and who has the slug which was wanted, if that was taken."""

    slug: str
    holder: Holder | None = None


class FreeSlugs:
    """Hands out slugs that no article has or had. A slug that is taken gets a number: hall, hall-2, hall-3.

    For a `dry_run`, in which nothing that was handed out is in the database later, it keeps all of that in mind.
    """

    def __init__(self, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        self._numbers: dict[tuple[str, str], set[str]] = {}
        self._next: dict[tuple[str, str], int] = {}
        self._handed_out: dict[tuple[str, str], Holder] = {}
        self._given: dict[tuple[str, str], str] = {}

    def forget(self) -> None:
        """After a rollback, or when others may have written."""
        self._numbers.clear()
        self._next.clear()

    def take(self, articles: Iterable[Article]) -> list[Address]:
        """For each new article an address like its slug; the later of two that want the same gets a number."""
        articles = list(articles)
        taken = _holders({(article.lang, article.slug) for article in articles})
        addresses = []
        for article in articles:
            lang, identity = article.lang, (article.external_id, article.lang)
            free = article.slug
            holder = taken.get((lang, free)) or self._handed_out.get((lang, free))
            if identity in self._given:
                # An earlier batch of the dry run made this article, and it is made again for a later one to meet.
                addresses.append(Address(self._given[identity]))
                continue
            while (lang, free) in taken or (lang, free) in self._handed_out:
                free = self._numbered(lang, article.slug)
            taken[lang, free] = Holder(article.pk, article.title)
            if self.dry_run:
                self._handed_out[lang, free] = Holder(None, article.title)
                self._given[identity] = free
            addresses.append(Address(free, holder))
        return addresses

    def _numbered(self, lang: str, slug: str) -> str:
        """The first of slug-2, slug-3, … that was not handed out before and that the database does not have."""
        if (lang, slug) not in self._numbers:
            # Not slug__startswith: that is a LIKE, for which SQLite reads every article of the language.
            near = {"lang": lang, "slug__gte": f"{slug}-", "slug__lt": f"{slug}."}
            self._numbers[lang, slug] = {
                found for model in (Article, FormerSlug) for found in model.objects.filter(**near).values_list("slug", flat=True)
            }  # fmt: skip
        number = self._next.get((lang, slug), 2)
        while f"{slug}-{number}" in self._numbers[lang, slug]:
            number += 1
        self._next[lang, slug] = number + 1
        return f"{slug}-{number}"


def _holders(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Holder]:
    """Those of (language, slug) that are taken, by an article or as a former address."""
    by_lang: dict[str, list[str]] = defaultdict(list)
    for lang, slug in wanted:
        by_lang[lang].append(slug)
    found: dict[tuple[str, str], Holder] = {}
    for lang, slugs in by_lang.items():
        for slug in FormerSlug.objects.filter(lang=lang, slug__in=slugs).values_list("slug", flat=True):
            found[lang, slug] = Holder(None, None)
        rows = Article.objects.filter(lang=lang, slug__in=slugs).values_list("slug", "pk", "title")
        for slug, pk, title in rows:
            found[lang, slug] = Holder(pk, title)
    return found


def _words(title: str) -> list[str]:
    return re.findall(r"\w+", title.casefold())
