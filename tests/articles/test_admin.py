"""The admin as an editor uses it: every list and form opens, imports go through a preview, decisions are recorded."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles.article_saving import snapshot_of_article
from articles.collecting import uploaded
from articles.importer import ImportOptions, import_files, record
from articles.models import Article, ImportRun
from companies.models import AnalystCall
from sources.models import Document
from tests.articles.test_importer import ARTICLE, STORY
from tests.cast import make_article, make_call, make_company, make_firm
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
OURS = [model for label in ("articles", "companies", "sources") for model in apps.get_app_config(label).get_models()
        if not model._meta.auto_created]  # fmt: skip


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="long enough to pass"))
    return client


@pytest.fixture
def some_of_everything() -> None:
    make_company()
    make_article(tags=["MINING"])
    make_call(status="pending")
    make_firm()
    files = [uploaded("a.md", ARTICLE.encode()), uploaded("b.txt", STORY.encode()), uploaded("c", b"")]
    record(import_files(files, ImportOptions(), NOW), NOW, {})


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
@pytest.mark.usefixtures("some_of_everything")
def test_every_record_has_a_list_that_searches_and_a_page_for_each_row(editor: Client, model: Any) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert editor.get(reverse(f"{name}_changelist")).status_code == 200
    assert editor.get(reverse(f"{name}_changelist"), {"q": "fjord"}).status_code == 200
    row = model.objects.first()
    if row is not None:
        assert editor.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_a_list_of_articles_asks_as_many_queries_for_fifty_as_for_five(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    for count in (5, 45):
        for _ in range(count):
            make_article()
        with django_assert_max_num_queries(12):
            editor.get(reverse("admin:articles_article_changelist"))


class _FormReader(HTMLParser):
    """What a browser would send for the one form of a page, line ends as browsers send them."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self.area = self.choice = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name"):
            if found.get("type") not in ("submit", "file") and (found.get("type") != "checkbox" or "checked" in found):
                self.data[found["name"]] = found.get("value", "")
        elif tag == "textarea":
            self.area = found["name"]
            self.data[self.area] = ""
        elif tag == "select":
            self.choice = found["name"]
        elif tag == "option" and "selected" in found and self.choice and found.get("value"):
            self.data[self.choice] = found["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.data[self.area] = self.data[self.area].removeprefix("\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "select":
            self.choice = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area] += data


def _form_data(editor: Client, article: Article) -> dict[str, Any]:
    reader = _FormReader()
    page = editor.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    reader.feed(page[page.index('id="article_form"') :])
    return reader.data


def test_saving_an_article_without_touching_it_changes_nothing_that_an_import_would_notice(editor: Client) -> None:
    import_files([uploaded("a.md", ARTICLE.encode())], ImportOptions(), NOW)
    article = Article.objects.get()
    before = snapshot_of_article(article)
    data = _form_data(editor, article)
    response = editor.post(reverse("admin:articles_article_change", args=[article.pk]), data)
    assert response.status_code == 302, response.context["errors"]
    assert snapshot_of_article(Article.objects.get()) == before


def test_an_edit_is_rendered_linked_and_public_at_once(editor: Client) -> None:
    make_company(), make_company("Ostrava Hash Works", "OHW")
    article = make_article()
    data = _form_data(editor, article) | {"title": "A new headline", "body": "Ostrava Hash Works *gains*."}
    editor.post(reverse("admin:articles_article_change", args=[article.pk]), data)
    page = editor.get(article.get_absolute_url()).content.decode()
    assert "A new headline" in page
    assert '<a class="company" href="/companies/ohw/">Ostrava Hash Works</a> <em>gains</em>.' in page
    assert [m.company.ticker for m in Article.objects.get().mentions.all()] == ["OHW"]


@pytest.mark.parametrize(
    ("action", "state", "status"), [("unpublish", "draft", 404), ("retract", "retracted", 404), ("publish", "published", 200)]
)  # fmt: skip
def test_actions_move_articles_between_draft_and_public(editor: Client, action: str, state: str, status: int) -> None:
    article = make_article()
    editor.post(reverse("admin:articles_article_changelist"), {"action": action, "_selected_action": [article.pk]})
    assert Article.objects.get().state == state
    assert editor.get(article.get_absolute_url()).status_code == status


def test_accepting_a_call_makes_it_public_and_records_who_did(editor: Client) -> None:
    call = make_call(status="pending")
    assert "$12" not in editor.get("/companies/fjrd/").content.decode()
    editor.post(reverse("admin:companies_analystcall_changelist"), {"action": "accept", "_selected_action": [call.pk]})
    call.refresh_from_db()
    assert (call.status, call.reviewed_by.username, call.reviewed_at) == ("accepted", "editor", NOW)
    assert "$12" in editor.get("/companies/fjrd/").content.decode()


def _upload(editor: Client, *files: tuple[str, str], **data: str) -> Any:
    uploads = [SimpleUploadedFile(name, text.encode()) for name, text in files]
    return editor.post(reverse("admin:articles_importrun_add"), {"uploads": uploads, **data}, follow=True)


def test_an_upload_is_previewed_and_saved_only_when_confirmed(editor: Client) -> None:
    make_company(), make_firm()
    response = _upload(editor, ("a.md", ARTICLE), ("b.txt", STORY), ("c.md", "---\ntitle: a\ntitle: b\n---\n"))
    page = response.content.decode()
    assert "create 2, update 0, leave unchanged 0, find conflicts in 0, fail on 1" in page
    assert "line 3: the key &#x27;title&#x27; is repeated" in page
    assert "<h2>Overview</h2>" in page
    assert "Oakbridge Partners on FJRD: overweight, target $12 (stated)" in page
    assert not (Article.objects.exists() or Document.objects.exists())
    run = ImportRun.objects.get()
    confirm = reverse("admin:articles_importrun_confirm", args=[run.pk])
    done = editor.post(confirm, follow=True)
    assert "Imported: created 2, updated 0, unchanged 0, conflicts 0, failed 1." in done.content.decode()
    assert (Article.objects.count(), Document.objects.count(), AnalystCall.objects.get().status) == (1, 1, "pending")
    kept = ImportRun.objects.get()
    assert (kept.state, kept.user.username, kept.created, kept.failed) == ("finished", "editor", 2, 1)
    assert not kept.items.exclude(raw=None).exists()
    assert editor.post(confirm).status_code == 404
    assert Article.objects.count() == 1


def test_an_upload_can_accept_the_calls_it_brings(editor: Client) -> None:
    make_company(), make_firm()
    _upload(editor, ("b.txt", STORY), accept_calls="on")
    editor.post(reverse("admin:articles_importrun_confirm", args=[ImportRun.objects.get().pk]))
    assert AnalystCall.objects.accepted().count() == 1


def test_a_file_over_the_limit_is_refused_in_the_preview(editor: Client) -> None:
    page = _upload(editor, ("big.md", "x" * 3_000_000)).content.decode()
    assert "more than the 2,097,152 allowed" in page


@pytest.mark.parametrize(("model", "action"), [("articles_article", "retract"), ("companies_analystcall", "accept")])
def test_who_may_only_look_is_offered_no_action(client: Client, model: str, action: str) -> None:
    viewer = User.objects.create_user("viewer", password="long enough to pass", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "view_analystcall"]))
    client.force_login(viewer)
    article, call = make_article(), make_call(status="pending")
    row = article if model == "articles_article" else call
    client.post(reverse(f"admin:{model}_changelist"), {"action": action, "_selected_action": [row.pk]})
    assert (Article.objects.get().state, AnalystCall.objects.get().status) == ("published", "pending")


def test_who_may_add_runs_but_not_change_articles_may_not_import(client: Client) -> None:
    user = User.objects.create_user("loader", password="long enough to pass", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="add_importrun"))
    client.force_login(user)
    assert client.get(reverse("admin:articles_importrun_add")).status_code == 403


@pytest.mark.parametrize("aliases", ['"Citigroup"', "[1]", '{"a": "b"}'])
def test_aliases_that_are_no_list_of_texts_are_refused(editor: Client, aliases: str) -> None:
    response = editor.post(
        reverse("admin:companies_analystfirm_add"),
        {"name": "Halden & Rowe", "slug": "halden-rowe", "aliases": aliases, "rating_scale": "{}"},
    )
    assert "Give a list of texts" in response.content.decode()


def test_a_call_entered_twice_is_refused_with_a_word(editor: Client) -> None:
    call = make_call()
    data = {
        "company": call.company_id, "firm": call.firm_id, "called_on": "2026-02-10", "rating": "overweight",
        "target": "12", "currency": "USD", "status": "accepted", "analysts": "[]",
        "evidence-TOTAL_FORMS": "0", "evidence-INITIAL_FORMS": "0",
    }  # fmt: skip
    response = editor.post(reverse("admin:companies_analystcall_add"), data)
    assert "This call is there already" in response.content.decode()
    assert AnalystCall.objects.count() == 1


def test_a_company_added_in_the_admin_has_an_address_in_small_letters(editor: Client) -> None:
    data = {"name": "Harrow Energy", "slug": "HRRW", "ticker": "HRRW", "status": "listed",
            "names-TOTAL_FORMS": "0", "names-INITIAL_FORMS": "0"}  # fmt: skip
    editor.post(reverse("admin:companies_company_add"), data)
    assert editor.get("/companies/hrrw/").status_code == 200


def test_importing_needs_its_permission(client: Client) -> None:
    client.force_login(User.objects.create_user("reader", password="long enough to pass", is_staff=True))
    assert client.get(reverse("admin:articles_importrun_add")).status_code == 403
    assert client.post(reverse("admin:articles_importrun_confirm", args=[1])).status_code == 403
