"""Tells articles and documents apart, by content: both may end in .txt. Pure."""

from __future__ import annotations

import re

from articles.front_matter import has_front_matter
from sources.encoding import UnreadableText

ARTICLE, DOCUMENT = "article", "document"
_KEYS_WITHOUT_FENCE = re.compile(r"\A\ufeff?\s*(?:title|description|externalId|publishedAt):\s", re.MULTILINE)


def kind_of(text: str) -> str:
    """article or document, by what stands first; raises UnreadableText for keys that lack their opening ---."""
    if has_front_matter(text):
        return ARTICLE
    if _KEYS_WITHOUT_FENCE.match(text):
        raise UnreadableText("front matter without its opening --- line", 1)
    return DOCUMENT
