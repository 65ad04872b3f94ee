"""Every public page in a real browser, on a phone and on a desk, light and dark: sound, accessible, no wider than it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import COVER_HOST, Visit, Visitor

PAGES = [
    "/",
    "/articles/",
    "/articles/2026/11/",
    "/articles/what-a-price-target-is/",
]
