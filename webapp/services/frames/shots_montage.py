"""The montage: small pictures of other shot types on one sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services.frames.board import Board
from webapp.services.frames.geometry import path
from webapp.services.frames.shots_busts import draw_close_up, draw_medium
from webapp.services.frames.shots_figures import draw_wide
from webapp.services.frames.shots_product import draw_pov, draw_product
from webapp.services.frames.shots_table import draw_top_down

if TYPE_CHECKING:
    from webapp.services.frames.scene import Composition, Scene

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
