"""What the tests of exports share: articles brought in and out, and compared as rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from articles import sidecar
from articles.article_saving import for_updating
from articles.collecting import uploaded
from articles.exporting import file_of, with_everything
from articles.importer import import_files
from articles.models import Article
from articles.options import ImportOptions
from tests.conftest import NOW


def bring_in(*raws: bytes) -> None:
    files = [uploaded(f"{number}.md", raw) for number, raw in enumerate(raws)]
    report = import_files(files, ImportOptions(), NOW, keep_items=True)
    assert [item.reason for item in report.failed] == []


def exported(**which: Any) -> bytes:
    return file_of(with_everything(Article.objects.filter(**which)).get())


def rows() -> list[dict[str, Any]]:
    """All of each article that is not a number of the database's own or a time of this installation."""
    found = []
    left_out = {"id", "category_id", "outlet_id", "reviewed_by_id", "possible_duplicate_of_id", "created_at"}  # below
    for article in for_updating().order_by("external_id", "lang"):
        fields = {
            f.attname: getattr(article, f.attname) for f in Article._meta.concrete_fields if f.attname not in left_out
        }
        cover = getattr(article, "cover", None)
        found.append(fields | {
            "category": article.category.name,
            "outlet": (article.outlet.key, article.outlet.name) if article.outlet else None,
            "reviewed_by": article.reviewed_by and article.reviewed_by.username,
            "duplicate_of": article.possible_duplicate_of and article.possible_duplicate_of.external_id,
            "tags": sorted(article.tags.names()),
            "cover": (cover.urls, cover.alt, cover.credit, cover.focal_x, cover.focal_y) if cover else None,
            "former": sorted(article.former_slugs.values_list("slug", flat=True)),
            "mentions": list(article.mentions.order_by("first_offset").values_list("company__ticker", "count", "first_offset")),
        })  # fmt: skip
    return found


def names_in(folder: Path) -> list[str]:
    """Without the sidecar, which an export always writes."""
    return sorted(path.name for path in folder.iterdir() if path.name != sidecar.NAME)
