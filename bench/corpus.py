"""Writes N articles in the format of the real ones: corpus.py DIR N. The same N gives the same bytes anywhere.

Proportions are those counted in 11,280 real files: 88 % with a cover, 12 % Ukrainian translations that share their
original's externalId, one file in 500 a later version of a story under a new title. The prose is put together from
sentences of our own; it says nothing true about anyone, and belongs in no database that people read.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "samples" / "companies.toml"
FIRST_DAY = dt.datetime(2025, 1, 2, 6, 0, tzinfo=dt.UTC)
DAYS = 660
BODY_CHARACTERS = (3_000, 4_000)
WITH_COVER = 0.88
LATER_VERSION_EVERY = 500
DAMAGED_DESCRIPTIONS = 0.05

CATEGORIES = (
    "BTC",
    "MINING",
    "BUSINESS",
    "MARKET",
    "REGULATION",
    "ENERGY",
    "AI",
    "TECHNOLOGY",
    "POLICY",
    "ETF",
    "DEFI",
)
CATEGORY_WEIGHTS = (40, 15, 10, 8, 6, 5, 5, 4, 3, 2, 2)
SOURCES = tuple(
    (name, re.sub(r"\W+", "-", name.lower()))
    for name in ("Decrypt", "The Hash Gazette", "Ledger Post", "Grid & Coin", "Block Courier", "Miner Wire", "Kilowatt")
)
SENTIMENTS = ("POSITIVE", "NEUTRAL", "NEGATIVE")
PLACES = ("Texas", "Georgia", "Ohio", "Norway", "Quebec", "Paraguay", "Wyoming", "Sweden", "Ethiopia", "Kentucky")
PLACES_UK = ("Техасі", "Джорджії", "Огайо", "Норвегії", "Квебеку", "Парагваї", "Вайомінгу", "Швеції", "Кентуккі")

_TAG_WORDS = (
    "BTC", "BITCOIN", "MARKET", "BUSINESS", "MINING", "MINER", "HASHRATE", "HASHPRICE", "DIFFICULTY", "HALVING",
    "POWER", "ENERGY", "GRID", "ERCOT", "TEXAS", "AI", "COLOCATION", "DATACENTER", "EARNINGS", "REVENUE", "GUIDANCE",
    "STOCK", "SHARE", "NASDAQ", "ANALYST", "TARGET", "RATING", "TREASURY", "DEBT", "NOTE", "BOND", "LOAN", "MERGER",
    "ACQUISITION", "REGULATION", "POLICY", "SEC", "TAX", "TARIFF", "ASIC", "RIG", "FLEET", "IMMERSION", "COOLING",
    "HOSTING", "LEASE", "GPU", "CLOUD", "TECHNOLOGY", "ETF", "FUND", "INVESTOR", "TRADING", "PRICE", "VOLATILITY",
    "LIQUIDITY", "FEE", "BLOCK", "POOL", "NETWORK", "NODE", "WALLET", "SECURITY", "CARBON", "SOLAR", "WIND", "GAS",
    "NUCLEAR", "HYDRO", "CURTAILMENT", "LAWSUIT", "COURT",
)  # fmt: skip
_CYRILLIC_TAGS = (
    "МАЙНІНГ", "БІТКОЇН", "РИНОК", "ЕНЕРГЕТИКА", "АКЦІЇ", "ТЕХАС", "КРИПТО", "БІРЖА", "ЗАКОН", "ТЕХНОЛОГІЇ",
    "ІНВЕСТИЦІЇ", "МЕРЕЖА",
)  # fmt: skip


def _tag_pool(size: int = 300) -> list[str]:
    """Each word with its near-duplicates: a plural, another case, a space for a hyphen, and in Cyrillic."""
    forms: list[Callable[[str], str]] = [
        str,
        lambda word: word + "S",
        lambda word: f"CRYPTO {word}",
        lambda word: word.capitalize(),
        lambda word: f"{word}-NEWS",
    ]
    pool = dict.fromkeys([*(form(word) for form in forms for word in _TAG_WORDS), *_CYRILLIC_TAGS])
    first = list(pool)[: size - len(_CYRILLIC_TAGS)]
    return [*first, *_CYRILLIC_TAGS]


TAGS = _tag_pool()
_TAG_WEIGHTS = [1 / (place + 3) for place in range(len(TAGS))]

_HEADINGS = (
    "Overview", "What happened", "The scale of it", "Power and its price", "The machines", "What the filing says",
    "Who gains and who loses", "Market response", "The balance sheet", "How the sum is done", "Neighbours on the grid",
    "Impact on the crypto market", "What to watch", "From author",
)  # fmt: skip
_SENTENCES = (
    "{company} runs machines in {place}, and the question put to it this {season} is what they earn after power.",
    "A site of {mw} megawatts draws as much as a small town, which is why {place} asks who pays for the lines.",
    "Readers have compared {company} with {other}, although the two buy their electricity in different ways.",
    "Revenue follows the price of bitcoin with little delay; power contracts follow it with a great deal.",
    "If the network grows by {pct} per cent while the coin stands still, each machine earns about that much less.",
    "The filing runs to {pages} pages, and the part about energy fills {few} of them.",
    "At {eh} exahashes per second a fleet finds a block now and then, by luck as much as by size.",
    "Neither {company} nor {other} has said how much of the hall in {place} is let.",
    "What was announced is a plan, and a plan for {mw} megawatts is worth what its permits are worth.",
    "The older rigs stop first when margins shrink, and the rest inherit their share of the reward.",
    "Nobody meters the network; its computing power is inferred from how quickly blocks arrive.",
    "A spokesperson would not put a date on it, and the calendar of the grid operator has none either.",
    "In {place} the cheapest hours are at night, when the wind blows and few people cook.",
    "{company} has changed the way it reports coins, so this {season} cannot be laid beside the last one.",
    "Investors who bought for the coins now hold a landlord, and those who came for the landlord hold coins.",
    "The arithmetic is short: {mw} megawatts at five cents a kilowatt-hour cost about {cost} dollars an hour.",
    "Cooling takes {pct} per cent of the bill in a dry summer and close to nothing in a northern winter.",
    "For {other} the comparison is awkward, because its machines stand in halls that belong to somebody else.",
    "Debt is cheap while the collateral rises; the covenants are written for the other case.",
    "A fall of {pct} per cent in the coin can cost a miner twice that in margin, or three times.",
    "The deal was described as strategic, a word that appears {few} times in the announcement and is not explained.",
    "Fees have been a small part of the reward for months, and a large one on a single day.",
    "Had the difficulty not changed, {company} would have mined {pct} per cent more with the same fleet.",
    "The lawyers of both sides agree about the meter and disagree about who reads it.",
    "It is easier to move a container of rigs than a transformer, and easier to order either than to connect one.",
)  # fmt: skip
_BULLETS = (
    "The date on which {company} reports, and whether it counts coins in transit.",
    "Power in {place}: {mw} megawatts requested, an unknown part of it connected.",
    "{other} and its hosting contracts, of which the shortest ends this {season}.",
    "Difficulty, which moves once a fortnight and was last changed by {pct} per cent.",
    "Whether the **hashprice** stays above what the oldest machines cost to run.",
    "The [grid operator](https://grid.example/queue) and the next version of its queue.",
)
_TITLES = (
    "{company} Weighs {mw} Megawatts in {place} as Power Prices Move",
    "What {company} and {other} Say About a Slower Network",
    "{place} Asks Miners to Pay for Lines That {company} May Never Use",
    "Why {company} Counts Its Coins in a New Way This {season}",
    "Bitcoin Miners {company} and {other} Meet a Dearer Grid",
    "{company}: {eh} Exahashes, {few} Halls and One Open Question",
    "After a Dry Summer {company} Looks Again at Cooling in {place}",
    "The Lease in {place} That {other} Did Not Sign and {company} Might",
)
# Second halves that keep most titles apart; of real ones, too, a few in a hundred are the same.
_TITLE_TAILS = (
    "and the {mw} Megawatts Next Door", "as Difficulty Moves {pct} Per Cent", "With {pages} Pages of Filing to Read",
    "While {eh} Exahashes Stand Idle", "and a Bill of {cost} Dollars an Hour",
)  # fmt: skip
_TITLE_TAILS_UK = ("і {mw} мегаватів поруч", "після зміни складності на {pct} %", "за {eh} ексагешів від мети")
_HEADINGS_UK = (
    "Огляд", "Що сталося", "Масштаб", "Ціна електроенергії", "Машини", "Кому вигідно, а кому ні", "Як це рахують",
    "За чим стежити", "Від автора",
)  # fmt: skip
_SENTENCES_UK = (
    "{company} тримає машини в {place}, і цього кварталу її питають, що лишається після рахунка за струм.",
    "Майданчик на {mw} мегаватів споживає стільки ж, скільки невелике місто, тож мережа питає, хто заплатить за лінії.",
    "Читачі порівнюють {company} та {other}, хоча електроенергію вони купують по-різному.",
    "Виручка йде за ціною біткоїна майже одразу, а договори на струм наздоганяють її не скоро.",
    "Якщо мережа зросте на {pct} відсотків, а монета стоятиме на місці, кожна машина зароблятиме приблизно на стільки менше.",
    "За {eh} ексагешів на секунду парк машин знаходить блок час від часу, і вдача важить не менше за розмір.",
    "Оголосили поки що план, а план на {mw} мегаватів вартий стільки, скільки дозволи до нього.",
    "Старі машини зупиняють першими, і решта ділить їхню частку винагороди.",
    "Потужності мережі ніхто не вимірює: її виводять із того, як швидко з’являються блоки.",
    "У {place} найдешевші години — нічні, коли дме вітер і мало хто готує вечерю.",
    "Борг дешевий, доки застава дорожчає; умови договору писано на протилежний випадок.",
    "Контейнер із машинами перевезти легше, ніж трансформатор, а замовити те й те легше, ніж під’єднати.",
)  # fmt: skip
_BULLETS_UK = (
    "Дата, коли звітує {company}, і чи порахує вона монети в дорозі.",
    "Потужність у {place}: просять {mw} мегаватів, скільки під’єднано — невідомо.",
    "Складність, яка змінюється раз на два тижні.",
)
_TITLES_UK = (
    "{company} зважує {mw} мегаватів у {place}, поки рухаються ціни на струм",
    "Що {company} та {other} кажуть про повільнішу мережу",
    "Чому {company} рахує монети по-новому",
)


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
    body = _body(draw, slots, companies, _HEADINGS, _SENTENCES, _BULLETS, PLACES)
    return Story(
        number=number,
        external_id="",
        lang="en",
        title=_title(draw, slots, _TITLES, _TITLE_TAILS),
        description=_description(draw, body),
        published_at=published,
        updated_at=published + dt.timedelta(minutes=draw.randint(5, 600)),
        source=draw.choice(SOURCES),
        category=draw.choices(CATEGORIES, CATEGORY_WEIGHTS)[0],
        tags=tuple(dict.fromkeys(draw.choices(TAGS, _TAG_WEIGHTS, k=draw.randint(2, 7)))),
        sticky=draw.choice((5, 10)) if draw.random() < 0.01 else 0,
        sentiment=draw.choice(SENTIMENTS),
        score=round(draw.random(), 2) if draw.random() < 0.3 else 0,
        cover=f"{draw.randint(10**12, 2 * 10**12)}-{draw.getrandbits(48):012x}" if draw.random() < WITH_COVER else "",
        body=body,
    )


def _translation(draw: random.Random, original: Story, companies: list[tuple[str, str, str]]) -> Story:
    slots = _slots(draw, companies, PLACES_UK)
    body = _body(draw, slots, companies, _HEADINGS_UK, _SENTENCES_UK, _BULLETS_UK, PLACES_UK)
    title = _title(draw, slots, _TITLES_UK, _TITLE_TAILS_UK)
    return replace(original, lang="uk", title=title, description=_description(draw, body), body=body)


def _later_version(draw: random.Random, earlier: Story, companies: list[tuple[str, str, str]]) -> Story:
    slots = _slots(draw, companies, PLACES)
    body = _body(draw, slots, companies, _HEADINGS, _SENTENCES, _BULLETS, PLACES)
    later = earlier.updated_at + dt.timedelta(hours=draw.randint(2, 30))
    return replace(earlier, title=f"Update: {_title(draw, slots, _TITLES, _TITLE_TAILS)}", body=body, updated_at=later)


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
    common = "cs=tinysrgb&fit=max&fm=jpg&ixid=M3w4MjQzNjB8MHwxfHJhbmRvbXx8fHx8fHx8fDE3NzAzNTMwOTJ8&ixlib=rb-4.1.0&q=80"
    return [
        "coverImage:",
        f"  raw: '{base}?ixid=M3w4MjQzNjB8MHwxfHJhbmRvbXx8fHx8fHx8fDE3NzAzNTMwOTJ8&ixlib=rb-4.1.0'",
        f"  full: '{base}?crop=entropy&cs=srgb&fm=jpg&ixlib=rb-4.1.0&q=85'",
        f"  regular: '{base}?crop=entropy&{common}&w=1080'",
        f"  small: '{base}?crop=entropy&{common}&w=400'",
        f"  thumb: '{base}?crop=entropy&{common}&w=200'",
        f"  small_s3: 'https://s3.us-west-2.amazonaws.com/images.unsplash.com/small/photo-{photo}'",
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
