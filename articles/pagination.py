"""Pages of a list, without counting the table: one row more than a page tells whether there is a next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from articles.models import Article
from articles.querysets import ArticleQuerySet


@dataclass(frozen=True)
class Page:
    """`number` counts from 1."""

    items: Sequence[Article]
    number: int
    has_next: bool

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1


def page_number(request: HttpRequest) -> int:
    """The page that an address asks for; 404 for what is no page number."""
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 0 < len(text) < 8 or int(text) < 1:
        raise Http404("no such page")
    return int(text)


def page_of(articles: ArticleQuerySet, number: int, size: int) -> Page:
    """One page of cards. Rows are skipped in the index (keys alone), and only a page of them is then read."""
    first = (number - 1) * size
    keys = list(articles.values_list("pk", flat=True)[first : first + size + 1])
    if not keys and number > 1:
        raise Http404("no such page")
    found = {article.pk: article for article in Article.objects.with_card_data().filter(pk__in=keys[:size])}
    return Page([found[key] for key in keys[:size] if key in found], number, len(keys) > size)
