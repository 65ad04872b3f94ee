"""The words that the corpus is put together from: sentences of our own, true of nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate

# Those of the archive are 55: a few hold most articles, many hold a handful.
CATEGORIES = (
    "BTC", "MINING", "BUSINESS", "MARKET", "REGULATION", "ENERGY", "AI", "TECHNOLOGY", "POLICY", "ETF", "DEFI",
    "TREASURY", "EARNINGS", "HARDWARE", "DATACENTERS", "HOSTING", "SECURITY", "TAXES", "COURTS", "MERGERS", "DEBT",
    "STOCKS", "ANALYSTS", "EXCHANGES", "STABLECOINS", "ETHEREUM", "ALTCOINS", "NFT", "PAYMENTS", "BANKS", "FUNDS",
    "MACRO", "RATES", "TRADE", "GRID", "GAS", "NUCLEAR", "SOLAR", "CLIMATE", "WATER", "NOISE", "LAND", "JOBS",
    "PEOPLE", "EVENTS", "RESEARCH", "EDUCATION", "OPINION", "INTERVIEWS", "HISTORY", "UKRAINE", "EUROPE", "ASIA",
    "AFRICA", "PRESS RELEASES",
)  # fmt: skip
CATEGORY_WEIGHTS = tuple(400 / (place + 1) ** 1.3 for place in range(len(CATEGORIES)))
SOURCES = tuple(
    (name, re.sub(r"\W+", "-", name.lower()))
    for name in ("Decrypt", "The Hash Gazette", "Ledger Post", "Grid & Coin", "Block Courier", "Miner Wire", "Kilowatt")
)
SENTIMENTS = ("POSITIVE", "NEUTRAL", "NEGATIVE")
PLACES = ("Texas", "Georgia", "Ohio", "Norway", "Quebec", "Paraguay", "Wyoming", "Sweden", "Ethiopia", "Kentucky")
PLACES_UK = ("Техасі", "Джорджії", "Огайо", "Норвегії", "Квебеку", "Парагваї", "Вайомінгу", "Швеції", "Кентуккі")

TAG_WORDS = (
    "BTC", "BITCOIN", "MARKET", "BUSINESS", "MINING", "MINER", "HASHRATE", "HASHPRICE", "DIFFICULTY", "HALVING",
    "POWER", "ENERGY", "GRID", "ERCOT", "TEXAS", "AI", "COLOCATION", "DATACENTER", "EARNINGS", "REVENUE", "GUIDANCE",
    "STOCK", "SHARE", "NASDAQ", "ANALYST", "TARGET", "RATING", "TREASURY", "DEBT", "NOTE", "BOND", "LOAN", "MERGER",
    "ACQUISITION", "REGULATION", "POLICY", "SEC", "TAX", "TARIFF", "ASIC", "RIG", "FLEET", "IMMERSION", "COOLING",
    "HOSTING", "LEASE", "GPU", "CLOUD", "TECHNOLOGY", "ETF", "FUND", "INVESTOR", "TRADING", "PRICE", "VOLATILITY",
    "LIQUIDITY", "FEE", "BLOCK", "POOL", "NETWORK", "NODE", "WALLET", "SECURITY", "CARBON", "SOLAR", "WIND", "GAS",
    "NUCLEAR", "HYDRO", "CURTAILMENT", "LAWSUIT", "COURT",
)  # fmt: skip
CYRILLIC_TAGS = (
    "МАЙНІНГ", "БІТКОЇН", "РИНОК", "ЕНЕРГЕТИКА", "АКЦІЇ", "ТЕХАС", "КРИПТО", "БІРЖА", "ЗАКОН", "ТЕХНОЛОГІЇ",
    "ІНВЕСТИЦІЇ", "МЕРЕЖА",
)  # fmt: skip


_TAG_POOL = 4900


def _tag_pool(size: int = _TAG_POOL) -> list[str]:
    """Each word with its near-duplicates: a plural, another case, a space for a hyphen, in Cyrillic; then pairs of words."""
    forms: list[Callable[[str], str]] = [
        str,
        lambda word: word + "S",
        lambda word: f"CRYPTO {word}",
        lambda word: word.capitalize(),
        lambda word: f"{word}-NEWS",
    ]
    pool = dict.fromkeys([*(form(word) for form in forms for word in TAG_WORDS), *CYRILLIC_TAGS])
    # Pairs in an order in which neighbours have nothing in common.
    count = len(TAG_WORDS)
    for step in range(1, count):
        for place in range(count):
            pool.setdefault(f"{TAG_WORDS[place * 7 % count]} {TAG_WORDS[(place * 7 + step) % count]}")
    return list(pool)[:size]


TAGS = _tag_pool()
# Sums of falling weights, from which one tag is drawn faster than from the weights.
TAG_SUMS = list(accumulate((place + 3) ** -1.272 for place in range(len(TAGS))))

HEADINGS = (
    "Overview", "What happened", "The scale of it", "Power and its price", "The machines", "What the filing says",
    "Who gains and who loses", "Market response", "The balance sheet", "How the sum is done", "Neighbours on the grid",
    "Impact on the crypto market", "What to watch", "From author",
)  # fmt: skip
SENTENCES = (
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
BULLETS = (
    "The date on which {company} reports, and whether it counts coins in transit.",
    "Power in {place}: {mw} megawatts requested, an unknown part of it connected.",
    "{other} and its hosting contracts, of which the shortest ends this {season}.",
    "Difficulty, which moves once a fortnight and was last changed by {pct} per cent.",
    "Whether the **hashprice** stays above what the oldest machines cost to run.",
    "The [grid operator](https://grid.example/queue) and the next version of its queue.",
)
TITLES = (
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
TITLE_TAILS = (
    "and the {mw} Megawatts Next Door", "as Difficulty Moves {pct} Per Cent", "With {pages} Pages of Filing to Read",
    "While {eh} Exahashes Stand Idle", "and a Bill of {cost} Dollars an Hour",
)  # fmt: skip
TITLE_TAILS_UK = ("і {mw} мегаватів поруч", "після зміни складності на {pct} %", "за {eh} ексагешів від мети")
HEADINGS_UK = (
    "Огляд", "Що сталося", "Масштаб", "Ціна електроенергії", "Машини", "Кому вигідно, а кому ні", "Як це рахують",
    "За чим стежити", "Від автора",
)  # fmt: skip
SENTENCES_UK = (
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
BULLETS_UK = (
    "Дата, коли звітує {company}, і чи порахує вона монети в дорозі.",
    "Потужність у {place}: просять {mw} мегаватів, скільки під’єднано — невідомо.",
    "Складність, яка змінюється раз на два тижні.",
)
TITLES_UK = (
    "{company} зважує {mw} мегаватів у {place}, поки рухаються ціни на струм",
    "Що {company} та {other} кажуть про повільнішу мережу",
    "Чому {company} рахує монети по-новому",
)
