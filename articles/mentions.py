"""Finds the companies that an article names, and the text that search looks in. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from articles.folding import folded
from articles.rendering import plain_text
from companies.names import Mention, NameFinder


@dataclass(frozen=True)
class CompanyNames:
    """The names to look for, and what search also knows each company by: "Cipher Mining Cipher Mining Inc. CIFR"."""

    finder: NameFinder
    search_words: dict[str, str]


@dataclass(frozen=True)
class NamedCompany:
    """A company by its ticker: how often it is named, where first, and in which wordings, in order of appearance.

    `first_offset` counts characters of title, description and text of the body, as readers see them.
    """

    ticker: str
    count: int
    first_offset: int
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Links:
    """What is derived from an article's words. `ambiguous` names could be more than one company, and link to none."""

    companies: tuple[NamedCompany, ...]
    search_text: str
    ambiguous: tuple[str, ...]


def find_links(title: str, description: str, body_html: str, on: dt.date, names: CompanyNames) -> Links:
    """The links of an article of the day `on`, in order of first mention."""
    story = plain_text(body_html)
    text = f"{title}\n\n{description}\n\n{story}"
    mentions = names.finder.find(text, on)
    spans: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions.found:
        spans[mention.owner].append(mention)
    companies = tuple(
        NamedCompany(ticker, len(found), found[0].start, tuple(dict.fromkeys(text[m.start : m.end] for m in found)))
        for ticker, found in spans.items()
    )
    words = [title, description, story, *(names.search_words[ticker] for ticker in spans)]
    return Links(companies, folded("\n".join(words)), mentions.ambiguous)
