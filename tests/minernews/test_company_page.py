"""The pages of calls: each target with the sentence that states it, and nothing that is not accepted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from companies.models import AnalystCall, CompanyName, Event, Evidence
from tests.cast import make_article, make_call, make_company, make_document, make_firm, make_outlet
from tests.conftest import NOW
from tests.minernews.page import Page, read

pytestmark = pytest.mark.django_db

TEXT = (
    "Oakbridge cuts Fjordbyte\n\n"
    'Oakbridge rates Fjordbyte Mining "underweight" with a $39 target, while it trades at about $54.\n'
)


def make_quoted_call(**over: Any) -> AnalystCall:
    """The call that TEXT states, with its words as evidence: underweight, $39, at about $54."""
    document = make_document(TEXT, outlet=make_outlet("The Hash Gazette"))
    quote = TEXT.split("\n\n")[1].strip()
    values = {
        "rating": "underweight",
        "rating_normalised": "sell",
        "target": Decimal("39"),
        "price": Decimal("54"),
        "price_approximate": True,
    }
    call = make_call(document=document, quote=quote, **{**values, **over})
    for field, words in (("rating", "underweight"), ("target", "$39"), ("price", "about $54"), ("firm", "Oakbridge")):
        start = TEXT.rindex(words)
        Evidence.objects.create(
            call=call, field=field, document=document, start=start, end=start + len(words), quote=words
        )
    return call


@pytest.mark.parametrize("address", ["/companies/fjrd/", "/targets/"])
def test_a_call_stands_with_the_sentence_that_states_it_and_its_words_marked(client: Client, address: str) -> None:
    call = make_quoted_call(analysts=["Reg Smith", "Ada Quill"])
    page = read(client, address)
    assert page.words("blockquote") == [
        'Oakbridge rates Fjordbyte Mining "underweight" with a $39 target, while it trades at about $54.'
    ]
    assert page.words("mark") == ["underweight", "$39", "about $54"]
    assert page.words("figcaption") == ["Ada Quill, “Oakbridge cuts Fjordbyte”, The Hash Gazette, 10 Feb 2026"]
    assert page.words("p", "call-rating") == ["Underweight"]
    assert page.words("p", "call-target") == ["$39"]
    assert page.words("p", "call-upside") == ["−27.8 % vs ≈$54"]
    assert page.words("p", "call-date") == ["10 Feb 2026"]
    assert "Reg Smith, Ada Quill" in page.words("p", "call-who")[0]
    assert page.attributes("li", "call")[0]["id"] == f"call-{call.pk}"


CELLS = [
    ({"price": None, "price_approximate": False}, "$39", "upside —"),
    ({"price": Decimal("30"), "price_approximate": False}, "$39", "+30 % vs $30"),
    ({"price": Decimal("39"), "price_approximate": False}, "$39", "±0 % vs $39"),
    ({"target": Decimal("10.5"), "price": None}, "$10.50", "upside —"),
    ({"target": None}, "target —", "upside —"),
    ({"previous_target": Decimal("42")}, "$42 → $39", "−27.8 % vs ≈$54"),
    (
        {"target": None, "target_action": "removed", "previous_target": Decimal("42")},
        "target withdrawn, was $42",
        "upside —",
    ),
    ({"currency": "CAD"}, "C$39", "−27.8 % vs ≈C$54"),
    ({"currency": "GBX", "target": Decimal("1200"), "price": None}, "1,200p", "upside —"),
    ({"currency": "JPY", "price": None}, "JPY 39", "upside —"),
]


@pytest.mark.parametrize(("over", "target", "upside"), CELLS)
def test_what_is_not_known_of_a_call_is_a_dash(client: Client, over: dict[str, Any], target: str, upside: str) -> None:
    make_quoted_call(**over)
    page = read(client, "/companies/fjrd/")
    assert page.words("p", "call-target") == [target]
    assert page.words("p", "call-upside") == [upside]


def test_a_call_without_rating_shows_a_dash_and_one_with_a_previous_rating_shows_both(client: Client) -> None:
    make_call(rating="", rating_normalised="")
    make_call(firm=make_firm("Elm & Sons"), rating="hold", previous_rating="buy", called_on=dt.date(2026, 2, 1))
    assert read(client, "/companies/fjrd/").words("p", "call-rating") == ["rating —", "Hold from buy"]


def test_a_call_entered_by_hand_says_that_no_sentence_is_held(client: Client) -> None:
    Evidence.objects.filter(call=make_call()).delete()
    assert read(client, "/companies/fjrd/").words("p", "evidence") == ["Entered by an editor; no sentence held."]


def test_a_quote_is_never_longer_than_its_outlet_allows(client: Client) -> None:
    outlet = make_outlet("The Hash Gazette", maximum_quoted_words=5)
    quote = "It set a $12 price target on Fjordbyte Mining after a visit to the hall."
    make_call(document=make_document(f"Headline\n\n{quote}\n", outlet=outlet), quote=quote)
    assert read(client, "/companies/fjrd/").words("blockquote") == ["It set a $12 price …"]


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_a_call_that_is_not_accepted_is_nowhere(client: Client, status: str) -> None:
    make_company()
    article = make_article()
    make_quoted_call(
        firm=make_firm("Quibble Securities"),
        target=Decimal("777"),
        called_on=article.published_at.date(),
        status=status,
    )
    make_article(title="Fjordbyte Mining")
    for address in (
        "/",
        "/companies/",
        "/companies/fjrd/",
        "/targets/",
        "/search/?q=quibble",
        article.get_absolute_url(),
    ):
        markup = read(client, address).markup
        assert "Quibble Securities" not in markup
        assert "777" not in markup
    hidden = AnalystCall.objects.get()
    assert client.get(f"/targets/?before={hidden.pk}").status_code == 404


def figures(page: Page) -> dict[str, str]:
    return dict(zip(page.words("dt")[:5], page.words("dd")[:5], strict=True))


def make_calls(*targets: tuple[str, str, str]) -> None:
    """One accepted call a firm: (rating normalised, target, currency)."""
    for number, (rating, target, currency) in enumerate(targets):
        make_call(
            firm=make_firm(f"Firm {number}"),
            rating=rating,
            rating_normalised=rating,
            target=Decimal(target) if target else None,
            currency=currency,
        )


def test_two_ratings_make_no_consensus_and_three_do(client: Client) -> None:
    make_calls(("buy", "10", "USD"), ("buy", "20", "USD"))
    page = read(client, "/companies/fjrd/")
    assert "n = 2 targets in USD, accepted, last 12 months. Fewer than 3 ratings: no consensus label." in page.text
    assert "Consensus" not in page.text
    make_call(firm=make_firm("Elm & Sons"), rating="hold", rating_normalised="hold", target=Decimal("60"))
    page = read(client, "/companies/fjrd/")
    assert "n = 3 targets in USD, accepted, last 12 months. Consensus: buy." in page.text
    assert figures(page) == {
        "Mean target": "$30", "Median": "$20", "Low": "$10", "High": "$60", "Buy · hold · sell": "2 · 1 · 0"
    }  # fmt: skip


def test_currencies_are_never_averaged_together(client: Client) -> None:
    make_calls(("buy", "10", "USD"), ("buy", "20", "USD"), ("hold", "900", "CAD"))
    page = read(client, "/companies/fjrd/")
    assert figures(page)["Mean target"] == "$15"
    assert figures(page)["High"] == "$20"
    assert "n = 2 targets in USD" in page.text
    assert "1 in other currencies left out." in page.text
    assert page.attributes("svg")[0]["aria-label"] == "2 targets from $10 to $20, mean $15"
    assert "$15 2" in read(client, "/companies/").words("tr")[1]


def test_ratings_without_targets_give_dashes_and_no_chart(client: Client) -> None:
    make_calls(("sell", "", ""))
    page = read(client, "/companies/fjrd/")
    assert figures(page) == {
        "Mean target": "—", "Median": "—", "Low": "—", "High": "—", "Buy · hold · sell": "0 · 0 · 1"
    }  # fmt: skip
    assert "n = 0 targets, accepted" in page.text
    assert page.attributes("svg") == []


def test_only_the_latest_call_of_a_firm_within_a_year_counts(client: Client) -> None:
    make_call(target=Decimal("12"))
    make_call(target=Decimal("10"), called_on=NOW.date() - dt.timedelta(days=100))
    make_call(target=Decimal("90"), firm=make_firm("Elm & Sons"), called_on=NOW.date() - dt.timedelta(days=365))
    page = read(client, "/companies/fjrd/")
    assert figures(page)["Mean target"] == "$12"
    assert "n = 1 target in USD" in page.text
    assert page.words("p", "call-target") == ["$12", "$10", "$90"]
    assert page.words("h2", "label")[:2] == ["Analyst calls, latest of each firm", "Earlier calls"]
    assert read(client, "/companies/").words("tr")[1].startswith("Fjordbyte Mining FJRD $12 $12 $12 1")


def test_a_firm_that_speaks_often_does_not_push_another_out_of_the_figures(client: Client) -> None:
    make_call(firm=make_firm("Elm & Sons"), target=Decimal("20"), called_on=NOW.date() - dt.timedelta(days=300))
    for day in range(80):
        make_call(target=Decimal("10"), called_on=NOW.date() - dt.timedelta(days=day))
    page = read(client, "/companies/fjrd/")
    assert "n = 2 targets in USD" in page.text
    assert figures(page)["Mean target"] == "$15"
    assert page.words("p", "call-target")[:2] == ["$10", "$20"]
    assert "$15 2 10 Feb 2026" in read(client, "/companies/").words("tr")[1]


def test_the_share_price_is_dated_or_said_to_be_missing(client: Client) -> None:
    make_call()
    assert "None of these calls gives a share price." in read(client, "/companies/fjrd/").text
    make_quoted_call(firm=make_firm("Elm & Sons"))
    assert "Orange mark: share price ≈$54 on 10 Feb 2026." in read(client, "/companies/fjrd/").text


def test_a_company_without_calls_and_stories_says_so(client: Client) -> None:
    make_company()
    page = read(client, "/companies/fjrd/")
    assert page.words("p", "empty-line") == [
        "No analyst call on Fjordbyte Mining has been accepted in the last twelve months. "
        "Ratings and targets appear here with the sentence that states them.",
        "No published article names Fjordbyte Mining yet.",
    ]
    assert figures(page) == {
        "Legal name": "—", "Ticker": "FJRD", "Exchange": "Nasdaq", "Country": "—", "Website": "—"
    }  # fmt: skip


def test_a_company_has_its_names_facts_events_and_stories(client: Client) -> None:
    company = make_company(legal_name="Fjordbyte Mining ASA", country="NO", website="https://www.fjordbyte.example/")
    CompanyName.objects.create(company=company, name="Fjord Coal", kind="name", valid_to=dt.date(2021, 3, 1))
    for status, day in (("accepted", 20), ("accepted", 3), ("pending", 21), ("rejected", 22)):
        title = f"Earnings of {status} {day}"
        event = Event.objects.create(kind="earnings", date=dt.date(2026, 2, day), title=title, status=status)
        event.companies.add(company)
    make_article(title="Fjordbyte Mining opens a hall")
    page = read(client, "/companies/fjrd/")
    assert page.words("h1") == ["Fjordbyte Mining"]
    assert page.words("p", "kicker")[0] == "Nasdaq: FJRD"
    assert figures(page) == {
        "Legal name": "Fjordbyte Mining ASA", "Ticker": "FJRD", "Exchange": "Nasdaq", "Country": "NO",
        "Website": "fjordbyte.example",
    }  # fmt: skip
    names, events = page.words("ul", "names")
    assert names == "Fjord Coal until 1 Mar 2021 FJRD Nasdaq ticker"
    assert events == "20 Feb 2026 Earnings of accepted 20 3 Feb 2026 Earnings of accepted 3 past"
    assert page.headlines == ["Fjordbyte Mining opens a hall"]


def test_the_stream_of_targets_goes_on_where_a_page_ended(client: Client) -> None:
    for day in range(60):
        make_call(called_on=NOW.date() - dt.timedelta(days=day // 2), target=Decimal(100 + day), rating="buy")
    targets, address, pages = [], "/targets/", 0
    while address and pages < 5:
        page = read(client, address)
        targets.append(page.words("p", "call-target"))
        address = next((f"/targets/{link}" for words, link in page.links() if words == "Older →"), "")
        pages += 1
    assert [len(part) for part in targets] == [25, 25, 10]
    shown = [words for part in targets for words in part]
    assert len(set(shown)) == 60
    days = [int(words.removeprefix("$")) - 100 for words in shown]
    assert [day // 2 for day in days] == sorted(day // 2 for day in days)
    assert ("← Newest", "/targets/") in page.links()


def test_a_call_that_no_person_looked_at_says_so_and_one_that_was_reviewed_does_not(client: Client) -> None:
    call = make_call(origin="extracted")
    assert "accepted at import, not reviewed" in read(client, "/companies/fjrd/").text
    AnalystCall.objects.filter(pk=call.pk).update(reviewed_at=NOW)
    assert "accepted at import, not reviewed" not in read(client, "/companies/fjrd/").text


def test_a_call_that_an_editor_changed_does_not_pass_for_what_its_sentence_says(client: Client) -> None:
    call = make_call(origin="extracted")
    note = "Changed by an editor after it was read from these words."
    assert note not in read(client, "/companies/fjrd/").text
    AnalystCall.objects.filter(pk=call.pk).update(target=Decimal("14"))
    assert note in read(client, "/companies/fjrd/").text
