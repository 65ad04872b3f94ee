"""The picture of an article for a template: an allowed remote one, one of our own, and always a drawn one beneath."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from articles.drawn_covers import Recipe, draw
from articles.models import Article

# The widths that drawn covers come in; all pictures are shown at 16:9.
SIZES = {640: 360, 1200: 675}
_REMOTE_WIDTHS = {"thumb": 200, "small": 400, "regular": 1080}


@dataclass(frozen=True)
class CoverImages:
    """Addresses of an article's pictures. `remote` and `local` are empty when there is only the drawn one."""

    drawn: str
    drawn_large: str
    picture: str = ""
    srcset: str = ""
    is_remote: bool = False
    alt: str = ""
    credit: str = ""


def cover_images(article: Article) -> CoverImages:
    """Needs `mentions` prefetched and `cover` joined to ask no query."""
    name = recipe_of(article).digest
    drawn = {width: reverse("drawn_cover", args=[article.pk, name, width]) for width in SIZES}
    cover = getattr(article, "cover", None)
    alt, credit = (cover.alt, cover.credit) if cover else ("", "")
    if cover and cover.local_file:
        return CoverImages(drawn[640], drawn[1200], cover.local_file.url, alt=alt, credit=credit)
    remote = {size: url for size, url in (cover.urls if cover else {}).items() if is_allowed(url)}
    picture = remote.get("regular") or remote.get("small") or next(iter(remote.values()), "")
    srcset = ", ".join(f"{remote[size]} {width}w" for size, width in _REMOTE_WIDTHS.items() if size in remote)
    return CoverImages(drawn[640], drawn[1200], picture, srcset, bool(picture), alt, credit)


def is_allowed(url: str) -> bool:
    """Whether a reader's browser may be sent to this address: https, and a host that the settings allow."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and parts.hostname in settings.COVER_HOSTS and parts.port in (None, 443)
    except ValueError:
        return False


def recipe_of(article: Article) -> Recipe:
    tickers = tuple(sorted(mention.company.ticker for mention in article.mentions.all()))
    return Recipe(article.external_id, article.category.name, tickers, article.sentiment)


def drawn_file(recipe: Recipe, width: int) -> Path:
    """The file of a drawn cover; drawn and kept at its first use, under a name of its content."""
    path = Path(settings.MEDIA_ROOT) / "drawn" / recipe.digest[:2] / f"{recipe.digest}-{width}.webp"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(draw(recipe, width, SIZES[width]))
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise
    return path
