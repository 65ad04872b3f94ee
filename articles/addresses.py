"""Free addresses for new articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

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
    """A free slug; if another was wanted, the first article with that slug or a numbered one that may be the same story.

    `twin` is that article with its slug.
    """

    slug: str
    twin: tuple[Holder, str] | None = None


class FreeSlugs:
    """Hands out slugs that no article has or had. A slug that is taken gets a number: hall, hall-2, hall-3.

    For a `dry_run`, in which nothing that was handed out is in the database later, it keeps all of that in mind.
    """

    def __init__(self, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        # Who has "hall-2", "hall-3" and so on, of each "hall" that was wanted twice.
        self._numbered: dict[tuple[str, str], dict[str, Holder]] = {}
        self._next: dict[tuple[str, str], int] = {}
        self._handed_out: dict[tuple[str, str], Holder] = {}
        self._given: dict[tuple[str, str], str] = {}

    def forget(self) -> None:
        """After a rollback, or when others may have written."""
        self._numbered.clear()
        self._next.clear()

    def take(self, articles: Iterable[Article]) -> list[Address]:
        """For each new article an address like its slug; the later of two that want the same gets a number."""
        articles = list(articles)
        taken = _holders({(article.lang, article.slug) for article in articles})
        addresses = []
        for article in articles:
            lang, wanted, identity = article.lang, article.slug, (article.external_id, article.lang)
            if identity in self._given:
                # An earlier batch of the dry run made this article, and it is made again for a later one to meet.
                addresses.append(Address(self._given[identity]))
                continue
            holder = taken.get((lang, wanted)) or self._handed_out.get((lang, wanted))
            free, twin = wanted, None
            if holder is not None:
                holders = chain([(wanted, holder)], self._near(lang, wanted).items())
                twin = next(((h, slug) for slug, h in holders if h.may_be_the_same_story(article.title)), None)
                while (lang, free) in taken or (lang, free) in self._handed_out:
                    free = self._number(lang, wanted)
                self._near(lang, wanted)[free] = Holder(None if self.dry_run else article.pk, article.title)
            taken[lang, free] = Holder(article.pk, article.title)
            if self.dry_run:
                self._handed_out[lang, free] = Holder(None, article.title)
                self._given[identity] = free
            addresses.append(Address(free, twin))
        return addresses

    def _number(self, lang: str, slug: str) -> str:
        """The first of slug-2, slug-3, … that was not handed out before and that the database does not have."""
        number = self._next.get((lang, slug), 2)
        while f"{slug}-{number}" in self._near(lang, slug):
            number += 1
        self._next[lang, slug] = number + 1
        return f"{slug}-{number}"

    def _near(self, lang: str, slug: str) -> dict[str, Holder]:
        """Who has an address that is `slug` with something after a hyphen, by address."""
        if (lang, slug) not in self._numbered:
            # Not slug__startswith: that is a LIKE, for which SQLite reads every article of the language.
            near = {"lang": lang, "slug__gte": f"{slug}-", "slug__lt": f"{slug}."}
            former = FormerSlug.objects.filter(**near).values_list("slug", flat=True)
            rows = Article.objects.filter(**near).order_by("pk").values_list("slug", "pk", "title")
            self._numbered[lang, slug] = dict.fromkeys(former, Holder(None, None)) | {
                found: Holder(pk, title) for found, pk, title in rows
            }
        return self._numbered[lang, slug]


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
