"""Files that are imported again: which of them are read, and what becomes of those that are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import preparing
from articles.collecting import collect
from articles.importer import import_files
from articles.models import Article, ImportedFile
from articles.options import ImportOptions, Settle
from companies.models import AnalystCall
from tests.articles.on_disk import from_disk, write
from tests.articles.test_importer import STORY
from tests.articles.test_reimport import FULL, changed_file
from tests.cast import make_company, make_firm
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(1, 4):
        write(tmp_path / f"{number}.md", FULL.replace("70000001", str(number)))
    return tmp_path


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    read = preparing.read_bytes
    monkeypatch.setattr(preparing, "read_bytes", lambda name: names.append(Path(name).name) or read(name))
    return names


def test_files_of_the_same_size_and_time_are_not_read_again(folder: Path, files_read: list[str]) -> None:
    from_disk(folder)
    assert files_read == ["1.md", "2.md", "3.md"]
    files_read.clear()
    report = from_disk(folder)
    assert report.summary() == "created 0, updated 0, unchanged 3, conflicts 0, failed 0"
    assert files_read == []
    assert [(item.kind, item.article_id) for item in report.items] == [
        ("article", a.pk) for a in Article.objects.order_by("pk")
    ]


def test_a_file_of_another_time_is_read_and_found_the_same_by_its_bytes(folder: Path, files_read: list[str]) -> None:
    from_disk(folder)
    write(folder / "2.md", (folder / "2.md").read_text(), age=500)
    files_read.clear()
    assert from_disk(folder).outcomes["unchanged"] == 3
    assert files_read == ["2.md"]
    files_read.clear()
    from_disk(folder)
    assert files_read == []


def test_a_file_that_was_changed_is_found_by_its_time_even_at_the_same_size(folder: Path) -> None:
    from_disk(folder)
    write(folder / "2.md", (folder / "2.md").read_text().replace("NEGATIVE", "POSITIVE"), age=30)
    assert [item.outcome for item in from_disk(folder).items] == ["unchanged", "updated", "unchanged"]


def test_a_file_that_was_young_when_it_was_read_is_read_again(folder: Path, files_read: list[str]) -> None:
    write(folder / "1.md", (folder / "1.md").read_text(), age=0)
    from_disk(folder)
    files_read.clear()
    from_disk(folder)
    assert files_read == ["1.md"]


def test_reread_reads_them_all(folder: Path, files_read: list[str]) -> None:
    from_disk(folder)
    files_read.clear()
    assert from_disk(folder, reread=True).outcomes["unchanged"] == 3
    assert files_read == ["1.md", "2.md", "3.md"]


def test_a_deleted_article_comes_back_from_its_file(folder: Path) -> None:
    from_disk(folder)
    Article.objects.get(external_id="2").delete()
    assert [item.outcome for item in from_disk(folder).items] == ["unchanged", "created", "unchanged"]


def test_a_failed_file_and_one_in_conflict_are_looked_at_every_time(folder: Path) -> None:
    write(folder / "bad.md", "---\ntitle: x\n---\n")
    from_disk(folder)
    Article.objects.filter(external_id="1").update(title="Ed")
    write(folder / "1.md", changed_file("title").replace("70000001", "1"), age=30)
    for _ in range(2):
        assert [item.outcome for item in from_disk(folder).items] == ["conflict", "unchanged", "unchanged", "failed"]
    assert from_disk(folder, settle=Settle.OURS).outcomes == {"unchanged": 3, "failed": 1}
    assert not ImportedFile.objects.filter(path__endswith="bad.md").exists()


def test_the_calls_of_a_document_that_is_known_can_still_be_accepted(tmp_path: Path) -> None:
    make_company(), make_firm()
    write(tmp_path / "story.txt", STORY)
    from_disk(tmp_path)
    assert from_disk(tmp_path).outcomes["unchanged"] == 1
    assert from_disk(tmp_path, accept_calls=True).outcomes["updated"] == 1
    assert AnalystCall.objects.accepted().count() == 1


def test_the_same_files_from_another_folder_change_nothing(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from_disk(folder)
    other = tmp_path_factory.mktemp("moved")
    for path in folder.iterdir():
        write(other / f"x{path.name}", path.read_text(), age=99)
    assert from_disk(other).summary() == "created 0, updated 0, unchanged 3, conflicts 0, failed 0"


def test_a_file_that_is_given_twice_counts_twice_and_is_saved_once(folder: Path) -> None:
    report = import_files(collect([folder, folder / "1.md", folder]), ImportOptions(), NOW, keep_items=True)
    assert report.summary() == "created 3, updated 0, unchanged 4, conflicts 0, failed 0"
    assert (Article.objects.count(), ImportedFile.objects.count()) == (3, 3)


def test_two_versions_of_a_story_in_one_folder_come_to_rest(tmp_path: Path, files_read: list[str]) -> None:
    write(tmp_path / "a.md", FULL)
    write(
        tmp_path / "b.md",
        FULL.replace("opens a hall", "opens two halls").replace("2026-02-06T04:45:29.000Z", "2026-02-07T00:00:00Z"),
    )
    assert from_disk(tmp_path).summary() == "created 1, updated 1, unchanged 0, conflicts 0, failed 0"
    files_read.clear()
    assert from_disk(tmp_path).outcomes["unchanged"] == 2
    assert files_read == []
    assert Article.objects.get().title == "Fjordbyte Mining opens two halls"


def test_queries_of_an_unchanged_reimport_do_not_grow_with_the_files(tmp_path: Path) -> None:
    counts = []
    for size in (5, 50):
        for number in range(size):
            write(tmp_path / f"{number:03}.md", FULL.replace("70000001", f"5{number:03}"))
        from_disk(tmp_path)
        with CaptureQueriesContext(connection) as captured:
            assert from_disk(tmp_path).outcomes["unchanged"] == size
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_statements_of_a_cold_import_do_not_grow_with_the_files(tmp_path: Path) -> None:
    counts = []
    for size in (1, 5, 50):
        for path in tmp_path.iterdir():
            path.unlink()
        Article.objects.all().delete()
        for number in range(size):
            write(
                tmp_path / f"{number:03}.md",
                FULL.replace("70000001", f"6{number:03}").replace("a hall", f"hall {number}"),
            )
        with CaptureQueriesContext(connection) as captured:
            from_disk(tmp_path)
        counts.append(len(captured))
    assert counts[1] == counts[2]


def test_times_of_a_later_import_are_its_own(folder: Path) -> None:
    from_disk(folder)
    later = NOW + dt.timedelta(days=1)
    write(folder / "1.md", changed_file("title").replace("70000001", "1"), age=30)
    import_files(collect([folder]), ImportOptions(), later)
    dates = Article.objects.get(external_id="1").history.order_by("history_date").values_list("history_date", flat=True)
    assert list(dates) == [NOW, later]
