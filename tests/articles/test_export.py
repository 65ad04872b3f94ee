"""What comes out: the very bytes that came in, but for what was changed; and an archive that another site can take in."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from articles import sidecar
from articles.collecting import collect, unzipped
from articles.exporter import chosen, export_to_folder, export_to_zip
from articles.exporting import file_of, with_everything
from articles.fields import read_fields
from articles.front_matter import split
from articles.importer import import_files
from articles.models import Article, Category, Cover, Original
from articles.options import ImportOptions
from articles.snapshots import snapshot_of_article, snapshot_of_fields
from sources.encoding import decode
from tests.articles.leaving import bring_in, exported, rows
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
