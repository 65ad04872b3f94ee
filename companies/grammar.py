"""What the tokens of one sentence are: ratings, targets, prices, their previous values, and what was done. Pure.

Each rule is a pattern over a sentence's row (see tokens.py) in which a named group marks the token that fills a slot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from companies.tokens import ANY_TOKEN, COMPANY, FIRM, MONEY, RATING, Sentence

C, F, M, R = COMPANY, FIRM, MONEY, RATING
_NOUN = r"(?:rating|recommendation|stance|view|call)s?"
_A = r"(?:(?:an?|its|the|their|his|her)\s+)?(?:[“\"'‘])?"
_TARGET = r"(?:(?:share|stock|12[- ]month|twelve[- ]month|one[- ]year|\d+[- ]month)\s+)?(?:price\s+)?(?:targets?|objectives?)(?:\s+prices?)?"
_KEEP = r"(?:reiterat|maintain|keep|kept|reaffirm|affirm|retain|repeat|leav|left|stay|remain|stick|stuck|backed|stands? by)\w*"
_MOVE = (r"(?:upgrad|downgrad|double[- ]upgrad|cut|lower|rais|lift|mov|tak|took|shift|went|go|drop|climb|rose|ris|fell|fall|slip"
         r"|bump|boost|hik|increas|trim|slash|reduc|par|com|came|chang|put|reset|nudg|advanc|adjust)\w*")  # fmt: skip
_START = r"(?:initiat|commenc|start|began|begin|launch|assum|resum|reinstat|pick)\w*"
_WITHDRAW = r"(?:withdr[ae]w|remov|drop|pull|suspend|scrap|discontinu)\w*"
_GAP = rf"(?:(?!{ANY_TOKEN})[^;])"  # any character that is no token

_RATING_RULES = [
    rf"(?P<rating>{R})[\s-]+rated\b",
    rf"(?P<rating>{R})[”\"'’]?\s+{_NOUN}\b",
    rf"\b{_NOUN}\s+(?:(?:of|at|to|is|was|remains|stays|on\s+{C}\s+(?:at|to|is))\s+|:\s*){_A}(?P<rating>{R})",
    rf"\brat(?:e|es|ed|ing)\b(?:\s+(?:it|{C}|all|them|both|the\s+\w+|its\s+\w+))*\s+(?:at\s+|as\s+)?{_A}(?P<rating>{R})",
    rf"\b{_MOVE}\b{_GAP}{{0,40}}(?:{C}{_GAP}{{0,20}})?\b(?:to|at)\s+{_A}(?P<rating>{R})",
    rf"\bto\s+{_A}(?P<rating>{R})[”\"'’]?(?:\s+{_NOUN})?,?\s+from\s+{_A}(?P<prev_rating>{R})",
    rf"\bfrom\s+{_A}(?P<prev_rating>{R})[”\"'’]?\s+to\s+{_A}(?P<rating>{R})",
    rf"\bfrom\s+{_A}(?P<prev_rating>{R})",
    rf"\b{_KEEP}\b{_GAP}{{0,30}}(?:{C}{_GAP}{{0,12}})?(?P<rating>{R})(?!\s+the\b)",
    rf"\b{_START}\b{_GAP}{{0,40}}(?:{C}{_GAP}{{0,20}})?\b(?:with|at|as)\s+{_A}(?P<rating>{R})",
]
_TARGET_RULES = [
    rf"(?P<target>{M})\s+(?:(?:a|per)[- ]share\s+)?{_TARGET}",
    rf"\b{_TARGET}\s+(?:(?:on|for)\s+(?:{C}|the\s+\w+|its\s+\w+)\s+)?(?:of|at|to|is|was|up\s+to|down\s+to)\s+(?:{_GAP}{{0,16}})?(?P<target>{M})",
    rf"\b{_TARGET}\b(?:{_GAP}|{C}){{0,60}}?(?:\bby\s+{M},?\s+)?\b(?:to|of|(?:stays?|stands?|remains?|sits?|left|kept|unchanged)\s+at)\s+(?P<target>{M})",
    rf"\b{_TARGET}\b{_GAP}{{0,40}}?\bfrom\s+(?P<prev_target>{M})\s+to\s+(?P<target>{M})",
    rf"\b{_TARGET}\s*[:(]\s*(?P<target>{M})",
]
# These need a target in the same sentence: the pair says which of its two amounts is the old one.
_PREVIOUS_RULES = [
    rf"(?P<target>{M})(?:\s+{_TARGET}(?:\s+(?:on|for)\s+(?:{C}|the\s+\w+))?)?[,;]?\s+\(?(?:(?:up|down|raised|cut|lowered|changed)\s+)?from\s+(?P<prev_target>{M})",
    rf"(?P<target>{M})(?:\s+{_TARGET}(?:\s+(?:on|for)\s+(?:{C}|the\s+\w+))?)?[,;]?\s+\(?(?:previously|formerly|compared\s+with|instead\s+of)\s+(?P<prev_target>{M})",
    rf"\bfrom\s+(?P<prev_target>{M})\s+to\s+(?P<target>{M})",
    rf"\b{_WITHDRAW}\s+(?:its|the|their|a)\s+(?:previous\s+)?(?P<prev_target>{M})\s+{_TARGET}",
    rf"(?P<prev_target>{M})\s+{_TARGET}(?:\s+(?:on|for)\s+(?:{C}|the\s+\w+))?\s+(?:was\s+|is\s+|has\s+been\s+)?{_WITHDRAW}",
]
_PRICE_RULES = [
    rf"\b(?:shares?|stock|it|{C}|which)\b(?:{_GAP}){{0,30}}?\b(?:at|near|around|for|(?:fell|rose|climbed|dropped|slid|jumped|slipped|gained)\b{_GAP}{{0,30}}?\bto)\s+(?:{_GAP}{{0,16}})?(?P<price>{M})",
    rf"\b(?:clos|trad|chang(?:ed|ing)\s+hands|stood|quoted|valuation|share\s+price|price|currently)\w*\b{_GAP}{{0,40}}?(?P<price>{M})",
]
_COIN = r"(?:bitcoin|BTC|ether(?:eum)?)"
_OF_SHARES = r"(?!\s+(?:min|treasur|stock|compan|firm))"  # a "bitcoin miner" is not the coin
_NO_CALL = re.compile(
    rf"\b(?:consensus|average|mean|median|street[- ](?:high|low)|52[- ]week|earnings per share|EPS|revenue)\b"
    rf"|\b{_COIN}(?:[’']s)?\s+(?:price\s+)?(?:{_TARGET}|forecast)"
    rf"|\b{_TARGET}(?:(?!{C})[^.;]){{0,24}}?\b(?:for|on)\s+{_COIN}\b{_OF_SHARES}"
    rf"|\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?:\w+\s+){{0,3}}?{R}\s+(?:ratings|recommendations)\b"
    r"|\brang(?:e|es|ed|ing)\s+from\b",
    re.IGNORECASE,
)
# Where these are spoken of, an amount may be theirs and not the share's.
_OTHER_PRICE = re.compile(rf"\b(?:{_COIN}|coins?|hash\s?price|power|electricity)\b{_OF_SHARES}", re.IGNORECASE)

_compiled = {
    name: [re.compile(rule, re.IGNORECASE) for rule in rules]
    for name, rules in (
        ("rating", _RATING_RULES),
        ("previous", _PREVIOUS_RULES),
        ("target", _TARGET_RULES),
        ("price", _PRICE_RULES),
    )
}
_HAS_TARGET = re.compile(rf"\b{_TARGET}\b", re.IGNORECASE)
_ACTIONS = [
    ("upgraded", re.compile(r"\b(?:double[- ])?upgrad(?:e|es|ed|ing)\b", re.IGNORECASE)),
    ("downgraded", re.compile(r"\bdowngrad(?:e|es|ed|ing)\b", re.IGNORECASE)),
    ("initiated", re.compile(rf"\b{_START}\s+(?:{_GAP}{{0,24}}|{C}\s+)?coverage\b|\binitiat\w+\b|\bcoverage\s+(?:of|on)\b{_GAP}{{0,30}}{C}", re.IGNORECASE)),
    ("reiterated", re.compile(rf"\b{_KEEP}\b{_GAP}{{0,30}}(?:{C}{_GAP}{{0,12}})?{R}", re.IGNORECASE)),
]  # fmt: skip
# In "Riot maintains an overweight rating" the company holds what the firm gave: that states a rating, it repeats none.
_COMPANY_KEEPS = re.compile(
    rf"{C}[^.;]{{0,30}}?\b(?:maintains?|keeps?|retains?|holds?|stays?|remains?)\b", re.IGNORECASE
)
_OTHER_VERB = re.compile(rf"\b(?:{_MOVE}|rat(?:e|es|ed|ing)|{_KEEP})\b", re.IGNORECASE)
_FIRM_WORD = re.compile(rf"{F}|\b(?:bank|firm|broker(?:age)?|analysts?)\b", re.IGNORECASE)
_REMOVED = re.compile(
    rf"\b{_WITHDRAW}\b{_GAP}{{0,20}}(?:{M}\s+)?{_TARGET}"
    rf"|{_TARGET}(?:\s+(?:on|for)\s+(?:{C}|the\s+\w+))?\s+(?:was\s+|is\s+|has\s+been\s+)?{_WITHDRAW}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Slot:
    """The token at `place` of the row fills `field` (rating, prev_rating, target, prev_target or price)."""

    field: str
    place: int


def slots(sentence: Sentence) -> list[Slot]:
    """What each rating word and amount of the sentence is, those that are nothing left out."""
    row = sentence.row
    if _NO_CALL.search(row):
        return []
    filled: dict[int, str] = {}
    _fill(filled, "rating", row, previous_first=True)
    if _HAS_TARGET.search(row):
        _fill(filled, "previous", row, previous_first=True)
        _fill(filled, "target", row)
    if sentence.of_kind("money") and not _OTHER_PRICE.search(row):
        _fill(filled, "price", row)
    return [Slot(field, place) for place, field in sorted(filled.items())]


def _fill(filled: dict[int, str], name: str, row: str, previous_first: bool = False) -> None:
    """Adds the slots of one set of rules; a token keeps the first slot it gets, previous values go before all."""
    found = [(group, match.start(group)) for rule in _compiled[name] for match in rule.finditer(row)
             for group in match.groupdict() if match.start(group) >= 0]  # fmt: skip
    if previous_first:
        found.sort(key=lambda pair: not pair[0].startswith("prev_"))
    for group, place in found:
        filled.setdefault(place, group)


def rating_action(sentence: Sentence, place: int | None = None) -> str:
    """initiated, upgraded, downgraded or reiterated where the sentence says so of the rating at `place`, else empty.

    The last such word before the rating counts, unless another verb stands between them; a word elsewhere in the
    sentence only where that is about one company and one firm.
    """
    row = sentence.row
    held = _COMPANY_KEEPS.search(row)
    kept_by_company = held is not None and not _FIRM_WORD.search(row, 0, held.end())
    found = [(match.start(), match.end(), action) for action, pattern in _ACTIONS for match in pattern.finditer(row)
             if not (action == "reiterated" and kept_by_company)]  # fmt: skip
    before = [(start, end, action) for start, end, action in found if place is not None and start < place]
    if before:
        _, end, action = max(before)
        if not _OTHER_VERB.search(row, end, place or 0):
            return action
    if any(len({token.value for _, token in sentence.of_kind(kind)}) > 1 for kind in ("company", "firm")):
        return ""
    return found[0][2] if found else ""


def removes_target(sentence: Sentence) -> bool:
    return _REMOVED.search(sentence.row) is not None
