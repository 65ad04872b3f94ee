"""The catalogue file: read strictly, each refusal naming its entry; and the one that ships."""

from __future__ import annotations

import datetime as dt

import pytest

from companies.catalogue import BadCatalogue, NameEntry, known_names, read_catalogue
from companies.names import KnownName
from companies.ratings import RATING_WORDS, fold
from companies.shipped import shipped_catalogue

GOOD = """
[[company]]
name = "Fjordbyte Mining"
ticker = "FJRD"
exchange = "Nasdaq"
country = "NO"
names = [
  { name = "Fjordbyte", needs_context = true },
  { name = "Fjord Coin", valid_to = 2020-01-31 },
  { name = "FJRD", kind = "ticker", exchange = "Nasdaq" },
]

[[firm]]
name = "Oakbridge Partners"
aliases = ["Oakbridge"]
rating_scale = { "sector weight" = "buy" }
"""
COMPANY = '[[company]]\nname = "Fjordbyte"\nticker = "FJRD"\n'


def test_a_catalogue_is_read_into_companies_and_firms() -> None:
    catalogue = read_catalogue(GOOD)
    (company,) = catalogue.companies
    assert (company.name, company.ticker, company.exchange, company.country, company.status, company.website) == (
        "Fjordbyte Mining", "FJRD", "Nasdaq", "NO", "listed", ""
    )  # fmt: skip
    assert company.names[1] == NameEntry("Fjord Coin", valid_to=dt.date(2020, 1, 31))
    assert [(firm.name, firm.aliases, firm.rating_scale) for firm in catalogue.firms] == [
        ("Oakbridge Partners", ("Oakbridge",), (("sector weight", "buy"),))
    ]


def test_a_catalogue_gives_every_name_to_look_for() -> None:
    catalogue = read_catalogue(GOOD)
    assert catalogue.company_names() == [
        KnownName("FJRD", "Fjordbyte Mining"),
        KnownName("FJRD", "Fjordbyte", needs_context=True),
        KnownName("FJRD", "Fjord Coin", valid_to=dt.date(2020, 1, 31)),
        KnownName("FJRD", "FJRD", ticker=True),
    ]
    assert [known.text for known in catalogue.firm_names()] == ["Oakbridge Partners", "Oakbridge"]


def test_a_main_name_that_is_listed_with_a_flag_is_not_also_looked_for_without_it() -> None:
    assert known_names("PEAT", "Peat", (NameEntry("Peat", needs_context=True),)) == [
        KnownName("PEAT", "Peat", needs_context=True)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "neither a [[company]] nor a [[firm]]"),
        ("# only a comment", "neither a [[company]] nor a [[firm]]"),
        ("[[company", "not valid TOML: "),
        ("[[miner]]\nname = 'x'", "unknown table 'miner'; [[company]] and [[firm]] are known"),
        ("[[company]]\nname = 'Fjordbyte'", "company 'Fjordbyte': ticker is missing"),
        ("[[company]]\nticker = 'FJRD'", "company 'FJRD': name is missing"),
        ("[[company]]\nname = ' '\nticker = 'FJRD'", "company ' ': name is missing"),
        ("[[company]]\nname = 7\nticker = 'FJRD'", "company 7: name is missing"),
        (COMPANY + "colour = 'red'", "company 'Fjordbyte': unknown key 'colour'"),
        (
            COMPANY + "status = 'bankrupt'",
            "company 'Fjordbyte': status must be listed, acquired or delisted, not 'bankrupt'",
        ),
        (COMPANY + "names = [{ name = 'F', colour = 1 }]", "company 'Fjordbyte', name 'F': unknown key 'colour'"),
        (COMPANY + "names = [{ kind = 'name' }]", "company 'Fjordbyte', name None: name is missing"),
        (
            COMPANY + "names = [{ name = 'F', kind = 'nick' }]",
            "company 'Fjordbyte', name 'F': kind must be name or ticker",
        ),
        (COMPANY + COMPANY, "the company 'Fjordbyte' stands twice"),
        (COMPANY + "[[company]]\nname = 'Other'\nticker = 'FJRD'", "the ticker 'FJRD' stands twice"),
        ("[[firm]]\naliases = []", "firm None: name is missing"),
        ("[[firm]]\nname = 'Oakbridge'\nscale = {}", "firm 'Oakbridge': unknown key 'scale'"),
        ("[[firm]]\nname = 'Oakbridge'\n[[firm]]\nname = 'Oakbridge'", "the firm 'Oakbridge' stands twice"),
    ],
)
def test_a_bad_catalogue_is_refused_with_the_entry_and_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(BadCatalogue) as refusal:
        read_catalogue(text)
    assert str(refusal.value).startswith(message)


def test_the_shipped_catalogue_has_the_companies_and_firms_promised() -> None:
    catalogue = shipped_catalogue()
    assert len(catalogue.companies) >= 24
    assert len(catalogue.firms) >= 25
    by_ticker = {company.ticker: company for company in catalogue.companies}
    assert {name.name for name in by_ticker["IREN"].names} >= {"Iris Energy"}
    assert all(len(company.country) in (0, 2) for company in catalogue.companies)


def test_the_shipped_rating_scales_use_folded_words_and_known_ratings() -> None:
    for firm in shipped_catalogue().firms:
        for word, rating in firm.rating_scale:
            assert word == fold(word)
            assert rating in RATING_WORDS
