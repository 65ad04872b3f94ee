"""What front matter has no word for leaves in a hidden file and comes back from it; what is not sound in it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from articles import sidecar
from articles.collecting import collect
from articles.exporter import chosen, export_to_folder
from articles.importer import import_files
from articles.models import Article, Cover, FormerSlug
from articles.options import ImportOptions
from tests.articles.leaving import bring_in, rows
from tests.articles.test_reimport import FULL
from tests.cast import make_article
from tests.conftest import NOW


def test_a_sidecar_that_lies_is_not_believed() -> None:
    lines = [
        "not json", "[]", '{"file": 7}', '{"slug": "a"}', '{"file": "a.md", "slug": "../etc"}', '{"file": "b.md", "state": "published"}',
        '{"file": "c.md", "publish_at": "soon"}', '{"file": "d.md", "former_slugs": "x"}', '{"file": "e.md", "former_slugs": ["A b"]}',
        '{"file": "f.md", "cover": {"alt": 7}}', '{"file": "g.md", "cover": {"urls": {}}}', '{"file": "h.md", "reviewed_by": []}',
        '{"file": "i.md", "ai_model": "' + "x" * 101 + '"}', '{"file": "j.md", "slug": ""}', '{"file": "k.md", "publish_at": 5}',
        '{"file": "l.md", "slug": "' + "x" * 201 + '"}', "[" * 100_000,
        '{"file": "m.md", "publish_at": "0001-01-01T00:00:00+14:00"}', '{"file": "n.md", "cover": {"alt": "' + "x" * 301 + '"}}',
        '{"file": "o.md", "cover": {"focal_x": 2.5}}', '{"file": "p.md", "duplicate_of": ["1"]}', '{"file": "part.md", "slug": "sound", "state": "x"}',
        '{"file": "good.md", "slug": "a-hall", "state": "retracted"}',
    ]  # fmt: skip
    found = sidecar.read(lines)
    assert found.pop("good.md") == {"slug": "a-hall", "state": "retracted"}
    assert found.pop("part.md") == {"slug": "sound"}
    assert set(map(str, found.values())) == {"{}"}


@pytest.mark.django_db
def test_a_sidecar_gives_nobody_an_address_that_is_taken(tmp_path: Path) -> None:
    holder = make_article(slug="a-hall")
    FormerSlug.objects.create(lang="en", slug="old-hall", article=holder)
    (tmp_path / "x.md").write_text(FULL.replace("70000001", "9"))
    record = {"file": "x.md", "slug": "a-hall", "former_slugs": ["old-hall", "a-hall", "older-hall"]}
    (tmp_path / sidecar.NAME).write_text(json.dumps(record))
    import_files(collect([tmp_path]), ImportOptions(), NOW)
    article = Article.objects.get(external_id="9")
    assert article.slug == "a-hall-2"
    assert [former.slug for former in article.former_slugs.all()] == ["older-hall"]
    assert holder.former_slugs.get().slug == "old-hall"


@pytest.mark.django_db
def test_odd_addresses_and_odd_letters_survive_the_sidecar(tmp_path: Path) -> None:
    bring_in(FULL.encode())
    article = Article.objects.get()
    article.slug = "Q1_results--2026"
    article.state = "retracted"
    article.save()
    Cover.objects.update(alt="one\u2028two\x85three")
    before = rows()
    export_to_folder(chosen(), tmp_path)
    Article.objects.all().delete()
    import_files(collect([tmp_path]), ImportOptions(), NOW)
    assert rows() == before


@pytest.mark.django_db
def test_a_possible_duplicate_stays_one_whatever_comes_first(tmp_path: Path) -> None:
    bring_in(FULL.encode(), FULL.replace("70000001", "2").encode(), FULL.replace("70000001", "3").encode())
    Article.objects.filter(external_id="3").update(possible_duplicate_of=None)  # an editor looked
    export_to_folder(chosen(), tmp_path)
    Article.objects.all().delete()
    import_files(collect([tmp_path]), ImportOptions(), NOW)
    found = {
        a.external_id: a.possible_duplicate_of and a.possible_duplicate_of.external_id for a in Article.objects.all()
    }
    assert found == {"70000001": None, "2": "70000001", "3": None}
