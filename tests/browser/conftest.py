"""A real site with the samples on it, and a real Chromium to open it in."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test.utils import modify_settings
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from articles import importer
from articles.collecting import collect
from articles.models import Article, Cover
from articles.options import ImportOptions
from companies.shipped import import_shipped_if_empty
from tests.browser.pages import NOW, PAGES
from tests.cast import (
    make_article,
    make_call,
    make_category,
    make_company,
    make_document,
    make_firm,
    make_outlet,
)
from tests.conftest import SAMPLES

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ELSEWHERE = re.compile(r"https?://(?!localhost[:/])")
COVER_HOST = "images.unsplash.com"
REMOTE_COVER = f"https://{COVER_HOST}/photo-1"
# Words that no line can hold, as headlines and firms' names in the wild come near to.
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_BODY = f"""## {LONG}

{LONG}{LONG} and https://example.com/{"a" * 200} and `{"code" * 40}`.

| {" | ".join(f"Column {n}" for n in range(12))} |
| {" | ".join(["---"] * 12)} |
| {" | ".join([LONG[:20]] * 12)} |

```
{"x = 1; " * 60}
```

- {LONG * 2}

> {LONG * 2}

## From author

{LONG * 2}
"""


def orange_picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (1080, 608), "#ec8f58").save(file, "PNG")
    return file.getvalue()


ORANGE = orange_picture()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return NOW


@pytest.fixture(scope="package")
def chromium_path() -> str:
    """Where the installed Chromium is; every test of this folder skips where there is none."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(CHROMIUMS)}): browser tests are left out")
    return path


@pytest.fixture(scope="package")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, filled once for all tests of this folder and emptied after the last, not rolled back after each.

    It goes by the name of pytest-django's fixture, which makes a test database only for tests that ask for one.
    """
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="package")
def site(chromium_path: str, db: None) -> Iterator[Site]:
    """A server with all samples, some of them with a remote cover."""
    load_samples()
    with modify_settings(ALLOWED_HOSTS={"append": "localhost"}):
        server = LiveServer("localhost")
        yield Site(server.url, {name: address() for name, address in PAGES.items()})
        server.stop()


@pytest.fixture(scope="package")
def chromium(chromium_path: str, site: Site) -> Iterator[Browser]:
    """Starts after the database is filled and ends before it is emptied.

    Playwright keeps an event loop running in this thread, and Django gives code inside of one another connection.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


def load_samples() -> None:
    import_shipped_if_empty()
    files = collect([SAMPLES / "articles", SAMPLES / "documents"])
    report = importer.import_files(files, ImportOptions(accept_calls=True), NOW, keep_items=True)
    assert report.failed == []
    urls = {size: f"{REMOTE_COVER}?{size}" for size in ("regular", "small", "thumb")}
    for article in Article.objects.published(NOW).newest_first()[:3]:
        Cover.objects.update_or_create(article=article, defaults={"urls": urls, "credit": "Photo: Ada Quill"})
    load_long_words()


def load_long_words() -> None:
    company = make_company(
        f"{LONG} Mining", "LONGWORD1", legal_name=LONG * 2, exchange=LONG[:30], website=f"https://{LONG[:50]}.example/"
    )
    make_call(
        company=company,
        firm=make_firm(f"{LONG} & Sons"),
        analysts=[LONG],
        document=make_document(f"{LONG}\n\n{LONG * 2} $12.\n", byline=LONG),
        quote=f"{LONG * 2} $12.",
        rating=LONG[:60],
        called_on=NOW.date(),
        target=Decimal("12345.25"),
        previous_target=Decimal("12345.25"),
        price=Decimal("12345.25"),
        currency="JPY",
    )
    make_article(
        title=f"{LONG} {company.name} {LONG}",
        slug="long-words",
        description=LONG * 2,
        body=f"{company.name}. {LONG_BODY}",
        tags=[LONG],
        cta=[LONG * 2],
        category=make_category(LONG),
        outlet=make_outlet(LONG),
        source_url=f"https://example.com/{'a' * 200}",
        published_at=NOW - dt.timedelta(days=9),
        lang="en",
    )


@dataclass(frozen=True)
class Site:
    """`pages` are the addresses of the pages of `PAGES`, by name."""

    url: str
    pages: dict[str, str]


@dataclass
class Visit:
    """A page that was opened, and what it did meanwhile: messages of its console, addresses it asked for."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def hosts(self) -> set[str]:
        return {urlsplit(address).hostname or "" for address in self.requests if not address.startswith("data:")}


@dataclass
class Visitor:
    """Opens pages, by name or address, each in a window of its own. `covers_load` says whether remote covers do."""

    browser: Browser
    site: Site
    covers_load: bool = True
    windows: list[BrowserContext] = field(default_factory=list)

    def open(self, page: str, width: int = 1280, **options: object) -> Visit:
        window = self.browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        self.windows.append(window)
        window.route(ELSEWHERE, self._answer)
        visit = Visit(window.new_page())
        visit.page.on("console", lambda message: self._note(visit, message))
        visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.goto(self.site.url + self.site.pages.get(page, page), wait_until="load")
        return visit

    def _answer(self, route: Route) -> None:
        if self.covers_load and urlsplit(route.request.url).hostname == COVER_HOST:
            route.fulfill(content_type="image/png", body=ORANGE)
        else:
            route.abort()

    @staticmethod
    def _note(visit: Visit, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.messages.append(message.text)


@pytest.fixture
def visitor(chromium: Browser, site: Site) -> Iterator[Visitor]:
    visitor = Visitor(chromium, site)
    yield visitor
    for window in visitor.windows:
        window.close()
