"""No file, however hostile, takes more than a second or 50 MB on its way from bytes to a rendered article."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from articles.fields import read_fields
from articles.front_matter import MAXIMUM_HEADER_BYTES, BadFrontMatter, split
from articles.rendering import render
from sources.encoding import LINE_END, MAXIMUM_FILE_BYTES, UnreadableText, decode, repair_lines

HERE = Path(__file__).parent
FILES = sorted([*(HERE / "good").glob("*.md"), *(HERE / "bad").glob("*.md")])
SECONDS = 1
# Up to this size a body is rendered, above it is shown as it was written.
RENDERED = 200_000
BYTES = 50 * 1024 * 1024

YAML = "title: A\npublishedAt: 2026-02-04\nexternalId: 7\ncategory: B\n"
TOML = 'title = "A"\npublishedAt = 2026-02-04\nexternalId = "7"\ncategory = "B"\n'


def full(unit: str, limit: int) -> str:
    """As many of `unit` as there is room for."""
    return unit * (limit // len(unit.encode()))


def header(unit: str, before: str = "x: ", after: str = "") -> str:
    room = MAXIMUM_HEADER_BYTES - len(f"{YAML}{before}{after}\n".encode())
    return f"---\n{YAML}{before}{full(unit, room)}{after}\n---\nBody\n"


def toml(unit: str, before: str = "x = ", after: str = "") -> str:
    room = MAXIMUM_HEADER_BYTES - len(f"{TOML}{before}{after}\n".encode())
    return f"+++\n{TOML}{before}{full(unit, room)}{after}\n+++\nBody\n"


def body(unit: str, before: str = "", after: str = "", size: int = RENDERED) -> str:
    return f"---\n{YAML}---\n{before}{full(unit, size - len(YAML) - 100)}{after}"


def levels(count: int) -> str:
    return f"---\n{YAML}" + "".join(" " * i + "a:\n" for i in range(count)) + "---\n"


HEADERS = {
    "brackets": (header("["), "more than 20 levels deep"),
    "brackets-closed": (header("[]", "x: [", "]"), "not valid YAML"),
    "bracket-lists": (header("[],", "x: [", "]"), ""),
    "braces": (header("{"), "more than 20 levels deep"),
    "braces-with-keys": (header("{a: "), "more than 20 levels deep"),
    "dashes": (header("- ", ""), "not valid YAML"),
    "dashes-below": (header("- ", "x:\n  "), "more than 20 levels deep"),
    "questions": (header("? ", "x:\n  "), "more than 20 levels deep"),
    "levels": (levels(340), "more than 20 levels deep"),
    "single-quotes": (header("''"), ""),
    "single-quotes-odd": (header("''", "x: '"), "not valid YAML"),
    "double-quotes": (header('\\"', 'x: "', '"'), ""),
    "double-quotes-odd": (header('"'), "not valid YAML"),
    "anchors": (header("&"), "not valid YAML"),
    "many-anchors": (header("&a "), "anchors are not allowed (&a)"),
    "aliases": (header("*a, ", "x: [", "]"), "aliases are not allowed"),
    "tags": (header("!"), "tags are not allowed (tag:yaml.org,2002:!!"),
    "percents": (header("%"), "not valid YAML"),
    "pipes": (header("|"), "not valid YAML"),
    "escapes": (header("\\U0001F600", 'x: "', '"'), ""),
    "blank-lines": (header("\n", ""), ""),
    "block-of-blank-lines": (header("\n", "x: |+\n"), ""),
    "blanks": (header(" ", "x:"), ""),
    "blanks-before-a-key": (header(" ", "", "x: y"), "not valid YAML"),
    "tabs": (header("\t", ""), "not valid YAML"),
    "comments": (header("#\n", ""), ""),
    "commas": (header(","), "not valid YAML"),
    "words": (header("a,", "x: [", "b]"), ""),
    "words-never-closed": (header("a, ", "x: ["), "not valid YAML"),
    "colons": (header(":"), "not valid YAML"),
    "keys-in-a-flow": (header("a: b, ", "x: {", "}"), "the key 'a' is repeated"),
    "the-same-key": (header("x: y\n", ""), "the key 'x' is repeated"),
    "a-long-key": (header("k", "", ": v"), "not valid YAML"),
    "a-long-title": (header("t", "description: "), ""),
    "tags-of-one-letter": (header("- a\n", "tags:\n"), ""),
    "mojibake": (header("Ã©"), ""),
    "mojibake-in-layers": (header("Ãƒâ€šÃ‚Â©"), ""),
    "mojibake-lines": (header("# Ã \n", ""), ""),
    "mojibake-halves": (header("Ã "), ""),
    "mojibake-of-cyrillic": (header("Ð\x91Ñ\x96"), ""),
    "mojibake-that-is-none": (header("Ã"), ""),
    "accents": (header("à "), ""),
    "c1-controls": (header("\x85"), ""),
    "line-separators": (header("\u2028"), ""),
    "line-separators-in-quotes": (header("\u2028", "x: '", "'"), ""),
    "line-separators-and-keys": (header("- a\u2028", "x: '\u2028'\ntags:\n"), ""),
    "zeros": (header("\\0", 'x: "', '"'), "the character U+0000 is not allowed"),
    "a-long-number": (header("9", "score: "), "score must be a finite number"),
    "a-long-date": (header("9", "updatedAt: "), "updatedAt must be a date"),
    "a-date-of-blanks": (header(" ", "updatedAt: '2026-02-04", "x'"), "updatedAt must be a date"),
    "a-long-address": (header("a", "canonicalUrl: https://"), "canonicalUrl must be an http or https address"),
    "an-address-of-dots": (header(".", "canonicalUrl: https://a", "_"), "canonicalUrl must be an http or https address"),
    "toml-brackets": (toml("["), "more than 20 levels deep"),
    "toml-brackets-closed": (toml("[]", "x = [", "]"), "not valid TOML"),
    "toml-lists": (toml("[],", "x = [", "]"), ""),
    "toml-braces": (toml("{a="), "more than 20 levels deep"),
    "toml-dotted-key": (toml(".a", "x", "= 1"), "more than 20 levels deep"),
    "toml-dotted-table": (toml(".a", "[x", "]"), "more than 20 levels deep"),
    "toml-dotted-quotes": (toml('."a"', "x", "= 1"), "more than 20 levels deep"),
    "toml-tables": (toml("[[x]]\n", ""), ""),
    "toml-tables-inside": (toml("[[x]]\n[[x.y]]\n", ""), ""),
    "toml-quotes": (toml('"'), "not valid TOML"),
    "toml-single-quotes": (toml("'"), "not valid TOML"),
    "toml-escapes": (toml('\\"""', 'x = """', '"""'), ""),
    "toml-escapes-never-closed": (toml('\\"""', 'x = """'), "not valid TOML"),
    "toml-equals": (toml("="), "not valid TOML"),
    "toml-digits": (toml("9"), "not valid TOML"),
    "toml-hexadecimal": (toml("f", "x = 0x"), "not valid TOML"),
    "toml-numbers": (toml("1,", "x = [", "]"), ""),
    "toml-mojibake": (toml("Ã©", 'x = "', '"'), ""),
    "toml-blank-lines": (toml("\r", ""), ""),
}  # fmt: skip
BODIES = {
    "quotes": body(">"), "quote-lines": body("> " * 30 + "\n"), "quotes-with-blanks": body("> "), "brackets": body("["), "closing-brackets": body("]"),
    "links": body("[a]("), "links-in-links": body("[a](b"), "pictures": body("![a]("), "stars": body("*_"), "stars-and-words": body("*a _b "),
    "tildes": body("~~a"), "backticks": body("`"), "backticks-of-all-lengths": body("".join("`" * i + " " for i in range(1, 300))), "divs": body("<div>"),
    "paragraphs": body("<p>"), "spans": body("<b><i>"), "half-tags": body("<a "), "comments": body("<!--"), "declarations": body("<!A "), "instructions": body("<?"),
    "attributes": body("a=", "<a ", ">"), "entities": body("&amp"), "ampersands": body("&"), "lists": body("- "),
    "nested-lists": body("".join(" " * i + "- a\n" for i in range(250))), "list-lines": body("- a\n"), "headings": body("# a\n"), "h2": body("<h2>"),
    "tables": body("a|b\n-|-\n"), "one-table": body("|", "a|b\n-|-\n"), "table-rows": body("c|d\n", "a|b\n-|-\n"),
    "pipes": body("|"), "rules": body("---\n"), "blank-lines": body("\n"), "carriage-returns": body("\r"), "blanks": body(" "), "tabs": body("\t"),
    "words": body("a "), "one-word": body("a"), "addresses": body("http://a.b "), "www": body("www."), "colons-and-slashes": body("://"), "at-signs": body("a@"),
    "at-signs-and-dots": body("a@b."), "underscores-at": body("_@"), "escapes": body("\\"), "references": body("[a]: b\n"), "reference-uses": body("[a]\n"),
    "footnotes": body("[^a]"), "quotes-and-lists": body("> - "), "mojibake": body("Ã©"), "commentary": body("## From author\n"), "script": body("<script>"),
    "styles": body("<style>"), "svg": body("<svg>"), "mathml": body("<math><mi>"), "templates": body("<template>"), "tables-inside": body("<table><tr><td>"),
    "2-MB-of-quotes": body(">", size=MAXIMUM_FILE_BYTES), "2-MB-of-brackets": body("[", size=MAXIMUM_FILE_BYTES),
    "2-MB-of-stars": body("*_", size=MAXIMUM_FILE_BYTES), "2-MB-of-backticks": body("`", size=MAXIMUM_FILE_BYTES),
    "2-MB-of-divs": body("<div>", size=MAXIMUM_FILE_BYTES), "2-MB-of-ampersands": body("&", size=MAXIMUM_FILE_BYTES),
    "2-MB-of-mojibake": body("Ã©", size=MAXIMUM_FILE_BYTES), "2-MB-of-words": body("a ", size=MAXIMUM_FILE_BYTES),
    "fences": body("```\n"), "open-fence": body("`\n", "````\n"), "indented": body("    a\n"), "formatting": body("<b><p>"),
}  # fmt: skip
BYTES_ALONE = {
    "over-2-MB": (b"---\n" + b"a" * MAXIMUM_FILE_BYTES, "the file has 2,097,156 bytes, more than the 2,097,152 allowed"),
    "header-over-64-kB": (header("x", "xxxxxx: ").replace("B\n", "BBBB\n").encode(), "the header has more than 65,536 bytes"),
    "no-fence-after-2-MB": (("---\n" + full("--- x\n", 2_000_000)).encode(), "the header is never closed"),
    "toml-no-fence-after-2-MB": (("+++\n" + full("+++ +\n", 2_000_000)).encode(), "the header is never closed"),
    "dashes": (full("-", 2_000_000).encode(), "the file does not begin with a --- line"),
    "a-fence-of-blanks": (b"---" + b" " * 2_000_000 + b"x", "the file does not begin with a --- line"),
    "blank-lines": (b"a" + b"\r\n" * 1_000_000, "the file does not begin with a --- line"),
    "blank-lines-first": (b"\r\n" * 1_000_000 + b"a", "the file does not begin with a --- line"),
    "not-utf-8-at-the-end": (b"---\r" + b"a\r\n" * 600_000 + b"\xff", "not UTF-8: byte 0xff"),
    "windows-1251": ("---\n" + full("ї", 2_000_000)).encode("cp1251") and (("---\n" + "ї" * 2_000_000).encode("cp1251"), "not UTF-8: byte 0xbf; it looks like"),
    "zeros": (b"\0" * 2_000_000, "the file is UTF-16 without a mark"),
    "a-zero-at-the-end": (b"a" * 2_000_000 + b"\0", "the file is binary"),
}  # fmt: skip


def outcome(raw: bytes) -> str:
    """All the way; gives the reason of a refusal, or nothing."""
    try:
        render(read_fields(split(decode(raw))).body)
    except (UnreadableText, BadFrontMatter) as refusal:
        assert refusal.line is not None
        assert refusal.line >= 1
        return refusal.reason
    return ""


def within_limits(work: Callable[[], str]) -> str:
    started = process_time()
    result = work()
    assert process_time() - started <= SECONDS
    # In a second run, because counting bytes takes time.
    tracemalloc.start()
    try:
        work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= BYTES
    return result


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_file_at_hand_stays_within_the_limits(path: Path) -> None:
    assert bool(within_limits(lambda: outcome(path.read_bytes()))) == (path.parent.name == "bad")


@pytest.mark.parametrize(("text", "reason"), HEADERS.values(), ids=HEADERS.keys())
def test_a_hostile_header_stays_within_the_limits(text: str, reason: str) -> None:
    assert 60_000 < len(text.encode()) <= MAXIMUM_HEADER_BYTES + 50 or "    a:" in text
    result = within_limits(lambda: outcome(text.encode()))
    assert result.startswith(reason)
    assert bool(result) == bool(reason)
    assert len(result) < 300


@pytest.mark.parametrize("text", BODIES.values(), ids=BODIES.keys())
def test_a_hostile_body_stays_within_the_limits(text: str) -> None:
    assert 150_000 < len(text.encode()) <= MAXIMUM_FILE_BYTES
    assert within_limits(lambda: outcome(text.encode())) == ""


@pytest.mark.parametrize(("raw", "reason"), BYTES_ALONE.values(), ids=BYTES_ALONE.keys())
def test_hostile_bytes_are_refused_within_the_limits(raw: bytes, reason: str) -> None:
    assert within_limits(lambda: outcome(raw)).startswith(reason)


@pytest.mark.parametrize(
    "unit",
    [
        "cafÃ©",
        "Ð\x91Ñ\x96",
        "â€¦ ",
        "Ã",
        "Ã ",
        "à ",
        "ñ\x83",
        "\x80",
        "вЂ",
        "Ãƒâ€šÃ‚Â©",
        "Ã \n",
        "Ã©" * 400 + "\n",
    ],
)
def test_a_document_that_is_damaged_all_over_is_read_within_the_limits(unit: str) -> None:
    text = decode(full(unit, MAXIMUM_FILE_BYTES).encode())
    assert LINE_END.findall(within_limits(lambda: repair_lines(text)[0])) == LINE_END.findall(text)
