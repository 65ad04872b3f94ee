"""Who changed an article, when and why: what its revisions say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from articles.models import Article


@dataclass(frozen=True)
class Revision:
    """`reason` is one line, such as "import 12"; `user` is None for a command."""

    at: dt.datetime
    reason: str
    user: User | None = None

    def as_row(self, article: Article, kind: str) -> list[Any]:
        """The values of COLUMNS: the article as it is, and what is said of it. `kind` is "+" if it is new, else "~"."""
        said = (self.at, kind, self.reason, self.user.pk if self.user else None)
        return [*(getattr(article, name) for name in _KEPT), *said]


HistoricalArticle = Article.history.model
_KEPT = [field.attname for field in HistoricalArticle._meta.concrete_fields if not field.name.startswith("history_")]
COLUMNS = (*_KEPT, "history_date", "history_type", "history_change_reason", "history_user_id")


def revise(article: Article, revision: Revision) -> None:
    """The next `article.save()` keeps a revision that says this."""
    # The attributes that simple-history looks for.
    vars(article).update(_change_reason=revision.reason, _history_date=revision.at, _history_user=revision.user)
