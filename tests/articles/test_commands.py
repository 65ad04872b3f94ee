"""The commands as an operator meets them: what is printed where, and the exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, ImportRun
from companies.models import AnalystCall, AnalystFirm, Company
from tests.articles.test_importer import ARTICLE, STORY
from tests.cast import make_article, make_company, make_firm

SUMMARY = "created {}, updated {}, unchanged {}, conflicts {}, failed {}"


def command(name: str, *args: str, **options: Any) -> tuple[str, str, int]:
    """(stdout, stderr, exit code) of a command."""
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *args, stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}\n", error.returncode
    return out.getvalue(), err.getvalue(), 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(ARTICLE)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "b.md").write_text(STORY)
    return tmp_path


@pytest.mark.django_db
def test_import_seeds_takes_files_and_folders_and_ends_with_the_summary(folder: Path) -> None:
    make_company(), make_firm()
    out, err, code = command("import_seeds", str(folder / "a.txt"), str(folder / "deeper"), "--accept-calls")
    assert (out.splitlines()[-1], err, code) == (SUMMARY.format(2, 0, 0, 0, 0), "", 0)
    assert (Article.objects.count(), AnalystCall.objects.accepted().count()) == (1, 1)
    again = command("import_seeds", str(folder))
    assert again == (f"Nothing changed.\n{SUMMARY.format(0, 0, 2, 0, 0)}\n", "", 0)
    assert ImportRun.objects.count() == 2


@pytest.mark.django_db
def test_import_seeds_names_each_failed_file_on_stderr_and_exits_1(folder: Path) -> None:
    make_company()
    (folder / "broken.md").write_text("---\ntitle: a\ntitle: b\n---\n")
    out, err, code = command("import_seeds", str(folder), str(folder / "nowhere"))
    assert f"{folder}/broken.md:3: the key 'title' is repeated\n" in err
    assert f"{folder}/nowhere: no such file or folder\n" in err
    assert (out.splitlines()[-1], code) == (SUMMARY.format(2, 0, 0, 0, 2), 1)
    assert Article.objects.count() == 1


@pytest.mark.django_db
def test_import_seeds_dry_run_says_what_would_happen_and_saves_nothing(folder: Path) -> None:
    out, _, code = command("import_seeds", str(folder), "--dry-run")
    assert (out.splitlines()[-1], code) == (SUMMARY.format(2, 0, 0, 0, 0), 0)
    assert "Dry run: nothing was saved." in out
    assert not (Article.objects.exists() or Company.objects.exists() or ImportRun.objects.exists())


@pytest.mark.django_db
def test_a_conflict_in_a_long_text_is_shown_where_the_texts_part_and_settling_it_is_said(folder: Path) -> None:
    command("import_seeds", str(folder / "a.txt"))
    body = Article.objects.get().body
    Article.objects.update(body=body.replace("is pleased", "is glad"))
    (folder / "a.txt").write_text(ARTICLE.replace("is pleased", "is sorry"))
    out, _, _ = command("import_seeds", str(folder / "a.txt"))
    line = next(line for line in out.splitlines() if "conflict in body" in line)
    assert re.search(r"before …[^,]*is pleased.*here …[^,]*is glad.*file …[^,]*is sorry", line), line
    out, _, _ = command("import_seeds", str(folder / "a.txt"), "--accept-ours")
    assert "Nothing changed." not in out
    assert "settled: here stays" in out


@pytest.mark.django_db
def test_import_seeds_writes_a_report_of_one_json_line_a_file(folder: Path, tmp_path: Path) -> None:
    make_company(), make_firm()
    report = tmp_path / "report.jsonl"
    command("import_seeds", str(folder / "a.txt"), str(folder / "deeper"), "--report", str(report))
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert [(line["kind"], line["outcome"]) for line in lines] == [("article", "created"), ("document", "created")]


@pytest.mark.django_db
def test_import_seeds_loads_the_shipped_catalogue_into_a_database_without_companies(folder: Path) -> None:
    out, _, _ = command("import_seeds", str(folder))
    assert out.startswith("No companies yet: loaded ")
    assert Company.objects.count() >= 24
    assert AnalystFirm.objects.count() >= 25


@pytest.mark.django_db
def test_import_companies_is_all_or_nothing_and_idempotent(tmp_path: Path) -> None:
    path = tmp_path / "companies.toml"
    path.write_text('[[company]]\nname = "Fjordbyte Mining"\nticker = "FJRD"\n[[firm]]\nname = "Oakbridge Partners"\n')
    assert command("import_companies", str(path)) == (SUMMARY.format(2, 0, 0, 0, 0) + "\n", "", 0)
    assert command("import_companies", str(path)) == (SUMMARY.format(0, 0, 2, 0, 0) + "\n", "", 0)
    path.write_text(path.read_text().replace("[[firm]]", 'country = "NO"\n[[firm]]'))
    assert command("import_companies", str(path)) == (SUMMARY.format(0, 1, 1, 0, 0) + "\n", "", 0)
    assert Company.objects.get().country == "NO"
    path.write_text('[[company]]\nname = "Ostrava Hash Works"\nticker = "OHW"\n[[company]]\nname = "Nameless"\n')
    _, err, code = command("import_companies", str(path))
    assert (err, code) == (f"{path}: company 'Nameless': ticker is missing\n", 1)
    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_import_companies_keeps_what_an_editor_wrote_unless_told_to_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "companies.toml"
    path.write_text(
        '[[company]]\nname = "Fjordbyte Mining"\nticker = "FJRD"\ncountry = "NO"\nsummary = "From the file."\n'
    )
    command("import_companies", str(path))
    Company.objects.update(summary="An editor's words.", website="https://fjordbyte.example/")
    assert command("import_companies", str(path))[0] == SUMMARY.format(0, 0, 1, 0, 0) + "\n"
    assert Company.objects.get().summary == "An editor's words."
    command("import_companies", str(path), "--overwrite")
    company = Company.objects.get()
    assert (company.summary, company.website) == ("From the file.", "https://fjordbyte.example/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[firm]]\nname = "F"\naliases = "ZP"\n', "firm 'F': aliases has a value of the wrong kind: 'ZP'"),
        ('[[firm]]\nname = "F"\nrating_scale = {x = "great"}\n', "must map to buy, hold, sell, none, not 'great'"),
        ('[company]\nname = "C"\n', "write [[company]] for each company, not [company]"),
        ('[[company]]\nname = "C"\nticker = "C"\nnames = "FOO"\n', "names has a value of the wrong kind: 'FOO'"),
        ('[[company]]\nname = "C"\nticker = "C"\ncountry = "USA"\n', "country is longer than 2 characters"),
        ('[[company]]\nname = "C"\nticker = "C"\nnames = [{name = "D", valid_from = "soon"}]\n', "wrong kind: 'soon'"),
        ('[[company]]\nname = "Fjordbyte Mining"\nticker = "FJX"\n', "that name belongs to FJRD"),
    ],
)  # fmt: skip
def test_a_catalogue_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, text: str, problem: str) -> None:
    make_company()
    path = tmp_path / "companies.toml"
    path.write_text(text)
    out, err, code = command("import_companies", str(path))
    assert problem in err
    assert (out, len(err.splitlines()), code) == ("", 1, 1)


@pytest.mark.django_db
def test_a_report_that_cannot_be_written_is_said_before_anything_is_imported(folder: Path) -> None:
    _, err, code = command("import_seeds", str(folder), "--report", str(folder / "nowhere" / "r.jsonl"))
    assert (err, code) == (f"--report {folder}/nowhere/r.jsonl: No such file or directory\n", 1)
    assert not Article.objects.exists()


def test_extract_calls_prints_one_json_line_a_file_and_touches_no_table(tmp_path: Path) -> None:
    """Without the database mark, any query fails this test."""
    catalogue = tmp_path / "companies.toml"
    catalogue.write_text('[[company]]\nname = "Fjordbyte Mining"\nticker = "FJRD"\nnames = [{name = "FJRD", kind = "ticker"}]\n'
                         '[[firm]]\nname = "Oakbridge Partners"\n')  # fmt: skip
    path = tmp_path / "story.txt"
    path.write_text(STORY)
    out, err, code = command("extract_calls", str(path), "--json", "--companies", str(catalogue))
    record = json.loads(out)
    evidence = record["calls"][0].pop("evidence")
    assert record == {
        "id": "story",
        "calls": [{
            "firm": "Oakbridge Partners", "ticker": "FJRD", "rating": "overweight", "prev_rating": None,
            "action": "stated", "target": 12, "prev_target": None, "currency": "USD", "price": None, "analysts": [],
        }],
        "companies": ["FJRD"],
        "events": [],
    }  # fmt: skip
    assert {e["field"] for e in evidence} == {"firm", "company", "rating", "target"}
    assert all(STORY[e["start"] : e["end"]] == e["quote"] for e in evidence)
    assert (err, code) == ("", 0)


def test_extract_calls_names_what_it_cannot_read_and_reads_the_rest(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(STORY)
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\0\0")
    out, err, code = command("extract_calls", str(tmp_path / "bad.txt"), str(tmp_path / "good.txt"), "--json")
    assert json.loads(out)["id"] == "good"
    assert f"{tmp_path}/bad.txt:1: the file is UTF-16 or UTF-32; save it as UTF-8" in err
    assert code == 1


def test_extract_calls_gives_the_five_calls_of_the_real_story(seed: Callable[[str], Path]) -> None:
    out, _, _ = command("extract_calls", str(seed("004")), "--json")
    calls = json.loads(out)["calls"]
    assert [(c["firm"], c["ticker"], c["rating"], c["target"], c["price"], c["action"]) for c in calls] == [
        ("J.P. Morgan", "CIFR", "overweight", 18, None, "stated"),
        ("J.P. Morgan", "CLSK", "overweight", 14, None, "stated"),
        ("J.P. Morgan", "RIOT", "overweight", 20, None, "stated"),
        ("J.P. Morgan", "MARA", "overweight", 13, None, "stated"),
        ("J.P. Morgan", "IREN", "underweight", 39, 54, "stated"),
    ]


@pytest.mark.django_db
def test_rerender_articles_makes_html_and_mentions_again() -> None:
    article = make_article(body="Fjordbyte Mining **grows**.")
    make_company()
    Article.objects.update(body_html="<p>stale</p>")
    assert command("rerender_articles", "--dry-run")[0].splitlines()[-1].startswith(SUMMARY.format(0, 1, 0, 0, 0))
    article.refresh_from_db()
    assert article.body_html == "<p>stale</p>"
    assert command("rerender_articles")[0] == SUMMARY.format(0, 1, 0, 0, 0) + "\n"
    article.refresh_from_db()
    assert article.body_html == "<p>Fjordbyte Mining <strong>grows</strong>.</p>\n"
    assert [mention.company.ticker for mention in article.mentions.all()] == ["FJRD"]
    assert command("rerender_articles")[0] == SUMMARY.format(0, 0, 1, 0, 0) + "\n"


@pytest.mark.django_db
def test_a_command_on_a_database_without_tables_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.database.MigrationExecutor.migration_plan", lambda *args: ["something"])
    _, err, code = command("import_seeds", ".")
    assert re.fullmatch(
        r"the database \S+ is not up to date: run manage.py migrate, or give the DATA_DIR that make run was given\n",
        err,
    )
    assert code == 1
