"""The editors' desk in a real browser: importing, settling a conflict, changing an address, going back to a revision."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Page, expect

from articles.collecting import uploaded
from articles.importer import import_files
from articles.models import Article, ImportRun
from articles.options import ImportOptions
from tests.articles.test_importer import ARTICLE
from tests.browser.conftest import Visit, Visitor
from tests.browser.pages import NOW
from tests.browser.test_pages_in_chromium import DESK, OVERFLOWING, PHONE

T = TypeVar("T")
PASSWORD = "long enough to pass"
# Stories of these tests, told from those of the samples by how their numbers begin.
NUMBER = "8800000{}"
# Of the stock admin, or meant: the page of an import that is under way looks again every two seconds.
AXE = {
    "preload": False,
    "resultTypes": ["violations"],
    "rules": {"meta-refresh": {"enabled": False}, "region": {"enabled": False}},
}


def in_database(work: Callable[[], T]) -> T:
    """What `work` gives, done in a thread of its own: in this one Playwright's event loop is running."""

    def closing() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(closing).result()


def story(number: int, title: str = "Fjordbyte Mining opens a hall", words: str = "opened a hall") -> str:
    text = ARTICLE.replace("70000001", NUMBER.format(number)).replace("opened a hall", words)
    return text.replace("title: Fjordbyte Mining opens a hall", f"title: {title}")


def import_story(text: str) -> Article:
    report = import_files([uploaded("a.md", text.encode())], ImportOptions(), NOW, keep_items=True)
    return Article.objects.get(pk=report.items[0].article_id)


def clear() -> None:
    ImportRun.objects.all().delete()
    Article.objects.filter(external_id__startswith=NUMBER.format("")).delete()
    User.objects.filter(username="editor").delete()


@pytest.fixture
def desk(visitor: Visitor) -> Iterator[Visit]:
    """The desk, with an editor who has logged in."""
    in_database(clear)
    in_database(lambda: User.objects.create_superuser("editor", password=PASSWORD))
    visit = visitor.open("/admin/")
    visit.page.get_by_label("Username").fill("editor")
    visit.page.get_by_label("Password").fill(PASSWORD)
    visit.page.get_by_role("button", name="Log in").click()
    yield visit
    in_database(clear)


def check(visit: Visit) -> None:
    """Nothing that the policy forbids, nothing wider than the window, nothing that a screen reader stumbles over."""
    page = visit.page
    page.wait_for_load_state("load")
    assert visit.messages == []
    assert visit.hosts == {"localhost"}
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOWING) == [], width
        found = Axe().run(page, "#content", AXE).response["violations"]
        assert [f"{v['id']}: {node['target']}" for v in found for node in v["nodes"]] == [], width
    # What axe itself does to the page is forbidden, too.
    visit.messages.clear()


def open_on(visit: Visit, path: str) -> Page:
    visit.page.goto(visit.page.url.split("/admin/")[0] + path)
    return visit.page


def test_a_person_imports_a_zip_with_a_broken_story_in_it(desk: Visit) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("one.md", story(1, "Fjordbyte opens the first hall"))
        opened.writestr("two.md", story(2, "Fjordbyte opens the second hall"))
        opened.writestr("broken.md", "---\ntitle: a\ntitle: b\n---\n")
    page = desk.page
    page.get_by_role("link", name="Articles", exact=True).first.click()
    page.get_by_role("link", name="Import files").click()
    check(desk)
    page.get_by_label("Files").set_input_files(
        {"name": "stories.zip", "mimeType": "application/zip", "buffer": archive.getvalue()}
    )
    page.get_by_label("The file's value is taken").check()
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview of an import")
    expect(page.locator(".desk-file")).to_have_count(3)
    expect(page.locator(".desk-file").first).to_contain_text("stories.zip/broken.md")
    expect(page.locator(".desk-file").first).to_contain_text("line 3: the key 'title' is repeated")
    page.get_by_text("Fjordbyte opens the first hall").click()
    expect(page.locator(".desk-look").first).to_contain_text("Fjordbyte Mining (NASDAQ: FJRD) opened a hall.")
    check(desk)
    page.get_by_role("button", name="Import these files").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("(finished)")
    expect(page.locator(".desk-counts")).to_contain_text("Created2")
    expect(page.locator(".desk-file")).to_have_count(1)
    check(desk)
    open_on(desk, "/articles/fjordbyte-opens-the-first-hall/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fjordbyte opens the first hall")


def test_the_page_of_an_import_looks_again_by_itself_until_it_is_done(desk: Visit) -> None:
    run = in_database(lambda: ImportRun.objects.create(state="queued", total=20, started_at=NOW))
    page = open_on(desk, f"/admin/articles/importrun/{run.pk}/change/")
    expect(page.get_by_role("heading", level=2)).to_have_text("Waiting for its turn")
    check(desk)
    in_database(lambda: ImportRun.objects.filter(pk=run.pk).update(state="finished", created=20))
    expect(page.get_by_role("heading", level=1)).to_contain_text("(finished)", timeout=10_000)


def in_conflict() -> Article:
    article = import_story(story(3))
    article.description = "An editor's words."
    article.body = article.body.replace("pleased", "very pleased")
    article.save()
    import_story(story(3, words="opened two halls").replace("It opened one.", "It opened two."))
    return article


def test_a_person_settles_a_conflict_by_clicking(desk: Visit) -> None:
    in_database(in_conflict)
    page = open_on(desk, "/admin/")
    page.get_by_role("link", name="1 article in conflict").click()
    page.get_by_role("link", name="Fjordbyte Mining opens a hall").click()
    page.get_by_role("link", name="Settle the conflict").click()
    check(desk)
    description, text = page.get_by_role("group", name="Description"), page.get_by_role("group", name="Text")
    expect(description.get_by_text("It opened two.").first).to_be_visible()
    expect(text.locator("ins").last).to_have_text("two halls.")
    description.get_by_label("Keep what is here").check()
    page.get_by_role("button", name="Settle").click()
    expect(page.locator(".messagelist")).to_have_text("“Fjordbyte Mining opens a hall”: kept description.")
    expect(description).to_have_count(0)
    text.get_by_label("Take the file’s").check()
    page.get_by_role("button", name="Settle").click()
    expect(page.locator(".messagelist")).to_have_text("“Fjordbyte Mining opens a hall”: took the file’s text.")
    expect(page.get_by_label("Description")).to_have_value("An editor's words.")
    assert "opened two halls" in page.get_by_label("Body (Markdown)").input_value()
    assert desk.messages == []


def test_a_person_changes_an_address_and_the_old_one_leads_on(desk: Visit) -> None:
    article = in_database(lambda: import_story(story(4, "Fjordbyte opens a hall in the north")))
    page = open_on(desk, f"/admin/articles/article/{article.pk}/change/")
    expect(page.get_by_text("whoever comes to the old address is led to the new one")).to_be_visible()
    page.get_by_label("Slug").fill("northern-hall")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    open_on(desk, "/articles/fjordbyte-opens-a-hall-in-the-north/?from=mail")
    assert page.url.endswith("/articles/northern-hall/?from=mail")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fjordbyte opens a hall in the north")
    assert desk.messages == []


def test_a_person_edits_an_article_looks_at_its_history_and_goes_back(desk: Visit) -> None:
    article = in_database(lambda: import_story(story(5)))
    page = open_on(desk, f"/admin/articles/article/{article.pk}/change/")
    body = page.get_by_label("Body (Markdown)")
    body.fill(body.input_value().replace("is pleased", "is not pleased"))
    page.get_by_role("button", name="Save and continue editing").first.click()
    edited = in_database(lambda: Article.objects.get(pk=article.pk).body)
    assert edited == article.body.replace("is pleased", "is not pleased")
    page.get_by_role("link", name="History").click()
    expect(page.locator("#change-history tbody tr")).to_have_count(2)
    expect(page.locator("#change-history tbody tr").first).to_contain_text("editor")
    check(desk)
    page.locator("#change-history tbody tr").last.get_by_role("link").click()
    assert "is pleased" in body.input_value()
    page.get_by_role("button", name="Go back to this").first.click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert in_database(lambda: Article.objects.get(pk=article.pk).body) == article.body
    assert desk.messages == []
