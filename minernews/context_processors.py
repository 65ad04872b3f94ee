"""What every page's frame needs; nothing of it depends on the reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

NAVIGATION = (
    ("home", "News"),
    ("archive", "Archive"),
    ("companies", "Companies"),
    ("targets", "Price targets"),
    ("methodology", "Methodology"),
)


def site(request: HttpRequest) -> dict[str, Any]:
    match = request.resolver_match
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_TAGLINE": settings.SITE_TAGLINE,
        "language": translation.get_language(),
        # The words of the frame are English on every page so far; what stands in it says its own language.
        "interface_language": settings.LANGUAGE_CODE,
        "navigation": NAVIGATION,
        "here": match.url_name if match else "",
        "page_address": request.build_absolute_uri(request.path),
    }
