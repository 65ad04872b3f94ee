"""Writes headers: a fresh one, or an old one in which nothing but the lines of the changed keys differ. Pure.

A file goes back to its owner as they wrote it: order, quotes, comments and line ends stay theirs. What is written is
read again before it is given out; where the layout is too odd to be changed in place, the whole header is written anew.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from articles import front_matter
from articles.front_matter import BadFrontMatter, Place, find_header, layout_of, split
from articles.toml_header import extents_of
from sources.encoding import LINE_END, repair_lines

# What a header can be given: what JSON has.
Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]

# Text that is text without quotes to every reader of YAML, whatever its version.
_CERTAIN = re.compile(r"[^\W\d_](?:[\w ,.…()$%’—-]*[\w,.…()$%’—-])?")
_UNCERTAIN = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"))
_NUMBER_OR_FLAG = re.compile(r"true|false|-?\d+(?:\.\d+)?")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)")
# YAML asks a key of more than 1,024 characters to say that it is one.
_LONG_KEY = 1000


def written(header: Mapping[str, Value], body: str) -> str:
    """A fresh YAML file, its keys in the order of `header`. Raises ValueError for what no header can hold."""
    return f"---\n{_yaml(header)}---\n{body}"


def rewritten(text: str, changes: Mapping[str, Value], body: str | None = None) -> str:
    """`text`, a file that `split` reads, with new values for the top-level keys in `changes`, and with `body` if given.

    None stands for null where there was the key (TOML has no null: the key goes), and for nothing where there was none.
    Raises ValueError, of which BadFrontMatter is one, for what no header can hold.
    """
    old = split(text)
    toml = old.syntax == "toml"
    # A key that says so already stays as it is written; a null is nothing where there is no key.
    changes = {key: value for key, value in changes.items() if _as_text(value, toml) != old.header.get(key)}
    wanted = {**old.header, **{key: _as_text(value, toml) for key, value in changes.items()}}
    if toml:
        wanted = {key: value for key, value in wanted.items() if value is not None}
    place = find_header(text)
    rest = text[place.end :]
    if body is not None:
        fence = text[place.end : place.body]
        rest = fence + ("" if fence.endswith(("\n", "\r")) or not body else _line_end(text, place)) + body
    if not changes:
        return text[: place.end] + rest
    for write in (_toml_in_place, _toml_anew) if toml else (_yaml_in_place, _yaml_anew):
        source = write(text, place, changes)
        result = text[: place.start] + source + rest
        if source and _header_of(result) == wanted:
            return result
    # Says why, if it is for its size or depth.
    split(result)
    raise ValueError("the header cannot be written so that it reads back the same")


def _header_of(text: str) -> dict[str, front_matter.Value] | None:
    try:
        return split(text).header
    except BadFrontMatter:
        return None


def _line_end(text: str, place: Place) -> str:
    """The line end that the file begins with: that of its opening fence."""
    match = LINE_END.search(text, max(place.start - 2, 0))
    return match.group() if match else "\n"


def _as_text(value: Value, toml: bool) -> front_matter.Value:
    """The value as `split` will give it."""
    if isinstance(value, dict):
        return {key: _as_text(item, toml) for key, item in value.items() if not (toml and item is None)}
    if isinstance(value, list):
        return [_as_text(item, toml) for item in value if not (toml and item is None)]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


# YAML


def _yaml_in_place(text: str, place: Place, changes: Mapping[str, Value]) -> str:
    source = text[place.start : place.end]
    end = _line_end(text, place)
    # Repair keeps lines, so the extents found in what YAML reads hold for what stands in the file.
    extents = layout_of(repair_lines(source)[0]).extents
    if extents is None:
        return ""
    rows = _LINE.findall(source)
    known = set()
    old = split(text).header
    for key, first, after in reversed(extents):
        known.add(key)
        if key in changes:
            inner = _inner_in_place(rows[first + 1 : after], old[key], changes[key], end)
            if inner is None:
                rows[first:after] = [_yaml({key: changes[key]}).replace("\n", end)]
            else:
                rows[first + 1 : after] = inner
    added = {key: value for key, value in changes.items() if key not in known}
    return "".join(rows) + (_yaml(added).replace("\n", end) if added else "")


def _inner_in_place(rows: list[str], old: front_matter.Value, new: Value, end: str) -> list[str] | None:
    """The lines below a key whose value was a block of keys and is one still, with those alone changed that differ.

    None where nothing would be kept, or where they are not laid out like that: such a value is written anew.
    """
    if not (isinstance(old, dict) and isinstance(new, dict) and rows):
        return None
    if not any(key in new and _as_text(new[key], toml=False) == value for key, value in old.items()):
        return None
    indent = rows[0][: len(rows[0]) - len(rows[0].lstrip(" "))]
    if not indent or not all(row.startswith(indent) or not row.strip() for row in rows):
        return None
    inner = [row.removeprefix(indent) for row in rows]
    extents = layout_of(repair_lines("".join(inner))[0]).extents
    if extents is None:
        return None
    known = set()
    for key, first, after in reversed(extents):
        known.add(key)
        if key not in new:
            inner[first:after] = []
        elif _as_text(new[key], toml=False) != old.get(key):
            inner[first:after] = _LINE.findall(_yaml({key: new[key]}).replace("\n", end))
    added = {key: value for key, value in new.items() if key not in known}
    inner += _LINE.findall(_yaml(added).replace("\n", end)) if added else []
    return [indent + row if row.strip() else row for row in inner]


def _yaml_anew(text: str, place: Place, changes: Mapping[str, Value]) -> str:
    bare = layout_of(repair_lines(text[place.start : place.end])[0]).bare
    header: dict[str, Any] = {**split(text).header, **changes}
    return _yaml(header, bare).replace("\n", _line_end(text, place))


def _yaml(header: Mapping[str, Value], bare: frozenset[str] = frozenset()) -> str:
    """The lines of a header. Numbers and flags in `bare` stand without quotes, as they did."""
    lines = "".join(f"{line}\n" for line in _Writer(bare).mapping(header)) or "{}\n"
    if repair_lines(lines)[1]:
        # It looks like mojibake and is meant: the reader must not "repair" it, and never touches a line of ASCII.
        lines = "".join(f"{line}\n" for line in _Writer(bare, only_ascii=True).mapping(header))
    return lines


class _Writer:
    """Values as lines of YAML in the style of the real files."""

    def __init__(self, bare: frozenset[str], only_ascii: bool = False) -> None:
        self.bare = bare
        self.only_ascii = only_ascii

    def mapping(self, values: Mapping[str, Value]) -> list[str]:
        lines = []
        for key, value in values.items():
            name = self.text(key)
            if len(name) > _LONG_KEY:
                lines.append(f"? {name}")
                name = ""
            if value and isinstance(value, (dict, list)):
                lines += [f"{name}:", *(f"  {line}" for line in self.collection(value))]
            else:
                lines.append(f"{name}: {self.scalar(value)}")
        return lines

    def collection(self, value: dict[str, Value] | list[Value]) -> list[str]:
        if isinstance(value, dict):
            return self.mapping(value)
        lines = []
        for item in value:
            inner = self.collection(item) if item and isinstance(item, (dict, list)) else [self.scalar(item)]
            lines += [f"- {inner[0]}", *(f"  {line}" for line in inner[1:])]
        return lines

    def scalar(self, value: Value) -> str:
        if value is None:
            return "null"
        if isinstance(value, str):
            return value if value in self.bare and _NUMBER_OR_FLAG.fullmatch(value) else self.text(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "{}" if isinstance(value, dict) else str(value)

    def text(self, value: str) -> str:
        if not value.isprintable() or (self.only_ascii and not value.isascii()):
            return _in_double_quotes(value, self.only_ascii)
        if _CERTAIN.fullmatch(value) and value.lower() not in _UNCERTAIN:
            return value
        return "'" + value.replace("'", "''") + "'"


def _in_double_quotes(text: str, only_ascii: bool) -> str:
    """With escapes that YAML and TOML have in common."""
    if "\0" in text or not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("U+0000 and halves of surrogate pairs cannot stand in a header")
    characters = []
    for character in text:
        if character in _ESCAPES:
            character = _ESCAPES[character]
        elif not character.isprintable() or (only_ascii and not character.isascii()):
            code = ord(character)
            character = f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
        characters.append(character)
    return f'"{"".join(characters)}"'


# TOML


class _Written(str):
    """A number as it stands in the file."""


def _toml_in_place(text: str, place: Place, changes: Mapping[str, Value]) -> str:
    source, end = text[place.start : place.end], _line_end(text, place)
    extents = extents_of(repair_lines(source)[0])
    if extents is None:
        return ""
    rows = _LINE.findall(source)
    tables = [extent.first for extent in extents if extent.is_table]
    # What is neither table nor in one has to stand above them all.
    root = max((extent.after for extent in extents if not extent.is_table), default=min(tables, default=len(rows)))
    entries: dict[int, list[str]] = {}
    whole_tables: dict[int, list[str]] = {}
    places = {extent.key: extent for extent in reversed(extents)}
    for key, value in changes.items():
        old = places.get(key)
        if value is None:
            continue
        if isinstance(value, dict) and old is None:
            whole_tables.setdefault(len(rows), []).extend(["", *_toml_lines([key], value)])
        elif isinstance(value, dict) and old and old.is_table:
            whole_tables.setdefault(old.first, []).extend(_toml_lines([key], value))
        else:
            at = root if old is None or old.is_table else old.first
            entries.setdefault(at, []).extend(_toml_lines([], {key: value}, in_line=True))
    for extent in extents:
        if extent.key in changes:
            rows[extent.first : extent.after] = [""] * (extent.after - extent.first)
    rows.append("")
    for inserted in (whole_tables, entries):
        for at, lines in inserted.items():
            rows[at] = "".join(line + end for line in lines) + rows[at]
    return "".join(rows)


def _toml_anew(text: str, place: Place, changes: Mapping[str, Value]) -> str:
    source = LINE_END.sub("\n", repair_lines(text[place.start : place.end])[0])
    header = {**tomllib.loads(source, parse_float=_Written), **changes}
    return "".join(line + _line_end(text, place) for line in _toml_lines([], header))


def _toml_lines(path: list[str], values: Mapping[str, Any], in_line: bool = False) -> list[str]:
    lines = _TomlWriter().table(path, values, in_line)
    return _TomlWriter(only_ascii=True).table(path, values, in_line) if repair_lines("\n".join(lines))[1] else lines


class _TomlWriter:
    """Values as lines of TOML. Null has no word in TOML and is left out."""

    def __init__(self, only_ascii: bool = False) -> None:
        self.only_ascii = only_ascii

    def table(self, path: list[str], values: Mapping[str, Any], in_line: bool = False) -> list[str]:
        """A table under its [name]; those in it follow, because all that comes after a name belongs to it."""
        lines = [f"[{'.'.join(map(self.key, path))}]"] if path else []
        inner = {key: value for key, value in values.items() if isinstance(value, dict) and not in_line}
        lines += self.entries({key: value for key, value in values.items() if key not in inner})
        for key, value in inner.items():
            lines += self.table([*path, key], value)
        return lines

    def entries(self, values: Mapping[str, Any]) -> list[str]:
        return [f"{self.key(key)} = {self.value(value)}" for key, value in values.items() if value is not None]

    def key(self, key: str) -> str:
        return key if _BARE_KEY.fullmatch(key) else self.value(key)

    def value(self, value: Any) -> str:
        if isinstance(value, dict):
            return f"{{{', '.join(self.entries(value))}}}"
        if isinstance(value, list):
            return f"[{', '.join(self.value(item) for item in value if item is not None)}]"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (dt.date, dt.time)):
            return value.isoformat()
        if not isinstance(value, str) or isinstance(value, _Written):
            return str(value)
        return _in_double_quotes(value, self.only_ascii)
