"""The importer, file by file: what goes in, what stays, what is refused, and what is left when it is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from articles.collecting import collect, uploaded
from articles.import_log import RunLog
from articles.importer import Report, import_files
from articles.models import Article, Category, CompanyMention, Cover, ImportItem, ImportRun
from articles.options import ImportOptions, Settle
from articles.snapshots import snapshot_of_article
from companies.importer import import_catalogue
from companies.models import AnalystCall, Event, Evidence
from companies.shipped import shipped_catalogue
from sources.models import Document, Outlet
from tests.cast import make_company, make_firm
from tests.conftest import NOW, SAMPLES

pytestmark = pytest.mark.django_db

ARTICLE = """---
title: Fjordbyte Mining opens a hall
description: It opened one.
publishedAt: '2026-02-06T03:09:09.644Z'
updatedAt: '2026-02-06T04:45:29.000Z'
lang: en
externalId: '70000001'
source:
  name: The Hash Gazette
  key: hash-gazette
  type: RSS
category: BTC
tags:
  - BTC
  - Markets
stickyWeight: 0
sentiment: NEGATIVE
score: 0
draft: false
ai:
  rewritten: true
---
## Overview

Fjordbyte Mining (NASDAQ: FJRD) opened a hall. Fjordbyte Mining is pleased.
"""
STORY = """Oakbridge Partners likes Fjordbyte

Feb 04, 2026
By Ada Quill

Fjordbyte Mining (NASDAQ: FJRD) received an overweight rating and a $12 price target from Oakbridge Partners.

Sign up for our newsletter.
"""


def run(*texts: str | bytes, log: RunLog | None = None, **options: Any) -> Report:
    raws = [text.encode() if isinstance(text, str) else text for text in texts]
    files = [uploaded(f"file{number}.txt", raw) for number, raw in enumerate(raws, 1)]
    return import_files(files, ImportOptions(**options), NOW, log=log, keep_items=True)


@pytest.fixture
def catalogue() -> None:
    import_catalogue(shipped_catalogue())


def test_every_key_of_the_front_matter_finds_its_home() -> None:
    make_company()
    text = ARTICLE.replace(
        "draft: false\n",
        "draft: false\ncta: [Read the filing]\ncanonicalUrl: https://gazette.example/1\ndeskNote: {by: Ada}\n"
        "coverImage:\n  raw: https://images.example/raw\n  small: https://images.example/small\n  mirror: x\n",
    ).replace(
        "  rewritten: true",
        "  rewritten: true\n  expandedAt: '2026-02-06T04:45:29Z'\n  version: 2\n  translatedFrom: '6'",
    )
    text = text.replace("score: 0", "score: 0.72").replace("stickyWeight: 0", "stickyWeight: 5")
    text = text.replace("type: RSS", "type: RSS\n  url: https://gazette.example/a")
    assert run(text).summary() == "created 1, updated 0, unchanged 0, conflicts 0, failed 0"
    article = Article.objects.get()
    assert (article.external_id, article.lang, article.title) == ("70000001", "en", "Fjordbyte Mining opens a hall")
    assert article.slug == "fjordbyte-mining-opens-a-hall"
    assert article.description == "It opened one."
    assert article.published_at == dt.datetime(2026, 2, 6, 3, 9, 9, 644_000, tzinfo=dt.UTC)
    assert article.updated_at == dt.datetime(2026, 2, 6, 4, 45, 29, tzinfo=dt.UTC)
    assert (article.outlet.name, article.outlet.key, article.outlet.kind) == ("The Hash Gazette", "hash-gazette", "RSS")
    assert article.source_url == "https://gazette.example/a"
    assert article.canonical_url == "https://gazette.example/1"
    assert article.category.name == "BTC"
    assert sorted(tag.name for tag in article.tags.all()) == ["BTC", "Markets"]
    assert (article.cta, article.sticky_weight, article.sentiment, article.score) == (
        ["Read the filing"], 5.0, "NEGATIVE", 0.72,
    )  # fmt: skip
    assert article.state == "published"
    assert article.ai_rewritten is True
    assert article.ai_expanded_at == dt.datetime(2026, 2, 6, 4, 45, 29, tzinfo=dt.UTC)
    assert (article.ai_version, article.ai_translated_from) == ("2", "6")
    assert article.cover.urls == {"raw": "https://images.example/raw", "small": "https://images.example/small"}
    assert article.extra == {"deskNote": {"by": "Ada"}, "coverImage": {"mirror": "x"}}
    assert article.body.startswith("## Overview\n\nFjordbyte")
    assert article.body_html.startswith("<h2>Overview</h2>")
    mention = CompanyMention.objects.get()
    assert (mention.company.ticker, mention.count, mention.first_offset) == ("FJRD", 4, 0)
    assert mention.forms == ["Fjordbyte Mining", "FJRD"]


def test_a_draft_file_arrives_unpublished() -> None:
    run(ARTICLE.replace("draft: false", "draft: true"))
    assert Article.objects.get().state == "draft"
    assert not Article.objects.published(NOW).exists()


def test_a_score_of_zero_means_not_set() -> None:
    run(ARTICLE)
    assert Article.objects.get().score is None


def test_running_again_changes_nothing_and_says_so() -> None:
    make_company(), make_firm()
    run(ARTICLE, STORY)
    before = [(a.pk, snapshot_of_article(a), a.search_text) for a in Article.objects.all()]
    counts = [model.objects.count() for model in (AnalystCall, Evidence, Event, Document, CompanyMention, Outlet)]
    assert run(ARTICLE, STORY).summary() == "created 0, updated 0, unchanged 2, conflicts 0, failed 0"
    assert [(a.pk, snapshot_of_article(a), a.search_text) for a in Article.objects.all()] == before
    assert [m.objects.count() for m in (AnalystCall, Evidence, Event, Document, CompanyMention, Outlet)] == counts


def test_the_same_identity_with_another_headline_is_an_update_and_keeps_its_address() -> None:
    run(ARTICLE)
    report = run(ARTICLE.replace("opens a hall", "opens two halls"))
    article = Article.objects.get()
    assert report.summary() == "created 0, updated 1, unchanged 0, conflicts 0, failed 0"
    assert (article.title, article.slug) == ("Fjordbyte Mining opens two halls", "fjordbyte-mining-opens-a-hall")
    assert [d["field"] for d in report.items[0].differences] == ["title"]


def test_two_stories_with_one_title_get_two_addresses_and_a_warning() -> None:
    report = run(ARTICLE, ARTICLE.replace("70000001", "70000002"))
    assert sorted(Article.objects.values_list("slug", flat=True)) == [
        "fjordbyte-mining-opens-a-hall", "fjordbyte-mining-opens-a-hall-2",
    ]  # fmt: skip
    first, second = Article.objects.order_by("pk")
    assert report.items[1].warnings == [
        "possible duplicate: /articles/fjordbyte-mining-opens-a-hall/ has the same title"
    ]
    assert (first.possible_duplicate_of, second.possible_duplicate_of) == (None, first)


def test_a_translation_shares_the_identity_and_is_an_article_of_its_own() -> None:
    run(ARTICLE, ARTICLE.replace("lang: en", "lang: uk").replace("opens a hall", "відкриває залу"))
    assert dict(Article.objects.values_list("lang", "slug")) == {
        "en": "fjordbyte-mining-opens-a-hall",
        "uk": "fjordbyte-mining-vidkryvaie-zalu",
    }


def test_what_an_editor_changed_is_kept_when_the_file_did_not_change_it() -> None:
    run(ARTICLE)
    Article.objects.update(description="An editor's words.")
    report = run(ARTICLE.replace("NEGATIVE", "POSITIVE"))
    article = Article.objects.get()
    assert (article.description, article.sentiment) == ("An editor's words.", "POSITIVE")
    assert report.summary() == "created 0, updated 1, unchanged 0, conflicts 0, failed 0"


def test_a_field_changed_on_both_sides_is_a_conflict_until_it_is_settled() -> None:
    run(ARTICLE)
    Article.objects.update(description="An editor's words.")
    changed = ARTICLE.replace("It opened one.", "It opened two.").replace("NEGATIVE", "POSITIVE")
    for _ in range(2):
        report = run(changed)
        assert report.summary() == "created 0, updated 0, unchanged 0, conflicts 1, failed 0"
        conflict = next(d for d in report.items[0].differences if d["conflict"])
        assert (conflict["base"], conflict["ours"], conflict["theirs"]) == (
            "It opened one.", "An editor's words.", "It opened two.",
        )  # fmt: skip
        article = Article.objects.get()
        assert (article.description, article.sentiment) == ("An editor's words.", "POSITIVE")
    assert run(changed, settle=Settle.THEIRS).outcomes["updated"] == 1
    assert Article.objects.get().description == "It opened two."
    assert run(changed).outcomes["unchanged"] == 1


def test_a_broken_file_is_named_with_line_and_reason_and_leaves_nothing_while_the_others_go_in() -> None:
    broken = (
        ARTICLE.replace("70000001", "70000003")
        .replace("2026-02-06T03:09:09.644Z", "2026-02-30")
        .replace("category: BTC", "category: NEVER SEEN")
    )
    report = run(broken, ARTICLE)
    item = report.failed[0]
    assert (item.path, item.line) == ("file1.txt", 4)
    assert item.reason == "publishedAt must be a date like 2026-02-06T03:09:09Z, not '2026-02-30'"
    assert report.summary() == "created 1, updated 0, unchanged 0, conflicts 0, failed 1"
    assert Article.objects.count() == 1
    assert not Category.objects.filter(name="NEVER SEEN").exists()


BAD = [
    ("empty", b"", 1, "the file is empty"),
    ("binary", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 3, "the file is binary"),
    ("UTF-16", "\ufefftitle".encode("utf-16-le"), 1, "the file is UTF-16 or UTF-32; save it as UTF-8"),
    ("not UTF-8", b"Headline\n\nCaf\xe9 opened.\n", 3, "not UTF-8: byte 0xe9"),
    ("never closed", b"---\ntitle: x\n", 1, "the header is never closed: no second --- line"),
    ("a list", b"---\n- a\n- b\n---\n", 2, "the header is a list, not keys with values"),
    ("repeated key", b"---\ntitle: a\ntitle: b\n---\n", 3, "the key 'title' is repeated"),
    ("anchor", b"---\ntitle: &a x\n---\n", 2, "anchors are not allowed (&a)"),
    ("alias", b"---\ntitle: x\nlang: *a\n---\n", 3, "aliases are not allowed (*a)"),
    ("no title", b"---\nlang: en\n---\n", 1, "title is missing"),
    ("5 MB", b"x" * 5_000_000, 1, "the file has 5,000,000 bytes, more than the 2,097,152 allowed"),
    ("neither kind", b'{"title": "x"}', 1, "neither an article with front matter nor a plain-text story: this is markup or data"),
    ("settings", b"# Companies\n\n[[company]]\nname = \"A company that does things.\"\nticker = \"FJRD\"\n", 1, "neither an article with front matter nor a plain-text story: this is code or settings"),
    ("keys without a fence", b"title: x\nlang: en\n", 1, "front matter without its opening --- line"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "line", "reason"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_bad_input_is_one_clear_line_and_everything_else_goes_in(raw: bytes, line: int | None, reason: str) -> None:
    report = run(raw, ARTICLE)
    assert [(item.line, item.reason) for item in report.failed] == [(line, reason)]
    assert report.outcomes["created"] == 1
    assert (Article.objects.count(), Document.objects.count()) == (1, 0)


def test_a_folder_that_does_not_exist_is_reported_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE)
    (tmp_path / ".hidden").write_text("nothing to see")
    report = import_files(collect([tmp_path / "nowhere", tmp_path]), ImportOptions(), NOW, keep_items=True)
    assert [(item.path, item.reason) for item in report.failed] == [
        (str(tmp_path / "nowhere"), "no such file or folder")
    ]
    assert report.outcomes["created"] == 1


def test_a_document_keeps_its_text_furniture_and_calls() -> None:
    make_company(), make_firm()
    report = run(STORY)
    document = Document.objects.get()
    assert report.items[0].note == "calls 1, events 0; 1 wait in the admin to be accepted"
    assert (document.title, document.byline, document.published_on) == (
        "Oakbridge Partners likes Fjordbyte", "Ada Quill", dt.date(2026, 2, 4),
    )  # fmt: skip
    assert bytes(document.raw).decode() == STORY
    assert [p["kind"] for p in document.paragraphs] == ["headline", "date", "byline", "editorial", "furniture"]
    call = AnalystCall.objects.get()
    assert (call.firm.name, call.company.ticker, call.rating, call.rating_normalised, call.target, call.currency) == (
        "Oakbridge Partners", "FJRD", "overweight", "buy", 12, "USD",
    )  # fmt: skip
    assert (call.called_on, call.status, call.origin) == (dt.date(2026, 2, 4), "pending", "extracted")
    for evidence in call.evidence.all():
        assert document.text[evidence.start : evidence.end] == evidence.quote


def test_calls_wait_for_review_and_accept_calls_accepts_them() -> None:
    make_company(), make_firm()
    run(STORY)
    assert not AnalystCall.objects.accepted().exists()
    assert run(STORY, accept_calls=True).summary() == "created 0, updated 1, unchanged 0, conflicts 0, failed 0"
    call = AnalystCall.objects.accepted().get()
    assert (call.reviewed_by, call.reviewed_at) == (None, None)  # nobody looked at it


def test_a_rejected_or_edited_call_is_left_alone_by_another_reading() -> None:
    make_company(), make_firm()
    run(STORY)
    AnalystCall.objects.update(status="rejected", target=13)
    assert run(STORY, accept_calls=True).outcomes["unchanged"] == 1
    call = AnalystCall.objects.get()
    assert (call.status, call.target) == ("rejected", 13)


@pytest.mark.parametrize("edit", [{"target": 13}, {"called_on": dt.date(2026, 2, 3)}, {"rating": "buy"}])
def test_a_call_that_a_person_corrected_is_not_read_a_second_time(edit: dict[str, object]) -> None:
    make_company(), make_firm()
    run(STORY)
    AnalystCall.objects.update(**edit)
    assert run(STORY).outcomes["unchanged"] == 1
    call = AnalystCall.objects.get()
    assert [getattr(call, name) for name in edit] == list(edit.values())


def test_an_older_version_of_a_story_never_replaces_a_newer_one() -> None:
    newer = ARTICLE.replace("opens a hall", "opens two halls").replace(
        "2026-02-06T04:45:29.000Z", "2026-02-07T00:00:00Z"
    )
    run(newer, ARTICLE)
    for versions in ((newer, ARTICLE), (ARTICLE, newer)):
        report = run(*versions)
        assert report.outcomes["unchanged"] == 2
        assert ["older than what was imported before, and left alone"] in [item.warnings for item in report.items]
        assert Article.objects.get().title == "Fjordbyte Mining opens two halls"


def test_sources_without_latin_letters_are_different_outlets() -> None:
    chinese = ARTICLE.replace("  key: hash-gazette\n", "")
    run(
        chinese.replace("The Hash Gazette", "金色财经"),
        chinese.replace("The Hash Gazette", "吴说").replace("70000001", "2"),
    )
    assert sorted(article.outlet.name for article in Article.objects.all()) == ["吴说", "金色财经"]


def test_a_source_with_another_outlets_key_is_reported() -> None:
    report = run(ARTICLE, ARTICLE.replace("70000001", "2").replace("name: The Hash Gazette", "name: The Other"))
    assert (
        "the source 'The Other' has the key of the outlet 'The Hash Gazette', and counts as it"
        in report.items[1].warnings
    )


def test_companies_are_found_in_what_readers_see_and_nowhere_else() -> None:
    make_company("Ostrava Hash Works", "OHW")
    make_company("Harrow Energy", "HRRW")
    text = ARTICLE.replace("It opened one.", "Harrow Energy watched.").replace(
        "opened a hall.", "opened [a hall](https://x.example/Ostrava Hash Works) <!-- Ostrava Hash Works -->."
    )
    run(text.replace("x.example/Ostrava Hash Works", "x.example/?OHW"))
    assert [mention.company.ticker for mention in CompanyMention.objects.all()] == ["HRRW"]


@pytest.mark.parametrize("url", ["https://images.unsplash.com:99999/x", "https://images.unsplash.com:port/x"])
def test_an_address_with_an_impossible_port_is_refused(url: str) -> None:
    item = run(ARTICLE.replace("draft: false", f"draft: false\ncoverImage:\n  regular: '{url}'")).failed[0]
    assert item.reason == f"coverImage.regular must be an http or https address, not '{url}'"


def test_a_dry_run_reports_the_same_and_saves_nothing() -> None:
    make_company(), make_firm()
    report = run(ARTICLE, STORY, b"", dry_run=True)
    assert report.summary() == "created 2, updated 0, unchanged 0, conflicts 0, failed 1"
    for model in (Article, Document, AnalystCall, Category, Outlet, Cover, ImportRun):
        assert not model.objects.exists()


def test_a_run_is_recorded_with_the_original_of_what_was_repaired() -> None:
    damaged = ARTICLE.replace("It opened one.", "It opened oneâ€¦")
    log = RunLog.begin({"paths": ["x"]}, NOW)
    run(damaged, b"", log=log)
    log.end(NOW)
    assert Article.objects.get().description == "It opened one…"
    kept = ImportRun.objects.get()
    assert (kept.created, kept.failed, kept.arguments) == (1, 1, {"paths": ["x"]})
    good, bad = kept.items.all()
    assert good.article == Article.objects.get()
    assert good.repairs == [
        {"line": 3, "field": "description", "before": "description: It opened oneâ€¦", "after": "description: It opened one…"}
    ]  # fmt: skip
    assert (bad.outcome, bad.reason) == (ImportItem.Outcome.FAILED, "the file is empty")


def test_tags_that_differ_in_case_alone_are_one() -> None:
    run(ARTICLE, ARTICLE.replace("70000001", "70000002").replace("- Markets", "- MARKETS\n  - markets"))
    second = Article.objects.get(external_id="70000002")
    assert sorted(tag.name for tag in second.tags.all()) == ["BTC", "Markets"]


@pytest.mark.usefixtures("catalogue")
def test_the_real_article_goes_in_whole(seed: Callable[[str], Path]) -> None:
    report = import_files(collect([seed("000")]), ImportOptions(), NOW, keep_items=True)
    article = Article.objects.get()
    assert report.summary() == "created 1, updated 0, unchanged 0, conflicts 0, failed 0"
    assert (article.external_id, article.outlet.name, article.category.name) == ("57776227", "Decrypt", "BTC")
    assert article.description.endswith("that…")
    assert [repair["field"] for repair in report.items[0].repairs] == ["description"]
    assert sorted(tag.name for tag in article.tags.all()) == ["BTC", "BUSINESS", "MARKET", "MARKETS"]
    assert [mention.company.ticker for mention in article.mentions.all()] == ["IREN", "CLSK"]
    assert sorted(article.cover.urls) == ["full", "raw", "regular", "small", "small_s3", "thumb"]
    assert article.extra == {}
    assert (article.ai_rewritten, article.ai_version) == (True, "1")


@pytest.mark.usefixtures("catalogue")
def test_the_real_story_gives_its_five_calls_and_two_events(seed: Callable[[str], Path]) -> None:
    import_files(collect([seed("004")]), ImportOptions(accept_calls=True), NOW, keep_items=True)
    calls = AnalystCall.objects.accepted().order_by("company__ticker")
    assert [(c.company.ticker, c.rating, c.target, c.price, c.price_approximate, c.rating_action) for c in calls] == [
        ("CIFR", "overweight", 18, None, False, "stated"),
        ("CLSK", "overweight", 14, None, False, "stated"),
        ("IREN", "underweight", 39, 54, True, "stated"),
        ("MARA", "overweight", 13, None, False, "stated"),
        ("RIOT", "overweight", 20, None, False, "stated"),
    ]
    assert {(c.firm.name, c.called_on) for c in calls} == {("J.P. Morgan", dt.date(2026, 2, 4))}
    events = Event.objects.accepted().order_by("date")
    assert [(e.kind, e.date, sorted(c.ticker for c in e.companies.all())) for e in events] == [
        ("earnings", dt.date(2026, 2, 5), ["CLSK", "IREN"]),
        ("regulatory", dt.date(2026, 2, 20), []),
    ]
    for evidence in Evidence.objects.select_related("document"):
        assert evidence.document.text[evidence.start : evidence.end] == evidence.quote


@pytest.mark.usefixtures("catalogue")
def test_all_samples_go_in_through_the_importer() -> None:
    report = import_files(
        collect([SAMPLES / "articles", SAMPLES / "documents"]), ImportOptions(accept_calls=True), NOW, keep_items=True
    )
    assert report.failed == []
    assert Article.objects.filter(lang="en").count() >= 14
    assert Article.objects.filter(lang="uk").count() >= 2
    assert Document.objects.count() >= 8
    calls = AnalystCall.objects.accepted()
    assert calls.count() >= 40
    assert calls.values("company").distinct().count() >= 8
    assert calls.values("firm").distinct().count() >= 8
