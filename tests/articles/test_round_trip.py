"""Any document → file → import → export → the same bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from articles.snapshots import snapshot_of_article
from tests.articles.leaving import bring_in, exported

# A header in every style that people write, and a body of anything.
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff"), max_size=40
)
WORDS = st.from_regex(r"[A-Za-zА-ЯҐЄІЇа-яґєії][A-Za-zА-ЯҐЄІЇа-яґєії0-9 ,.’—-]{0,40}[A-Za-z0-9а-я]", fullmatch=True)


def quoted(text: str, style: str) -> str:
    if style == "'":
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    styles = st.sampled_from(["'", '"'])
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    optional = {
        "description": lambda: quoted(draw(TEXTS), draw(styles)),
        "updatedAt": lambda: draw(st.sampled_from(["'2026-02-06T04:45:29.644Z'", "2026-02-07", "null", ""])),
        "lang": lambda: draw(st.sampled_from(["en", "uk", "'en'"])),
        "source": lambda: end + end.join(["  name: " + quoted(draw(WORDS), draw(styles)), "  key: k", "  more: [1, two]"]),
        "tags": lambda: draw(st.sampled_from(["[no, 1e3, 12:30]", "[]", f"{end}  - BTC{end}  - 'Яма'", f"{end}- a{end}- b"])),
        "cta": lambda: draw(st.sampled_from(["[]", "null", "['Read, now']"])),
        "stickyWeight": lambda: draw(st.sampled_from(["0", "5", "'0.5'", "1e1"])),
        "canonicalUrl": lambda: draw(st.sampled_from(["null", "https://x.example/a#b", "'https://x.example/?q=1'"])),
        "coverImage": lambda: draw(st.sampled_from(["null", f"{end}  raw: 'https://images.unsplash.com/x'{end}  own: y", "{}"])),
        "sentiment": lambda: draw(st.sampled_from(["POSITIVE", "null", "'NEGATIVE'"])),
        "score": lambda: draw(st.sampled_from(["0", "0.00", "-0.5", "null"])),
        "draft": lambda: draw(st.sampled_from(["true", "false", "True"])),
        "ai": lambda: draw(st.sampled_from(["null", f"{end}  rewritten: true{end}  version: 1", "{rewritten: false}"])),
        "deskNote": lambda: draw(st.sampled_from(["|" + end + "  two" + end + "  lines", "{a: {b: [c, d]}}", "~", "no"])),
    }  # fmt: skip
    keys = {
        "title": lambda: quoted(draw(WORDS), draw(styles)),
        "publishedAt": lambda: draw(st.sampled_from(["'2026-02-06T03:09:09.000Z'", "2026-02-06 03:09:09 +02:00", "2026-02-06"])),
        "externalId": lambda: draw(st.sampled_from(["'57776227'", "57776227", "007"])),
        "category": lambda: quoted(draw(WORDS), draw(styles)),
    }  # fmt: skip
    chosen_keys = draw(st.permutations([*keys, *draw(st.lists(st.sampled_from(sorted(optional)), unique=True))]))
    lines = []
    for key in chosen_keys:
        lines += draw(st.sampled_from([[], [], [], ["# a remark"], [""]]))
        value = (keys.get(key) or optional[key])()
        lines.append(f"{key}:{'' if value.startswith((end, chr(13), chr(10))) or not value else ' '}{value}")
    body = draw(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
    mark = draw(st.sampled_from(["", "", "\ufeff"]))
    return f"{mark}---{end}{end.join(lines)}{end}---{end}{body}".encode()


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_any_document_goes_in_and_comes_out_as_the_same_bytes(raw: bytes) -> None:
    Article.objects.all().delete()
    bring_in(raw)
    assert exported() == raw
    # And what comes out of a touched one makes the same article again.
    Article.objects.update(title="Touched: 'by' an editor", score=0.125)
    before, touched = snapshot_of_article(Article.objects.get()), exported()
    Article.objects.all().delete()
    bring_in(touched)
    assert snapshot_of_article(Article.objects.get()) == before
