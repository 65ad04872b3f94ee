"""A real site with the samples on it, and a real Chromium to open it in."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test.utils import modify_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from articles import importer
from articles.collecting import collect
from articles.models import Article, Cover
from companies.shipped import import_shipped_if_empty
from tests.conftest import SAMPLES

# The samples are dated up to November 2026; the site's clock stands after the last of them.
NOW = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)
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
COVER_HOST = "images.unsplash.com"
REMOTE_COVER = f"https://{COVER_HOST}/photo-1"
# A picture of one orange pixel.
TINY_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63d89023030002520110e75cd3e8"
    "0000000049454e44ae426082"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return NOW


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The installed Chromium; every test of this folder skips where there is none."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(CHROMIUMS)}): browser tests are left out")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop running in this thread; Django would refuse it the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium: Browser, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a server with all samples, one of them with a remote cover; loaded once, emptied at the end."""
    with django_db_blocker.unblock(), modify_settings(ALLOWED_HOSTS={"append": "localhost"}):
        load_samples()
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        call_command("flush", interactive=False, verbosity=0)


def load_samples() -> None:
    import_shipped_if_empty()
    files = collect([SAMPLES / "articles", SAMPLES / "documents"])
    report = importer.import_files(files, importer.ImportOptions(accept_calls=True), NOW)
    assert report.failed == []
    urls = {size: f"{REMOTE_COVER}?{size}" for size in ("regular", "small", "thumb")}
    for article in Article.objects.published(NOW).newest_first()[:3]:
        Cover.objects.update_or_create(article=article, defaults={"urls": urls, "credit": "Photo: Ada Quill"})


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
    """Opens pages of the site, each in a window of its own. `covers_load` says whether remote covers do."""

    browser: Browser
    site: str
    covers_load: bool = True
    windows: list[BrowserContext] = field(default_factory=list)

    def open(self, address: str, width: int = 1280, **options: object) -> Visit:
        window = self.browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        self.windows.append(window)
        window.route("**/*", self._answer)
        visit = Visit(window.new_page())
        visit.page.on("console", lambda message: self._note(visit, message))
        visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.goto(self.site + address, wait_until="load")
        return visit

    def _answer(self, route: Route) -> None:
        host = urlsplit(route.request.url).hostname
        if host == urlsplit(self.site).hostname:
            route.continue_()
        elif host == COVER_HOST and self.covers_load:
            route.fulfill(content_type="image/png", body=TINY_PNG)
        else:
            route.abort()

    @staticmethod
    def _note(visit: Visit, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.messages.append(message.text)


@pytest.fixture
def visitor(chromium: Browser, site: str) -> Iterator[Visitor]:
    visitor = Visitor(chromium, site)
    yield visitor
    for window in visitor.windows:
        window.close()
