"""Text as search compares it: without case, apostrophes and accents composed alike, single spaces. Pure."""

from __future__ import annotations

import re
import unicodedata


def folded(text: str) -> str:
    """What two spellings of one word have in common: "Комп’ютер" is found by "комп'ютер"."""
    text = unicodedata.normalize("NFC", text).casefold()
    return " ".join(re.sub("[’‘ʼ`´]", "'", text).split())
