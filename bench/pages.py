"""SQL queries and time of each public page, with a small database and with 100 × its rows, in one run.

Exits 1 if home, list, article or company asks more than 8 queries, or another number of them when there is more to
look through. Where a page has many addresses the largest number of queries is the one that counts.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import corpus
from workbench import NOW, ROOT, database_in_words, print_table, second_database, temporary_site

LIMIT = 8
LIMITED = ("home", "list", "article", "company")
SMALL_ARTICLES = 50
FACTOR = 100
ROUNDS = 9
TIMED = 10  # addresses of one kind that are timed; queries are counted on all
BATCH = 500


def fill_small(folder: Path) -> None:
    """What `make run` loads, and generated articles."""
    from articles.collecting import collect
    from articles.importer import import_files
    from articles.options import ImportOptions
    from companies.shipped import import_shipped_if_empty

    import_shipped_if_empty()
    samples = [ROOT / "samples" / name for name in ("articles", "documents")]
    generated = corpus.write(folder / "small", SMALL_ARTICLES, seed=1)
    report = import_files(collect([*samples, *generated]), ImportOptions(accept_calls=True), NOW, keep_items=True)
    if report.failed:
        raise SystemExit(f"{report.failed[0].path}: {report.failed[0].reason}")


def multiply(copies: int) -> None:
    """Every article, document, call and event again, `copies` times, each time earlier, with all that belongs to it.

    Companies, firms, categories, outlets and tags stay as many as they are: there are only so many listed miners.
    """
    from django.db import transaction
    from taggit.models import TaggedItem

    from articles.models import Article, CompanyMention, Cover
    from companies.models import AnalystCall, Event, Evidence
    from sources.models import Document

    def rows(*models: Any) -> list[list[Any]]:
        return [list(model.objects.all()) for model in models]

    documents, calls, events, evidence, invited = rows(
        Document, AnalystCall, Event, Evidence, Event.companies.through
    )  # fmt: skip
    articles, covers, mentions, tagged = rows(Article, Cover, CompanyMention, TaggedItem)
    with transaction.atomic():
        for n in range(1, copies + 1):
            day, hour = (
                dt.timedelta(days=11 * n),
                dt.timedelta(hours=37 * n),
            )  # three years of calls, five months of news
            new = _copied(documents, lambda row, n=n: {"sha256": f"{n:08x}{row.sha256[8:]}"})
            new_calls = _copied(calls, lambda row, d=day: {"called_on": row.called_on - d})
            new_events = _copied(events, lambda row, d=day: {"date": row.date - d})
            _copied(invited, lambda row, e=new_events: {"event_id": e[row.event_id]})
            owners = {"document_id": new, "call_id": new_calls, "event_id": new_events}
            _copied(evidence, lambda row, o=owners: {key: o[key].get(getattr(row, key)) for key in o})
            new = _copied(
                articles,
                lambda row, n=n, h=hour: {
                    "external_id": f"{row.external_id}{n:02}",
                    "slug": f"{row.slug}-copy-{n}",
                    "published_at": row.published_at - h,
                    "updated_at": row.updated_at and row.updated_at - h,
                },
            )
            _copied(covers, lambda row, a=new: {"article_id": a[row.article_id]})
            _copied(mentions, lambda row, a=new: {"article_id": a[row.article_id]})
            _copied(tagged, lambda row, a=new: {"object_id": a[row.object_id]})


def _copied(rows: list[Any], changes: Callable[[Any], dict[str, Any]]) -> dict[int, int]:
    """New rows like `rows` but for `changes`, saved in bulk: the key of each by the key of the row that it copies."""
    if not rows:
        return {}
    model = type(rows[0])
    copies = []
    for row in rows:
        values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        del values["id"]
        copies.append(model(**{**values, **changes(row)}))
    model.objects.bulk_create(copies, batch_size=BATCH)
    return {row.pk: copy.pk for row, copy in zip(rows, copies, strict=True)}


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


@dataclass
class Measured:
    """One kind of page at one size: the most queries of any of its addresses, bytes of all, seconds of each round."""

    queries: int
    size: int
    seconds: list[float]


def look(client: Any, urls: list[str]) -> Measured:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = Measured(0, 0, [])
    for url in urls:
        client.get(url)  # templates compiled, content types known
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        if response.status_code != 200:
            raise SystemExit(f"{url} answered {response.status_code}")
        found.queries = max(found.queries, len(captured))
        found.size += len(response.content)
    return found


def measure(pages: dict[str, tuple[list[str], list[str]]], turn: Callable[[bool], None]) -> dict[str, list[Measured]]:
    """Each kind of page on the small database and on the large one, in turns: a busy moment then hits both alike."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    results = {}
    for name, both in pages.items():
        results[name] = []
        for large, urls in enumerate(both):
            turn(bool(large))
            results[name].append(look(client, urls))
        for _ in range(ROUNDS):
            for large, urls in enumerate(both):
                turn(bool(large))
                results[name][large].seconds.append(_seconds(client, urls[:TIMED]))
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
        print(f"Pages on {database_in_words()}, each made anew")
        print(f"small: {rows_in_words()}")
        pages = {name: (urls, urls) for name, urls in addresses().items()}
        last = last_page()
        with second_database() as turn:
            turn(True)
            multiply(FACTOR - 1)
            print(f"large: {rows_in_words()}\n")
            pages["list, last page"] = ([last], [last_page()])
            results = measure(pages, turn)
    rows, broken = [], []
    for name, (small, large) in results.items():
        bad = name in LIMITED and (max(small.queries, large.queries) > LIMIT or small.queries != large.queries)
        broken += [name] if bad else []
        pages_timed = min(TIMED, len(pages[name][0]))
        times = [median(size.seconds) / pages_timed * 1000 for size in (small, large)]
        rows.append((
            name, small.queries, large.queries, f"{times[0]:.1f}", f"{times[1]:.1f}",
            f"{times[1] / times[0]:.2f}", f"{large.size / small.size:.2f}", "FAILED" if bad else "",
        ))  # fmt: skip
    heading = ("page", "queries small", "large", "ms small", "large", "time large/small", "bytes large/small", "")
    print_table(heading, rows)
    if broken:
        print(f"\nMore than {LIMIT} queries, or not the same with more rows: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
