"""Articles in the admin: the editing form, revisions, conflicts, and decisions about many at once."""

from __future__ import annotations

import tempfile
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from simple_history.admin import SimpleHistoryAdmin

from articles.article_form import ArticleForm
from articles.conflict_admin import conflicts_view
from articles.cover_form import CoverForm
from articles.covers import cover_images
from articles.deciding import decide
from articles.exporter import export_to_zip
from articles.linking import link_companies
from articles.models import Article, CompanyMention, Cover, FormerSlug
from articles.rendering import render, trusted
from articles.revisions import Revision, revise
from companies.name_index import load_name_index


class CoverInline(admin.StackedInline):
    model = Cover
    form = CoverForm
    extra = 0


class MentionInline(admin.TabularInline):
    """Found in the text by the program, again at each save."""

    model = CompanyMention
    extra = 0
    can_delete = False
    fields = ["company", "count", "forms"]
    readonly_fields = ["company", "count", "forms"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FormerSlugInline(admin.TabularInline):
    """Addresses that lead to the article. One that is taken out is free for another."""

    model = FormerSlug
    extra = 0
    verbose_name_plural = "former addresses"
    readonly_fields = ["lang", "slug"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WantsFilter(admin.SimpleListFilter):
    """Articles about which an import has a question."""

    title = "open question"
    parameter_name = "wants"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("conflict", "in conflict"), ("duplicate", "possible duplicate")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if self.value() == "conflict":
            return queryset.filter(in_conflict=True)
        return queryset.exclude(possible_duplicate_of=None) if self.value() == "duplicate" else queryset


class ArticleAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    form = ArticleForm
    list_display = ["title", "state", "language", "category", "published"]
    list_filter = ["state", WantsFilter, "lang", "sentiment", "category", "ai_rewritten", "outlet"]
    list_select_related = ["category"]
    list_per_page = 50
    search_fields = ["title", "description", "external_id", "search_text"]
    autocomplete_fields = ["category", "outlet", "reviewed_by", "documents", "possible_duplicate_of"]
    date_hierarchy = "published_at"
    readonly_fields = ["picture", "rendered", "extra", "created_at"]
    inlines = [CoverInline, MentionInline, FormerSlugInline]
    actions = ["publish", "unpublish", "retract", "mark_reviewed", "download"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["title", "slug", "description", "body", "opened_at", "opened_with"]}),
        ("As readers see it", {"fields": ["picture", "rendered"], "classes": ["collapse"]}),
        ("Publishing", {"fields": ["state", "published_at", "updated_at", "publish_at", "sticky_weight"]}),
        ("Filing", {"fields": ["category", "tags", "sentiment", "score", "lang", "external_id", "possible_duplicate_of"]}),
        ("Provenance", {"fields": ["outlet", "source_url", "canonical_url", "documents", "ai_rewritten", "ai_model",
                                   "ai_version", "ai_expanded_at", "ai_translated_from", "reviewed_by", "reviewed_at"]}),
        ("More", {"fields": ["cta", "extra", "created_at"], "classes": ["collapse"]}),
    ]  # fmt: skip

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_urls(self) -> list[URLPattern]:
        conflicts = path(
            "<int:pk>/conflicts/", self.admin_site.admin_view(self.conflicts), name="articles_article_conflicts"
        )
        return [conflicts, *super().get_urls()]

    def conflicts(self, request: HttpRequest, pk: int) -> HttpResponse:
        return conflicts_view(self, request, pk)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An earlier revision. Its own page asks for no more than leave to look, also of those who write through it."""
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            page: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return page

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Any]:
        """The slug follows the title of a new article only: an address that is out in the world stays."""
        return {} if obj else {"slug": ["title"]}

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Also what going back to a revision comes through."""
        match = request.resolver_match
        back = match is not None and match.url_name == "articles_article_simple_history"
        reason = "went back to an earlier revision" if back else "edited" if change else "written here"
        revise(obj, Revision(timezone.now(), reason, request.user))  # type: ignore[arg-type]
        super().save_model(request, obj, form, change)
        link_companies(obj, load_name_index())

    def view_on_site(self, article: Article) -> str | None:
        return article.get_absolute_url() if article.is_public() else None

    @admin.display(description="Language", ordering="lang")
    def language(self, article: Article) -> str:
        return article.lang

    @admin.display(description="Published", ordering="published_at")
    def published(self, article: Article) -> str:
        return date_format(article.published_at, "SHORT_DATE_FORMAT")

    @admin.display(description="Cover")
    def picture(self, article: Article) -> str | SafeString:
        if not article.pk:
            return "—"
        # An earlier revision has the present picture: covers are no part of revisions.
        pictures = cover_images(Article.objects.get(pk=article.pk))
        return format_html('<img src="{}" width="320" height="180" alt="">', pictures.picture or pictures.drawn)

    @admin.display(description="Text")
    def rendered(self, article: Article) -> SafeString:
        # Not `body_html`: of an earlier revision that is the present one's.
        return format_html('<div class="desk-look">{}</div>', trusted(render(article.body)))

    @admin.action(permissions=["change"], description="Publish selected articles")
    def publish(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._move(request, articles, Article.State.PUBLISHED)

    @admin.action(permissions=["change"], description="Return selected articles to draft")
    def unpublish(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._move(request, articles, Article.State.DRAFT)

    @admin.action(permissions=["change"], description="Retract selected articles")
    def retract(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._move(request, articles, Article.State.RETRACTED)

    @admin.action(permissions=["change"], description="Mark selected articles as reviewed by me")
    def mark_reviewed(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        values = {"reviewed_by": request.user, "reviewed_at": timezone.now()}
        self._decide(request, articles, values, "reviewed")

    @admin.action(permissions=["view"], description="Download selected articles as a zip of their files")
    def download(self, request: HttpRequest, articles: QuerySet[Article]) -> FileResponse:
        """What `export_articles` writes. The zip is nowhere but in an unnamed file, which goes when it is sent."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        export_to_zip(Article.objects.filter(pk__in=articles.order_by().values("pk")).order_by("pk"), file)
        file.seek(0)
        name = f"minernews-articles-{timezone.now():%Y-%m-%d}.zip"
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")

    def _move(self, request: HttpRequest, articles: QuerySet[Article], state: Article.State) -> None:
        self._decide(request, articles, {"state": state}, str(state.label))

    def _decide(self, request: HttpRequest, articles: QuerySet[Article], values: dict[str, Any], word: str) -> None:
        revision = Revision(timezone.now(), f"{word}, from the list", request.user)  # type: ignore[arg-type]
        count = decide(articles, values, revision)
        self.message_user(request, f"{count} article{'s' if count != 1 else ''} now {word}.")
