"""The page on which an editor settles what both sides changed: the file's last word, ours, and the file's new one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.conflicts import ChangedMeanwhile, Conflict, open_conflicts, settle, version_of
from articles.field_values import LONG, Value, label_of, marked_changes, value_of
from articles.front_matter import BadFrontMatter
from articles.models import Article
from articles.options import Settle
from articles.revisions import Revision
from sources.encoding import UnreadableText

CHOICES = (
    (Settle.ASK, "Leave it open"),
    (Settle.OURS, "Keep what is here"),
    (Settle.THEIRS, "Take the file’s"),
)
_PREFIX = "settle-"


@dataclass(frozen=True)
class Block:
    """One conflict as the page shows it. `changes` is the word diff of a long text, else empty."""

    name: str
    label: str
    before: Value
    here: Value
    file: Value
    changes: SafeString | str


def conflicts_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.select_related("original", "outlet", "category", "cover"), pk=pk)
    if not model_admin.has_change_permission(request, article):
        raise PermissionDenied
    try:
        conflicts = open_conflicts(article)
    except (BadFrontMatter, UnreadableText) as error:
        messages.error(request, f"The file of this article cannot be read any more ({error}). Import it again.")
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
    if request.method == "POST":
        return _settle(model_admin, request, article, conflicts)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Settle conflicts",
        "subtitle": str(article),
        "opts": model_admin.opts,
        "article": article,
        "blocks": [_block(conflict) for conflict in conflicts],
        "choices": CHOICES,
        "seen": version_of(article),
        "media": model_admin.media,
    }
    return render(request, "admin/articles/article/conflicts.html", context)


def _settle(
    model_admin: admin.ModelAdmin, request: HttpRequest, article: Article, conflicts: list[Conflict]
) -> HttpResponse:
    here = reverse("admin:articles_article_conflicts", args=[article.pk])
    asked = {conflict.field: request.POST.get(_PREFIX + conflict.field, "") for conflict in conflicts}
    choices = {name: Settle(side) for name, side in asked.items() if side in (Settle.OURS, Settle.THEIRS)}
    seen = request.POST.get("seen", "")
    if not choices and seen == version_of(article):
        messages.warning(request, "Nothing was chosen: everything stays open.")
        return HttpResponseRedirect(here)
    revision = Revision(timezone.now(), "conflict settled", request.user)  # type: ignore[arg-type]
    try:
        settled = settle(article.pk, choices, revision, seen)
    except ChangedMeanwhile:
        messages.error(request, "This article was changed since you opened this page. Nothing was settled; look again.")
        return HttpResponseRedirect(here)
    done = _told(choices)
    messages.success(request, f"“{settled.title}”: {done}.")
    model_admin.log_change(request, settled, f"Conflict settled: {done}.")
    if settled.in_conflict:
        return HttpResponseRedirect(here)
    following = Article.objects.filter(in_conflict=True).order_by("pk")
    key = (following.filter(pk__gt=article.pk) or following).values_list("pk", flat=True).first()
    if key is not None:
        return HttpResponseRedirect(reverse("admin:articles_article_conflicts", args=[key]))
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _block(conflict: Conflict) -> Block:
    name, ours, theirs = conflict.field, conflict.ours, conflict.theirs
    return Block(
        name,
        label_of(name),
        value_of(name, conflict.base),
        value_of(name, ours),
        value_of(name, theirs),
        marked_changes(ours, theirs) if name in LONG else "",
    )


def _told(choices: dict[str, Settle]) -> str:
    """ "kept title and text; took the file's tags" """
    sides = ((Settle.OURS, "kept"), (Settle.THEIRS, "took the file’s"))
    named = {side: [label_of(name).lower() for name, chosen in choices.items() if chosen == side] for side, _ in sides}
    return "; ".join(f"{verb} {' and '.join(named[side])}" for side, verb in sides if named[side])
