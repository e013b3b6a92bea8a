"""Compositions about things: product, point of view, top-down, montage."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from webapp.services.frames.board import Board
from webapp.services.frames.colors import DARK, DEEP, INK, MID, PALE, PAPER, mix
from webapp.services.frames.figures import fingers, palm
from webapp.services.frames.geometry import ellipse, path, place, rect, rounded
from webapp.services.frames.places import draw_place
from webapp.services.frames.props import HALF_WIDTHS, HANDY, draw_phone, draw_prop
from webapp.services.frames.shots_people import draw_close_up, draw_medium, draw_wide

if TYPE_CHECKING:
    from webapp.services.frames.faces import Person
    from webapp.services.frames.scene import Composition, Scene

_LEAF = mix(MID, (120, 150, 110), 0.55)
_WOOD = mix(PALE, (196, 160, 120), 0.35)


def _scale(board: Board, kind: str, share: float) -> float:
    """Return a scale at which the prop takes `share` of the height, and never more than 0.8 of the width."""
    return min(board.height * share, board.width * 0.40 / HALF_WIDTHS[kind])


def draw_product(board: Board, scene: Scene) -> None:
    """Draw the product as the hero: in a spotlight, on a pedestal, or on a shelf among leaves."""
    board.rng.choice((_spotlight, _pedestal, _tabletop))(board, scene)


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
    """Draw what somebody sees: a phone in both hands, or the product in one."""
    draw_place(board, scene.place or board.rng.choice(("soft", "room", "street", "park")), 0.56)
    viewer = scene.someone(board)
    if scene.prop in ("phone", "car") or board.rng.random() < 0.3:
        _two_hands(board, viewer)
    else:
        _one_hand(board, scene, viewer)


def _two_hands(board: Board, viewer: Person) -> None:
    w, h = board.width, board.height
    high = min(h * 0.74, w * 1.15)
    wide = high * 0.50
    x, y = w * 0.5, h * 0.42
    hands = [(x + side * wide * 0.5, y + high * 0.20, side < 0) for side in (-1, 1)]
    for hx, hy, mirror in hands:
        sleeve = place([(0.02, 0.98), (0.40, 0.86), (0.80, 2.6), (0.14, 2.6)], hx, hy, wide, mirror=mirror)
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
        board.shape(place(back, hx, hy, wide, mirror=mirror), viewer.skin, 0.85, width=3.2)
    draw_phone(board, x, y + high / 2, high, board.palette.main)
    for hx, hy, mirror in hands:
        thumb = [
            (0.32, 0.52), (0.30, 0.14), (0.17, -0.10), (-0.02, -0.27), (-0.17, -0.32), (-0.235, -0.22),
            (-0.17, -0.08), (-0.03, 0.12), (0.01, 0.36), (0.10, 0.60),
        ]  # fmt: skip
        shape = place(thumb, hx, hy, wide, mirror=mirror)
        board.shape(shape, viewer.skin, 0.85, width=3.2)
        board.pen(
            place([(-0.205, -0.25), (-0.13, -0.235), (-0.105, -0.155)], hx, hy, wide, mirror=mirror), 2, alpha=0.7
        )
        for k in range(3):
            knuckle = [
                (0.02, 0.44 + 0.17 * k),
                (-0.085, 0.45 + 0.17 * k),
                (-0.10, 0.53 + 0.17 * k),
                (-0.07, 0.59 + 0.17 * k),
                (0.03, 0.59 + 0.17 * k),
            ]
            board.shape(place(knuckle, hx, hy, wide, mirror=mirror), viewer.skin, 0.85, width=2.4, again=0)


def _one_hand(board: Board, scene: Scene, viewer: Person) -> None:
    w, h, rng = board.width, board.height, board.rng
    side = rng.choice((-1, 1))
    kind = scene.prop
    size = _scale(board, kind, 0.66)
    x, y = w * (0.5 - side * 0.03), h * (0.70 if board.tall else 0.74)
    edge = x + side * HALF_WIDTHS[kind] * size * (0.92 if kind in HANDY else 0.6)
    grip = size * (0.36 if kind in HANDY else 0.34)
    hand_y = y - size * (0.26 if kind in HANDY else 0.10)
    s = board.short_side
    sleeve = [
        (edge + side * grip * 0.30, hand_y + grip * 0.62),
        (edge + side * grip * 0.95, hand_y + grip * 0.05),
        (edge + side * s * 0.62, h * 1.1),
        (edge + side * s * 0.16, h * 1.15),
    ]
    board.shape(sleeve, viewer.top, 0.86, width=3.6, smooth=False)
    palm(board, edge - side * grip * 0.02, hand_y, grip * 1.35, viewer.skin, mirror=side < 0, pen=3.4)
    draw_prop(board, kind, x, y, size, angle=-0.05 * side)
    fingers(board, edge, hand_y, grip, viewer.skin, mirror=side < 0, pen=3.2)


def draw_top_down(board: Board, scene: Scene) -> None:
    """Draw a table from above, the product in the middle and everyday things around it."""
    w, h, rng = board.width, board.height, board.rng
    s = board.short_side
    surface = rng.choice((PALE, _WOOD, board.palette.tint(0.74)))
    board.marker(rect(0, 0, w, h), surface, 0.9, angle=-18, gap=40)
    if surface == _WOOD:
        for k in range(5):
            board.line([(0, h * (k + 0.6) / 5), (w, h * (k + 0.5) / 5)], 1.4, alpha=0.35)
    corners = [(0.17, 0.22), (0.83, 0.24), (0.18, 0.80), (0.82, 0.78)]
    if not board.broad:
        corners = [(0.20, 0.14), (0.80, 0.15), (0.22, 0.86), (0.79, 0.86)]
    things = [_cup_from_above, _notebook, _leaves, _cutlery, _pencil, _glasses]
    if scene.prop == "cup":
        things.remove(_cup_from_above)
    rng.shuffle(things)
    for (cx, cy), draw in zip(corners, things, strict=False):
        draw(board, w * (cx + rng.uniform(-0.02, 0.02)), h * (cy + rng.uniform(-0.02, 0.02)), s * 0.30)
    if scene.prop == "bowl":
        _plate(board, w * 0.5, h * 0.5, s)
    elif scene.prop == "cup":
        _cup_from_above(board, w * 0.5, h * 0.5, s * 0.66)
    elif scene.prop == "plant":
        _plant_from_above(board, w * 0.5, h * 0.5, s)
    else:
        kind = "phone" if scene.prop == "car" else scene.prop
        size = s * min(0.62, 0.34 / HALF_WIDTHS[kind])
        lean = rng.choice((-1, 1)) * rng.uniform(0.15, 0.45)
        first = len(board.marks)
        tray = rounded(w * 0.5 - s * 0.32, h * 0.5 - s * 0.36, s * 0.64, s * 0.72, s * 0.04)
        board.marker(tray + (s * 0.014, s * 0.02), DEEP, 0.5, gap=12)
        board.shape(tray, mix(board.palette.second, PAPER, 0.45), 0.8, width=3, smooth=False, gap=18)
        board.turn(first, -lean * 0.4, (w * 0.5, h * 0.5))
        draw_prop(board, kind, w * 0.5, h * 0.5 + size * 0.47, size, angle=lean)


def _plate(board: Board, x: float, y: float, s: float) -> None:
    board.marker(ellipse(x + s * 0.02, y + s * 0.03, s * 0.31, s * 0.31), DEEP, 0.5, gap=12)
    board.shape(ellipse(x, y, s * 0.29, s * 0.29), None, width=3.4)
    board.pen(ellipse(x, y, s * 0.215, s * 0.215), 2, closed=True, alpha=0.8)
    tones = (board.palette.main, board.palette.second, _LEAF, board.palette.accent)
    for k in range(9):
        a, reach = math.tau * k / 9 + 0.3, s * (0.05 + 0.085 * (k % 2))
        piece = ellipse(x + reach * math.cos(a), y + reach * math.sin(a), s * 0.06, s * 0.042, turn=a)
        board.shape(piece, tones[k % 4], 0.85, width=2.2, gap=8)


def _cup_from_above(board: Board, x: float, y: float, s: float) -> None:
    board.marker(ellipse(x + s * 0.04, y + s * 0.06, s * 0.46, s * 0.46), DEEP, 0.4, gap=12)
    board.shape(ellipse(x, y, s * 0.46, s * 0.46), mix(board.palette.second, PAPER, 0.35), 0.8, width=2.8)
    handle = rounded(x + s * 0.24, y - s * 0.05, s * 0.22, s * 0.10, s * 0.05)
    board.shape(handle, None, width=2.6, smooth=False)
    board.shape(ellipse(x, y, s * 0.30, s * 0.30), None, width=3)
    coffee = ellipse(x, y, s * 0.245, s * 0.245)
    board.marker(coffee, (122, 88, 64), 0.9, gap=8)
    board.pen(coffee, 2.2, closed=True)
    for k in range(3):
        board.pen(
            ellipse(x, y + s * 0.02, s * (0.05 + 0.05 * k), s * (0.035 + 0.045 * k), start=3.5, end=5.9),
            2.4,
            PAPER,
            alpha=0.8,
        )


def _notebook(board: Board, x: float, y: float, s: float) -> None:
    first = len(board.marks)
    board.shape(
        rect(x - s * 0.36, y - s * 0.48, s * 0.72, s * 0.96), board.palette.accent, 0.8, width=2.8, smooth=False
    )
    board.shape(rect(x - s * 0.30, y - s * 0.44, s * 0.64, s * 0.88), None, width=2.2, smooth=False)
    for k in range(6):
        board.line(
            [
                (x - s * 0.22, y - s * 0.30 + k * s * 0.12),
                (x + s * (0.24 - 0.06 * (k % 3)), y - s * 0.30 + k * s * 0.12),
            ],
            1.6,
            alpha=0.5,
        )
    board.turn(first, board.rng.uniform(-0.35, 0.35), (x, y))


def _leaves(board: Board, x: float, y: float, s: float) -> None:
    start = board.rng.uniform(0, math.tau)
    for k in range(5):
        a = start + k * 0.42
        leaf = [(0, 0), (0.30, -0.10), (0.58, 0), (0.30, 0.10)]
        first = len(board.marks)
        board.shape(place(leaf, x, y, s), _LEAF, 0.85, width=2.2, gap=8)
        board.pen(place([(0.02, 0), (0.5, 0.0)], x, y, s), 1.3, alpha=0.5)
        board.turn(first, a, (x, y))


def _cutlery(board: Board, x: float, y: float, s: float) -> None:
    first = len(board.marks)
    fork, knife = x - s * 0.10, x + s * 0.12
    board.line([(fork, y - s * 0.12), (fork, y + s * 0.5)], 6, DARK)
    for k in (-1, 0, 1):
        board.line([(fork + k * s * 0.05, y - s * 0.46), (fork + k * s * 0.045, y - s * 0.16)], 3, DARK)
    board.pen([(fork - s * 0.05, y - s * 0.17), (fork, y - s * 0.10), (fork + s * 0.05, y - s * 0.17)], 3.4, DARK)
    blade = [
        (knife - s * 0.03, y + s * 0.06),
        (knife - s * 0.03, y - s * 0.46),
        (knife + s * 0.05, y - s * 0.36),
        (knife + s * 0.045, y + s * 0.06),
    ]
    board.shape(blade, PALE, 0.8, width=2.4, smooth=False)
    board.line([(knife + s * 0.005, y + s * 0.08), (knife + s * 0.005, y + s * 0.5)], 8, DARK)
    board.turn(first, board.rng.uniform(-0.3, 0.3), (x, y))


def _pencil(board: Board, x: float, y: float, s: float) -> None:
    first = len(board.marks)
    board.shape(
        rect(x - s * 0.04, y - s * 0.42, s * 0.08, s * 0.74), board.palette.second, 0.9, width=2.4, smooth=False
    )
    board.shape(
        [(x - s * 0.04, y + s * 0.32), (x, y + s * 0.46), (x + s * 0.04, y + s * 0.32)],
        _WOOD,
        0.8,
        width=2.2,
        smooth=False,
    )
    board.shape(rect(x - s * 0.04, y - s * 0.48, s * 0.08, s * 0.07), board.palette.main, 0.85, width=2.2, smooth=False)
    board.turn(first, board.rng.uniform(0.4, 1.3), (x, y))


def _glasses(board: Board, x: float, y: float, s: float) -> None:
    first = len(board.marks)
    for k in (-1, 1):
        lens = ellipse(x + k * s * 0.21, y, s * 0.17, s * 0.14)
        board.shape(lens, PALE, 0.5, width=5)
        board.pen(
            [(x + k * s * 0.38, y - s * 0.04), (x + k * s * 0.42, y - s * 0.26), (x + k * s * 0.30, y - s * 0.34)], 4.4
        )
    board.pen([(x - s * 0.05, y - s * 0.03), (x, y - s * 0.06), (x + s * 0.05, y - s * 0.03)], 4.4)
    board.turn(first, board.rng.uniform(-0.5, 0.5), (x, y))


def _plant_from_above(board: Board, x: float, y: float, s: float) -> None:
    board.marker(ellipse(x + s * 0.02, y + s * 0.03, s * 0.24, s * 0.24), DEEP, 0.5, gap=12)
    board.shape(ellipse(x, y, s * 0.21, s * 0.21), board.palette.main, 0.9, width=3.2)
    board.shape(ellipse(x, y, s * 0.17, s * 0.17), (130, 104, 86), 0.9, width=2.4)
    for k in range(11):
        first = len(board.marks)
        reach = s * (0.30 if k % 2 else 0.24)
        board.shape(place([(0.05, 0), (0.5, -0.20), (1, 0), (0.5, 0.20)], x, y, reach), _LEAF, 0.88, width=2.2, gap=8)
        board.pen(place([(0.1, 0), (0.9, 0)], x, y, reach), 1.4, alpha=0.5)
        board.turn(first, math.tau * k / 11 + 0.2, (x, y))


_LAYOUTS: dict[bool, tuple[tuple[tuple[float, float, float, float], ...], ...]] = {
    True: (
        ((0, 0, 1 / 3, 1), (1 / 3, 0, 1 / 3, 1), (2 / 3, 0, 1 / 3, 1)),
        ((0, 0, 0.56, 1), (0.56, 0, 0.44, 0.5), (0.56, 0.5, 0.44, 0.5)),
        ((0, 0, 0.42, 0.5), (0, 0.5, 0.42, 0.5), (0.42, 0, 0.58, 1)),
        ((0, 0, 0.5, 0.5), (0.5, 0, 0.5, 0.5), (0, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)),
    ),
    False: (
        ((0, 0, 1, 1 / 3), (0, 1 / 3, 1, 1 / 3), (0, 2 / 3, 1, 1 / 3)),
        ((0, 0, 1, 0.5), (0, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)),
        ((0, 0, 0.5, 0.42), (0.5, 0, 0.5, 0.42), (0, 0.42, 1, 0.58)),
        ((0, 0, 0.5, 0.5), (0.5, 0, 0.5, 0.5), (0, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)),
    ),
}
"""Panels of a montage as left, top, width, height in shares; first for broad boards, then for the others."""


def draw_montage(board: Board, scene: Scene) -> None:
    """Draw three or four small pictures of other shot types on one sheet."""
    w, h, rng = board.width, board.height, board.rng
    shots: list[Composition] = [draw_product, draw_close_up, draw_wide, draw_top_down, draw_pov, draw_medium]
    rng.shuffle(shots)
    gutter = board.short_side * 0.022
    for (x, y, width, height), draw in zip(rng.choice(_LAYOUTS[board.broad]), shots, strict=False):
        left, top = x * w + gutter * (1 if x == 0 else 0.5), y * h + gutter * (1 if y == 0 else 0.5)
        right = (x + width) * w - gutter * (1 if x + width > 0.99 else 0.5)
        bottom = (y + height) * h - gutter * (1 if y + height > 0.99 else 0.5)
        frame = path([(left, top), (right, top), (right, bottom), (left, bottom)])
        panel = Board(round(right - left), round(bottom - top), board.palette, rng, unit=board.unit * 0.62)
        draw(panel, scene)
        board.paste(panel, (left, top), frame)
        board.pen(frame, 3.4, closed=True, smooth=False, again=0.5)
