"""Analyst calls read from a text: extract → resolve → assemble. Pure: text and name finders in, frozen calls out.

Every value carries the offsets of its words. What the text does not say stays None; what could belong to two firms or
companies belongs to none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from companies import grammar
from companies.names import Mention, NameFinder, within
from companies.ratings import direction
from companies.sentences import sentences
from companies.tokens import Sentence, Token, tokenise

_THE_FIRM = re.compile(
    r"\b(?:the|this)\s+(?:bank|firm|brokerage|broker|lender|house)\b|\b(?:its|the)\s+analysts?\b|\banalysts\s+at\b",
    re.I,
)
_COORDINATION = re.compile(r"\s*(?:,|and|,\s*and|&)\s*$")
# "… a $75 target for IREN and $19 for Riot": what follows a comma or an "and" belongs to the next amount.
_BOUND_AFTER = re.compile(rf"^(?:(?!\band\b)[^;.,]){{0,30}}?\b(?:on|for|of)\s+(?:shares\s+of\s+)?({grammar.C})")
_ANALYST = re.compile(r"\b[Aa]nalysts?\s+((?:[A-Z][\w.’'-]+\s+){1,2}[A-Z][\w’'-]+)")


@dataclass(frozen=True)
class Span:
    """`quote` is text[start:end] of the document and states `field`."""

    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Call:
    """One firm on one company. Amounts are in `currency`; `statements` are the sentences it was read from."""

    firm: str
    ticker: str
    rating: str | None = None
    prev_rating: str | None = None
    rating_action: str = ""
    target: Decimal | None = None
    prev_target: Decimal | None = None
    target_action: str = ""
    currency: str | None = None
    price: Decimal | None = None
    price_approximate: bool = False
    analysts: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    statements: tuple[Span, ...] = ()

    @property
    def action(self) -> str:
        """Both axes in one word: a changed rating goes before a moved target, that before a repeated rating."""
        if self.rating_action in ("initiated", "upgraded", "downgraded"):
            return self.rating_action
        if self.target_action in ("raised", "lowered", "removed"):
            return f"target_{self.target_action}"
        if self.rating_action == "reiterated" or self.target_action == "maintained":
            return "reiterated"
        return "stated"


@dataclass
class _Draft:
    """A call being assembled: the first value given for a field stays."""

    firm: Mention
    company: Token
    values: dict[str, Token] = field(default_factory=dict)
    rating_action: str = ""
    removed: bool = False
    analysts: list[Span] = field(default_factory=list)
    statements: dict[tuple[int, int], None] = field(default_factory=dict)


def extract(
    text: str,
    paragraphs: Iterable[tuple[int, int]],
    companies: NameFinder,
    firms: NameFinder,
    on: dt.date | None = None,
) -> tuple[Call, ...]:
    """The calls that the paragraphs (offset pairs; the headline among them) of `text` state, in order of place."""
    paragraphs = list(paragraphs)
    company_mentions = _inside(companies.find(text, on).found, paragraphs)
    firm_mentions = _inside(firms.find(text, on).found, paragraphs)
    drafts: dict[tuple[str, str], _Draft] = {}
    for sentence, company, firm_context in _in_context(text, paragraphs, company_mentions, firm_mentions):
        _read(text, sentence, company, firm_context, drafts)
    calls = [_assembled(text, draft) for draft in drafts.values()]
    return tuple(call for call in calls if call.rating or call.target is not None or call.target_action == "removed")


def _inside(mentions: Sequence[Mention], paragraphs: list[tuple[int, int]]) -> list[Mention]:
    return [m for start, end in paragraphs for m in within(mentions, start, end) if m.end <= end]


def _in_context(
    text: str, paragraphs: list[tuple[int, int]], companies: list[Mention], firms: list[Mention]
) -> Iterator[tuple[Sentence, Token | None, Mention | None]]:
    """Each sentence with the company and the firm that it goes on about when it names none itself."""
    subject = _subject(paragraphs, companies)
    last_firm: Mention | None = None
    so_far: set[str] = set()
    for start, end in paragraphs:
        company, paragraph_firm = subject, None
        for span in sentences(text, start, end):
            firms_here = within(firms, *span)
            sentence = tokenise(text, span, within(companies, *span), firms_here)
            if last_firm is not None and _THE_FIRM.search(sentence.row):
                paragraph_firm = paragraph_firm or last_firm
            # Where one firm alone has been named so far, a passive ("was cut to neutral") can only be its doing.
            yield sentence, company, paragraph_firm or (last_firm if len(so_far) == 1 else None)
            named = [token for _, token in sentence.of_kind("company")]
            company = named[-1] if named else company
            if firms_here:
                owners = {m.owner for m in firms_here}
                # After a sentence about two firms, "the bank" could be either.
                last_firm = paragraph_firm = firms_here[-1] if len(owners) == 1 else None
                so_far.update(owners)


def _subject(paragraphs: list[tuple[int, int]], companies: list[Mention]) -> Token | None:
    """The company of a text about one company: the only one that its first paragraph, the headline, names."""
    if not paragraphs:
        return None
    start, end = paragraphs[0]
    named = within(companies, start, end)
    if len({m.owner for m in named}) != 1:
        return None
    return Token("company", named[0].start, named[0].end, named[0].owner)


def _read(
    text: str,
    sentence: Sentence,
    company: Token | None,
    context: Mention | None,
    drafts: dict[tuple[str, str], _Draft],
) -> None:
    """Adds what one sentence states to the drafts."""
    slots = grammar.slots(sentence)
    named = sentence.of_kind("company")
    touched: dict[tuple[str, str], _Draft] = {}
    rated_at: dict[tuple[str, str], int] = {}
    for slot in slots:
        firm = _firm_of(sentence, slot.place, context)
        subjects = _companies_of(sentence, slot.place, company)
        if firm is None or (len(subjects) > 1 and _is_dealt_out(sentence, slot.field)):
            continue
        for about in subjects:
            key = (firm.owner, str(about.value))
            draft = touched.setdefault(key, drafts.get(key) or _Draft(firm, about))
            draft.values.setdefault(slot.field, sentence.token_at(slot.place))
            if slot.field == "rating":
                rated_at.setdefault(key, slot.place)
    if grammar.removes_target(sentence) and not touched:
        firm = _firm_of(sentence, len(sentence.row), context)
        subject = named[0][1] if named else company
        if firm and subject:
            key = (firm.owner, str(subject.value))
            touched[key] = drafts.get(key) or _Draft(firm, subject)
    for key, draft in touched.items():
        # A share price or an old value alone is no call; it completes one that is already there.
        says_something = {"rating", "target"} & draft.values.keys() or grammar.removes_target(sentence)
        if not says_something and key not in drafts:
            continue
        drafts.setdefault(key, draft)
        draft.rating_action = draft.rating_action or grammar.rating_action(sentence, rated_at.get(key))
        draft.removed = draft.removed or grammar.removes_target(sentence)
        draft.statements[(sentence.start, sentence.end)] = None
        for match in _ANALYST.finditer(text, sentence.start, sentence.end):
            draft.analysts.append(Span("analyst", match.start(1), match.end(1), match.group(1)))


def _is_dealt_out(sentence: Sentence, field: str) -> bool:
    """Whether values of this kind go to several companies one each: "to $20 and $60, respectively". Which is whose is
    not guessed."""
    kind = "rating" if field in ("rating", "prev_rating") else "money"
    return "respectively" in sentence.row.lower() and len(sentence.of_kind(kind)) > 1


def _firm_of(sentence: Sentence, place: int, context: Mention | None) -> Mention | None:
    """The firm that gives the value at `place`: the nearest before it, else the first after it, else the context's."""
    firms = sentence.of_kind("firm")
    before = [token for at, token in firms if at < place]
    token = before[-1] if before else firms[0][1] if firms else None
    if token is not None:
        return Mention(str(token.value), token.start, token.end)
    return context


def _companies_of(sentence: Sentence, place: int, context: Token | None) -> list[Token]:
    """The companies that the value at `place` is about: "… on C" right after it, else those named last before it."""
    companies = sentence.of_kind("company")
    if not companies:
        return [context] if context else []
    bound = _BOUND_AFTER.match(sentence.row[place + 1 :])
    if bound and not re.search(f"{grammar.M}|{grammar.R}", bound.group()):
        index = next(i for i, (at, _) in enumerate(companies) if at == place + 1 + bound.start(1))
        group = [companies[index][1]]
        while index + 1 < len(companies) and _joined(sentence, companies[index][0], companies[index + 1][0]):
            index += 1
            group.append(companies[index][1])
        return group
    before = [index for index, (at, _) in enumerate(companies) if at < place]
    if not before:
        return [companies[0][1]]
    index = before[-1]
    group = [companies[index][1]]
    while index > 0 and _joined(sentence, companies[index - 1][0], companies[index][0]):
        index -= 1
        group.insert(0, companies[index][1])
    return group


def _joined(sentence: Sentence, first: int, second: int) -> bool:
    return _COORDINATION.match(sentence.row[first + 1 : second]) is not None


def _assembled(text: str, draft: _Draft) -> Call:
    values = draft.values
    rating, previous = values.get("rating"), values.get("prev_rating")
    target, previous_target, price = values.get("target"), values.get("prev_target"), values.get("price")
    spans = [Span("firm", draft.firm.start, draft.firm.end, text[draft.firm.start : draft.firm.end])]
    spans.append(Span("company", draft.company.start, draft.company.end, text[draft.company.start : draft.company.end]))
    money = target or previous_target or price
    # An amount in another currency (a price in Toronto beside a target in New York) cannot be set against this one.
    previous_target, price = (
        token if token and money and token.currency == money.currency else None for token in (previous_target, price)
    )
    kept = {id(token) for token in (rating, previous, target, previous_target, price)}
    spans += [Span(name, t.start, t.end, text[t.start : t.end]) for name, t in values.items() if id(t) in kept]
    call = Call(
        firm=draft.firm.owner,
        ticker=str(draft.company.value),
        rating=str(rating.value) if rating else None,
        prev_rating=str(previous.value) if previous else None,
        rating_action=draft.rating_action,
        target=_amount(target),
        prev_target=_amount(previous_target),
        currency=money.currency if money else None,
        price=_amount(price),
        price_approximate=bool(price and price.approximate),
        analysts=tuple(dict.fromkeys(span.quote for span in draft.analysts)),
        evidence=tuple(sorted((*spans, *draft.analysts), key=lambda span: (span.start, span.end, span.field))),
        statements=tuple(Span("statement", start, end, text[start:end]) for start, end in draft.statements),
    )
    return replace(call, rating_action=_rating_action(call), target_action=_target_action(call, draft.removed))


def _amount(token: Token | None) -> Decimal | None:
    return token.value if token is not None and isinstance(token.value, Decimal) else None


def _rating_action(call: Call) -> str:
    if call.rating is None:
        return ""
    if call.prev_rating:
        step = direction(call.rating, call.prev_rating)
        if step and call.rating_action in ("", "reiterated"):
            return "upgraded" if step > 0 else "downgraded"
    return call.rating_action or "stated"


def _target_action(call: Call, removed: bool) -> str:
    if call.target is None:
        return "removed" if removed else ""
    if call.prev_target is None:
        return "stated"
    if call.target == call.prev_target:
        return "maintained"
    return "raised" if call.target > call.prev_target else "lowered"
