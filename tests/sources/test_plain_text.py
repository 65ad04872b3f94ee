"""A story copied from a page: its headline, date, byline and paragraphs, and the page's furniture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.encoding import UnreadableText, decode
from sources.plain_text import Story, furniture_reason, read_story

PROSE = "Fjordbyte Mining opened a second hall beside the first on Tuesday."
STORY = f"""Fjordbyte opens a hall

Feb 4, 2026
By Ada Quill

{PROSE}

Sponsored: a word from nobody.

It cost less than the first.
"""


def kinds(story: Story) -> list[tuple[str, str]]:
    return [(p.kind, story.text[p.start : p.end]) for p in story.paragraphs]


def test_a_story_is_taken_apart_into_headline_date_byline_and_paragraphs() -> None:
    story = read_story(STORY)
    assert (story.headline, story.published_on, story.byline) == (
        "Fjordbyte opens a hall",
        dt.date(2026, 2, 4),
        "Ada Quill",
    )
    assert kinds(story) == [
        ("headline", "Fjordbyte opens a hall"),
        ("date", "Feb 4, 2026"),
        ("byline", "By Ada Quill"),
        ("editorial", PROSE),
        ("furniture", "Sponsored: a word from nobody."),
        ("editorial", "It cost less than the first."),
    ]


def test_date_and_byline_may_come_in_either_order_or_not_at_all() -> None:
    swapped = read_story(f"Headline here\nBy Ada Quill\n2026-02-04\n\n{PROSE}\n")
    assert (swapped.byline, swapped.published_on) == ("Ada Quill", dt.date(2026, 2, 4))
    bare = read_story(f"Headline here\n\n{PROSE}\n")
    assert (bare.byline, bare.published_on) == ("", None)


def test_a_date_below_the_first_paragraph_does_not_date_the_story() -> None:
    story = read_story(f"Headline here\n\n{PROSE}\n\nFeb 4, 2026\n\nBy Ada Quill\n")
    assert (story.published_on, story.byline) == (None, "")
    assert [kind for kind, _ in kinds(story)] == ["headline", "editorial", "editorial", "editorial"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_newline_and_a_byte_order_mark_give_the_same_paragraphs(newline: str, mark: str) -> None:
    story = read_story(mark + STORY.replace("\n", newline))
    assert kinds(story) == kinds(read_story(STORY))


def test_blanks_around_a_line_are_no_part_of_its_paragraph() -> None:
    story = read_story(f"  Headline here \t\n\n\t{PROSE}  \n")
    assert kinds(story) == [("headline", "Headline here"), ("editorial", PROSE)]


def test_paragraphs_can_be_stored_as_records() -> None:
    assert read_story(STORY).as_records()[4] == {
        "start": STORY.index("Sponsored"),
        "end": STORY.index("Sponsored") + 30,
        "kind": "furniture",
        "reason": "advert",
    }
    assert [p.reason for p in read_story(STORY).of_kind("editorial")] == ["", ""]


@pytest.mark.parametrize(
    ("paragraph", "reason"),
    [
        ("By subscribing, you agree to our Privacy Policy.", "privacy and terms"),
        ("By signing up you consent to being written to.", "privacy and terms"),
        ("Terms of Service", "privacy and terms"),
        ("© 2026 The Hash Gazette", "privacy and terms"),
        ("All rights reserved.", "privacy and terms"),
        ("Sign up for our newsletter", "newsletter"),
        ("Get the best of it delivered straight to your inbox", "newsletter"),
        ("Enjoyed this article?", "newsletter"),
        ("Advertisement", "advert"),
        ("Sponsored content", "advert"),
        ("Listen to our podcast, the Sample Desk Hour, in whichever app you like best.", "advert"),
        ("Follow us on Telegram", "advert"),
        ("RELATED ARTICLES", "related links"),
        ("Read more: Ostrava switches off", "related links"),
        ("You might also like", "related links"),
        ("Header image by Ada Quill via Creative Commons.", "image credit"),
        ("Photo: Ada Quill", "image credit"),
        ("Cover image courtesy of Fjordbyte", "image credit"),
        ("Share on X", "share links"),
        ("Disclaimer: written for a test.", "disclaimer"),
        ("This is not financial advice.", "disclaimer"),
    ],
)
def test_page_furniture_is_known_and_says_why(paragraph: str, reason: str) -> None:
    assert furniture_reason(paragraph) == reason


@pytest.mark.parametrize(
    "paragraph",
    [
        PROSE,
        "The image of bitcoin miners has changed since the halving.",
        "Related costs rose by a tenth.",
        "Photographs of the hall by the river were shown to investors.",
        "Share prices fell on Monday.",
        "By June the miner had signed for 200 megawatts.",
        "Print runs of the new chip begin in March.",
        "Analysts watch for more from the company about its leases.",
        "The sponsor of the bill said it would lower the price of power.",
        "Disclaimers were filed with the regulator.",
    ],
)
def test_sentences_of_a_story_are_no_furniture(paragraph: str) -> None:
    assert furniture_reason(paragraph) == ""


def test_a_long_paragraph_that_mentions_a_privacy_policy_stays_part_of_the_story() -> None:
    paragraph = (
        "The regulator asked about the privacy policy of the pool. " + "It had several questions about it. " * 10
    )
    assert furniture_reason(paragraph) == ""


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("<!DOCTYPE html><p>x</p>", "this is markup or data", 1),
        ("\n <rss></rss>", "this is markup or data", 1),
        ('{"title": "x"}', "this is markup or data", 1),
        ("\ufeff[1, 2]", "this is markup or data", 1),
        ("%PDF-1.7", "this is markup or data", 1),
        ("{\\rtf1 x}", "this is markup or data", 1),
        ("import re\n\nNAME = 1\n\nA sentence that is long enough.\n", "this is code or settings", 1),
        ("all: run\n\nrun:\n\tgo now\n\nPORT ?= 8000\n", "this is code or settings", 1),
        ("Only a headline", "no paragraph of prose under the headline", 1),
        ("\n\nA headline\n\nshort words\n\nmore words", "no paragraph of prose under the headline", 3),
        (f"{PROSE} {PROSE}\n\n{PROSE}", "no headline", 1),
        ("Sponsored content\n\nRELATED ARTICLES\n", "no headline", 1),
        ("\ufeff", "no headline", 1),
    ],
)
def test_what_is_no_news_story_is_refused_with_the_reason(text: str, message: str, line: int) -> None:
    with pytest.raises(UnreadableText) as refusal:
        read_story(text)
    assert refusal.value.reason == f"neither an article with front matter nor a plain-text story: {message}"
    assert refusal.value.line == line


FRAGMENTS = [
    "Fjordbyte opens a hall",
    "Feb 4, 2026",
    "By Ada Quill",
    PROSE,
    "RELATED ARTICLES",
    "\ufeff",
    " \t",
    "…",
    "\x0b",
]


@settings(max_examples=150, deadline=None, database=None)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=30), max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_paragraphs_never_overlap_and_leave_out_nothing_but_blanks(lines: list[str], newline: str) -> None:
    text = newline.join(["Fjordbyte opens a hall", *lines, PROSE])
    try:
        story = read_story(text)
    except UnreadableText:
        return
    position, between = 0, ""
    for p in story.paragraphs:
        assert position <= p.start < p.end <= len(text)
        between += text[position : p.start]
        position = p.end
    assert (between + text[position:]).replace("\ufeff", "").strip() == ""


@pytest.mark.parametrize(
    "body",
    ["a" * 100_000, "aaa " * 25_000, "x" + " " * 100_000 + "y", "by subscribing " * 7_000, "a." * 50_000, "\n" * 100_000,
     "a." + '"' * 100_000 + "x", "subscribe " * 10_000, "\r" * 100_000],
    ids=["one-word", "no-full-stop", "blanks", "by-subscribing", "full-stops", "newlines", "quotes", "subscribe", "cr"],
)  # fmt: skip
def test_hostile_texts_are_read_or_refused_quickly(body: str) -> None:
    started = process_time()
    with pytest.raises(UnreadableText):
        read_story(f"A headline\n\n{body}")
    read_story(f"A headline\n\n{PROSE}\n\n{body}")
    assert process_time() - started < 2


def test_the_real_document_is_taken_apart_with_its_furniture_kept_aside(seed: Callable[[str], Path]) -> None:
    text = decode(seed("004").read_bytes())
    story = read_story(text)
    assert story.headline == text.split("\n")[0]
    assert (story.published_on, story.byline.split()) == (dt.date(2026, 2, 4), ["Edwin", "Ziheng", "Wang"])
    assert [(p.reason, text[p.start : p.end].split()[0]) for p in story.of_kind("furniture")] == [
        (story.of_kind("furniture")[0].reason, "The"),
        ("image credit", "Header"),
        ("related links", "RELATED"),
        ("newsletter", "Like"),
        ("newsletter", "Get"),
        ("privacy and terms", "By"),
    ]
    # The podcast's advert asks to subscribe: either word for it is right.
    assert story.of_kind("furniture")[0].reason in ("advert", "newsletter")
    assert [text[p.start : p.end].split()[0] for p in story.of_kind("editorial")] == [
        "J.P.", "Analysts", "Cipher", "CleanSpark", "Riot", "MARA", "IREN", "J.P.", "The"
    ]  # fmt: skip
