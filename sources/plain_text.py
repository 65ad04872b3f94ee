"""A raw story as it was copied from a page: headline, date, byline, editorial paragraphs, and the page's furniture. Pure.

Nothing is thrown away: every paragraph keeps its offsets into the text and a kind; furniture says why it is that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from sources.dates import read_date
from sources.encoding import UnreadableText

HEADLINE, DATE, BYLINE, EDITORIAL, FURNITURE = "headline", "date", "byline", "editorial", "furniture"
MAXIMUM_HEADLINE = 300


@dataclass(frozen=True)
class Paragraph:
    """`text[start:end]` of a document. `reason` is empty unless the kind is furniture."""

    start: int
    end: int
    kind: str
    reason: str = ""


@dataclass(frozen=True)
class Story:
    """A plain text taken apart. `published_on` is None and `byline` empty where the text gives none."""

    text: str
    headline: str
    published_on: date | None
    byline: str
    paragraphs: tuple[Paragraph, ...]

    def of_kind(self, kind: str) -> tuple[Paragraph, ...]:
        return tuple(paragraph for paragraph in self.paragraphs if paragraph.kind == kind)

    def story_spans(self) -> list[tuple[int, int]]:
        """(start, end) of the paragraphs that tell the story, the headline first among them."""
        return [(p.start, p.end) for p in self.paragraphs if p.kind in (HEADLINE, EDITORIAL)]

    def as_records(self) -> list[dict[str, object]]:
        """The paragraphs as they are stored: a list of {"start", "end", "kind", "reason"}."""
        return [asdict(paragraph) for paragraph in self.paragraphs]


# What a paragraph of page furniture says, and why it is one. Searched anywhere in a paragraph, case-insensitively;
# those marked `short` count only in paragraphs too short to be a story's (see _SHORT).
_FURNITURE = [
    ("privacy and terms", False, r"\bby (?:subscrib|sign|submitt|click|continu)ing\b.{0,200}?\byou (?:agree|accept|consent)\b"),
    ("privacy and terms", True, r"\b(?:privacy (?:policy|notice)|terms (?:and conditions|of (?:use|service))|cookie policy)\b"),
    ("privacy and terms", True, r"\ball rights reserved\b|©|\(c\) ?\d{4}"),
    ("newsletter", True, r"\b(?:sign(?:ing)? up|subscribe|register)\b.{0,40}\b(?:for|to|here|now|today|newsletter|podcast|channel)\b"),
    ("newsletter", True, r"\b(?:delivered|straight|sent|right) (?:\w+ )?to your inbox\b|\bour (?:daily |weekly |free )?newsletter\b"),
    ("newsletter", True, r"^(?:did you (?:like|enjoy)|like (?:what|this)|enjoy(?:ed|ing)? (?:this|what|our))\b.{0,60}\?$"),
    ("advert", True, r"^(?:advertisement|sponsored(?: content| post)?|promoted|paid post|partner content)\b"),
    ("advert", True, r"\b(?:subscribe to|listen (?:to|on)|available on|follow us on|download (?:the|our) app)\b.*"
                     r"\b(?:podcasts?|apple|spotify|youtube|telegram|app store|google play)\b"),
    ("advert", True, r"^(?:listen to|watch|tune in to) (?:our|the)\b.{0,80}\b(?:podcast|show|episode|channel)\b"),
    ("advert", True, r"^(?:follow|join) us\b|\bfollow us on\b"),
    ("related links", True, r"^(?:related(?: (?:articles?|stories|news|reading|posts|content))?|read (?:more|also|next)|see also|"
                            r"more (?:from|on|stories)|recommended|trending|most read|you (?:may|might) also like|latest news)\b[^.]*$"),
    ("image credit", True, r"^(?:(?:header|cover|featured?|lead|main|title|hero) )?(?:image|photo|picture|illustration|photograph|cover art)"
                           r"s?\b\s*(?:credits?|source|courtesy)?\s*(?::|by\b|via\b|from\b|courtesy\b)"),
    ("image credit", True, r"\b(?:via|under|through|licen[cs]ed under) (?:creative commons|cc[ -]by|shutterstock|getty images|unsplash|istock)\b"),
    ("share links", True, r"^(?:share|tweet|print|email|comments?|leave a comment|copy link)(?: (?:this|on|to)\b.{0,40})?[:.]?$"),
    ("disclaimer", True, r"^disclaimer\b|\bnot (?:intended as )?(?:financial|investment) advice\b"),
]  # fmt: skip
_FURNITURE_RULES = [(reason, short, re.compile(pattern, re.IGNORECASE)) for reason, short, pattern in _FURNITURE]
_SHORT = 320

_BYLINE = re.compile(r"^(?:by|written by|author:|reported by)\s+(\S.{0,120})$", re.IGNORECASE)
_LINE = re.compile(r"\S[^\r\n]*")
_NOT_A_STORY = re.compile(r"^\s*(?:<(?:!doctype|html|\?xml|rss|feed|svg)\b|[\[{]|\{\\rtf|%PDF)", re.IGNORECASE)
# Lines that no newspaper prints: settings, code, tables. A text of which they are a good part is no story.
_DATA_LINE = re.compile(
    r"""^\s*(?:\#|//|/\*|@|\[.*\]\s*$|[\w."'-]+\s*[:?+]?=\s|[\w$()./-]+\s*:(?:=|\s.*\||\s*$)|(?:import|from|def|class|return)\s|.*[{};\\]\s*$)"""
)
_DATA_SHARE = 0.3
# It begins at the last full stop and gives nothing back, so that a long text without one is passed over only once.
_DECIMAL_POINT = re.compile(r"(?<=\d)[.](?=\d)")
_SENTENCE = re.compile(r"(?<![^.!?])(?=[^.!?]*?\w[^.!?]{15})[^.!?]*+[.!?](?=[\"”’')\]]*+(?:\s|$))")


def read_story(text: str) -> Story:
    """Takes a plain text apart. Raises UnreadableText when it is not a news story: no headline, or no prose under it."""
    if _NOT_A_STORY.match(text.lstrip("\ufeff")):
        raise UnreadableText("neither an article with front matter nor a plain-text story: this is markup or data", 1)
    paragraphs = tuple(_classified(text))
    data = sum(bool(_DATA_LINE.match(text[p.start : p.end])) for p in paragraphs)
    if data > _DATA_SHARE * len(paragraphs):
        raise UnreadableText(
            "neither an article with front matter nor a plain-text story: this is code or settings",
            _line(text, paragraphs),
        )
    headlines = [p for p in paragraphs if p.kind == HEADLINE]
    prose = [p for p in paragraphs if p.kind == EDITORIAL and _SENTENCE.search(_whole_numbers(text[p.start : p.end]))]
    if not headlines or not prose:
        missing = "no headline" if not headlines else "no paragraph of prose under the headline"
        raise UnreadableText(
            f"neither an article with front matter nor a plain-text story: {missing}", _line(text, paragraphs)
        )
    dates = [p for p in paragraphs if p.kind == DATE]
    bylines = [p for p in paragraphs if p.kind == BYLINE]
    byline = _BYLINE.match(text[bylines[0].start : bylines[0].end]) if bylines else None
    return Story(
        text=text,
        headline=text[headlines[0].start : headlines[0].end],
        published_on=read_date(text[dates[0].start : dates[0].end]) if dates else None,
        byline=byline.group(1).strip() if byline else "",
        paragraphs=paragraphs,
    )


def _whole_numbers(text: str) -> str:
    """The point in $13.75 ends no sentence."""
    return _DECIMAL_POINT.sub(",", text)


def furniture_reason(paragraph: str) -> str:
    """Why a paragraph is page furniture and no part of the story; empty when it is none."""
    for reason, only_short, pattern in _FURNITURE_RULES:
        if (len(paragraph) <= _SHORT or not only_short) and pattern.search(paragraph):
            return reason
    return ""


def _classified(text: str) -> Iterator[Paragraph]:
    """Every line that is not blank, as a paragraph with its kind."""
    head = True
    seen: set[str] = set()
    for match in _LINE.finditer(text):
        line = match.group().rstrip(" \t")
        start, end = match.start(), match.start() + len(line)
        if line.startswith("\ufeff"):
            start, line = start + 1, line[1:]
        if not line.strip():
            continue
        kind, reason = EDITORIAL, furniture_reason(line)
        if reason:
            kind = FURNITURE
        elif head:
            kind = _head_kind(line, seen)
            head = kind != EDITORIAL
            seen.add(kind)
        yield Paragraph(start, end, kind, reason)


def _head_kind(line: str, seen: set[str]) -> str:
    """The kind of a line above the story: the headline comes first, date and byline follow in any order, once each."""
    if HEADLINE not in seen:
        sentence_like = len(line) > MAXIMUM_HEADLINE or len(_SENTENCE.findall(_whole_numbers(line))) > 1
        return EDITORIAL if sentence_like else HEADLINE
    if BYLINE not in seen and _BYLINE.match(line):
        return BYLINE
    if DATE not in seen and len(line) <= 60 and read_date(line) is not None:
        return DATE
    return EDITORIAL


def _line(text: str, paragraphs: tuple[Paragraph, ...]) -> int:
    return text.count("\n", 0, paragraphs[0].start) + 1 if paragraphs else 1
