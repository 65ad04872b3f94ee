"""Outlets, categories and tags that an import has met: read once, and created a whole batch at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from django.utils.text import slugify
from taggit.models import Tag

from articles.fields import ArticleFields
from articles.models import Category
from articles.slugs import slug_of
from sources.models import Outlet


def outlet_key(source: dict[str, str]) -> str:
    """What an outlet is known by: its key, else its name in Latin letters, else a digest of the name."""
    latin = slugify(source["key"]) or slug_of(source["name"], fallback="")
    return latin or "outlet-" + hashlib.sha256(source["name"].encode()).hexdigest()[:10]


class Registry:
    """All of them are read at the first question: a query for each would take longer than the rest of an import."""

    def __init__(self) -> None:
        self._outlets: dict[str, Outlet] = {}
        self._categories: dict[str, Category] = {}
        self._tags: dict[str, int] = {}
        self._slugs: dict[type[Category] | type[Tag], set[str]] = {}
        # Whoever names an outlet first names it for good, in a dry run, too, which forgets the outlet itself.
        self._first_names: dict[str, str] = {}
        self._read = False

    def forget(self) -> None:
        """After a rollback: a row created in it is not there."""
        self._read = False

    def learn(self, stories: Sequence[ArticleFields]) -> None:
        """Creates what these articles name and the database does not have, in a few statements for all of them."""
        if not self._read:
            self._read_all()
        sources = {outlet_key(fields.source): fields.source for fields in reversed(stories) if fields.source}
        outlets = [
            Outlet(key=key, name=self._first_names.setdefault(key, source["name"]), kind=source["type"])
            for key, source in sources.items()
            if key not in self._outlets
        ]
        self._outlets |= {outlet.key: outlet for outlet in Outlet.objects.bulk_create(outlets)}
        names = dict.fromkeys(fields.category for fields in stories)
        categories = [Category(name=n, slug=self._free_slug(Category, n)) for n in names if n not in self._categories]
        self._categories |= {category.name: category for category in Category.objects.bulk_create(categories)}
        new: dict[str, str] = {}
        for name in (name for fields in stories for name in fields.tags):
            if name.casefold() not in self._tags:
                new.setdefault(name.casefold(), name)
        tags = Tag.objects.bulk_create([Tag(name=name, slug=self._free_slug(Tag, name)) for name in new.values()])
        self._tags |= {folded: tag.pk for folded, tag in zip(new, tags, strict=True)}

    def outlet(self, source: dict[str, str]) -> Outlet | None:
        return self._outlets[outlet_key(source)] if source else None

    def category(self, name: str) -> Category:
        return self._categories[name]

    def tags(self, names: Iterable[str]) -> list[int]:
        """The ids of the tags of these names in any case, each once: BTC and btc are one."""
        return list(dict.fromkeys(self._tags[name.casefold()] for name in names))

    def _read_all(self) -> None:
        self._outlets = {outlet.key: outlet for outlet in Outlet.objects.all()}
        self._categories = {category.name: category for category in Category.objects.all()}
        rows = list(Tag.objects.order_by("-pk").values_list("name", "pk", "slug"))
        self._tags = {name.casefold(): pk for name, pk, _ in rows}
        self._slugs = {
            Category: {category.slug for category in self._categories.values()},
            Tag: {slug for _, _, slug in rows},
        }
        self._read = True

    def _free_slug(self, model: type[Category] | type[Tag], name: str) -> str:
        taken = self._slugs[model]
        base = slug = slug_of(name)
        number = 2
        while slug in taken:
            slug, number = f"{base}-{number}", number + 1
        taken.add(slug)
        return slug
