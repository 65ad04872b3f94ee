"""One line about where an article came from, saying of what is not known that it is not."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from articles.provenance import Origin, provenance

MOMENT = dt.datetime(2026, 2, 4, 10, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        (Origin(), "From a source that is not recorded · no use of AI recorded · source text not held"),
        (Origin("Decrypt"), "From Decrypt · no use of AI recorded · source text not held"),
        (Origin("Decrypt", rewritten=False), "From Decrypt · not rewritten by AI · source text not held"),
        (Origin("Decrypt", rewritten=True), "Rewritten by AI from Decrypt · source text not held · model not recorded"),
        (
            Origin("Decrypt", rewritten=True, source_held=True, model="quill-7"),
            "Rewritten by AI from Decrypt · source text held · model quill-7",
        ),
        (
            Origin("Decrypt", translated_from="80000001"),
            "Translated by AI from Decrypt · source text not held · model not recorded",
        ),
        (
            Origin("", rewritten=True, translated_from="80000001"),
            "Rewritten and translated by AI from a source that is not recorded · source text not held · model not recorded",
        ),
    ],
)
def test_the_line_says_what_was_done_and_what_is_not_recorded(origin: Origin, line: str) -> None:
    assert provenance(origin).line == line


def test_everything_known_stands_in_the_rows() -> None:
    origin = Origin(
        outlet="Decrypt",
        source_url="https://gazette.example/a",
        source_held=True,
        rewritten=True,
        translated_from="80000001",
        model="quill-7",
        version="1",
        expanded_at=MOMENT,
        reviewed_by="Ada Quill",
        reviewed_at=MOMENT,
    )
    assert dict(provenance(origin).rows) == {
        "Source": "Decrypt",
        "Address of the source": "https://gazette.example/a",
        "Source text": "held, not published",
        "Rewritten by a machine": "yes",
        "Model": "quill-7",
        "Version of the rewriting": "1",
        "Rewritten at": MOMENT,
        "Translated from": "article 80000001",
        "Reviewed": "by Ada Quill",
        "Checked against the source": "not checked against source",
        "Reviewed at": MOMENT,
    }


def test_nothing_known_is_said_to_be_so_and_no_model_is_asked_for_where_none_was_at_work() -> None:
    assert dict(provenance(Origin()).rows) == {
        "Source": "not recorded",
        "Address of the source": "not recorded",
        "Source text": "not held",
        "Rewritten by a machine": "not recorded",
        "Reviewed": "not reviewed here",
        "Checked against the source": "not checked against source",
    }


@pytest.mark.parametrize(
    ("rewritten", "translated", "model", "held"),
    list(product([True, False, None], ["", "1"], ["", "quill-7"], [True, False])),
)
def test_line_and_rows_never_contradict_each_other(
    rewritten: bool | None, translated: str, model: str, held: bool
) -> None:
    told = provenance(Origin("Decrypt", source_held=held, rewritten=rewritten, translated_from=translated, model=model))
    rows = dict(told.rows)
    assert ("by AI from" in told.line) == bool(rewritten or translated)
    assert ("Model" in rows) == ("model" in told.line) == bool(rewritten or translated)
    assert ("Translated from" in rows) == ("ranslated" in told.line) == bool(translated)
    assert ("source text held" in told.line) == (rows["Source text"] == "held, not published") == held
    assert len(rows) == len(told.rows)
