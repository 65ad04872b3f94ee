"""Reads the form of a page of the admin, and gives what a browser would send if nobody changed anything."""

from __future__ import annotations

from html.parser import HTMLParser

_NOT_SENT = {"submit", "button", "image", "reset", "file"}


class _Form(HTMLParser):
    """The form of this id: the names and values of its controls, in order."""

    def __init__(self, form: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form = form
        self.inside = False
        self.values: list[tuple[str, str]] = []
        self._text: str | None = None
        self._name = ""
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = found.get("id") == self.form
        elif self.inside:
            self._control(tag, found)

    def _control(self, tag: str, found: dict[str, str]) -> None:
        name = found.get("name", "")
        if tag == "input" and name and found.get("type") not in _NOT_SENT:
            if found.get("type") not in ("checkbox", "radio") or "checked" in found:
                self.values.append((name, found.get("value", "on" if found.get("type") == "checkbox" else "")))
        elif tag == "textarea":
            self._name, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in found and self._select:
            self.values.append((self._select, found.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            # A browser drops the line break right after the tag.
            self.values.append((self._name, self._text.removeprefix("\r").removeprefix("\n")))
            self._text = None
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self.inside = False


def values_of(page: str, form: str) -> dict[str, list[str]]:
    """Name → values, as they stand in the form of the id `form`."""
    parser = _Form(form)
    parser.feed(page)
    found: dict[str, list[str]] = {}
    for name, value in parser.values:
        found.setdefault(name, []).append(value)
    return found


def complaints(page: str) -> list[str]:
    """What a page says against a form that was sent."""
    return _Complaints.of(page)


class _Complaints(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._depth = 0

    @classmethod
    def of(cls, page: str) -> list[str]:
        parser = cls()
        parser.feed(page)
        return [text for text in (" ".join(words.split()) for words in parser.found) if text]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        classes = dict(attributes).get("class") or ""
        if self._depth or (tag in ("ul", "p") and {"errorlist", "errornote"} & set(classes.split())):
            if tag not in ("br", "img", "input"):
                self._depth += 1
            if self._depth == 1:
                self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag not in ("br", "img", "input"):
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.found[-1] += data
