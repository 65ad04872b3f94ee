"""What comes out: the very bytes that came in, but for what was changed; and an archive that another site can take in."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import sidecar
from articles.article_saving import for_updating
from articles.collecting import collect, unzipped, uploaded
from articles.exporter import chosen, export_to_folder, export_to_zip
from articles.exporting import file_of, with_everything
from articles.fields import read_fields
from articles.front_matter import split
from articles.importer import import_files
from articles.models import Article, Category, Cover, FormerSlug, Original
from articles.options import ImportOptions
from articles.snapshots import snapshot_of_article, snapshot_of_fields
from sources.encoding import decode
from tests.articles.test_commands import SUMMARY, command
from tests.articles.test_importer import ARTICLE
from tests.articles.test_reimport import FULL, SIDES
from tests.cast import make_article, make_company
from tests.conftest import NOW, SAMPLES

GOOD = sorted((Path(__file__).parent / "good").glob("*.md"))
TOML = """+++
# kept by hand
title = 'Fjordbyte Mining opens a hall'
publishedAt = 2026-02-06T03:09:09Z   # the wire's time
externalId = "70000001"
category = "BTC"
tags = [ "BTC",
         "Markets" ]

[source]
name = "The Hash Gazette"
key = "hash-gazette"
+++
It opened.
"""


def bring_in(*raws: bytes) -> None:
    files = [uploaded(f"{number}.md", raw) for number, raw in enumerate(raws)]
    report = import_files(files, ImportOptions(), NOW, keep_items=True)
    assert [item.reason for item in report.failed] == []


def exported(**which: Any) -> bytes:
    return file_of(with_everything(Article.objects.filter(**which)).get())


def rows() -> list[dict[str, Any]]:
    """All of each article that is not a number of the database's own or a time of this installation."""
    found = []
    left_out = {"id", "category_id", "outlet_id", "reviewed_by_id", "possible_duplicate_of_id", "created_at"}  # below
    for article in for_updating().order_by("external_id", "lang"):
        fields = {
            f.attname: getattr(article, f.attname) for f in Article._meta.concrete_fields if f.attname not in left_out
        }
        cover = getattr(article, "cover", None)
        found.append(fields | {
            "category": article.category.name,
            "outlet": (article.outlet.key, article.outlet.name) if article.outlet else None,
            "reviewed_by": article.reviewed_by and article.reviewed_by.username,
            "duplicate_of": article.possible_duplicate_of and article.possible_duplicate_of.external_id,
            "tags": sorted(article.tags.names()),
            "cover": (cover.urls, cover.alt, cover.credit, cover.focal_x, cover.focal_y) if cover else None,
            "former": sorted(article.former_slugs.values_list("slug", flat=True)),
            "mentions": list(article.mentions.order_by("first_offset").values_list("company__ticker", "count", "first_offset")),
        })  # fmt: skip
    return found


def names_in(folder: Path) -> list[str]:
    """Without the sidecar, which an export always writes."""
    return sorted(path.name for path in folder.iterdir() if path.name != sidecar.NAME)


@pytest.mark.django_db
@pytest.mark.parametrize("path", GOOD, ids=[path.stem for path in GOOD])
def test_an_untouched_article_comes_out_byte_for_byte(path: Path) -> None:
    raw = path.read_bytes()
    bring_in(raw)
    assert exported() == raw


@pytest.mark.django_db
def test_the_real_article_comes_out_byte_for_byte(seed: Callable[[str], Path]) -> None:
    raw = seed("000").read_bytes()
    bring_in(raw)
    assert exported() == raw


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


@pytest.mark.django_db
@pytest.mark.parametrize("field", SIDES)
def test_a_touched_article_differs_in_the_lines_of_the_touched_field_alone(field: str) -> None:
    bring_in(FULL.encode())
    SIDES[field][2](Article.objects.get())
    ours = snapshot_of_article(Article.objects.get())
    raw = exported()
    theirs = snapshot_of_fields(read_fields(split(decode(raw))))
    assert theirs == ours
    if field == "body":
        assert raw == FULL.encode()[: FULL.index("## Overview")] + b"Ed"
        return
    before, after = split(FULL).header, split(decode(raw)).header
    touched = {key for key in {**before, **after} if before.get(key) != after.get(key)}
    assert touched <= TOUCHED.get(field, {field})
    # A list is one value; of everything else the line of the field differs, and no other.
    lines = {"tags": 2, "cta": 2, "source": 3}.get(field, 1)
    old, new = FULL.splitlines(), raw.decode().splitlines()
    assert len([line for line in old if line not in new]) <= lines
    assert len([line for line in new if line not in old]) <= lines
    assert decode(raw).endswith(FULL[FULL.index("## Overview") :])


TOUCHED = {
    "published_at": {"publishedAt"}, "updated_at": {"updatedAt"}, "sticky_weight": {"stickyWeight"},
    "canonical_url": {"canonicalUrl"}, "cover_urls": {"coverImage"}, "ai_rewritten": {"ai"}, "ai_expanded_at": {"ai"},
    "ai_version": {"ai"}, "ai_translated_from": {"ai"}, "extra": {"deskNote"},
}  # fmt: skip


@pytest.mark.django_db
def test_comments_order_and_line_ends_of_a_touched_file_stay() -> None:
    text = FULL.replace("lang: en", "lang: en # the desk's").replace("\n", "\r\n")
    bring_in(text.encode())
    Article.objects.update(title="Ed's: title")
    assert exported().decode() == text.replace("title: Fjordbyte Mining opens a hall", "title: 'Ed''s: title'")


@pytest.mark.django_db
def test_what_stands_beside_a_touched_key_of_a_block_keeps_its_words_quotes_and_remarks() -> None:
    block = """ai:
    # as the desk wants it
    rewritten: "true"
    expandedAt: 2026-02-06 05:00:00 +02:00   # local

    version: 1
    note: {a: b}
deskNote: x
"""
    text = ARTICLE.replace("ai:\n  rewritten: true\n", block)
    bring_in(text.encode())
    Article.objects.update(ai_version="2")
    assert exported().decode() == text.replace("version: 1", "version: '2'")
    Article.objects.update(ai_expanded_at=None)
    gone = text.replace("version: 1", "version: '2'").replace(
        "    expandedAt: 2026-02-06 05:00:00 +02:00   # local\n", ""
    )
    assert exported().decode() == gone


@pytest.mark.django_db
def test_an_identity_that_an_editor_changed_leaves_with_the_article() -> None:
    bring_in(FULL.encode())
    Article.objects.update(external_id="999", lang="uk")
    bring_in(FULL.encode())
    assert Article.objects.count() == 2
    raws = [file_of(article) for article in with_everything(Article.objects.order_by("pk"))]
    assert raws[0].decode() == FULL.replace("'70000001'", "'999'").replace("lang: en", "lang: uk")
    Article.objects.all().delete()
    bring_in(*raws)
    assert set(Article.objects.values_list("external_id", "lang")) == {("999", "uk"), ("70000001", "en")}


@pytest.mark.django_db
def test_one_article_that_no_file_can_hold_is_named_and_the_others_go_out(tmp_path: Path) -> None:
    bring_in(FULL.encode(), FULL.replace("70000001", "2").encode())
    make_article(slug="written-here", description="x" * 70_000)
    Article.objects.filter(external_id="2").update(description="y" * 70_000)
    out, err, code = command("export_articles", str(tmp_path / "out"))
    assert (out, code) == (SUMMARY.format(1, 0, 0, 0, 2) + "\n", 1)
    assert "fjordbyte-mining-opens-a-hall-2.en.md: line 1: the header has more than 65,536 bytes" in err
    assert "written-here.en.md: line 1: the header has more than 65,536 bytes" in err
    assert names_in(tmp_path / "out") == ["fjordbyte-mining-opens-a-hall.en.md"]


@pytest.mark.django_db
def test_a_second_export_takes_away_the_files_that_it_wrote_under_other_names(tmp_path: Path) -> None:
    bring_in(FULL.encode(), FULL.replace("70000001", "2").encode(), FULL.replace("70000001", "3").encode())
    export_to_folder(chosen(), tmp_path)
    moved = Article.objects.get(external_id="70000001")
    moved.slug, moved.title = "moved", "Moved"
    moved.save()
    Article.objects.get(external_id="2").delete()
    changed_by_hand = tmp_path / "fjordbyte-mining-opens-a-hall-3.en.md"
    changed_by_hand.write_text("mine now")
    Article.objects.get(external_id="3").delete()
    counts = export_to_folder(chosen(), tmp_path)
    assert (counts["created"], counts["removed"]) == (1, 2)
    assert names_in(tmp_path) == ["fjordbyte-mining-opens-a-hall-3.en.md", "moved.en.md"]
    # Of a part of the archive only the articles in it are looked at.
    bring_in(FULL.replace("70000001", "4").encode())
    export_to_folder(chosen(), tmp_path)
    Article.objects.get(external_id="4").delete()
    export_to_folder(chosen(query="Moved"), tmp_path, whole=False)
    assert "moved.en.md" in names_in(tmp_path)
    assert len(names_in(tmp_path)) == 3


@pytest.mark.django_db
def test_a_toml_header_stays_one_and_differs_in_the_touched_key() -> None:
    bring_in(TOML.encode())
    assert exported() == TOML.encode()
    Article.objects.update(category=Category.objects.create(name="ETH", slug="eth"))
    assert exported().decode() == TOML.replace('category = "BTC"', 'category = "ETH"')


@pytest.mark.django_db
def test_an_article_that_was_written_here_becomes_a_file_that_makes_it_again() -> None:
    make_company()
    article = make_article(
        title="Її «title»: 'quoted'", body="---\n\nText\r\n# no\n", cta=["a: b"], score=0.5, sticky_weight=2, slug="yiyi-title-quoted",
        extra={"note": {"deep": ["x", None]}}, tags=["No", "12:30"], published_at=NOW - dt.timedelta(microseconds=1),
    )  # fmt: skip
    before = snapshot_of_article(article)
    raw = file_of(article)
    Article.objects.all().delete()
    bring_in(raw)
    assert snapshot_of_article(Article.objects.get()) == before


@pytest.mark.django_db
def test_an_export_into_an_empty_database_gives_equal_rows(tmp_path: Path, django_user_model: Any) -> None:
    make_company()
    desk = django_user_model.objects.create_user("ada")
    report = import_files(collect([SAMPLES / "articles"]), ImportOptions(), NOW, keep_items=True)
    assert report.failed == []
    twin = FULL.replace("70000001", "70000002")
    bring_in(FULL.encode(), twin.encode())
    first, second, third, fourth = Article.objects.order_by("pk")[:4]
    first.title, first.body = "A title of ours", "## Ours\n\nFjordbyte Mining said so.\n"
    first.slug = "a-slug-of-ours"
    first.save()
    first.slug = "another-slug"
    first.save()
    from articles.linking import link_companies
    from companies.name_index import load_name_index

    link_companies(first, load_name_index())
    second.state, second.ai_model = "retracted", "model-7"
    second.save()
    third.publish_at, third.reviewed_by, third.reviewed_at = NOW, desk, NOW
    third.save()
    Cover.objects.update_or_create(article=fourth, defaults={"alt": "A hall", "credit": "Ada", "focal_x": 0.2})
    fourth.tags.add("New tag")
    before = rows()
    export_to_folder(chosen(), tmp_path / "out")
    Article.objects.all().delete()
    report = import_files(collect([tmp_path / "out"]), ImportOptions(), NOW, keep_items=True)
    assert report.failed == []
    after = rows()
    assert [row["external_id"] for row in after] == [row["external_id"] for row in before]
    for mine, theirs in zip(after, before, strict=True):
        assert mine == theirs
    assert Article.objects.get(external_id=third.external_id, lang=third.lang).reviewed_by == desk
    assert Article.objects.get(slug="another-slug").former_slugs.count() == 2


@pytest.mark.django_db
def test_a_zip_holds_the_same_and_can_be_taken_in_again() -> None:
    bring_in(FULL.encode(), FULL.replace("70000001", "2").encode())
    Article.objects.filter(external_id="2").update(state="retracted")
    before = rows()
    file = io.BytesIO()
    assert export_to_zip(chosen(), file) == 2
    names = zipfile.ZipFile(file).namelist()
    assert names == ["fjordbyte-mining-opens-a-hall.en.md", "fjordbyte-mining-opens-a-hall-2.en.md", sidecar.NAME]
    assert zipfile.ZipFile(file).read(names[0]) == FULL.encode()
    Article.objects.all().delete()
    import_files(unzipped(file), ImportOptions(), NOW)
    assert rows() == before


@pytest.mark.django_db
def test_the_same_articles_make_the_same_zip() -> None:
    bring_in(FULL.encode())
    first, second = io.BytesIO(), io.BytesIO()
    export_to_zip(chosen(), first), export_to_zip(chosen(), second)
    assert first.getvalue() == second.getvalue()


@pytest.mark.django_db
def test_a_retracted_article_leaves_as_a_draft_so_that_nobody_publishes_it_by_importing_it() -> None:
    bring_in(FULL.encode())
    Article.objects.update(state="retracted")
    raw = exported()
    assert raw.decode() == FULL.replace("draft: false", "draft: true")
    bring_in(raw)
    assert Article.objects.get().state == "retracted"
    assert not Article.objects.get().in_conflict


@pytest.mark.django_db
def test_importing_an_export_of_touched_articles_where_they_are_changes_nothing(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    Article.objects.update(title="Ed", score=0.3)
    export_to_folder(chosen(), tmp_path)
    report = import_files(collect([tmp_path]), ImportOptions(), NOW)
    assert report.summary() == "created 0, updated 0, unchanged 1, conflicts 0, failed 0"
    assert (Article.objects.get().title, bytes(Original.objects.get().raw)) == (
        "Ed",
        (tmp_path / "fjordbyte-mining-opens-a-hall.en.md").read_bytes(),
    )


@pytest.mark.django_db
def test_choosing_by_language_time_and_words() -> None:
    def article(number: str, date: str, lang: str = "en", word: str = "hall") -> bytes:
        text = (
            FULL.replace("70000001", number)
            .replace("2026-02-06T03:09:09.644Z", date)
            .replace("lang: en", f"lang: {lang}")
        )
        return text.replace("opens a hall", f"opens a {word}").replace("opened a hall", f"opened a {word}").encode()

    bring_in(
        article("1", "2026-01-01"),
        article("2", "2026-02-05"),
        article("3", "2026-01-01", "uk"),
        article("4", "2026-01-02", word="dam"),
    )

    def ids(**which: Any) -> list[str]:
        return list(chosen(**which).values_list("external_id", flat=True))

    assert ids() == ["1", "2", "3", "4"]
    assert ids(lang="uk") == ["3"]
    assert ids(query="dam") == ["4"]
    Article.history.update(history_date=NOW - dt.timedelta(days=9))
    since = dt.datetime(2026, 2, 5, tzinfo=dt.UTC)
    assert ids(since=since) == ["2"]
    changed = Article.objects.get(external_id="1")
    changed.title = "Changed here"
    changed.save()
    assert ids(since=since) == ["1", "2"]
    assert ids(since=since, lang="uk") == []


# The command


@pytest.mark.django_db
def test_the_command_writes_what_is_new_and_leaves_what_is_right(tmp_path: Path) -> None:
    bring_in(FULL.encode(), FULL.replace("70000001", "2").replace("lang: en", "lang: uk").encode())
    out = tmp_path / "deep" / "out"
    assert command("export_articles", str(out)) == (SUMMARY.format(2, 0, 0, 0, 0) + "\n", "", 0)
    assert names_in(out) == ["fjordbyte-mining-opens-a-hall.en.md", "fjordbyte-mining-opens-a-hall.uk.md"]
    then = (out / "fjordbyte-mining-opens-a-hall.en.md").stat().st_mtime_ns
    assert command("export_articles", str(out))[0] == SUMMARY.format(0, 0, 2, 0, 0) + "\n"
    Article.objects.filter(lang="uk").update(title="Ed")
    assert command("export_articles", str(out))[0] == SUMMARY.format(0, 1, 1, 0, 0) + "\n"
    assert (out / "fjordbyte-mining-opens-a-hall.en.md").stat().st_mtime_ns == then
    assert command("export_articles", str(tmp_path / "uk"), "--lang", "uk")[0] == SUMMARY.format(1, 0, 0, 0, 0) + "\n"


@pytest.mark.django_db
def test_a_dry_run_of_the_command_writes_nothing(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    out, _, code = command("export_articles", str(tmp_path / "out"), "--dry-run")
    assert (out.splitlines()[-1], code) == (SUMMARY.format(1, 0, 0, 0, 0), 0)
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_the_command_writes_a_zip_under_another_name_first(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    assert command("export_articles", str(tmp_path / "a.zip"))[2] == 0
    assert names_in(tmp_path) == ["a.zip"]
    assert zipfile.ZipFile(tmp_path / "a.zip").namelist() == ["fjordbyte-mining-opens-a-hall.en.md"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--since", "soon"], "--since must be a date like 2026-02-06, not 'soon'"),
        (["--since", "2026-02-30"], "--since must be a date like 2026-02-06, not '2026-02-30'"),
    ],
)
def test_a_date_that_is_none_is_refused(tmp_path: Path, arguments: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        call_command("export_articles", str(tmp_path / "out"), *arguments)
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    (tmp_path / "file").write_text("x")
    _, err, code = command("export_articles", str(tmp_path / "file"))
    assert (err, code) == (f"{tmp_path}/file: File exists\n", 1)


@pytest.mark.django_db
def test_what_a_killed_export_left_is_cleared_away_and_other_files_are_not(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    (tmp_path / ".minernews-unfinished-77").write_text("half")
    (tmp_path / "notes.txt").write_text("mine")
    export_to_folder(chosen(), tmp_path)
    assert names_in(tmp_path) == ["fjordbyte-mining-opens-a-hall.en.md", "notes.txt"]


@pytest.mark.django_db
def test_queries_of_an_export_do_not_grow_with_the_articles(tmp_path: Path) -> None:
    counts = []
    for size in (3, 30):
        bring_in(*(FULL.replace("70000001", f"7{n:03}").replace("a hall", f"hall {n}").encode() for n in range(size)))
        with CaptureQueriesContext(connection) as captured:
            export_to_folder(chosen(), tmp_path / str(size))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 4


# The sidecar


def test_a_sidecar_that_lies_is_not_believed() -> None:
    lines = [
        "not json", "[]", '{"file": 7}', '{"slug": "a"}', '{"file": "a.md", "slug": "../etc"}', '{"file": "b.md", "state": "published"}',
        '{"file": "c.md", "publish_at": "soon"}', '{"file": "d.md", "former_slugs": "x"}', '{"file": "e.md", "former_slugs": ["A b"]}',
        '{"file": "f.md", "cover": {"alt": 7}}', '{"file": "g.md", "cover": {"urls": {}}}', '{"file": "h.md", "reviewed_by": []}',
        '{"file": "i.md", "ai_model": "' + "x" * 101 + '"}', '{"file": "j.md", "slug": ""}', '{"file": "k.md", "publish_at": 5}',
        '{"file": "l.md", "slug": "' + "x" * 201 + '"}', "[" * 100_000,
        '{"file": "m.md", "publish_at": "0001-01-01T00:00:00+14:00"}', '{"file": "n.md", "cover": {"alt": "' + "x" * 301 + '"}}',
        '{"file": "o.md", "cover": {"focal_x": 2.5}}', '{"file": "p.md", "duplicate_of": ["1"]}', '{"file": "part.md", "slug": "sound", "state": "x"}',
        '{"file": "good.md", "slug": "a-hall", "state": "retracted"}',
    ]  # fmt: skip
    found = sidecar.read(lines)
    assert found.pop("good.md") == {"slug": "a-hall", "state": "retracted"}
    assert found.pop("part.md") == {"slug": "sound"}
    assert set(map(str, found.values())) == {"{}"}


@pytest.mark.django_db
def test_a_sidecar_gives_nobody_an_address_that_is_taken(tmp_path: Path) -> None:
    holder = make_article(slug="a-hall")
    FormerSlug.objects.create(lang="en", slug="old-hall", article=holder)
    (tmp_path / "x.md").write_text(FULL.replace("70000001", "9"))
    record = {"file": "x.md", "slug": "a-hall", "former_slugs": ["old-hall", "a-hall", "older-hall"]}
    (tmp_path / sidecar.NAME).write_text(json.dumps(record))
    import_files(collect([tmp_path]), ImportOptions(), NOW)
    article = Article.objects.get(external_id="9")
    assert article.slug == "a-hall-2"
    assert [former.slug for former in article.former_slugs.all()] == ["older-hall"]
    assert holder.former_slugs.get().slug == "old-hall"


@pytest.mark.django_db
def test_odd_addresses_and_odd_letters_survive_the_sidecar(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    article = Article.objects.get()
    article.slug = "Q1_results--2026"
    article.state = "retracted"
    article.save()
    Cover.objects.update(alt="one\u2028two\x85three")
    before = rows()
    export_to_folder(chosen(), tmp_path)
    Article.objects.all().delete()
    import_files(collect([tmp_path]), ImportOptions(), NOW)
    assert rows() == before


@pytest.mark.django_db
def test_a_possible_duplicate_stays_one_whatever_comes_first(tmp_path: Path) -> None:
    bring_in(FULL.encode(), FULL.replace("70000001", "2").encode(), FULL.replace("70000001", "3").encode())
    Article.objects.filter(external_id="3").update(possible_duplicate_of=None)  # an editor looked
    export_to_folder(chosen(), tmp_path)
    Article.objects.all().delete()
    import_files(collect([tmp_path]), ImportOptions(), NOW)
    found = {
        a.external_id: a.possible_duplicate_of and a.possible_duplicate_of.external_id for a in Article.objects.all()
    }
    assert found == {"70000001": None, "2": "70000001", "3": None}
