"""Saves raw documents. The same bytes are the same document."""

from __future__ import annotations

import hashlib

from sources.models import Document
from sources.plain_text import Story


def save_document(raw: bytes, story: Story, file_name: str = "") -> tuple[Document, bool]:
    """The document of these bytes, and whether it is new."""
    return Document.objects.get_or_create(
        sha256=hashlib.sha256(raw).hexdigest(),
        defaults={
            "raw": raw,
            "file_name": file_name[-255:],
            "title": story.headline[:500],
            "byline": story.byline[:300],
            "published_on": story.published_on,
            "text": story.text,
            "paragraphs": story.as_records(),
        },
    )
