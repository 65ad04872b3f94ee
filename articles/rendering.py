"""Markdown to safe HTML: the only place that makes HTML safe.

The renderer is comrak (CommonMark with tables, strikethrough and autolinks; chosen by bench/renderers.py), the sanitiser
nh3. Whatever comes out of `render` has passed the sanitiser; only our own constants are added after it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import comrak
import nh3
from django.utils.safestring import SafeString, mark_safe

# Raw HTML in the Markdown reaches the sanitiser, which keeps what is harmless; dropping it here would lose text.
_EXTENSIONS = comrak.ExtensionOptions()
_EXTENSIONS.table = _EXTENSIONS.strikethrough = _EXTENSIONS.autolink = True
_RENDERING = comrak.RenderOptions()
_RENDERING.unsafe_ = True
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer",
)

# Headings under which a machine comments. They are never shown as an author's view.
COMMENTARY_HEADINGS = ("from author", "from the author", "від автора")
_COMMENTARY_TITLES = {"від автора": "Коментар штучного інтелекту"}
_COMMENTARY_NOTES = {"від автора": "Написано машиною. Це не думка людини."}

_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_H1 = re.compile(r"<(/?)h1\b", re.IGNORECASE)
_SECTION = re.compile(r"(?=<h2>)")
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_TABLE = re.compile(r"(<table>.*?</table>)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_CELL_ALIGNMENT = re.compile(r'<(t[dh]) align="(left|right|center)">')
_OWN_LINK = re.compile(r'(<a href="/(?![/\\])[^"]*"(?: title="[^"]*")?) rel="[^"]*"')
# Elements that hold others; those that never do, or that close by themselves, make nothing deeper.
_HOLDER = re.compile(
    r"<(/?)(?!(?:p|br|hr|img|wbr|input|col|area|base|embed|link|meta|source|track)\b)[a-z]", re.IGNORECASE
)
_MAXIMUM_DEPTH = 100
# The sanitiser's time also grows with the square of a text's length: 2 MB of "&" take it half a minute, this much a
# third of a second. Real bodies have a few thousand characters.
_MAXIMUM_CHARACTERS = 200_000
_PIECE_OF_PLAIN_TEXT = 2_000
_NOTE = re.compile(r'<p class="commentary-note">.*?</p>')
_PIECE = re.compile(r"(<[^>]+>)")


def render(markdown: str) -> str:
    """The body of an article as safe HTML: headings from h2 down, tables that can scroll, AI commentary marked.

    A body longer or deeper than that of any article is shown as it was written.
    """
    if len(markdown) > _MAXIMUM_CHARACTERS:
        return _as_written(markdown)
    raw = comrak.render_markdown(markdown, extension_options=_EXTENSIONS, render_options=_RENDERING)
    if _too_deep(raw):
        return _as_written(markdown)
    raw = _IMAGE.sub(_image_as_link, raw)
    raw = _H1.sub(r"<\1h2", raw)
    clean = _CLEANER.clean(raw)
    clean = _OWN_LINK.sub(r"\1", clean)
    clean = _CELL_ALIGNMENT.sub(r'<\1 class="align-\2">', clean)
    clean = _TABLE.sub(r'<div class="table-scroll" tabindex="0" role="region" aria-label="Table">\1</div>', clean)
    return "".join(_section(part) for part in _SECTION.split(clean))


def _as_written(markdown: str) -> str:
    pieces = (markdown[at : at + _PIECE_OF_PLAIN_TEXT] for at in range(0, len(markdown), _PIECE_OF_PLAIN_TEXT))
    return f"<p>{''.join(_CLEANER.clean(html.escape(piece)) for piece in pieces)}</p>"


def _too_deep(raw: str) -> bool:
    """Whether elements stand inside each other as in no article: the sanitiser's time grows with the square of the depth."""
    depth = 0
    for match in _HOLDER.finditer(raw):
        depth = max(depth + (-1 if match.group(1) else 1), 0)
        if depth > _MAXIMUM_DEPTH:
            return True
    return False


def _image_as_link(match: re.Match[str]) -> str:
    """No page may fetch a picture from elsewhere: a picture in a body becomes a link to it, named by its alt text."""
    attributes = {name.lower(): value[1:-1] for name, value in _ATTRIBUTE.findall(match.group())}
    address = attributes.get("src", "")
    return f'<a href="{address}">{attributes.get("alt") or "Picture"}</a>' if address else ""


def _section(part: str) -> str:
    heading = _HEADING.match(part)
    if heading is None:
        return part
    name = " ".join(plain_text(heading.group(1)).split()).rstrip(" :").lower()
    if name not in COMMENTARY_HEADINGS:
        return part
    title = _COMMENTARY_TITLES.get(name, "AI commentary")
    note = _COMMENTARY_NOTES.get(name, "Written by a machine. It is no person’s view.")
    return (
        f'<section class="commentary"><h2>{title}</h2><p class="commentary-note">{note}</p>'
        f"{part[heading.end() :]}</section>"
    )


def plain_text(rendered: str) -> str:
    """The article's words of rendered HTML, without our own note above its commentary, for search and names."""
    return html.unescape(_TAG.sub(" ", _NOTE.sub("", rendered)))


def trusted(rendered: str) -> SafeString:
    """Marks HTML that `render` made, for templates. Never call it with anything else."""
    return mark_safe(rendered)  # noqa: S308


def link_names(rendered: str, links: Iterable[tuple[str, str]]) -> str:
    """Links the first occurrence of each (wording, address) in every section of rendered HTML.

    Not inside headings, links or code. Of wordings that begin alike the longest wins; wordings with one address share
    one link a section.
    """
    addresses = {html.escape(wording, quote=False): address for wording, address in links if wording}
    if not addresses:
        return rendered
    wordings = sorted(addresses, key=lambda wording: (-len(wording), wording))
    pattern = re.compile(r"(?<![\w$])(?:" + "|".join(map(re.escape, wordings)) + r")(?!\w)")
    linked: set[str] = set()

    def link(match: re.Match[str]) -> str:
        address = addresses[match.group()]
        if address in linked:
            return match.group()
        linked.add(address)
        return f'<a class="company" href="{html.escape(address)}">{match.group()}</a>'

    pieces = _PIECE.split(rendered)
    inside = 0
    for index, piece in enumerate(pieces):
        if piece.startswith("<"):
            if piece == "<h2>":
                linked.clear()
            if re.match(r"<(?:a|h[2-6]|code|pre|kbd)\b", piece):
                inside += 1
            elif re.match(r"</(?:a|h[2-6]|code|pre|kbd)>", piece):
                inside -= 1
        elif inside == 0:
            pieces[index] = pattern.sub(link, piece)
    return "".join(pieces)
