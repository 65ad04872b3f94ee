"""Addresses from titles. Pure."""

from __future__ import annotations

import re
import unicodedata

# Romanisation of Ukrainian as the Cabinet of Ministers set it (resolution 55, 27 January 2010): letter → (first in a
# word, elsewhere). The Russian letters at the end are not in it, and follow common usage.
_UKRAINIAN = {
    "а": ("a", "a"), "б": ("b", "b"), "в": ("v", "v"), "г": ("h", "h"), "ґ": ("g", "g"), "д": ("d", "d"),
    "е": ("e", "e"), "є": ("ye", "ie"), "ж": ("zh", "zh"), "з": ("z", "z"), "и": ("y", "y"), "і": ("i", "i"),
    "ї": ("yi", "i"), "й": ("y", "i"), "к": ("k", "k"), "л": ("l", "l"), "м": ("m", "m"), "н": ("n", "n"),
    "о": ("o", "o"), "п": ("p", "p"), "р": ("r", "r"), "с": ("s", "s"), "т": ("t", "t"), "у": ("u", "u"),
    "ф": ("f", "f"), "х": ("kh", "kh"), "ц": ("ts", "ts"), "ч": ("ch", "ch"), "ш": ("sh", "sh"),
    "щ": ("shch", "shch"), "ю": ("yu", "iu"), "я": ("ya", "ia"), "ь": ("", ""),
    "ы": ("y", "y"), "э": ("e", "e"), "ё": ("yo", "io"), "ъ": ("", ""),
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+")


def romanised(text: str) -> str:
    """`text` with Cyrillic in Latin letters, lower case, apostrophes dropped."""
    text = unicodedata.normalize("NFC", text.lower())
    text = re.sub("[’'ʼ]", "", text).replace("зг", "zgh")
    if text.isascii():
        return text
    parts = []
    for index, letter in enumerate(text):
        pair = _UKRAINIAN.get(letter)
        first = index == 0 or not text[index - 1].isalpha()
        parts.append(letter if pair is None else pair[0] if first else pair[1])
    return "".join(parts)


def slug_of(title: str, maximum: int = 80, fallback: str = "article") -> str:
    """Lower-case ASCII words joined by hyphens, cut at a word; `fallback` when nothing of the title is left."""
    decomposed = unicodedata.normalize("NFKD", romanised(title))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    # Cut into words first: a dash that is not ASCII parts words, too.
    words = filter(None, (word.encode("ascii", "ignore").decode().lower() for word in _WORD.findall(plain)))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:maximum]
        if len(longer) > maximum:
            break
        slug = longer
    return slug or fallback
