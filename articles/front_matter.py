"""Front matter: the only place that knows YAML. Text in, text values out, each refusal with its line. Pure.

YAML is read as a stream of events, and every scalar as text: `NO`, `1e3` and `12:30` stay what they are, and each field
converts its own text. Refused: anchors, aliases and tags (a kilobyte of aliases unfolds to a gigabyte), repeated keys
(the last one would win in silence), more than 64 kB, more than 20 levels. A plain header takes the short way through
plain_header, one between +++ lines goes to toml_header.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from articles.plain_header import NULLS, read_plain
from sources.encoding import LINE_END, Repair, count_lines, repair_lines

# What to do about the mistake that people make most.
_HINTS = {"mapping values are not allowed in this context": "; put a value that has a colon in it in quotes"}

MAXIMUM_HEADER_BYTES = 64 * 1024
MAXIMUM_DEPTH = 20

# A fence has a line to itself, whichever way lines end, and its line end is part of it.
_REST_OF_FENCE = r"[ \t]*+(?:\r\n|\n|\r|\Z)"
_OPENING = re.compile(r"\ufeff?(?:[ \t\r\n]*+(?<=[\r\n]))?(---|\+\+\+)" + _REST_OF_FENCE)
# The look back comes second: a pattern that begins with a literal is searched for twenty times as fast.
_CLOSING = {
    "---": re.compile(r"---(?<=[\r\n]---)" + _REST_OF_FENCE),
    "+++": re.compile(r"\+\+\+(?<=[\r\n]\+\+\+)" + _REST_OF_FENCE),
}
_LOOKS_LIKE_A_FENCE = re.compile(r"[\ufeff \t\r\n]*+(?:---|\+\+\+)[ \t+-]*+(?:[\r\n]|\Z)")
# Lines to YAML, but to no editor.
_YAML_BREAKS = re.compile("[\x85\u2028\u2029]")
# What may stand between the last line of a value and the next key: blank lines and comments; but an indented comment
# belongs to what it is indented with.
_NO_PART = re.compile(r"[ \t]*(?:#.*)?\Z")
_NO_PART_OF_MANY = re.compile(r"[ \t]*\Z|#")
_SyntaxError = (yaml.scanner.ScannerError, yaml.parser.ParserError, yaml.reader.ReaderError, yaml.YAMLError)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A tree in which every scalar is text, or None where it was null.
Value = str | None | list["Value"] | dict[str, "Value"]


class BadFrontMatter(ValueError):
    """A header that cannot be trusted: `reason`, and the `line` of the file (from 1) to look at."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class FrontMatter:
    """A file taken apart: `header` as text values, `lines` by key path ("source.name"), and the Markdown `body`.

    `repaired_fields` names the key of each of `repairs`; `syntax` is "yaml" or "toml".
    """

    header: dict[str, Value]
    lines: dict[str, int]
    body: str
    body_line: int
    repairs: tuple[Repair, ...] = ()
    repaired_fields: tuple[str, ...] = field(default=())
    syntax: str = "yaml"


@dataclass(frozen=True)
class Place:
    """Where the header of a text stands: `start` and `end` without the fences, `body` after them."""

    fence: str
    start: int
    end: int
    body: int
    first_line: int


def has_front_matter(text: str) -> bool:
    """Whether the first line that is not blank opens a header (`---`, or `+++` for TOML)."""
    return _LOOKS_LIKE_A_FENCE.match(text) is not None


def find_header(text: str) -> Place:
    """Where the header of `text` begins and ends, unread. Raises BadFrontMatter."""
    opening = _OPENING.match(text)
    if opening is None:
        raise BadFrontMatter("the file does not begin with a --- line", 1)
    fence = opening.group(1)
    line = count_lines(text, opening.start(1)) + 1
    closing = _CLOSING[fence].search(text, opening.end())
    if closing is None:
        raise BadFrontMatter(f"the header is never closed: no second {fence} line", line)
    return Place(fence, opening.end(), closing.start(), closing.end(), line + 1)


def split(text: str) -> FrontMatter:
    """Takes the header off `text` and reads it. Raises BadFrontMatter."""
    place = find_header(text)
    source, first_line = text[place.start : place.end], place.first_line
    if len(source) * 4 > MAXIMUM_HEADER_BYTES and len(source.encode("utf-8", "replace")) > MAXIMUM_HEADER_BYTES:
        raise BadFrontMatter(f"the header has more than {MAXIMUM_HEADER_BYTES:,} bytes", first_line - 1)
    body_line = first_line + count_lines(source) + 1
    # Text read with the wrong code page holds control characters that YAML forbids, so the repair comes first.
    source, repairs = repair_lines(source, first_line)
    header, lines = (_read_toml if place.fence == "+++" else _read_yaml)(source, first_line)
    return FrontMatter(
        header=header,
        lines=lines,
        body=text[place.body :],
        body_line=body_line,
        repairs=repairs,
        repaired_fields=tuple(_key_of(repair.line, lines) for repair in repairs),
        syntax="toml" if place.fence == "+++" else "yaml",
    )


def _key_of(line: int, lines: dict[str, int]) -> str:
    """The key to whose value a line belongs: the last that begins on it or before; empty for a comment above all."""
    return max(((at, key) for key, at in lines.items() if at <= line), default=(0, ""), key=lambda pair: pair[0])[1]


def _read_toml(source: str, first_line: int) -> tuple[dict[str, Value], dict[str, int]]:
    # Here and not above: that module raises our BadFrontMatter, and few files need it.
    from articles.toml_header import read_toml

    return read_toml(source, first_line)


def _read_yaml(source: str, first_line: int) -> tuple[dict[str, Value], dict[str, int]]:
    return read_plain(source, first_line) or read_events(source, first_line)


def read_events(source: str, first_line: int) -> tuple[dict[str, Value], dict[str, int]]:
    """The header and the line of each of its keys, from all of YAML. Raises BadFrontMatter."""
    line_at = _line_finder(source, first_line)
    try:
        return _Reader(yaml.parse(source, Loader=_Loader), line_at, first_line).document()
    except _SyntaxError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if mark is not None:
            line = line_at(mark)
        else:
            # The C reader of characters counts in bytes.
            before = source.encode("utf-8", "replace")[: getattr(error, "position", 0) or 0]
            line = first_line + count_lines(before.decode("utf-8", "ignore"))
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        words = " ".join(str(problem).split())
        raise BadFrontMatter(f"not valid YAML: {words}{_HINTS.get(words, '')}", line) from None
    except UnicodeEncodeError as error:
        line = first_line + count_lines(source, error.start)
        raise BadFrontMatter("not valid YAML: half a surrogate pair", line) from None


def _line_finder(source: str, first_line: int) -> Callable[[Any], int]:
    """The line of a mark, as editors count them."""
    if not _YAML_BREAKS.search(source):
        return lambda mark: int(first_line + mark.line)
    ends = [match.end() for match in LINE_END.finditer(source)]
    # YAML does not count a byte order mark that comes first.
    shift = int(source.startswith("\ufeff"))
    return lambda mark: first_line + bisect_right(ends, mark.index + shift)


class _Reader:
    """Builds the tree from events, so that what YAML would do in silence is seen and refused."""

    def __init__(self, events: Iterator[Any], line_at: Callable[[Any], int], first_line: int) -> None:
        self.events = events
        self.line_at = line_at
        self.first_line = first_line
        self.lines: dict[str, int] = {}

    def document(self) -> tuple[dict[str, Value], dict[str, int]]:
        event = next(self.events)
        while isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
            event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            raise BadFrontMatter("the header is empty", self.first_line)
        if not isinstance(event, yaml.MappingStartEvent):
            shape = "a list" if isinstance(event, yaml.SequenceStartEvent) else "a single value"
            raise BadFrontMatter(f"the header is {shape}, not keys with values", self.line_of(event))
        header = self.mapping(event, "", 1)
        end = next(self.events)
        if isinstance(end, yaml.DocumentEndEvent) and isinstance(next(self.events), yaml.DocumentStartEvent):
            raise BadFrontMatter("the header holds more than one YAML document", self.line_of(end))
        return header, self.lines

    def line_of(self, event: Any) -> int:
        return self.line_at(event.start_mark)

    def value(self, event: Any, path: str, depth: int) -> Value:
        if isinstance(event, yaml.AliasEvent):
            raise BadFrontMatter(f"aliases are not allowed (*{str(event.anchor)[:80]})", self.line_of(event))
        if event.anchor is not None:
            raise BadFrontMatter(f"anchors are not allowed (&{event.anchor[:80]})", self.line_of(event))
        if depth > MAXIMUM_DEPTH:
            raise BadFrontMatter(f"more than {MAXIMUM_DEPTH} levels deep", self.line_of(event))
        if event.tag is not None:
            raise BadFrontMatter(f"tags are not allowed ({event.tag[:80]})", self.line_of(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event, path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self.value(event, path, depth + 1))
            return items
        if "\0" in event.value:
            raise BadFrontMatter("the character U+0000 is not allowed", self.line_of(event))
        plain = event.style not in ("'", '"', "|", ">")
        return None if plain and event.value in NULLS else str(event.value)

    def mapping(self, event: Any, path: str, depth: int) -> dict[str, Value]:
        result: dict[str, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = self.line_of(event)
            key = self.value(event, path, depth + 1)
            if not isinstance(key, str):
                raise BadFrontMatter("a key is not plain text", line)
            if key in result:
                raise BadFrontMatter(f"the key {key[:80]!r} is repeated", line)
            here = f"{path}.{key}" if path else key
            self.lines[here] = line
            result[key] = self.value(next(self.events), here, depth + 1)
        return result


@dataclass(frozen=True)
class Layout:
    """How a YAML header stands on its lines, for whoever rewrites it.

    `extents` has each top-level key with its first line and the line after its last, from 0; it is None where keys do
    not begin lines. `bare` holds the text of every scalar that stood without quotes.
    """

    extents: tuple[tuple[str, int, int], ...] | None
    bare: frozenset[str]


def layout_of(source: str) -> Layout:
    """The layout of a YAML header that `split` has read."""
    nodes: list[Any] = []  # keys and values in turn
    bare: set[str] = set()
    depth, orderly = 0, True
    for event in yaml.parse(source, Loader=_Loader):
        if isinstance(event, yaml.NodeEvent) and depth == 1:
            nodes.append(event)
        if isinstance(event, yaml.ScalarEvent) and event.style not in ("'", '"', "|", ">"):
            bare.add(event.value)
        elif isinstance(event, yaml.CollectionStartEvent):
            orderly = orderly and not (depth == 0 and event.flow_style)
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    line_at, rows = _line_finder(source, 0), LINE_END.split(source)
    shift = int(source.startswith("\ufeff"))
    extents = []
    last = len(rows) - 1
    for key, value in zip(reversed(nodes[0::2]), reversed(nodes[1::2]), strict=True):
        start = key.start_mark.index + shift
        orderly = orderly and isinstance(key, yaml.ScalarEvent) and (start == 0 or source[start - 1] in "\r\n")
        first = line_at(key.start_mark)
        many = isinstance(value, yaml.CollectionStartEvent) or value.style in ("|", ">")
        after = last
        while after > first + 1 and (_NO_PART_OF_MANY if many else _NO_PART).match(rows[after - 1]):
            after -= 1
        extents.append((getattr(key, "value", ""), first, after))
        last = first
    return Layout(tuple(reversed(extents)) if orderly else None, frozenset(bare))
