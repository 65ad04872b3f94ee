"""The documents in samples/: each gives exactly the calls that its author meant, no more and no fewer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companies.extraction import Extractor
from companies.shipped import shipped_catalogue
from sources.encoding import decode
from tests.conftest import SAMPLES

EXPECTED = json.loads(Path(__file__).with_name("sample_calls.json").read_text("utf-8"))
FIELDS = ("firm", "ticker", "rating", "prev_rating", "target", "prev_target", "price")
EXTRACTOR = Extractor.of(shipped_catalogue())


def test_every_sample_document_has_its_calls_written_down() -> None:
    assert {path.name for path in (SAMPLES / "documents").iterdir()} == EXPECTED.keys()
    assert sum(map(len, EXPECTED.values())) >= 40
    calls = [call for calls in EXPECTED.values() for call in calls]
    assert len({call["ticker"] for call in calls}) >= 8
    assert len({call["firm"] for call in calls}) >= 8


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_document_gives_exactly_its_calls(name: str) -> None:
    text = decode((SAMPLES / "documents" / name).read_bytes())
    record = EXTRACTOR.read(text).as_record(name)
    found = [{field: call[field] for field in FIELDS} for call in record["calls"]]
    by_pair = lambda call: (call["firm"], call["ticker"])  # noqa: E731
    assert sorted(found, key=by_pair) == sorted(EXPECTED[name], key=by_pair)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_evidence_of_a_sample_document_is_really_at_its_offsets(name: str) -> None:
    text = decode((SAMPLES / "documents" / name).read_bytes())
    for call in EXTRACTOR.read(text).as_record(name)["calls"]:
        assert {"firm", "company"} <= {span["field"] for span in call["evidence"]}
        for span in call["evidence"]:
            assert text[span["start"] : span["end"]] == span["quote"]
        given = {
            field for field in ("rating", "prev_rating", "target", "prev_target", "price") if call[field] is not None
        }
        assert given == {span["field"] for span in call["evidence"]} - {"firm", "company", "analyst"}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_document_is_dated_by_its_name_and_has_its_furniture_apart(name: str) -> None:
    text = decode((SAMPLES / "documents" / name).read_bytes())
    extraction = EXTRACTOR.read(text)
    assert extraction.published_on is not None
    assert extraction.published_on.isoformat() == name[:10]
    quoted = " ".join(span.quote for call in extraction.calls for span in call.statements)
    for word in ("Sign up", "Sponsored", "RELATED", "Privacy"):
        assert word not in quoted
