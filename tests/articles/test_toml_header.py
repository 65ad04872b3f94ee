"""TOML headers: the same text values as from YAML, each refusal with its line, and nothing that takes long."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.fields import read_fields
from articles.front_matter import MAXIMUM_HEADER_BYTES, BadFrontMatter, split
from articles.header_writing import _toml_lines
from articles.toml_header import Extent, extents_of


def toml(source: str) -> str:
    return f"+++\n{source}\n+++\nbody\n"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"NO"', "NO"), ("'a\\b'", "a\\b"), ('"a\\u00e9\\n"', "aé\n"), ("true", "true"), ("false", "false"), ("7_0", "70"),
        ("1.10", "1.10"), ("1e3", "1e3"), ("-inf", "-inf"), ("0x1F", "31"), ("2026-02-04", "2026-02-04"), ("08:30:00", "08:30:00"),
        ("2026-02-04T10:00:00Z", "2026-02-04T10:00:00+00:00"), ("2026-02-04 10:00:00.5+02:00", "2026-02-04T10:00:00.500000+02:00"),
        ("2026-02-04T10:00:00", "2026-02-04T10:00:00"), ('"null"', "null"), ('""', ""), ('["a", 1, [true]]', ["a", "1", ["true"]]),
        ("{b = 1, c.d = 'x'}", {"b": "1", "c": {"d": "x"}}), ("[]", []), ("{}", {}), ('"""\none\n  two"""', "one\n  two"),
        ("[{n = 1}, {n = 2}]", [{"n": "1"}, {"n": "2"}]),
    ],
)  # fmt: skip
def test_every_value_becomes_text(written: str, text: object) -> None:
    parsed = split(toml(f"a = {written}"))
    assert (parsed.header, parsed.syntax, parsed.body) == ({"a": text}, "toml", "body\n")


def test_yaml_says_that_it_is_yaml() -> None:
    assert split("---\na: 1\n---\n").syntax == "yaml"


def test_the_lines_of_keys_are_known() -> None:
    source = '# top\na = 1\n\n"b.c" = [\n  1, # =\n]\nd.e = """\n[no]\nx = 1\n"""\n[f]\ng = "["\n[f.h]\ni = {j = 1}\n[[k]]\nl = 1\n[[k]]\nl = 2'
    assert split(toml(source)).lines == {
        "a": 3, "b.c": 5, "d": 8, "d.e": 8, "f": 12, "f.g": 13, "f.h": 14, "f.h.i": 15, "k": 18, "k.l": 19,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("a = 1\na = 2", 3, "not valid TOML: Cannot overwrite a value"),
        ("a = ", 2, "not valid TOML: Invalid value"),
        ('a = "x', 2, "not valid TOML: Illegal character '\\n'"),
        ('a = 1\nb = """x', 3, "not valid TOML: Unterminated string"),
        ("a = [1,\n2", 3, "not valid TOML: Unclosed array"),
        ("a = 1\n\n\nb = \x01", 5, "not valid TOML: Invalid value"),
        ("a = 2026-02-30", 2, "not valid TOML: Invalid date or datetime"),
        ("", 2, "the header is empty"),
        ("# nothing", 2, "the header is empty"),
        ('a = 1\nb = "\\u0000"', 3, "the character U+0000 is not allowed"),
        ('a = 1\n[b]\nc = ["\\u0000"]', 4, "the character U+0000 is not allowed"),
        ('"\\u0000" = 1', 2, "the character U+0000 is not allowed"),
        ("a = 1\nb = " + "9" * 5000, 2, "not valid TOML: it holds a value without end"),
        ("a = 1\nb = 0x" + "f" * 5000, 3, "not valid TOML: it holds a value without end"),
        ("a = 1\nb = " + "[" * 20 + "]" * 20, 3, "more than 20 levels deep"),
        ("a = 1\nb = [\n" + "{a=" * 20 + "1" + "}" * 20 + "]", 4, "more than 20 levels deep"),
        ("a = 1\n" + ".".join("b" * 21) + " = 1", 3, "more than 20 levels deep"),
        ("a = 1\n[" + ".".join("b" * 19) + "]\nc = 1", 4, "more than 20 levels deep"),
        ("a = 1\n[" + ".".join("b" * 15) + "]\nc = " + "[" * 5 + "]" * 5, 4, "more than 20 levels deep"),
    ],
)
def test_a_refusal_names_the_line(source: str, line: int, reason: str) -> None:
    with pytest.raises(BadFrontMatter) as refusal:
        split(toml(source))
    assert (refusal.value.line, refusal.value.reason) == (line, reason)


@pytest.mark.parametrize(
    "source", ["a = " + "[" * 19 + "]" * 19, ".".join("b" * 19) + " = 1", "[" + ".".join("b" * 18) + "]\nc = 1"]
)
def test_twenty_levels_are_read(source: str) -> None:
    assert split(toml(source)).header


@pytest.mark.parametrize("source", ["a = '[[[[[[[[[[[[[[[[[[[[[[[[['", "a = '" + "." * 40 + "'", "a = 1 # " + "[." * 40,
                                    'a = """\n' + "[\n." * 40 + '"""', "a = '''\n" + "[." * 40 + "''''", 'a = "\\"' + "[." * 40 + '"'])  # fmt: skip
def test_what_stands_in_strings_and_comments_makes_nothing_deep(source: str) -> None:
    assert list(split(toml(source)).header) == ["a"]


def test_the_fields_of_a_bad_value_name_its_line() -> None:
    with pytest.raises(BadFrontMatter) as refusal:
        read_fields(
            split(toml("title = 'A'\npublishedAt = 2026-02-04\nexternalId = 7\ncategory = 'B'\n\n[source]\nurl = 'x'"))
        )
    assert (refusal.value.line, refusal.value.reason) == (8, "source.url must be an http or https address, not 'x'")


def test_where_keys_stand_is_known_for_rewriting() -> None:
    source = "# a\nb = 1\nc = [\n]\n\n[d]\ne = 1\n# in d\nf = 2\n# after d\n[g]\n[d.h]\n"
    assert extents_of(source) == [
        Extent("b", 1, 2, False), Extent("c", 2, 4, False), Extent("d", 5, 9, True), Extent("g", 10, 11, True), Extent("d", 11, 12, True),
    ]  # fmt: skip
    assert extents_of('"\\u0061" = 1\n') is None


HOSTILE = {
    "lists": "a = " + "[" * 60_000,
    "nested-lists": "a = " + "[" * 30_000 + "]" * 30_000,
    "tables-inside": "a = " + "{a = " * 12_000,
    "dotted-key": "a" + ".a" * 30_000 + " = 1",
    "dotted-keys": "".join(f"k{i}" + ".a" * 17 + " = 1\n" for i in range(1_500)),
    "dotted-table": "[a" + ".a" * 30_000 + "]",
    "tables": "".join(f"[t{i}]\n" for i in range(7_000)),
    "subtables": "".join(f"[t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t{i}]\n" for i in range(1_500)),
    "arrays-of-tables": "[[a]]\n" * 10_000,
    "arrays-of-arrays-of-tables": "[[a]]\n[[a.b]]\n" * 4_000,
    "keys": "".join(f"k{i} = 1\n" for i in range(5_500)),
    "double-quotes": '"' * 60_000,
    "single-quotes": "'" * 60_000,
    "triple-quotes-with-escapes": 'a = """' + '\\"""' * 15_000,
    "quote-starts": 'a = """' + '""" """\\' * 8_000,
    "backslashes": 'a = "' + "\\" * 60_000,
    "equals": "=" * 60_000,
    "comments": "#\n" * 30_000,
    "blanks": "a = " + " " * 60_000,
    "newlines": "a = [" + "\n" * 60_000,
    "lone-returns": "a = [" + "\r" * 60_000,
    "digits": "a = " + "9" * 60_000,
    "hexadecimal": "a = 0x" + "f" * 60_000,
    "underscores": "a = 1" + "_1" * 30_000,
    "numbers": "a = [" + "1," * 30_000 + "]",
    "mojibake": "cafÃ© = 1\n" * 5_400,
    "one-line-of-mojibake": 'a = "' + "Ã©" * 16_000 + '"',
    "key-parts": '"a".' * 15_000,
    "key-without-value": "a " * 30_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_headers_are_read_or_refused_quickly(source: str) -> None:
    assert len(source.encode()) <= MAXIMUM_HEADER_BYTES
    started = process_time()
    try:
        split(toml(source))
    except BadFrontMatter as refusal:
        assert len(refusal.reason) < 200
    assert process_time() - started < 1


KEYS = st.text("ab-_.\"' é", min_size=1, max_size=4)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        TEXTS | st.integers() | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=6,
    ),
    min_size=1,
    max_size=4,
)


def as_text(value: object) -> object:
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=150, deadline=None, database=None)
@given(TREES)
def test_any_tree_comes_back_as_text_with_lines_that_it_has(tree: dict[str, object]) -> None:
    text = toml("\n".join(_toml_lines([], tree)))
    parsed = split(text)
    assert parsed.header == as_text(tree)
    assert all(2 <= line < parsed.body_line for line in parsed.lines.values())
