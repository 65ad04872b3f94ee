"""Importing again: three sides of every field, files that need not be read, and what an editor decided."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from articles import preparing
from articles.collecting import collect
from articles.conflicts import open_conflicts, settle
from articles.importer import Report, import_files
from articles.models import Article, Category, Cover, FormerSlug, ImportedFile, Original
from articles.options import ImportOptions, Settle
from articles.rerendering import rerender
from articles.revisions import Revision
from companies.models import AnalystCall
from sources.models import Document, Outlet
from tests.articles.test_importer import ARTICLE, STORY, run
from tests.cast import make_category, make_company, make_firm, make_outlet
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


def test_titles_that_only_begin_alike_are_no_duplicates() -> None:
    long = "Fjordbyte Mining opens a hall and then it opens another hall and after that one more hall in the far north"
    run(
        FULL.replace("Fjordbyte Mining opens a hall", long),
        FULL.replace("Fjordbyte Mining opens a hall", f"{long} again").replace("70000001", "2"),
    )
    assert not Article.objects.exclude(possible_duplicate_of=None).exists()
    assert Article.objects.filter(slug__endswith="-2").count() == 1


# Files on disk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(1, 4):
        write(tmp_path / f"{number}.md", FULL.replace("70000001", str(number)))
    return tmp_path


def write(path: Path, text: str, age: float = 60.0) -> None:
    """A file that was last changed `age` seconds ago."""
    path.write_text(text)
    then = path.stat().st_mtime - age
    os.utime(path, (then, then))


def from_disk(folder: Path, **options: Any) -> Report:
    return import_files(collect([folder]), ImportOptions(**options), NOW, keep_items=True)


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    read = preparing.read_bytes
    monkeypatch.setattr(preparing, "read_bytes", lambda name: names.append(Path(name).name) or read(name))
    return names


def test_files_of_the_same_size_and_time_are_not_read_again(folder: Path, files_read: list[str]) -> None:
    from_disk(folder)
    assert files_read == ["1.md", "2.md", "3.md"]
    files_read.clear()
    report = from_disk(folder)
    assert report.summary() == "created 0, updated 0, unchanged 3, conflicts 0, failed 0"
    assert files_read == []
    assert [(item.kind, item.article_id) for item in report.items] == [
        ("article", a.pk) for a in Article.objects.order_by("pk")
    ]


def test_a_file_of_another_time_is_read_and_found_the_same_by_its_bytes(folder: Path, files_read: list[str]) -> None:
    from_disk(folder)
    write(folder / "2.md", (folder / "2.md").read_text(), age=500)
    files_read.clear()
    assert from_disk(folder).outcomes["unchanged"] == 3
    assert files_read == ["2.md"]
    files_read.clear()
    from_disk(folder)
    assert files_read == []


def test_a_file_that_was_changed_is_found_by_its_time_even_at_the_same_size(folder: Path) -> None:
    from_disk(folder)
    write(folder / "2.md", (folder / "2.md").read_text().replace("NEGATIVE", "POSITIVE"), age=30)
    assert [item.outcome for item in from_disk(folder).items] == ["unchanged", "updated", "unchanged"]


def test_a_file_that_was_young_when_it_was_read_is_read_again(folder: Path, files_read: list[str]) -> None:
    write(folder / "1.md", (folder / "1.md").read_text(), age=0)
    from_disk(folder)
    files_read.clear()
    from_disk(folder)
    assert files_read == ["1.md"]


def test_reread_reads_them_all(folder: Path, files_read: list[str]) -> None:
    from_disk(folder)
    files_read.clear()
    assert from_disk(folder, reread=True).outcomes["unchanged"] == 3
    assert files_read == ["1.md", "2.md", "3.md"]


def test_a_deleted_article_comes_back_from_its_file(folder: Path) -> None:
    from_disk(folder)
    Article.objects.get(external_id="2").delete()
    assert [item.outcome for item in from_disk(folder).items] == ["unchanged", "created", "unchanged"]


def test_a_failed_file_and_one_in_conflict_are_looked_at_every_time(folder: Path) -> None:
    write(folder / "bad.md", "---\ntitle: x\n---\n")
    from_disk(folder)
    Article.objects.filter(external_id="1").update(title="Ed")
    write(folder / "1.md", changed_file("title").replace("70000001", "1"), age=30)
    for _ in range(2):
        assert [item.outcome for item in from_disk(folder).items] == ["conflict", "unchanged", "unchanged", "failed"]
    assert from_disk(folder, settle=Settle.OURS).outcomes == {"unchanged": 3, "failed": 1}
    assert not ImportedFile.objects.filter(path__endswith="bad.md").exists()


def test_the_calls_of_a_document_that_is_known_can_still_be_accepted(tmp_path: Path) -> None:
    make_company(), make_firm()
    write(tmp_path / "story.txt", STORY)
    from_disk(tmp_path)
    assert from_disk(tmp_path).outcomes["unchanged"] == 1
    assert from_disk(tmp_path, accept_calls=True).outcomes["updated"] == 1
    assert AnalystCall.objects.accepted().count() == 1


def test_the_same_files_from_another_folder_change_nothing(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from_disk(folder)
    other = tmp_path_factory.mktemp("moved")
    for path in folder.iterdir():
        write(other / f"x{path.name}", path.read_text(), age=99)
    assert from_disk(other).summary() == "created 0, updated 0, unchanged 3, conflicts 0, failed 0"


def test_a_file_that_is_given_twice_counts_twice_and_is_saved_once(folder: Path) -> None:
    report = import_files(collect([folder, folder / "1.md", folder]), ImportOptions(), NOW, keep_items=True)
    assert report.summary() == "created 3, updated 0, unchanged 4, conflicts 0, failed 0"
    assert (Article.objects.count(), ImportedFile.objects.count()) == (3, 3)


def test_two_versions_of_a_story_in_one_folder_come_to_rest(tmp_path: Path, files_read: list[str]) -> None:
    write(tmp_path / "a.md", FULL)
    write(
        tmp_path / "b.md",
        FULL.replace("opens a hall", "opens two halls").replace("2026-02-06T04:45:29.000Z", "2026-02-07T00:00:00Z"),
    )
    assert from_disk(tmp_path).summary() == "created 1, updated 1, unchanged 0, conflicts 0, failed 0"
    files_read.clear()
    assert from_disk(tmp_path).outcomes["unchanged"] == 2
    assert files_read == []
    assert Article.objects.get().title == "Fjordbyte Mining opens two halls"


def test_a_dry_run_of_two_versions_says_what_the_real_run_does(tmp_path: Path) -> None:
    write(tmp_path / "a.md", FULL)
    write(tmp_path / "b.md", FULL.replace("opens a hall", "opens two halls"))
    write(tmp_path / "c.md", FULL.replace("70000001", "9"))
    dry = from_disk(tmp_path, dry_run=True)
    assert not Article.objects.exists()
    assert not ImportedFile.objects.exists()
    real = from_disk(tmp_path)
    assert [(i.outcome, i.differences, i.note) for i in dry.items] == [
        (i.outcome, i.differences, i.note) for i in real.items
    ]


def test_a_dry_run_says_what_the_real_run_does_across_its_batches(tmp_path: Path) -> None:
    """Batches of a hundred: later versions, repeated titles, repeated documents and files given twice meet earlier ones."""
    make_company(), make_firm()
    for number in range(230):
        write(
            tmp_path / f"{number:03}.md",
            FULL.replace("70000001", f"9{number:03}").replace("a hall", f"hall {number % 150}"),
        )
    later = (
        FULL.replace("70000001", "9003")
        .replace("opens a hall", "opens it at last")
        .replace("06T04:45:29.000Z", "07T00:00:00Z")
    )
    write(tmp_path / "231.md", later)
    write(tmp_path / "232.md", later.replace("NEGATIVE", "POSITIVE"))
    write(
        tmp_path / "235.md",
        FULL.replace("70000001", "9235")
        .replace("a hall", "hall 235")
        .replace("name: The Hash Gazette", "name: The Other"),
    )
    write(tmp_path / "005-story.txt", STORY)
    write(tmp_path / "233-story.txt", STORY)
    write(
        tmp_path / "234.md",
        FULL.replace("70000001", "9999").replace("opens a hall", "opens it at last").replace("lang: en", "lang: uk"),
    )

    def outcomes(dry_run: bool) -> list[tuple[Any, ...]]:
        files = collect([tmp_path, tmp_path / "003.md", tmp_path / "232.md"])
        items = import_files(files, ImportOptions(dry_run=dry_run), NOW, keep_items=True).items
        return [(Path(i.path).name, i.kind, i.outcome, i.differences, i.warnings, i.address) for i in items]

    dry = outcomes(dry_run=True)
    for model in (Article, ImportedFile, Outlet, Tag, Category, Document):
        assert not model.objects.exists()
    real = outcomes(dry_run=False)
    assert dry == real
    assert [(name, outcome) for name, _, outcome, *_ in real[-7:]] == [
        ("231.md", "updated"), ("232.md", "updated"), ("233-story.txt", "unchanged"), ("234.md", "created"),
        ("235.md", "created"), ("003.md", "unchanged"), ("232.md", "unchanged"),
    ]  # fmt: skip
    assert any("The Other" in " ".join(warnings) for *_, warnings, _ in dry)
    assert sum("possible duplicate" in " ".join(warnings) for *_, warnings, _ in real) == 80


def test_a_dry_run_keeps_nobody_from_saving(tmp_path: Path) -> None:
    """It never holds a transaction while it reads: whoever wants to write waits for a batch, not for the run."""
    for number in range(150):
        write(
            tmp_path / f"{number:03}.md", FULL.replace("70000001", f"9{number:03}").replace("a hall", f"hall {number}")
        )
    depth = len(connection.savepoint_ids)
    depths: set[int] = set()
    import_files(
        collect([tmp_path]), ImportOptions(dry_run=True), NOW, lambda item: depths.add(len(connection.savepoint_ids))
    )
    assert depths == {depth}


def test_queries_of_an_unchanged_reimport_do_not_grow_with_the_files(tmp_path: Path) -> None:
    counts = []
    for size in (5, 50):
        for number in range(size):
            write(tmp_path / f"{number:03}.md", FULL.replace("70000001", f"5{number:03}"))
        from_disk(tmp_path)
        with CaptureQueriesContext(connection) as captured:
            assert from_disk(tmp_path).outcomes["unchanged"] == size
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_statements_of_a_cold_import_do_not_grow_with_the_files(tmp_path: Path) -> None:
    counts = []
    for size in (1, 5, 50):
        for path in tmp_path.iterdir():
            path.unlink()
        Article.objects.all().delete()
        for number in range(size):
            write(
                tmp_path / f"{number:03}.md",
                FULL.replace("70000001", f"6{number:03}").replace("a hall", f"hall {number}"),
            )
        with CaptureQueriesContext(connection) as captured:
            from_disk(tmp_path)
        counts.append(len(captured))
    assert counts[1] == counts[2]


def test_times_of_a_later_import_are_its_own(folder: Path) -> None:
    from_disk(folder)
    later = NOW + dt.timedelta(days=1)
    write(folder / "1.md", changed_file("title").replace("70000001", "1"), age=30)
    import_files(collect([folder]), ImportOptions(), later)
    dates = Article.objects.get(external_id="1").history.order_by("history_date").values_list("history_date", flat=True)
    assert list(dates) == [NOW, later]
