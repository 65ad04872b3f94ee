"""export_articles, as an operator meets it: what is written where, what is taken away, and what is said."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.exporter import chosen, export_to_folder
from articles.models import Article
from tests.articles.leaving import bring_in, names_in
from tests.articles.test_commands import SUMMARY, command
from tests.articles.test_reimport import FULL
from tests.cast import make_article
from tests.conftest import NOW


@pytest.mark.django_db
def test_choosing_by_language_time_and_words() -> None:
    def article(number: str, date: str, lang: str = "en", word: str = "hall") -> bytes:
        text = (
            FULL.replace("70000001", number)
            .replace("2026-02-06T03:09:09.644Z", date)
            .replace("lang: en", f"lang: {lang}")
        )
        return text.replace("opens a hall", f"opens a {word}").replace("opened a hall", f"opened a {word}").encode()

    bring_in(
        article("1", "2026-01-01"),
        article("2", "2026-02-05"),
        article("3", "2026-01-01", "uk"),
        article("4", "2026-01-02", word="dam"),
    )

    def ids(**which: Any) -> list[str]:
        return list(chosen(**which).values_list("external_id", flat=True))

    assert ids() == ["1", "2", "3", "4"]
    assert ids(lang="uk") == ["3"]
    assert ids(query="dam") == ["4"]
    Article.history.update(history_date=NOW - dt.timedelta(days=9))
    since = dt.datetime(2026, 2, 5, tzinfo=dt.UTC)
    assert ids(since=since) == ["2"]
    changed = Article.objects.get(external_id="1")
    changed.title = "Changed here"
    changed.save()
    assert ids(since=since) == ["1", "2"]
    assert ids(since=since, lang="uk") == []


@pytest.mark.django_db
def test_one_article_that_no_file_can_hold_is_named_and_the_others_go_out(tmp_path: Path) -> None:
    bring_in(FULL.encode(), FULL.replace("70000001", "2").encode())
    make_article(slug="written-here", description="x" * 70_000)
    Article.objects.filter(external_id="2").update(description="y" * 70_000)
    out, err, code = command("export_articles", str(tmp_path / "out"))
    assert (out, code) == (SUMMARY.format(1, 0, 0, 0, 2) + "\n", 1)
    assert "fjordbyte-mining-opens-a-hall-2.en.md: line 1: the header has more than 65,536 bytes" in err
    assert "written-here.en.md: line 1: the header has more than 65,536 bytes" in err
    assert names_in(tmp_path / "out") == ["fjordbyte-mining-opens-a-hall.en.md"]


@pytest.mark.django_db
def test_a_second_export_takes_away_the_files_that_it_wrote_under_other_names(tmp_path: Path) -> None:
    bring_in(FULL.encode(), FULL.replace("70000001", "2").encode(), FULL.replace("70000001", "3").encode())
    export_to_folder(chosen(), tmp_path)
    moved = Article.objects.get(external_id="70000001")
    moved.slug, moved.title = "moved", "Moved"
    moved.save()
    Article.objects.get(external_id="2").delete()
    changed_by_hand = tmp_path / "fjordbyte-mining-opens-a-hall-3.en.md"
    changed_by_hand.write_text("mine now")
    Article.objects.get(external_id="3").delete()
    counts = export_to_folder(chosen(), tmp_path)
    assert (counts["created"], counts["removed"]) == (1, 2)
    assert names_in(tmp_path) == ["fjordbyte-mining-opens-a-hall-3.en.md", "moved.en.md"]
    # Of a part of the archive only the articles in it are looked at.
    bring_in(FULL.replace("70000001", "4").encode())
    export_to_folder(chosen(), tmp_path)
    Article.objects.get(external_id="4").delete()
    export_to_folder(chosen(query="Moved"), tmp_path, whole=False)
    assert "moved.en.md" in names_in(tmp_path)
    assert len(names_in(tmp_path)) == 3


@pytest.mark.django_db
def test_the_command_writes_what_is_new_and_leaves_what_is_right(tmp_path: Path) -> None:
    bring_in(FULL.encode(), FULL.replace("70000001", "2").replace("lang: en", "lang: uk").encode())
    out = tmp_path / "deep" / "out"
    assert command("export_articles", str(out)) == (SUMMARY.format(2, 0, 0, 0, 0) + "\n", "", 0)
    assert names_in(out) == ["fjordbyte-mining-opens-a-hall.en.md", "fjordbyte-mining-opens-a-hall.uk.md"]
    then = (out / "fjordbyte-mining-opens-a-hall.en.md").stat().st_mtime_ns
    assert command("export_articles", str(out))[0] == SUMMARY.format(0, 0, 2, 0, 0) + "\n"
    Article.objects.filter(lang="uk").update(title="Ed")
    assert command("export_articles", str(out))[0] == SUMMARY.format(0, 1, 1, 0, 0) + "\n"
    assert (out / "fjordbyte-mining-opens-a-hall.en.md").stat().st_mtime_ns == then
    assert command("export_articles", str(tmp_path / "uk"), "--lang", "uk")[0] == SUMMARY.format(1, 0, 0, 0, 0) + "\n"


@pytest.mark.django_db
def test_a_dry_run_of_the_command_writes_nothing(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    out, _, code = command("export_articles", str(tmp_path / "out"), "--dry-run")
    assert (out.splitlines()[-1], code) == (SUMMARY.format(1, 0, 0, 0, 0), 0)
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_the_command_writes_a_zip_under_another_name_first(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    assert command("export_articles", str(tmp_path / "a.zip"))[2] == 0
    assert names_in(tmp_path) == ["a.zip"]
    assert zipfile.ZipFile(tmp_path / "a.zip").namelist() == ["fjordbyte-mining-opens-a-hall.en.md"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--since", "soon"], "--since must be a date like 2026-02-06, not 'soon'"),
        (["--since", "2026-02-30"], "--since must be a date like 2026-02-06, not '2026-02-30'"),
    ],
)
def test_a_date_that_is_none_is_refused(tmp_path: Path, arguments: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        call_command("export_articles", str(tmp_path / "out"), *arguments)
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    (tmp_path / "file").write_text("x")
    _, err, code = command("export_articles", str(tmp_path / "file"))
    assert (err, code) == (f"{tmp_path}/file: File exists\n", 1)


@pytest.mark.django_db
def test_what_a_killed_export_left_is_cleared_away_and_other_files_are_not(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    (tmp_path / ".minernews-unfinished-77").write_text("half")
    (tmp_path / "notes.txt").write_text("mine")
    export_to_folder(chosen(), tmp_path)
    assert names_in(tmp_path) == ["fjordbyte-mining-opens-a-hall.en.md", "notes.txt"]


@pytest.mark.django_db
def test_queries_of_an_export_do_not_grow_with_the_articles(tmp_path: Path) -> None:
    counts = []
    for size in (3, 30):
        bring_in(*(FULL.replace("70000001", f"7{n:03}").replace("a hall", f"hall {n}").encode() for n in range(size)))
        with CaptureQueriesContext(connection) as captured:
            export_to_folder(chosen(), tmp_path / str(size))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 4


@pytest.mark.django_db
def test_an_export_that_finds_nothing_says_so_and_leaves_an_older_zip_alone(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    command("export_articles", str(tmp_path / "a.zip"))
    before = (tmp_path / "a.zip").read_bytes()
    out, _, code = command("export_articles", str(tmp_path / "a.zip"), "--query", "qqqqzz")
    assert (out, code) == (f"No articles found.\n{SUMMARY.format(0, 0, 0, 0, 0)}\n", 0)
    assert (tmp_path / "a.zip").read_bytes() == before
    assert names_in(tmp_path) == ["a.zip"]
