"""The admin as an editor uses it: every list and form opens, edits and decisions are kept as revisions."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.collecting import uploaded
from articles.import_log import RunLog
from articles.importer import import_files
from articles.models import Article, FormerSlug
from articles.options import ImportOptions
from articles.snapshots import snapshot_of_article
from companies.models import AnalystCall
from tests.articles.test_importer import ARTICLE, STORY
from tests.cast import make_article, make_call, make_company, make_firm
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
# Kept beside an article and shown on its pages.
BESIDE = {"HistoricalArticle", "Original", "FormerSlug", "ImportedFile"}
OURS = [model for label in ("articles", "companies", "sources") for model in apps.get_app_config(label).get_models()
        if not model._meta.auto_created and model.__name__ not in BESIDE]  # fmt: skip


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
    log = RunLog.begin({}, NOW)
    import_files(files, ImportOptions(), NOW, log=log)
    log.end(NOW)


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
            text = self.data[self.area].replace("\r\n", "\n").replace("\r", "\n")
            self.data[self.area] = text.removeprefix("\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "select":
            self.choice = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area] += data


def _form_data(editor: Client, article: Article) -> dict[str, Any]:
    return _form_of(editor.get(reverse("admin:articles_article_change", args=[article.pk])))


def _form_of(response: Any) -> dict[str, Any]:
    reader = _FormReader()
    page = response.content.decode()
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


def _save(editor: Client, article: Article, **changes: Any) -> Any:
    data = _form_data(editor, article) | changes
    return editor.post(reverse("admin:articles_article_change", args=[article.pk]), data)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_an_edited_text_keeps_the_line_ends_of_the_stored_one_and_a_description_has_plain_ones(
    editor: Client, ends: str
) -> None:
    article = make_article(body=f"## Overview{ends}{ends}One.{ends}", description=f"One{ends}line.")
    sent = "## Overview\r\n\r\nOne.\r\nTwo.\r\n"
    assert _save(editor, article, body=sent, description="Two\r\nlines.").status_code == 302
    article.refresh_from_db()
    assert article.body == f"## Overview{ends}{ends}One.{ends}Two.{ends}"
    assert article.description == "Two\nlines."


def test_what_an_editor_writes_here_has_plain_line_ends(editor: Client) -> None:
    page = editor.get(reverse("admin:articles_article_add")).content.decode()
    reader = _FormReader()
    reader.feed(page[page.index('id="article_form"') :])
    data = reader.data | {
        "title": "A hall", "slug": "a-hall", "body": "One.\r\n\r\nTwo.", "external_id": "1", "category": make_article().category_id,
        "published_at_0": "2026-02-09", "published_at_1": "12:00:00",
    }  # fmt: skip
    response = editor.post(reverse("admin:articles_article_add"), data)
    assert response.status_code == 302, response.context["errors"]
    article = Article.objects.get(slug="a-hall")
    assert article.body == "One.\n\nTwo."
    revision = article.history.get()
    assert (revision.history_type, revision.history_change_reason) == ("+", "written here")


def test_each_save_keeps_a_revision_that_says_who_and_when(editor: Client) -> None:
    article = make_article()
    _save(editor, article, title="A new headline")
    newest = article.history.first()
    assert (newest.title, newest.history_change_reason, newest.history_user.username, newest.history_date) == (
        "A new headline", "edited", "editor", NOW,
    )  # fmt: skip


def test_going_back_to_a_revision_brings_back_text_links_and_search_and_keeps_identity(editor: Client) -> None:
    make_company(), make_company("Ostrava Hash Works", "OHW")
    article = make_article(tags=["MINING", "HALLS"])
    before = snapshot_of_article(article)
    first, slug, identity = article.history.get(), article.slug, (article.pk, article.external_id, article.lang)
    _save(editor, article, title="Ostrava Hash Works", body="Ostrava Hash Works gains.", slug="ostrava")
    assert [m.company.ticker for m in Article.objects.get().mentions.all()] == ["OHW"]
    address = reverse("admin:articles_article_simple_history", args=[article.pk, first.pk])
    reader = _FormReader()
    page = editor.get(address).content.decode()
    reader.feed(page[page.index('method="post" id=') :])
    assert "Go back to this" in page
    response = editor.post(address, reader.data)
    assert response.status_code == 302, response.context["errors"]
    article = Article.objects.get()
    assert snapshot_of_article(article) == before
    assert (article.pk, article.external_id, article.lang) == identity
    assert [m.company.ticker for m in article.mentions.all()] == ["FJRD"]
    assert "ostrava" not in article.search_text
    assert "<h2>Overview</h2>" in article.body_html
    assert (article.slug, FormerSlug.objects.get().slug) == (slug, "ostrava")
    assert article.history.first().history_change_reason == "went back to an earlier revision"
    assert article.history.count() == 3


def test_the_history_tells_what_changed_and_asks_as_many_queries_for_many_revisions(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    article = make_article()
    for number in range(30):
        article.title = f"Headline {number}"
        article.save()
    with django_assert_max_num_queries(12):
        page = editor.get(reverse("admin:articles_article_history", args=[article.pk])).content.decode()
    assert "<strong>Title</strong>: <del>Headline 28</del> → <ins>Headline 29</ins>" in page
    assert "31 revisions" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("action", "reason"),
    [("publish", "published, from the list"), ("retract", "retracted, from the list"), ("mark_reviewed", "reviewed, from the list")],
)  # fmt: skip
def test_an_action_keeps_a_revision_of_each_article_that_it_changes(editor: Client, action: str, reason: str) -> None:
    articles = [make_article(state="draft") for _ in range(3)]
    data = {"action": action, "_selected_action": [article.pk for article in articles]}
    for _ in range(2):
        editor.post(reverse("admin:articles_article_changelist"), data)
    for article in articles:
        newest = article.history.first()
        assert (newest.history_change_reason, newest.history_user.username, newest.history_type) == (
            reason,
            "editor",
            "~",
        )
        assert newest.state == Article.objects.get(pk=article.pk).state
        assert newest.reviewed_by_id == Article.objects.get(pk=article.pk).reviewed_by_id
        assert article.history.count() == 2


def test_an_action_asks_as_many_queries_for_fifty_articles_as_for_five(
    editor: Client,
) -> None:
    counts = []
    for number in (5, 45):
        articles = [make_article(state="draft") for _ in range(number)]
        data = {"action": "publish", "_selected_action": [article.pk for article in articles]}
        with CaptureQueriesContext(connection) as queries:
            editor.post(reverse("admin:articles_article_changelist"), data)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
    assert Article.objects.filter(state="published").count() == 50


def test_an_address_that_led_to_another_article_is_refused_and_ones_own_is_not(editor: Client) -> None:
    first, second = make_article(title="The first hall", slug="first"), make_article(slug="second")
    assert _save(editor, first, slug="first-moved").status_code == 302
    refused = _save(editor, second, slug="first")
    assert "This address led to “The first hall” before" in refused.content.decode()
    assert _save(editor, second, slug="first", lang="uk").status_code == 302
    assert _save(editor, Article.objects.get(pk=first.pk), slug="first").status_code == 302
    assert Article.objects.get(pk=first.pk).slug == "first"


def test_a_former_address_that_is_taken_out_is_free(editor: Client) -> None:
    first, second = make_article(slug="first"), make_article(slug="second")
    _save(editor, first, slug="first-moved")
    assert _save(editor, Article.objects.get(pk=first.pk), **{"former_slugs-0-DELETE": "on"}).status_code == 302
    assert _save(editor, second, slug="first").status_code == 302


def test_a_possible_duplicate_is_shown_found_and_let_go(editor: Client) -> None:
    first = make_article(title="The first hall")
    second = make_article(title="The second hall", possible_duplicate_of=first)
    listed = editor.get(reverse("admin:articles_article_changelist"), {"wants": "duplicate"}).content.decode()
    assert "The second hall" in listed
    assert "The first hall" not in listed
    page = editor.get(reverse("admin:articles_article_change", args=[second.pk])).content.decode()
    link = reverse("admin:articles_article_change", args=[first.pk])
    assert f'This may be the same story as <a href="{link}">“The first hall”</a>' in page
    assert _save(editor, second, possible_duplicate_of=str(second.pk)).status_code == 200
    assert _save(editor, second, possible_duplicate_of="").status_code == 302
    assert Article.objects.get(pk=second.pk).possible_duplicate_of is None


def test_accepting_a_call_makes_it_public_and_records_who_did(editor: Client) -> None:
    call = make_call(status="pending")
    assert "$12" not in editor.get("/companies/fjrd/").content.decode()
    editor.post(reverse("admin:companies_analystcall_changelist"), {"action": "accept", "_selected_action": [call.pk]})
    call.refresh_from_db()
    assert (call.status, call.reviewed_by.username, call.reviewed_at) == ("accepted", "editor", NOW)
    assert "$12" in editor.get("/companies/fjrd/").content.decode()


@pytest.mark.parametrize(("model", "action"), [("articles_article", "retract"), ("companies_analystcall", "accept")])
def test_who_may_only_look_is_offered_no_action(client: Client, model: str, action: str) -> None:
    viewer = User.objects.create_user("viewer", password="long enough to pass", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "view_analystcall"]))
    client.force_login(viewer)
    article, call = make_article(), make_call(status="pending")
    row = article if model == "articles_article" else call
    client.post(reverse(f"admin:{model}_changelist"), {"action": action, "_selected_action": [row.pk]})
    assert (Article.objects.get().state, AnalystCall.objects.get().status) == ("published", "pending")


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
