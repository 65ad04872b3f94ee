"""Drawn covers: a deterministic abstract picture for an article that has no cover image.

`draw(Recipe(...), width, height)` is the whole interface. The recipe chooses a composition (see
cover_compositions), a printed-paper palette and a direction; its digest seeds everything else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from math import ceil, cos, floor, hypot, sin, tau
from random import Random

from PIL import Image, ImageColor, ImageDraw, ImageFilter

from articles import cover_compositions as compositions

# Part of every digest: raise it whenever the pictures change, so that cached covers are redrawn.
DESIGN_VERSION = 1

# The drawing board every composition works on; other sizes show it scaled and, off 16:9, cropped.
BOARD_WIDTH, BOARD_HEIGHT = 1600, 900

WEBP_OPTIONS = {"quality": 80, "method": 2}

Colour = tuple[int, int, int]
Point = tuple[float, float]
Composition = Callable[["Canvas", "Scene"], None]


@dataclass(frozen=True)
class Recipe:
    """What a drawn cover depends on, and nothing else."""

    key: str  # the story's identity: varies the composition
    category: str  # chooses the family of compositions
    tickers: tuple[str, ...] = ()  # choose the palette and the number of elements
    mood: str = ""  # POSITIVE rises, NEGATIVE falls, NEUTRAL is level; anything else is unknown

    @property
    def digest(self) -> str:
        """16 hex characters, the same in every process, different for any different recipe."""
        return _digest(str(DESIGN_VERSION), self.key, self.category, self.mood, *self.tickers)


def _digest(*fields: str) -> str:
    # Lengths are part of the text so that moving a character between fields changes the digest.
    text = "".join(f"{len(field)}:{field}," for field in fields)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Palette:
    """Six inks: the sky's top and bottom, the farthest and nearest ground, light, and the rare accent."""

    high: Colour
    low: Colour
    far: Colour
    near: Colour
    light: Colour
    accent: Colour

    @classmethod
    def of(cls, inks: str) -> Palette:
        return cls(*(ImageColor.getrgb(f"#{ink}")[:3] for ink in inks.split()))

    @staticmethod
    def mix(start: Colour, end: Colour, share: float) -> Colour:
        """The colour `share` (0..1, clamped) of the way from start to end."""
        share = min(1.0, max(0.0, share))
        r, g, b = (round(a + (z - a) * share) for a, z in zip(start, end, strict=True))
        return r, g, b

    def ground(self, depth: float) -> Colour:
        """The tone of things at a depth: 0 is farthest, 1 is nearest."""
        return self.mix(self.far, self.near, depth)


WARM = (
    Palette.of("d9c29b f1e0bd c9a06b 2a3140 f9edd2 b4470f"),  # bone and ink
    Palette.of("c68d45 efcd8c b97a3c 33231f fae5bb 8f2d18"),  # ochre and umber
    Palette.of("b3bda2 efe2bf 93a079 22332c f9e9c4 b4470f"),  # moss morning
    Palette.of("8ba7b4 f2d8b1 b0917b 25344a fbe6c2 b4470f"),  # blue to peach
    Palette.of("dcbf83 f3e4bd 8b9c96 1f303e fbeecb b4470f"),  # straw and sea
)
COOL = (
    Palette.of("1e2c40 5a7690 4a657e 0e1622 d9ddd4 b4470f"),  # ink night
    Palette.of("3a1f23 93513f 70393a 1a1015 e6cbaa c8601f"),  # oxblood dusk
    Palette.of("46545d a7b0af 75868b 1b242b dfdfd3 b4470f"),  # slate rain
    Palette.of("1e3539 6e8d85 4a6b66 0e1c1f d8ddcb b4470f"),  # deep moss
    Palette.of("26364d b98a68 6b6470 141b29 edd6b2 b4470f"),  # prussian and rust
)
LEVEL = (
    Palette.of("abbac1 e6e1d0 8699a3 22303e f6efdc b4470f"),  # grey blue and bone
    Palette.of("c3c2ab ece4cb 96997f 2d3530 f8f0d9 b4470f"),  # lichen
    Palette.of("97aba6 e4dec8 78918a 1e3033 f5eeda b4470f"),  # sea slate
    Palette.of("b7a38e e9dcc5 9a836d 2f2a30 f7ebd5 8f2d18"),  # clay and plum
    Palette.of("d6cfbd ece4d1 8f979d 1d2733 faf4e3 b4470f"),  # newsprint
)
PALETTES = {"POSITIVE": WARM, "NEGATIVE": COOL, "NEUTRAL": LEVEL}
ANY_PALETTE = (*LEVEL, WARM[0], COOL[0], WARM[2], COOL[2], WARM[4])
LIFTS = {"POSITIVE": 1.0, "NEGATIVE": -1.0, "NEUTRAL": 0.0}

FAMILIES: dict[str, tuple[Composition, ...]] = {
    "BTC": (compositions.blocks, compositions.horizon, compositions.fans),
    "MARKETS": (compositions.bars, compositions.ridges),
    "ANALYSTS": (compositions.terraces, compositions.horizon, compositions.bars),
    "ENERGY": (compositions.pylons, compositions.horizon),
    "AI": (compositions.racks, compositions.blocks),
    "REGULATION": (compositions.arches, compositions.ridges),
    "MINING": (compositions.fans, compositions.terraces, compositions.racks),
    "COMPANIES": (compositions.ridges, compositions.arches, compositions.blocks),
}
ALL_FAMILIES = tuple(dict.fromkeys(family for families in FAMILIES.values() for family in families))


@dataclass(frozen=True)
class Scene:
    """What a composition is given to work with."""

    rng: Random
    palette: Palette
    lift: float  # -1 falls to the right, +1 rises, 0 is level
    side: int  # the half of the picture that carries the weight: -1 left, 1 right; agrees with lift
    count: int  # how many main elements to show, 1..4
    spot: bool  # whether this picture gets the accent colour

    def accent(self, otherwise: Colour) -> Colour:
        """The accent colour in the pictures that have one."""
        return self.palette.accent if self.spot else otherwise

    def ridge(self, y: float, height: float, tilt: float, decay: float) -> list[Point]:
        """A line from edge to edge by midpoint displacement; decay 0.4 is worn, 0.55 is craggy."""
        heights, size = [self.rng.uniform(-0.8, 0.8) for _ in range(4)], 0.6
        while len(heights) < 190:
            split: list[float] = []
            for a, b in pairwise(heights):
                split += [a, (a + b) / 2 + self.rng.uniform(-size, size)]
            heights, size = [*split, heights[-1]], size * decay
        xs = [1640 * i / (len(heights) - 1) - 20 for i in range(len(heights))]
        tilts = [tilt * (x / BOARD_WIDTH - 0.5) for x in xs]
        return [(x, y + height * h - t) for x, h, t in zip(xs, heights, tilts, strict=True)]

    def dune(self, y: float, height: float, tilt: float) -> list[Point]:
        """A line from edge to edge made of a few slow waves."""
        a, b, c = (self.rng.uniform(0, tau) for _ in range(3))
        f = self.rng.uniform(0.6, 1.1) * tau / BOARD_WIDTH
        return [
            (
                x,
                y
                + height * (0.6 * sin(f * x + a) + 0.3 * sin(2.1 * f * x + b) + 0.08 * sin(5 * f * x + c))
                - tilt * (x / BOARD_WIDTH - 0.5),
            )
            for x in range(-20, BOARD_WIDTH + 40, 20)
        ]


class Pen:
    """Flat, antialiased drawing in board units."""

    def __init__(self, image: Image.Image, scale: float, dx: float, dy: float) -> None:
        self._draw = ImageDraw.Draw(image)
        self._scale, self._dx, self._dy = scale, dx, dy

    def _place(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._scale + self._dx, y * self._scale + self._dy) for x, y in points]

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self._draw.polygon(self._place(points), fill=colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        self._draw.line(self._place(points), colour, max(1, round(width * self._scale)), joint="curve")

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self._draw.ellipse(self._place([(x - radius, y - radius), (x + radius, y + radius)]), fill=colour)

    def cable(self, start: Point, end: Point, colour: Colour, width: float) -> None:
        """A wire hanging between two points, sagging by a tenth of its length."""
        (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
        drops = [(i / 24, 0.4 * hypot(dx, dy) * (i / 24) * (1 - i / 24)) for i in range(25)]
        self.line([(x + dx * share, y + dy * share + drop) for share, drop in drops], colour, width)

    def block(self, x: float, y: float, rise: float, half: float, colours: Sequence[Colour]) -> None:
        """An isometric block over the tile centred on (x, y); colours of its lid, left and right faces."""
        top, slope = y - rise, half * 0.577
        lid, left, right = colours
        self.polygon([(x - half, top), (x, top + slope), (x, y + slope), (x - half, y)], left)
        self.polygon([(x + half, top), (x, top + slope), (x, y + slope), (x + half, y)], right)
        self.polygon([(x - half, top), (x, top - slope), (x + half, top), (x, top + slope)], lid)


class Canvas:
    """A picture being painted, addressed in board units (1600 x 900, y down)."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height))
        self._scale = max(width / BOARD_WIDTH, height / BOARD_HEIGHT)
        self._dx = (width - BOARD_WIDTH * self._scale) / 2
        self._dy = (height - BOARD_HEIGHT * self._scale) / 2

    def wash(self, top: Colour, bottom: Colour | None = None) -> None:
        """Cover everything with a vertical gradient."""
        self.image.paste(_gradient(*self.image.size, top, bottom or top))

    def shape(self, points: Sequence[Point], top: Colour, bottom: Colour | None = None) -> None:
        """A filled polygon, its gradient spanning the visible part of its bounding box."""
        pixels = [(x * self._scale + self._dx, y * self._scale + self._dy) for x, y in points]
        left, right = max(0, floor(min(x for x, _ in pixels))), ceil(max(x for x, _ in pixels))
        upper, lower = max(0, floor(min(y for _, y in pixels))), ceil(max(y for _, y in pixels))
        width, height = min(self.image.width, right) - left, min(self.image.height, lower) - upper
        if width <= 0 or height <= 0:
            return
        mask = Image.new("L", (2 * width, 2 * height))
        ImageDraw.Draw(mask).polygon([(2 * (x - left), 2 * (y - upper)) for x, y in pixels], fill=255)
        self.image.paste(_gradient(width, height, top, bottom or top), (left, upper), mask.reduce(2))

    def below(self, edge: Sequence[Point], palette: Palette, depth: float, haze: float) -> None:
        """Ground under a line that runs from edge to edge; at its foot it fades by `haze` (0..1)."""
        tone, foot = palette.ground(depth), BOARD_HEIGHT + 20
        around = [*edge, (edge[-1][0], foot), (edge[0][0], foot)]
        self.shape(around, tone, palette.mix(tone, palette.low, haze))

    def disc(self, x: float, y: float, radius: float, top: Colour, bottom: Colour) -> None:
        turn = [tau * i / 160 for i in range(160)]
        self.shape([(x + radius * cos(q), y + radius * sin(q)) for q in turn], top, bottom)

    def sky(self, scene: Scene, x: float, y: float, radius: float, colour: Colour | None = None) -> Colour:
        """The sky with its sun or moon, accented unless given a colour; returns that colour."""
        palette = scene.palette
        colour = colour or scene.accent(palette.light)
        self.wash(palette.high, palette.low)
        self.glow(x, y, radius * 3.2, palette.light, 0.7)
        self.disc(x, y, radius, colour, palette.mix(colour, palette.low, 0.25))
        return colour

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Light fading from a centre to nothing at the radius; strength 0..1."""
        size = ceil(2 * radius * self._scale)
        # Pillow's gradient is 255 in the corners, so about 180 on the circle that touches the sides.
        curve = [round(255 * strength * max(0.0, 1 - value / 180) ** 2) for value in range(256)]
        fade = Image.radial_gradient("L").point(curve)
        corner = (round((x - radius) * self._scale + self._dx), round((y - radius) * self._scale + self._dy))
        self.image.paste(colour, corner, fade.resize((size, size), Image.Resampling.BILINEAR))

    def shadow(self, discs: Sequence[tuple[float, float, float]], colour: Colour, blur: float) -> None:
        """Soft round shadows, each (x, y, radius); blur in board units."""
        # An eighth of the size is enough for something without edges, and costs next to nothing.
        mask = Image.new("L", (ceil(self.image.width / 8), ceil(self.image.height / 8)))
        pen = ImageDraw.Draw(mask)
        for x, y, radius in discs:
            x, y, r = x * self._scale + self._dx, y * self._scale + self._dy, radius * self._scale
            pen.ellipse([(x - r) / 8, (y - r) / 8, (x + r) / 8, (y + r) / 8], fill=85)
        mask = mask.filter(ImageFilter.GaussianBlur(blur * self._scale / 8))
        self.image.paste(colour, (0, 0), mask.resize(self.image.size, Image.Resampling.BICUBIC))

    @contextmanager
    def pen(self) -> Iterator[Pen]:
        """Many flat shapes at once, drawn at double size and reduced when the block ends."""
        width, height = self.image.size
        double = self.image.resize((2 * width, 2 * height), Image.Resampling.NEAREST)
        yield Pen(double, 2 * self._scale, 2 * self._dx, 2 * self._dy)
        self.image = double.reduce(2)


def _gradient(width: int, height: int, top: Colour, bottom: Colour) -> Image.Image:
    if top == bottom:
        return Image.new("RGB", (width, height), top)
    rows = b"".join(bytes(Palette.mix(top, bottom, (row + 0.5) / height)) for row in range(height))
    return Image.frombytes("RGB", (1, height), rows).resize((width, height), Image.Resampling.NEAREST)


def _scene(recipe: Recipe) -> Scene:
    rng = Random(int(recipe.digest, 16))  # noqa: S311 - a drawing, not a secret
    palettes = PALETTES.get(recipe.mood, ANY_PALETTE)
    # The same companies keep to two neighbouring palettes; without tickers the whole set is open.
    first = int(_digest(*sorted(recipe.tickers)), 16) if recipe.tickers else rng.randrange(len(palettes))
    palette = palettes[(first + rng.randrange(2)) % len(palettes)]
    lift = LIFTS.get(recipe.mood, rng.uniform(-0.35, 0.35))
    side = int(lift) or rng.choice((-1, 1))
    count = min(4, len(recipe.tickers) or rng.randint(1, 3))
    return Scene(rng, palette, lift, side, count, spot=rng.random() < 0.45)


def _families(category: str) -> tuple[Composition, ...]:
    if category in FAMILIES:
        return FAMILIES[category]
    start = int(_digest(category), 16) % len(ALL_FAMILIES)
    return ALL_FAMILIES[start], ALL_FAMILIES[(start + 3) % len(ALL_FAMILIES)]


def draw(recipe: Recipe, width: int, height: int) -> bytes:
    """WebP bytes of exactly width x height pixels, sRGB; the same recipe and size give the same pixels."""
    scene = _scene(recipe)
    canvas = Canvas(width, height)
    scene.rng.choice(_families(recipe.category))(canvas, scene)
    out = BytesIO()
    canvas.image.save(out, "WEBP", **WEBP_OPTIONS)
    return out.getvalue()
