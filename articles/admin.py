from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.article_form import ArticleForm
from articles.covers import cover_images
from articles.import_admin import ImportRunAdmin
from articles.linking import link_companies
from articles.models import Article, Category, CompanyMention, Cover, ImportItem, ImportRun
from articles.rendering import trusted
from companies.name_index import load_name_index

admin.site.register(ImportRun, ImportRunAdmin)
admin.site.site_header = "minernews: editors’ desk"
admin.site.site_title = "minernews desk"
admin.site.index_title = "Desk"


class CoverInline(admin.StackedInline):
    model = Cover
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


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    list_display = ["title", "state", "language", "category", "published"]
    list_filter = ["state", "lang", "sentiment", "category", "ai_rewritten", "outlet"]
    list_select_related = ["category"]
    list_per_page = 50
    search_fields = ["title", "description", "external_id", "search_text"]
    autocomplete_fields = ["category", "outlet", "reviewed_by", "documents"]
    date_hierarchy = "published_at"
    readonly_fields = ["picture", "rendered", "extra", "created_at"]
    inlines = [CoverInline, MentionInline]
    actions = ["publish", "unpublish", "retract", "mark_reviewed"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["title", "slug", "description", "body"]}),
        ("As readers see it", {"fields": ["picture", "rendered"], "classes": ["collapse"]}),
        ("Publishing", {"fields": ["state", "published_at", "updated_at", "publish_at", "sticky_weight"]}),
        ("Filing", {"fields": ["category", "tags", "sentiment", "score", "lang", "external_id"]}),
        ("Provenance", {"fields": ["outlet", "source_url", "canonical_url", "documents", "ai_rewritten", "ai_model",
                                   "ai_version", "ai_expanded_at", "ai_translated_from", "reviewed_by", "reviewed_at"]}),
        ("More", {"fields": ["cta", "extra", "created_at"], "classes": ["collapse"]}),
    ]  # fmt: skip

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Any]:
        """The slug follows the title of a new article only: an address that is out in the world stays."""
        return {} if obj else {"slug": ["title"]}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        link_companies(form.instance, load_name_index())

    def view_on_site(self, article: Article) -> str | None:
        return article.get_absolute_url() if article.is_public() else None

    class Media:
        css = {"all": ["css/desk.css"]}

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
        pictures = cover_images(article)
        return format_html('<img src="{}" width="320" height="180" alt="">', pictures.picture or pictures.drawn)

    @admin.display(description="Text")
    def rendered(self, article: Article) -> SafeString:
        return trusted(article.body_html)

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
        count = articles.update(reviewed_by=request.user, reviewed_at=timezone.now())
        self.message_user(request, f"{count} marked as reviewed.")

    def _move(self, request: HttpRequest, articles: QuerySet[Article], state: Article.State) -> None:
        count = articles.update(state=state)
        self.message_user(request, f"{count} article{'s' if count != 1 else ''} now {state.label}.")


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Cover)
class CoverAdmin(admin.ModelAdmin):
    list_display = ["article", "alt", "credit"]
    list_select_related = ["article"]
    search_fields = ["article__title", "alt", "credit"]
    autocomplete_fields = ["article"]


class _ReadOnly:
    """Written by the program; looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CompanyMention)
class CompanyMentionAdmin(_ReadOnly, admin.ModelAdmin):
    list_display = ["article", "company", "count", "forms"]
    list_filter = ["company"]
    list_select_related = ["article", "company"]
    search_fields = ["article__title", "company__name"]


@admin.register(ImportItem)
class ImportItemAdmin(_ReadOnly, admin.ModelAdmin):
    list_display = ["path", "outcome", "kind", "line", "reason", "run", "result"]
    list_filter = ["outcome", "kind"]
    list_select_related = ["run", "article", "document"]
    search_fields = ["path", "reason"]
    exclude = ["raw"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportItem]:
        return super().get_queryset(request).defer("raw", "document__raw", "document__text", "article__body")

    @admin.display(description="Became")
    def result(self, item: ImportItem) -> str | SafeString:
        row = item.article or item.document
        if row is None:
            return "—"
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, row)
