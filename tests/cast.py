"""A small fixed cast of invented companies, firms and stories, made by plain functions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

from articles.linking import link_companies
from articles.models import Article, Category
from articles.slugs import slug_of
from companies.models import AnalystCall, AnalystFirm, Company, CompanyName, Evidence
from companies.name_index import load_name_index
from sources.models import Document, Outlet
from tests.conftest import NOW

_numbers = count(1)


def make_company(name: str = "Fjordbyte Mining", ticker: str = "FJRD", **over: Any) -> Company:
    company, _ = Company.objects.get_or_create(
        ticker=ticker, defaults={"name": name, "slug": ticker.lower(), "exchange": "Nasdaq", **over}
    )
    CompanyName.objects.get_or_create(company=company, name=ticker, kind="ticker", exchange="Nasdaq")
    return company


def make_firm(name: str = "Oakbridge Partners", **over: Any) -> AnalystFirm:
    firm, _ = AnalystFirm.objects.get_or_create(name=name, defaults={"slug": slug_of(name), **over})
    return firm


def make_outlet(name: str = "The Hash Gazette", **over: Any) -> Outlet:
    outlet, _ = Outlet.objects.get_or_create(key=slug_of(name), defaults={"name": name, **over})
    return outlet


def make_category(name: str = "BTC") -> Category:
    category, _ = Category.objects.get_or_create(name=name, defaults={"slug": slug_of(name)})
    return category


def make_article(**over: Any) -> Article:
    """A published article of the day before NOW; its companies are found in its words."""
    number = next(_numbers)
    title = over.pop("title", f"Fjordbyte Mining opens hall {number}")
    tags = over.pop("tags", ["MINING"])
    values: dict[str, Any] = {
        "external_id": str(70_000_000 + number),
        "title": title,
        "slug": f"{slug_of(title)}-{number}",
        "description": "A short account of it.",
        "body": "## Overview\n\nFjordbyte Mining (NASDAQ: FJRD) opened a hall.\n",
        "published_at": NOW - dt.timedelta(days=1),
        "state": Article.State.PUBLISHED,
        "category": over.pop("category", None) or make_category(),
        "outlet": over.pop("outlet", None) or make_outlet(),
        "sentiment": "POSITIVE",
        "ai_rewritten": True,
        **over,
    }
    article = Article.objects.create(**values)
    article.tags.set(tags)
    link_companies(article, load_name_index())
    return article


def make_document(text: str = "Oakbridge likes Fjordbyte\n\nIt set a $12 price target.\n", **over: Any) -> Document:
    number = next(_numbers)
    values: dict[str, Any] = {
        "title": text.split("\n")[0],
        "byline": "Ada Quill",
        "published_on": NOW.date(),
        "raw": text.encode(),
        "sha256": f"{number:064x}",
        "text": text,
        "paragraphs": [],
        **over,
    }
    return Document.objects.create(**values)


def make_call(**over: Any) -> AnalystCall:
    """An accepted call with one quoted sentence as its evidence."""
    document = over.pop("document", None) or make_document()
    quote = over.pop("quote", "It set a $12 price target.")
    values: dict[str, Any] = {
        "company": over.pop("company", None) or make_company(),
        "firm": over.pop("firm", None) or make_firm(),
        "called_on": NOW.date(),
        "rating": "overweight",
        "rating_normalised": "buy",
        "rating_action": "stated",
        "target": Decimal("12"),
        "target_action": "stated",
        "currency": "USD",
        "status": "accepted",
        **over,
    }
    call = AnalystCall.objects.create(**values)
    start = max(document.text.find(quote), 0)
    Evidence.objects.create(
        call=call, field="statement", document=document, start=start, end=start + len(quote), quote=quote
    )
    return call
