"""TOML headers (`+++`, as Hugo writes them) as the same tree of text values that YAML gives. Pure.

The standard library reads TOML; before it does, the header is looked over for brackets and dotted keys without end, on
which it would spend minutes. Numbers with a point stay as written, integers and dates come in their usual form.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from articles.front_matter import MAXIMUM_DEPTH, BadFrontMatter, Value
from sources.encoding import LINE_END

# What matters for depth and for the place of keys: strings and comments as a whole, so that nothing inside them counts.
_TOKEN = re.compile(
    r"""
      (?P<string>
          "{3}(?:[^"\\]|\\.|"(?!""))*+"{3,5} | '{3}(?:[^']|'(?!''))*+'{3,5}
        | "(?:[^"\\\n]|\\.)*+" | '[^'\n]*+' )
    | (?P<comment>\#[^\n]*+)
    | (?P<open>[\[{]) | (?P<close>[\]}])
    | (?P<dot>\.) | (?P<mark>[=,]) | (?P<newline>\n)
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_PART = re.compile(r"""[\w-]+|"[^"\\\n]*"|'[^'\n]*'""")
_KEY = rf"((?:{_PART.pattern})(?:[ \t]*\.[ \t]*(?:{_PART.pattern}))*+)[ \t]*"
_TABLE = re.compile(rf"[ \t]*\[{{1,2}}[ \t]*{_KEY}\]")
_ENTRY = re.compile(rf"[ \t]*{_KEY}=")


def read_toml(source: str, first_line: int) -> tuple[dict[str, Value], dict[str, int]]:
    """The header as text values, and the line of each key as far as it is found. Raises BadFrontMatter."""
    source = LINE_END.sub("\n", source)
    lines = _lines(_statements(source, first_line))
    try:
        tree = tomllib.loads(source, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _PLACE.search(message)
        last = first_line + source.rstrip("\n").count("\n")
        line = first_line + int(place.group(1)) - 1 if place and place.group(1) else last
        raise BadFrontMatter(f"not valid TOML: {_PLACE.sub('', message)}", line) from None
    except (RecursionError, ValueError):
        # An integer of more digits than Python reads.
        raise BadFrontMatter("not valid TOML: it holds a value without end", first_line) from None
    if not tree:
        raise BadFrontMatter("the header is empty", first_line)
    return _Texts(lines, first_line).table(tree, "", 1), lines


def _statements(source: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Each statement with its line. Refuses what is nested deeper than any header, before anything recurses into it."""
    line, depth, dots = first_line, 0, 0
    began, begins_on = 0, line
    for token in _TOKEN.finditer(source):
        kind = token.lastgroup
        if kind == "string":
            line += token.group().count("\n")
        elif kind == "newline":
            if depth == 0:
                yield begins_on, source[began : token.start()]
                began, begins_on = token.end(), line + 1
            line += 1
        depth += (kind == "open") - (kind == "close" and depth > 0)
        if kind not in ("string", "comment"):
            dots = dots + 1 if kind == "dot" else 0
        if max(depth, dots) >= MAXIMUM_DEPTH:
            raise BadFrontMatter(f"more than {MAXIMUM_DEPTH} levels deep", line)
    yield begins_on, source[began:]


def _lines(statements: Iterator[tuple[int, str]]) -> dict[str, int]:
    lines: dict[str, int] = {}
    for line, _, path, _ in _paths(statements):
        for length in range(1, len(path)):
            lines.setdefault(".".join(path[:length]), line)
        if path:
            lines[".".join(path)] = line
    return lines


def _paths(statements: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str, list[str], bool]]:
    """Each statement with its line, its key from the top (empty if none is found), and whether it is in a table."""
    table: list[str] = []
    for line, statement in statements:
        if match := _TABLE.match(statement):
            path = table = _parts(match.group(1))
        elif match := _ENTRY.match(statement):
            path = table + _parts(match.group(1))
        else:
            path = []
        yield line, statement, path, bool(table)


@dataclass(frozen=True)
class Extent:
    """Lines of a top-level key, from 0: `first` to before `after`. `is_table`: they begin with its [name]."""

    key: str
    first: int
    after: int
    is_table: bool


def extents_of(source: str) -> list[Extent] | None:
    """Where each top-level key of a header that has been read stands, maybe twice; None if that is not clear."""
    extents: list[Extent] = []
    for line, statement, path, in_table in _paths(_statements(LINE_END.sub("\n", source), 0)):
        if not path:
            if statement.strip(" \t") and not statement.lstrip(" \t").startswith("#"):
                return None
            continue
        after = line + statement.count("\n") + 1
        if extents and (extents[-1].key, extents[-1].is_table) == (path[0], in_table):
            extents[-1] = Extent(path[0], extents[-1].first, after, in_table)
        else:
            extents.append(Extent(path[0], line, after, in_table))
    return extents


def _parts(key: str) -> list[str]:
    return [part[1:-1] if part[0] in "\"'" else part for part in _PART.findall(key)]


class _Texts:
    """Turns the values of the standard library back into text."""

    def __init__(self, lines: dict[str, int], first_line: int) -> None:
        self.lines = lines
        self.first_line = first_line

    def refuse(self, reason: str, path: str) -> BadFrontMatter:
        while path not in self.lines and "." in path:
            path = path.rpartition(".")[0]
        return BadFrontMatter(reason, self.lines.get(path, self.first_line))

    def table(self, values: dict[str, Any], path: str, depth: int) -> dict[str, Value]:
        result: dict[str, Value] = {}
        for key, value in values.items():
            here = f"{path}.{key}" if path else key
            result[str(self.value(key, here, depth + 1))] = self.value(value, here, depth + 1)
        return result

    def value(self, value: Any, path: str, depth: int) -> Value:
        if depth > MAXIMUM_DEPTH:
            raise self.refuse(f"more than {MAXIMUM_DEPTH} levels deep", path)
        if isinstance(value, dict):
            return self.table(value, path, depth)
        if isinstance(value, list):
            return [self.value(item, path, depth + 1) for item in value]
        if isinstance(value, (dt.date, dt.time)):
            return value.isoformat()
        if isinstance(value, bool):
            return "true" if value else "false"
        try:
            text = str(value)
        except ValueError:  # hexadecimal digits have no limit, those that they come to in decimals have
            raise self.refuse("not valid TOML: it holds a value without end", path) from None
        if "\0" in text:
            raise self.refuse("the character U+0000 is not allowed", path)
        return text
