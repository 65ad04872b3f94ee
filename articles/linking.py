"""Keeps beside a saved article which companies it names, and the text that search looks in."""

from __future__ import annotations

from articles.mentions import CompanyNames, Links, find_links
from articles.models import Article, CompanyMention
from companies.name_index import NameIndex


def names_of(index: NameIndex) -> CompanyNames:
    """What `find_links` needs to know of the companies: plain data, that another process can be sent."""
    words = {ticker: f"{c.name} {c.legal_name} {c.ticker}" for ticker, c in index.company_by_ticker.items()}
    return CompanyNames(index.companies, words)


def link_companies(article: Article, index: NameIndex) -> tuple[str, ...]:
    """Saves the mentions and the search text of a saved article. Gives the names that were ambiguous."""
    on = article.published_at.date()
    links = find_links(article.title, article.description, article.body_html, on, names_of(index))
    save_links(article, links, index)
    return links.ambiguous


def save_links(article: Article, links: Links, index: NameIndex) -> None:
    """Saves links that were found; rows that are right already are left alone."""
    wanted = {
        index.company_by_ticker[named.ticker].pk: {
            "count": named.count,
            "first_offset": named.first_offset,
            "forms": list(named.forms),
        }
        for named in links.companies
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
    if links.search_text != article.search_text:
        article.search_text = links.search_text
        Article.objects.filter(pk=article.pk).update(search_text=links.search_text)
