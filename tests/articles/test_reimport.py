"""Importing again: three sides of every field, files that need not be read, and what an editor decided."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.conflicts import open_conflicts, settle
from articles.models import Article, Cover, FormerSlug, Original
from articles.options import Settle
from articles.rerendering import rerender
from articles.revisions import Revision
from tests.articles.test_importer import ARTICLE, run
from tests.cast import make_category, make_outlet
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

FULL = (
    ARTICLE.replace("draft: false", "cta: [Read]\ncanonicalUrl: https://gazette.example/1\ndeskNote: first\ndraft: false\n"
                    "coverImage:\n  regular: https://images.unsplash.com/a")
    .replace("  type: RSS", "  type: RSS\n  url: https://gazette.example/a")
    .replace("  rewritten: true", "  rewritten: true\n  expandedAt: '2026-02-06T05:00:00Z'\n  version: 1\n  translatedFrom: '6'")
)  # fmt: skip


def _set(**values: Any) -> Callable[[Article], None]:
    return lambda article: Article.objects.filter(pk=article.pk).update(**values) and None


# field → (text of the file, what it becomes, how an editor changes it, what the article then has)
SIDES: dict[str, tuple[str, str, Callable[[Article], Any], Callable[[Article], Any], Any]] = {
    "title": ("Fjordbyte Mining opens a hall", "Fjordbyte shuts a hall", _set(title="Ed"), lambda a: a.title, "Ed"),
    "description": ("It opened one.", "It shut one.", _set(description="Ed"), lambda a: a.description, "Ed"),
    "published_at": ("03:09:09.644Z", "03:10:00Z", _set(published_at=NOW), lambda a: a.published_at, NOW),
    "updated_at": ("04:45:29.000Z", "04:50:00Z", _set(updated_at=None), lambda a: a.updated_at, None),
    "source": ("hash-gazette", "hash-herald", lambda a: _set(outlet=make_outlet("Ed's"))(a), lambda a: a.outlet.name, "Ed's"),
    "category": ("category: BTC", "category: ETH", lambda a: _set(category=make_category("ED"))(a), lambda a: a.category.name, "ED"),
    "tags": ("- Markets", "- Mining", lambda a: a.tags.set(["ed"]), lambda a: [t.name for t in a.tags.all()], ["ed"]),
    "cta": ("[Read]", "[Look]", _set(cta=["Ed"]), lambda a: a.cta, ["Ed"]),
    "sticky_weight": ("stickyWeight: 0", "stickyWeight: 3", _set(sticky_weight=9), lambda a: a.sticky_weight, 9.0),
    "canonical_url": ("example/1", "example/2", _set(canonical_url="https://ed.example/"), lambda a: a.canonical_url, "https://ed.example/"),
    "cover_urls": ("unsplash.com/a", "unsplash.com/b", lambda a: Cover.objects.update(urls={"small": "https://e/"}), lambda a: a.cover.urls, {"small": "https://e/"}),
    "sentiment": ("NEGATIVE", "POSITIVE", _set(sentiment="NEUTRAL"), lambda a: a.sentiment, "NEUTRAL"),
    "score": ("score: 0", "score: 0.4", _set(score=0.9), lambda a: a.score, 0.9),
    "ai_rewritten": ("rewritten: true", "rewritten: null", _set(ai_rewritten=False), lambda a: a.ai_rewritten, False),
    "ai_expanded_at": ("05:00:00Z", "06:00:00Z", _set(ai_expanded_at=NOW), lambda a: a.ai_expanded_at, NOW),
    "ai_version": ("version: 1", "version: 2", _set(ai_version="ed"), lambda a: a.ai_version, "ed"),
    "ai_translated_from": ("translatedFrom: '6'", "translatedFrom: '7'", _set(ai_translated_from="8"), lambda a: a.ai_translated_from, "8"),
    "extra": ("deskNote: first", "deskNote: second", _set(extra={"deskNote": "ed"}), lambda a: a.extra, {"deskNote": "ed"}),
    "body": ("is pleased.", "is sorry.", _set(body="Ed"), lambda a: a.body, "Ed"),
}  # fmt: skip


def changed_file(field: str) -> str:
    old, new, *_ = SIDES[field]
    assert FULL.count(old) == 1, old
    return FULL.replace(old, new)


def test_every_field_of_a_file_has_its_sides_in_this_table() -> None:
    run(FULL)
    from articles.snapshots import snapshot_of_article

    # A draft and a published article are the two values of "state"; it has tests of its own.
    assert set(SIDES) | {"state"} == set(snapshot_of_article(Article.objects.get()))


@pytest.mark.parametrize("field", SIDES)
def test_what_the_file_changed_and_no_editor_did_is_updated(field: str) -> None:
    run(FULL)
    report = run(changed_file(field))
    assert report.items[0].outcome == "updated"
    assert [(d["field"], d["conflict"]) for d in report.items[0].differences] == [(field, False)]
    assert run(changed_file(field)).items[0].outcome == "unchanged"


@pytest.mark.parametrize("field", SIDES)
def test_what_an_editor_changed_and_the_file_did_not_is_kept(field: str) -> None:
    _, _, edit, look, edited = SIDES[field]
    run(FULL)
    edit(Article.objects.get())
    other = "title" if field != "title" else "description"
    report = run(changed_file(other))
    assert [(d["field"], d["conflict"]) for d in report.items[0].differences] == [(other, False)]
    assert look(Article.objects.get()) == edited


@pytest.mark.parametrize("field", SIDES)
def test_what_both_changed_is_a_conflict_and_overwrites_nothing_until_a_side_is_taken(field: str) -> None:
    _, _, edit, look, edited = SIDES[field]
    run(FULL)
    edit(Article.objects.get())
    for _ in range(2):
        report = run(changed_file(field))
        assert report.items[0].outcome == "conflict"
        assert [(d["field"], d["conflict"], d["settled"]) for d in report.items[0].differences] == [(field, True, "")]
        article = Article.objects.get()
        assert (look(article), article.in_conflict) == (edited, True)
    assert [conflict.field for conflict in open_conflicts(Article.objects.get())] == [field]
    ours = run(changed_file(field), settle=Settle.OURS)
    article = Article.objects.get()
    assert (ours.items[0].outcome, look(article), article.in_conflict) == ("unchanged", edited, False)
    assert ours.items[0].differences[0]["settled"] == "ours"
    assert run(changed_file(field)).items[0].outcome == "unchanged"


@pytest.mark.parametrize("field", SIDES)
def test_a_conflict_settled_for_the_file_gives_the_articles_field_the_files_value(field: str) -> None:
    from articles.originals import snapshot_of_raw
    from articles.snapshots import snapshot_of_article

    run(FULL)
    SIDES[field][2](Article.objects.get())
    report = run(changed_file(field), settle=Settle.THEIRS)
    assert report.items[0].outcome == "updated"
    article = Article.objects.get()
    assert snapshot_of_article(article)[field] == snapshot_of_raw(changed_file(field).encode())[field]
    assert not article.in_conflict


def test_a_conflict_can_be_settled_field_by_field() -> None:
    run(FULL)
    Article.objects.update(title="Ed", sentiment="NEUTRAL", description="Ed")
    both = (
        FULL.replace("opens a hall", "shuts a hall")
        .replace("NEGATIVE", "POSITIVE")
        .replace("It opened one.", "It shut.")
    )
    run(both)
    pk = Article.objects.get().pk
    settle(pk, {"title": Settle.THEIRS, "sentiment": Settle.OURS}, Revision(NOW, "settled"))
    article = Article.objects.get()
    assert (article.title, article.sentiment, article.description) == ("Fjordbyte Mining shuts a hall", "NEUTRAL", "Ed")
    assert [c.field for c in open_conflicts(article)] == ["description"]
    assert article.history.latest().history_change_reason == "settled"
    settle(pk, {"description": Settle.OURS}, Revision(NOW, "settled"))
    assert not Article.objects.get().in_conflict
    assert run(both).items[0].outcome == "unchanged"
    # What the editor kept is kept when the file changes elsewhere, and asked about when it changes there again.
    assert run(both.replace("is pleased", "is sorry")).items[0].outcome == "updated"
    assert run(both.replace("POSITIVE", "NEGATIVE")).items[0].outcome == "conflict"


def test_a_file_that_went_back_to_what_it_said_ends_the_conflict() -> None:
    run(FULL)
    Article.objects.update(title="Ed")
    run(changed_file("title"))
    assert run(FULL).items[0].outcome == "unchanged"
    article = Article.objects.get()
    assert (article.title, article.in_conflict, article.imported) == ("Ed", False, {})


def test_a_draft_that_its_file_publishes_is_published_and_a_retraction_is_undone_by_no_file() -> None:
    draft = FULL.replace("draft: false", "draft: true")
    run(draft)
    assert run(FULL).items[0].outcome == "updated"
    assert Article.objects.get().state == "published"
    Article.objects.update(state="retracted")
    for text, side in ((draft, Settle.ASK), (FULL, Settle.THEIRS), (changed_file("title"), Settle.ASK)):
        assert run(text, settle=side).items[0].outcome != "conflict"
        assert Article.objects.get().state == "retracted"


def test_fields_that_nobody_changed_cost_no_revision_and_no_writing() -> None:
    run(FULL)
    article = Article.objects.get()
    revisions = article.history.count()
    run(FULL)
    with CaptureQueriesContext(
        connection,
    ) as again:
        run(FULL)
    written = [
        query["sql"]
        for query in again.captured_queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) and "importrun" not in query["sql"]
    ]
    assert written == []
    assert article.history.count() == revisions


def test_an_older_file_wins_nothing_by_being_preferred() -> None:
    newer = changed_file("title").replace("2026-02-06T04:45:29.000Z", "2026-02-08T00:00:00Z")
    run(newer)
    report = run(FULL, settle=Settle.THEIRS)
    assert report.items[0].warnings == ["older than what was imported before, and left alone"]
    assert Article.objects.get().title == "Fjordbyte shuts a hall"


def test_an_older_file_is_told_by_the_last_file_even_while_its_date_is_in_conflict() -> None:
    def version(day: int, word: str) -> str:
        text = FULL.replace("2026-02-06T04:45:29.000Z", f"2026-02-{day:02}T00:00:00Z")
        return text.replace("is pleased.", f"is {word}.")

    run(version(7, "first"))
    Article.objects.update(updated_at=NOW)
    assert run(version(9, "third")).items[0].outcome == "conflict"
    assert run(version(8, "second")).items[0].outcome == "unchanged"
    assert "is third." in Article.objects.get().body


def test_making_what_is_derived_again_is_no_revision() -> None:
    run(FULL)
    article = Article.objects.get()
    Article.objects.update(body_html="<p>of an older renderer</p>")
    assert rerender() == {"updated": 1}
    assert Article.objects.get().body_html == article.body_html
    assert article.history.count() == 1


def test_articles_from_before_revisions_get_their_first_one() -> None:
    run(FULL, FULL.replace("70000001", "2"))
    first, second = Article.objects.order_by("pk")
    first.history.all().delete()
    migration = import_module("articles.migrations.0004_first_revisions")
    migration.keep(apps, None)
    migration.keep(apps, None)
    revision = first.history.get()
    assert (revision.title, revision.body, revision.history_type) == (first.title, first.body, "+")
    assert revision.history_change_reason == "here before revisions were kept"
    assert second.history.count() == 1


def test_an_article_from_before_originals_were_kept_is_compared_with_what_was_kept_then() -> None:
    run(FULL)
    article = Article.objects.get()
    from articles.originals import snapshot_of_raw

    Original.objects.all().delete()
    Article.objects.update(imported=snapshot_of_raw(FULL.encode()), title="Ed")
    assert run(changed_file("title")).items[0].outcome == "conflict"
    assert run(FULL).items[0].outcome == "unchanged"
    article = Article.objects.get()
    assert (article.title, article.imported, bytes(article.original.raw)) == ("Ed", {}, FULL.encode())


def test_an_import_never_moves_an_article() -> None:
    run(FULL)
    run(changed_file("title"))
    assert Article.objects.get().slug == "fjordbyte-mining-opens-a-hall"
    assert not FormerSlug.objects.exists()


def test_a_new_story_takes_no_address_that_another_had_before() -> None:
    run(FULL)
    article = Article.objects.get()
    article.slug = "hall"
    article.save()
    run(FULL.replace("70000001", "70000002"))
    assert Article.objects.get(external_id="70000002").slug == "fjordbyte-mining-opens-a-hall-2"


def test_three_stories_of_one_title_count_on_and_point_to_the_first() -> None:
    run(
        *(FULL.replace("70000001", f"7000000{n}") for n in range(1, 4)),
        FULL.replace("70000001", "8").replace("hall", "hall 2"),
    )
    assert dict(Article.objects.values_list("external_id", "slug")) == {
        "70000001": "fjordbyte-mining-opens-a-hall",
        "70000002": "fjordbyte-mining-opens-a-hall-2",
        "70000003": "fjordbyte-mining-opens-a-hall-3",
        "8": "fjordbyte-mining-opens-a-hall-2-2",
    }
    first = Article.objects.get(external_id="70000001")
    flagged = set(Article.objects.filter(possible_duplicate_of=first).values_list("external_id", flat=True))
    assert flagged == {"70000002", "70000003"}


def test_two_stories_of_one_title_are_duplicates_of_each_other_even_if_the_first_to_have_it_has_another_now() -> None:
    run(FULL)
    Article.objects.update(title="An editor's title")
    report = run(FULL.replace("70000001", "2"), FULL.replace("70000001", "3"))
    first, second, third = Article.objects.order_by("pk")
    assert (second.possible_duplicate_of, third.possible_duplicate_of) == (None, second)
    assert report.items[1].warnings == [
        "possible duplicate: /articles/fjordbyte-mining-opens-a-hall-2/ has the same title"
    ]
    again = run(FULL.replace("70000001", "4"))
    assert again.items[0].warnings == report.items[1].warnings
    assert Article.objects.get(external_id="4").slug == "fjordbyte-mining-opens-a-hall-4"


def test_titles_that_only_begin_alike_are_no_duplicates() -> None:
    long = "Fjordbyte Mining opens a hall and then it opens another hall and after that one more hall in the far north"
    run(
        FULL.replace("Fjordbyte Mining opens a hall", long),
        FULL.replace("Fjordbyte Mining opens a hall", f"{long} again").replace("70000001", "2"),
    )
    assert not Article.objects.exclude(possible_duplicate_of=None).exists()
    assert Article.objects.filter(slug__endswith="-2").count() == 1
