"""Tags and documents in the editing form: as they were stored, and three ways when others change them meanwhile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from articles.models import Article
from articles.tag_text import names_in, text_of
from tests.articles.test_admin import _form_data, _form_of
from tests.articles.test_importer import ARTICLE, run
from tests.cast import make_article, make_document

pytestmark = pytest.mark.django_db
ODD = ['5" rig', 'say "hi" now', '"', "a, b", '"quoted"', "two words", "Ґанок", '","', "a\nb"]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ada", password="x"))
    return client


def send(editor: Client, article: Article, form: dict[str, Any], **changes: Any) -> Any:
    return editor.post(reverse("admin:articles_article_change", args=[article.pk]), {**form, **changes})


def in_a_browser(line: str) -> str:
    """A field of one line has no line ends."""
    return line.replace("\r", "").replace("\n", "")


def tags_of(article: Article) -> list[str]:
    return sorted(Article.objects.get(pk=article.pk).tags.names())


@pytest.mark.parametrize("names", [[name] for name in ODD] + [ODD], ids=repr)
def test_tags_that_were_not_touched_stay_whatever_is_in_them(editor: Client, names: list[str]) -> None:
    article = make_article(tags=names)
    keys = set(article.tags.values_list("pk", flat=True))
    form = _form_data(editor, article)
    form["tags"] = in_a_browser(form["tags"])
    assert send(editor, article, form, title="A title").status_code == 302
    assert set(article.tags.values_list("pk", flat=True)) == keys


def test_odd_tags_stay_when_another_is_added_beside_them(editor: Client) -> None:
    article = make_article(tags=ODD)
    form = _form_data(editor, article)
    form["tags"] = in_a_browser(form["tags"])
    assert send(editor, article, form, tags=form["tags"] + ', new one, "x, y"').status_code == 302
    assert tags_of(article) == sorted([*ODD, "new one", "x, y"])


def test_a_tag_taken_out_goes_and_one_that_differs_in_case_is_the_same(editor: Client) -> None:
    article = make_article(tags=["BTC", "Markets"])
    assert send(editor, article, _form_data(editor, article), tags="btc").status_code == 302
    assert tags_of(article) == ["BTC"]
    assert Tag.objects.filter(name__iexact="btc").count() == 1


def test_a_tag_that_is_too_long_is_refused_with_a_word(editor: Client) -> None:
    article = make_article()
    page = send(editor, article, _form_data(editor, article), tags="x" * 101)
    assert "no more than 100 characters" in page.content.decode()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("", []),
        ("b, a,, b ,", ["a", "b"]),
        ("two words", ["two words"]),
        ('"a, b", c', ["a, b", "c"]),
        ('5" rig, "x', ['"x', '5" rig']),
        ('"" , " "', ['""']),
    ],
)
def test_a_line_is_read_at_its_commas(line: str, names: list[str]) -> None:
    assert names_in(line) == names


def test_what_is_written_is_read_back() -> None:
    names = sorted(name for name in ODD if "\n" not in name)
    assert names_in(text_of(SimpleNamespace(name=name) for name in names)) == names


# Changed while the form was open


@pytest.fixture
def article() -> Article:
    run(ARTICLE)
    return Article.objects.get()


def test_tags_that_an_import_changed_while_the_form_was_open_stay(editor: Client, article: Article) -> None:
    form = _form_data(editor, article)
    run(ARTICLE.replace("  - BTC", '  - HALLS\n  - "5\\" rig"'))
    assert send(editor, article, form, title="An editor's title").status_code == 302
    assert tags_of(article) == ['5" rig', "HALLS", "Markets"]


def test_an_editors_tags_are_kept_when_nobody_else_changed_them(editor: Client, article: Article) -> None:
    form = _form_data(editor, article)
    run(ARTICLE.replace("NEGATIVE", "POSITIVE"))
    assert send(editor, article, form, tags="BTC, mine").status_code == 302
    assert tags_of(article) == ["BTC", "mine"]


def test_tags_that_both_changed_are_handed_back_and_saved_the_next_time(editor: Client, article: Article) -> None:
    form = _form_data(editor, article)
    run(ARTICLE.replace("  - BTC", "  - HALLS"))
    page = send(editor, article, form, tags="mine")
    assert "Changed meanwhile (import): it is now “HALLS, Markets”" in page.content.decode()
    assert tags_of(article) == ["HALLS", "Markets"]
    assert send(editor, article, _form_of(page)).status_code == 302
    assert tags_of(article) == ["mine"]


def test_who_wrote_the_same_tags_as_the_file_has_no_quarrel(editor: Client, article: Article) -> None:
    form = _form_data(editor, article)
    run(ARTICLE.replace("  - BTC", "  - HALLS"))
    assert send(editor, article, form, tags="Markets, halls").status_code == 302
    assert tags_of(article) == ["HALLS", "Markets"]


def test_documents_are_merged_like_tags(editor: Client, article: Article) -> None:
    first, second, third = make_document(), make_document(), make_document()
    article.documents.set([first])
    form = _form_data(editor, article)
    article.documents.set([second])
    assert send(editor, article, form, title="A title").status_code == 302
    assert list(article.documents.all()) == [second]
    page = send(editor, article, form, documents=[third.pk])
    assert "Changed meanwhile" in page.content.decode()
    assert list(article.documents.all()) == [second]
    assert send(editor, article, _form_of(page), documents=[third.pk]).status_code == 302
    assert list(article.documents.all()) == [third]


@pytest.mark.parametrize(
    "said", ["", "{}", "[1]", "{", '{"tags": [1], "documents": []}', '{"tags": "x", "documents": 1}']
)
def test_a_form_that_does_not_say_soundly_what_it_was_opened_with_is_taken_at_its_word(
    editor: Client, article: Article, said: str
) -> None:
    response = send(editor, article, _form_data(editor, article), tags="mine", opened_with=said)
    if said == "{":
        assert response.status_code == 200
    else:
        assert response.status_code == 302
        assert tags_of(article) == ["mine"]
