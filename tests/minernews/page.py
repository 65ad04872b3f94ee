"""A page as its reader has it: words, links, pictures and card titles, taken from the HTML that the site sent."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

_VOID = {"meta", "link", "img", "input", "br", "hr"}
_UNREAD = {"script", "style", "title"}
_INLINE = {"a", "abbr", "b", "code", "em", "i", "mark", "q", "small", "span", "strong", "time"}


class Page(HTMLParser):
    """`elements` are (tag, attributes, words inside) in the order they end in; `headlines` the titles of its cards."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = markup
        self.elements: list[tuple[str, dict[str, str], str]] = []
        self.headlines: list[str] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(markup)
        self.close()
        assert not self._open, f"never closed: {[tag for tag, _, _ in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_startendtag(tag, attrs)
        else:
            self._open.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, ""))

    def handle_data(self, data: str) -> None:
        unread = any(tag in _UNREAD for tag, _, _ in self._open)
        for tag, _, words in self._open:
            if not unread or tag in _UNREAD:
                words.append(data)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1][0] == tag, f"</{tag}> closes {self._open[-1:]}"
        _, values, parts = self._open.pop()
        words = " ".join("".join(parts).split())
        self.elements.append((tag, values, words))
        if tag not in _INLINE:
            for _, _, outer in self._open:
                outer.append(" ")
        if tag in ("h2", "h3") and any("card" in around.get("class", "").split() for _, around, _ in self._open):
            self.headlines.append(words)

    def all(self, tag: str, css_class: str = "") -> list[tuple[dict[str, str], str]]:
        """(attributes, words) of each such element."""
        return [
            (values, words)
            for name, values, words in self.elements
            if name == tag and (not css_class or css_class in values.get("class", "").split())
        ]

    def words(self, tag: str, css_class: str = "") -> list[str]:
        return [words for _, words in self.all(tag, css_class)]

    def attributes(self, tag: str, css_class: str = "") -> list[dict[str, str]]:
        return [values for values, _ in self.all(tag, css_class)]

    def links(self, css_class: str = "") -> list[tuple[str, str]]:
        """(words, address) of each link."""
        return [(words, values.get("href", "")) for values, words in self.all("a", css_class)]

    @property
    def text(self) -> str:
        """All that stands in the page's `main`."""
        return self.words("main")[0]

    @property
    def title(self) -> str:
        return self.words("title")[0]


def read(client: Client, address: str, status: int = 200, **query: Any) -> Page:
    """The page at an address, which must answer with `status` and close every element where it should."""
    response = client.get(address, query or None)
    assert response.status_code == status, f"{address} answered {response.status_code}"
    return Page(response.content.decode())
