"""A page as its reader has it: words, links, pictures and headings, taken from the HTML that the site sent."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

_VOID = {"meta", "link", "img", "input", "br", "hr", "rect", "path"}
_UNREAD = {"script", "style", "title"}


class Page(HTMLParser):
    """`elements` are (tag, attributes, words inside) in order of their end; `text` is all that `main` says."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = markup
        self.elements: list[tuple[str, dict[str, str], str]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self.elements.append((tag, values, ""))
        else:
            self._open.append((tag, values, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, ""))

    def handle_data(self, data: str) -> None:
        for tag, _, words in self._open:
            if tag in _UNREAD or not any(name in _UNREAD for name, _, _ in self._open):
                words.append(data)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1][0] == tag, f"</{tag}> closes {self._open[-1:]} in {self.markup[:200]}"
        name, values, words = self._open.pop()
        self.elements.append((name, values, " ".join("".join(words).split())))

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
        return self.words("main")[0]

    @property
    def title(self) -> str:
        return self.words("title")[0]

    @property
    def headlines(self) -> list[str]:
        """The titles of the cards, in order."""
        cards = [words for name in ("h2", "h3") for words in self.words(name)]
        return [words for words in cards if (words in {text for text, _ in self.links()})]


def read(client: Client, address: str, status: int = 200, **query: Any) -> Page:
    """The page at an address, which must answer with `status`; every element of it must be closed where it should."""
    response = client.get(address, query)
    assert response.status_code == status, f"{address} answered {response.status_code}"
    return Page(response.content.decode())
