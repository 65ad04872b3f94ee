"""The page on which conflicts are settled: what it shows, what a choice does, where one comes to it from."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from articles import conflicts
from articles.conflicts import ChangedMeanwhile, version_of
from articles.field_values import label_of, value_of
from articles.models import Article, Original
from articles.options import Settle
from articles.revisions import Revision
from articles.snapshots import snapshot_of_article
from tests.articles.test_conflicts import THEIRS, article_in_conflict
from tests.articles.test_importer import ARTICLE, run
from tests.cast import make_article
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="long enough to pass"))
    return client


def address(article: Article) -> str:
    return reverse("admin:articles_article_conflicts", args=[article.pk])


def settle(client: Client, article: Article, **choices: str) -> Any:
    data = {f"settle-{name}": side for name, side in choices.items()}
    seen = version_of(Article.objects.get(pk=article.pk))
    return client.post(address(article), {"seen": seen, **data}, follow=True)


def test_the_page_shows_all_three_values_of_each_field_in_words(editor: Client) -> None:
    page = editor.get(address(article_in_conflict())).content.decode()
    for label in ("Description", "Tags", "Sentiment"):
        assert f"<legend>{label}</legend>" in page
    for value in ("It opened one.", "Mine.", "It opened two."):
        assert f'<div class="desk-value" tabindex="0">{value}</div>' in page
    assert '<ul class="desk-value"><li>btc</li><li>halls</li></ul>' in page
    assert '<div class="desk-value" tabindex="0">neutral</div>' in page
    assert "<del>Mine.</del><ins>It opened two.</ins>" in page


def test_a_long_text_shows_the_words_that_differ(editor: Client) -> None:
    run(ARTICLE)
    Article.objects.update(body=Article.objects.get().body.replace("pleased", "very pleased <i>"))
    run(ARTICLE.replace("opened a hall", "opened two halls"))
    page = editor.get(address(Article.objects.get())).content.decode()
    assert "opened <del>a hall. </del><ins>two halls. </ins>Fjordbyte Mining is <del>very pleased &lt;i&gt;.\n" in page
    assert "<i>" not in page


def test_choices_are_kept_and_told_and_the_rest_is_asked_again(editor: Client) -> None:
    article = article_in_conflict()
    response = settle(editor, article, description="theirs", tags="ours", sentiment="ask")
    page = response.content.decode()
    assert f"“{article.title}”: kept tags; took the file’s description." in page
    assert response.redirect_chain == [(address(article), 302)]
    assert "<legend>Sentiment</legend>" in page
    assert "<legend>Tags</legend>" not in page
    article.refresh_from_db()
    assert (article.description, article.in_conflict) == ("It opened two.", True)
    assert article.history.first().history_user.username == "editor"
    assert LogEntry.objects.get().change_message == "Conflict settled: kept tags; took the file’s description."


def test_after_the_last_conflict_one_comes_to_the_next_article_and_then_back(editor: Client) -> None:
    first = article_in_conflict()
    run(ARTICLE.replace("70000001", "70000002"))
    Article.objects.filter(external_id="70000002").update(description="Mine, too.")
    run(THEIRS.replace("70000001", "70000002"))
    second = Article.objects.get(external_id="70000002")
    everything = dict.fromkeys(("description", "tags", "sentiment"), "ours")
    assert settle(editor, first, **everything).redirect_chain == [(address(second), 302)]
    change = reverse("admin:articles_article_change", args=[second.pk])
    assert settle(editor, second, **everything).redirect_chain == [(change, 302)]
    assert not Article.objects.filter(in_conflict=True).exists()


@pytest.mark.parametrize("choices", [{}, {"description": "ask"}, {"description": "both"}, {"title": "theirs"}])
def test_without_a_choice_everything_stays_open(editor: Client, choices: dict[str, str]) -> None:
    article = article_in_conflict()
    page = settle(editor, article, **choices).content.decode()
    assert "Nothing was chosen: everything stays open." in page
    assert Article.objects.get().in_conflict


def seen_on_the_page(editor: Client, article: Article) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', editor.get(address(article)).content.decode())
    assert found is not None
    return found[1]


def test_nobody_settles_for_a_file_that_they_have_not_seen(editor: Client) -> None:
    article = article_in_conflict()
    data = {"seen": seen_on_the_page(editor, article), "settle-description": "theirs"}
    run(THEIRS.replace("It opened two.", "It opened three."))
    page = editor.post(address(article), data, follow=True).content.decode()
    assert "This article was changed since you opened this page." in page
    assert "It opened three." in page
    assert Article.objects.get().description == "Mine."


def test_nobody_overwrites_what_another_editor_wrote_since(editor: Client) -> None:
    article = article_in_conflict()
    data = {"seen": seen_on_the_page(editor, article), "settle-description": "theirs"}
    Article.objects.get().save()
    article.refresh_from_db()
    article.description = "Mine, and better."
    article.save()
    page = editor.post(address(article), data, follow=True).content.decode()
    assert "This article was changed since you opened this page." in page
    assert "Mine, and better." in page
    article.refresh_from_db()
    assert (article.description, article.in_conflict) == ("Mine, and better.", True)


def test_nobody_settles_again_what_was_settled_since(editor: Client) -> None:
    article = article_in_conflict()
    data = {"seen": seen_on_the_page(editor, article), "settle-description": "theirs"}
    settle(editor, article, description="ours")
    page = editor.post(address(article), data, follow=True).content.decode()
    assert "This article was changed since you opened this page." in page
    assert Article.objects.get().description == "Mine."


def test_what_was_seen_is_compared_under_the_lock_that_settles(editor: Client) -> None:
    article = article_in_conflict()
    seen = version_of(article)
    Article.objects.get().save()
    with pytest.raises(ChangedMeanwhile):
        conflicts.settle(article.pk, {"description": Settle.THEIRS}, Revision(NOW, "conflict settled", None), seen)
    assert Article.objects.get().description == "Mine."


def test_a_file_that_cannot_be_read_any_more_is_told(editor: Client) -> None:
    article = article_in_conflict()
    Original.objects.update(raw=b"---\ntitle: a\ntitle: b\n---\n")
    page = editor.get(address(article), follow=True).content.decode()
    assert "The file of this article cannot be read any more" in page


def test_an_article_without_conflicts_says_so(editor: Client) -> None:
    assert "Nothing is in conflict here." in editor.get(address(make_article())).content.decode()
    assert editor.get(reverse("admin:articles_article_conflicts", args=[10**9])).status_code == 404


def test_who_may_not_change_articles_may_not_settle(client: Client) -> None:
    article = article_in_conflict()
    viewer = User.objects.create_user("viewer", password="long enough to pass", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_article"))
    client.force_login(viewer)
    assert client.get(address(article)).status_code == 403
    assert settle(client, article, description="theirs").status_code == 403
    assert "in conflict" not in client.get(reverse("admin:index")).content.decode()


def test_conflicts_are_told_on_the_desk_in_the_list_and_on_the_article(editor: Client) -> None:
    index, listed = reverse("admin:index"), reverse("admin:articles_article_changelist")
    assert "in conflict" not in editor.get(index).content.decode()
    article = article_in_conflict()
    make_article(title="Another hall", external_id="1")
    assert f'<a href="{listed}?wants=conflict">1 article in conflict</a>' in editor.get(index).content.decode()
    page = editor.get(listed, {"wants": "conflict"}).content.decode()
    assert article.title in page
    assert "Another hall" not in page
    page = editor.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert f'<a href="{address(article)}">Settle the conflict</a>' in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("score", None, "—"),
        ("title", "", "—"),
        ("tags", [], "—"),
        ("score", 0.5, "0.5"),
        ("sticky_weight", 0, "0"),
        ("ai_rewritten", True, "yes"),
        ("ai_rewritten", False, "no"),
        ("published_at", "2026-02-06T03:09:09.644000+00:00", "6 February 2026, 03:09 UTC"),
        ("source", ["hash-gazette", ""], "hash-gazette"),
        ("cover_urls", {"small": "https://a.example/b"}, "small: https://a.example/b"),
        ("state", "published", "published"),
        ("body", "Two\nlines", "Two\nlines"),
    ],
)
def test_values_are_put_into_words(field: str, value: Any, words: str) -> None:
    assert str(value_of(field, value)) == words


def test_every_field_that_can_be_in_conflict_has_a_label() -> None:
    labels = [label_of(name) for name in snapshot_of_article(make_article())]
    assert len(set(labels)) == len(labels)
    assert all(label[0].isupper() and "_" not in label for label in labels)
