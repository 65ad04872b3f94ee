"""Writing headers: what is written reads back the same, and what was not to be changed is not, to the letter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from articles.front_matter import BadFrontMatter, find_header, split
from articles.header_writing import _yaml, rewritten, written
from sources.encoding import UnreadableText, decode
from tests.conftest import SAMPLES

HERE = Path(__file__).parent
FILES = [*sorted((HERE / "good").glob("*.md")), *sorted((SAMPLES / "articles").glob("*.md"))]

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.text("ab :#-'\"[]{},&*!|>%@`\\\n\r\t\x85\u2028\u2029\ufeff\x07\u200f\U0001f600Ã©â€¦", max_size=10),
    st.sampled_from(["null", "~", "yes", "1e3", "12:30", "---", "+++", "...", "", " ", " x", "x ", "cafÃ©", "a\n---\nb", "- a", "? a", "#", "A title, plain"]),
)  # fmt: skip
VALUES = st.recursive(
    TEXTS | st.integers() | st.booleans() | st.none() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def as_text(value: Any, without_null: bool = False) -> Any:
    if isinstance(value, dict):
        return {k: as_text(v, without_null) for k, v in value.items() if not (without_null and v is None)}
    if isinstance(value, list):
        return [as_text(v, without_null) for v in value if not (without_null and v is None)]
    return str(value).lower() if isinstance(value, bool) else None if value is None else str(value)


# written


def test_a_fresh_file_is_in_the_style_of_the_real_ones() -> None:
    text = written(
        {
            "title": "Bitcoin Miners Slide, Again", "description": "It's 7 %: “why”", "publishedAt": "2026-02-06T03:09:09.000Z",
            "externalId": "57776227", "source": {"name": "Decrypt", "key": "hash-gazette"}, "tags": ["BTC", "NO", "AI HPC", "3"],
            "stickyWeight": 0, "score": 0.5, "draft": False, "coverImage": None, "cta": [], "ai": {}, "odd": "a\tb\u200f",
            "steps": [{"name": "first", "took": [1]}, []],
        },
        "## Overview\n",
    )  # fmt: skip
    assert text == (
        "---\ntitle: Bitcoin Miners Slide, Again\ndescription: 'It''s 7 %: “why”'\npublishedAt: '2026-02-06T03:09:09.000Z'\n"
        "externalId: '57776227'\nsource:\n  name: Decrypt\n  key: hash-gazette\ntags:\n  - BTC\n  - 'NO'\n  - AI HPC\n  - '3'\n"
        'stickyWeight: 0\nscore: 0.5\ndraft: false\ncoverImage: null\ncta: []\nai: {}\nodd: "a\\tb\\u200f"\n'
        "steps:\n  - name: first\n    took:\n      - 1\n  - []\n---\n## Overview\n"
    )


def test_the_real_article_is_written_as_it_stands(seed: Callable[[str], Path]) -> None:
    text = decode(seed("000").read_bytes())
    parsed = split(text)
    header: dict[str, Any] = dict(parsed.header)
    header |= {"stickyWeight": 0, "score": 0, "draft": False}
    header["ai"] = {**header["ai"], "rewritten": True, "version": 1}
    assert written(header, parsed.body) == text.replace("â€¦", "…")


@settings(max_examples=400, deadline=None, database=None)
@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.text(max_size=20))
def test_whatever_is_written_reads_back_as_text(header: dict[str, Any], body: str) -> None:
    parsed = split(written(header, body))
    assert (parsed.header, parsed.body, parsed.repairs) == (as_text(header), body, ())
    assert list(parsed.header) == list(header)


def test_a_key_of_great_length_is_written_and_read() -> None:
    header: dict[str, Any] = {"k" * 3000: "x", "l:" * 2000: {"m" * 1500: ["y"]}}
    assert split(written(header, "")).header == header


@pytest.mark.parametrize("value", ["\0", "\ud800", ["a\0"], {"\0": 1}])
def test_what_no_header_can_hold_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="cannot stand in a header"):
        written({"a": value}, "")
    with pytest.raises(ValueError, match="cannot stand in a header"):
        rewritten("---\na: 1\n---\n", {"a": value})
    with pytest.raises(ValueError, match="cannot stand in a header"):
        rewritten("+++\na = 1\n+++\n", {"a": value})


# rewritten

ODD_YAML = """\ufeff
---  \r
# An article.\r
title: 'Old: one' # here
source:
    name:  "The Hash Gazette"   # kept\r
    # of the source

# About tags.
tags: [ A,
   "B" ]\r
summary: |+
  One.

  # Two.

\r
'quoted': >-
 folded
 text
# Last.\r
cta:
- Read on
-
--- \r
Body.\r---\n"""


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({}, "", ""),
        ({"title": "New"}, "title: 'Old: one' # here\n", "title: New\r\n"),
        ({"source": {"name": "A"}}, 'source:\n    name:  "The Hash Gazette"   # kept\r\n    # of the source\n', "source:\r\n  name: A\r\n"),
        ({"tags": ["C"]}, 'tags: [ A,\n   "B" ]\r\n', "tags:\r\n  - C\r\n"),
        ({"summary": "x\ny"}, "summary: |+\n  One.\n\n  # Two.\n", 'summary: "x\\ny"\r\n'),
        ({"quoted": None}, "'quoted': >-\n folded\n text\n", "quoted: null\r\n"),
        ({"cta": []}, "cta:\n- Read on\n-\n", "cta: []\r\n"),
        ({"new": 1, "gone": None}, "-\n--- \r\n", "-\nnew: 1\r\n--- \r\n"),
    ],
)  # fmt: skip
def test_only_the_lines_of_the_key_differ(changes: dict[str, Any], before: str, after: str) -> None:
    assert ODD_YAML.count(before) == 1 or not changes
    assert rewritten(ODD_YAML, changes) == ODD_YAML.replace(before, after)


ODD_TOML = """+++\r
# An article.\r
title = "Old" # here
"date" = 2026-02-04T10:00:00Z\r
tags = [
  "A", # first
]\r
ai.version = 1
weight = 1.50

[source] # of it
name = "The Hash Gazette"
# inside
key = 'k'\r

# About covers.\r
[coverImage]
raw = "x"
[source.more]
a = 1

# Last.\r
+++
Body.\r\n"""


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"title": 'New "one"\n'}, 'title = "Old" # here\n', 'title = "New \\"one\\"\\n"\r\n'),
        ({"date": "2026-02-05"}, '"date" = 2026-02-04T10:00:00Z\r\n', 'date = "2026-02-05"\r\n'),
        ({"tags": ["B", 1, True]}, 'tags = [\n  "A", # first\n]\r\n', 'tags = ["B", 1, true]\r\n'),
        ({"tags": None}, 'tags = [\n  "A", # first\n]\r\n', ""),
        ({"ai": {"version": 2}}, "ai.version = 1\n", "ai = {version = 2}\r\n"),
        ({"coverImage": {"raw": None, "full": "y"}}, '[coverImage]\nraw = "x"\n', '[coverImage]\r\nfull = "y"\r\n'),
        ({"coverImage": "none"}, 'weight = 1.50\n\n[source] # of it\nname = "The Hash Gazette"\n# inside\nkey = \'k\'\r\n\n# About covers.\r\n[coverImage]\nraw = "x"\n',
         'weight = 1.50\ncoverImage = "none"\r\n\n[source] # of it\nname = "The Hash Gazette"\n# inside\nkey = \'k\'\r\n\n# About covers.\r\n'),
        ({"draft": True, "gone": None}, "weight = 1.50\n", "weight = 1.50\ndraft = true\r\n"),
        ({"new": {"a b": [{"c": 1}]}}, "# Last.\r\n", '# Last.\r\n\r\n[new]\r\n"a b" = [{c = 1}]\r\n'),
    ],
)  # fmt: skip
def test_only_the_lines_of_the_key_differ_in_toml(changes: dict[str, Any], before: str, after: str) -> None:
    assert ODD_TOML.count(before) == 1
    assert rewritten(ODD_TOML, changes) == ODD_TOML.replace(before, after)


@pytest.mark.parametrize("text", [ODD_YAML, ODD_TOML])
def test_a_key_that_says_so_already_stays_as_it_is_written(text: str) -> None:
    assert rewritten(text, dict(split(text).header)) == text


def test_a_table_in_two_places_is_written_in_the_first() -> None:
    result = rewritten(ODD_TOML, {"source": {"name": "A", "more": {"b": 2}}})
    assert (
        '[source]\r\nname = "A"\r\n[source.more]\r\nb = 2\r\n\n# About covers.\r\n[coverImage]\nraw = "x"\n\n# Last.\r\n+++\n'
        in result
    )


@pytest.mark.parametrize(
    ("header", "anew"),
    [
        ("{title: a, score: 0.5, id: '0.5', b: [x, {y: true}], n: }", "title: New\nscore: 0.5\nid: 0.5\nb:\n  - x\n  - 'y': true\n'n': null\n"),
        ("  title: a\n  b: 'c d'", "title: New\nb: c d\n"),
        ("? title\n: a\n? b\n: c", "title: New\nb: c\n"),
        ("b: c\n? title\n: a", "b: c\ntitle: New\n"),
    ],
)  # fmt: skip
def test_an_odd_layout_is_written_anew_with_all_its_values(header: str, anew: str) -> None:
    assert rewritten(f"---\n{header}\n---\nbody", {"title": "New"}) == f"---\n{anew}---\nbody"


def test_a_toml_key_that_is_not_found_makes_the_header_be_written_anew() -> None:
    text = '+++\n# c\n"\\u0061" = 1.50\ntitle = "a"\nd = 2026-02-04\nt = [08:30:00]\n[b]\nc = 0x10\n+++'
    assert rewritten(text, {"title": "New", "n": None}) == (
        '+++\na = 1.50\ntitle = "New"\nd = 2026-02-04\nt = [08:30:00]\n[b]\nc = 16\n+++'
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("fence", "line"), [("---", "a: 1"), ("+++", "a = 1")])
def test_a_new_body_begins_on_its_own_line(fence: str, line: str, end: str) -> None:
    header = f"{fence}{end}{line}{end}{fence}"
    assert rewritten(header, {}, "Body\r\n\n") == f"{header}{end}Body\r\n\n"
    assert rewritten(header, {}, "") == header
    assert rewritten(f"{header} {end}Old", {}, "") == f"{header} {end}"
    assert rewritten(f"{header}{end}Old", {"a": "2"}, "New").endswith(f"{fence}{end}New")


def test_mojibake_that_is_meant_survives_the_repair_and_that_of_other_lines_stays() -> None:
    text = "---\na: x\nb: thatâ€¦\n---\nthatâ€¦"
    assert rewritten(text, {"a": "cafÃ©"}) == '---\na: "caf\\u00c3\\u00a9"\nb: thatâ€¦\n---\nthatâ€¦'
    assert split(rewritten(text, {"a": "cafÃ©"})).header == {"a": "cafÃ©", "b": "that…"}
    text = '+++\na = "x"\nb = "thatâ€¦"\n+++\n'
    assert split(rewritten(text, {"a": "cafÃ©"})).header == {"a": "cafÃ©", "b": "that…"}


def test_a_header_that_grows_too_large_or_too_deep_says_so() -> None:
    deep: Any = "x"
    for _ in range(25):
        deep = [deep]
    for text in ("---\na: 1\n---\n", "+++\na = 1\n+++\n"):
        with pytest.raises(BadFrontMatter, match="more than 65,536 bytes"):
            rewritten(text, {"a": "x" * 70_000})
        with pytest.raises(BadFrontMatter, match="more than 20 levels deep"):
            rewritten(text, {"a": deep})
    with pytest.raises(BadFrontMatter, match="does not begin"):
        rewritten("no header", {})


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_file_can_have_each_of_its_keys_changed(path: Path) -> None:
    text = decode(path.read_bytes())
    parsed = split(text)
    assert rewritten(text, {}) == text
    assert rewritten(text, {}, parsed.body) == text
    for key in parsed.header:
        for value in ("New: 'one'", None, ["a", {"b": "c"}], {"name": "x"}):
            again = split(rewritten(text, {key: value}))
            expected = {**parsed.header, key: value}
            if parsed.syntax == "toml" and value is None:
                del expected[key]
            assert again.header == expected
            assert again.body == parsed.body


# Pieces of a header of which we know, because we put them together, where each key begins and ends.
GAPS = st.lists(st.sampled_from(["", "# note", "#", "  ", "# a: b"]), max_size=2)
PIECES = st.sampled_from(
    ["{}: x", "{}:  'y' # c", "{}:", '{}: "a\n\n  b"', "{}: x\n  y\n\n  z", "{}:\n  a: 1\n  # in\n  b:\n  - 2", "{}:\n- 1\n-   - 2", "{}: |\n   a\n\n   b",
     "{}: >+\n a\n\n", "{}: [a,\n  b]", "{}: {{a: b}}", "'{}': x", '"{}" : x', "{}:\n\n\n  - 1", "{}: thatâ€¦", "{}: 'a\u2028b'", "{}: &", "{}:\n    \n    a: b"]
).filter(lambda piece: "&" not in piece)  # fmt: skip
KEYS = ["a", "bc", "d_e", "f.g", "title", "Ключ"]


def share_a_part(new: Any, old: Any) -> bool:
    return (
        isinstance(new, dict)
        and isinstance(old, dict)
        and any(new.get(key, ...) == value for key, value in old.items())
    )


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.lists(st.tuples(GAPS, PIECES), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.dictionaries(st.sampled_from([*KEYS, "new", "Нове", "x: y"]), VALUES, max_size=3),
    GAPS,
    st.sampled_from(["", "\ufeff", "\n\n"]),
)
def test_exactly_the_pieces_of_the_changed_keys_are_replaced(
    pieces: list[tuple[list[str], str]], end: str, changes: dict[str, Any], last_gap: list[str], start: str
) -> None:
    tail = "".join(f"{row}\n" for row in last_gap)
    whole = "".join(
        "".join(f"{row}\n" for row in gap) + f"{piece.format(key)}\n"
        for (gap, piece), key in zip(pieces, KEYS, strict=False)
    )
    old_text = f"{start}---\n{whole}{tail}---\nBody\n".replace("\n", end)
    header = split(old_text).header
    changes = {key: value for key, value in changes.items() if as_text(value) != header.get(key)}
    # A block of which a part stays is the next test's affair.
    assume(not any(share_a_part(as_text(value), header.get(key)) for key, value in changes.items()))
    after, known = [], set()
    for (gap, piece), key in zip(pieces, KEYS, strict=False):
        known.add(key)
        rows = "".join(f"{row}\n" for row in gap)
        old = f"{piece.format(key)}\n"
        kept = old.rstrip("\n") + "\n"
        # Blank lines at the end of a value are the gap before the next key.
        after.append(rows + (_yaml({key: changes[key]}) + old[len(kept) :] if key in changes else old))
    added = {key: value for key, value in changes.items() if key not in known and value is not None}
    new_text = f"{start}---\n{''.join(after)}{tail}{_yaml(added) if added else ''}---\nBody\n".replace("\n", end)
    result = rewritten(old_text, changes)
    assert result == new_text
    assert split(result).header == {
        **header,
        **{k: as_text(v) for k, v in changes.items() if v is not None or k in known},
    }


TOML_PIECES = st.sampled_from(
    [
        '{} = "x"',
        "{} = [\n  1, # c\n\n]",
        "{}.a = 1\n{}.b = 2",
        "{} = 1.50 # c",
        '{} = """\n# x\n[y]\n"""',
        "{} = 2026-02-04",
    ]
)
TOML_TABLES = st.sampled_from(
    ["[{}]", "[{}]\na = 1\n# in\nb = 'x'", "[{}]\na = 1\n[{}.b]\nc = 1", "[[{}]]\na = 1\n[[{}]]\na = 2"]
)
TOML_KEYS = ["a", "bc", "d_e", "title"]
TABLE_KEYS = ["source", "t-1", '"q x"']


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.lists(st.tuples(GAPS, TOML_PIECES), max_size=4),
    st.lists(st.tuples(GAPS, TOML_TABLES), max_size=3),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.dictionaries(st.sampled_from([*TOML_KEYS, "source", "q x", "new"]), VALUES, max_size=3),
)
def test_every_line_of_toml_that_belongs_to_no_changed_key_stays_in_its_order(
    pieces: list[tuple[list[str], str]], tables: list[tuple[list[str], str]], end: str, changes: dict[str, Any]
) -> None:
    named = [*zip(pieces, TOML_KEYS, strict=False), *zip(tables, TABLE_KEYS, strict=False)]
    if not named:
        return
    chunks = [(gap, piece.replace("{}", key), key.strip('"')) for (gap, piece), key in named]
    header = "".join("".join(f"{row}\n" for row in gap) + piece + "\n" for gap, piece, _ in chunks)
    text = f"+++\n{header}+++\nBody\n".replace("\n", end)
    old = split(text).header
    expected = {**old, **{k: as_text(v, without_null=True) for k, v in changes.items()}}
    if not any(value is not None for value in expected.values()):
        with pytest.raises(BadFrontMatter, match="the header is empty"):
            rewritten(text, changes)
        return
    result = rewritten(text, changes)
    assert split(result).header == {k: v for k, v in expected.items() if v is not None}
    place = find_header(result)
    position = place.start
    for gap, piece, key in chunks:
        for row in [*gap, *([] if key in changes else [piece])]:
            if row.strip():
                found = result.find(f"{row}\n".replace("\n", end), position)
                assert found >= position
                position = found + len(row)


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.sampled_from(["a: 1", "b: {c: [d]}", "- x", "e: |", "  f", "'g': h", "# i", "", "{a: b}", "  a: 1", "? j", ": k", "...", "l:", "\ufeff"]), max_size=7),
       st.dictionaries(st.sampled_from(["a", "b", "e", "new"]), VALUES, max_size=2), st.sampled_from(["\n", "\r\n", "\r"]))  # fmt: skip
def test_any_header_that_can_be_read_can_be_rewritten(lines: list[str], changes: dict[str, Any], end: str) -> None:
    text = end.join(["---", *lines, "---", "body"])
    try:
        old = split(text)
    except (BadFrontMatter, UnreadableText):
        return
    new = split(rewritten(text, changes))
    assert new.header == {
        **old.header,
        **{k: as_text(v) for k, v in changes.items() if v is not None or k in old.header},
    }
    assert new.body == old.body


def test_of_a_block_of_keys_only_the_lines_of_the_inner_key_differ() -> None:
    text = "---\ntitle: x\nai:\n    # on top\n    rewritten: 'true'\n\n    version:  1 # one\n    note:\n      - a\n      - b\nz: y\n---\nBody\n"
    whole = {"rewritten": "true", "version": "1", "note": ["a", "b"]}
    assert rewritten(text, {"ai": {**whole, "version": 2}}) == text.replace("version:  1 # one", "version: 2")
    assert rewritten(text, {"ai": {**whole, "note": ["a"]}}) == text.replace("      - a\n      - b\n", "      - a\n")
    assert rewritten(text, {"ai": {**whole, "new": "word"}}) == text.replace(
        "      - b\n", "      - b\n    new: word\n"
    )
    without = {key: value for key, value in whole.items() if key != "version"}
    assert rewritten(text, {"ai": without}) == text.replace("    version:  1 # one\n", "")


@pytest.mark.parametrize(
    "block", ["ai: {rewritten: true, version: 1}\n", "ai:\n  rewritten: true\n# left\n  version: 1\n"]
)
def test_a_block_that_is_laid_out_otherwise_is_written_anew(block: str) -> None:
    text = f"---\ntitle: x\n{block}z: y\n---\nBody\n"
    result = rewritten(text, {"ai": {"rewritten": "true", "version": "2"}})
    assert split(result).header == {"title": "x", "ai": {"rewritten": "true", "version": "2"}, "z": "y"}
