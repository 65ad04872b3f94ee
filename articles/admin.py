from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.article_admin import ArticleAdmin
from articles.field_values import differences_of
from articles.import_admin import ImportRunAdmin
from articles.models import Article, Category, CompanyMention, Cover, ImportItem, ImportRun

admin.site.register(Article, ArticleAdmin)
admin.site.register(ImportRun, ImportRunAdmin)
admin.site.site_header = "minernews: editors’ desk"
admin.site.site_title = "minernews desk"
admin.site.index_title = "Desk"


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
    list_per_page = 50
    list_filter = ["outcome", "kind"]
    list_select_related = ["run", "article", "document"]
    search_fields = ["path", "reason"]
    fields = ["path", "run", "outcome", "kind", "line", "reason", "result", "changes", "repairs", "warnings"]
    readonly_fields = ["result", "changes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportItem]:
        return super().get_queryset(request).defer("raw", "document__raw", "document__text", "article__body")

    @admin.display(description="Became")
    def result(self, item: ImportItem) -> str | SafeString:
        row = item.article or item.document
        if row is None:
            return "—"
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, row)

    @admin.display(description="Differences")
    def changes(self, item: ImportItem) -> str | SafeString:
        template = "admin/articles/importrun/differences.html"
        return render_to_string(template, {"differences": differences_of(item.differences)}) or "—"
