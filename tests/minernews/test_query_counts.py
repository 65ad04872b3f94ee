"""How many queries each page asks: a number that is pinned, small, and the same with a hundred times the rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from taggit.models import Tag, TaggedItem

from articles.models import Article, CompanyMention, Cover
from articles.rendering import render
from companies.models import AnalystCall, AnalystFirm, Company, CompanyName, Event, Evidence
from sources.models import Document
from tests.cast import make_category, make_company, make_document, make_outlet
from tests.conftest import NOW
from tests.minernews.page import Page

pytestmark = pytest.mark.django_db

MAXIMUM = 8
FEW, MANY = 3, 300

# (address, queries)
PAGES = [
    ("/", 8),
    ("/articles/", 3),
    ("/articles/2026/02/", 3),
    ("/category/btc/", 4),
    ("/tags/mining/", 4),
    ("/sentiment/positive/", 3),
    ("/sources/the-hash-gazette/", 4),
    ("/articles/story-1/", 7),
    ("/companies/", 2),
    ("/companies/fjrd/", 8),
    ("/targets/", 2),
    ("/methodology/", 1),
    ("/search/?q=story", 4),
    ("/search/?q=", 0),
    ("/nothing/", 0),
]


def fill(rows: int) -> None:
    """So many articles on Fjordbyte and on a company each, as many calls, firms, events and names; all shown as public."""
    fjordbyte, outlet, category = make_company(), make_outlet(), make_category()
    companies = Company.objects.bulk_create(
        Company(name=f"Miner {n}", ticker=f"M{n}", slug=f"m{n}") for n in range(rows - 1)
    )
    companies = [fjordbyte, *companies]
    CompanyName.objects.bulk_create(CompanyName(company=fjordbyte, name=f"Fjord {n}") for n in range(rows))
    document = make_document(outlet=outlet)
    documents = Document.objects.bulk_create(
        Document(title=f"Document {n}", text="A $12 target.", raw=b"", sha256=f"f{n:063d}", outlet=outlet)
        for n in range(rows)
    )
    fill_articles(rows, companies, [document, *documents], outlet=outlet, category=category)
    fill_calls(rows, companies, documents)
    events = Event.objects.bulk_create(
        Event(kind="other", date=NOW.date() - dt.timedelta(days=n), title=f"Event {n}", status="accepted")
        for n in range(rows)
    )
    fjordbyte.events.set(events)


def fill_articles(rows: int, companies: list[Company], documents: list[Document], **over: Any) -> None:
    articles = Article.objects.bulk_create(
        Article(
            external_id=str(n),
            lang=lang,
            title=f"Story {n}",
            slug=f"story-{n}",
            body="Fjordbyte Mining.",
            body_html=render("Fjordbyte Mining."),
            search_text=f"story {n} fjordbyte mining",
            published_at=NOW - dt.timedelta(minutes=n),
            state="published",
            sentiment="POSITIVE",
            sticky_weight=n % 2,
            **over,
        )
        for n in range(rows)
        for lang in ("en", "uk")
    )
    mentioned = [
        (article, company) for n, article in enumerate(articles) for company in {companies[0], companies[n // 2]}
    ]
    CompanyMention.objects.bulk_create(
        CompanyMention(article=article, company=company, count=1, first_offset=0, forms=[company.name])
        for article, company in mentioned
    )
    Cover.objects.bulk_create(
        Cover(article=article, urls={"regular": "https://images.unsplash.com/x"}) for article in articles
    )
    mining = Tag.objects.create(name="MINING", slug="mining")
    tags = Tag.objects.bulk_create(Tag(name=f"TAG {n}", slug=f"tag-{n}") for n in range(rows))
    kind = ContentType.objects.get_for_model(Article)
    TaggedItem.objects.bulk_create(
        TaggedItem(tag=tag, object_id=article.pk, content_type=kind)
        for article in articles
        for tag in (mining, tags[0])
    )
    first = next(article for article in articles if article.slug == "story-1" and article.lang == "en")
    TaggedItem.objects.bulk_create(TaggedItem(tag=tag, object_id=first.pk, content_type=kind) for tag in tags[1:])
    first.documents.set(documents)


def fill_calls(rows: int, companies: list[Company], documents: list[Document]) -> None:
    firms = AnalystFirm.objects.bulk_create(
        AnalystFirm(name=f"Firm {n}", slug=f"firm-{n}", rating_scale={"fine": "buy"}) for n in range(rows)
    )
    calls = AnalystCall.objects.bulk_create(
        AnalystCall(
            company=company,
            firm=firm,
            called_on=NOW.date() - dt.timedelta(days=1),
            rating="buy",
            rating_normalised="buy",
            target=Decimal("12"),
            price=Decimal("10"),
            currency="USD",
            status="accepted",
            fingerprint=f"{n}",
        )
        for n, firm in enumerate(firms)
        for company in {companies[0], companies[n]}
    )
    Evidence.objects.bulk_create(
        Evidence(call=call, field=field, document=documents[n % rows], start=0, end=13, quote="A $12 target.")
        for n, call in enumerate(calls)
        for field in ("statement", "target")
    )


@pytest.mark.parametrize("rows", [FEW, MANY])
def test_each_page_asks_its_number_of_queries_however_many_rows_there_are(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    fill(rows)
    for address, queries in PAGES:
        ContentType.objects.get_for_model(Article)
        with django_assert_num_queries(queries, info=address):
            response = client.get(address)
        assert response.status_code == (404 if address == "/nothing/" else 200)


def test_the_drawn_cover_asks_three_queries_with_many_rows_too(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(FEW)
    cover = Page(client.get("/").content.decode()).attributes("img")[0]["src"]
    with django_assert_num_queries(3):
        response = client.get(cover)
    assert response["Content-Type"] == "image/webp"


def test_no_page_asks_more_than_eight_queries() -> None:
    assert [page for page in PAGES if page[1] > MAXIMUM] == []


def test_a_page_shows_so_much_and_no_more_of_many_rows(client: Client) -> None:
    fill(MANY)
    for address, cards, calls in (
        ("/", 17, 0),
        ("/articles/", 24, 0),
        ("/articles/story-1/", 3, 0),
        ("/companies/fjrd/", 12, 60),
        ("/targets/", 0, 25),
        ("/search/?q=story", 24, 0),
    ):
        page = Page(client.get(address).content.decode())
        assert (len(page.all("article", "card")), len(page.all("li", "call"))) == (cards, calls), address
