"""The front page, search, and what machines and mistakes get."""

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.utils import timezone, translation

from articles.models import Article
from articles.pagination import page_number, page_of
from companies.models import Company
from minernews.front_page import front_page


def home(request: HttpRequest) -> HttpResponse:
    page = front_page(translation.get_language(), timezone.now())
    if page.lead is None and translation.get_language() != settings.LANGUAGE_CODE:
        raise Http404("no articles in this language")
    return render(request, "home.html", {"front": page})


def search(request: HttpRequest) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:200]
    articles = Article.objects.published().in_language(translation.get_language()).matching(words)
    page = page_of(articles, page_number(request), settings.ARTICLES_PER_PAGE)
    companies = Company.objects.matching(words)[:6]
    return render(request, "search.html", {"words": words, "page": page, "companies": companies})


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /admin/\nDisallow: /search/\n", content_type="text/plain")


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this by themselves where a page names no icon, as the admin's do not."""
    return redirect(static("icon.svg"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: whatever broke the page must not break the message."""
    return HttpResponseServerError(loader.render_to_string("500.html"))
