"""The pages that the browser opens: one of each kind, and those whose words or tables are the widest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Count
from django.db.models.functions import Length

from articles.models import Article
from companies.models import Company

# The samples are dated up to November 2026; the site's clock stands after the last of them.
NOW = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)


def story(lang: str = "en", **where: object) -> str:
    """The public story of the longest title."""
    found = Article.objects.published(NOW).filter(lang=lang, **where).exclude(slug="long-words")
    return found.order_by(-Length("title"))[0].get_absolute_url()


def company(order: str) -> str:
    return Company.objects.annotate(n=Count("calls")).order_by(order, "name")[0].get_absolute_url()


PAGES: dict[str, Callable[[], str]] = {
    "home": lambda: "/",
    "archive": lambda: "/articles/",
    "month": lambda: "/articles/2026/11/",
    "category": lambda: "/category/analysts/",
    "tag": lambda: "/tags/iren/",
    "sentiment": lambda: "/sentiment/negative/",
    "source": lambda: "/sources/minernews-sample-desk/",
    "article": story,
    "article with a table": lambda: story(body_html__contains="<table>"),
    "article with a remote cover": lambda: story(cover__isnull=False),
    "article of long words": lambda: "/articles/long-words/",
    "companies": lambda: "/companies/",
    "company with many calls": lambda: company("-n"),
    "company without calls": lambda: company("n"),
    "company of long words": lambda: "/companies/longword1/",
    "targets": lambda: "/targets/",
    "methodology": lambda: "/methodology/",
    "search": lambda: "/search/",
    "search with results": lambda: "/search/?q=riot",
    "search without results": lambda: f"/search/?q={'zwyxquark' * 12}",
    "not found": lambda: "/nothing/",
    "home in Ukrainian": lambda: "/uk/",
    "article in Ukrainian": lambda: story("uk"),
}
