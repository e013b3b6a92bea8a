"""Camera moves, as storyboard artists mark them: red arrows and a dashed frame for where a push-in ends."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from webapp.services.frames.board import Board, Mark
from webapp.services.frames.colors import ARROW_RED, INK, PAPER, Palette, mix
from webapp.services.frames.geometry import Path, Point, Points, curve, lengths, normals, path, polyline, rect
from webapp.services.frames.raster import overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image


def with_arrows(picture: Image.Image, move: str) -> Image.Image:
    """Return an RGB picture with one of CAMERA_MOVES drawn over it; "static" and unknown names change nothing."""
    if move not in _MOVES:
        return picture
    board = Board(picture.width, picture.height, Palette.of(()), random.Random(move))
    _MOVES[move](board)
    drawn = picture.copy()
    overlay(drawn, board.marks)
    return drawn


def _arrow(board: Board, points: Points, width: float) -> None:
    """Draw a solid arrow along the points; `width` in pen units."""
    u = board.unit
    line = curve(points, steps=18) if len(points) > 2 else polyline(points, step=12 * u)
    along = lengths(line)
    tip = line[-1]
    shaft = line[along <= along[-1] - width * u * 2.25]
    neck = shaft[-1]
    half = (width * u * np.linspace(0.34, 0.50, len(shaft)))[:, None]
    side = normals(shaft)
    heading = (tip - neck) / (np.hypot(*(tip - neck)) or 1)
    barb = np.array([-heading[1], heading[0]]) * width * u * 1.15
    outline = np.concatenate([shaft + side * half, [neck + barb, tip, neck - barb], (shaft - side * half)[::-1]])
    _halo(board, outline, width)
    board.marks.append(Mark("cover", (outline,), ARROW_RED, 0.95, dry=0.22))
    board.pen(outline, 2.0, mix(ARROW_RED, INK, 0.55), closed=True, smooth=False, wobble=0.5, alpha=0.9)


def _halo(board: Board, outline: Path, width: float) -> None:
    """Lay a thin edge of paper under an arrow, so that it reads on red and on dark pictures too."""
    closed = np.concatenate([outline, outline[:2]])
    side = normals(closed) * (4.0 + width * 0.08) * board.unit
    board.marks.append(Mark("cover", (np.concatenate([closed + side, (closed - side)[::-1]]),), PAPER, 0.9))


def _corners(board: Board) -> list[tuple[Point, Point]]:
    """Return (corner, point towards the middle) for the four corners."""
    w, h, u = board.width, board.height, board.unit
    inset, reach = 38 * u, 92 * u
    pairs = []
    for x, dx in ((inset, 1), (w - inset, -1)):
        for y, dy in ((inset, 1), (h - inset, -1)):
            pairs.append(((x, y), (x + dx * reach, y + dy * reach * 0.62)))
    return pairs


def _push_in(board: Board) -> None:
    for corner, inner in _corners(board):
        _arrow(board, [corner, inner], 11)
    _dashed(board, rect(board.width * 0.19, board.height * 0.19, board.width * 0.62, board.height * 0.62))


def _pull_out(board: Board) -> None:
    for corner, inner in _corners(board):
        _arrow(board, [inner, corner], 11)


def _dashed(board: Board, frame: Path) -> None:
    for start, end in zip(frame, np.roll(frame, -1, axis=0), strict=True):
        count = max(7, round(float(np.hypot(*(end - start))) / (34 * board.unit))) | 1
        for k in range(0, count, 2):
            dash = path([start + (end - start) * k / count, start + (end - start) * (k + 1) / count])
            board.pen(dash, 5.0, PAPER, alpha=0.55, smooth=False, wobble=0.2)
            board.pen(dash, 2.6, ARROW_RED, alpha=0.85, smooth=False, wobble=0.3)


def _pan(board: Board) -> list[Point]:
    w, u = board.width, board.unit
    y = board.height - 58 * u
    return [(w * 0.28, y + 5 * u), (w * 0.5, y - 9 * u), (w * 0.72, y + 5 * u)]


def _tilt(board: Board) -> list[Point]:
    h, u = board.height, board.unit
    x = board.width - 60 * u
    return [(x - 5 * u, h * 0.72), (x + 8 * u, h * 0.5), (x - 5 * u, h * 0.28)]


def _track(board: Board) -> None:
    w, u = board.width, board.unit
    y = board.height - 44 * u
    _arrow(board, [(w * 0.16, y), (w * 0.84, y)], 13)
    for k in range(7):
        board.line([(w * (0.18 + 0.1 * k), y + 19 * u), (w * (0.21 + 0.1 * k), y + 19 * u)], 2.6, ARROW_RED, alpha=0.85)


def _orbit(board: Board) -> None:
    w, h = board.width, board.height
    _arrow(board, [(w * 0.22, h * 0.80), (w * 0.40, h * 0.91), (w * 0.62, h * 0.90), (w * 0.80, h * 0.77)], 15)


_MOVES: dict[str, Callable[[Board], None]] = {
    "pan-right": lambda board: _arrow(board, _pan(board), 19),
    "pan-left": lambda board: _arrow(board, _pan(board)[::-1], 19),
    "push-in": _push_in,
    "pull-out": _pull_out,
    "tilt-up": lambda board: _arrow(board, _tilt(board), 19),
    "tilt-down": lambda board: _arrow(board, _tilt(board)[::-1], 19),
    "track": _track,
    "orbit": _orbit,
}
