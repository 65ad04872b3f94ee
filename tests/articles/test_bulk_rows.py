"""Rows written past the ORM are the rows that the ORM would have written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from articles import bulk_rows
from articles.collecting import uploaded
from articles.importer import import_files
from articles.models import Article, Category, CompanyMention, Cover, ImportedFile
from articles.options import ImportOptions
from companies.name_index import load_name_index
from tests.cast import make_article, make_category, make_company
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
GOOD = sorted((Path(__file__).parent / "good").glob("*.md"))


def columns_of(article: Article) -> dict[str, Any]:
    fresh = Article.objects.get(pk=article.pk)
    return {field.attname: getattr(fresh, field.attname) for field in Article._meta.concrete_fields}


@pytest.mark.parametrize("path", GOOD, ids=[path.stem for path in GOOD])
def test_an_imported_article_is_what_saving_it_would_have_made(path: Path) -> None:
    make_company(), make_company("Harrow Energy", "HRRW")
    import_files([uploaded(path.name, path.read_bytes())], ImportOptions(), NOW)
    article = Article.objects.get()
    before = columns_of(article)
    mentions = list(CompanyMention.objects.values_list("company__ticker", "count", "first_offset", "forms"))
    article.save()
    from articles.linking import link_companies

    link_companies(article, load_name_index())
    assert columns_of(article) == before
    assert list(CompanyMention.objects.values_list("company__ticker", "count", "first_offset", "forms")) == mentions
    article.full_clean()


def test_the_first_revision_of_an_imported_article_is_the_one_that_simple_history_would_have_kept() -> None:
    raw = (Path(__file__).parent / "good" / "everything.md").read_bytes()
    import_files([uploaded("a.md", raw)], ImportOptions(), NOW)
    article = Article.objects.get()
    article.save()
    second, first = article.history.all()
    names = [f.attname for f in type(first)._meta.concrete_fields if not f.name.startswith("history_")]
    assert {name: getattr(first, name) for name in names} == {name: getattr(second, name) for name in names}
    assert (first.history_type, first.history_date, first.history_change_reason, first.history_user) == (
        "+", NOW, "import", None,
    )  # fmt: skip


def test_values_come_back_as_they_went_in() -> None:
    article = make_article()
    urls = {"raw": "https://images.example/ї?a=1&b='\"", "small": "x\\y\tz"}
    row = (article.pk, urls, "", "«Ї» \\N \\. \t tab", "line\nbreak\r\n", 0.25, 1.0)
    bulk_rows.insert(Cover, ("article_id", "urls", "local_file", "alt", "credit", "focal_x", "focal_y"), [row])
    cover = Cover.objects.get()
    assert (cover.urls, cover.alt, cover.credit, cover.focal_x, cover.focal_y) == (urls, row[3], row[4], 0.25, 1.0)
    assert cover.local_width is None


def test_times_are_kept_to_the_microsecond_and_none_is_null() -> None:
    article = make_article()
    at = dt.datetime(2026, 2, 6, 3, 9, 9, 644_123, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    names = [field.attname for field in Article._meta.concrete_fields]
    with transaction.atomic():
        (pk,) = bulk_rows.reserve_ids(Article, 1)
        article.pk, article.external_id, article.slug = pk, "1", "other"
        article.published_at, article.updated_at = at, None
        bulk_rows.insert(Article, names, [[getattr(article, name) for name in names]])
    kept = Article.objects.get(pk=pk)
    assert (kept.published_at, kept.updated_at) == (at, None)
    assert kept.published_at.utcoffset() == dt.timedelta(0)


def test_a_constraint_that_is_broken_is_djangos_own_error() -> None:
    make_category("BTC")
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_rows.insert(Category, ("name", "slug"), [("A", "a"), ("BTC", "b")])
    assert list(Category.objects.values_list("name", flat=True)) == ["BTC"]


def test_no_rows_are_no_statement() -> None:
    bulk_rows.insert(Category, ("name", "slug"), [])
    assert not Category.objects.exists()


def test_reserved_ids_are_new_distinct_and_given_to_nobody_else() -> None:
    first = make_article()
    with transaction.atomic():
        ids = bulk_rows.reserve_ids(Article, 3)
        names = [field.attname for field in Article._meta.concrete_fields]
        for pk in ids:
            first.pk, first.external_id, first.slug = pk, f"r{pk}", f"r{pk}"
            bulk_rows.insert(Article, names, [[getattr(first, name) for name in names]])
    assert len(set(ids)) == 3
    assert min(ids) > Article.objects.order_by("pk")[0].pk
    assert make_article().pk > max(ids)


def test_the_id_of_a_deleted_article_is_not_given_again() -> None:
    article = make_article()
    gone = article.pk
    article.delete()
    with transaction.atomic():
        assert bulk_rows.reserve_ids(Article, 1)[0] > gone


@pytest.mark.django_db(transaction=True)
def test_ids_are_reserved_inside_a_transaction_only() -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        bulk_rows.reserve_ids(ImportedFile, 1)
