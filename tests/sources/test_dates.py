"""Dates as news texts write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.dates import days_in, month_number, read_date

NEAR = dt.date(2026, 2, 4)


@pytest.mark.parametrize(
    "text",
    [
        "Feb 04, 2026",
        "Feb. 4 2026",
        "February 4, 2026",
        "FEBRUARY 4 2026",
        "4 February 2026",
        "4th of Feb 2026",
        "Wednesday, February 4th, 2026",
        "2026-02-04",
        "2026-2-4T10:00",
        "Published 2026-02-04 10:00 UTC, updated Feb 5, 2026",
    ],
)
def test_the_fourth_of_february_is_read_however_it_is_written(text: str) -> None:
    assert read_date(text) == NEAR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "February 2026",
        "Feb 4",
        "Q4 2025",
        "04/02/2026",  # April or February, who knows
        "2026-02-30",
        "Feb 30, 2026",
        "2026-13-01",
        "12026-01-01",
        "2026-02-041",
        "Marching 5, 2025",
        "$2,026",
    ],
)
def test_what_is_no_full_and_possible_date_gives_none(text: str) -> None:
    assert read_date(text) is None


def test_the_first_of_two_dates_counts_whatever_their_forms() -> None:
    assert read_date("Updated 5 Feb 2026; first 2026-02-04") == dt.date(2026, 2, 5)


@settings(max_examples=60, deadline=None, database=None)
@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2100, 1, 1)))
def test_every_date_is_read_back_from_each_way_of_printing_it(day: dt.date) -> None:
    for form in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}", day.isoformat()):
        assert read_date(f"On {form} it was so") == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on February 20", [("February 20", dt.date(2026, 2, 20))]),
        ("Feb 5 or the 9th of March", [("Feb 5", dt.date(2026, 2, 5))]),
        ("on 20 February and Mar. 1", [("20 February", dt.date(2026, 2, 20)), ("Mar. 1", dt.date(2026, 3, 1))]),
        ("Dec 30", [("Dec 30", dt.date(2025, 12, 30))]),
        ("February 20th, 2025", [("February 20th, 2025", dt.date(2025, 2, 20))]),
        ("June 12 2027", [("June 12 2027", dt.date(2027, 6, 12))]),
        ("February 30", []),
        ("June 2027", []),
        ("in March 2026", []),
        ("Feb 29", []),  # no leap year within a year of it
        ("250 gigawatts", []),
        ("a 20 percent march", []),
    ],
)
def test_days_are_found_with_their_place_and_the_year_that_lies_nearest(
    text: str, expected: list[tuple[str, dt.date]]
) -> None:
    assert [(text[start:end], day) for start, end, day in days_in(text, NEAR)] == expected


def test_at_the_turn_of_the_year_the_nearest_year_may_be_the_next_one() -> None:
    assert [day for *_, day in days_in("January 3 and December 1", dt.date(2025, 12, 20))] == [
        dt.date(2026, 1, 3),
        dt.date(2025, 12, 1),
    ]


@pytest.mark.parametrize(("near", "text"), [(dt.date.min, "March 1"), (dt.date.max, "March 1")])
def test_the_ends_of_the_calendar_are_no_trouble(near: dt.date, text: str) -> None:
    assert [day.replace(year=2000) for *_, day in days_in(text, near)] == [dt.date(2000, 3, 1)]


@pytest.mark.parametrize(("name", "number"), [("january", 1), ("Sept", 9), ("MAY", 5), ("dec", 12)])
def test_months_are_known_by_their_first_three_letters(name: str, number: int) -> None:
    assert month_number(name) == number
