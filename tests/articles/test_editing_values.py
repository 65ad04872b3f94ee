"""What an editor writes is kept as an import would keep it, and what they did not touch stays to the byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.collecting import uploaded
from articles.exporting import file_of
from articles.importer import import_files
from articles.models import Article
from articles.options import ImportOptions
from tests.articles.test_admin import _form_data, _save
from tests.articles.test_front_matter_files import GOOD
from tests.articles.test_importer import ARTICLE, run
from tests.cast import make_article
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ada", password="x"))
    return client


def columns(article: Article) -> dict[str, Any]:
    values = Article.objects.filter(pk=article.pk).values().get()
    return values | {"tags": sorted(article.tags.values_list("pk", flat=True))}


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_any_good_file_goes_through_an_untouched_form_to_the_byte(editor: Client, path: Path) -> None:
    raw = path.read_bytes()
    report = import_files([uploaded(path.name, raw)], ImportOptions(), NOW, keep_items=True)
    assert report.outcomes["created"] == 1, report.items
    article = Article.objects.get()
    before = columns(article)
    response = _save(editor, article)
    assert response.status_code == 302, response.context["errors"]
    assert columns(article) == before
    assert file_of(Article.objects.get()) == raw


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("title", "  A \t hall\x07 opens ", "A hall opens"),
        ("description", " \r\n Two\x07 lines,\r\nand a blank one.\u200e \n", "Two lines,\nand a blank one."),
        ("score", "0", None),
        ("score", "0.5", 0.5),
        ("cta", '[" Read ", "", "Read", "More"]', ["Read", "More"]),
        ("source_url", "https://foo_bar.example/", "https://foo_bar.example/"),
        ("canonical_url", " https://foo_bar.example/a?b=c#d ", "https://foo_bar.example/a?b=c#d"),
        ("source_url", "", ""),
        ("body", "\r\n\r\nOne.", "\n\nOne."),
    ],
)
def test_a_value_is_kept_as_an_import_would_keep_it(editor: Client, field: str, sent: str, kept: Any) -> None:
    article = make_article()
    response = _save(editor, article, **{field: sent})
    assert response.status_code == 302, response.context["errors"]
    article.refresh_from_db()
    assert getattr(article, field) == kept


@pytest.mark.parametrize(
    ("field", "sent", "words"),
    [
        ("title", "\u200e\u200f", "A title needs letters."),
        ("description", "Д" * 33_000, "No file could hold this"),
        ("source_url", "ftp://example.com/", "This must be an http or https address"),
        ("source_url", "javascript:alert(1)", "This must be an http or https address"),
        ("canonical_url", "example.com", "This must be an http or https address"),
        ("canonical_url", "https://a b.example/", "This must be an http or https address"),
        ("canonical_url", "https://example.com/" + "x" * 1000, "of at most 1,000 characters"),
        ("published_at_0", "1889-01-01", "A year from 1990 to 2100, please."),
    ],
)
def test_what_no_import_would_take_is_refused_with_a_word(editor: Client, field: str, sent: str, words: str) -> None:
    article = make_article()
    before = columns(article)
    response = _save(editor, article, **{field: sent})
    assert response.status_code == 200
    assert words in response.content.decode()
    assert columns(article) == before


def test_an_article_with_an_address_that_only_the_importer_takes_can_be_edited(editor: Client) -> None:
    run(ARTICLE.replace("  type: RSS", "  type: RSS\n  url: https://foo_bar.example/"))
    article = Article.objects.get()
    assert _save(editor, article, title="An editor's title").status_code == 302
    article.refresh_from_db()
    assert (article.title, article.source_url) == ("An editor's title", "https://foo_bar.example/")


@pytest.mark.parametrize(
    ("urls", "words"),
    [
        ({"small": "javascript:alert(1)"}, "small must be an http or https address."),
        ({"small": "/picture.jpg"}, "small must be an http or https address."),
        ({"huge": "https://images.unsplash.com/a"}, "There is no size &#x27;huge&#x27;"),
        (["https://images.unsplash.com/a"], "Give names with texts"),
    ],
)
def test_a_cover_takes_only_addresses_of_the_web(editor: Client, urls: Any, words: str) -> None:
    article = make_article()
    form = {"cover-TOTAL_FORMS": "1", "cover-0-focal_x": "0.5", "cover-0-focal_y": "0.5"}
    response = _save(editor, article, **form, **{"cover-0-urls": json.dumps(urls)})
    assert response.status_code == 200
    assert words in response.content.decode()
    good = {"small": "https://images.unsplash.com/a", "thumb": ""}
    assert _save(editor, article, **form, **{"cover-0-urls": json.dumps(good)}).status_code == 302
    assert Article.objects.get().cover.urls == {"small": "https://images.unsplash.com/a"}


# The blank lines of a body


@pytest.mark.parametrize(
    ("stored", "sent", "kept"),
    [
        ("\n\n## One\n", "## One\r\n", "## One\n"),
        ("\n\n## One\n", "\r\n\r\n## One\r\n", "\n\n## One\n"),
        ("## One\n", "\r\n## One\r\n", "\n## One\n"),
        ("    code\n", "code\r\n", "code\n"),
        ("## One\n\n\n", "## One\r\n", "## One\n"),
        ("## One\n", "## One", "## One\n"),
        ("## One", "## One\r\n", "## One"),
        ("\r\n## One\r\n", "## One\r\n", "## One\r\n"),
        ("\r\n## One\r\n", "\r\n## Two\r\n", "\r\n## Two\r\n"),
    ],
)
def test_blank_lines_are_kept_and_taken_out_as_the_editor_says(
    editor: Client, stored: str, sent: str, kept: str
) -> None:
    article = make_article(body=stored)
    assert _save(editor, article, body=sent).status_code == 302
    article.refresh_from_db()
    assert article.body == kept


def test_the_form_shows_the_body_that_is_stored(editor: Client) -> None:
    article = make_article(body="\n\n## One\n\n")
    assert _form_data(editor, article)["body"] == "\r\n\r\n## One\r\n\r\n"


def test_the_upload_form_says_that_more_files_go_in_a_zip(editor: Client) -> None:
    page = editor.get(reverse("admin:articles_importrun_add")).content.decode()
    assert "up to 2,000 files at once. More than that must come in a zip, which may hold 20,000." in page
