"""A story and its translation: each list shows the one in its own language, and each page leads to the other."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Article
from tests.cast import make_article, make_company
from tests.minernews.doors import DOORS, addresses
from tests.minernews.page import Page

pytestmark = pytest.mark.django_db

HEADLINES = {"en": "Fjordbyte hall in English", "uk": "Fjordbyte hall українською"}
OTHERS = {"en": "Fjordbyte hall, again", "uk": "Fjordbyte hall, знову"}


@pytest.fixture
def stories() -> dict[str, Article]:
    """The same two stories in both languages, alike in all that lists go by."""
    make_company()
    for lang, title in OTHERS.items():
        make_article(title=title, lang=lang, external_id="901", sticky_weight=1)
    return {lang: make_article(title=title, lang=lang, external_id="900") for lang, title in HEADLINES.items()}


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door.lists])
def test_no_list_shows_a_story_in_both_languages(
    client: Client, stories: dict[str, Article], name: str, lang: str
) -> None:
    other = "uk" if lang == "en" else "en"
    shown: set[str] = set()
    for address in addresses(DOORS[name], stories[lang]):
        if name == "article" and address.startswith("/uk/") != (lang == "uk"):
            continue
        page = Page(client.get(address).content.decode())
        assert not {HEADLINES[other], OTHERS[other]} & set(page.headlines), address
        shown |= set(page.headlines)
    assert HEADLINES[lang] in shown


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_a_page_leads_to_its_translation_visibly_and_in_its_head(
    client: Client, stories: dict[str, Article], lang: str
) -> None:
    other = stories["uk" if lang == "en" else "en"]
    page = Page(client.get(stories[lang].get_absolute_url()).content.decode())
    assert (other.get_lang_display(), other.get_absolute_url()) in page.links()
    heads = {link["hreflang"]: link["href"] for link in page.attributes("link") if link["rel"] == "alternate"}
    assert heads == {code: f"http://testserver{story.get_absolute_url()}" for code, story in stories.items()}


def test_a_translation_that_is_not_public_is_not_linked(client: Client, stories: dict[str, Article]) -> None:
    Article.objects.filter(pk=stories["uk"].pk).update(state="draft")
    page = Page(client.get(stories["en"].get_absolute_url()).content.decode())
    assert "Українська" not in page.text
    assert [link for link in page.attributes("link") if link["rel"] == "alternate"] == []
