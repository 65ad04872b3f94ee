"""What holds on every public page: nothing of its data becomes markup, nothing of its reader gets into it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import Settings

from articles.models import Article, Cover
from companies.models import Event, Evidence
from tests.cast import (
    make_article,
    make_call,
    make_category,
    make_company,
    make_document,
    make_firm,
    make_outlet,
)
from tests.conftest import NOW
from tests.minernews.doors import DOORS, addresses
from tests.minernews.page import Page

pytestmark = pytest.mark.django_db

# What each text of `make_everything` begins with, and what some of them end in.
WORDS = (
    "Title", "Description", "CATEGORY", "tag", "Act", "Gazette", "Model", "v", "Credit", "Fjordbyte", "Legal", "Summary",
    "Firm", "Analyst", "Rating", "Before", "By", "Headline", "It set a $12 target",
)  # fmt: skip
HOSTILE = """</script></title><b onclick="x()">"'&amp;<img src=x onerror=x()>{{ 7 }}"""


def make_everything(words: str = "") -> Article:
    """One article on one company with one call and one event, all of whose texts end in `words`."""
    company = make_company(
        name=f"Fjordbyte {words}".strip(), legal_name=f"Legal {words}", summary=f"Summary {words}", exchange=words[:40]
    )
    outlet = make_outlet(f"Gazette {words}", homepage="https://gazette.example/")
    quote = f"It set a $12 target {words}"
    document = make_document(
        f"Headline {words}\n\n{quote}\n", outlet=outlet, title=f"Headline {words}", byline=f"By {words}"
    )
    make_call(
        company=company,
        firm=make_firm(f"Firm {words}"),
        analysts=[f"Analyst {words}"],
        document=document,
        quote=quote,
        rating=f"Rating {words}"[:60],
        previous_rating=f"Before {words}"[:60],
        called_on=(NOW.date()),
        price=Decimal("10"),
    )
    Evidence.objects.create(
        call=company.calls.get(), field="target", document=document, quote="$12", start=document.text.index("$12"),
        end=document.text.index("$12") + 3,
    )  # fmt: skip
    event = Event.objects.create(kind="other", date=NOW.date(), title=f"Event {words}", status="accepted")
    event.companies.add(company)
    make_article(title=f"Fjordbyte neighbour FJRD {words}")
    article = make_article(
        title=f"FJRD hall Title {words}",
        slug="title",
        published_at=NOW,
        description=f"Description {words}",
        body=f"## Overview\n\nFJRD, or {company.name}, has a hall. {words}\n",
        category=make_category(f"CATEGORY {words}"),
        outlet=outlet,
        tags=[f"tag {words}"],
        cta=[f"Act {words}"],
        source_url="https://gazette.example/?a=1&b=%22",
        ai_model=f"Model {words}",
        ai_version=f"v {words}"[:40],
    )
    Cover.objects.create(
        article=article,
        urls={"regular": 'https://images.unsplash.com/photo?a=1&b="><script>'},
        alt=f"Alt {words}",
        credit=f"Credit {words}",
    )
    return article


def public_addresses(article: Article) -> list[str]:
    pages = [address for door in DOORS.values() for address in addresses(door, article)]
    return [*pages, article.get_absolute_url(), f"/search/?q={article.title[:9]}", "/nothing/"]


def test_hostile_words_stay_words_on_every_page(client: Client) -> None:
    article = make_everything(HOSTILE)
    seen = set()
    for address in public_addresses(article):
        response = client.get(address)
        if response.streaming:
            continue
        page = Page(response.content.decode())
        for tag, values, _ in page.elements:
            assert tag not in ("script", "style", "iframe", "object"), address
            assert not [name for name in values if name.startswith("on")], (address, values)
        assert [values for values in page.attributes("img") if values["src"] == "x"] == [], address
        # The body is Markdown, in which <b> is a word of the language; everywhere else it is text.
        bold = page.words("b")
        assert bold == [] or address == article.get_absolute_url(), address
        seen |= {word for word in WORDS if f"{word} {HOSTILE}"[:40] in page.text}
    assert set(WORDS) - seen == set()


def test_hostile_words_in_a_search_are_shown_as_typed(client: Client) -> None:
    page = Page(client.get("/search/", {"q": HOSTILE}).content.decode())
    assert page.words("h1") == [f"“{HOSTILE}”"]
    assert page.attributes("input")[0]["value"] == HOSTILE
    assert page.title == f"Search: {HOSTILE} · minernews"


def test_public_pages_set_no_cookie_and_do_not_vary_by_one(client: Client) -> None:
    article = make_everything()
    for address in [*public_addresses(article), "/healthz", "/robots.txt"]:
        response = client.get(address)
        assert not response.cookies, address
        assert "cookie" not in response.get("Vary", "").lower(), address
        assert response.streaming or b"csrf" not in response.content.lower(), address


def test_a_page_is_the_same_bytes_for_everyone(client: Client, admin_client: Client) -> None:
    article = make_everything()
    for address in public_addresses(article):
        anonymous = client.get(address)
        if anonymous.streaming:
            continue
        client.cookies["sessionid"] = "guessed"
        headers = {"accept-language": "uk,en;q=0.5", "referer": "http://testserver/elsewhere", "user-agent": "Lynx"}
        assert client.get(address, headers=headers).content == anonymous.content, address
        assert admin_client.get(address).content == anonymous.content, address


def test_the_policy_of_every_page_allows_nothing_unsafe_and_no_host_but_that_of_covers(client: Client) -> None:
    article = make_everything()
    for address in public_addresses(article):
        policy = client.get(address)["Content-Security-Policy"]
        directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert "unsafe" not in policy
        assert directives == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "font-src": "'self'",
            "img-src": "'self' data: https://images.unsplash.com",
            "connect-src": "'self'",
            "manifest-src": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
            "object-src": "'none'",
        }, address


def test_no_page_carries_style_attributes_scripts_or_handlers_that_the_policy_forbids(client: Client) -> None:
    article = make_everything()
    for address in public_addresses(article):
        response = client.get(address)
        if response.streaming:
            continue
        page = Page(response.content.decode())
        assert page.all("script") + page.all("style") == [], address
        assert [values for _, values, _ in page.elements if "style" in values] == [], address


def test_every_page_tells_browsers_not_to_guess_types_and_not_to_be_framed(client: Client) -> None:
    article = make_everything()
    for address in public_addresses(article):
        response = client.get(address)
        assert response["X-Content-Type-Options"] == "nosniff", address
        assert response["X-Frame-Options"] == "DENY", address
        assert response["Referrer-Policy"] == "strict-origin-when-cross-origin", address


def test_a_page_that_breaks_says_so_without_saying_why(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("minernews.views.front_page", broken)
    client.raise_request_exception = False
    response = client.get("/")
    page = Page(response.content.decode())
    assert response.status_code == 500
    assert page.words("h1") == ["Something broke on our side"]
    assert "secret detail" not in page.markup
    assert "unsafe" not in response["Content-Security-Policy"]


def test_the_page_for_what_broke_needs_nothing_that_may_be_broken(client: Client, settings: Settings) -> None:
    del settings.SITE_NAME
    client.raise_request_exception = False
    response = client.get("/methodology/")
    assert response.status_code == 500
    assert Page(response.content.decode()).words("h1") == ["Something broke on our side"]
