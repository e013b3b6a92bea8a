"""Compositions around the product: as the hero, and as somebody sees it in their hands."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from webapp.services.frames.colors import DARK, DEEP, INK, MID, PALE, PAPER, mix
from webapp.services.frames.figures import fingers, palm
from webapp.services.frames.geometry import ellipse, place, rect
from webapp.services.frames.places import draw_place
from webapp.services.frames.props import HALF_WIDTHS, HANDY, draw_prop

if TYPE_CHECKING:
    from webapp.services.frames.board import Board
    from webapp.services.frames.faces import Person
    from webapp.services.frames.scene import Scene

_WOOD = mix(PALE, (196, 160, 120), 0.35)

_GRIPS = {
    "phone": (0.96, 0.35),
    "box": (0.80, 0.30),
    "bag": (0.86, 0.26),
    "bowl": (0.92, 0.16),
    "shoe": (0.78, 0.16),
    "plant": (0.34, 0.12),
}
"""Where two hands hold a thing: how far out (share of its half width) and how high (share of its height)."""


def draw_product(board: Board, scene: Scene) -> None:
    """Draw the product as the hero: in a spotlight, on a pedestal, or on a shelf among leaves."""
    board.rng.choice((_spotlight, _pedestal, _tabletop))(board, scene)


def _scale(board: Board, kind: str, share: float) -> float:
    """Return a scale at which the prop takes `share` of the height, and never more than 0.8 of the width."""
    return min(board.height * share, board.width * 0.40 / HALF_WIDTHS[kind])


def _spotlight(board: Board, scene: Scene) -> None:
    w, h = board.width, board.height
    draw_place(board, "studio", 0.70)
    size = _scale(board, scene.prop, 0.64)
    x, y = w * 0.5, h * (0.76 if board.tall else 0.86)
    centre, reach = (x, y - size * 0.46), max(size * 0.62, HALF_WIDTHS[scene.prop] * size * 1.12)
    ink = mix(board.palette.main, INK, 0.25)
    for k in range(11):
        a = math.pi * (1.06 + 0.088 * k)
        inner, outer = reach, reach * (1.16 + 0.08 * (k % 2))
        board.line(
            [(centre[0] + r * math.cos(a), centre[1] + r * math.sin(a)) for r in (inner, outer)], 2.6, ink, alpha=0.7
        )
    _shadow(board, x, y, size, scene.prop)
    draw_prop(board, scene.prop, x, y, size)


def _shadow(board: Board, x: float, y: float, size: float, kind: str) -> None:
    half = HALF_WIDTHS[kind] * size
    board.marker(ellipse(x + half * 0.5, y + size * 0.005, half * 1.5, size * 0.045), DARK, 0.55, gap=8, angle=-4)


def _pedestal(board: Board, scene: Scene) -> None:
    w, h, rng = board.width, board.height, board.rng
    board.marker(rect(0, 0, w, h), board.palette.tint(0.70), 0.9, angle=-38, gap=38)
    s = board.short_side
    arch = [(-0.34, 0.0), (-0.34, -0.62), (-0.24, -0.86), (0, -0.96), (0.24, -0.86), (0.34, -0.62), (0.34, 0.0)]
    base = h * (0.80 if board.tall else 0.84)
    side = rng.choice((-1, 1))
    board.shape(
        place(arch, w * 0.5 + side * s * 0.12, base, s * 0.95),
        mix(board.palette.second, PAPER, 0.5),
        0.8,
        width=2.6,
        smooth=False,
        gap=20,
    )
    board.marker(rect(0, base, w, h - base), MID, 0.7, angle=-4, gap=26)
    board.line([(0, base), (w, base)], 2.2)
    top, size = base - s * 0.10, _scale(board, scene.prop, 0.54)
    half = max(HALF_WIDTHS[scene.prop] * size * 1.25, s * 0.22)
    block = [
        (w * 0.5 - half, top),
        (w * 0.5 - half, base + s * 0.03),
        (w * 0.5 + half, base + s * 0.03),
        (w * 0.5 + half, top),
    ]
    board.shape(block, PALE, 0.75, width=3, smooth=False)
    board.marker(
        [(w * 0.5 + half * 0.45, top), block[3], block[2], (w * 0.5 + half * 0.45, base + s * 0.03)],
        DEEP,
        0.5,
        angle=84,
        gap=12,
    )
    lid = ellipse(w * 0.5, top, half, s * 0.035)
    board.shape(lid, None, width=3)
    _shadow(board, w * 0.5 - half * 0.1, top, size * 0.8, scene.prop)
    draw_prop(board, scene.prop, w * 0.5, top + s * 0.012, size)
    for k in (-1, 1):
        ball = w * 0.5 + k * (half + s * rng.uniform(0.08, 0.16)), base + s * 0.03
        r = s * rng.uniform(0.035, 0.06)
        board.shape(
            ellipse(ball[0], ball[1] - r, r, r),
            board.palette.second if k == side else board.palette.accent,
            0.85,
            width=2.6,
        )


def _tabletop(board: Board, scene: Scene) -> None:
    w, h, rng = board.width, board.height, board.rng
    draw_place(board, scene.place or rng.choice(("room", "kitchen", "soft", "cafe")), 0.66)
    top = h * (0.70 if board.tall else 0.74)
    board.shape(rect(-8, top, w + 16, h), _WOOD, 0.9, width=3.2, smooth=False, angle=-4, gap=24)
    size, side = _scale(board, scene.prop, 0.56), rng.choice((-1, 1))
    x, y = w * (0.5 - side * (0.10 if board.broad else 0.04)), top + h * 0.12
    extra = "plant" if scene.prop != "plant" else "cup"
    draw_prop(
        board,
        extra,
        x + side * (HALF_WIDTHS[scene.prop] * size + board.short_side * 0.24),
        y - h * 0.06,
        board.short_side * 0.34,
        board.palette.second,
    )
    _shadow(board, x, y, size, scene.prop)
    draw_prop(board, scene.prop, x, y, size)
    if scene.prop in HANDY and board.broad:
        draw_prop(
            board,
            scene.prop,
            x - side * HALF_WIDTHS[scene.prop] * size * 3.0,
            y - h * 0.05,
            size * 0.72,
            mix(board.palette.main, PAPER, 0.3),
        )


def draw_pov(board: Board, scene: Scene) -> None:
    """Draw what somebody sees: a thing in both hands, or a slim one in one hand."""
    draw_place(board, scene.place or board.rng.choice(("soft", "room", "street", "park")), 0.56)
    viewer = scene.someone(board)
    kind = scene.prop if scene.prop != "car" else "phone"
    if kind in ("bottle", "cup", "tube") and board.rng.random() < 0.75:
        _one_hand(board, scene, viewer)
    else:
        _two_hands(board, kind if kind not in ("bottle", "cup", "tube") else "phone", viewer)


def _two_hands(board: Board, kind: str, viewer: Person) -> None:
    w, h = board.width, board.height
    share = {"phone": 0.78, "plant": 0.60}.get(kind, 0.62)
    size = min(h * share, w * 0.30 / HALF_WIDTHS[kind] if kind != "phone" else w * 1.2)
    out, up = _GRIPS[kind]
    x, base = w * 0.5, h * (0.83 if kind == "phone" else 0.70)
    unit = min(h * 0.40, w * 0.42)
    y = base - size * up + unit * 0.12
    reach = HALF_WIDTHS[kind] * size * out
    sides = [(x + side * reach, side < 0) for side in (-1, 1)]
    for hand, mirror in sides:
        sleeve = place([(0.02, 0.98), (0.40, 0.86), (0.84, 2.8), (0.14, 2.8)], hand, y, unit, mirror=mirror)
        board.shape(sleeve, viewer.top, 0.85, width=3.2, smooth=False)
        back = [
            (-0.06, -0.30),
            (0.08, -0.28),
            (0.20, -0.04),
            (0.33, 0.30),
            (0.36, 0.66),
            (0.36, 0.96),
            (0.08, 1.02),
            (-0.06, 0.8),
        ]
        board.shape(place(back, hand, y, unit, mirror=mirror), viewer.skin, 0.85, width=3.2)
    draw_prop(board, kind, x, base, size)
    for hand, mirror in sides:
        _draw_thumb(board, hand, y, unit, viewer, mirror=mirror)


def _draw_thumb(board: Board, x: float, y: float, unit: float, viewer: Person, *, mirror: bool) -> None:
    """Draw the thumb in front of a held thing and the tips of three fingers around its edge."""
    thumb = [
        (0.32, 0.52), (0.30, 0.14), (0.17, -0.10), (-0.02, -0.27), (-0.17, -0.32), (-0.235, -0.22),
        (-0.17, -0.08), (-0.03, 0.12), (0.01, 0.36), (0.10, 0.60),
    ]  # fmt: skip
    board.shape(place(thumb, x, y, unit, mirror=mirror), viewer.skin, 0.85, width=3.2)
    board.pen(place([(-0.205, -0.25), (-0.13, -0.235), (-0.105, -0.155)], x, y, unit, mirror=mirror), 2, alpha=0.7)
    for k in range(3):
        top = 0.44 + 0.17 * k
        tip = [(0.02, top), (-0.085, top + 0.01), (-0.10, top + 0.09), (-0.07, top + 0.15), (0.03, top + 0.15)]
        board.shape(place(tip, x, y, unit, mirror=mirror), viewer.skin, 0.85, width=2.4, again=0)


def _one_hand(board: Board, scene: Scene, viewer: Person) -> None:
    w, h, s = board.width, board.height, board.short_side
    side, size = board.rng.choice((-1, 1)), _scale(board, scene.prop, 0.66)
    x, y = w * (0.5 - side * 0.03), h * (0.70 if board.tall else 0.76)
    edge = x + side * HALF_WIDTHS[scene.prop] * size * 0.92
    grip, hand = size * 0.36, y - size * 0.26
    sleeve = [
        (edge + side * grip * 0.30, hand + grip * 0.62),
        (edge + side * grip * 0.95, hand + grip * 0.05),
        (edge + side * s * 0.62, h * 1.1),
        (edge + side * s * 0.16, h * 1.15),
    ]
    board.shape(sleeve, viewer.top, 0.86, width=3.6, smooth=False)
    palm(board, edge - side * grip * 0.02, hand, grip * 1.35, viewer.skin, mirror=side < 0, pen=3.4)
    draw_prop(board, scene.prop, x, y, size, angle=-0.05 * side)
    fingers(board, edge, hand, grip, viewer.skin, mirror=side < 0, pen=3.2)
