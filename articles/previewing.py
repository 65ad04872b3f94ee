"""What a previewed file would look like: an article as rendered, a document's calls as read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from articles.fields import read_fields
from articles.front_matter import split
from articles.kinds import ARTICLE
from articles.models import ImportItem
from articles.rendering import render, trusted
from companies.calls import Call, extract
from companies.name_index import NameIndex
from sources.encoding import decode, repair_lines
from sources.plain_text import read_story


@dataclass(frozen=True)
class Preview:
    """`html` is empty for a document, `calls` for an article."""

    title: str
    description: str = ""
    html: SafeString | str = ""
    calls: tuple[Call, ...] = ()


def preview(item: ImportItem, index: NameIndex) -> Preview | None:
    """The preview of an item whose upload is kept; None for one that failed."""
    if item.outcome == ImportItem.Outcome.FAILED or not item.raw:
        return None
    text = decode(bytes(item.raw))
    if item.kind == ARTICLE:
        fields = read_fields(split(text))
        return Preview(fields.title, fields.description, trusted(render(fields.body)))
    story = read_story(repair_lines(text)[0])
    return Preview(
        story.headline, calls=extract(story.text, story.story_spans(), index.companies, index.firms, story.published_on)
    )
