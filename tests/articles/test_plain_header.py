"""The quick reader: whatever it reads, the reader of all YAML reads exactly so; and it reads what people write."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.front_matter import BadFrontMatter, find_header, read_events
from articles.plain_header import read_plain
from sources.encoding import UnreadableText, decode, repair_lines
from tests.conftest import SAMPLES

HERE = Path(__file__).parent
BENCH = HERE.parents[1] / "bench"
FILES = sorted([*(HERE / "good").glob("*.md"), *(HERE / "bad").glob("*.md"), *(SAMPLES / "articles").glob("*.md")])


def agree(source: str, first_line: int = 2) -> bool:
    """Whether the quick reader reads `source`; then the other one must give the same, in the same order."""
    quick = read_plain(source, first_line)
    if quick is None:
        return False
    header, lines = read_events(source, first_line)
    assert (list(quick[0].items()), list(quick[1].items())) == (list(header.items()), list(lines.items()))
    for key, value in header.items():
        if isinstance(value, dict):
            nested = quick[0][key]
            assert isinstance(nested, dict)
            assert list(nested) == list(value)
    return True


def header_of(text: str) -> str:
    place = find_header(text)
    return repair_lines(text[place.start : place.end])[0]


@pytest.mark.parametrize(
    "source",
    [
        "a: 1\n", "a: 1", "a: 1\r\nb: 2\r\n", "a:\n", "a:\nb: x\n", "a: x y  z\n", "a: x:y#z\n", "a: -1.5\n", "a: https://x.example/?a=b#c\n",
        "a: ''\n", "a: 'it''s: # one'\n", "a: ' x '\n", 'a: ""\n', 'a: "x \\"y\\" \\\\ \\/ \\n \\t: #"\n', "a: []\n", "a: [b]\n",
        "a: [b, c d,e-f, null, 1.5]\n", "a:\n  b: c\n  d:\n  e: [f]\n", "a:\n  - b\n  - 'c: d'\n", "a:\n- b\n- -1\n- [c]\nd: e\n",
        "# note\n\na: b\n  # note\n\n# note\nc:\n  # note\n\n  d: e\n", "a: null\nb: ~\nc: 'null'\nd:\n  e: NULL\n", "null_: x\nNo: y\n",
        "a.b: x\na:\n  b: y\nc-d_e: z\n", "a: це — “так”…\n", "a: \U0001f600 ok\n", "a: x, y] } z\n", "a: x - y ? z ! @ % & * `\n",
    ],
)  # fmt: skip
def test_a_plain_header_is_read(source: str) -> None:
    assert agree(source)


@pytest.mark.parametrize(
    "source",
    [
        "", "\n", "# note\n", "a\n", "- a\n", "a: b: c\n", "a: b #c\n", "a: b:\n", "a: b \n", "a: \n", "a:  b\n", "a : b\n", " a: b\n",
        "a: &b c\n", "a: *b\n", "a: !c d\n", "a: |\n  b\n", "a: >\n  b\n", "a: b\n  c\n", "a: 'b\n  c'\n", 'a: "b\n  c"\n', "a: {b: c}\n",
        "? a\n: b\n", "a: 1\na: 2\n", "a:\n  b: 1\n  b: 2\n", "a:\n  b:\n    c: d\n", "a:\n  b:\n  - c\n", "a:\n - b\n", "a:\n  - b\n- c\n",
        "a:\n- b\n  - c\n", "a:\n  - b\n  c: d\n", "a:\n  b: c\n  - d\n", "a: 1\n  b: 2\n", "a: 1\n- b\n", "a: '\n", "a: 'b' c\n", "a: 'b'c'\n",
        'a: "\\x41"\n', 'a: "\\u0041"\n', 'a: "\\0"\n', 'a: "\\q"\n', "a: [b: c]\n", "a: [b, 'c']\n", "a: [b,]\n", "a: [,]\n", "a: [[b]]\n",
        "a: [b #c]\n", "a: [12:30]\n", "a:\n  - \n", "a:\n  -\n", "a:\n  - b: c\n", "a:\n  - - b\n", "a: - b\n", "a: -\n", "a: @b\n", "a: `b\n",
        "a: %b\n", "a: ,b\n", "a: ?b\n", "a: :b\n", "a:\tb\n", "a: b\tc\n", "a: b\x85c\n", "a: b\u2028c\n", "a: b\u2029c\n", "\ufeffa: b\n",
        "a: b\ufeffc\n", "a: b\x01\n", "a: b\x7f\n", "a: b\rc: d\n", "a: b\u00a0c\n", "a: b\ufffec\n", "null: a\n", "Null: a\n", "a:\n  null: b\n",
        "---\na: b\n", "a: b\n...\n", "...\na: b\n", "%YAML 1.1\n", "a: b\n---\nc: d\n", "'a': b\n", '"a": b\n', "ключ: b\n", "a" * 101 + ": b\n",
        "a: b\n \nc: d\n", "<<: a\n", "a:b\n",
    ],
)  # fmt: skip
def test_the_slightest_doubt_is_left_to_the_other_reader(source: str) -> None:
    assert read_plain(source, 2) is None


SCALARS = st.sampled_from(
    ["x", "two words", "NO", "null", "~", "1e3", "12:30", "-5", "- x", "''", "'it''s'", "' a: b #c '", '""', '"q\\"\\n"', '"\\x41"', "[]",
     "[a, b]", "[a,b c]", "[a, null]", "{}", "{a: b}", "a: b", "a #b", "a#b", "a:b", "b:", "&a b", "*a", "!t b", "|", ">-", "це…", "é\u00a0x", "", " ", "x ",
     "@x", "#x", "https://x.example/a?b=c&d#e", "'x", '"x', "x'", "]", "x, y", "\u2028", "=", "<<", "---", "...", "- - x", "? x", "%x", "-", "--", "-a"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["a", "b", "c_d", "a.b", "e-f", "title", "null", "NO", "1", "'q'", "?", "<<", "Ключ", "a b", "-", ""]
)
LINES = st.one_of(
    st.builds("{}: {}".format, KEYS, SCALARS),
    st.builds("{}:".format, KEYS),
    st.builds("  {}: {}".format, KEYS, SCALARS),
    st.builds("  {}:".format, KEYS),
    st.builds("  - {}".format, SCALARS),
    st.builds("- {}".format, SCALARS),
    st.sampled_from(["", "# note", "  # note", " ", "    x", "   - x", "    a: b", "\ta", "...", "---", "x", "'", "]"]),
)
PLAIN_LINES = st.one_of(
    st.builds(
        "{}: {}".format,
        st.text("abcdef_", min_size=1, max_size=4),
        st.sampled_from(["x", "'y'", '"z"', "[p, q]", "-1", "null"]),
    ),
    st.builds(
        "{}:\n  {}: x\n  {}: 'y'".format,
        st.text("gh", min_size=1),
        st.text("abc", min_size=1),
        st.text("def", min_size=1),
    ),
    st.builds("{}:\n{}- x\n{}- y z".format, st.text("ij", min_size=1), st.just("  "), st.just("  ")),
    st.sampled_from(["", "# note", "  # note"]),
)


@settings(max_examples=500, deadline=None, database=None)
@given(st.lists(LINES, max_size=6) | st.lists(PLAIN_LINES, max_size=6), st.sampled_from(["\n", "\n", "\r\n", "\r"]))
def test_whatever_it_reads_the_other_reader_reads_the_same(lines: list[str], end: str) -> None:
    source = "\n".join([*lines, ""])
    agree(source.replace("\n", end))


@settings(max_examples=500, deadline=None, database=None)
@given(
    st.lists(PLAIN_LINES, min_size=1, max_size=5),
    st.lists(
        st.tuples(st.integers(0, 80), st.integers(0, 3), st.text(" \n\t:-#'\"[]{},&*!|>?%@`~\\.ab1\x85\u2028\ufeff\r\x00é", max_size=3) | st.text(max_size=2)),
        min_size=1,
        max_size=3,
    ),
)  # fmt: skip
def test_a_header_with_a_few_characters_changed_is_read_alike_or_left(
    lines: list[str], edits: list[tuple[int, int, str]]
) -> None:
    source = "\n".join([*lines, ""])
    for at, cut, put in edits:
        source = source[: at % (len(source) + 1)] + put + source[at % (len(source) + 1) + cut :]
    agree(source)


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(" :-#'\"[],ab1\n", max_size=25), st.sampled_from(["a: ", "a:\n  - ", "a:\n  b: ", "a:\n- ", ""]))
def test_short_texts_of_syntax_are_read_alike_or_left(text: str, before: str) -> None:
    agree(f"{before}{text}\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_file_at_hand_is_read_alike_or_left(path: Path) -> None:
    try:
        source = header_of(decode(path.read_bytes()))
    except (BadFrontMatter, UnreadableText):
        return
    for end in ("\n", "\r\n"):
        agree(source.replace("\n", end))
    if path.parent == SAMPLES / "articles":
        assert agree(source)


def test_the_whole_corpus_and_the_real_article_take_the_short_way(
    seed: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    from corpus import stories, text_of

    draw = random.Random(7)
    for story in stories(300):
        source = header_of(text_of(story))
        assert agree(source)
        # And with a line moved, dropped or doubled.
        rows = source.split("\n")
        rows[draw.randrange(len(rows))] = draw.choice(rows) if draw.random() < 0.7 else ""
        try:
            agree("\n".join(rows))
        except BadFrontMatter as error:  # pragma: no cover - the message of the failure
            pytest.fail(f"{error} in\n" + "\n".join(rows))
    for module in ("corpus", "corpus_words"):
        sys.modules.pop(module, None)
    assert agree(header_of(decode(seed("000").read_bytes())))
