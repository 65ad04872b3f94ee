"""Every public page in a real browser, on a phone and on a desk, light and dark: sound, accessible, no wider than it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe
from playwright.sync_api import Page

from tests.browser.conftest import COVER_HOST, Visitor
from tests.browser.pages import PAGES

PHONE, DESK = 390, 1280

# Elements that reach over the right edge of the window, and are not inside one that scrolls or clips.
OVERFLOWING = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const clipped = e => e && e !== document.body && (getComputedStyle(e).overflowX !== "visible" || clipped(e.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > width + 0.5 && !clipped(e.parentElement))
    .map(e => `${e.tagName}.${e.className} to ${Math.round(e.getBoundingClientRect().right)}`);
}"""
PICTURES_WITHOUT_SIZE = """() => [...document.images]
  .filter(i => !(i.getAttribute("width") > 0 && i.getAttribute("height") > 0)).map(i => i.outerHTML)"""


CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}


def violations(page: Page, options: dict[str, object] = DEFAULT_OPTIONS) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_sound_accessible_and_no_wider_than_the_window(visitor: Visitor, name: str) -> None:
    visit = visitor.open(name, PHONE)
    for width in (PHONE, DESK):
        visit.page.set_viewport_size({"width": width, "height": 900})
        assert visit.page.evaluate(OVERFLOWING) == [], width
        assert violations(visit.page) == [], width
    visit.page.emulate_media(color_scheme="dark")
    assert violations(visit.page, CONTRAST) == [], "dark"
    assert visit.page.evaluate(PICTURES_WITHOUT_SIZE) == []
    assert [message for message in visit.messages if name != "not found" or "404" not in message] == []
    assert visit.hosts <= {"localhost", COVER_HOST}
    assert (COVER_HOST in visit.hosts) or name != "article with a remote cover"


@pytest.mark.parametrize(
    "name", ["home", "article", "companies", "targets", *(name for name in PAGES if "long" in name)]
)
def test_the_page_fits_windows_of_every_width(visitor: Visitor, name: str) -> None:
    page = visitor.open(name).page
    for width in (320, 480, 640, 768, 960, 1024, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOWING) == [], width
