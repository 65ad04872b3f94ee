"""SQL queries and time of each public page, with a small database and with 100 × its rows, in one run.

Exits 1 if home, list, article or company asks more than 8 queries, or another number of them when there is more to
look through. Where a page has many addresses the largest number of queries is the one that counts.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import corpus
from workbench import NOW, ROOT, database_in_words, print_table, temporary_site

LIMIT = 8
LIMITED = ("home", "list", "article", "company")
SMALL_ARTICLES = 50
FACTOR = 100
ROUNDS = 9
BATCH = 500


def fill_small(folder: Path) -> None:
    """What `make run` loads, and generated articles."""
    from articles.collecting import collect
    from articles.importer import ImportOptions, import_files
    from companies.shipped import import_shipped_if_empty

    import_shipped_if_empty()
    samples = [ROOT / "samples" / name for name in ("articles", "documents")]
    generated = corpus.write(folder / "small", SMALL_ARTICLES, seed=1)
    report = import_files(collect([*samples, *generated]), ImportOptions(accept_calls=True), NOW)
    if report.failed:
        raise SystemExit(f"{report.failed[0].path}: {report.failed[0].reason}")


def fill_large(folder: Path) -> None:
    """Articles until there are 100 × as many, through the importer; documents, calls and events copied in bulk."""
    from django.db import transaction

    from articles.collecting import collect
    from articles.importer import ImportOptions, import_files
    from articles.models import Article

    have = Article.objects.count()
    missing = have * (FACTOR - 1)
    # Later versions of a story make no article of their own, so a few files more are written.
    paths = corpus.write(folder / "large", missing + missing // 400 + 2, seed=2)
    with transaction.atomic():
        report = import_files(collect(paths), ImportOptions(), NOW)
        if report.failed:
            raise SystemExit(f"{report.failed[0].path}: {report.failed[0].reason}")
        surplus = Article.objects.filter(pk__in=[item.article_id for item in report.items]).order_by("-pk")
        Article.objects.filter(pk__in=surplus.values("pk")[: Article.objects.count() - have * FACTOR]).delete()
        copy_calls(FACTOR - 1)


def copy_calls(copies: int) -> None:
    """Every document, call and event again, `copies` times, each time eleven days earlier: three years of them."""
    from companies.models import AnalystCall, Event, Evidence
    from sources.models import Document

    documents, calls, events = (list(model.objects.all()) for model in (Document, AnalystCall, Event))
    evidence = list(Evidence.objects.all())
    companies_of = {event.pk: list(event.companies.all()) for event in events}
    for number in range(1, copies + 1):
        earlier = dt.timedelta(days=11 * number)
        new_documents = _copied(documents, lambda d, n=number: {"sha256": f"{n:08x}{d.sha256[8:]}"})
        new_calls = _copied(calls, lambda c, e=earlier: {"called_on": c.called_on - e})
        new_events = _copied(events, lambda v, e=earlier: {"date": v.date - e})
        links = [
            Event.companies.through(event=new_events[pk], company=company)
            for pk, companies in companies_of.items()
            for company in companies
        ]
        Event.companies.through.objects.bulk_create(links, batch_size=BATCH)
        _copied(
            evidence,
            lambda row, d=new_documents, c=new_calls, v=new_events: {
                "document": d[row.document_id],
                "call": c.get(row.call_id),
                "event": v.get(row.event_id),
            },
        )


def _copied(rows: list[Any], changes: Any) -> dict[int, Any]:
    """New rows like `rows` with `changes`, saved in bulk, by the key of the row that they copy."""
    copies = {}
    for row in rows:
        values = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
        foreign = [field for field in row._meta.concrete_fields if field.is_relation]
        values |= {field.attname: values.pop(field.name) for field in foreign}
        del values["id"]
        changed = changes(row)
        for name in changed:
            values.pop(f"{name}_id", None)
        copies[row.pk] = type(row)(**{**values, **changed})
    if copies:
        next(iter(copies.values())).__class__.objects.bulk_create(copies.values(), batch_size=BATCH)
    return copies


def addresses() -> dict[str, list[str]]:
    """Every kind of page with the addresses to try; taken from the small database, so that both sizes get the same."""
    from django.db.models import Count
    from taggit.models import Tag

    from articles.models import Article, Category
    from companies.models import Company
    from sources.models import Outlet

    most = {"n": Count("taggit_taggeditem_items")}
    tag = Tag.objects.annotate(**most).order_by("-n", "name").first()
    category = Category.objects.annotate(n=Count("articles")).order_by("-n", "name").first()
    outlet = Outlet.objects.annotate(n=Count("articles")).order_by("-n", "name").first()
    articles = Article.objects.published(NOW).order_by("pk")
    return {
        "home": ["/"],
        "list": ["/articles/"],
        "article": [article.get_absolute_url() for article in articles],
        "company": [company.get_absolute_url() for company in Company.objects.order_by("ticker")],
        "companies": ["/companies/"],
        "targets": ["/targets/"],
        "category": [category.get_absolute_url()],
        "tag": [f"/tags/{tag.slug}/"],
        "sentiment": ["/sentiment/negative/"],
        "source": [outlet.get_absolute_url()],
        "month": ["/articles/2026/02/"],
        "search": ["/search/?q=power+grid"],
        "search, no hit": ["/search/?q=zyzzyva"],
        "methodology": ["/methodology/"],
    }


def last_page() -> str:
    """The archive's last page: as many rows to skip as there can be."""
    from django.conf import settings

    from articles.models import Article

    count = Article.objects.published(NOW).in_language("en").count()
    return f"/articles/?page={-(-count // settings.ARTICLES_PER_PAGE)}"


def measure(pages: dict[str, list[str]]) -> dict[str, tuple[int, float, float]]:
    """The largest number of queries, the time and the bytes of a page of each kind."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    results = {}
    for name, urls in pages.items():
        queries, size = 0, 0
        for url in urls:
            client.get(url)  # templates compiled, connection open
            with CaptureQueriesContext(connection) as captured:
                response = client.get(url)
            if response.status_code != 200:
                raise SystemExit(f"{url} answered {response.status_code}")
            queries = max(queries, len(captured))
            size += len(response.content)
        times = [_seconds(client, urls) for _ in range(ROUNDS)]
        results[name] = (queries, median(times) / len(urls), size / len(urls))
    return results


def _seconds(client: Any, urls: Iterable[str]) -> float:
    start = time.perf_counter()
    for url in urls:
        client.get(url)
    return time.perf_counter() - start


def rows_in_words() -> str:
    from articles.models import Article, CompanyMention
    from companies.models import AnalystCall, Company, Evidence
    from sources.models import Document

    kinds = {"articles": Article, "mentions": CompanyMention, "calls": AnalystCall, "quotes": Evidence,
             "documents": Document, "companies": Company}  # fmt: skip
    return ", ".join(f"{model.objects.count():,} {word}" for word, model in kinds.items())


def main() -> int:
    with temporary_site() as folder:
        fill_small(folder)
        pages = addresses()
        print(f"Pages on {database_in_words()}, each made anew")
        print(f"small: {rows_in_words()}")
        small = measure({**pages, "list, last page": [last_page()]})
        fill_large(folder)
        print(f"large: {rows_in_words()}\n")
        large = measure({**pages, "list, last page": [last_page()]})
    rows, broken = [], []
    for name, (queries, seconds, size) in small.items():
        queries_large, seconds_large, size_large = large[name]
        bad = name in LIMITED and (max(queries, queries_large) > LIMIT or queries != queries_large)
        broken += [name] if bad else []
        rows.append((
            name, queries, queries_large, f"{seconds * 1000:.1f}", f"{seconds_large * 1000:.1f}",
            f"{seconds_large / seconds:.2f}", f"{size_large / size:.2f}", "FAILED" if bad else "",
        ))  # fmt: skip
    heading = ("page", "queries small", "large", "ms small", "large", "time large/small", "bytes large/small", "")
    print_table(heading, rows)
    if broken:
        print(f"\nMore than {LIMIT} queries, or not the same with more rows: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
