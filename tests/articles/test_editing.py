"""A form that was open while an import, or another editor, saved the article: nothing is lost on either side."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.models import Article
from tests.articles.test_admin import _form_data, _form_of
from tests.articles.test_importer import ARTICLE, run
from tests.cast import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ada", password="x"))
    return client


@pytest.fixture
def article() -> Article:
    make_company()
    run(ARTICLE)
    return Article.objects.get()


def send(editor: Client, article: Article, form: dict[str, Any], **changes: Any) -> Any:
    return editor.post(reverse("admin:articles_article_change", args=[article.pk]), {**form, **changes})


def test_what_an_import_changed_while_the_form_was_open_stays(editor: Client, article: Article) -> None:
    form = _form_data(editor, article)
    run(
        ARTICLE.replace("NEGATIVE", "POSITIVE").replace("is pleased.", "is sorry.").replace("category: BTC", "category: ETH")
        .replace("03:09:09.644Z", "05:00:00Z").replace("stickyWeight: 0", "stickyWeight: 4").replace("It opened one.", "It shut.")
    )  # fmt: skip
    assert send(editor, article, form, title="An editor's title").status_code == 302
    article.refresh_from_db()
    assert (article.title, article.sentiment, article.category.name) == ("An editor's title", "POSITIVE", "ETH")
    assert article.published_at == dt.datetime(2026, 2, 6, 5, 0, tzinfo=dt.UTC)
    assert (article.sticky_weight, article.description) == (4.0, "It shut.")
    assert "is sorry." in article.body
    assert "is sorry" in article.body_html
    newest = article.history.latest()
    assert (newest.title, newest.sentiment, newest.history_change_reason) == ("An editor's title", "POSITIVE", "edited")


def test_a_field_that_both_changed_is_handed_back_and_nothing_is_saved(editor: Client, article: Article) -> None:
    form = _form_data(editor, article)
    run(ARTICLE.replace("opens a hall", "shuts a hall").replace("NEGATIVE", "POSITIVE"))
    page = send(editor, article, form, title="An editor's title", description="An editor's words.")
    assert page.status_code == 200
    text = page.content.decode()
    assert re.search(r"Changed meanwhile \(import\): it is now “Fjordbyte Mining shuts a hall”", text)
    assert 'value="An editor&#x27;s title"' in text
    article.refresh_from_db()
    assert (article.title, article.description) == ("Fjordbyte Mining shuts a hall", "It opened one.")


def test_saving_again_after_the_warning_replaces_it_and_keeps_the_rest(editor: Client, article: Article) -> None:
    form = _form_data(editor, article)
    run(ARTICLE.replace("opens a hall", "shuts a hall").replace("NEGATIVE", "POSITIVE"))
    again = _form_of(send(editor, article, form, title="An editor's title"))
    assert send(editor, article, again).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.sentiment) == ("An editor's title", "POSITIVE")


def test_after_a_warning_a_field_that_is_changed_once_more_is_handed_back_again(
    editor: Client, article: Article
) -> None:
    form = _form_data(editor, article)
    run(ARTICLE.replace("opens a hall", "shuts a hall"))
    again = _form_of(send(editor, article, form, title="An editor's title"))
    run(ARTICLE.replace("opens a hall", "sells a hall"))
    assert "it is now “Fjordbyte Mining sells a hall”" in send(editor, article, again).content.decode()


def test_a_slip_elsewhere_in_the_form_does_not_put_back_what_an_import_changed(
    editor: Client, article: Article
) -> None:
    form = _form_data(editor, article)
    run(ARTICLE.replace("NEGATIVE", "POSITIVE").replace("- BTC", "- HALLS"))
    again = _form_of(send(editor, article, form, title=""))
    assert send(editor, article, again, title="An editor's title").status_code == 302
    article.refresh_from_db()
    assert (article.title, article.sentiment) == ("An editor's title", "POSITIVE")
    assert sorted(article.tags.names()) == ["HALLS", "Markets"]
    assert "Opened" not in LogEntry.objects.get().get_change_message()


def test_an_account_that_is_gone_by_now_is_no_trouble(editor: Client, article: Article) -> None:
    reviewer = User.objects.create_user("bob")
    article.reviewed_by = reviewer
    article.save()
    reviewer.delete()
    form = _form_data(editor, article)
    run(ARTICLE.replace("NEGATIVE", "POSITIVE"))
    response = send(editor, article, form, title="An editor's title")
    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.title, article.sentiment, article.reviewed_by) == ("An editor's title", "POSITIVE", None)


def test_an_account_that_goes_while_the_form_is_open_takes_no_words_with_it(editor: Client, article: Article) -> None:
    reviewer = User.objects.create_user("bob")
    article.reviewed_by = reviewer
    article.save()
    form = _form_data(editor, article)
    assert form["reviewed_by"] == str(reviewer.pk)
    reviewer.delete()
    run(ARTICLE.replace("NEGATIVE", "POSITIVE"))
    again = _form_of(send(editor, article, form, title="An editor's title"))
    assert again["title"] == "An editor's title"
    assert send(editor, article, again, reviewed_by="").status_code == 302
    article.refresh_from_db()
    assert (article.title, article.sentiment) == ("An editor's title", "POSITIVE")


def test_two_editors_of_different_fields_both_have_their_way(editor: Client, article: Article) -> None:
    first, second = _form_data(editor, article), _form_data(editor, article)
    assert send(editor, article, first, title="The first's title").status_code == 302
    assert send(editor, article, second, description="The second's words.").status_code == 302
    article.refresh_from_db()
    assert (article.title, article.description) == ("The first's title", "The second's words.")


def test_two_who_wrote_the_same_do_not_quarrel(editor: Client, article: Article) -> None:
    first, second = _form_data(editor, article), _form_data(editor, article)
    assert send(editor, article, first, title="One title").status_code == 302
    assert send(editor, article, second, title="One title").status_code == 302


def test_a_form_that_was_open_while_nothing_happened_saves_as_ever(editor: Client, article: Article) -> None:
    revisions = article.history.count()
    assert send(editor, article, _form_data(editor, article), title="A title").status_code == 302
    assert article.history.count() == revisions + 1


def test_a_form_that_does_not_say_when_it_was_opened_is_taken_at_its_word(editor: Client, article: Article) -> None:
    form = _form_data(editor, article)
    del form["opened_at"]
    run(ARTICLE.replace("opens a hall", "shuts a hall"))
    assert send(editor, article, form, title="A title").status_code == 302
    article.refresh_from_db()
    assert article.title == "A title"


def test_the_download_is_the_zip_of_the_files(editor: Client, article: Article) -> None:
    import io
    import zipfile

    data = {"action": "download", "_selected_action": [article.pk]}
    response = editor.post(reverse("admin:articles_article_changelist"), data)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="minernews-articles-2026-02-10.zip"'
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert archive.namelist() == ["fjordbyte-mining-opens-a-hall.en.md"]
    assert archive.read("fjordbyte-mining-opens-a-hall.en.md") == ARTICLE.encode()
