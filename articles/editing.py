"""Two who change an article at once: an editor whose form was open while an import, or another editor, saved it.

The form says which revision it was opened at, and which tags and documents, of which revisions know nothing, there were.
What the editor left alone stays as it has become since; what nobody else changed is the editor's; what both changed to
different values is handed back to the editor, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from articles.models import Article
from articles.revisions import HistoricalArticle

RELATED = ("tags", "documents")


@dataclass(frozen=True)
class Meanwhile:
    """What became of an article since a form was opened: as it was then, as it is now, and why it was changed last.

    `warned` has the revisions that an editor was told of, by the field in question. Foreign keys are told by their ids:
    what they point to may be gone.
    """

    before: Any
    now: Article
    newest: int
    reason: str
    warned: Mapping[str, Any] = field(default_factory=dict)

    def value_before(self, name: str) -> Any:
        return getattr(self.warned.get(name, self.before), _attribute(name))

    def value_now(self, name: str) -> Any:
        return getattr(self.now, _attribute(name))

    def changed(self, name: str) -> bool:
        return bool(self.value_before(name) != self.value_now(name))


def latest_revision(article: Article) -> int | None:
    """The number of the newest revision of a saved article."""
    newest = (
        HistoricalArticle.objects.filter(id=article.pk).order_by("-history_id").values_list("history_id", flat=True)
    )
    return newest.first() if article.pk else None


def related_of(article: Article) -> dict[str, list[Any]]:
    """The names of the tags and the ids of the documents that an article has."""
    if article.pk is None:
        return {"tags": [], "documents": []}
    return {
        "tags": sorted(article.tags.names()),
        "documents": sorted(article.documents.values_list("pk", flat=True)),
    }


def is_opened_with(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a form says soundly what it was opened with: as `related_of` does, and `warned`, field → revision."""
    if not isinstance(value, dict) or not all(isinstance(value.get(name), list) for name in RELATED):
        return False
    warned = value.get("warned", {})
    return (
        all(isinstance(name, str) for name in value["tags"])
        and all(type(pk) is int for pk in value["documents"])
        and isinstance(warned, dict)
        and all(type(number) is int for number in warned.values())
    )


def meanwhile(article: Article, opened_at: int, warned: Mapping[str, int]) -> Meanwhile | None:
    """What happened since the revision `opened_at`; None if nothing did. Locks the article until the transaction ends."""
    now = Article.objects.select_for_update().get(pk=article.pk)
    revisions = HistoricalArticle.objects.filter(id=article.pk).order_by("-history_id")
    newest = revisions.first()
    known = {
        revision.history_id: revision for revision in revisions.filter(history_id__in={opened_at, *warned.values()})
    }
    if newest is None or opened_at not in known or newest.history_id == opened_at:
        return None
    told = {name: known[number] for name, number in warned.items() if number in known}
    return Meanwhile(known[opened_at], now, newest.history_id, newest.history_change_reason or "a change", told)


def bring_up_to_date(article: Article, now: Article) -> None:
    """Gives the article in hand all values that it has in the database by now."""
    for column in Article._meta.concrete_fields:
        setattr(article, column.attname, getattr(now, column.attname))


def _attribute(name: str) -> str:
    return str(Article._meta.get_field(name).attname)  # type: ignore[union-attr]
