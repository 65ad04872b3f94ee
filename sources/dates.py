"""Dates as news texts write them. Pure: what needs a "today" is given one."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"  # noqa: E501
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FORMS = [
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?:[T ]|\b)"),
    re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_DAY}(?:\s+of)?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
]
_DAY_OF_MONTH = re.compile(
    rf"\b(?:{_MONTH}\s+{_DAY}(?!\d)(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.replace('month', 'month2')}(?:\s+(?P<year2>\d{{4}}))?)\b",
    re.IGNORECASE,
)


def read_date(text: str) -> date | None:
    """The first full date in `text` ("Feb 04, 2026", "4 February 2026", "2026-02-04"), or None."""
    found = [(match.start(), match) for form in _FORMS if (match := form.search(text))]
    if not found:
        return None
    match = min(found, key=lambda pair: pair[0])[1]
    groups = match.groupdict()
    month = int(groups["number"]) if groups.get("number") else month_number(groups["month"])
    return _date(int(groups["year"]), month, int(groups["day"]))


def days_in(text: str, near: date) -> list[tuple[int, int, date]]:
    """Every "February 20" in `text` as (start, end, date); without a year, the one that lies nearest to `near`."""
    found = []
    for match in _DAY_OF_MONTH.finditer(text):
        groups = match.groupdict()
        month = month_number(groups["month"] or groups["month2"])
        day = int(groups["day"] or groups["day2"])
        year = groups["year"] or groups["year2"]
        years = [int(year)] if year else [near.year - 1, near.year, near.year + 1]
        dates = [value for y in years if (value := _date(y, month, day))]
        if dates:
            found.append((match.start(), match.end(), min(dates, key=lambda value: abs((value - near).days))))
    return found


def month_number(name: str) -> int:
    return next(index for index, month in enumerate(_MONTHS, 1) if month.startswith(name.lower()[:3]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
