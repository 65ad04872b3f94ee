"""Writes N articles in the format of the real ones: corpus.py DIR N. The same N gives the same bytes anywhere.

Proportions are those counted in 11,280 real files: 55 categories and some 3,157 tags in as many files, 88 % with a cover,
12 % Ukrainian translations that share their original's externalId, one file in 500 a later version of a story under a new
title. The prose is put together from sentences of our own; it says nothing true about anyone, and belongs in no database
that people read.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus_words import (
    BULLETS,
    BULLETS_UK,
    CATEGORIES,
    CATEGORY_WEIGHTS,
    HEADINGS,
    HEADINGS_UK,
    PLACES,
    PLACES_UK,
    SENTENCES,
    SENTENCES_UK,
    SENTIMENTS,
    SOURCES,
    TAG_SUMS,
    TAGS,
    TITLE_TAILS,
    TITLE_TAILS_UK,
    TITLES,
    TITLES_UK,
)

CATALOGUE = Path(__file__).resolve().parent.parent / "samples" / "companies.toml"
FIRST_DAY = dt.datetime(2025, 1, 2, 6, 0, tzinfo=dt.UTC)
DAYS = 660
BODY_CHARACTERS = (3_000, 4_000)
WITH_COVER = 0.88
LATER_VERSION_EVERY = 500
DAMAGED_DESCRIPTIONS = 0.05


@dataclass(frozen=True)
class Story:
    """One file: its name, and what its text is made from."""

    number: int
    external_id: str
    lang: str
    title: str
    description: str
    published_at: dt.datetime
    updated_at: dt.datetime
    source: tuple[str, str]
    category: str
    tags: tuple[str, ...]
    sticky: int
    sentiment: str
    score: float
    cover: str
    body: str

    @property
    def file_name(self) -> str:
        """Begins with its number, so that a folder read in order of name gives a later version after the earlier one."""
        words = re.findall(r"[a-z0-9]+", self.title.lower())
        return f"{self.number:06d}-{'-'.join(words)[:60].strip('-') or 'story'}.{self.lang}.md"


def stories(count: int, seed: int = 2026) -> Iterator[Story]:
    """The first `count` stories of the endless series that `seed` stands for, by and large in order of date."""
    # Its own generator, not the module's: nothing else that draws numbers may change the corpus.
    draw = random.Random(seed)
    companies = [(entry["name"], entry["ticker"], entry.get("exchange", "")) for entry in _companies()]
    originals: list[Story] = []
    for number in range(count):
        kind = draw.random()
        if number % LATER_VERSION_EVERY == LATER_VERSION_EVERY - 1:
            story = _later_version(draw, originals[-draw.randint(2, min(40, len(originals)))], companies)
        elif originals and originals[-1].number == number - 1 and kind < 0.12 / 0.88:
            story = _translation(draw, originals[-1], companies)
        else:
            story = replace(_original(draw, number, count, companies), external_id=_identity(draw, seed, number))
            originals.append(story)
        yield replace(story, number=number)


def _identity(draw: random.Random, seed: int, number: int) -> str:
    """Digits that no other number has, nor another series whose seed ends in other digits."""
    return f"{seed % 90 + 10}{number * 37 + draw.randint(0, 36):06d}"


def _companies() -> list[dict[str, str]]:
    return tomllib.loads(CATALOGUE.read_text("utf-8"))["company"]


def _original(draw: random.Random, number: int, count: int, companies: list[tuple[str, str, str]]) -> Story:
    slots = _slots(draw, companies, PLACES)
    minutes = DAYS * 24 * 60 * number // max(count, 1) + draw.randint(0, 600)
    published = FIRST_DAY + dt.timedelta(minutes=minutes, seconds=draw.randint(0, 59))
    body = _body(draw, slots, companies, HEADINGS, SENTENCES, BULLETS, PLACES)
    return Story(
        number=number,
        external_id="",
        lang="en",
        title=_title(draw, slots, TITLES, TITLE_TAILS),
        description=_description(draw, body),
        published_at=published,
        updated_at=published + dt.timedelta(minutes=draw.randint(5, 600)),
        source=draw.choice(SOURCES),
        category=draw.choices(CATEGORIES, CATEGORY_WEIGHTS)[0],
        tags=tuple(dict.fromkeys(draw.choices(TAGS, cum_weights=TAG_SUMS, k=draw.randint(2, 7)))),
        sticky=draw.choice((5, 10)) if draw.random() < 0.01 else 0,
        sentiment=draw.choice(SENTIMENTS),
        score=round(draw.random(), 2) if draw.random() < 0.3 else 0,
        cover=f"{draw.randint(10**12, 2 * 10**12)}-{draw.getrandbits(48):012x}" if draw.random() < WITH_COVER else "",
        body=body,
    )


def _translation(draw: random.Random, original: Story, companies: list[tuple[str, str, str]]) -> Story:
    slots = _slots(draw, companies, PLACES_UK)
    body = _body(draw, slots, companies, HEADINGS_UK, SENTENCES_UK, BULLETS_UK, PLACES_UK)
    title = _title(draw, slots, TITLES_UK, TITLE_TAILS_UK)
    return replace(original, lang="uk", title=title, description=_description(draw, body), body=body)


def _later_version(draw: random.Random, earlier: Story, companies: list[tuple[str, str, str]]) -> Story:
    slots = _slots(draw, companies, PLACES)
    body = _body(draw, slots, companies, HEADINGS, SENTENCES, BULLETS, PLACES)
    later = earlier.updated_at + dt.timedelta(hours=draw.randint(2, 30))
    return replace(earlier, title=f"Update: {_title(draw, slots, TITLES, TITLE_TAILS)}", body=body, updated_at=later)


def _slots(draw: random.Random, companies: list[tuple[str, str, str]], places: tuple[str, ...]) -> dict[str, object]:
    first, second = draw.sample(companies, 2)
    return {
        "company": first[0],
        "other": second[0],
        "listing": f"{first[0]} ({first[2].upper()}: {first[1]})" if first[2] else first[0],
        "place": draw.choice(places),
        "season": draw.choice(("winter", "spring", "summer", "quarter")),
        "mw": draw.randint(2, 120) * 5,
        "pct": draw.randint(2, 24),
        "eh": draw.randint(3, 60),
        "few": draw.choice(("two", "three", "four", "five")),
        "pages": draw.randint(40, 190),
        "cost": f"{draw.randint(2, 40) * 250:,}",
    }


def _title(draw: random.Random, slots: dict[str, object], heads: tuple[str, ...], tails: tuple[str, ...]) -> str:
    return f"{draw.choice(heads)} {draw.choice(tails)}".format(**slots)


def _body(
    draw: random.Random,
    slots: dict[str, object],
    companies: list[tuple[str, str, str]],
    headings: tuple[str, ...],
    sentences: tuple[str, ...],
    bullets: tuple[str, ...],
    places: tuple[str, ...],
) -> str:
    """H2 sections of paragraphs until the length of a real body is reached, one with bullets, the last the machine's."""
    low, high = BODY_CHARACTERS
    wanted = draw.randint(low + 100, high - 600)
    middle = list(headings[1:-1])
    draw.shuffle(middle)
    parts: list[str] = []
    length = 0
    named = False
    for place, heading in enumerate([headings[0], *middle]):
        section = [f"## {heading}"]
        for _ in range(draw.randint(1, 2)):
            words = []
            for sentence in draw.sample(sentences, draw.randint(2, 4)):
                # Most sentences are about the story's companies, some about others, as in a report on a sector.
                about = _slots(draw, companies, places)
                about |= {key: slots[key] for key in ("company", "other")} if draw.random() < 0.75 else {}
                if not named and "{company}" in sentence and about["company"] == slots["company"]:
                    about["company"], named = slots["listing"], True
                words.append(sentence.format(**about))
            section.append(" ".join(words))
        if place in (1, 3):
            lines = [f"- {line.format(**slots)}" for line in draw.sample(bullets, min(3, len(bullets)))]
            section.append("\n".join(lines))
        parts += section
        length += sum(len(part) + 2 for part in section)
        if length > wanted - 500:
            break
    parts += [f"## {headings[-1]}", " ".join(line.format(**slots) for line in draw.sample(sentences, 3))]
    while sum(len(part) + 2 for part in parts) < low:
        parts.append(" ".join(line.format(**slots) for line in draw.sample(sentences, 3)))
    return "\n\n".join(parts) + "\n"


def _description(draw: random.Random, body: str) -> str:
    """The first words of the body, cut with an ellipsis; now and then one that was read with the wrong code page."""
    text = " ".join(body.split("\n\n")[1].split()[:30]).rstrip(".,;:")
    return text + ("â€¦" if draw.random() < DAMAGED_DESCRIPTIONS else "…")


def text_of(story: Story) -> str:
    """The file: keys in the order of the real ones, strings quoted where YAML needs it."""
    lines = [
        "---",
        f"title: {_quoted(story.title)}",
        f"description: {_quoted(story.description)}",
        f"publishedAt: '{_time(story.published_at)}'",
        f"updatedAt: '{_time(story.updated_at)}'",
        f"lang: {story.lang}",
        f"externalId: '{story.external_id}'",
        "source:",
        f"  name: {_quoted(story.source[0])}",
        f"  key: {story.source[1]}",
        "  type: RSS",
        f"category: {story.category}",
        "tags:",
        *(f"  - {_quoted(tag)}" for tag in story.tags),
        f"stickyWeight: {story.sticky}",
        f"sentiment: {story.sentiment}",
        f"score: {story.score}",
        "draft: false",
        *_cover(story.cover),
        "ai:",
        "  rewritten: true",
        f"  expandedAt: '{_time(story.updated_at)}'",
        f"  translatedFrom: '{story.external_id}'" if story.lang == "uk" else "  version: 1",
        "---",
    ]
    return "\n".join(lines) + "\n" + story.body


def _cover(photo: str) -> list[str]:
    if not photo:
        return ["coverImage: null"]
    base = f"https://images.unsplash.com/photo-{photo}"
    common = "auto=format&fit=max&ixid=made-for-the-corpus-and-as-long-as-theirs-usually-are&q=80"
    return [
        "coverImage:",
        f"  raw: '{base}?ixid=made-for-the-corpus'",
        f"  full: '{base}?auto=format&q=85'",
        f"  regular: '{base}?crop=entropy&{common}&w=1080'",
        f"  small: '{base}?crop=entropy&{common}&w=400'",
        f"  thumb: '{base}?crop=entropy&{common}&w=200'",
        f"  small_s3: 'https://s3.example.com/small/photo-{photo}'",
    ]


def _quoted(text: str) -> str:
    """As YAML plain text where that is certain to stay text, else in single quotes."""
    plain = re.fullmatch(r"[^\W\d_][\w ,.…()$%’—-]*", text) and text.lower() not in ("null", "yes", "no", "on", "off")
    return text if plain else "'" + text.replace("'", "''") + "'"


def _time(time: dt.datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def write(folder: Path, count: int, seed: int = 2026) -> list[Path]:
    """Writes `count` files into `folder`, created if need be, and gives their paths in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for story in stories(count, seed):
        path = folder / story.file_name
        path.write_bytes(text_of(story).encode())
        paths.append(path)
    return paths


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or not arguments[1].isdigit():
        print("usage: corpus.py DIR N", file=sys.stderr)
        return 2
    paths = write(Path(arguments[0]), int(arguments[1]))
    size = sum(path.stat().st_size for path in paths)
    print(f"{len(paths)} files, {size:,} bytes, in {arguments[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
