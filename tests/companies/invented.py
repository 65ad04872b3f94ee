"""Invented companies and firms, and texts read for their calls in one line each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from companies.calls import Call, extract
from companies.names import KnownName, NameFinder

DAY = dt.date(2026, 2, 4)
COMPANIES = NameFinder(
    [
        KnownName("FJRD", "Fjordbyte Mining"),
        KnownName("FJRD", "Fjordbyte"),
        KnownName("FJRD", "FJRD", ticker=True),
        KnownName("OHW", "Ostrava Hash Works"),
        KnownName("OHW", "Ostrava", needs_context=True),
        KnownName("OHW", "OHW", ticker=True),
        KnownName("PEAT", "Peat Bog Power"),
        KnownName("PEAT", "PEAT", ticker=True, needs_context=True),
    ]
)
FIRMS = NameFinder(
    [
        KnownName("Oakbridge Partners", "Oakbridge Partners"),
        KnownName("Oakbridge Partners", "Oakbridge"),
        KnownName("Halden & Rowe", "Halden & Rowe"),
        KnownName("Halden & Rowe", "Halden"),
        KnownName("Q.P. Marsh", "Q.P. Marsh"),
    ]
)


def paragraphs_of(text: str) -> list[tuple[int, int]]:
    """The offsets of the paragraphs of a text, which blank lines part."""
    found, position = [], 0
    for paragraph in text.split("\n\n"):
        found.append((position, position + len(paragraph)))
        position += len(paragraph) + 2
    return found


def calls_in(text: str) -> tuple[Call, ...]:
    return extract(text, paragraphs_of(text), COMPANIES, FIRMS, DAY)


def told(call: Call) -> dict[str, Any]:
    """What a call says, without what it leaves open: {"firm": …, "ticker": …, "rating": …}."""
    values = {
        "firm": call.firm.split()[0],
        "ticker": call.ticker,
        "rating": call.rating,
        "prev_rating": call.prev_rating,
        "target": str(call.target) if call.target is not None else None,
        "prev_target": str(call.prev_target) if call.prev_target is not None else None,
        "currency": call.currency,
        "price": (("≈" if call.price_approximate else "") + str(call.price)) if call.price is not None else None,
        "action": call.action,
        "analysts": call.analysts,
    }
    return {key: value for key, value in values.items() if value not in (None, ())}
