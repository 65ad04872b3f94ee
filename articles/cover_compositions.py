"""The families of composition behind drawn covers, in board units (1600 x 900, y pointing down)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import cos, hypot, pi, sin, tau
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.drawn_covers import Canvas, Colour, Pen, Point, Scene

    Projection = Callable[[float, float], Point]

W, H = 1600.0, 900.0

# The cross-arms of three kinds of transmission tower: (height, reach) in tower heights.
TOWER_ARMS = (((0.62, 0.17), (0.77, 0.21), (0.92, 0.13)), ((0.7, 0.25), (0.9, 0.17)), ((0.78, 0.27),))


def ridges(canvas: Canvas, scene: Scene) -> None:
    """Layered ridgelines fading into haze, with a disc behind them."""
    rng, palette = scene.rng, scene.palette
    canvas.sky(scene, W / 2 - scene.side * rng.uniform(150, 480), rng.uniform(200, 310), rng.uniform(80, 190))
    layers = 3 + scene.count
    tallest, lower, decay = rng.choice(((130, 60, 0.0), (125, 45, 0.45), (180, 80, 0.52)))
    for i in range(layers):
        t = i / (layers - 1)
        y, height, tilt = 350 + 440 * t**1.15, tallest - lower * t, scene.lift * (270 - 80 * t)
        edge = scene.ridge(y, height, tilt, decay) if decay else scene.dune(y, height, tilt)
        canvas.below(edge, palette, t**0.9, 0.75 * (1 - t))


def horizon(canvas: Canvas, scene: Scene) -> None:
    """A great disc over still water, or over the furrows of a plain."""
    rng, palette, mix = scene.rng, scene.palette, scene.palette.mix
    line, radius = rng.uniform(560, 660), rng.uniform(180, 300)
    x = W / 2 - scene.side * rng.choice((0, 230, 320))
    sun = canvas.sky(scene, x, line - radius * (0.15 + 0.28 * (scene.lift + 1) + rng.uniform(0, 0.3)), radius)
    canvas.below(scene.dune(line - 30, 45, 40 * scene.lift), palette, 0.27, 0.2)
    shore = mix(palette.low, palette.ground(0.3), 0.5)
    canvas.shape([(0, line), (W, line), (W, H), (0, H)], shore, palette.ground(0.95))
    if rng.random() < 0.45:
        # One polygon returning to the vanishing point between strips, so that they share a gradient.
        gap, furrows = rng.uniform(90, 170), []
        for k in range(-40, 40, 2):
            furrows += [(x, line), (x + k * gap, H + 10), (x + (k + 1) * gap, H + 10)]
        canvas.shape(furrows, mix(shore, palette.ground(0.3), 0.6), palette.ground(0.7))
        return
    with canvas.pen() as pen:
        row = line + 10
        while row < H - 20:
            t = (row - line) / (H - line)
            reach, thick = radius * (1 - 0.75 * t) * rng.uniform(0.55, 1.0), 1.5 + 4.5 * t
            mid = x + rng.uniform(-30, 30) * (0.3 + t)
            pen.polygon(
                [(mid - reach, row), (mid, row - thick), (mid + reach, row), (mid, row + thick)],
                mix(sun, palette.ground(0.6), 0.2 + 0.6 * t),
            )
            row += 12 + 26 * t


def pylons(canvas: Canvas, scene: Scene) -> None:
    """A line of transmission towers coming out of the distance."""
    rng, palette = scene.rng, scene.palette
    vx, vy = W / 2 - scene.side * rng.uniform(430, 640), rng.uniform(640, 710)
    sun_x, sun_y = W / 2 - scene.side * rng.uniform(120, 420), vy - rng.uniform(60, 220)
    canvas.sky(scene, sun_x, sun_y, rng.uniform(90, 200))
    hills = [scene.dune(vy - 20 + 70 * i, 40, scene.lift * (50 + 30 * i)) for i in range(3)]
    canvas.below(hills[0], palette, 0.15, 0.4)
    canvas.below(hills[1], palette, 0.55, 0.2)
    nx, ny, tall = W / 2 + scene.side * rng.uniform(280, 470), 860.0, rng.uniform(760, 900)
    arms = TOWER_ARMS[scene.count % len(TOWER_ARMS)]
    # Sizes relative to the nearest tower; the first stands behind the viewer and only holds wires.
    sizes = [1 / (1 + distance) for distance in (-0.62, 0, 0.95, 2.3, 4.4, 7.5, 12)]

    def projection(size: float) -> Projection:
        return lambda across, up: (vx + (nx - vx + across * tall) * size, vy + (ny - vy - up * tall) * size)

    with canvas.pen() as pen:
        for nearer, size in reversed(list(pairwise(sizes))):
            ink = palette.mix(palette.ground(0.95), palette.low, 0.62 * (1 - size) ** 2)
            at, ahead = projection(size), projection(nearer)
            for up, end in ((up - 0.035, s * reach) for up, reach in arms for s in (-1, 1)):
                pen.cable(at(end, up), ahead(end, up), ink, max(1.3, 3.2 * size))
            tower(pen, at, arms, ink, size)
    # The nearest hill comes last, so that it hides the feet of the towers.
    canvas.below(hills[2], palette, 0.95, 0)


def tower(pen: Pen, at: Projection, arms: Sequence[Point], ink: Colour, size: float) -> None:
    """A lattice tower; `at` maps (across, up), both in tower heights, to the board."""

    def leg(up: float) -> float:
        return 0.115 - 0.135 * up if up < 0.62 else 0.075 - 0.071 * up

    levels = (0, 0.17, 0.31, 0.43, 0.53, 0.62, 0.7, 0.78, 0.85, 0.92)
    thick, thin = max(1.6, 8 * size), max(1.0, 4 * size)
    for low, high in pairwise(levels):
        for s in (-1, 1):
            pen.line([at(s * leg(low), low), at(s * leg(high), high)], ink, thick)
            pen.line([at(s * leg(low), low), at(-s * leg(high), high)], ink, thin)
        pen.line([at(-leg(high), high), at(leg(high), high)], ink, thin)
    pen.line([at(-leg(0.92), 0.92), at(0, 1), at(leg(0.92), 0.92)], ink, thick)
    for up, reach in arms:
        for s in (-1, 1):
            pen.line([at(s * leg(up), up), at(s * reach, up), at(s * leg(up), up + 0.05)], ink, thin * 1.4)
            pen.line([at(s * reach, up), at(s * reach, up - 0.035)], ink, thin * 1.6)


def racks(canvas: Canvas, scene: Scene) -> None:
    """An aisle of server racks in one-point perspective, lit from its far end."""
    rng, palette, mix = scene.rng, scene.palette, scene.palette.mix
    vx, vy = W / 2 - scene.side * rng.uniform(60, 340), 420 + 70 * scene.lift + rng.uniform(-30, 30)
    aisle, roof, floor = rng.uniform(480, 700), -rng.uniform(520, 700), rng.uniform(480, 600)
    deepest, bays, shelves = rng.uniform(5.5, 9), 5 + 2 * scene.count, rng.choice((9, 13, 18))
    dark, shine, lamp = palette.ground(1), palette.light, mix(palette.light, palette.low, 0.4)

    def at(x: float, y: float, bay: float) -> Point:
        """x and y from the eye at a depth in bays, 0 being nearest."""
        z = 0.42 * (deepest / 0.42) ** (bay / bays)
        return vx + x / z, vy + y / z

    def panel(x: float, y: float, x2: float, y2: float, near: float, far: float) -> list[Point]:
        return [at(x, y, near), at(x2, y2, near), at(x2, y2, far), at(x, y, far)]

    canvas.wash(palette.ground(0.95), palette.ground(0.95))
    canvas.shape(panel(-aisle, floor, aisle, floor, 0, bays), palette.ground(0.05), palette.ground(0.85))
    hot, strips = (rng.randrange(2, bays - 2), scene.side), rng.random() < 0.4
    lamps = ((-0.62, -0.52), (0.52, 0.62)) if strips else ((-0.12, 0.12),)
    tall = (floor - roof) / shelves
    with canvas.pen() as pen:
        door = ((-1, roof), (1, roof), (1, floor), (-1, floor))
        pen.polygon([at(s * aisle, y, bays) for s, y in door], shine)
        for bay, s in ((bay, s) for bay in reversed(range(bays)) for s in (-1, 1)):
            x, face = s * aisle, mix(palette.ground(0.2), dark, (1 - bay / (bays - 1)) ** 0.75)
            face = scene.accent(face) if (bay, s) == hot else face
            pen.polygon(panel(x, roof, x, floor, bay, bay + 0.9), face)
            for y in (roof + tall * (k + 0.3) for k in range(shelves)):
                pen.polygon(panel(x, y, x, y + tall * 0.5, bay + 0.08, bay + 0.82), mix(face, dark, 0.5))
                if bay > 1 and rng.random() < 0.4:
                    end = bay + rng.choice((0.2, 0.2, 0.26, 0.44))
                    pen.polygon(panel(x, y + tall * 0.15, x, y + tall * 0.35, bay + 0.14, end), lamp)
        for bay, (left, right) in ((bay, ends) for bay in range(bays) for ends in lamps):
            end = bay + (1.2 if strips else 0.75)
            pen.polygon(panel(aisle * left, roof, aisle * right, roof, bay + 0.2, end), lamp)
    canvas.glow(vx, vy, 420, shine, 0.6)


def fans(canvas: Canvas, scene: Scene) -> None:
    """Cooling fans seen from close by, their swept blades shaded in three tones."""
    rng, palette = scene.rng, scene.palette
    x, radius = W / 2 + scene.side * rng.uniform(160, 420), rng.uniform(430, 620)
    rotors = [(x, rng.uniform(380, 560), radius)]
    if rng.random() < 0.5:
        rotors.append((x - scene.side * (radius * 1.2 + 470), H / 2 + rng.choice((-1, 1)) * 300, 390.0))
    blades, shares = 3 + 2 * min(3, scene.count), [0.2 + 0.76 * i / 14 for i in range(15)]
    canvas.wash(palette.high, palette.low)
    canvas.shadow([(x + r * 0.06, y + r * 0.1, r * 1.1) for x, y, r in rotors], palette.near, 34)
    for x, y, r in rotors:
        canvas.disc(x, y, r * 1.09, palette.ground(0.15), palette.ground(0.55))
        canvas.disc(x, y, r, palette.ground(1), palette.ground(0.85))
    if scene.spot:
        canvas.glow(*rotors[0][:2], radius * 1.25, palette.accent, 1)

    def sweep(x: float, y: float, r: float, start: float) -> list[Point]:
        turn = [start + scene.side * 0.9 * share**1.5 for share in shares]
        return [(x + r * t * cos(q), y + r * t * sin(q)) for t, q in zip(shares, turn, strict=True)]

    with canvas.pen() as pen:
        for x, y, r in rotors:
            first, wide = rng.uniform(0, tau), scene.side * tau / blades
            for start in (first + wide * blade for blade in range(blades)):
                # Two slices to a tone: with fewer, the tips would look cut straight.
                for part in range(6):
                    sides = [sweep(x, y, r, start + wide * 0.13 * (part + more)) for more in (0, 1)]
                    pen.polygon([*sides[0], *reversed(sides[1])], palette.ground(0.08 + 0.27 * (part // 2)))
                pen.line(sweep(x, y, r, start), palette.mix(palette.low, palette.far, 0.25), r * 0.012)
            for share, tone in ((0.24, 0.8), (0.2, 0.4), (0.07, 0.85)):
                pen.disc(x, y, r * share, palette.ground(tone))


def bars(canvas: Canvas, scene: Scene) -> None:
    """A chart as a landscape: steps, or columns, one row before another."""
    rng, palette = scene.rng, scene.palette
    rows, steps, parted = 3 + scene.count // 2, rng.choice((6, 8, 11)), rng.random() < 0.4
    marked, sun = rng.randrange(1, rows), W / 2 - scene.side * rng.uniform(200, 480)
    canvas.sky(scene, sun, rng.uniform(230, 330), rng.uniform(90, 200), palette.light)
    for row in range(rows):
        t, value = row / (rows - 1), rng.uniform(-40, 40)
        edge: list[Point] = []
        for i in range(steps):
            top = 410 + 300 * t + value - scene.lift * 330 * (i / (steps - 1) - 0.5)
            left, right = W * i / steps, W * (i + 1) / steps
            edge += [(left, top), (right, top)]
            if parted:
                edge[-1:] = [(right - 22, top), (right - 22, H + 20), (right, H + 20)]
            value = value * 0.55 + rng.choice((-1, 1)) * rng.uniform(25, 95)
        canvas.below(edge, palette, 0.1 + 0.85 * t, 0.6 * (1 - t))
        if row == marked and scene.spot and not parted:
            with canvas.pen() as pen:
                pen.line(edge, palette.accent, 8)


def blocks(canvas: Canvas, scene: Scene) -> None:
    """Isometric blocks stacked in groups on a tiled floor, casting hard shadows."""
    rng, palette, mix = scene.rng, scene.palette, scene.palette.mix
    size, groups = rng.choice((64.0, 76.0, 90.0)), 1 + (scene.count + 1) // 2
    half = size * 0.577
    # Each group is a rough cone: its place on the board, its width and its height in blocks.
    cones = [
        (
            W * share + rng.uniform(-90, 90),
            rng.uniform(400, 720),
            rng.uniform(3.6, 5.2),
            rng.uniform(3.5, 5.5) * (1 + 0.8 * scene.lift * (2 * share - 1)),
        )
        for share in ((n + 0.5) / groups for n in range(groups))
    ]
    cells: list[tuple[float, float, float]] = []
    for row in range(-2, int(H / half) + 12):
        for x, y in ((column * size, row * half) for column in range(-2 - row % 2, int(W / size) + 3, 2)):
            rise = max(
                tall - tall * (hypot((x - cx) / size, (y - cy) / half) / wide) ** 2 for cx, cy, wide, tall in cones
            ) + rng.uniform(-1, 1)
            if rise >= 1:
                cells.append((x, y, half * round(rise)))
    shown = [cell for cell in cells if 250 < cell[0] < 1350 and 200 < cell[1] - cell[2] < 750]
    marked = rng.choice(shown) if shown and scene.spot else None
    canvas.wash(palette.high, palette.low)
    grout, shade = mix(palette.low, palette.far, 0.35), mix(palette.high, palette.near, 0.45)
    with canvas.pen() as pen:
        for k, s in ((k, s) for k in range(-int(W / size), int(2 * W / size)) for s in (-1, 1)):
            pen.line([(2 * k * size, 0), (2 * k * size + s * 2000, 1154)], grout, 2)
        for x, y, rise in cells:
            dx, dy = 1.1 * rise, 0.25 * rise
            pen.polygon(
                [
                    (x - size, y),
                    (x, y - half),
                    (x + dx, y - half + dy),
                    (x + dx + size, y + dy),
                    (x + dx, y + half + dy),
                    (x, y + half),
                ],
                shade,
            )
        for cell in cells:
            lid, left, right = mix(palette.light, palette.far, 0.12), palette.far, palette.ground(0.85)
            if cell == marked:
                lid, left = mix(palette.accent, palette.light, 0.15), palette.accent
                right = mix(palette.accent, palette.near, 0.6)
            pen.block(*cell, size, (lid, left, right))


def arches(canvas: Canvas, scene: Scene) -> None:
    """An arcade in one-point perspective, opening on to light."""
    rng, palette, mix = scene.rng, scene.palette, scene.palette.mix
    walls, pointed = 2 + scene.count, rng.random() < 0.35
    vx, vy = W / 2 - scene.side * rng.uniform(60, 280), 530 + 60 * scene.lift
    half, spring, drop, off = rng.uniform(420, 600), rng.uniform(40, 170), 330.0, rng.uniform(-90, 90)
    turn = [pi * i / 48 for i in range(49)]

    def opening(z: float) -> list[Point]:
        x, r = vx + off / z, half / z
        rise = [1.35 * (1 - abs(cos(q))) ** 0.6 if pointed else sin(q) for q in turn]
        arc = [(x - r * cos(q), vy - spring / z - r * up) for q, up in zip(turn, rise, strict=True)]
        return [(x - r, vy + drop / z), *arc, (x + r, vy + drop / z)]

    canvas.wash(palette.ground(1), palette.ground(0.92))
    for k in range(walls):
        t, last = k / (walls - 1), k == walls - 1
        front, following = 0.62 + 0.62 * k**1.25, 0.62 + 0.62 * (k + 1) ** 1.25
        back = front + 0.24 + 0.1 * k
        jamb, wall = palette.ground(0.62 * (1 - t)), palette.ground(0.9 - 0.9 * (k + 1) / walls)
        canvas.shape(opening(front), mix(jamb, palette.light, 0.1), mix(jamb, palette.light, 0.3))
        canvas.shape(opening(back), palette.light if last else wall, palette.low if last else wall)
        if last and scene.spot:
            x, y, r = vx + off / back, vy + drop / back, half / back * 0.5
            canvas.shape([(x - r * cos(q), y - r * sin(q)) for q in turn], palette.accent)
        end = back if last else following
        floor = ((-1, front), (1, front), (1, end), (-1, end))
        canvas.shape(
            [(vx + (off + s * half) / z, vy + drop / z) for s, z in floor],
            mix(palette.light, palette.far, 0.75 - 0.5 * t),
            mix(palette.light, palette.ground(0.6), 0.9 - 0.5 * t),
        )


def terraces(canvas: Canvas, scene: Scene) -> None:
    """The contours of a map in cut paper: a hill when things look up, an open pit when they do not."""
    rng, palette, mix = scene.rng, scene.palette, scene.palette.mix
    hill = scene.lift > 0 or (abs(scene.lift) < 1 and rng.random() < 0.5)
    levels, marked = 6 + scene.count, rng.randrange(2, 5 + scene.count)
    x, y = W / 2 + scene.side * rng.uniform(60, 420), H / 2 + rng.uniform(-120, 80)
    squash, reach = rng.uniform(0.55, 0.8), rng.uniform(850, 1150)
    turn = [tau * i / 180 for i in range(180)]
    # Each is frequency, height, phase, and how far it turns on its way to the centre.
    waves = [(k, rng.uniform(0.4, 1) / k, rng.uniform(0, tau), rng.uniform(-1, 1) * k) for k in range(1, 7)]

    def rim(t: float, share: float = 1.0, shift: float = 0.0) -> list[Point]:
        size = (reach * (1 - t) ** 1.1 + 60) * share
        cx, cy = x + 90 * t + shift, y + 50 * t + 0.7 * shift
        radii = [size * (1 + 0.22 * sum(a * sin(k * q + p + d * t) for k, a, p, d in waves)) for q in turn]
        return [(cx + r * cos(q), cy + squash * r * sin(q)) for q, r in zip(turn, radii, strict=True)]

    canvas.wash(palette.ground(0.75) if hill else mix(palette.low, palette.far, 0.25))
    with canvas.pen() as pen:
        for n in range(levels):
            t = n / levels
            tone = palette.ground(0.02 + 0.8 * (n + 1) / levels)
            if hill:
                tone = mix(palette.ground(0.6 - 0.6 * t), palette.light, t**1.6 * 0.8)
            # The darker polygon shows as the shadow of the step: outside a hill, inside a pit.
            edge = mix(tone, palette.near, 0.55)
            pen.polygon(rim(t, 1.0, 16.0 if hill else 0.0), scene.accent(edge) if n == marked else edge)
            pen.polygon(rim(t) if hill else rim(t, 0.965, 55 / levels), tone)
        pen.polygon(rim(0.985), palette.light if hill else palette.near)
