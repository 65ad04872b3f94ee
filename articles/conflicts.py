"""Fields that an editor and a file both changed: what each side says, and settling it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from articles.article_saving import for_updating, take_from_file
from articles.editing import latest_revision
from articles.fields import read_fields
from articles.front_matter import split
from articles.models import Article
from articles.options import Settle
from articles.registry import Registry
from articles.revisions import Revision, revise
from articles.snapshots import snapshot_of_article, snapshot_of_fields
from companies.name_index import load_name_index
from sources.encoding import decode


class ChangedMeanwhile(RuntimeError):
    """The article is not what the one who settles has seen."""


@dataclass(frozen=True)
class Conflict:
    """One field: as the last file before had it (`base`), as it is here, and as the file now has it. JSON values."""

    field: str
    base: Any
    ours: Any
    theirs: Any


def open_conflicts(article: Article) -> list[Conflict]:
    """The conflicts of an article fetched with its original, in the order of the fields."""
    if not article.in_conflict:
        return []
    ours = snapshot_of_article(article)
    theirs = snapshot_of_fields(read_fields(split(decode(bytes(article.original.raw)))))
    return [
        Conflict(name, article.imported[name], ours[name], theirs[name]) for name in theirs if name in article.imported
    ]


def version_of(article: Article) -> str:
    """Changes with each revision, with each new file, and with each settling: nobody settles what they have not seen."""
    original = article.original.sha256 if hasattr(article, "original") else ""
    return f"{latest_revision(article)} {original} {','.join(sorted(article.imported))}"


def settle(pk: int, choices: Mapping[str, Settle], revision: Revision, seen: str | None = None) -> Article:
    """Settles the fields of `choices` for one side each; those that are not in it stay open. Gives the article as saved.

    `seen` is the `version_of` the article that was looked at; raises ChangedMeanwhile when it is another by now.
    """
    with transaction.atomic():
        article = for_updating().get(pk=pk)
        if seen is not None and seen != version_of(article):
            raise ChangedMeanwhile
        found = {conflict.field for conflict in open_conflicts(article)}
        taken = [name for name, side in choices.items() if side == Settle.THEIRS and name in found]
        left = {name: base for name, base in article.imported.items() if choices.get(name, Settle.ASK) == Settle.ASK}
        article.imported, article.in_conflict = left, bool(left)
        if taken:
            revise(article, revision)
            fields = read_fields(split(decode(bytes(article.original.raw))))
            registry = Registry()
            registry.learn([fields])
            take_from_file(article, fields, taken, load_name_index(), registry)
        else:
            Article.objects.filter(pk=pk).update(imported=left, in_conflict=bool(left))
    return article
