"""The language of a page is the language of its address: /uk/… or none. Never the browser's, never a cookie's."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageOfAddressMiddleware:
    """Activates the language that the path begins with, else the site's own.

    Django's LocaleMiddleware would do the same and add `Vary: Accept-Language` to pages that do not vary.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response
