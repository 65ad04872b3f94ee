"""Drawn covers: the same recipe always gives the same picture, and different ones look different."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from statistics import mean, median

import pytest
from PIL import Image, ImageChops, ImageStat

from articles import drawn_covers
from articles.drawn_covers import Recipe, draw

SMALL = (640, 360)
LARGE = (1200, 675)
CATEGORIES = tuple(drawn_covers.FAMILIES)
MOODS = ("POSITIVE", "NEGATIVE", "NEUTRAL", "")
TICKERS: tuple[tuple[str, ...], ...] = (
    (),
    ("IREN",),
    ("CLSK", "MARA"),
    ("RIOT", "CIFR", "HUT", "WULF", "CORZ"),
)
STORY = Recipe("57776227", "BTC", ("IREN", "CLSK"), "POSITIVE")
# Every category in every mood, with the tickers and keys varying along the way.
RECIPES = [
    Recipe(str(57776227 + 31 * c + m), category, TICKERS[(c + m) % len(TICKERS)], mood)
    for c, category in enumerate(CATEGORIES)
    for m, mood in enumerate(MOODS)
]
VARIANTS = [
    replace(STORY, key="57776228"),
    replace(STORY, category="ENERGY"),
    replace(STORY, tickers=("IREN", "MARA")),
    replace(STORY, mood="NEGATIVE"),
]


def picture(webp: bytes) -> Image.Image:
    return Image.open(BytesIO(webp)).convert("RGB")


def brightness(recipe: Recipe) -> float:
    return ImageStat.Stat(picture(draw(recipe, 160, 90)).convert("L")).mean[0]


def test_the_same_recipe_gives_identical_bytes() -> None:
    again = Recipe("57776227", "BTC", ("IREN", "CLSK"), "POSITIVE")
    assert draw(STORY, *SMALL) == draw(again, *SMALL)


def test_another_process_draws_the_same_picture_under_the_same_digest() -> None:
    script = (
        "import hashlib; from articles.drawn_covers import Recipe, draw;"
        "r = Recipe('57776227', 'BTC', ('IREN', 'CLSK'), 'POSITIVE');"
        "print(r.digest, hashlib.sha256(draw(r, 640, 360)).hexdigest())"
    )
    root = Path(drawn_covers.__file__).resolve().parents[1]
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", script]
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert output.split() == [STORY.digest, hashlib.sha256(draw(STORY, *SMALL)).hexdigest()]


def test_drawing_other_covers_in_between_changes_nothing() -> None:
    first = draw(STORY, 320, 180)
    for recipe in RECIPES[:8]:
        draw(recipe, 320, 180)
    assert draw(STORY, 320, 180) == first


def test_the_digest_is_sixteen_hex_characters() -> None:
    assert len(STORY.digest) == 16
    int(STORY.digest, 16)


@pytest.mark.parametrize("variant", VARIANTS, ids=["key", "category", "tickers", "mood"])
def test_every_field_of_the_recipe_changes_the_digest_and_the_picture(variant: Recipe) -> None:
    assert variant.digest != STORY.digest
    difference = ImageChops.difference(picture(draw(variant, *SMALL)), picture(draw(STORY, *SMALL)))
    assert mean(ImageStat.Stat(difference).mean) > 2


def test_moving_characters_between_fields_changes_the_digest() -> None:
    recipes = [
        Recipe("1", "BTC", ("A", "B")),
        Recipe("1B", "TC", ("A", "B")),
        Recipe("1", "BTC", ("AB",)),
        Recipe("1", "BTC", ("B",), "A"),
        Recipe("1", "BTC", ("A", "B", "")),
    ]
    assert len({recipe.digest for recipe in recipes}) == len(recipes)


def test_a_new_design_version_changes_every_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [recipe.digest for recipe in RECIPES]
    monkeypatch.setattr(drawn_covers, "DESIGN_VERSION", drawn_covers.DESIGN_VERSION + 1)
    assert not set(before) & {recipe.digest for recipe in RECIPES}


@pytest.mark.parametrize("size", [LARGE, SMALL, (320, 180), (600, 600), (201, 97), (90, 160), (1, 1)])
def test_the_picture_is_a_webp_of_exactly_the_size_asked_for(size: tuple[int, int]) -> None:
    for family in CATEGORIES:
        image = Image.open(BytesIO(draw(Recipe("7", family), *size)))
        assert (image.format, image.mode, image.size) == ("WEBP", "RGB", size)


def test_both_sizes_show_the_same_composition() -> None:
    for recipe in RECIPES[::4]:
        large = picture(draw(recipe, *LARGE)).resize((160, 90), Image.Resampling.BOX)
        small = picture(draw(recipe, *SMALL)).resize((160, 90), Image.Resampling.BOX)
        assert mean(ImageStat.Stat(ImageChops.difference(large, small)).mean) < 3


def test_small_covers_are_usually_under_20_kilobytes_and_never_far_over() -> None:
    sizes = [len(draw(recipe, *SMALL)) for recipe in RECIPES]
    assert sum(size < 20_000 for size in sizes) >= 0.9 * len(sizes)
    assert median(sizes) < 14_000
    assert max(sizes) < 32_000


def test_large_covers_stay_under_60_kilobytes() -> None:
    assert max(len(draw(recipe, *LARGE)) for recipe in RECIPES) < 60_000


@pytest.mark.parametrize("category", ["SOMETHING NEW", "", "Энергетика", "比特币", "btc"])
@pytest.mark.parametrize("tickers", [(), ("IREN",)])
def test_unknown_categories_get_a_picture_with_or_without_tickers(category: str, tickers: tuple[str, ...]) -> None:
    recipe = Recipe("57776227", category, tickers)
    assert picture(draw(recipe, *SMALL)).size == SMALL
    assert draw(recipe, *SMALL) == draw(recipe, *SMALL)


def test_unknown_moods_are_drawn_as_no_particular_mood() -> None:
    assert picture(draw(Recipe("1", "BTC", (), "EUPHORIC"), *SMALL)).size == SMALL


def test_forty_stories_alike_in_all_but_key_have_forty_different_covers() -> None:
    digests = {Recipe(str(key), "BTC", ("IREN",), "POSITIVE").digest for key in range(40)}
    pictures = {draw(Recipe(str(key), "BTC", ("IREN",), "POSITIVE"), *SMALL) for key in range(40)}
    assert len(digests) == len(pictures) == 40


@pytest.mark.parametrize("recipe", RECIPES, ids=[f"{r.category}-{r.mood or 'UNKNOWN'}" for r in RECIPES])
def test_the_picture_is_not_flat_and_keeps_clear_of_pure_black_and_white(recipe: Recipe) -> None:
    grey = picture(draw(recipe, *SMALL)).convert("L")
    assert ImageStat.Stat(grey).stddev[0] > 9
    tones = grey.resize((64, 36), Image.Resampling.BOX).tobytes()
    assert min(tones) > 8
    assert max(tones) < 250


def test_good_news_is_drawn_lighter_than_bad_news() -> None:
    for category in CATEGORIES:
        good = mean(brightness(Recipe(str(key), category, (), "POSITIVE")) for key in range(12))
        bad = mean(brightness(Recipe(str(key), category, (), "NEGATIVE")) for key in range(12))
        assert good > bad + 15


def test_each_category_keeps_to_its_own_families() -> None:
    assert len(drawn_covers.ALL_FAMILIES) >= 6
    for category, families in drawn_covers.FAMILIES.items():
        assert len(families) == len(set(families)) >= 2, category
