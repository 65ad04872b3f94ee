"""The files of good/ and bad/: each good one gives the fields written beside it, each bad one the message and its line."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from articles.fields import read_fields
from articles.front_matter import BadFrontMatter, has_front_matter, split
from sources.encoding import UnreadableText, count_lines, decode

HERE = Path(__file__).parent
GOOD = sorted((HERE / "good").glob("*.md"))
BAD = sorted((HERE / "bad").glob("*.md"))


def plain(value: Any) -> Any:
    """A field as JSON has it."""
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def test_no_file_is_without_what_it_must_give() -> None:
    assert len(GOOD) >= 35
    assert len(BAD) >= 60
    assert {path.stem for path in GOOD} == {path.stem for path in (HERE / "good").glob("*.json")}
    assert {path.stem for path in BAD} == {path.stem for path in (HERE / "bad").glob("*.expected")}


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_gives_the_fields_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    text = decode(path.read_bytes())
    parsed = split(text)
    fields = {name: plain(value) for name, value in asdict(read_fields(parsed)).items()}
    assert {name: fields[name] for name in expected["fields"]} == expected["fields"]
    assert parsed.body_line == expected["body_line"]
    named = [[repair.line, name] for repair, name in zip(parsed.repairs, parsed.repaired_fields, strict=True)]
    assert named == expected["repairs"]
    assert has_front_matter(text)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_body_of_a_good_file_is_taken_over_to_the_letter(path: Path) -> None:
    text = decode(path.read_bytes())
    parsed = split(text)
    assert text.endswith(parsed.body)
    if parsed.body:
        assert count_lines(text[: -len(parsed.body)]) + 1 == parsed.body_line


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_gives_the_message_and_line_beside_it(path: Path) -> None:
    with pytest.raises((UnreadableText, BadFrontMatter)) as refusal:
        text = decode(path.read_bytes())
        assert has_front_matter(text)
        read_fields(split(text))
    message = f"line {refusal.value.line}: {refusal.value.reason}"
    assert message == path.with_suffix(".expected").read_text("utf-8").rstrip("\n")
