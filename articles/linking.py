"""Finds the companies an article names, and keeps that beside it: mentions, and the text that search looks in."""

from __future__ import annotations

from collections import defaultdict

from articles.folding import folded
from articles.models import Article, CompanyMention
from articles.rendering import plain_text
from companies.name_index import NameIndex


def link_companies(article: Article, index: NameIndex) -> tuple[str, ...]:
    """Saves the mentions and the search text of a saved article. Gives the names that were ambiguous."""
    story = plain_text(article.body_html)
    text = f"{article.title}\n\n{article.description}\n\n{story}"
    mentions = index.companies.find(text, article.published_at.date())
    spans = defaultdict(list)
    for mention in mentions.found:
        spans[mention.owner].append(mention)
    wanted = {
        index.company_by_ticker[ticker].pk: {
            "count": len(found),
            "first_offset": found[0].start,
            "forms": list(dict.fromkeys(text[m.start : m.end] for m in found)),
        }
        for ticker, found in spans.items()
    }
    kept = {row.company_id: row for row in article.mentions.all()} if article.search_text else {}
    gone = [row.pk for company, row in kept.items() if company not in wanted]
    if gone:
        CompanyMention.objects.filter(pk__in=gone).delete()
    for company, row in kept.items():
        values = wanted.pop(company, None)
        if values is not None and any(getattr(row, field) != value for field, value in values.items()):
            for field, value in values.items():
                setattr(row, field, value)
            row.save()
    CompanyMention.objects.bulk_create(
        CompanyMention(article=article, company_id=company, **values) for company, values in wanted.items()
    )
    companies = [index.company_by_ticker[ticker] for ticker in spans]
    words = [article.title, article.description, story]
    words += [f"{company.name} {company.legal_name} {company.ticker}" for company in companies]
    search_text = folded("\n".join(words))
    if search_text != article.search_text:
        article.search_text = search_text
        Article.objects.filter(pk=article.pk).update(search_text=search_text)
    return mentions.ambiguous
