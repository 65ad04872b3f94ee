"""Front matter: the only place that knows YAML. Text in, typed fields out, each refusal with its line. Pure.

YAML is read as a stream of events, and every scalar as text: `NO`, `1e3` and `12:30` stay what they are, and each field
converts its own text. Refused: anchors, aliases and tags (a kilobyte of aliases unfolds to a gigabyte), repeated keys
(the last one would win in silence), more than 64 kB, more than 20 levels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from sources.encoding import Repair, repair_lines

MAXIMUM_HEADER_BYTES = 64 * 1024
MAXIMUM_DEPTH = 20

_FENCE = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_SyntaxError = (yaml.scanner.ScannerError, yaml.parser.ParserError, yaml.reader.ReaderError, yaml.YAMLError)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A tree of YAML in which every scalar is text, or None where it was null.
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

    `repaired_fields` names the key of each of `repairs`.
    """

    header: dict[str, Value]
    lines: dict[str, int]
    body: str
    body_line: int
    repairs: tuple[Repair, ...] = ()
    repaired_fields: tuple[str, ...] = field(default=())


def has_front_matter(text: str) -> bool:
    """Whether the first line that is not blank opens a header (`---`, or `+++` for TOML)."""
    start = text.lstrip("\ufeff \t\r\n")
    return start.startswith(("---", "+++")) and start[3:].split("\n", 1)[0].strip(" \t\r-+") == ""


def split(text: str) -> FrontMatter:
    """Takes the header off `text` and reads it. Raises BadFrontMatter."""
    text = text.removeprefix("\ufeff")
    leading = len(text) - len(text.lstrip(" \t\r\n"))
    if text.startswith("+++", leading):
        raise BadFrontMatter("TOML front matter (+++) is not read; write it as YAML between --- lines", 1)
    opening = _FENCE.match(text, leading)
    if opening is None:
        raise BadFrontMatter("the file does not begin with a --- line", 1)
    first_line = text.count("\n", 0, opening.end()) + 2
    closing = _FENCE.search(text, min(opening.end() + 1, len(text)))
    if closing is None:
        raise BadFrontMatter("the header is never closed: no second --- line", first_line - 1)
    source = text[opening.end() + 1 : closing.start()]
    if len(source.encode("utf-8", "surrogatepass")) > MAXIMUM_HEADER_BYTES:
        raise BadFrontMatter(f"the header has more than {MAXIMUM_HEADER_BYTES:,} bytes", first_line - 1)
    # Text read with the wrong code page holds control characters that YAML forbids, so the repair comes first.
    source, repairs = repair_lines(source, first_line)
    header, lines = _read(source, first_line)
    return FrontMatter(
        header=header,
        lines=lines,
        body=text[closing.end() :].removeprefix("\n"),
        body_line=text.count("\n", 0, closing.end()) + 2,
        repairs=repairs,
        repaired_fields=tuple(_key_of(repair.line, lines) for repair in repairs),
    )


def _key_of(line: int, lines: dict[str, int]) -> str:
    """The key to whose value a line belongs: the last one that begins on it or before; empty for a comment above all."""
    return max(((at, key) for key, at in lines.items() if at <= line), default=(0, ""), key=lambda pair: pair[0])[1]


def _read(source: str, first_line: int) -> tuple[dict[str, Value], dict[str, int]]:
    try:
        events = yaml.parse(source, Loader=_Loader)
        return _Reader(events, first_line).document()
    except _SyntaxError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if mark is not None:
            line = first_line + mark.line
        else:
            line = first_line + source.count("\n", 0, getattr(error, "position", 0) or 0)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        raise BadFrontMatter(f"not valid YAML: {' '.join(str(problem).split())}", line) from None


class _Reader:
    """Builds the tree from events, so that what YAML would do in silence is seen and refused."""

    def __init__(self, events: Iterator[Any], first_line: int) -> None:
        self.events = events
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
        return int(self.first_line + event.start_mark.line)

    def value(self, event: Any, path: str, depth: int) -> Value:
        if isinstance(event, yaml.AliasEvent):
            raise BadFrontMatter(f"aliases are not allowed (*{event.anchor})", self.line_of(event))
        if event.anchor is not None:
            raise BadFrontMatter(f"anchors are not allowed (&{event.anchor})", self.line_of(event))
        if depth > MAXIMUM_DEPTH:
            raise BadFrontMatter(f"more than {MAXIMUM_DEPTH} levels deep", self.line_of(event))
        if event.tag is not None:
            raise BadFrontMatter(f"tags are not allowed ({event.tag})", self.line_of(event))
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
        return None if plain and event.value in ("", "~", "null", "Null", "NULL") else str(event.value)

    def mapping(self, event: Any, path: str, depth: int) -> dict[str, Value]:
        result: dict[str, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = self.line_of(event)
            key = self.value(event, path, depth + 1)
            if not isinstance(key, str):
                raise BadFrontMatter("a key is not plain text", line)
            if key in result:
                raise BadFrontMatter(f"the key {key!r} is repeated", line)
            here = f"{path}.{key}" if path else key
            self.lines[here] = line
            result[key] = self.value(next(self.events), here, depth + 1)
        return result
