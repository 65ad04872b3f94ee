"""Importing in the admin: upload, preview, confirm, watch, go on; who may, and what is told when something is wrong."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from articles import uploads
from articles.import_log import RunLog
from articles.import_watching import NO_COMMAND, NO_WORKER
from articles.importing import ImportStopped
from articles.models import Article, ImportItem, ImportRun
from articles.tasks import import_uploads
from companies.models import AnalystCall
from sources.models import Document
from tests.articles.test_importer import ARTICLE, STORY, run
from tests.cast import make_article, make_company, make_firm
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

BROKEN = "---\ntitle: a\ntitle: b\n---\n"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="long enough to pass"))
    return client


@pytest.fixture
def queue(settings: Settings) -> Any:
    """Tasks wait in the database, as in production; gives a function that does what waits."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

    def work() -> None:
        for row in DBTaskResult.objects.ready():
            row.claim("worker")
            row.set_successful(row.task.func(*row.args_kwargs["args"]))

    return work


def story(number: int, title: str = "Fjordbyte Mining opens hall") -> str:
    return ARTICLE.replace("70000001", str(80_000_000 + number)).replace(
        "title: Fjordbyte Mining opens a hall", f"title: {title} {number}"
    )


def zipped(files: dict[str, str | bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return archive.getvalue()


def upload(editor: Client, *files: tuple[str, str | bytes], **data: str) -> Any:
    sent = [SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text) for name, text in files]
    return editor.post(reverse("admin:articles_importrun_add"), {"uploads": sent, **data}, follow=True)


def page_of(client: Client, run: ImportRun | None = None, **query: Any) -> str:
    run = run or ImportRun.objects.get()
    return client.get(reverse("admin:articles_importrun_change", args=[run.pk]), query).content.decode()


def step(client: Client, name: str, run: ImportRun | None = None) -> Any:
    run = run or ImportRun.objects.get()
    return client.post(reverse(f"admin:articles_importrun_{name}", args=[run.pk]), follow=True)


def counts(page: str) -> dict[str, int]:
    """What the row of counts says."""
    found = {}
    for part in page.split("<dt>")[1:]:
        name, rest = part.split("</dt><dd>", 1)
        number = rest.split("</dd>", 1)[0]
        if number.isdigit():
            found[name] = int(number)
    return found


def test_an_upload_is_previewed_and_saved_only_when_confirmed(editor: Client) -> None:
    make_company(), make_firm()
    page = upload(editor, ("a.md", ARTICLE), ("b.txt", STORY), ("c.md", BROKEN)).content.decode()
    assert counts(page) == {"Files": 3, "Created": 2, "Updated": 0, "Unchanged": 0, "Conflicts": 0, "Failed": 1}
    assert "line 3: the key &#x27;title&#x27; is repeated" in page
    assert "<h2>Overview</h2>" in page
    assert "Oakbridge Partners on FJRD: overweight, target $12 (stated)" in page
    assert not (Article.objects.exists() or Document.objects.exists())
    page = step(editor, "confirm").content.decode()
    assert counts(page) == {"Files": 3, "Created": 2, "Updated": 0, "Unchanged": 0, "Conflicts": 0, "Failed": 1}
    assert "line 3: the key &#x27;title&#x27; is repeated" in page
    assert (Article.objects.count(), Document.objects.count(), AnalystCall.objects.get().status) == (1, 1, "pending")
    kept = ImportRun.objects.get()
    assert (kept.state, kept.user.username, kept.created, kept.failed) == ("finished", "editor", 2, 1)
    assert not kept.items.exclude(raw=None).exists()
    assert "These files are being imported already, or have been." in step(editor, "confirm").content.decode()
    assert Article.objects.count() == 1
    assert Article.objects.get().history.get().history_user.username == "editor"


def test_a_preview_can_be_thrown_away(editor: Client) -> None:
    upload(editor, ("a.md", ARTICLE))
    assert "Nothing was imported" in step(editor, "cancel").content.decode()
    assert not ImportRun.objects.exists()
    upload(editor, ("a.md", ARTICLE))
    step(editor, "confirm")
    assert "cannot be thrown away" in step(editor, "cancel").content.decode()
    assert ImportRun.objects.get().state == "finished"


def test_an_upload_can_accept_the_calls_it_brings(editor: Client) -> None:
    make_company(), make_firm()
    upload(editor, ("b.txt", STORY), accept_calls="on")
    step(editor, "confirm")
    assert AnalystCall.objects.accepted().count() == 1


@pytest.mark.parametrize(
    ("settle", "words", "outcome"), [("ask", "Mine.", "conflict"), ("ours", "Mine.", "unchanged"), ("theirs", "It opened two.", "updated")]
)  # fmt: skip
def test_an_upload_settles_conflicts_as_chosen(editor: Client, settle: str, words: str, outcome: str) -> None:
    run(ARTICLE)
    Article.objects.update(description="Mine.")
    page = upload(editor, ("a.md", ARTICLE.replace("It opened one.", "It opened two.")), settle=settle).content.decode()
    assert "<td>Mine.</td><td>It opened two.</td>" in page
    page = step(editor, "confirm").content.decode()
    assert (Article.objects.get().description, ImportItem.objects.get().outcome) == (words, outcome)
    link = reverse("admin:articles_article_conflicts", args=[Article.objects.get().pk])
    assert (link in page) == (settle == "ask")


def test_zips_and_files_can_be_mixed_and_a_zip_is_known_by_its_beginning(editor: Client) -> None:
    first = zipped({"en/a.md": story(1), "en/b.md": story(2), "__MACOSX/b.md": b"x"})
    second = zipped({"c.md": story(3)})
    page = upload(editor, ("stories", first), ("more.txt", second), ("d.md", story(4))).content.decode()
    assert counts(page)["Created"] == 4
    paths = list(ImportItem.objects.values_list("path", flat=True))
    assert paths == ["stories/en/a.md", "stories/en/b.md", "more.txt/c.md", "d.md"]
    assert ImportRun.objects.get().arguments["uploaded"] == ["stories", "more.txt", "d.md"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [(b"PK\x03\x04 and nothing more", "the zip cannot be read"), (zipped({".hidden": b"x"}), "the zip holds no files")],
)
def test_a_zip_that_cannot_be_used_is_said_on_the_form(editor: Client, raw: bytes, message: str) -> None:
    page = upload(editor, ("bad.zip", raw), ("a.md", ARTICLE)).content.decode()
    assert f"bad.zip: {message}" in page
    assert not ImportRun.objects.exists()


def test_too_many_files_are_refused_on_the_form(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.upload_form.MAXIMUM_MEMBERS", 2)
    page = upload(editor, ("a.zip", zipped({f"{n}.md": story(n) for n in range(3)}))).content.decode()
    assert "More than 2 files; the command import_seeds takes any." in page


@pytest.mark.parametrize("error", [ImportStopped("the disk is full"), OperationalError("database is locked")])
def test_what_cannot_be_read_now_is_said_on_the_form(
    editor: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr("articles.uploads.preview_run", fail)
    page = upload(editor, ("a.md", ARTICLE)).content.decode()
    assert f"The files could not be read now ({error}). Try again in a minute." in page


def test_an_upload_without_files_is_asked_for_some(editor: Client) -> None:
    assert "This field is required." in upload(editor).content.decode()


def test_a_file_over_the_limit_is_refused_in_the_preview(editor: Client) -> None:
    page = upload(editor, ("big.md", "x" * 3_000_000)).content.decode()
    assert "more than the 2,097,152 allowed" in page


def test_the_preview_shows_first_what_wants_a_person_fifty_files_a_page(editor: Client) -> None:
    run(story(500))
    Article.objects.update(description="Mine.")
    conflict = story(500).replace("It opened one.", "It opened two.")
    make_article(title="Fjordbyte Mining opens hall 1", slug="fjordbyte-mining-opens-hall-1")
    files = {f"{n:03}.md": story(n) for n in range(60)} | {"x-conflict.md": conflict, "y-broken.md": BROKEN}
    page = upload(editor, ("all.zip", zipped(files))).content.decode()
    heads = [part.split("</span>")[0] for part in page.split('<span class="desk-path">')[1:]]
    assert heads[:4] == ["all.zip/y-broken.md", "all.zip/x-conflict.md", "all.zip/001.md", "all.zip/000.md"]
    assert len(heads) == 50
    assert counts(page)["Possible duplicates"] == 1
    assert "Page 1 of 2, files 1–50 of 62" in page
    assert page_of(editor, p=2).count('class="desk-path"') == 12


def test_more_files_than_a_request_can_wait_for_are_previewed_and_imported_by_the_worker(
    editor: Client, queue: Callable[[], None]
) -> None:
    page = upload(editor, ("all.zip", zipped({f"{n}.md": story(n) for n in range(101)}))).content.decode()
    assert '<meta http-equiv="refresh" content="2">' in page
    assert "Uploaded, being read for a preview" in page
    assert "101 files, uploaded by editor" in page
    queue()
    page = page_of(editor)
    assert "refresh" not in page
    assert counts(page)["Created"] == 101
    page = step(editor, "confirm").content.decode()
    assert "Waiting for its turn" in page
    assert "0 of 101 files" in page
    assert 'value="0" max="101"' in page
    assert not Article.objects.exists()
    queue()
    assert counts(page_of(editor))["Created"] == Article.objects.count() == 101


@pytest.mark.parametrize("state", ["reading", "queued"])
def test_a_run_that_nobody_begins_with_says_that_there_seems_to_be_no_worker(
    editor: Client, queue: Callable[[], None], monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    upload(editor, ("all.zip", zipped({f"{n}.md": story(n) for n in range(101)})))
    if state == "queued":
        queue()
        step(editor, "confirm")
    assert NO_WORKER not in page_of(editor)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + dt.timedelta(seconds=31))
    assert NO_WORKER in page_of(editor)
    row = DBTaskResult.objects.ready().get()
    row.claim("worker")
    assert NO_WORKER not in page_of(editor)
    row.set_failed(ValueError("the disk broke"))
    assert "It failed: ValueError: the disk broke" in page_of(editor)


def test_while_another_task_is_being_done_waiting_is_no_trouble(
    editor: Client, queue: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(editor, ("a.md", ARTICLE))
    step(editor, "confirm")
    other = import_uploads.enqueue(0)
    DBTaskResult.objects.filter(pk=other.id).update(status=TaskResultStatus.RUNNING)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + dt.timedelta(minutes=5))
    page = page_of(editor)
    assert "Waiting for its turn" in page
    assert NO_WORKER not in page


def lock(monkeypatch: pytest.MonkeyPatch, held: bool) -> None:
    """As if another process held the lock, or none did: one's own session is never kept out on PostgreSQL."""
    monkeypatch.setattr("articles.import_watching.is_locked", lambda: held)


def test_a_run_of_the_command_line_shows_how_far_it_is(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ImportRun.objects.create(state="running", total=10, created=2, failed=1, started_at=NOW)
    lock(monkeypatch, True)
    page = page_of(editor, made)
    assert "3 of 10 files" in page
    assert 'value="3" max="10"' in page
    assert counts(page)["Created"] == 2


def test_a_command_that_waits_for_another_import_is_no_trouble(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = RunLog.begin({"paths": ["x"]}, NOW).run
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + dt.timedelta(minutes=5))
    lock(monkeypatch, True)
    page = page_of(editor, made)
    assert "Waiting for its turn" in page
    assert NO_COMMAND not in page
    lock(monkeypatch, False)
    assert NO_COMMAND in page_of(editor, made)


def test_a_run_whose_process_is_gone_is_told_to_be_interrupted(editor: Client) -> None:
    made = ImportRun.objects.create(state="running", total=10, created=2, started_at=NOW)
    page = page_of(editor, made)
    assert "This import was interrupted: the process ended before the import did." in page
    assert "Run the same command again" in page
    assert "Go on" not in page
    assert "nothing left to go on with" in step(editor, "go_on", made).content.decode()


def test_an_interrupted_upload_says_why_and_goes_on_where_it_was(editor: Client) -> None:
    upload(editor, ("a.md", story(1)), ("b.md", story(2)))
    made = ImportRun.objects.get()
    uploads.confirm(made)
    ImportRun.objects.update(state="interrupted", error="the disk is full", created=1)
    first = made.items.first()
    ImportItem.objects.filter(pk=first.pk).update(raw=None, outcome="created")
    page = page_of(editor)
    assert "This import was interrupted: the disk is full." in page
    assert 'value="Go on"' in page
    page = step(editor, "go_on").content.decode()
    assert counts(page) == {"Files": 2, "Created": 2, "Updated": 0, "Unchanged": 0, "Conflicts": 0, "Failed": 0}
    assert Article.objects.get().external_id == "80000002"
    assert ImportRun.objects.get().state == "finished"


def test_the_list_of_runs_tells_who_and_how_many(editor: Client) -> None:
    ImportRun.objects.create(state="finished", created=7, started_at=NOW)
    upload(editor, ("a.md", ARTICLE))
    page = editor.get(reverse("admin:articles_importrun_changelist")).content.decode()
    assert '<td class="field-who">command line</td>' in page
    assert '<td class="field-who">editor</td>' in page
    assert '<td class="field-came_of_it">7 created</td>' in page


def test_hostile_words_of_a_file_stay_words(editor: Client) -> None:
    hostile = "<script>x()</script><b onclick='x()'>"
    run(ARTICLE)
    Article.objects.update(description=f"Mine {hostile}")
    changed = ARTICLE.replace("It opened one.", f'"Two {hostile}"'.replace("'", "")).replace(
        "opens a hall", hostile[:15]
    )
    page = upload(editor, (f"{hostile}.md", changed), ("b.md", f"---\n{hostile}: a\n---\n")).content.decode()
    for text in (page, step(editor, "confirm").content.decode()):
        assert "<script>x" not in text
        assert "<b onclick" not in text


def test_every_page_of_an_import_runs_under_the_policy(editor: Client) -> None:
    pages = [editor.get(reverse("admin:articles_importrun_add")).content.decode()]
    pages.append(upload(editor, ("a.md", ARTICLE), ("b.md", BROKEN)).content.decode())
    ImportRun.objects.update(state="queued")
    pages.append(page_of(editor))
    ImportRun.objects.update(state="interrupted")
    pages.append(page_of(editor))
    for page in pages:
        assert " style=" not in page
        assert "<script>" not in page


@pytest.mark.parametrize("name", ["confirm", "cancel", "go_on"])
def test_importing_needs_its_permissions(client: Client, name: str) -> None:
    made = ImportRun.objects.create(state="preview", started_at=NOW)
    user = User.objects.create_user("loader", password="long enough to pass", is_staff=True)
    client.force_login(user)
    assert page_status(client, made) == 403
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_importrun", "view_importrun"]))
    assert client.get(reverse("admin:articles_importrun_add")).status_code == 403
    assert step(client, name, made).status_code == 403
    assert page_status(client, made) == 200
    assert "Import these files" not in page_of(client, made)
    assert ImportRun.objects.get().state == "preview"


@pytest.mark.parametrize("name", ["confirm", "cancel", "go_on"])
def test_nothing_is_done_by_a_link(editor: Client, name: str) -> None:
    made = ImportRun.objects.create(state="preview", started_at=NOW)
    assert editor.get(reverse(f"admin:articles_importrun_{name}", args=[made.pk])).status_code == 403


def page_status(client: Client, made: ImportRun) -> int:
    return client.get(reverse("admin:articles_importrun_change", args=[made.pk])).status_code
