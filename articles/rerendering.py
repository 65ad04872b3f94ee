"""Makes again what is derived from an article's text: its HTML, its mentions, its search text."""

from __future__ import annotations

from collections import Counter

from django.db import transaction

from articles.linking import link_companies
from articles.models import Article
from articles.rendering import render
from companies.name_index import load_name_index


def rerender(dry_run: bool = False) -> Counter[str]:
    """Counts of updated and unchanged articles."""
    counts: Counter[str] = Counter()
    index = load_name_index()
    with transaction.atomic():
        for article in Article.objects.prefetch_related("mentions").iterator(chunk_size=500):
            before = _derived(article)
            # Past `save()`: what is derived is no change of the article, and makes no revision.
            article.body_html = render(article.body)
            Article.objects.filter(pk=article.pk).update(body_html=article.body_html)
            link_companies(article, index)
            fresh = Article.objects.prefetch_related("mentions").get(pk=article.pk)
            counts["updated" if _derived(fresh) != before else "unchanged"] += 1
        transaction.set_rollback(dry_run)
    return counts


def _derived(article: Article) -> tuple[object, ...]:
    mentions = [(m.company_id, m.count, m.first_offset, tuple(m.forms)) for m in article.mentions.all()]
    return article.body_html, article.search_text, sorted(mentions)
