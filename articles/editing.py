"""Two who change an article at once: an editor whose form was open while an import, or another editor, saved it.

The form says which revision it was opened at. What the editor left alone stays as it has become since; what nobody else
changed is the editor's; what both changed to different values is handed back to the editor, and nothing is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from articles.models import Article
from articles.revisions import HistoricalArticle


@dataclass(frozen=True)
class Meanwhile:
    """What became of an article since a form was opened: as it was then, as it is now, and why it was changed last."""

    before: Any
    now: Article
    reason: str

    def changed(self, name: str) -> bool:
        return bool(getattr(self.before, name) != getattr(self.now, name))


def latest_revision(article: Article) -> int | None:
    """The number of the newest revision of a saved article."""
    newest = (
        HistoricalArticle.objects.filter(id=article.pk).order_by("-history_id").values_list("history_id", flat=True)
    )
    return newest.first() if article.pk else None


def meanwhile(article: Article, opened_at: int) -> Meanwhile | None:
    """What happened since the revision `opened_at`; None if nothing did. Locks the article until the transaction ends."""
    now = Article.objects.select_for_update().get(pk=article.pk)
    revisions = HistoricalArticle.objects.filter(id=article.pk).order_by("-history_id")
    newest = revisions.first()
    before = revisions.filter(history_id=opened_at).first()
    if newest is None or before is None or newest.history_id == opened_at:
        return None
    return Meanwhile(before, now, newest.history_change_reason or "a change")


def bring_up_to_date(article: Article, now: Article) -> None:
    """Gives the article in hand all values that it has in the database by now."""
    for field in Article._meta.concrete_fields:
        setattr(article, field.attname, getattr(now, field.attname))
