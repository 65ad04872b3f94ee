"""Addresses that changed: whoever comes to an old one is led to the article in one step, if it is public."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Article, FormerSlug
from tests.cast import make_article

pytestmark = pytest.mark.django_db


def moved(article: Article, *slugs: str) -> Article:
    for slug in slugs:
        article.slug = slug
        article.save()
    return article


def led(client: Client, address: str) -> tuple[int, str]:
    response = client.get(address)
    return response.status_code, response.get("Location", "")


def test_an_old_address_leads_to_the_new_one_and_keeps_the_query(client: Client) -> None:
    moved(make_article(slug="a"), "b")
    assert led(client, "/articles/a/") == (301, "/articles/b/")
    assert led(client, "/articles/a/?utm=x&y=%C3%A4+1") == (301, "/articles/b/?utm=x&y=%C3%A4+1")
    assert client.get("/articles/b/").status_code == 200


def test_every_old_address_leads_there_in_one_step(client: Client) -> None:
    moved(make_article(slug="a"), "b", "c")
    assert led(client, "/articles/a/") == led(client, "/articles/b/") == (301, "/articles/c/")


def test_an_article_that_went_back_to_its_old_address_is_there(client: Client) -> None:
    moved(make_article(slug="a"), "b", "a")
    assert client.get("/articles/a/").status_code == 200
    assert led(client, "/articles/b/") == (301, "/articles/a/")


def test_browsers_ask_each_time_for_an_editor_may_go_back(client: Client) -> None:
    moved(make_article(slug="a"), "b")
    assert client.get("/articles/a/")["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("state", ["draft", "retracted"])
def test_the_former_address_of_what_is_not_public_leads_nowhere(client: Client, state: str) -> None:
    moved(make_article(slug="a", state=state), "b")
    assert led(client, "/articles/a/") == (404, "")


def test_the_former_address_of_a_deleted_article_leads_nowhere(client: Client) -> None:
    moved(make_article(slug="a"), "b").delete()
    assert led(client, "/articles/a/") == (404, "")
    assert not FormerSlug.objects.exists()


def test_former_addresses_are_those_of_their_language(client: Client) -> None:
    moved(make_article(slug="a", lang="uk"), "b")
    assert led(client, "/articles/a/") == (404, "")
    assert led(client, "/uk/articles/a/") == (301, "/uk/articles/b/")


def test_an_article_that_changed_its_language_is_found_under_its_new_address(client: Client) -> None:
    article = make_article(slug="a")
    article.lang = "uk"
    article.save()
    assert led(client, "/articles/a/") == (301, "/uk/articles/a/")


def test_an_article_that_takes_the_old_address_of_another_has_it(client: Client) -> None:
    moved(make_article(slug="a", title="First"), "b")
    moved(make_article(slug="other", title="Second"), "a")
    assert "Second" in client.get("/articles/a/").content.decode()
    assert led(client, "/articles/other/") == (301, "/articles/a/")


def test_an_unknown_address_leads_nowhere(client: Client) -> None:
    assert led(client, "/articles/nothing/") == (404, "")
