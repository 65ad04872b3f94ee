"""How an import is to be run."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Settle(models.TextChoices):
    """What becomes of a field that an editor and the file both changed."""

    ASK = "ask", "left alone, and reported as a conflict"
    THEIRS = "theirs", "the file's value is taken"
    OURS = "ours", "the editor's value stays"


@dataclass(frozen=True)
class ImportOptions:
    """`reread`: read files whose size and time are what they were, too. `dry_run`: do it all, and roll it back."""

    accept_calls: bool = False
    settle: Settle = Settle.ASK
    reread: bool = False
    dry_run: bool = False
