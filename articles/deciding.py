"""What an editor decides about many articles at once, with a revision of each that it changes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from articles import bulk_rows
from articles.models import Article
from articles.revisions import COLUMNS, HistoricalArticle, Revision

_AT_ONCE = 500


def decide(articles: QuerySet[Article], values: dict[str, Any], revision: Revision) -> int:
    """Gives `articles` the values, and those a revision that were otherwise before; says how many those were.

    Three queries for each five hundred: `bulk_update_with_history` asks more the more articles there are.
    """
    keys = list(articles.order_by().values_list("pk", flat=True))
    changed = 0
    with transaction.atomic():
        for start in range(0, len(keys), _AT_ONCE):
            found = Article.objects.select_for_update().filter(~Q(**values), pk__in=keys[start : start + _AT_ONCE])
            rows = list(found.order_by("pk"))
            for article in rows:
                for name, value in values.items():
                    setattr(article, name, value)
            Article.objects.filter(pk__in=[article.pk for article in rows]).update(**values)
            bulk_rows.insert(HistoricalArticle, COLUMNS, (revision.as_row(article, "~") for article in rows))
            changed += len(rows)
    return changed
