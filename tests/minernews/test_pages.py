"""Every page that is a list, and those that machines and mistakes get: what is on it, in which order, page by page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from articles.covers import cover_images
from articles.models import Article
from companies.models import Company
from companies.ratings import RATING_WORDS
from minernews import views
from tests.cast import make_article, make_call, make_category, make_company, make_firm, make_outlet
from tests.conftest import NOW
from tests.minernews.page import read

pytestmark = pytest.mark.django_db


def articles_by_day(count: int, **over: Any) -> list[str]:
    """Titles of so many articles, newest first, one a day."""
    titles = [f"Story of day {day}" for day in range(1, count + 1)]
    for day, title in enumerate(titles, start=1):
        make_article(title=title, published_at=NOW - dt.timedelta(days=day), **over)
    return titles


# address, an article that belongs there, one that does not, and the heading
LISTS = [
    ("/articles/2026/02/", {}, {"published_at": dt.datetime(2026, 1, 31, 23, 59, tzinfo=dt.UTC)}, "February 2026"),
    ("/category/energy/", {"category": "ENERGY"}, {"category": "BTC"}, "ENERGY"),
    ("/tags/ai-hpc/", {"tags": ["AI HPC"]}, {"tags": ["AI"]}, "AI HPC"),
    ("/sentiment/positive/", {"sentiment": "POSITIVE"}, {"sentiment": "NEUTRAL"}, "▲ Positive"),
    ("/sentiment/negative/", {"sentiment": "NEGATIVE"}, {"sentiment": "POSITIVE"}, "▼ Negative"),
    ("/sentiment/neutral/", {"sentiment": "NEUTRAL"}, {"sentiment": ""}, "▬ Neutral"),
    ("/sources/decrypt/", {"outlet": "Decrypt"}, {"outlet": None}, "Decrypt"),
    ("/articles/", {}, {"lang": "uk"}, "All articles"),
]


def make_listed(**over: Any) -> Article:
    if "category" in over:
        over["category"] = make_category(over["category"])
    if over.get("outlet"):
        over["outlet"] = make_outlet(over["outlet"])
    return make_article(**over)


@pytest.mark.parametrize(("address", "belongs", "does_not", "heading"), LISTS)
def test_a_list_has_its_own_articles_newest_first_and_no_others(
    client: Client, address: str, belongs: dict[str, Any], does_not: dict[str, Any], heading: str
) -> None:
    make_listed(title="Older", published_at=NOW - dt.timedelta(days=3), **belongs)
    make_listed(title="Newer", published_at=NOW - dt.timedelta(days=2), **belongs)
    other = make_listed(title="Of another list", **does_not)
    if "outlet" in does_not:
        Article.objects.filter(pk=other.pk).update(outlet=None)
    page = read(client, address)
    assert page.headlines == ["Newer", "Older"]
    assert page.words("h1") == [heading]
    assert page.title == f"{heading.split(' ', 1)[-1] if 'sentiment' in address else heading} · minernews"


def test_a_card_shows_category_title_description_date_mood_and_companies(client: Client) -> None:
    make_company()
    article = make_article(title="Fjordbyte opens a hall", description="It is a big one.", sentiment="NEGATIVE")
    page = read(client, "/articles/")
    assert page.words("article", "card") == ["BTC Fjordbyte opens a hall It is a big one. 9 Feb 2026▼ Negative FJRD"]
    assert ("Fjordbyte opens a hall", article.get_absolute_url()) in page.links()
    assert ("BTC", "/category/btc/") in page.links()
    assert ("FJRD", "/companies/fjrd/") in page.links("ticker")


def test_a_long_list_goes_on_over_pages_that_link_each_other(client: Client) -> None:
    titles = articles_by_day(50)
    first, second, third = (read(client, "/articles/", page=number) for number in (1, 2, 3))
    assert first.headlines + second.headlines + third.headlines == titles
    assert [len(page.headlines) for page in (first, second, third)] == [24, 24, 2]
    links = [[link for link in page.links() if "page=" in link[1]] for page in (first, second, third)]
    assert links == [
        [("Older →", "?page=2")],
        [("← Newer", "?page=1"), ("Older →", "?page=3")],
        [("← Newer", "?page=2")],
    ]
    assert second.title == "All articles, page 2 · minernews"


def test_a_list_of_exactly_one_page_has_no_page_links(client: Client) -> None:
    articles_by_day(24)
    page = read(client, "/articles/")
    assert len(page.headlines) == 24
    assert page.attributes("nav", "pages") == []


@pytest.mark.parametrize("number", ["0", "-1", "2", "1.5", "abc", "", "٣", "1e3", "9999999", "99999999999999999999"])
def test_a_page_number_that_is_none_is_not_found(client: Client, number: str) -> None:
    make_article()
    for address in (
        "/articles/",
        "/category/btc/",
        "/tags/mining/",
        "/sentiment/positive/",
        "/sources/the-hash-gazette/",
    ):
        read(client, address, 404, page=number)


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/",
        "/articles/no-such-article/",
        "/articles/2026/13/",
        "/articles/2026/0/",
        "/articles/2024/01/",
        "/articles/0/1/",
        "/articles/9999/12/",
        "/articles/99999999999999999999/1/",
        "/category/none/",
        "/tags/none/",
        "/sources/none/",
        "/sentiment/angry/",
        "/companies/none/",
        "/targets/?before=0",
        "/targets/?before=abc",
        "/targets/?before=99999999999999999999",
        "/uk/",
        "/en/",
        "/covers/1-0000000000000000-640.webp",
        "/covers/99999999999999999999-0000000000000000-640.webp",
        "/media/covers/none.webp",
    ],
)
def test_what_is_not_there_is_a_404_that_leads_on(client: Client, address: str) -> None:
    make_article()
    page = read(client, address, 404)
    assert page.words("h1") == ["There is no such page"]
    assert [address for _, address in page.links()][-6:-2] == (
        ["/uk/", "/uk/articles/", "/uk/companies/", "/uk/targets/"]
        if address.startswith("/uk/")
        else ["/", "/articles/", "/companies/", "/targets/"]
    )


def test_the_home_page_leads_with_the_sticky_story_and_lists_the_others_by_date(client: Client) -> None:
    make_article(title="Sticky", sticky_weight=2, published_at=NOW - dt.timedelta(days=30))
    make_article(title="Less sticky", sticky_weight=1, published_at=NOW - dt.timedelta(days=20))
    make_article(title="Yesterday")
    make_article(title="The day before", published_at=NOW - dt.timedelta(days=2))
    page = read(client, "/")
    assert page.headlines == ["Sticky", "Yesterday", "The day before", "Less sticky"]
    assert {"lang": "en"} in page.attributes("h2")


def test_the_home_page_leads_with_the_newest_story_when_none_is_sticky(client: Client) -> None:
    titles = articles_by_day(20)
    assert read(client, "/").headlines == titles[:17]


def test_the_home_page_shows_the_latest_calls_and_the_sector(client: Client) -> None:
    make_article()
    call = make_call(target=Decimal("12.5"), previous_target=Decimal("10"))
    make_company("Ostrava Compute", "OSTR")
    page = read(client, "/")
    assert page.words("ol", "ticker-tape") == [
        "Fjordbyte Mining $10 → $12.50 Oakbridge Partners, overweight 10 Feb 2026"
    ]
    assert f"/companies/fjrd/#call-{call.pk}" in [address for _, address in page.links()]
    assert page.words("section", "strip") == ["The sector: latest price targets by company FJRD $12.50 n = 1"]


def test_an_empty_site_says_so_on_every_page(client: Client) -> None:
    for address, words in (
        ("/", "No story has been published yet"),
        ("/articles/", "Nothing here yet"),
        ("/sentiment/neutral/", "Nothing here yet"),
        ("/companies/", "No companies yet"),
        ("/targets/", "No call has been accepted yet"),
        ("/search/", "What are you looking for?"),
        ("/search/?q=anything", "No article holds all of these words."),
    ):
        assert words in read(client, address).text


def test_methodology_prints_the_tables_that_the_program_uses(client: Client) -> None:
    page = read(client, "/methodology/")
    rows = dict(zip(page.words("th")[2:6], page.words("td")[:4], strict=True))
    assert {rating: words.replace(" (strong)", "").split(", ") for rating, words in rows.items()} == {
        rating: list(words) for rating, words in RATING_WORDS.items()
    }
    assert "conviction buy (strong)" in rows["buy"]
    assert "within 365 days" in page.text
    assert "With fewer than 3 ratings there is no consensus label." in page.text


def test_robots_may_read_everything_but_the_desk_and_search(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain"
    assert response.content.decode() == "User-agent: *\nDisallow: /admin/\nDisallow: /search/\n"


def test_healthz_answers_ok_as_long_as_the_database_does(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")

    class Broken:
        def cursor(self) -> Any:
            raise OSError("the database is gone")

    monkeypatch.setattr(views, "connection", Broken())
    client.raise_request_exception = False
    assert client.get("/healthz").status_code == 500


@pytest.mark.parametrize(("width", "height"), [(640, 360), (1200, 675)])
def test_a_drawn_cover_is_a_picture_to_keep_for_ever(client: Client, width: int, height: int) -> None:
    article = Article.objects.with_card_data().get(pk=make_article().pk)
    images = cover_images(article)
    response = client.get({640: images.drawn, 1200: images.drawn_large}[width])
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    picture = Image.open(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert (picture.format, picture.size) == ("WEBP", (width, height))


def test_a_drawn_cover_comes_in_two_sizes_and_under_its_present_digest_alone(client: Client) -> None:
    article = Article.objects.with_card_data().get(pk=make_article().pk)
    address = cover_images(article).drawn
    assert client.get(address.replace("-640.", "-641.")).status_code == 404
    Article.objects.filter(pk=article.pk).update(sentiment="NEGATIVE")
    assert client.get(address).status_code == 404


def test_an_address_in_capitals_leads_to_the_company(client: Client) -> None:
    make_company()
    response = client.get("/companies/FJRD/")
    assert (response.status_code, response["Location"]) == (301, "/companies/fjrd/")


def test_companies_are_listed_by_name_with_their_range_and_last_call(client: Client) -> None:
    make_company("Ostrava Compute", "OSTR", status=Company.Status.ACQUIRED)
    make_call(target=Decimal("12"))
    make_call(target=Decimal("15"), firm=make_firm("Elm & Sons"), called_on=NOW.date() - dt.timedelta(days=4))
    page = read(client, "/companies/")
    head, *rows = page.words("tr")
    assert head == "Company Targets, low to high Mean n Last call"
    assert rows == [
        "Fjordbyte Mining FJRD $12 $15 $13.50 2 10 Feb 2026 Oakbridge Partners, overweight",
        "Ostrava Compute OSTR acquired — — 0 —",
    ]
    assert page.attributes("svg")[0]["aria-label"] == "2 targets from $12 to $15, mean $13.50"


def test_the_front_page_leads_to_the_other_language_when_there_are_articles_in_it(client: Client) -> None:
    make_article(title="In English")
    assert not [words for words, _ in read(client, "/").links() if words == "Українська"]
    make_article(title="Українською", lang="uk")
    make_article(title="Чернетка", lang="uk", state="draft")
    assert ("Українська", "/uk/") in read(client, "/").links()
    assert ("English", "/") in read(client, "/uk/").links()
