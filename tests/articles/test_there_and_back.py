"""Out by the admin's download, and in by its upload: an article comes back as it was."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.models import Article, Category, ImportItem, ImportRun
from articles.snapshots import snapshot_of_article
from tests.articles.test_admin import _save
from tests.articles.test_import_admin import step, upload
from tests.articles.test_importer import ARTICLE, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="long enough to pass"))
    return client


def download(editor: Client) -> bytes:
    data = {"action": "download", "_selected_action": list(Article.objects.values_list("pk", flat=True))}
    response: Any = editor.post(reverse("admin:articles_article_changelist"), data)
    return io.BytesIO(b"".join(response.streaming_content)).getvalue()


def what_readers_and_editors_see(article: Article) -> dict[str, Any]:
    return snapshot_of_article(article) | {
        "slug": article.slug,
        "former": sorted(article.former_slugs.values_list("lang", "slug")),
        "publish_at": article.publish_at,
        "reviewed": (article.reviewed_by and article.reviewed_by.username, article.reviewed_at),
        "model": article.ai_model,
    }


def test_a_retracted_article_with_former_addresses_comes_back_as_it_was(editor: Client) -> None:
    run(ARTICLE, ARTICLE.replace("70000001", "70000002").replace("opens a hall", "shuts a hall"))
    article = Article.objects.get(external_id="70000001")
    for slug in ("a-first-address", "another-address"):
        assert _save(editor, Article.objects.get(pk=article.pk), slug=slug).status_code == 302
    Article.objects.filter(pk=article.pk).update(
        state="retracted", publish_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC), ai_model="scribe", reviewed_by=User.objects.get(),
        reviewed_at=dt.datetime(2026, 2, 8, 9, 30, tzinfo=dt.UTC),
    )  # fmt: skip
    before = {a.external_id: what_readers_and_editors_see(a) for a in Article.objects.all()}
    assert before["70000001"]["former"] == [("en", "a-first-address"), ("en", "fjordbyte-mining-opens-a-hall")]
    archive = download(editor)
    Article.objects.all().delete()
    Category.objects.all().delete()
    ImportRun.objects.all().delete()
    upload(editor, ("all.zip", archive))
    assert ImportItem.objects.filter(beside__isnull=False).count() == 1
    step(editor, "confirm")
    assert {a.external_id: what_readers_and_editors_see(a) for a in Article.objects.all()} == before
