from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from companies.models import AnalystCall, AnalystFirm, Company, CompanyName, Event, Evidence, ReviewStatus
from companies.ratings import normalise


class CompanyNameInline(admin.TabularInline):
    model = CompanyName
    extra = 0


class EvidenceInline(admin.TabularInline):
    """What a call or event was read from: shown, not edited."""

    model = Evidence
    extra = 0
    can_delete = False
    fields = ["field", "quote", "document", "start", "end"]
    readonly_fields = ["field", "quote", "document", "start", "end"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return super().get_queryset(request).select_related("document").defer("document__raw", "document__text")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["name", "ticker", "exchange", "country", "status"]
    list_filter = ["status", "exchange", "country"]
    search_fields = ["name", "ticker", "legal_name", "names__name"]
    prepopulated_fields = {"slug": ["ticker"]}
    inlines = [CompanyNameInline]


@admin.register(CompanyName)
class CompanyNameAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "company", "exchange", "needs_context", "valid_from", "valid_to"]
    list_filter = ["kind", "needs_context", "exchange"]
    list_select_related = ["company"]
    search_fields = ["name", "company__name"]
    autocomplete_fields = ["company"]


@admin.register(AnalystFirm)
class AnalystFirmAdmin(admin.ModelAdmin):
    list_display = ["name", "aliases"]
    search_fields = ["name", "aliases"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(AnalystCall)
class AnalystCallAdmin(admin.ModelAdmin):
    list_display = ["called_on", "company", "status", "firm", "rating", "amount"]
    list_display_links = ["called_on", "company"]
    list_filter = ["status", "rating_normalised", "origin", "firm"]
    list_select_related = ["company", "firm"]
    search_fields = ["company__name", "company__ticker", "firm__name"]
    autocomplete_fields = ["company", "firm"]
    date_hierarchy = "called_on"
    readonly_fields = ["rating_normalised", "rating_strong", "origin", "reviewed_by", "reviewed_at"]
    inlines = [EvidenceInline]
    actions = ["accept", "reject"]

    def save_model(self, request: HttpRequest, obj: AnalystCall, form: Any, change: bool) -> None:
        """The normalised rating follows the written one; a decision records who took it and when."""
        rating = normalise(obj.rating, obj.firm.rating_scale) if obj.rating else None
        obj.rating_normalised = rating.rating if rating else ""
        obj.rating_strong = bool(rating and rating.strong)
        if "status" in form.changed_data or not change:
            _sign(obj, request)
        super().save_model(request, obj, form, change)

    @admin.display(description="Target", ordering="target")
    def amount(self, call: AnalystCall) -> str:
        return "—" if call.target is None else f"{call.target.normalize():f} {call.currency}"

    @admin.action(permissions=["change"], description="Accept selected calls: they become public")
    def accept(self, request: HttpRequest, calls: QuerySet[AnalystCall]) -> None:
        self._decide(request, calls, ReviewStatus.ACCEPTED)

    @admin.action(permissions=["change"], description="Reject selected calls")
    def reject(self, request: HttpRequest, calls: QuerySet[AnalystCall]) -> None:
        self._decide(request, calls, ReviewStatus.REJECTED)

    def _decide(self, request: HttpRequest, calls: QuerySet[AnalystCall], status: ReviewStatus) -> None:
        count = calls.update(status=status, reviewed_by=request.user, reviewed_at=timezone.now())
        self.message_user(request, f"{count} call{'s' if count != 1 else ''} {status}.")


def _sign(call: AnalystCall, request: HttpRequest) -> None:
    decided = call.status != ReviewStatus.PENDING
    call.reviewed_by = request.user if decided else None  # type: ignore[assignment]
    call.reviewed_at = timezone.now() if decided else None


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["date", "title", "kind", "status"]
    list_display_links = ["date", "title"]
    list_filter = ["status", "kind", "companies"]
    search_fields = ["title", "companies__name"]
    autocomplete_fields = ["companies"]
    date_hierarchy = "date"
    inlines = [EvidenceInline]
    actions = ["accept", "reject"]

    @admin.action(permissions=["change"], description="Accept selected events: they become public")
    def accept(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        self.message_user(request, f"{events.update(status=ReviewStatus.ACCEPTED)} accepted.")

    @admin.action(permissions=["change"], description="Reject selected events")
    def reject(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        self.message_user(request, f"{events.update(status=ReviewStatus.REJECTED)} rejected.")


@admin.register(Evidence)
class EvidenceAdmin(admin.ModelAdmin):
    list_display = ["quote", "field", "call", "event", "document"]
    list_filter = ["field"]
    list_select_related = ["call__company", "call__firm", "event", "document"]
    search_fields = ["quote", "document__title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return super().get_queryset(request).defer("document__raw", "document__text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Evidence | None = None) -> bool:
        return False
