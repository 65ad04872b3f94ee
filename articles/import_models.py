"""What imports keep: their runs and items, the originals byte for byte, and the files last met on disk."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from sources.models import Document


class Original(models.Model):
    """The file that an article came from, byte for byte, as it was imported last."""

    article = models.OneToOneField("articles.Article", models.CASCADE, related_name="original")
    raw = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    def __str__(self) -> str:
        return f"original of {self.article}"


class ImportedFile(models.Model):
    """What stood at a path when it was imported last: a file of the same size and time need not be read again.

    `modified_ns` counts nanoseconds since 1970 (UTC), and is 0 when the file was too young for its time to be trusted.
    """

    path = models.CharField(max_length=1000)
    size = models.PositiveBigIntegerField()
    modified_ns = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    article = models.ForeignKey("articles.Article", models.CASCADE, null=True, blank=True, related_name="files")
    document = models.ForeignKey(Document, models.CASCADE, null=True, blank=True, related_name="files")

    class Meta:
        # Not `unique=True`: PostgreSQL would get a second index, for LIKE, that nothing uses.
        constraints = [models.UniqueConstraint(fields=["path"], name="imported_path_once")]

    def __str__(self) -> str:
        return self.path


class ImportRun(models.Model):
    """One import: who, when, with which arguments, and what came of it."""

    class State(models.TextChoices):
        READING = "reading", "uploaded, being read for a preview"
        PREVIEW = "preview", "preview, nothing saved yet"
        QUEUED = "queued", "waiting for its turn"
        RUNNING = "running", "being imported"
        FINISHED = "finished", "finished"
        INTERRUPTED = "interrupted", "interrupted; run it again"

    state = models.CharField(max_length=12, choices=State, default=State.FINISHED)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    arguments = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    process = models.CharField(max_length=200, blank=True, help_text="The process that runs it: machine and number.")
    error = models.TextField(blank=True, help_text="Why it ended early.")
    total = models.PositiveIntegerField(null=True, blank=True, help_text="How many files there are, once known.")
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"import of {self.started_at:%Y-%m-%d %H:%M} ({self.get_state_display()})"


class ImportItem(models.Model):
    """What came of one file of an import. `repairs` keeps the original of every line that was repaired."""

    class Outcome(models.TextChoices):
        CREATED = "created", "created"
        UPDATED = "updated", "updated"
        UNCHANGED = "unchanged", "unchanged"
        CONFLICT = "conflict", "conflict"
        FAILED = "failed", "failed"
        WAITING = "waiting", "not read yet"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="items")
    path = models.CharField(max_length=1000)
    kind = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    line = models.PositiveIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    differences = models.JSONField(default=list)
    repairs = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    raw = models.BinaryField(null=True, editable=False, help_text="The upload, kept until the preview is confirmed.")
    beside = models.JSONField(null=True, editable=False, help_text="What the sidecar of an export says of the upload.")
    article = models.ForeignKey("articles.Article", models.SET_NULL, null=True, blank=True, related_name="imports")
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="imports")

    class Meta:
        ordering = ["run", "id"]

    def __str__(self) -> str:
        return f"{self.path}: {self.outcome}"
