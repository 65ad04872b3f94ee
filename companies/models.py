"""Companies under all their names, the firms that rate them, and what those firms said, with the words as evidence."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from companies.querysets import AnalystCallQuerySet, CompanyQuerySet, EventQuerySet
from companies.ratings import call_fingerprint
from sources.models import Document
from sources.validators import list_of_texts, mapping_of_texts


class Company(models.Model):
    class Status(models.TextChoices):
        LISTED = "listed", "listed"
        ACQUIRED = "acquired", "acquired"
        DELISTED = "delisted", "delisted"

    name = models.CharField(max_length=200, unique=True, help_text="As the site prints it.")
    slug = models.SlugField(max_length=60, unique=True, help_text="The ticker in lower case; stands in addresses.")
    legal_name = models.CharField(max_length=200, blank=True)
    ticker = models.CharField(max_length=20, unique=True)
    exchange = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 code of two letters.")
    website = models.URLField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.LISTED)
    summary = models.TextField(blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "companies"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["listed", "acquired", "delisted"]), name="company_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("company", args=[self.slug])

    def clean(self) -> None:
        self.slug = self.slug.lower()


class CompanyName(models.Model):
    """A name or ticker under which a company is met in print, with the days between which it was its own."""

    class Kind(models.TextChoices):
        NAME = "name", "name"
        TICKER = "ticker", "ticker"

    company = models.ForeignKey(Company, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.NAME)
    exchange = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    needs_context = models.BooleanField(
        default=False,
        help_text="Counts only in a text that names the company unmistakably elsewhere (Riot, CAN, Galaxy).",
    )

    class Meta:
        ordering = ["company", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "name", "kind", "exchange"], name="company_name_once"),
            models.CheckConstraint(condition=Q(kind__in=["name", "ticker"]), name="company_name_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="company_name_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AnalystFirm(models.Model):
    """A bank or broker that rates companies. `rating_scale` maps its own words (folded) to normalised ratings."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    aliases = models.JSONField(
        default=list, blank=True, validators=[list_of_texts], help_text='Other spellings met in print: ["JPM"]'
    )
    rating_scale = models.JSONField(
        default=dict, blank=True, validators=[mapping_of_texts], help_text='{"sector weight": "hold"}'
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ReviewStatus(models.TextChoices):
    PENDING = "pending", "pending"
    ACCEPTED = "accepted", "accepted"
    REJECTED = "rejected", "rejected"


class Rating(models.TextChoices):
    BUY = "buy", "buy"
    HOLD = "hold", "hold"
    SELL = "sell", "sell"
    NONE = "none", "no rating"
    UNMAPPED = "unmapped", "unmapped"


class AnalystCall(models.Model):
    """What one firm said of one company on one day: a rating, a price target, or both. Unknown fields stay empty."""

    class RatingAction(models.TextChoices):
        INITIATED = "initiated", "initiated"
        UPGRADED = "upgraded", "upgraded"
        DOWNGRADED = "downgraded", "downgraded"
        REITERATED = "reiterated", "reiterated"
        STATED = "stated", "stated"

    class TargetAction(models.TextChoices):
        RAISED = "raised", "raised"
        LOWERED = "lowered", "lowered"
        MAINTAINED = "maintained", "maintained"
        REMOVED = "removed", "removed"
        STATED = "stated", "stated"

    class Origin(models.TextChoices):
        EXTRACTED = "extracted", "read from a document"
        ENTERED = "entered", "entered by a person"

    company = models.ForeignKey(Company, models.PROTECT, related_name="calls")
    firm = models.ForeignKey(AnalystFirm, models.PROTECT, related_name="calls")
    analysts = models.JSONField(default=list, blank=True, validators=[list_of_texts])
    called_on = models.DateField()
    rating = models.CharField("rating as written", max_length=60, blank=True)
    rating_normalised = models.CharField(max_length=10, choices=Rating, blank=True)
    rating_strong = models.BooleanField(default=False)
    previous_rating = models.CharField(max_length=60, blank=True)
    rating_action = models.CharField(max_length=12, choices=RatingAction, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    previous_target = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    target_action = models.CharField(max_length=12, choices=TargetAction, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217 code of target and price.")
    horizon_months = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    price = models.DecimalField("share price then", max_digits=14, decimal_places=4, null=True, blank=True)
    price_approximate = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.PENDING)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False)
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ENTERED, editable=False)
    # Rating and target as first read: what a second reading of the same text is recognised by, whatever was edited since.
    fingerprint = models.CharField(max_length=120, editable=False)

    objects = AnalystCallQuerySet.as_manager()

    class Meta:
        ordering = ["-called_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "firm", "called_on", "fingerprint"], name="call_read_once"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "accepted", "rejected"]), name="call_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(rating="") | Q(target__isnull=False) | Q(target_action="removed"),
                name="call_says_something",
                violation_error_message="Give a rating, a target, or that the target was removed.",
            ),
            models.CheckConstraint(
                condition=(Q(target=None) | Q(target__gt=0))
                & (Q(previous_target=None) | Q(previous_target__gt=0))
                & (Q(price=None) | Q(price__gt=0)),
                name="call_money_positive",
                violation_error_message="Amounts of money must be above zero.",
            ),
            models.CheckConstraint(
                condition=Q(target=None, previous_target=None, price=None) | ~Q(currency=""),
                name="call_money_has_currency",
                violation_error_message="An amount needs its currency, such as USD.",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-called_on", "-id"], name="call_stream"),
            models.Index(fields=["company", "status", "-called_on", "-id"], name="call_of_company"),
        ]

    def __str__(self) -> str:
        words = [str(self.firm), "on", self.company.ticker, self.called_on.isoformat()]
        words += [self.rating] if self.rating else []
        words += [f"{self.target.normalize():f} {self.currency}"] if self.target is not None else []
        return " ".join(words)

    def save(self, *args: object, **kwargs: object) -> None:
        self.fingerprint = self.fingerprint or self.stated_now()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        same = AnalystCall.objects.filter(
            company_id=self.company_id,
            firm_id=self.firm_id,
            called_on=self.called_on,
            fingerprint=self.fingerprint or self.stated_now(),
        )
        if same.exclude(pk=self.pk).exists():
            raise ValidationError("This call is there already: same firm, company, day, rating and target.")

    def stated_now(self) -> str:
        return call_fingerprint(self.rating, self.target, self.currency)

    @property
    def was_edited(self) -> bool:
        """Whether rating or target are no longer what was read in the text."""
        return self.origin == self.Origin.EXTRACTED and self.fingerprint != self.stated_now()


class Event(models.Model):
    """Something dated that has been announced: an earnings report, a hearing. Without companies it is the sector's."""

    class Kind(models.TextChoices):
        EARNINGS = "earnings", "earnings"
        REGULATORY = "regulatory", "regulatory"
        INVESTOR_DAY = "investor_day", "investor day"
        OTHER = "other", "other"

    companies = models.ManyToManyField(Company, related_name="events", blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    date = models.DateField()
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.PENDING)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "date", "title"], name="event_once"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "accepted", "rejected"]), name="event_status_known"
            ),
        ]
        indexes = [models.Index(fields=["status", "date"], name="event_calendar")]

    def __str__(self) -> str:
        return f"{self.date.isoformat()} {self.title}"


class Evidence(models.Model):
    """The words of a document that state one field of a call or an event.

    `quote` is `document.text[start:end]`. The field `statement` holds the whole sentence, for readers; the others hold
    the exact words of one value each.
    """

    class Field(models.TextChoices):
        STATEMENT = "statement", "statement"
        FIRM = "firm", "firm"
        COMPANY = "company", "company"
        RATING = "rating", "rating"
        PREVIOUS_RATING = "prev_rating", "previous rating"
        TARGET = "target", "target"
        PREVIOUS_TARGET = "prev_target", "previous target"
        PRICE = "price", "share price"
        ANALYST = "analyst", "analyst"
        ACTION = "action", "action"
        DATE = "date", "date"

    call = models.ForeignKey(AnalystCall, models.CASCADE, null=True, blank=True, related_name="evidence")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="evidence")
    field = models.CharField(max_length=12, choices=Field)
    document = models.ForeignKey(Document, models.PROTECT, related_name="evidence")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()

    class Meta:
        ordering = ["document", "start", "end"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(call=None, event__isnull=False) | Q(call__isnull=False, event=None),
                name="evidence_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="evidence_span_not_empty"),
            models.CheckConstraint(condition=~Q(quote=""), name="evidence_quotes_something"),
            models.UniqueConstraint(fields=["call", "field", "document", "start", "end"], name="evidence_of_call_once"),
            models.UniqueConstraint(
                fields=["event", "field", "document", "start", "end"], name="evidence_of_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.quote[:80]}"
