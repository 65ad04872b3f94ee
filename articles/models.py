"""Articles and what belongs to them: category, cover, companies mentioned, former addresses, revisions."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from simple_history.models import HistoricalRecords
from taggit.managers import TaggableManager

from articles.import_models import ImportedFile, ImportItem, ImportRun, Original
from articles.querysets import ArticleQuerySet
from articles.rendering import render
from companies.models import Company
from sources.models import Document, Outlet
from sources.validators import list_of_texts, mapping_of_texts

__all__ = [
    "Article",
    "Category",
    "CompanyMention",
    "Cover",
    "FormerSlug",
    "ImportItem",
    "ImportRun",
    "ImportedFile",
    "Original",
]


class Category(models.Model):
    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("category", args=[self.slug])


class Article(models.Model):
    """One article in one language: every key of the front matter, the Markdown body, and the HTML made from it.

    (external_id, lang) is its identity; the slug comes from its first title and stays. Times are aware UTC.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        PUBLISHED = "published", "published"
        RETRACTED = "retracted", "retracted"

    class Sentiment(models.TextChoices):
        POSITIVE = "POSITIVE", "positive"
        NEUTRAL = "NEUTRAL", "neutral"
        NEGATIVE = "NEGATIVE", "negative"

    external_id = models.CharField(max_length=64)
    lang = models.CharField("language", max_length=10, default="en", choices=settings.LANGUAGES)
    title = models.CharField(max_length=300)
    # Looked for together with the language, which the constraint below has an index for.
    slug = models.SlugField(max_length=200, db_index=False)
    description = models.TextField(blank=True)
    body = models.TextField("body (Markdown)", blank=True)
    body_html = models.TextField(editable=False, blank=True)
    search_text = models.TextField(editable=False, blank=True)

    published_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    publish_at = models.DateTimeField(
        null=True, blank=True, help_text="Keeps a published article from readers until then."
    )
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="articles")
    source_url = models.URLField(max_length=1000, blank=True)
    canonical_url = models.URLField(max_length=1000, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="articles")
    tags = TaggableManager(blank=True)
    cta = models.JSONField("calls to action", default=list, blank=True, validators=[list_of_texts])
    sticky_weight = models.FloatField(default=0)
    sentiment = models.CharField(max_length=8, choices=Sentiment, blank=True)
    score = models.FloatField(null=True, blank=True, help_text="Empty means not set; files say 0 for that.")

    ai_rewritten = models.BooleanField("rewritten by a machine", null=True, blank=True)
    ai_expanded_at = models.DateTimeField(null=True, blank=True)
    ai_version = models.CharField(max_length=40, blank=True)
    ai_translated_from = models.CharField(max_length=64, blank=True)
    ai_model = models.CharField(max_length=100, blank=True, help_text="Empty means not recorded.")

    extra = models.JSONField(default=dict, blank=True, help_text="Keys of the front matter that have no field.")
    imported = models.JSONField(
        default=dict,
        editable=False,
        help_text="Fields as the file gave them last time, where the original does not tell: see originals.py.",
    )
    in_conflict = models.BooleanField(
        default=False,
        editable=False,
        help_text="An editor and a file changed the same field, and nobody has settled it.",
    )
    possible_duplicate_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="possible_duplicates",
        help_text="An earlier article of the same title. Empty it when they are two stories.",
    )
    companies = models.ManyToManyField(Company, through="CompanyMention", related_name="articles")
    documents = models.ManyToManyField(Document, blank=True, related_name="articles")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArticleQuerySet.as_manager()
    # What is derived from the others, or belongs to imports, is no part of a revision.
    history = HistoricalRecords(
        excluded_fields=["body_html", "search_text", "imported", "in_conflict", "created_at"],
        history_change_reason_field=models.CharField(max_length=100, null=True),
    )

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["external_id", "lang"], name="article_identity"),
            models.UniqueConstraint(fields=["lang", "slug"], name="article_address"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "retracted"]), name="article_state_known"
            ),
            models.CheckConstraint(
                condition=Q(sentiment__in=["", "POSITIVE", "NEUTRAL", "NEGATIVE"]), name="article_sentiment_known"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(external_id=""), name="article_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["lang", "state", "-published_at", "-id", "publish_at"], name="article_newest"),
            models.Index(
                fields=["category", "lang", "state", "-published_at", "-id", "publish_at"], name="article_of_category"
            ),
            models.Index(
                fields=["sentiment", "lang", "state", "-published_at", "-id", "publish_at"], name="article_of_mood"
            ),
            models.Index(
                fields=["outlet", "lang", "state", "-published_at", "-id", "publish_at"], name="article_of_outlet"
            ),
            models.Index(
                fields=["lang", "state", "-sticky_weight", "-published_at"],
                condition=Q(sticky_weight__gt=0),
                name="article_sticky",
            ),
            models.Index(fields=["id"], condition=Q(in_conflict=True), name="article_in_conflict"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Renders the body, so that no saved article shows HTML of another text; an old address leads to the new one."""
        self.body_html = render(self.body)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "body_html"}
        with transaction.atomic():
            before = Article.objects.filter(pk=self.pk).values_list("lang", "slug").first() if self.pk else None
            super().save(*args, **kwargs)
            if before is not None and before != (self.lang, self.slug):
                FormerSlug.remember(self, *before)

    def get_absolute_url(self) -> str:
        with translation.override(self.lang):
            return reverse("article", args=[self.slug])

    def is_public(self, now: dt.datetime | None = None) -> bool:
        """Whether `published()` would give this article at `now`; the same rule, for one row in hand."""
        now = now or timezone.now()
        return (
            self.state == self.State.PUBLISHED
            and self.published_at <= now
            and (self.publish_at is None or self.publish_at <= now)
        )

    @property
    def was_updated(self) -> bool:
        """Whether the article says that it changed after it was first published."""
        return self.updated_at is not None and self.updated_at > self.published_at


def cover_path(cover: Cover, name: str) -> str:
    """A name that tells nothing and cannot be guessed: the picture of a draft must not be found by its file's name."""
    return f"covers/{secrets.token_hex(12)}{Path(name).suffix.lower()}"


class Cover(models.Model):
    """The picture of an article: addresses given by the file, or a file of our own. Without either, one is drawn."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="cover")
    urls = models.JSONField(
        default=dict,
        blank=True,
        validators=[mapping_of_texts],
        help_text="By size: raw, full, regular, small, thumb, small_s3.",
    )
    local_file = models.ImageField(
        upload_to=cover_path, blank=True, width_field="local_width", height_field="local_height"
    )
    local_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    local_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    alt = models.CharField(
        "alternative text", max_length=300, blank=True, help_text="Empty means the picture only decorates."
    )
    credit = models.CharField(max_length=200, blank=True)
    focal_x = models.FloatField(default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)])
    focal_y = models.FloatField(default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                name="cover_focus_inside",
            ),
        ]

    def __str__(self) -> str:
        return f"cover of {self.article}"


class CompanyMention(models.Model):
    """That an article names a company: how often, in which words, and where first in what readers see of it.

    `first_offset` counts characters of title, description and text of the body; it puts companies in order.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="mentions")
    company = models.ForeignKey(Company, models.CASCADE, related_name="mentions")
    count = models.PositiveIntegerField()
    first_offset = models.PositiveIntegerField()
    forms = models.JSONField(default=list, help_text="The different wordings met, such as IREN and Iris Energy.")

    class Meta:
        ordering = ["article", "first_offset"]
        constraints = [
            models.UniqueConstraint(fields=["article", "company"], name="mention_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="mention_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.company} × {self.count}"


class FormerSlug(models.Model):
    """An address that an article had before an editor changed it. Whoever comes there is sent on, in one step."""

    lang = models.CharField(max_length=10)
    slug = models.SlugField(max_length=200, db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="former_slugs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lang", "slug"], name="former_address_once")]

    def __str__(self) -> str:
        return f"{self.slug} → {self.article}"

    @classmethod
    def remember(cls, article: Article, lang: str, slug: str) -> None:
        """Keeps the address that `article` had until now. The one it has now is no former address of anyone."""
        cls.objects.filter(lang=article.lang, slug=article.slug).delete()
        cls.objects.update_or_create(lang=lang, slug=slug, defaults={"article": article})
