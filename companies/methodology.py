"""The tables of /methodology/: the very ones that the code uses. Pure."""

from __future__ import annotations

from companies.consensus import CONSENSUS_DAYS, MINIMUM_FOR_LABEL
from companies.ratings import RATING_WORDS, STRONG_WORDS

ACTIONS = (
    ("initiated", "the firm begins, resumes or takes over coverage"),
    ("upgraded", "the new rating is better than the one before"),
    ("downgraded", "the new rating is worse than the one before"),
    ("reiterated", "the firm repeats its rating"),
    ("stated", "the text gives the rating or the target, and no direction"),
)
TARGET_ACTIONS = (
    ("raised", "the new target is higher than the one before"),
    ("lowered", "the new target is lower than the one before"),
    ("maintained", "the text gives the same target as old and new"),
    ("removed", "the firm withdraws its target"),
    ("stated", "the text gives a target and none before it"),
)


def rating_table() -> list[tuple[str, list[tuple[str, bool]]]]:
    """(normalised rating, [(word as printed, whether it is a strong form)]) for each rating."""
    return [(rating, [(word, word in STRONG_WORDS) for word in words]) for rating, words in RATING_WORDS.items()]


def constants() -> dict[str, int]:
    return {"minimum_for_label": MINIMUM_FOR_LABEL, "window_days": CONSENSUS_DAYS}
