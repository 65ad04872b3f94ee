"""The page of an earlier revision: who may look at it, who may go back to it, and that going back is one transaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from articles.models import Article
from tests.articles.test_admin import _FormReader
from tests.cast import make_article

# As in production: no transaction around a request.
pytestmark = pytest.mark.django_db(transaction=True)


def someone(client: Client, *permissions: str) -> Client:
    user = User.objects.create_user("someone", password="long enough to pass", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def changed_article() -> tuple[Article, str]:
    """An article that was changed once, and the address of its first revision."""
    article = make_article(title="The first title")
    first = article.history.get()
    article.title = "The second title"
    article.save()
    return article, reverse("admin:articles_article_simple_history", args=[article.pk, first.pk])


def form_at(editor: Client, address: str) -> dict[str, Any]:
    reader = _FormReader()
    page = editor.get(address).content.decode()
    reader.feed(page[page.index('method="post" id=') :])
    return reader.data


def test_who_may_change_articles_may_go_back(client: Client) -> None:
    article, address = changed_article()
    editor = someone(client, "view_article", "change_article")
    response = editor.post(address, form_at(editor, address))
    assert response.status_code == 302, response.context["errors"]
    article.refresh_from_db()
    assert article.title == "The first title"


def test_going_back_after_another_change_is_one_transaction_with_its_lock(client: Client) -> None:
    article, address = changed_article()
    editor = someone(client, "change_article")
    form = form_at(editor, address)
    article.description = "Changed meanwhile."
    article.save()
    assert editor.post(address, form).status_code == 302
    article.refresh_from_db()
    assert article.description == "Changed meanwhile."


def test_who_may_only_look_sees_a_revision_and_cannot_write_through_it(client: Client) -> None:
    article, address = changed_article()
    viewer = someone(client, "view_article")
    page = viewer.get(address)
    assert page.status_code == 200
    assert "The first title" in page.content.decode()
    form = form_at(viewer, address) | {"title": "Written by one who may only look"}
    assert viewer.post(address, form).status_code == 403
    article.refresh_from_db()
    assert article.title == "The second title"
    assert article.history.count() == 2


@pytest.mark.parametrize("permissions", [(), ("add_article", "delete_article")])
def test_who_may_not_look_sees_no_revision(client: Client, permissions: tuple[str, ...]) -> None:
    article, address = changed_article()
    stranger = someone(client, *permissions)
    assert stranger.get(address).status_code == 403
    assert stranger.post(address, {"title": "x"}).status_code == 403
    article.refresh_from_db()
    assert article.title == "The second title"
