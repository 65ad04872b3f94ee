"""Known names in a text: the longest, the owner beyond doubt, and nobody where there is doubt."""

from __future__ import annotations

import datetime as dt
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.names import KnownName, Mention, NameFinder, within
from tests.companies.invented import COMPANIES, FIRMS


def found(finder: NameFinder, text: str, on: dt.date | None = None) -> list[tuple[str, str]]:
    return [(mention.owner, text[mention.start : mention.end]) for mention in finder.find(text, on).found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fjordbyte Mining rose.", [("FJRD", "Fjordbyte Mining")]),
        ("FJORDBYTE MINING SOARS", [("FJRD", "FJORDBYTE MINING")]),
        ("Fjordbyte's hall, Fjordbyte’s hall", [("FJRD", "Fjordbyte"), ("FJRD", "Fjordbyte")]),
        ("Fjordbyte\nMining", [("FJRD", "Fjordbyte\nMining")]),
        ("FJRD and OHW", [("FJRD", "FJRD"), ("OHW", "OHW")]),
        ("(NASDAQ: FJRD)", [("FJRD", "FJRD")]),
        ("NYSE American:fjrd", [("FJRD", "fjrd")]),
        ("holders of $FJRD", [("FJRD", "$FJRD")]),
        ("Fjordbytes and Fjordbyte2 and xFJRD", []),
        ("fjordbyte mining", []),
        ("$FJRDX", []),
        ("NASDAQ: ZZZZ", []),
        ("", []),
    ],
)
def test_companies_are_found_by_name_and_ticker(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(COMPANIES, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oakbridge Partners and Oakbridge", ["Oakbridge Partners", "Oakbridge Partners"]),
        ("Halden & Rowe, formerly Halden", ["Halden & Rowe", "Halden & Rowe"]),
        ("Q.P. Marsh's note", ["Q.P. Marsh"]),
        ("QxP. Marsh", []),
        ("Oakbridges", []),
    ],
)
def test_firms_are_found_by_every_spelling(text: str, expected: list[str]) -> None:
    assert [owner for owner, _ in found(FIRMS, text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ostrava is a city.", []),
        ("Ostrava Hash Works is in Ostrava.", ["Ostrava Hash Works", "Ostrava"]),
        ("In Ostrava the works of OHW grew.", ["Ostrava", "OHW"]),
        ("PEAT is burnt.", []),
        ("Shares of PEAT rose (NYSE: PEAT).", ["PEAT", "PEAT"]),
        ("They bought $PEAT, and PEAT rose.", ["$PEAT", "PEAT"]),
    ],
)
def test_a_name_that_is_also_a_word_counts_only_beside_an_unmistakable_one(text: str, expected: list[str]) -> None:
    assert [name for _, name in found(COMPANIES, text)] == expected


TWINS = [
    KnownName("AAA", "Aurora"),
    KnownName("BBB", "Aurora"),
    KnownName("AAA", "Aurora Mining"),
    KnownName("BBB", "BBB", True),
]


def test_a_name_of_two_owners_belongs_to_neither_and_is_reported_once() -> None:
    mentions = NameFinder(TWINS).find("Aurora rose. Aurora fell.")
    assert mentions.found == ()
    assert mentions.ambiguous == ("Aurora",)


def test_a_name_of_two_owners_goes_to_the_one_that_the_text_names_beyond_doubt() -> None:
    assert found(NameFinder(TWINS), "Aurora Mining rose. Aurora rose.") == [("AAA", "Aurora Mining"), ("AAA", "Aurora")]
    assert found(NameFinder(TWINS), "Aurora (NASDAQ: BBB) rose.") == [("BBB", "Aurora"), ("BBB", "BBB")]


def test_a_name_stays_ambiguous_where_the_text_names_both_owners() -> None:
    mentions = NameFinder(TWINS).find("Aurora Mining and BBB. Aurora rose.")
    assert mentions.owners() == ("AAA", "BBB")
    assert mentions.ambiguous == ("Aurora",)


def test_the_day_of_the_text_decides_between_owners_of_one_name_at_different_times() -> None:
    finder = NameFinder(
        [
            KnownName("OLD", "Aurora", valid_to=dt.date(2024, 12, 31)),
            KnownName("NEW", "Aurora", valid_from=dt.date(2025, 1, 1)),
        ]
    )
    assert found(finder, "Aurora", dt.date(2024, 6, 1)) == [("OLD", "Aurora")]
    assert found(finder, "Aurora", dt.date(2024, 12, 31)) == [("OLD", "Aurora")]
    assert found(finder, "Aurora", dt.date(2025, 1, 1)) == [("NEW", "Aurora")]
    assert finder.find("Aurora").ambiguous == ("Aurora",)


def test_a_former_name_still_finds_its_only_owner_later() -> None:
    finder = NameFinder([KnownName("FJRD", "Fjord Coin", valid_to=dt.date(2020, 1, 1))])
    assert found(finder, "once called Fjord Coin", dt.date(2026, 2, 4)) == [("FJRD", "Fjord Coin")]


@pytest.mark.parametrize("region", ["North", "South", "Latin"])
def test_a_region_before_a_name_makes_it_part_of_another(region: str) -> None:
    finder = NameFinder([KnownName("ABTC", "American Bitcoin")])
    assert found(finder, f"{region} American Bitcoin miners") == []
    assert found(finder, "the American Bitcoin mine") == [("ABTC", "American Bitcoin")]


def test_the_longest_name_wins_whatever_the_order_they_are_given_in() -> None:
    names = [KnownName("A", "Hash"), KnownName("B", "Hash Works"), KnownName("C", "Hash Works North")]
    for order in (names, names[::-1]):
        assert found(NameFinder(order), "Hash Works North, Hash Works, Hash") == [
            ("C", "Hash Works North"),
            ("B", "Hash Works"),
            ("A", "Hash"),
        ]


def test_a_finder_of_no_names_finds_nobody() -> None:
    assert NameFinder([]).find("Fjordbyte (NASDAQ: FJRD)").found == ()


def test_names_with_the_signs_of_patterns_in_them_are_taken_literally() -> None:
    finder = NameFinder([KnownName("X", "C++ (Mining) [x]*?"), KnownName("Y", "$")])
    assert found(finder, "of C++ (Mining) [x]*? fame") == [("X", "C++ (Mining) [x]*?")]


def test_owners_are_listed_once_in_order_of_first_mention() -> None:
    assert COMPANIES.find("OHW, FJRD, Ostrava, OHW").owners() == ("OHW", "FJRD")


def test_mentions_within_a_part_are_those_that_begin_in_it() -> None:
    mentions = [Mention("A", 0, 3), Mention("B", 5, 8), Mention("C", 9, 12)]
    assert [m.owner for m in within(mentions, 0, 9)] == ["A", "B"]
    assert [m.owner for m in within(mentions, 1, 5)] == []
    assert [m.owner for m in within(mentions, 5, 100)] == ["B", "C"]


PIECES = [
    "Fjordbyte Mining",
    "Ostrava",
    "OHW",
    "NASDAQ: ",
    "$FJRD",
    "(",
    ")",
    " ",
    ", ",
    "PEAT",
    "x",
    "Hash",
    "\n",
    "North ",
]


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_mentions_stand_in_order_and_never_overlap(pieces: list[str]) -> None:
    text = "".join(pieces)
    mentions = COMPANIES.find(text).found
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in zip(mentions, mentions[1:], strict=False))


@pytest.mark.parametrize(
    "text",
    ["(NASDAQ: FJRD) " * 7_000, "(NASDAQ: " * 11_000, "$FJRD" * 20_000, "Fjordbyte " * 10_000, "North " * 17_000],
)
def test_hostile_texts_are_searched_quickly(text: str) -> None:
    started = process_time()
    COMPANIES.find(text)
    assert process_time() - started < 2
