"""Outlets and the documents they wrote. The text of a document is never served to the public: only quotes are."""

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse


class Outlet(models.Model):
    """Whoever published the original: the `source` of a front matter, or the site a raw document came from."""

    class Rights(models.TextChoices):
        UNKNOWN = "unknown", "not recorded"
        ALLOWED = "allowed", "may be rewritten"
        FORBIDDEN = "forbidden", "must not be rewritten"

    name = models.CharField(max_length=200)
    key = models.SlugField(max_length=100, unique=True, help_text="Stands in addresses and in front matter.")
    kind = models.CharField(max_length=40, blank=True, help_text="The `type` of front matter, such as RSS.")
    homepage = models.URLField(max_length=500, blank=True)
    rights = models.CharField(max_length=10, choices=Rights, default=Rights.UNKNOWN)
    maximum_quoted_words = models.PositiveSmallIntegerField(
        default=60, validators=[MinValueValidator(1)], help_text="The longest quote shown to readers, in words."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rights__in=["unknown", "allowed", "forbidden"]), name="outlet_rights_known"
            ),
            models.CheckConstraint(condition=models.Q(maximum_quoted_words__gte=1), name="outlet_quotes_something"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.key])


class Document(models.Model):
    """One raw original, as it came in, with its paragraphs told apart.

    `text` is `raw` decoded (and repaired, where its encoding was damaged); every offset anywhere counts characters of
    `text`. `paragraphs` is a list of {"start", "end", "kind", "reason"}: kind is headline, date, byline, editorial or
    furniture, reason says why a furniture paragraph is one.
    """

    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="documents")
    file_name = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=500)
    byline = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    language = models.CharField(max_length=10, default="en")
    raw = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    text = models.TextField()
    paragraphs = models.JSONField(default=list, editable=False)
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-published_on", "-id"]
        indexes = [models.Index(fields=["-published_on", "-id"], name="document_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def story_text(self) -> str:
        """The paragraphs that tell the story, without furniture, for people who review it."""
        return "\n\n".join(self.text[p["start"] : p["end"]] for p in self.paragraphs if p["kind"] == "editorial")
