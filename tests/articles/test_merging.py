"""Three-way merge: the file then, the file now, the database."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.merging import Difference, differences, settled


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "conflict"),
    [
        ("a", "a", "a", None),  # nobody changed it
        ("a", "b", "a", None),  # an editor changed it, and the file says nothing new
        ("a", "b", "b", None),  # both came to the same
        ("a", "a", "b", False),  # the file changed it
        ("a", "c", "b", True),  # both did, differently
        (None, None, "b", False),
        ("a", None, "b", True),
        ([], [], ["b"], False),
        ({"x": [1]}, {"x": [1]}, {"x": [2]}, False),
    ],
)
def test_a_field_differs_only_where_the_file_says_something_new(
    base: Any, ours: Any, theirs: Any, conflict: bool | None
) -> None:
    found = differences({"title": base}, {"title": ours}, {"title": theirs})
    assert found == ([] if conflict is None else [Difference("title", base, ours, theirs, conflict)])


def test_fields_are_compared_one_by_one_in_the_order_of_the_file() -> None:
    base = {"title": "a", "tags": ["x"], "body": "b"}
    ours = {"title": "edited", "tags": ["x"], "body": "b"}
    theirs = {"body": "new", "tags": ["x"], "title": "new"}
    assert [(d.field, d.conflict) for d in differences(base, ours, theirs)] == [("body", False), ("title", True)]


def test_a_key_that_an_older_import_did_not_know_is_compared_with_nothing() -> None:
    (difference,) = differences({}, {"score": None}, {"score": 0.5})
    assert (difference.base, difference.conflict) == (None, False)


def test_a_difference_can_be_stored_as_a_record() -> None:
    assert Difference("title", "a", "c", "b", True).as_record() == {
        "field": "title",
        "base": "a",
        "ours": "c",
        "theirs": "b",
        "conflict": True,
        "settled": "",
    }


def test_a_settled_conflict_says_for_whom() -> None:
    assert settled(Difference("title", "a", "c", "b", True), "ours").as_record()["settled"] == "ours"


FIELDS = st.fixed_dictionaries({name: st.sampled_from(["a", "b", None]) for name in ("title", "body", "tags")})


@settings(max_examples=150, deadline=None, database=None)
@given(FIELDS, FIELDS, FIELDS)
def test_importing_the_result_again_finds_nothing_new(base: dict, ours: dict, theirs: dict) -> None:
    found = differences(base, ours, theirs)
    assert all(d.theirs not in (d.base, d.ours) for d in found)
    merged = {**ours, **{d.field: d.theirs for d in found if not d.conflict}}
    kept = {**theirs, **{d.field: d.base for d in found if d.conflict}}
    assert [d.field for d in differences(kept, merged, theirs)] == [d.field for d in found if d.conflict]
    assert differences(theirs, {**ours, **{d.field: d.theirs for d in found}}, theirs) == []
