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

    def as_row(self) -> tuple[Any, ...]:
        """The values of COLUMNS for an article that is new."""
        return (self.at, "+", self.reason, self.user.pk if self.user else None)


COLUMNS = ("history_date", "history_type", "history_change_reason", "history_user_id")
HistoricalArticle = Article.history.model


def revise(article: Article, revision: Revision) -> None:
    """The next `article.save()` keeps a revision that says this."""
    # The attributes that simple-history looks for.
    vars(article).update(_change_reason=revision.reason, _history_date=revision.at, _history_user=revision.user)
