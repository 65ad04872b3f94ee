"""The page of one article: what a reader is told of it, and of what a machine did to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from articles.models import Article, Cover
from tests.cast import make_article, make_call, make_company, make_document, make_firm, make_outlet
from tests.conftest import NOW
from tests.minernews.page import Page, read

pytestmark = pytest.mark.django_db

UNSPLASH = "https://images.unsplash.com/photo-1"
COVER_URLS = {
    "raw": f"{UNSPLASH}?ixid=1",
    "full": f"{UNSPLASH}?q=85",
    "regular": f"{UNSPLASH}?w=1080&q=80",
    "small": f"{UNSPLASH}?w=400",
    "thumb": f"{UNSPLASH}?w=200",
    "small_s3": "https://s3.example.com/small/photo-1",
}


def page_of(client: Client, **over: Any) -> Page:
    return read(client, make_article(**over).get_absolute_url())


def test_the_page_has_title_description_category_and_tags_that_link_to_their_lists(client: Client) -> None:
    page = page_of(
        client, title="Fjordbyte opens a hall", description="It is a big one.", tags=["AI HPC", "ціна біткоїна"]
    )
    assert page.words("h1") == ["Fjordbyte opens a hall"]
    assert page.title == "Fjordbyte opens a hall · minernews"
    assert page.words("p", "standfirst")[0] == "It is a big one."
    assert {"name": "description", "content": "It is a big one."} in page.attributes("meta")
    assert ("BTC", "/category/btc/") in page.links()
    tags = [(words, address) for words, address in page.links() if address.startswith("/tags/")]
    assert sorted(words for words, _ in tags) == ["AI HPC", "ціна біткоїна"]
    for _, address in tags:
        assert read(client, address).headlines == ["Fjordbyte opens a hall"]


@pytest.mark.parametrize("name", ["ціна біткоїна", "日本", "🚀", "a/b", "!!!"])
def test_a_tag_that_an_editor_types_never_breaks_the_page(client: Client, name: str) -> None:
    page = page_of(client, tags=[name])
    assert page.words("footer", "tags") == [f"Tags {name}"]
    for words, address in page.links():
        if words == name:
            assert read(client, address).words("h1") == [name]


NOT_REVIEWED = [("Reviewed", "not reviewed here"), ("Checked against the source", "not checked against source")]
REWRITTEN = [
    ("Source", "Decrypt"),
    ("Address of the source", "not recorded"),
    ("Source text", "not held"),
    ("Rewritten by a machine", "yes"),
    ("Model", "not recorded"),
    ("Version of the rewriting", "not recorded"),
    ("Rewritten at", "not recorded"),
    *NOT_REVIEWED,
]


def test_provenance_is_one_line_and_every_detail_or_that_it_is_not_recorded(client: Client) -> None:
    page = page_of(client, outlet=make_outlet("Decrypt"))
    assert page.words("summary") == ["Rewritten by AI from Decrypt · source text not held · model not recorded"]
    assert list(zip(page.words("dt"), page.words("dd"), strict=True)) == REWRITTEN
    assert ("More from Decrypt", "/sources/decrypt/") in page.links()


def test_provenance_names_model_version_reviewer_and_held_text_when_they_are_known(client: Client) -> None:
    article = make_article(
        outlet=make_outlet("Decrypt"),
        source_url="https://decrypt.co/1",
        ai_model="quill-3",
        ai_version="v2",
        ai_expanded_at=dt.datetime(2026, 2, 9, 10, 30, tzinfo=dt.UTC),
        reviewed_by=get_user_model().objects.create_user("ada", first_name="Ada", last_name="Quill"),
        reviewed_at=dt.datetime(2026, 2, 9, 11, 0, tzinfo=dt.UTC),
    )
    article.documents.add(make_document())
    page = read(client, article.get_absolute_url())
    assert page.words("summary") == ["Rewritten by AI from Decrypt · source text held · model quill-3"]
    assert list(zip(page.words("dt"), page.words("dd"), strict=True)) == [
        ("Source", "Decrypt"),
        ("Address of the source", "https://decrypt.co/1"),
        ("Source text", "held, not published"),
        ("Rewritten by a machine", "yes"),
        ("Model", "quill-3"),
        ("Version of the rewriting", "v2"),
        ("Rewritten at", "9 February 2026, 10:30 UTC"),
        ("Reviewed", "by Ada Quill"),
        ("Checked against the source", "not checked against source"),
        ("Reviewed at", "9 February 2026, 11:00 UTC"),
    ]


@pytest.mark.parametrize(
    ("over", "line"),
    [
        ({"ai_rewritten": False}, "From Decrypt · not rewritten by AI · source text not held"),
        ({"ai_rewritten": None}, "From Decrypt · no use of AI recorded · source text not held"),
        (
            {"ai_rewritten": None, "ai_translated_from": "7"},
            "Translated by AI from Decrypt · source text not held · model not recorded",
        ),
        (
            {"ai_translated_from": "7"},
            "Rewritten and translated by AI from Decrypt · source text not held · model not recorded",
        ),
    ],
)
def test_provenance_says_what_a_machine_did_and_no_more(client: Client, over: dict[str, Any], line: str) -> None:
    assert page_of(client, outlet=make_outlet("Decrypt"), **over).words("summary") == [line]


def test_provenance_of_an_article_without_source_says_that_none_is_recorded(client: Client) -> None:
    article = make_article()
    Article.objects.update(outlet=None)
    page = read(client, article.get_absolute_url())
    assert page.words("summary") == [
        "Rewritten by AI from a source that is not recorded · source text not held · model not recorded"
    ]


@pytest.mark.parametrize(
    ("updated_at", "shown"),
    [
        (dt.datetime(2026, 2, 9, 14, 5, tzinfo=dt.UTC), "Updated 9 February 2026, 14:05 UTC"),
        (dt.datetime(2026, 2, 9, 12, 0, tzinfo=dt.UTC), ""),
        (dt.datetime(2026, 2, 8, 12, 0, tzinfo=dt.UTC), ""),
        (None, ""),
    ],
)
def test_an_update_is_shown_when_there_was_one(client: Client, updated_at: dt.datetime | None, shown: str) -> None:
    page = page_of(client, updated_at=updated_at, sentiment="")
    assert page.words("p", "meta")[0] == f"Published 9 February 2026, 12:00 UTC {shown}".strip()


@pytest.mark.parametrize(
    ("sentiment", "shown"),
    [("POSITIVE", ["▲ Positive"]), ("NEUTRAL", ["▬ Neutral"]), ("NEGATIVE", ["▼ Negative"]), ("", [])],
)
def test_the_mood_is_a_word_with_its_sign_and_nothing_when_none_is_given(
    client: Client, sentiment: str, shown: list[str]
) -> None:
    assert page_of(client, sentiment=sentiment).words("span", "mood") == shown


def test_each_company_is_linked_at_its_first_mention_in_a_section_and_never_in_a_heading(client: Client) -> None:
    make_company()
    make_company("Ostrava Compute", "OSTR")
    body = (
        "Fjordbyte Mining rose. Fjordbyte Mining fell.\n\n"
        "## Fjordbyte Mining in short\n\nOstrava Compute and [Fjordbyte Mining](https://example.com/) met Fjordbyte Mining "
        "(NASDAQ: FJRD).\n\n`Ostrava Compute`\n"
    )
    page = page_of(client, body=body)
    assert page.links("company") == [
        ("Fjordbyte Mining", "/companies/fjrd/"),
        ("Ostrava Compute", "/companies/ostr/"),
        ("Fjordbyte Mining", "/companies/fjrd/"),
    ]
    assert '<p><a class="company" href="/companies/fjrd/">Fjordbyte Mining</a> rose. Fjordbyte Mining fell.</p>' in (
        page.markup
    )
    assert "<h2>Fjordbyte Mining in short</h2>" in page.markup
    assert page.words("ul", "company-list") == ["Fjordbyte Mining FJRD Ostrava Compute OSTR"]


def test_a_section_from_author_is_shown_as_the_commentary_of_a_machine(client: Client) -> None:
    page = page_of(client, body="## Overview\n\nA hall.\n\n## From author\n\nI think it is big.\n")
    assert page.words("section", "commentary") == [
        "AI commentary Written by a machine. It is no person’s view. I think it is big."
    ]
    assert "From author" not in page.text


def test_the_calls_beside_a_story_are_accepted_ones_of_the_month_before_it(client: Client) -> None:
    day = (NOW - dt.timedelta(days=1)).date()
    make_call(called_on=day, target=Decimal("12"))
    make_call(called_on=day - dt.timedelta(days=9), target=Decimal("11"), firm=make_firm("Elm & Sons"), rating="hold")
    make_call(called_on=day - dt.timedelta(days=9), target=Decimal("31"))
    make_call(called_on=day - dt.timedelta(days=31), target=Decimal("32"), firm=make_firm("Too Early"))
    make_call(called_on=day + dt.timedelta(days=1), target=Decimal("33"), firm=make_firm("Too Late"))
    make_call(called_on=day, target=Decimal("34"), firm=make_firm("Pending"), status="pending")
    make_call(called_on=day, target=Decimal("35"), firm=make_firm("Rejected"), status="rejected")
    make_call(called_on=day, target=Decimal("36"), company=make_company("Ostrava Compute", "OSTR"))
    page = page_of(client)
    assert page.words("ol", "ticker-tape") == [
        "Fjordbyte Mining $12 Oakbridge Partners, overweight 9 Feb 2026 "
        "Fjordbyte Mining $11 Elm & Sons, hold 31 Jan 2026"
    ]


def test_a_story_without_calls_says_that_none_are_held(client: Client) -> None:
    make_company()
    assert "None held from the 30 days before this story." in page_of(client).text


def test_more_stories_about_the_same_companies_follow(client: Client) -> None:
    make_company()
    make_company("Ostrava Compute", "OSTR")
    make_article(title="Fjordbyte Mining again", published_at=NOW - dt.timedelta(days=3))
    make_article(title="Ostrava Compute alone", body="Nothing else.")
    make_article(title="Fjordbyte Mining українською", lang="uk")
    assert page_of(client, title="Fjordbyte Mining now").headlines == ["Fjordbyte Mining again"]


def test_every_picture_has_width_and_height(client: Client) -> None:
    make_company()
    make_article()
    article = make_article()
    Cover.objects.create(article=article, urls=COVER_URLS)
    pictures = read(client, article.get_absolute_url()).attributes("img")
    assert len(pictures) == 3
    assert {(picture["width"], picture["height"]) for picture in pictures} == {("1200", "675")}


def test_the_cover_is_the_remote_one_over_a_drawn_one(client: Client) -> None:
    article = make_article()
    Cover.objects.create(article=article, urls=COVER_URLS, credit="Photo: Ada Quill", alt="A hall full of machines")
    page = read(client, article.get_absolute_url())
    drawn, remote = page.attributes("img")
    assert drawn["src"].startswith(f"/covers/{article.pk}-") and drawn["src"].endswith("-1200.webp")
    assert remote["src"] == COVER_URLS["regular"]
    assert remote["srcset"] == ", ".join(
        [f"{COVER_URLS['thumb']} 200w", f"{COVER_URLS['small']} 400w", f"{COVER_URLS['regular']} 1080w"]
    )
    assert remote["referrerpolicy"] == "no-referrer"
    assert (drawn["alt"], remote["alt"]) == ("", "")
    assert page.attributes("span", "cover") == [
        {"class": "cover", "role": "img", "aria-label": "A hall full of machines"}
    ]
    assert page.words("figcaption") == ["Photo: Ada Quill"]


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.example.com/small/photo-1",
        "http://images.unsplash.com/photo-1",
        "https://images.unsplash.com.example.com/photo-1",
        "https://images.unsplash.com@example.com/photo-1",
        "https://images.unsplash.com:8443/photo-1",
        "https://example.com/photo-1",
    ],
)
def test_a_cover_of_a_host_that_is_not_allowed_is_not_loaded(client: Client, url: str) -> None:
    article = make_article()
    Cover.objects.create(article=article, urls={"regular": url})
    page = read(client, article.get_absolute_url())
    assert [picture["src"].split("/")[1] for picture in page.attributes("img")] == ["covers"]
    assert url not in page.markup


def test_a_ukrainian_article_is_read_under_uk_alone_and_links_its_original(client: Client) -> None:
    original = make_article(external_id="900", title="Fjordbyte opens a hall")
    translation = make_article(external_id="900", lang="uk", title="Fjordbyte відкриває зал", ai_translated_from="900")
    assert translation.get_absolute_url() == f"/uk/articles/{translation.slug}/"
    page = read(client, translation.get_absolute_url())
    assert page.words("h1") == ["Fjordbyte відкриває зал"]
    # The words of the frame are English, those of the story are not, and each says so.
    assert page.attributes("html") == [{"lang": "en"}]
    assert page.attributes("article", "story")[0]["lang"] == "uk"
    assert page.attributes("details", "provenance")[0]["lang"] == "en"
    assert ("English", original.get_absolute_url()) in page.links()
    assert ("Українська", translation.get_absolute_url()) in read(client, original.get_absolute_url()).links()
    alternates = {(link["hreflang"], link["href"]) for link in page.attributes("link") if link["rel"] == "alternate"}
    assert alternates == {
        ("en", f"http://testserver{original.get_absolute_url()}"),
        ("uk", f"http://testserver{translation.get_absolute_url()}"),
    }
    read(client, f"/articles/{translation.slug}/", 404)
    read(client, f"/uk/articles/{original.slug}/", 404)
    for address, headlines in (("/", ["Fjordbyte opens a hall"]), ("/uk/", ["Fjordbyte відкриває зал"])):
        assert read(client, address).headlines == headlines
        assert read(client, f"{address}articles/").headlines == headlines
        assert read(client, f"{address}search/", q="fjordbyte").headlines == headlines


def test_the_browser_and_cookies_do_not_choose_the_language(client: Client) -> None:
    make_article(title="Fjordbyte opens a hall")
    client.cookies["django_language"] = "uk"
    response = client.get("/", headers={"accept-language": "uk"})
    assert response["Content-Language"] == "en"
    assert "Fjordbyte opens a hall" in response.content.decode()


@pytest.mark.parametrize(("canonical", "shown"), [("https://example.com/story", "https://example.com/story"), ("", "")])
def test_the_canonical_address_is_the_given_one_or_its_own(client: Client, canonical: str, shown: str) -> None:
    article = make_article(canonical_url=canonical)
    page = read(client, f"{article.get_absolute_url()}?utm_source=x")
    links = [link["href"] for link in page.attributes("link") if link["rel"] == "canonical"]
    assert links == [shown or f"http://testserver{article.get_absolute_url()}"]


def test_calls_to_action_are_shown_as_words(client: Client) -> None:
    assert page_of(client, cta=["Read on", "Subscribe"]).words("ul", "cta") == ["Read on Subscribe"]
