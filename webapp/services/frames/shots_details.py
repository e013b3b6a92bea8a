"""Extreme close-ups: the eyes, or the surface of the product."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from webapp.services.frames.colors import DARK, DEEP, INK, mix
from webapp.services.frames.geometry import curve, ellipse, moved, path, place, rect
from webapp.services.frames.places import draw_place
from webapp.services.frames.props import draw_prop

if TYPE_CHECKING:
    from webapp.services.frames.board import Board
    from webapp.services.frames.faces import Person
    from webapp.services.frames.scene import Scene


def draw_extreme_close_up(board: Board, scene: Scene) -> None:
    """Draw a detail: the eyes in the beats about people, the product's surface in the beats about the product."""
    if scene.beat in ("product", "cta") or (scene.beat == "proof" and board.rng.random() < 0.5):
        _macro(board, scene)
    else:
        _eyes(board, scene)


def _macro(board: Board, scene: Scene) -> None:
    w, h, rng = board.width, board.height, board.rng
    draw_place(board, "soft")
    scale = {"car": 1.5, "shoe": 1.7, "bowl": 1.7, "bag": 1.8, "box": 1.9, "plant": 1.8}.get(scene.prop, 2.3)
    scale *= min(h, w * 1.15)
    middle = {"shoe": 0.32, "car": 0.40, "bowl": 0.38, "plant": 0.45, "bag": 0.36, "box": 0.36}.get(scene.prop, 0.44)
    lean = rng.choice((-1, 1)) * rng.uniform(0.10, 0.24)
    x = w * (0.5 + rng.uniform(-0.08, 0.08))
    draw_prop(board, scene.prop, x, h * 0.5 + scale * middle, scale, angle=lean)
    for _ in range(16 if scene.prop in ("bottle", "cup", "plant", "bowl") else 0):
        _draw_drop(
            board, x + rng.uniform(-0.20, 0.20) * scale, h * rng.uniform(0.05, 0.95), rng.uniform(0.008, 0.02) * h
        )
    for _ in range(5):
        _draw_sparkle(
            board,
            rng.choice((rng.uniform(0.05, 0.22), rng.uniform(0.78, 0.95))) * w,
            rng.uniform(0.08, 0.7) * h,
            board.short_side * rng.uniform(0.02, 0.05),
        )


def _draw_drop(board: Board, x: float, y: float, size: float) -> None:
    drop = [(x, y - size * 1.5), (x + size * 0.9, y + size * 0.2), (x, y + size), (x - size * 0.9, y + size * 0.2)]
    board.paper(drop, 0.6, smooth=True)
    board.pen(drop, 1.8, closed=True, wobble=0.2)


def _draw_sparkle(board: Board, x: float, y: float, size: float) -> None:
    star = [
        (x + size * r * math.cos(k * math.tau / 8), y + size * r * math.sin(k * math.tau / 8))
        for k, r in enumerate((1, 0.26) * 4)
    ]
    board.shape(star, None, width=2, smooth=False, again=0)


def _eyes(board: Board, scene: Scene) -> None:
    """Draw both eyes, a little off the middle; the gaze goes where there is room."""
    w, h, rng = board.width, board.height, board.rng
    person, side = scene.someone(board), rng.choice((-1, 1))
    board.marker(rect(-4, -4, w + 8, h + 8), person.skin, 0.95, angle=-36, gap=46, bands=0.5)
    _draw_face_shade(board, person, side)
    half = (w * 0.165 if board.broad else w * 0.20) * rng.uniform(0.92, 1.12)
    x, level = w * (0.5 + side * rng.uniform(0.0, 0.06)), h * (0.50 if board.broad else 0.44)
    gap = half * 1.46
    for k in (-1, 1):
        _draw_big_eye(board, person, x + k * gap, level, half, -side)
    _draw_nose(board, x, level, half * 2, -side)
    if person.glasses:
        for k in (-1, 1):
            board.pen(ellipse(x + k * gap, level + half * 0.08, half * 1.28, half * 1.08), 9, closed=True)
        board.pen([(x - gap + half * 1.28, level), (x, level - half * 0.14), (x + gap - half * 1.28, level)], 8)
    _draw_fringe(board, person, level - half * 1.9)
    _draw_lips(board, person, x, level + half * 3.4, half)


def _draw_face_shade(board: Board, person: Person, side: int) -> None:
    w, h = board.width, board.height
    edge = curve(
        [
            (w * (0.5 + side * reach), h * level)
            for reach, level in ((0.30, -0.02), (0.40, 0.3), (0.37, 0.6), (0.24, 1.02))
        ]
    )
    rim = w * (0.5 + side * 0.52)
    board.marker(
        path([*edge.tolist(), (rim, h * 1.02), (rim, -h * 0.02)]), mix(person.skin, DEEP, 0.35), 0.5, angle=70, gap=22
    )


def _draw_nose(board: Board, x: float, level: float, span: float, way: int) -> None:
    """Draw bridge and tip, the tip towards `way`."""
    bridge = [(0.12, -0.10), (0.09, 0.45), (0.20, 0.80)]
    tip = [(0.20, 0.80), (0.10, 0.95), (-0.06, 0.92)]
    board.pen(place(bridge, x, level, span, mirror=way < 0), 3.6, alpha=0.75)
    board.pen(place(tip, x, level, span, mirror=way < 0), 4)


def _draw_big_eye(board: Board, person: Person, x: float, y: float, half: float, gaze: int) -> None:
    droop = 0.17 if person.mood == "tired" else -0.05 if person.mood == "curious" else 0.0
    lid = place(
        [(-1, 0.10), (-0.45, -0.38 + droop), (0.1, -0.50 + droop * 1.4), (0.6, -0.32 + droop), (1, 0.08)], x, y, half
    )
    under = place([(1, 0.08), (0.45, 0.36), (-0.1, 0.42), (-0.6, 0.32), (-1, 0.10)], x, y, half)
    white = np.concatenate([curve(lid), curve(under)])
    board.paper(white)
    first = len(board.marks)
    _draw_iris(board, x + gaze * half * 0.16, y - half * 0.02, half * 0.40)
    shadow = np.concatenate([curve(lid), moved(curve(lid)[::-1], 0, half * 0.16)])
    board.marker(shadow, DEEP, 0.5, gap=8, bands=0.4)
    board.clip(first, white)
    board.pen(lid, 7.5, taper=(0.3, 0.1))
    board.pen(under, 2.6, alpha=0.75)
    crease = place([(-0.55, -0.56), (0.1, -0.68), (0.65, -0.50), (1.05, -0.10)], x, y + droop * half, half)
    board.pen(
        crease,
        2.6,
        alpha=0.6,
    )
    line, out = curve(lid), 1 if x > board.width / 2 else -1
    outer = line[len(line) // 2 :] if out > 0 else line[: len(line) // 2][::-1]
    for k in range(2, len(outer), max(2, len(outer) // 6)):
        root = outer[k]
        lash = place([(0, 0), (0.05, -0.07), (0.13, -0.12)], float(root[0]), float(root[1]), half, mirror=out < 0)
        board.pen(lash, 3.4, taper=(0, 0.8))
    _draw_brow(board, person, x, y - half * 0.98, half, out)
    if person.mood == "tired":
        board.pen(place([(-0.6, 0.56), (0, 0.66), (0.6, 0.54)], x, y, half), 2.6, alpha=0.55)


def _draw_lips(board: Board, person: Person, x: float, y: float, half: float) -> None:
    """Draw a mouth; on broad pictures it lies below the frame."""
    bend = -0.10 if person.mood == "tired" else 0.12
    upper = [(-0.8, 0.0), (-0.3, -0.20), (0, -0.14), (0.3, -0.20), (0.8, 0.0), (0, bend)]
    lower = [(-0.8, 0.0), (0, bend), (0.8, 0.0), (0.4, 0.30), (0, 0.36), (-0.4, 0.30)]
    for lip, share in ((upper, 0.45), (lower, 0.3)):
        board.marker(place(lip, x, y, half), mix(person.skin, (176, 92, 84), share), 0.85, gap=10, smooth=True)
    board.pen(place([(-0.85, -0.02), (0, bend), (0.85, -0.02)], x, y, half), 4.4)
    board.pen(place([(-0.3, 0.46), (0, 0.50), (0.3, 0.46)], x, y, half), 2.4, alpha=0.6)


def _draw_iris(board: Board, x: float, y: float, radius: float) -> None:
    iris, pupil = ellipse(x, y, radius, radius), radius * 0.46
    board.paper(iris)
    board.marker(iris, board.palette.main, 0.9, gap=8)
    for k in range(14):
        a = k * math.tau / 14
        board.line([(x + r * math.cos(a), y + r * math.sin(a)) for r in (pupil, radius * 0.92)], 1.4, alpha=0.4)
    board.pen(iris, 3.4, closed=True)
    board.paper(ellipse(x, y, pupil, pupil), color=INK)
    board.paper(ellipse(x + radius * 0.34, y - radius * 0.34, radius * 0.2, radius * 0.2))


def _draw_brow(board: Board, person: Person, x: float, y: float, half: float, out: int) -> None:
    """Draw an eyebrow; `out` is 1 for the one on the right of the picture."""
    inner = {"tired": -0.26, "curious": -0.16}.get(person.mood, -0.06)
    rise = -0.14 if person.mood == "curious" else 0.0
    brow = [
        (-1.05, 0.10 + inner), (-0.3, -0.16 + rise), (0.5, -0.20 + rise), (1.12, 0.10),
        (0.5, -0.03 + rise), (-0.3, 0.06 + rise), (-0.95, 0.26 + inner),
    ]  # fmt: skip
    shape = place(brow, x, y, half, mirror=out < 0)
    tone = DARK if person.haircut in ("bald", "scarf", "beanie") else person.hair
    board.marker(shape, tone, 0.95, smooth=True, angle=-60, gap=6)
    board.pen(shape, 2.6, closed=True, again=0.6)


def _draw_fringe(board: Board, person: Person, level: float) -> None:
    """Draw what comes down over the forehead, if there is room for it above `level`."""
    if person.haircut == "bald" or level < 20 * board.unit:
        return
    w = board.width
    color = board.palette.main if person.haircut == "beanie" else person.hair
    points = [(w * k / 6, level * board.rng.uniform(0.45, 0.95)) for k in range(7)]
    outline = path([(-10.0, -10.0), *curve(points).tolist(), (w + 10.0, -10.0)])
    board.paper(outline)
    board.marker(outline, color, 0.95, angle=78, gap=14)
    board.pen(points, 3.6, again=0.8)
