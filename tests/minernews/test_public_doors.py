"""What is not public is nowhere: a hidden article is sent through every public door, and shows at none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from articles.models import Article, Cover
from tests.cast import make_article, make_category, make_company, make_outlet
from tests.conftest import NOW
from tests.minernews.doors import DOORLESS, DOORS, address_names, addresses

pytestmark = pytest.mark.django_db

MARKER = "Zwyxquark"
SOON = NOW + dt.timedelta(minutes=1)
HIDDEN: dict[str, dict[str, Any]] = {
    "a draft": {"state": Article.State.DRAFT},
    "an article of the future": {"published_at": SOON},
    "an article under embargo": {"publish_at": SOON},
    "a retracted article": {"state": Article.State.RETRACTED},
    "a retracted article of the past under no embargo": {
        "state": Article.State.RETRACTED,
        "publish_at": NOW - dt.timedelta(days=9),
        "sticky_weight": 9,
    },
    "a sticky draft": {"state": Article.State.DRAFT, "sticky_weight": 9},
}


def marked_article(lang: str, **over: Any) -> Article:
    """An article with the marker in all of its words, beside a translation and a neighbour that are public."""
    make_company()
    make_article(title="Fjordbyte Mining has a neighbour", lang=lang, external_id="801")
    make_article(title="Fjordbyte Mining is translated", lang="uk" if lang == "en" else "en", external_id="800")
    article = make_article(
        **{
            "external_id": "800",
            "lang": lang,
            "title": f"Fjordbyte Mining {MARKER} hall",
            "slug": f"fjordbyte-mining-{MARKER.lower()}-hall",
            "description": f"Of {MARKER}.",
            "body": f"## {MARKER}\n\nFjordbyte Mining (NASDAQ: FJRD) {MARKER} hall.\n",
            "tags": ["MINING", MARKER],
            "cta": [MARKER],
            "category": make_category(f"{MARKER} category"),
            "outlet": make_outlet(f"{MARKER} Gazette"),
            "ai_model": MARKER,
            "extra": {"note": MARKER},
            **over,
        }
    )
    Cover.objects.create(article=article, urls={"regular": f"https://images.unsplash.com/{MARKER}"}, credit=MARKER)
    return article


def sent_through_all_doors(client: Client, article: Article) -> Iterator[tuple[str, str, int, bool]]:
    """(name of the door, address, status, whether the marker showed) for every address of every door."""
    for name, door in DOORS.items():
        for address in addresses(door, article):
            response = client.get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            head = "\n".join(f"{key}: {value}" for key, value in response.headers.items())
            yield name, address, response.status_code, MARKER.lower() in (head + body.decode("latin-1")).lower()


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("over", HIDDEN.values(), ids=list(HIDDEN))
def test_what_is_not_public_shows_at_no_door(client: Client, over: dict[str, Any], lang: str) -> None:
    article = marked_article(lang, **over)
    results = list(sent_through_all_doors(client, article))
    assert [result for result in results if result[3]] == []
    assert {result[2] for result in results} <= {200, 404}
    assert client.get(article.get_absolute_url()).status_code == 404
    own = [(address, status) for name, address, status, _ in results if DOORS[name].own]
    assert own and all(status == 404 for _, status in own)


@pytest.mark.parametrize("over", HIDDEN.values(), ids=list(HIDDEN))
def test_a_search_for_the_very_words_of_a_hidden_article_finds_nothing(client: Client, over: dict[str, Any]) -> None:
    marked_article("en", **over)
    response = client.get("/search/", {"q": MARKER})
    assert "No article holds all of these words." in response.content.decode()


@pytest.mark.parametrize("over", HIDDEN.values(), ids=list(HIDDEN))
def test_what_only_a_hidden_article_bears_has_no_page_of_its_own(client: Client, over: dict[str, Any]) -> None:
    article = marked_article("en", **over)
    names = (("tag", MARKER.lower()), ("category", article.category.slug), ("source", f"{MARKER.lower()}-gazette"))
    for name, key in names:
        assert client.get(reverse(name, args=[key])).status_code == 404, name


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_a_public_article_shows_at_every_door_that_lists_articles(client: Client, lang: str) -> None:
    """The other half of the proof: the doors would have shown the hidden ones."""
    article = marked_article(lang)
    results = list(sent_through_all_doors(client, article))
    assert {result[2] for result in results} == {200}
    assert [(name, address, shows) for name, address, _, shows in results if shows != DOORS[name].lists] == []
    assert client.get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("at", [NOW - dt.timedelta(seconds=1), NOW])
@pytest.mark.parametrize("field", ["published_at", "publish_at"])
def test_an_article_becomes_public_at_its_very_second(client: Client, field: str, at: dt.datetime) -> None:
    article = marked_article("en", **{field: at})
    assert client.get(article.get_absolute_url()).status_code == 200
    Article.objects.update(**{field: NOW + dt.timedelta(seconds=1)})
    assert client.get(article.get_absolute_url()).status_code == 404


def test_an_editor_sees_the_drawn_cover_of_a_draft_and_no_cache_keeps_it(admin_client: Client) -> None:
    article = marked_article("en", state=Article.State.DRAFT)
    for address in addresses(DOORS["drawn_cover"], article):
        response = admin_client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
        assert b"".join(response.streaming_content)[8:12] == b"WEBP"


def test_every_address_of_the_site_is_in_the_table_of_doors() -> None:
    assert sorted(set(address_names())) == sorted({*DOORS, *DOORLESS})


def test_every_door_leads_somewhere() -> None:
    article = marked_article("en")
    with translation.override("en"):
        assert [name for name, door in DOORS.items() if not door.addresses(article)] == []
