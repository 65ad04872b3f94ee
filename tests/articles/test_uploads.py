"""Imports that begin with an upload: stored, previewed, confirmed, imported once, and taken up again after a kill."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import zipfile
from typing import Any

import pytest
from django.core.management import call_command

from articles import tasks, uploads
from articles.collecting import BadArchive, SourceFile, unzipped, uploaded
from articles.import_log import RunLog, close_interrupted
from articles.importing import Batches
from articles.models import Article, ImportItem, ImportRun
from companies.models import AnalystCall
from minernews.management.commands import work
from tests.articles.test_importer import ARTICLE, STORY
from tests.cast import make_company, make_firm
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
ASK = {"accept_calls": False, "settle": "ask"}


def store(*texts: str | bytes, **arguments: Any) -> ImportRun:
    raws = [text.encode() if isinstance(text, str) else text for text in texts]
    files = [uploaded(f"{number}.md", raw) for number, raw in enumerate(raws)]
    return uploads.store(files, {**ASK, **arguments}, NOW, None)


def state_of(run: ImportRun) -> str:
    run.refresh_from_db()
    return run.state


def counts_of(run: ImportRun) -> tuple[int, int, int, int, int]:
    run.refresh_from_db()
    return run.created, run.updated, run.unchanged, run.conflicts, run.failed


def test_what_was_uploaded_waits_with_its_bytes() -> None:
    run = store(ARTICLE, b"\0")
    assert (run.state, run.total) == ("reading", 2)
    assert [(i.path, i.outcome, bytes(i.raw)) for i in run.items.all()] == [
        ("0.md", "waiting", ARTICLE.encode()),
        ("1.md", "waiting", b"\0"),
    ]


def test_a_preview_says_what_would_happen_and_saves_nothing() -> None:
    make_company(), make_firm()
    run = store(ARTICLE, STORY, b"", ARTICLE.replace("opens a hall", "opens two"))
    uploads.preview_run(run, NOW)
    assert (state_of(run), counts_of(run)) == ("preview", (2, 1, 0, 0, 1))
    items = list(run.items.order_by("pk"))
    assert [(i.outcome, i.kind, i.reason) for i in items] == [
        ("created", "article", ""), ("created", "document", ""), ("failed", "", "the file is empty"), ("updated", "article", ""),
    ]  # fmt: skip
    assert [d["field"] for d in items[3].differences] == ["title"]
    assert bytes(items[0].raw) == ARTICLE.encode()
    assert not (Article.objects.exists() or AnalystCall.objects.exists())


def test_a_confirmed_run_imports_and_gives_up_its_uploads() -> None:
    make_company(), make_firm()
    run = store(ARTICLE, STORY, b"", accept_calls=True)
    uploads.preview_run(run, NOW)
    assert uploads.confirm(run)
    assert (state_of(run), counts_of(run)) == ("queued", (0, 0, 0, 0, 0))
    assert tasks.import_uploads.func(run.pk) == "created 2, updated 0, unchanged 0, conflicts 0, failed 1"
    assert (state_of(run), counts_of(run), run.finished_at) == ("finished", (2, 0, 0, 0, 1), NOW)
    assert AnalystCall.objects.accepted().count() == 1
    items = list(run.items.order_by("pk"))
    assert [(i.path, i.outcome, i.raw) for i in items] == [("0.md", "created", None), ("1.md", "created", None), ("2.md", "failed", None)]  # fmt: skip
    assert (items[0].article.title, items[1].document.title) == (
        "Fjordbyte Mining opens a hall",
        "Oakbridge Partners likes Fjordbyte",
    )


def test_confirming_twice_imports_once() -> None:
    run = store(ARTICLE)
    uploads.preview_run(run, NOW)
    assert uploads.confirm(run)
    assert not uploads.confirm(run)
    tasks.import_uploads.func(run.pk)
    assert tasks.import_uploads.func(run.pk) == "nothing to import"
    assert counts_of(run) == (1, 0, 0, 0, 0)


def test_a_run_that_was_killed_half_way_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [ARTICLE.replace("70000001", str(n)).replace("a hall", f"hall {n}") for n in range(250)]
    run = store(*texts)
    uploads.preview_run(run, NOW)
    uploads.confirm(run)
    save, calls = Batches.save, []

    def killed(self: Batches, *args: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit("killed")
        return save(self, *args)

    monkeypatch.setattr(Batches, "save", killed)
    with pytest.raises(SystemExit):
        tasks.import_uploads.func(run.pk)
    assert Article.objects.count() == 100
    assert (state_of(run), run.items.filter(raw=None).count()) == ("running", 100)
    monkeypatch.setattr(Batches, "save", save)
    assert uploads.interrupted() == ([run], [])
    assert work.take_up_interrupted() == 1
    assert (state_of(run), counts_of(run)) == ("finished", (250, 0, 0, 0, 0))
    assert Article.objects.count() == 250
    assert [i.path for i in run.items.order_by("pk")] == [f"{n}.md" for n in range(250)]
    assert uploads.interrupted() == ([], [])


def test_a_preview_that_was_killed_is_made_again() -> None:
    run = store(ARTICLE)
    assert uploads.interrupted() == ([], [run])
    assert work.take_up_interrupted() == 1
    assert (state_of(run), counts_of(run)) == ("preview", (1, 0, 0, 0, 0))


@pytest.mark.django_db(transaction=True)
def test_the_worker_takes_confirmed_runs_from_the_database(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    run = store(ARTICLE)
    tasks.preview_uploads.enqueue(run.pk)
    assert state_of(run) == "reading"
    call_command("work", "--once", verbosity=0)
    assert state_of(run) == "preview"
    uploads.confirm(run)
    tasks.import_uploads.enqueue(run.pk)
    assert not Article.objects.exists()
    call_command("work", "--once", verbosity=0)
    assert (state_of(run), Article.objects.count()) == ("finished", 1)


def test_a_file_that_the_database_refuses_is_one_failed_item_among_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    run = store(ARTICLE, ARTICLE.replace("70000001", "2"), ARTICLE.replace("70000001", "3"))
    uploads.preview_run(run, NOW)
    uploads.confirm(run)
    create = Batches._create

    def refuse(self: Batches, new: Any) -> Any:
        if ("2", "en") in new:
            raise ValueError("no twos")
        return create(self, new)

    monkeypatch.setattr(Batches, "_create", refuse)
    tasks.import_uploads.func(run.pk)
    assert counts_of(run) == (2, 0, 0, 0, 1)
    assert [(i.outcome, i.reason, i.raw) for i in run.items.order_by("pk")] == [
        ("created", "", None), ("failed", "the database refused it: no twos", None), ("created", "", None),
    ]  # fmt: skip


def test_previews_that_nobody_confirmed_go_after_a_day() -> None:
    old = store(ARTICLE)
    uploads.preview_run(old, NOW)
    confirmed = store(ARTICLE)
    uploads.preview_run(confirmed, NOW)
    uploads.confirm(confirmed)
    uploads.store([], ASK, NOW + dt.timedelta(days=1, minutes=1), None)
    assert not ImportRun.objects.filter(pk=old.pk).exists()
    assert ImportRun.objects.filter(pk=confirmed.pk).exists()
    assert ImportItem.objects.filter(run=confirmed).count() == 1


def test_a_run_without_uploads_is_marked_as_interrupted_by_the_next_import() -> None:
    log = RunLog.begin({"paths": ["x"]}, NOW)
    log.start()
    assert close_interrupted() == 1
    log.run.refresh_from_db()
    assert (log.run.state, log.run.error) == ("interrupted", "the process ended before the import did")
    assert uploads.interrupted() == ([], [])


def test_a_command_that_waits_for_its_turn_is_left_alone_while_it_lives() -> None:
    log = RunLog.begin({}, NOW)
    dead = RunLog.begin({}, NOW)
    elsewhere = RunLog.begin({}, NOW)
    child = subprocess.Popen(["true"])
    child.wait()
    host = log.run.process.rpartition(" ")[0]
    ImportRun.objects.filter(pk=dead.run.pk).update(process=f"{host} {child.pid}")
    ImportRun.objects.filter(pk=elsewhere.run.pk).update(process=f"another-machine {child.pid}")
    assert close_interrupted() == 1
    assert [state_of(one.run) for one in (log, dead, elsewhere)] == ["queued", "interrupted", "queued"]


# Zips


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    file.seek(0)
    return file


def test_a_zip_gives_its_files_in_order_of_name_without_what_is_hidden() -> None:
    archive = zipped(
        {"b/2.md": b"2", "a.md": b"1", "b/": b"", ".git/x": b"", "b/.x": b"", "__MACOSX/a.md": b"", "Ї.md": b"3"}
    )
    assert list(unzipped(archive)) == [SourceFile("a.md", b"1"), SourceFile("b/2.md", b"2"), SourceFile("Ї.md", b"3")]


def test_a_member_over_the_limit_of_a_file_is_cut_one_byte_above_it_and_then_refused() -> None:
    (file,) = unzipped(zipped({"big.md": b"x" * 3_000_000}))
    assert file.raw is not None
    assert len(file.raw) == 2 * 1024 * 1024 + 1


def test_a_zip_bomb_is_refused_by_what_comes_out_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.collecting.MAXIMUM_UNZIPPED_BYTES", 5_000_000)
    with pytest.raises(BadArchive, match="more than the 4 MB allowed"):
        list(unzipped(zipped({f"{n}.md": b"0" * 2_000_000 for n in range(3)})))


def test_a_zip_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.collecting.MAXIMUM_MEMBERS", 2)
    with pytest.raises(BadArchive, match="holds 3 files, more than the 2 allowed"):
        list(unzipped(zipped({"1": b"", "2": b"", "3": b""})))


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 and no more", zipped({"a": b"x" * 99}).getvalue()[:-30]])
def test_what_is_no_zip_is_refused(raw: bytes) -> None:
    with pytest.raises(BadArchive, match="the zip cannot be read"):
        list(unzipped(io.BytesIO(raw)))


def test_a_zip_with_a_damaged_member_is_refused() -> None:
    raw = bytearray(zipped({"a.md": ARTICLE.encode()}).getvalue())
    raw[60] ^= 0xFF
    with pytest.raises(BadArchive, match="the zip cannot be read"):
        list(unzipped(io.BytesIO(bytes(raw))))
