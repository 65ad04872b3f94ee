"""The shapes of real names, with the catalogue that ships: who is named, and who only seems to be."""

from __future__ import annotations

import pytest

from companies.names import NameFinder
from companies.shipped import shipped_catalogue

CATALOGUE = shipped_catalogue()
COMPANIES = NameFinder(CATALOGUE.company_names())
FIRMS = NameFinder(CATALOGUE.firm_names())


@pytest.mark.parametrize(
    "text",
    [
        "riot at the Capitol",
        "A Riot broke out",
        "RIOT GAMES sues",
        "miners CAN do it",
        "in ANY case, at ANY time",
        "a hive of bees",
        "Hive mind",
        "the galaxy is big",
        "a Galaxy phone",
        "the Boston Marathon",
        "PIZZA HUT",
        "the land of Canaan",
        "the Cipher text",
        "Argo, the film",
        "a Stronghold of the army",
        "North American Bitcoin miners",
        "North American Bitcoin Miners Wednesday",
        "American Bitcoin mining is growing",
        "bit digital assets",
        "mara is a river",
        "the core scientific question",
        "an applied digital world",
    ],
)
def test_words_that_look_like_a_company_name_nobody(text: str) -> None:
    assert COMPANIES.find(text).found == ()


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("Riot Platforms rose, and Riot fell.", ["RIOT", "RIOT"]),
        ("the former Riot Blockchain", ["RIOT"]),
        ("Canaan (NASDAQ: CAN)", ["CAN", "CAN"]),
        ("Sphere 3D, or ANY for short", ["ANY", "ANY"]),
        ("HIVE Digital Technologies and Hive", ["HIVE", "HIVE"]),
        ("TSXV: HIVE", ["HIVE"]),
        ("American Bitcoin (NASDAQ: ABTC)", ["ABTC", "ABTC"]),
        ("Marathon Digital Holdings, now MARA Holdings, or MARA", ["MARA", "MARA", "MARA"]),
        ("Cipher Mining's plan, and CIPHER", ["CIFR", "CIFR"]),
        ("Hut 8 and HUT", ["HUT", "HUT"]),
        ("IREN, formerly Iris Energy", ["IREN", "IREN"]),
        ("Galaxy Digital; Galaxy", ["GLXY", "GLXY"]),
        ("$RIOT and $CAN", ["RIOT", "CAN"]),
        ("LSE: ARB", ["ARBK"]),
        ("Bit Digital", ["BTBT"]),
    ],
)
def test_companies_are_found_under_present_and_former_names(text: str, owners: list[str]) -> None:
    assert [mention.owner for mention in COMPANIES.find(text).found] == owners


@pytest.mark.parametrize(
    ("text", "firms"),
    [
        ("Citi", ["Citi"]),
        ("Citigroup", ["Citi"]),
        ("Citizens JMP", ["Citizens JMP"]),
        ("Citizens and Citi", ["Citizens JMP", "Citi"]),
        ("JMP Securities and JPM", ["Citizens JMP", "J.P. Morgan"]),
        ("JPMorgan, JP Morgan and J.P. MORGAN", ["J.P. Morgan"] * 3),
        ("Morgan Stanley", ["Morgan Stanley"]),
        ("H.C. Wainwright & Co. and HCW", ["H.C. Wainwright"] * 2),
        ("B. Riley's note", ["B. Riley"]),
        ("Roth/MKM and Roth MKM", ["Roth Capital"] * 2),
        ("Keefe, Bruyette & Woods, or KBW", ["Keefe, Bruyette & Woods"] * 2),
        ("TD Cowen, or Cowen", ["TD Cowen"] * 2),
        ("Needham & Company", ["Needham"]),
        ("cities, citizens, a benchmark, a maxim, the cantor and Goldmann", []),
        ("JMP", []),
        ("Citibank", []),
    ],
)
def test_firms_are_found_under_each_spelling_and_not_under_anothers(text: str, firms: list[str]) -> None:
    assert [mention.owner for mention in FIRMS.find(text).found] == firms


def test_no_shipped_name_is_ambiguous() -> None:
    for known in (*CATALOGUE.company_names(), *CATALOGUE.firm_names()):
        assert COMPANIES.find(known.text).ambiguous == ()
        assert FIRMS.find(known.text).ambiguous == ()


@pytest.mark.parametrize("company", CATALOGUE.companies, ids=lambda company: company.ticker)
def test_every_shipped_company_is_found_by_its_listing(company) -> None:
    listing = f"{company.name} ({company.exchange.upper()}: {company.ticker})"
    assert COMPANIES.find(listing).owners() == (company.ticker,)


@pytest.mark.parametrize("firm", CATALOGUE.firms, ids=lambda firm: firm.name)
def test_every_shipped_firm_is_found_by_its_name_alone(firm) -> None:
    assert FIRMS.find(f"a note by {firm.name} says").owners() == (firm.name,)
