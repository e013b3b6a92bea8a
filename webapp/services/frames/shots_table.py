"""The top-down shot: a table from above."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from webapp.services.frames.colors import DARK, DEEP, MID, PALE, PAPER, mix
from webapp.services.frames.geometry import ellipse, place, rect, rounded
from webapp.services.frames.props import HALF_WIDTHS, draw_prop

if TYPE_CHECKING:
    from webapp.services.frames.board import Board
    from webapp.services.frames.scene import Scene

_LEAF = mix(MID, (120, 150, 110), 0.55)
_WOOD = mix(PALE, (196, 160, 120), 0.35)


def draw_top_down(board: Board, scene: Scene) -> None:
    """Draw a table from above, the product in the middle and everyday things around it."""
    w, h, rng, s = board.width, board.height, board.rng, board.short_side
    surface = rng.choice((PALE, _WOOD, board.palette.tint(0.74)))
    board.marker(rect(0, 0, w, h), surface, 0.9, angle=-18, gap=40)
    for k in range(5 if surface == _WOOD else 0):
        board.line([(0, h * (k + 0.6) / 5), (w, h * (k + 0.5) / 5)], 1.4, alpha=0.35)
    corners = [(0.17, 0.22), (0.83, 0.24), (0.18, 0.80), (0.82, 0.78)]
    if not board.broad:
        corners = [(0.20, 0.14), (0.80, 0.15), (0.22, 0.86), (0.79, 0.86)]
    things = [_notebook, _leaves, _cutlery, _pencil, _glasses] + [_cup_from_above] * (scene.prop != "cup")
    rng.shuffle(things)
    for (cx, cy), draw in zip(corners, things, strict=False):
        draw(board, w * (cx + rng.uniform(-0.02, 0.02)), h * (cy + rng.uniform(-0.02, 0.02)), s * 0.30)
    centrepiece = _FROM_ABOVE.get(scene.prop)
    if centrepiece:
        centrepiece(board, w * 0.5, h * 0.5, s)
    else:
        _on_tray(board, "phone" if scene.prop == "car" else scene.prop)


def _on_tray(board: Board, kind: str) -> None:
    x, y, s = board.width * 0.5, board.height * 0.5, board.short_side
    size = s * min(0.62, 0.30 / HALF_WIDTHS[kind])
    lean = board.rng.choice((-1, 1)) * board.rng.uniform(0.15, 0.45)
    first = len(board.marks)
    tray = rounded(x - s * 0.32, y - s * 0.36, s * 0.64, s * 0.72, s * 0.04)
    board.marker(rounded(x - s * 0.306, y - s * 0.34, s * 0.64, s * 0.72, s * 0.04), DEEP, 0.5, gap=12)
    board.shape(tray, mix(board.palette.second, PAPER, 0.45), 0.8, width=3, smooth=False, gap=18)
    board.turn(first, -lean * 0.4, (x, y))
    draw_prop(board, kind, x, y + size * 0.47, size, angle=lean)


def _plate(board: Board, x: float, y: float, s: float) -> None:
    board.marker(ellipse(x + s * 0.02, y + s * 0.03, s * 0.31, s * 0.31), DEEP, 0.5, gap=12)
    board.shape(ellipse(x, y, s * 0.29, s * 0.29), None, width=3.4)
    board.pen(ellipse(x, y, s * 0.215, s * 0.215), 2, closed=True, alpha=0.8)
    tones = (board.palette.main, board.palette.second, _LEAF, board.palette.accent)
    for k in range(9):
        inner = k >= 6
        a, reach = math.tau * k / (3 if inner else 6) + 0.3 + 0.5 * inner, s * (0.055 if inner else 0.145)
        piece = ellipse(x + reach * math.cos(a), y + reach * math.sin(a), s * 0.06, s * 0.042, turn=a + 0.8)
        board.shape(piece, tones[k % 4], 0.85, width=2.2, gap=8)


def _box_from_above(board: Board, x: float, y: float, s: float) -> None:
    first, half = len(board.marks), s * 0.24
    board.marker(rect(x - half + s * 0.03, y - half + s * 0.04, half * 2, half * 2), DEEP, 0.55, gap=12)
    board.shape(rect(x - half, y - half, half * 2, half * 2), board.palette.main, 0.88, width=3.4, smooth=False)
    board.paper(rect(x - half, y - s * 0.035, half * 2, s * 0.07), 0.7)
    board.line([(x - half, y), (x + half, y)], 2)
    label = rect(x - half * 0.8, y + half * 0.30, half * 0.85, half * 0.5)
    board.shape(label, None, width=2.2, smooth=False)
    for k, reach in enumerate((0.6, 0.4, 0.5)):
        level = y + half * (0.42 + 0.13 * k)
        board.line([(x - half * 0.7, level), (x - half * (0.7 - reach), level)], 2.6 if k == 0 else 1.6, alpha=0.8)
    board.turn(first, board.rng.choice((-1, 1)) * board.rng.uniform(0.1, 0.35), (x, y))


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


def _big_cup(board: Board, x: float, y: float, s: float) -> None:
    _cup_from_above(board, x, y, s * 0.66)


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


_FROM_ABOVE = {"bowl": _plate, "cup": _big_cup, "plant": _plant_from_above, "box": _box_from_above}
"""Products that look quite different from above; the others lie on a tray."""
