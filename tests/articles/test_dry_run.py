"""A dry run says what the real run does, saves nothing, and keeps nobody from saving."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from taggit.models import Tag

from articles.collecting import collect
from articles.importer import import_files
from articles.models import Article, Category, ImportedFile
from articles.options import ImportOptions
from sources.models import Document, Outlet
from tests.articles.on_disk import from_disk, write
from tests.articles.test_importer import STORY
from tests.articles.test_reimport import FULL
from tests.cast import make_company, make_firm
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_a_dry_run_of_two_versions_says_what_the_real_run_does(tmp_path: Path) -> None:
    write(tmp_path / "a.md", FULL)
    write(tmp_path / "b.md", FULL.replace("opens a hall", "opens two halls"))
    write(tmp_path / "c.md", FULL.replace("70000001", "9"))
    dry = from_disk(tmp_path, dry_run=True)
    assert not Article.objects.exists()
    assert not ImportedFile.objects.exists()
    real = from_disk(tmp_path)
    assert [(i.outcome, i.differences, i.note) for i in dry.items] == [
        (i.outcome, i.differences, i.note) for i in real.items
    ]


def test_a_dry_run_says_what_the_real_run_does_across_its_batches(tmp_path: Path) -> None:
    """Batches of a hundred: later versions, repeated titles, repeated documents and files given twice meet earlier ones."""
    make_company(), make_firm()
    for number in range(230):
        write(
            tmp_path / f"{number:03}.md",
            FULL.replace("70000001", f"9{number:03}").replace("a hall", f"hall {number % 150}"),
        )
    later = (
        FULL.replace("70000001", "9003")
        .replace("opens a hall", "opens it at last")
        .replace("06T04:45:29.000Z", "07T00:00:00Z")
    )
    write(tmp_path / "231.md", later)
    write(tmp_path / "232.md", later.replace("NEGATIVE", "POSITIVE"))
    write(
        tmp_path / "235.md",
        FULL.replace("70000001", "9235")
        .replace("a hall", "hall 235")
        .replace("name: The Hash Gazette", "name: The Other"),
    )
    write(tmp_path / "005-story.txt", STORY)
    write(tmp_path / "233-story.txt", STORY)
    write(
        tmp_path / "234.md",
        FULL.replace("70000001", "9999").replace("opens a hall", "opens it at last").replace("lang: en", "lang: uk"),
    )

    def outcomes(dry_run: bool) -> list[tuple[Any, ...]]:
        files = collect([tmp_path, tmp_path / "003.md", tmp_path / "232.md"])
        items = import_files(files, ImportOptions(dry_run=dry_run), NOW, keep_items=True).items
        return [(Path(i.path).name, i.kind, i.outcome, i.differences, i.warnings, i.address) for i in items]

    dry = outcomes(dry_run=True)
    for model in (Article, ImportedFile, Outlet, Tag, Category, Document):
        assert not model.objects.exists()
    real = outcomes(dry_run=False)
    assert dry == real
    assert [(name, outcome) for name, _, outcome, *_ in real[-7:]] == [
        ("231.md", "updated"), ("232.md", "updated"), ("233-story.txt", "unchanged"), ("234.md", "created"),
        ("235.md", "created"), ("003.md", "unchanged"), ("232.md", "unchanged"),
    ]  # fmt: skip
    assert any("The Other" in " ".join(warnings) for *_, warnings, _ in dry)
    assert sum("possible duplicate" in " ".join(warnings) for *_, warnings, _ in real) == 80


def test_a_dry_run_keeps_nobody_from_saving(tmp_path: Path) -> None:
    """It never holds a transaction while it reads: whoever wants to write waits for a batch, not for the run."""
    for number in range(150):
        write(
            tmp_path / f"{number:03}.md", FULL.replace("70000001", f"9{number:03}").replace("a hall", f"hall {number}")
        )
    depth = len(connection.savepoint_ids)
    depths: set[int] = set()
    import_files(
        collect([tmp_path]), ImportOptions(dry_run=True), NOW, lambda item: depths.add(len(connection.savepoint_ids))
    )
    assert depths == {depth}
