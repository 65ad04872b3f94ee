"""Search: what finds an article or a company, in which order, and that nothing typed into it breaks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from companies.models import Company, CompanyName
from tests.cast import make_article, make_company
from tests.conftest import NOW
from tests.minernews.page import Page, read

pytestmark = pytest.mark.django_db


def found(client: Client, words: str, address: str = "/search/") -> list[str]:
    return read(client, address, q=words).headlines


def companies_of(page: Page) -> list[str]:
    return page.words("ul", "company-list")


@pytest.fixture
def story() -> None:
    """One story with a word of its own in each place, and another one that has none of them."""
    make_company(legal_name="Fjordbyte Mining ASA")
    make_article(
        title="Turbines & “quiet” halls",
        description="A café deal with €5m.",
        body="## Granite\n\nThe *basalt* of FJRD, at 75 EH/s. [Slate](https://example.com/marble)\n",
    )
    make_article(title="Other", description="Nothing.", body="Nothing.")


@pytest.mark.parametrize(
    "words",
    [
        "turbines",
        "TURBINES",
        "turb",
        "  turbines   halls ",
        "halls turbines",
        "“quiet”",
        "&",
        "café",
        "CAFÉ",
        "€5m",
        "granite",
        "basalt",
        "75 eh/s",
        "slate",
        "turbines café basalt",
        "fjordbyte",
        "Fjordbyte Mining",
        "fjordbyte mining asa",
        "fjrd",
        "FJRD",
    ],
)
def test_a_story_is_found_by_words_of_title_description_body_and_its_companies(
    client: Client, story: None, words: str
) -> None:
    assert found(client, words) == ["Turbines & “quiet” halls"]


@pytest.mark.parametrize(
    "words", ["turbines limestone", "marble", "%", "_", "turb%", "t_rbines", "\\", "em", "<em>", "strong", "turbines%"]
)
def test_a_story_is_not_found_by_other_words_by_markup_or_by_wildcards(client: Client, story: None, words: str) -> None:
    page = read(client, "/search/", q=words)
    assert page.headlines == []
    assert "No article holds all of these words." in page.text


@pytest.mark.parametrize(
    "words", ["біткоїн", "БІТКОЇН", "Біткоїн", "ґанок", "ҐАНОК", "їжак Єва", "ЇЖАК ЄВА", "щогодини", "fjrd"]
)
def test_ukrainian_words_are_found_in_any_case_on_the_ukrainian_pages(client: Client, words: str) -> None:
    make_company()
    make_article(lang="uk", title="Біткоїн і Ґанок", body="Їжак і ЄВА чекають FJRD Щогодини.")
    make_article(lang="en", title="Біткоїн in English", body="Nothing.")
    assert found(client, words, "/uk/search/") == ["Біткоїн і Ґанок"]


def test_stories_with_all_words_in_the_title_come_first_and_then_the_newest(client: Client) -> None:
    for days, title, body in (
        (1, "Newest", "granite basalt"),
        (2, "Granite", "basalt"),
        (3, "Basalt over granite", "x"),
        (4, "Older", "granite basalt"),
        (5, "Granite and basalt", "x"),
    ):
        make_article(title=title, body=body, published_at=NOW - dt.timedelta(days=days))
    assert found(client, "granite basalt") == [
        "Basalt over granite", "Granite and basalt", "Newest", "Granite", "Older"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("fjord", ["Fjordbyte Mining FJRD"]),
        ("MINING", ["Fjordbyte Mining FJRD"]),
        ("ostr", ["Ostrava Compute OSTR"]),
        ("OSTR", ["Ostrava Compute OSTR"]),
        ("coal barge", ["Ostrava Compute OSTR"]),
        ("OLDT", ["Ostrava Compute OSTR"]),
        ("ost%", []),
        ("FJ", ["Fjordbyte Mining FJRD"]),
        ("LDT", []),
    ],
)
def test_a_company_is_found_by_any_of_its_names_and_by_a_whole_ticker(
    client: Client, words: str, names: list[str]
) -> None:
    make_company()
    ostrava = make_company("Ostrava Compute", "OSTR")
    CompanyName.objects.create(company=ostrava, name="Coal Barge Holdings", kind="name")
    CompanyName.objects.create(company=ostrava, name="OLDT", kind="ticker")
    assert companies_of(read(client, "/search/", q=words)) == names


def test_a_company_of_many_matching_names_is_listed_once(client: Client) -> None:
    company = make_company()
    CompanyName.objects.create(company=company, name="Fjordbyte", kind="name")
    CompanyName.objects.create(company=company, name="Fjordbyte AS", kind="name")
    assert companies_of(read(client, "/search/", q="fjordbyte")) == ["Fjordbyte Mining FJRD"]


GARBAGE = [
    "", "   ", "\0", "\0fjord\0", "'", '"', "';--", "\\", "%", "_", "%%%___", "{{7*7}}", "{% csrf_token %}",
    "<script>alert(1)</script>", "](javascript:alert(1))", "ﷺ" * 200, "a" * 10_000, "a " * 5_000, "́" * 50, "🚀",
    "\u202e\u200f", "\ud7ff", "İıſß", "\r\nSet-Cookie: a=b", "../../etc/passwd", "NULL", "1e999", "-1", "∞",
]  # fmt: skip


@pytest.mark.parametrize("words", GARBAGE, ids=ascii)
@pytest.mark.parametrize("address", ["/search/", "/uk/search/"])
def test_whatever_is_searched_for_the_page_answers(client: Client, story: None, address: str, words: str) -> None:
    page = read(client, address, q=words)
    assert page.words("script") == []
    assert len(page.words("h1")) == 1


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%00", "q=%ed%a0%80", "q=%", "q", "q=a&q=b", "Q=a", "q[]=a", "&&==;;"])
def test_a_query_that_is_not_even_text_is_answered(client: Client, story: None, query: str) -> None:
    assert client.get(f"/search/?{query}").status_code == 200


def test_an_empty_search_lists_nothing(client: Client, story: None) -> None:
    page = read(client, "/search/", q="  ")
    assert page.headlines == []
    assert companies_of(page) == []
    assert page.words("h1") == ["What are you looking for?"]


def test_the_words_stay_in_the_box_and_in_the_heading(client: Client, story: None) -> None:
    page = read(client, "/search/", q=' turbines  "x"&<b> ')
    assert page.words("h1") == ['“turbines "x"&<b>”']
    assert [box["value"] for box in page.attributes("input")] == ['turbines "x"&<b>']
    assert page.title == 'Search: turbines "x"&<b> · minernews'


def test_pages_of_results_keep_the_words(client: Client) -> None:
    for day in range(30):
        make_article(title=f"Granite & slate {day}", published_at=NOW - dt.timedelta(days=day + 1))
    first = read(client, "/search/", q="granite & slate")
    link = next(address for words, address in first.links() if words == "Older →")
    assert link == "?q=granite%20%26%20slate&page=2"
    second = read(client, f"/search/{link}")
    assert first.headlines + second.headlines == [f"Granite & slate {day}" for day in range(30)]
    read(client, "/search/", 404, q="granite", page="3")
    read(client, "/search/", 404, q="granite", page="x")


def test_results_are_kept_out_of_search_engines(client: Client) -> None:
    assert {"name": "robots", "content": "noindex"} in read(client, "/search/", q="x").attributes("meta")


def test_at_most_six_companies_stand_above_the_stories(client: Client) -> None:
    Company.objects.bulk_create(Company(name=f"Mining {n}", slug=f"mn{n}", ticker=f"MN{n}") for n in range(8))
    assert companies_of(read(client, "/search/", q="mining")) == [" ".join(f"Mining {n} MN{n}" for n in range(6))]
