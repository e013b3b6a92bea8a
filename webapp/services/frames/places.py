"""Settings: what is behind the people. `horizon` is where floor meets wall, as a share of the height."""

from __future__ import annotations

import math
from collections.abc import Callable

from webapp.services.frames.board import Board
from webapp.services.frames.colors import DARK, DEEP, MID, PALE, PAPER, RGB, mix
from webapp.services.frames.geometry import blob, curve, ellipse, path, place, rect, rounded
from webapp.services.frames.props import draw_plant

Place = Callable[[Board, float], None]
_LEAF: RGB = mix(MID, (120, 150, 110), 0.55)


def _ground(board: Board, y: float, color: RGB = PALE, *, gap: float = 30) -> None:
    w, h = board.width, board.height
    board.marker(rect(0, y, w, h - y), color, 0.9, angle=-6, gap=gap)
    board.line([(0, y), (w * 0.5, y - 2), (w, y + 1)], 2.6)


def draw_room(board: Board, horizon: float) -> None:
    """Draw a living room in one-point perspective, with two or three pieces of furniture."""
    w, h, rng = board.width, board.height, board.rng
    y, x0, x1, top = h * horizon, w * 0.10, w * 0.90, h * 0.08
    board.marker([(0, h), (w, h), (x1, y), (x0, y)], PALE, 0.95, angle=-12, gap=26)
    board.marker([(0, 0), (x0, top), (x0, y), (0, h)], MID, 0.5, angle=84, gap=26)
    board.marker(rect(x0, top, x1 - x0, y - top), board.palette.tint(0.88), 0.7, angle=-40, gap=40)
    for line in (((x0, y), (x1, y)), ((x0, top), (x0, y)), ((x1, top), (x1, y)), ((x0, top), (x1, top)),
                 ((0, h), (x0, y)), ((w, h), (x1, y)), ((0, 0), (x0, top)), ((w, 0), (x1, top))):  # fmt: skip
        board.line(line, 2.0, alpha=0.75)
    for k in range(1, 6):
        board.line([(x0 + (x1 - x0) * k / 6, y), (w * (-0.35 + 1.7 * k / 6), h)], 1.1, alpha=0.3)
    left = rng.random() < 0.5
    draw_window(board, w * (0.16 if left else 0.62), h * 0.16, w * 0.22, (y - top) * 0.52)
    _draw_picture(board, w * (0.70 if left else 0.22), h * 0.22, board.short_side * 0.14)
    if rng.random() < 0.5:
        _draw_lamp(board, w * (0.88 if left else 0.13), h * (horizon + 0.12), (y - top) * 0.95)
    else:
        draw_plant(
            board, w * (0.86 if left else 0.14), h * (horizon + 0.12), board.short_side * 0.34, board.palette.accent
        )


def draw_window(board: Board, x: float, y: float, width: float, height: float) -> None:
    """Draw a window with its top left corner at (x, y)."""
    board.shape(rect(x, y, width, height), None, width=2.6, smooth=False)
    board.marker(rect(x, y, width, height), PALE, 0.8, angle=40, gap=22, flat=0.3)
    board.line([(x + width / 2, y), (x + width / 2, y + height)], 2.2)
    board.line([(x, y + height * 0.5), (x + width, y + height * 0.5)], 2.0)
    board.line([(x - width * 0.05, y + height * 1.03), (x + width * 1.05, y + height * 1.03)], 3)
    for start, end in (((0.12, 0.38), (0.36, 0.12)), ((0.6, 0.85), (0.88, 0.6))):
        board.line(
            [(x + width * start[0], y + height * start[1]), (x + width * end[0], y + height * end[1])], 1.4, alpha=0.5
        )


def _draw_picture(board: Board, x: float, y: float, size: float) -> None:
    board.shape(rect(x, y, size, size * 1.2), None, width=2.4, smooth=False)
    inner = rect(x + size * 0.12, y + size * 0.12, size * 0.76, size * 0.96)
    board.marker(inner, board.palette.second, 0.5, gap=10)
    board.marker(ellipse(x + size * 0.5, y + size * 0.55, size * 0.2, size * 0.2), board.palette.main, 0.7, gap=7)


def _draw_lamp(board: Board, x: float, y: float, height: float) -> None:
    board.line([(x, y), (x, y - height * 0.8)], 3)
    board.shape(ellipse(x, y, height * 0.10, height * 0.02), DARK, 0.8, width=2)
    shade = [(-0.09, -0.98), (0.09, -0.98), (0.15, -0.74), (-0.15, -0.74)]
    board.shape(place(shade, x, y, height), board.palette.second, 0.7, width=2.4, smooth=False)


def draw_city(board: Board, horizon: float) -> None:
    """Draw a skyline behind an open square."""
    w, h, rng = board.width, board.height, board.rng
    y = h * horizon
    board.marker(rect(0, 0, w, y), board.palette.tint(0.86), 0.9, angle=-24, gap=44)
    for cx, cy, size in ((rng.uniform(0.15, 0.35), 0.15, 1.0), (rng.uniform(0.65, 0.9), 0.10, 0.8)):
        _draw_cloud(board, w * cx, h * cy, 0.075 * max(w, h * 0.8) * size)
    x = -10 - rng.uniform(0, 40)
    while x < w:
        width = rng.uniform(0.06, 0.13) * max(w, h * 0.8)
        _draw_tower(board, x, y, width, rng.uniform(0.18, 0.48) * min(h, w * 1.25))
        x += width + rng.uniform(0, 0.02) * w
    _ground(board, y)
    board.line([(w * 0.40, y), (-w * 0.1, h)], 1.6, alpha=0.5)
    board.line([(w * 0.62, y), (w * 1.15, h)], 1.6, alpha=0.5)


def _draw_cloud(board: Board, x: float, y: float, size: float) -> None:
    outline = [(-1.1, 0.1), (-0.7, -0.25), (-0.2, -0.22), (0.1, -0.5), (0.6, -0.3), (0.75, -0.02), (1.1, 0.1)]
    cloud = place(outline, x, y, size)
    board.paper(curve(cloud), 0.9)
    board.pen(cloud, 2.0, alpha=0.55)


def _draw_tower(board: Board, x: float, y: float, width: float, height: float) -> None:
    rng = board.rng
    tower = rect(x, y - height, width, height)
    board.marker(tower, rng.choice((PALE, PALE, MID)), 0.9, angle=84, gap=18)
    board.line([(x, y), (x, y - height), (x + width, y - height), (x + width, y)], 1.8, alpha=0.7)
    step = 0.05 * board.height
    for row in range(int(height / step)):
        if rng.random() < 0.75:
            level = y - height + step * (0.56 + row)
            board.line([(x + width * 0.18, level), (x + width * rng.uniform(0.5, 0.85), level)], 1.2, alpha=0.4)


def draw_street(board: Board, horizon: float) -> None:
    """Draw a shop front with an awning, seen across the pavement."""
    w, h, rng = board.width, board.height, board.rng
    y = h * horizon
    board.marker(rect(0, 0, w, y), PALE, 0.75, angle=86, gap=30)
    span = w * (0.62 if board.broad else 0.86)
    x = rng.choice((w * 0.06, w * 0.94 - span, (w - span) / 2))
    sign, awning = h * 0.12, h * 0.30
    board.shape(rect(x, sign, span, h * 0.10), board.palette.main, 0.85, width=2.6, smooth=False)
    board.line([(x + span * 0.3, sign + h * 0.05), (x + span * 0.7, sign + h * 0.05)], 8, PAPER)
    board.shape(rect(x + span * 0.06, awning, span * 0.54, y - awning - h * 0.05), None, width=2.6, smooth=False)
    board.hatch(rect(x + span * 0.10, awning, span * 0.46, y - awning - h * 0.08), gap=26, angle=-50, alpha=0.25)
    board.shape(rect(x + span * 0.68, awning, span * 0.24, y - awning), MID, 0.8, width=2.6, smooth=False)
    board.pen(ellipse(x + span * 0.88, (awning + y) / 2, 4 * board.unit, 4 * board.unit), 3, closed=True)
    count = 8
    for k in range(count):
        left, right = x + span * k / count, x + span * (k + 1) / count
        scallop = [
            (left, sign + h * 0.10),
            (right, sign + h * 0.10),
            (right, awning + h * 0.02),
            ((left + right) / 2, awning + h * 0.05),
            (left, awning + h * 0.02),
        ]
        board.shape(scallop, board.palette.second if k % 2 else None, 0.85, width=2.2, smooth=False, again=0)
    _ground(board, y, MID)
    for k in range(5):
        board.line([(w * (0.1 + 0.2 * k), y), (w * (-0.3 + 0.4 * k), h)], 1.2, alpha=0.35)


def draw_hills(board: Board, horizon: float) -> None:
    """Draw hills and a sun."""
    w, h, rng = board.width, board.height, board.rng
    y = h * horizon
    board.marker(rect(0, 0, w, y), board.palette.tint(0.9), 0.7, angle=-18, gap=46)
    radius = 0.075 * max(w, h * 0.9)
    sun = ellipse(w * rng.uniform(0.2, 0.8), y - h * rng.uniform(0.18, 0.30), radius, radius)
    board.shape(sun, board.palette.second, 0.85, width=2.2)
    for rise, color in ((-0.13, PALE), (-0.06, MID)):
        ridge = [(w * k / 5, y + rise * h * rng.uniform(0.4, 1.6)) for k in range(6)]
        outline = path([*curve(ridge).tolist(), (w, y + 6), (0, y + 6)])
        board.paper(outline)
        board.marker(outline, color, 0.9, gap=20)
        board.pen(ridge, 2.2)
    _ground(board, y, gap=34)
    for _ in range(9):
        _draw_grass(board, rng.uniform(0, w), rng.uniform(y + h * 0.06, h * 0.97))


def draw_park(board: Board, horizon: float) -> None:
    """Draw trees, a path and a bench."""
    w, h, rng = board.width, board.height, board.rng
    y = h * horizon
    board.marker(rect(0, 0, w, y), board.palette.tint(0.88), 0.8, angle=-20, gap=46)
    _draw_cloud(board, w * rng.uniform(0.3, 0.7), h * 0.12, 0.07 * max(w, h * 0.8))
    hedge = blob(w / 2, y, w * 0.62, h * 0.08, bumps=24, depth=0.06)
    board.shape(hedge, mix(_LEAF, PAPER, 0.45), 0.8, width=1.8, gap=14)
    _ground(board, y, mix(PALE, _LEAF, 0.3))
    trail = [(w * 0.46, y), (w * 0.54, y), (w * 0.82, h), (w * 0.12, h)]
    board.paper(trail, 0.6)
    for line in ((trail[0], trail[3]), (trail[1], trail[2])):
        board.line(line, 1.6, alpha=0.5)
    for x in (rng.uniform(0.05, 0.16), rng.uniform(0.80, 0.95)):
        _draw_tree(board, w * x, y + h * 0.08, min(h * 0.62, w * 0.8) * rng.uniform(0.85, 1.05))
    for _ in range(6):
        _draw_grass(board, rng.uniform(0, w), rng.uniform(y + h * 0.1, h * 0.97))


def _draw_tree(board: Board, x: float, y: float, height: float) -> None:
    trunk = [(-0.05, 0.0), (-0.03, -0.4), (0.03, -0.4), (0.05, 0.0)]
    board.shape(place(trunk, x, y, height), DEEP, 0.85, width=2.2, smooth=False, gap=8)
    crown = blob(x, y - height * 0.66, height * 0.25, height * 0.32, bumps=9, depth=0.08)
    board.shape(crown, _LEAF, 0.85, width=2.4, gap=12)
    for _ in range(4):
        cx, cy = x + board.rng.uniform(-0.14, 0.14) * height, y - height * board.rng.uniform(0.52, 0.82)
        board.pen(ellipse(cx, cy, height * 0.05, height * 0.035, start=0.2, end=2.8), 1.4, alpha=0.5)


def _draw_grass(board: Board, x: float, y: float) -> None:
    u = board.unit
    board.pen([(x, y), (x + 5 * u, y - 14 * u)], 1.6, alpha=0.5)
    board.pen([(x + 8 * u, y), (x + 16 * u, y - 11 * u)], 1.6, alpha=0.5)


def draw_kitchen(board: Board, horizon: float) -> None:
    """Draw a kitchen: tiles, wall cupboards, a counter with small things on it."""
    w, h, rng = board.width, board.height, board.rng
    y = h * horizon
    board.marker(rect(0, 0, w, y), PALE, 0.55, angle=-40, gap=40)
    size = board.short_side
    top = h * 0.27
    step = size * 0.085
    for k in range(1, int((y - top) / step) + 1):
        board.line([(0, top + k * step), (w, top + k * step)], 1.0, alpha=0.22)
    for k in range(int(w / step)):
        board.line([(k * step * 1.6, top), (k * step * 1.6, y)], 1.0, alpha=0.22)
    gap = rng.choice((1, 2))
    count = 5 if board.broad else 3
    for k in range(count):
        box = rect(w * k / count, -4, w / count, top)
        if k == gap:
            draw_window(board, w * k / count + w * 0.02, h * 0.06, w / count - w * 0.04, h * 0.36)
            continue
        board.shape(box, board.palette.tint(0.62), 0.7, width=2.2, smooth=False, gap=18)
        board.line([(w * (k + 0.82) / count, top - h * 0.07), (w * (k + 0.82) / count, top - h * 0.025)], 3)
    board.shape(rect(-6, y, w + 12, h * 0.045), None, width=2.6, smooth=False)
    board.marker(rect(0, y + h * 0.045, w, h), MID, 0.75, angle=84, gap=26)
    for k in range(1, count):
        board.line([(w * k / count, y + h * 0.045), (w * k / count, h)], 1.8, alpha=0.6)
    _draw_kettle(board, w * rng.uniform(0.06, 0.14), y, size * 0.20)
    draw_plant(board, w * rng.uniform(0.86, 0.94), y, size * 0.24, board.palette.accent)


def _draw_kettle(board: Board, x: float, y: float, size: float) -> None:
    body = [(-0.36, 0), (-0.42, -0.30), (-0.24, -0.62), (0.24, -0.62), (0.42, -0.30), (0.36, 0)]
    board.shape(place([(0.34, -0.40), (0.62, -0.62), (0.66, -0.56), (0.40, -0.22)], x, y, size), DEEP, 0.8, width=2.2)
    board.shape(place(body, x, y, size), DEEP, 0.85, width=2.4, gap=10)
    board.pen(place([(-0.26, -0.62), (-0.2, -0.92), (0.2, -0.92), (0.26, -0.62)], x, y, size), 4)


def draw_office(board: Board, horizon: float) -> None:
    """Draw an office: a long window onto towers, a shelf, a desk line."""
    w, h, rng = board.width, board.height, board.rng
    y = h * horizon
    board.marker(rect(0, 0, w, y), PALE, 0.5, angle=-36, gap=44)
    x0, span = w * (0.08 if rng.random() < 0.5 else 0.34), w * 0.58
    top, bottom = h * 0.10, y - h * 0.14
    board.shape(rect(x0, top, span, bottom - top), board.palette.tint(0.86), 0.7, width=2.8, smooth=False)
    x = x0 + span * 0.04
    while x < x0 + span * 0.86:
        width = span * rng.uniform(0.10, 0.17)
        high = (bottom - top) * rng.uniform(0.25, 0.72)
        tower = rect(x, bottom - high, min(width, x0 + span * 0.97 - x), high)
        board.marker(tower, MID, 0.7, angle=84, gap=14)
        board.pen(tower, 1.3, closed=True, smooth=False, alpha=0.5)
        x += width * 1.15
    for k in range(1, 4):
        board.line([(x0 + span * k / 4, top), (x0 + span * k / 4, bottom)], 2.6)
    shelf = w * (0.74 if x0 < w * 0.2 else 0.06)
    for k in range(2):
        level = h * (0.26 + 0.17 * k)
        board.line([(shelf, level), (shelf + w * 0.20, level)], 3.4)
        offset = shelf + w * 0.01
        for _ in range(rng.choice((4, 5, 6))):
            thick, high = w * rng.uniform(0.012, 0.024), h * rng.uniform(0.07, 0.11)
            book = rect(offset, level - high, thick, high)
            board.shape(
                book,
                rng.choice((PALE, MID, board.palette.second, board.palette.main, DEEP)),
                0.75,
                width=1.8,
                smooth=False,
                again=0,
            )
            offset += thick * 1.1
    _ground(board, y, MID)


def draw_cafe(board: Board, horizon: float) -> None:
    """Draw a café: hanging lamps, a menu board, a counter."""
    w, h, rng = board.width, board.height, board.rng
    y = h * horizon
    board.marker(rect(0, 0, w, y), board.palette.tint(0.82), 0.8, angle=-36, gap=40)
    side = rng.choice((0.08, 0.58))
    menu = rect(w * side, h * 0.16, w * 0.34, h * 0.26)
    board.shape(menu, DARK, 0.95, width=2.8, smooth=False)
    for k in range(4):
        level = h * (0.205 + 0.05 * k)
        board.line([(w * (side + 0.03), level), (w * (side + rng.uniform(0.14, 0.20)), level)], 2.4, PAPER, alpha=0.8)
        board.line([(w * (side + 0.26), level), (w * (side + 0.31), level)], 2.4, PAPER, alpha=0.8)
    size = board.short_side
    for x in (0.18, 0.5, 0.82):
        drop = h * rng.uniform(0.09, 0.14)
        board.line([(w * x, 0), (w * x, drop)], 2)
        lamp = [(-0.5, 0.42), (-0.30, 0.08), (0, 0), (0.30, 0.08), (0.5, 0.42)]
        board.shape(place(lamp, w * x, drop, size * 0.11), board.palette.second, 0.85, width=2.4)
    board.shape(rect(-6, y, w + 12, h * 0.05), None, width=2.6, smooth=False)
    board.marker(rect(0, y + h * 0.05, w, h), DEEP, 0.6, angle=84, gap=28)
    for k in range(1, 7):
        board.line([(w * k / 7, y + h * 0.05), (w * k / 7, h)], 1.4, alpha=0.4)


def draw_studio(board: Board, horizon: float) -> None:
    """Draw a plain backdrop with a pool of light."""
    w, h = board.width, board.height
    y = h * horizon
    board.marker(rect(0, 0, w, y), board.palette.tint(0.78), 0.85, angle=-38, gap=34)
    radius = 0.36 * min(w, h * 1.2)
    board.paper(ellipse(w * 0.5, y * 0.62, radius, radius), 0.7)
    board.marker(rect(0, y, w, h - y), MID, 0.75, angle=-4, gap=24)
    board.line([(0, y), (w, y + 2)], 2.4)


def draw_soft(board: Board, _horizon: float) -> None:
    """Draw a background out of focus: large soft discs. There is no horizon."""
    w, h, rng = board.width, board.height, board.rng
    board.marker(rect(0, 0, w, h), rng.choice((PALE, board.palette.tint(0.84))), 0.7, angle=-42, gap=52)
    discs: list[tuple[float, float, float]] = []
    for _ in range(40):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h * 0.85), rng.uniform(0.045, 0.12) * max(w, h)
        if len(discs) > 6 or any(math.hypot(x - p, y - q) < r + s for p, q, s in discs):
            continue
        discs.append((x, y, r))
        tone = rng.choice((PALE, MID, board.palette.tint(0.72), mix(board.palette.second, PAPER, 0.7)))
        board.marker(ellipse(x, y, r, r), tone, 0.7, gap=16)


def draw_shelves(board: Board, _horizon: float) -> None:
    """Draw a wall of blurred shelves, as behind a close face."""
    w, h, rng = board.width, board.height, board.rng
    board.marker(rect(0, 0, w, h), board.palette.tint(0.85), 0.8, angle=-42, gap=46)
    for row in range(1, 5):
        level = h * row * 0.25
        board.marker(rect(0, level - h * 0.012, w, h * 0.024), MID, 0.8, gap=12)
        x = w * rng.uniform(0, 0.1)
        while x < w:
            width, high = w * rng.uniform(0.03, 0.08), h * rng.uniform(0.09, 0.19)
            tone = rng.choice((PALE, MID, board.palette.tint(0.6), mix(board.palette.second, PAPER, 0.6)))
            board.marker(
                rounded(x, level - h * 0.012 - high, width, high, 8 * board.unit), tone, 0.75, angle=80, gap=14
            )
            x += width * rng.uniform(1.15, 2.2)


PLACES: dict[str, Place] = {
    "room": draw_room,
    "city": draw_city,
    "street": draw_street,
    "hills": draw_hills,
    "park": draw_park,
    "kitchen": draw_kitchen,
    "office": draw_office,
    "cafe": draw_cafe,
    "studio": draw_studio,
    "soft": draw_soft,
    "shelves": draw_shelves,
}
INDOORS = ("room", "kitchen", "office", "cafe")
OUTDOORS = ("city", "street", "hills", "park")


def draw_place(board: Board, kind: str, horizon: float = 0.62) -> None:
    """Draw a setting by its name."""
    PLACES[kind](board, horizon)
