"""Reading with a real browser: without JavaScript, without remote covers, by keyboard, and with nothing that jumps."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

LAYOUT_SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 100);
})"""
NATURAL_WIDTHS = "cover => [...cover.querySelectorAll('img')].map(image => image.naturalWidth)"
LOAD_ALL = """() => Promise.allSettled([...document.images].map(image => { image.loading = "eager"; return image.decode(); }))
  .then(() => [...document.images].filter(image => image.naturalWidth === 0).map(image => image.src))"""


ILLUSTRATED = "article with a remote cover"


def test_without_javascript_a_reader_moves_about_searches_and_opens_details(visitor: Visitor) -> None:
    page = visitor.open("/", java_script_enabled=False).page
    page.get_by_role("link", name="Archive").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All articles")
    page.get_by_role("searchbox").fill("hashprice")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("“hashprice”")
    first = page.locator("article.card h3 a").first
    title = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("not checked against source")).to_be_hidden()
    page.locator("summary").click()
    expect(page.get_by_text("not checked against source")).to_be_visible()
    page.get_by_role("link", name="Companies", exact=True).click()
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.locator(".company-head h1")).to_be_visible()


def test_a_call_on_the_front_page_leads_to_its_sentence(visitor: Visitor) -> None:
    page = visitor.open("/").page
    page.locator(".ticker-tape a").last.click()
    call = page.locator(f"#{page.url.split('#')[1]}")
    expect(call).to_be_in_viewport()
    expect(call.locator("blockquote").first).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_when_a_remote_cover_fails_the_drawn_one_beneath_is_what_is_seen(visitor: Visitor, width: int) -> None:
    visitor.covers_load = False
    page = visitor.open(ILLUSTRATED, width).page
    cover = page.locator(".story-cover .cover")
    drawn, remote = cover.evaluate(NATURAL_WIDTHS)
    assert drawn >= min(width, 640)
    assert remote == 0
    seen = cover.screenshot()
    cover.evaluate("cover => cover.querySelectorAll('img')[1].remove()")
    assert cover.screenshot() == seen
    box, frame = cover.locator("img").bounding_box(), cover.bounding_box()
    assert box == frame
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_when_a_remote_cover_loads_it_covers_the_drawn_one(visitor: Visitor) -> None:
    page = visitor.open(ILLUSTRATED).page
    cover = page.locator(".story-cover .cover")
    assert cover.evaluate(NATURAL_WIDTHS)[1] > 1000
    seen = cover.screenshot()
    cover.evaluate("cover => cover.querySelectorAll('img')[0].remove()")
    assert cover.screenshot() == seen


@pytest.mark.parametrize("address", ["/", "/articles/"])
def test_every_picture_of_the_page_loads(visitor: Visitor, address: str) -> None:
    visit = visitor.open(address)
    assert visit.page.evaluate("document.images.length") > 16
    assert visit.page.evaluate(LOAD_ALL) == []
    assert visit.messages == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_a_page_loads(visitor: Visitor, width: int) -> None:
    for name in ("home", ILLUSTRATED):
        assert visitor.open(name, width).page.evaluate(LAYOUT_SHIFT) < 0.01, name


def test_the_first_tab_leads_past_the_masthead_to_the_content(visitor: Visitor) -> None:
    page = visitor.open("/articles/").page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
