"""What a kill leaves behind between an upload and its import, and what happens to a record while it is written."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from articles import importer, tasks, uploads
from articles.import_lock import ImportLocked, import_lock, is_locked
from articles.import_log import RunLog, close_interrupted, process
from articles.import_watching import NO_WORKER
from articles.importing import Batches, ImportStopped
from articles.models import Article, ImportRun
from articles.workers import fail_abandoned, new_worker_id
from minernews.management.commands import work
from tests.articles.test_import_admin import lock, page_of, step, upload
from tests.articles.test_importer import ARTICLE, run
from tests.articles.test_uploads import state_of, store
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
READY, RUNNING, FAILED = TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED


@pytest.fixture
def queued(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="long enough to pass"))
    return client


@pytest.fixture
def dead() -> str:
    """A process of this machine that is no more."""
    child = subprocess.Popen(["true"])
    child.wait()
    return f"{process().rpartition(' ')[0]} {child.pid}"


def confirmed(*texts: str) -> ImportRun:
    run = store(*(texts or (ARTICLE,)))
    uploads.preview_run(run, NOW)
    assert uploads.confirm(run)
    return run


def do_what_waits() -> None:
    for row in DBTaskResult.objects.ready():
        row.claim(new_worker_id())
        row.set_successful(row.task.func(*row.args_kwargs["args"]))


# Confirmed, and then killed


@pytest.mark.usefixtures("queued")
def test_an_upload_is_not_confirmed_without_its_task(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(editor, ("a.md", ARTICLE))

    def killed(*_: Any) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(Task, "enqueue", killed)
    with pytest.raises(SystemExit):
        step(editor, "confirm")
    assert ImportRun.objects.get().state == "preview"


@pytest.mark.usefixtures("queued")
def test_a_worker_takes_up_what_was_confirmed_and_has_no_task() -> None:
    run = confirmed()
    assert uploads.interrupted() == ([run], [])
    assert work.take_up_interrupted() == 1
    do_what_waits()
    assert (state_of(run), Article.objects.count()) == ("finished", 1)


@pytest.mark.usefixtures("queued")
def test_a_second_task_for_a_run_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    run = confirmed()
    tasks.import_uploads.enqueue(run.pk)
    work.take_up_interrupted()
    assert DBTaskResult.objects.ready().count() == 2
    do_what_waits()
    run.refresh_from_db()
    finished = (run.state, run.created, run.started_at, run.finished_at, run.items.count())
    assert finished == ("finished", 1, NOW, NOW, 1)


def test_a_second_task_that_waited_for_the_first_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read that the run waits before either of them has the lock."""
    run = confirmed()
    tasks.import_uploads.func(run.pk)
    later = NOW + dt.timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert uploads.import_run(run, later).files == 0
    run.refresh_from_db()
    assert (run.state, run.created, run.started_at, run.finished_at) == ("finished", 1, NOW, NOW)
    assert Article.objects.get().history.count() == 1


@pytest.mark.usefixtures("queued")
def test_tasks_of_workers_that_are_gone_are_failed_when_a_worker_begins(dead: str) -> None:
    workers = {
        "gone": f"{dead} abc",
        "ours": new_worker_id(),
        "init": f"{process().rpartition(' ')[0]} 1 x",
        "else": "there 7 x",
    }
    rows = {}
    for name, worker in workers.items():
        tasks.import_uploads.enqueue(0)
        rows[name] = DBTaskResult.objects.ready().get()
        rows[name].claim(worker)
    assert fail_abandoned() == 2
    states = {name: DBTaskResult.objects.get(pk=row.pk).status for name, row in rows.items()}
    # Our own number is that of one before us; of another machine nobody knows.
    assert states == {"gone": FAILED, "ours": FAILED, "init": RUNNING, "else": RUNNING}
    DBTaskResult.objects.filter(pk=rows["else"].pk).update(started_at=NOW - dt.timedelta(days=2))
    assert fail_abandoned() == 1


@pytest.mark.usefixtures("queued")
def test_a_task_of_a_worker_that_is_gone_hides_no_trouble_and_the_run_can_go_on(
    editor: Client, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(editor, ("a.md", ARTICLE))
    step(editor, "confirm")
    DBTaskResult.objects.ready().get().claim(f"{dead} abc")
    assert NO_WORKER not in page_of(editor)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + dt.timedelta(seconds=31))
    page = page_of(editor)
    assert NO_WORKER in page
    assert 'value="Go on"' in page
    step(editor, "go_on")
    assert DBTaskResult.objects.ready().count() == 1
    assert 'value="Go on"' not in page_of(editor)
    do_what_waits()
    assert (ImportRun.objects.get().state, Article.objects.count()) == ("finished", 1)


@pytest.mark.usefixtures("queued")
def test_what_waits_with_a_task_is_not_queued_once_more(editor: Client) -> None:
    upload(editor, ("a.md", ARTICLE))
    step(editor, "confirm")
    assert "nothing left to go on with" in step(editor, "go_on").content.decode()
    assert DBTaskResult.objects.count() == 1


# The end of an import


@pytest.mark.parametrize("kind", ["upload", "command"])
def test_a_run_is_finished_before_the_next_one_can_take_it_for_killed(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = confirmed() if kind == "upload" else RunLog.begin({}, NOW).run
    states = []

    class Watched:
        def __enter__(self) -> None: ...

        def __exit__(self, *_: Any) -> None:
            states.append(state_of(made))

    monkeypatch.setattr(importer, "import_lock", lambda waiting: Watched())
    if kind == "upload":
        tasks.import_uploads.func(made.pk)
    else:
        run(ARTICLE, log=RunLog(made))
    assert states == ["finished"]
    assert close_interrupted() == 0


# Records that are being written


@pytest.mark.parametrize("state", ["running", "queued"])
@pytest.mark.parametrize("way", ["delete", "bulk"])
def test_the_record_of_an_import_under_way_cannot_be_deleted(
    editor: Client, monkeypatch: pytest.MonkeyPatch, state: str, way: str
) -> None:
    made = RunLog.begin({}, NOW).run
    ImportRun.objects.update(state=state)
    lock(monkeypatch, True)
    if way == "delete":
        data = {"post": "yes"}
        assert editor.post(reverse("admin:articles_importrun_delete", args=[made.pk]), data).status_code == 403
    else:
        data = {"action": "delete_selected", "_selected_action": [made.pk], "post": "yes"}
        editor.post(reverse("admin:articles_importrun_changelist"), data)
    assert ImportRun.objects.exists()


@pytest.mark.parametrize("state", ["running", "queued", "finished", "interrupted"])
def test_other_records_can_be_deleted(editor: Client, monkeypatch: pytest.MonkeyPatch, state: str, dead: str) -> None:
    made = RunLog.begin({}, NOW).run
    ImportRun.objects.update(state=state, process=dead)
    lock(monkeypatch, False)
    editor.post(reverse("admin:articles_importrun_delete", args=[made.pk]), {"post": "yes"})
    assert not ImportRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_record_is_deleted_all_the_same_ends_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    log = RunLog.begin({}, NOW)
    save = Batches.save

    def deleted(self: Batches, *args: Any) -> Any:
        ImportRun.objects.all().delete()
        return save(self, *args)

    monkeypatch.setattr(Batches, "save", deleted)
    with pytest.raises(ImportStopped, match="the record of this import was deleted"):
        run(ARTICLE, log=log)
    assert not Article.objects.exists()


def test_a_record_that_is_deleted_after_the_last_file_is_no_trouble() -> None:
    log = RunLog.begin({}, NOW)
    ImportRun.objects.all().delete()
    assert log.is_gone()
    assert log.end(NOW).pk is not None


# The lock


@pytest.fixture
def elsewhere() -> Iterator[Any]:
    """A function that holds the lock in another session, until the test ends."""
    held: list[Any] = []

    def hold() -> None:
        if connection.vendor == "postgresql":
            other = connection.copy()
            other.cursor().execute("SELECT pg_advisory_lock(%s)", [int.from_bytes(b"minernew", "big")])
            held.append(other)
        else:
            folder = os.open(Path(str(connection.settings_dict["NAME"])).parent, os.O_RDONLY)
            fcntl.flock(folder, fcntl.LOCK_EX)
            held.append(folder)

    yield hold
    for one in held:
        one.close() if connection.vendor == "postgresql" else os.close(one)


def test_whether_an_import_is_running_is_known_without_taking_the_lock(elsewhere: Any) -> None:
    assert not is_locked()
    with import_lock():
        assert is_locked()
    assert not is_locked()
    elsewhere()
    assert is_locked()
    with pytest.raises(ImportLocked), import_lock(lambda: False):
        pass


@pytest.mark.skipif(connection.vendor == "postgresql", reason="there nobody takes anything to look")
def test_an_import_that_will_not_wait_is_not_kept_out_by_one_who_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    looking = os.open(Path(str(connection.settings_dict["NAME"])).parent, os.O_RDONLY)
    try:
        fcntl.flock(looking, fcntl.LOCK_SH)
        monkeypatch.setattr("articles.import_lock.time.sleep", lambda _: fcntl.flock(looking, fcntl.LOCK_UN))
        with import_lock(lambda: False):
            pass
    finally:
        os.close(looking)
