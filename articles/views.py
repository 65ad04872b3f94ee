"""Pages of articles: one of them, and lists by date, category, tag, sentiment and source."""

import datetime as dt

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from taggit.models import Tag

from articles.covers import SIZES, drawn_file, recipe_of
from articles.models import Article, Category
from articles.pagination import page_number, page_of
from articles.querysets import ArticleQuerySet
from articles.reading import Reading
from sources.models import Outlet


def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    articles = Article.objects.published(now).in_language(translation.get_language())
    article = articles.for_reading().filter(slug=slug).first()
    if article is None:
        return _present_address(request, slug, now)
    return render(request, "articles/article_detail.html", {"article": article, "reading": Reading(article, now)})


def _present_address(request: HttpRequest, slug: str, now: dt.datetime) -> HttpResponse:
    """Leads from a former address of a public article to the one it has now, whichever came between."""
    former = {"former_slugs__lang": translation.get_language(), "former_slugs__slug": slug}
    article = get_object_or_404(Article.objects.published(now).only("lang", "slug"), **former)
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(article.get_absolute_url() + (f"?{query}" if query else ""))
    # An editor may go back to the old address: browsers that kept this for good would then go in circles.
    response["Cache-Control"] = "no-cache"
    return response


def archive(request: HttpRequest) -> HttpResponse:
    return _list(request, _public(), kicker="Archive", heading="All articles")


def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    try:
        first = dt.datetime(year, month, 1, tzinfo=dt.UTC)
        after = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        raise Http404("no such month") from None
    articles = _public().filter(published_at__gte=first, published_at__lt=after)
    return _list(request, articles, kicker="Archive", heading=f"{first:%B %Y}", must_exist=True)


def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Category, slug=slug)
    return _list(request, _public().filter(category=found), kicker="Category", heading=found.name, must_exist=True)


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Tag, slug=slug)
    return _list(request, _public().filter(tags=found), kicker="Tag", heading=found.name, must_exist=True)


def sentiment(request: HttpRequest, mood: str) -> HttpResponse:
    articles = _public().filter(sentiment=mood.upper())
    return _list(request, articles, kicker="Sentiment", heading=mood.capitalize(), sentiment=mood.upper())


def source(request: HttpRequest, key: str) -> HttpResponse:
    found = get_object_or_404(Outlet, key=key)
    articles = _public().filter(outlet=found)
    return _list(request, articles, kicker="Source", heading=found.name, must_exist=True, outlet=found)


def drawn_cover(request: HttpRequest, pk: int, digest: str, width: int) -> FileResponse:
    """The drawn picture of a public article; its address holds a digest of its content, so it may be kept for ever."""
    if width not in SIZES:
        raise Http404("no such size")
    articles = Article.objects.select_related("category").prefetch_related("mentions__company")
    article = get_object_or_404(articles, pk=pk)
    recipe = recipe_of(article)
    if recipe.digest != digest or not (article.is_public() or request.user.is_staff):
        raise Http404("no such cover")
    response = FileResponse(drawn_file(recipe, width).open("rb"), content_type="image/webp")
    response["Cache-Control"] = "public, max-age=31536000, immutable" if article.is_public() else "private, no-store"
    return response


def _public() -> ArticleQuerySet:
    return Article.objects.published().in_language(translation.get_language()).newest_first()


def _list(request: HttpRequest, articles: ArticleQuerySet, must_exist: bool = False, **context: object) -> HttpResponse:
    """One page of cards. `must_exist`: a name that only drafts bear is not the public's to read, not even as a heading."""
    page = page_of(articles, page_number(request), settings.ARTICLES_PER_PAGE)
    if must_exist and not page.items:
        raise Http404("nothing here")
    return render(request, "articles/article_list.html", {"page": page, **context})
