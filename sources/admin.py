from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from sources.models import Document, Outlet


@admin.register(Outlet)
class OutletAdmin(admin.ModelAdmin):
    list_display = ["name", "key", "kind", "rights", "maximum_quoted_words"]
    list_filter = ["rights", "kind"]
    search_fields = ["name", "key"]
    prepopulated_fields = {"key": ["name"]}


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    """Documents come in by import; here one records whose they are and where they stood."""

    list_display = ["title", "outlet", "byline", "published_on", "language", "imported_at"]
    list_filter = ["outlet", "language"]
    list_select_related = ["outlet"]
    search_fields = ["title", "byline", "file_name", "text"]
    autocomplete_fields = ["outlet"]
    date_hierarchy = "published_on"
    readonly_fields = ["file_name", "sha256", "imported_at", "story", "furniture", "text"]
    fieldsets = [
        (None, {"fields": ["title", "byline", "outlet", "url", "published_on", "language"]}),
        ("Story", {"fields": ["story"]}),
        ("Furniture of the page, never part of the story", {"fields": ["furniture"], "classes": ["collapse"]}),
        ("As it came in", {"fields": ["file_name", "sha256", "imported_at", "text"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).defer("raw")

    @admin.display(description="Editorial paragraphs")
    def story(self, document: Document) -> str:
        return document.story_text or "—"

    @admin.display(description="Furniture")
    def furniture(self, document: Document) -> str:
        lines = [
            f"{p['reason']}: {document.text[p['start'] : p['end']]}"
            for p in document.paragraphs
            if p["kind"] == "furniture"
        ]
        return "\n".join(lines) or "—"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False
