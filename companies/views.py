"""Pages about companies and calls: each asks for its rows and hands them to a template."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation

from companies import methodology
from companies.models import AnalystCall, AnalystFirm, Company
from companies.profile import profile, quoted
from companies.sector import sector_rows

CALLS_PER_PAGE = 25


def company_list(request: HttpRequest) -> HttpResponse:
    return render(request, "companies/company_list.html", {"rows": sector_rows(timezone.now().date())})


def company_detail(request: HttpRequest, slug: str) -> HttpResponse:
    if slug != slug.lower():
        return redirect("company", slug.lower(), permanent=True)
    company = get_object_or_404(Company.objects.prefetch_related("names"), slug=slug)
    now = timezone.now()
    articles = company.articles.published(now).in_language(translation.get_language()).newest_first().with_card_data()
    context = {
        "company": company,
        "profile": profile(company, now.date()),
        "articles": articles[: settings.ARTICLES_PER_PAGE // 2],
        "events": company.events.accepted().with_statements().order_by("-date")[:12],
        "today": now.date(),
    }
    return render(request, "companies/company_detail.html", context)


def targets(request: HttpRequest) -> HttpResponse:
    """The accepted calls of all companies, newest first; ?before=ID goes on where a page ended."""
    calls = AnalystCall.objects.accepted().with_statements().newest_first()
    before = request.GET.get("before", "")
    if before:
        mark = get_object_or_404(AnalystCall.objects.accepted(), pk=before) if _is_key(before) else None
        if mark is None:
            raise Http404("no such call")
        calls = calls.after(mark)
    page = [quoted(call) for call in calls[: CALLS_PER_PAGE + 1]]
    shown = page[:CALLS_PER_PAGE]
    context = {"calls": shown, "before": before, "next": shown[-1].call.pk if len(page) > len(shown) else None}
    return render(request, "companies/targets.html", context)


def methodology_page(request: HttpRequest) -> HttpResponse:
    context = {
        "ratings": methodology.rating_table(),
        "actions": methodology.ACTIONS,
        "target_actions": methodology.TARGET_ACTIONS,
        "firms_with_own_scale": AnalystFirm.objects.exclude(rating_scale={}),
        **methodology.constants(),
    }
    return render(request, "companies/methodology.html", context)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 15
