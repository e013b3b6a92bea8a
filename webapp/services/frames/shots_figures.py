"""Compositions with whole figures: wide and tracking shots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services.frames.colors import DEEP
from webapp.services.frames.figures import draw_figure
from webapp.services.frames.geometry import rect
from webapp.services.frames.places import INDOORS, OUTDOORS, draw_place
from webapp.services.frames.props import HANDY, draw_prop

if TYPE_CHECKING:
    from webapp.services.frames.board import Board
    from webapp.services.frames.scene import Scene

_WIDE_POSES = {"problem": ("shrug", "stand", "walk"), "cta": ("wave", "walk"), "hook": ("walk", "run", "stand")}
"""What the hero of a wide shot does, by beat."""


def draw_wide(board: Board, scene: Scene) -> None:
    """Draw one to three whole figures in a place that is shown in full."""
    w, h, rng = board.width, board.height, board.rng
    place = scene.somewhere(board, OUTDOORS + INDOORS)
    draw_place(board, place, 0.58)
    feet = h * (0.86 if board.tall else 0.94)
    height = min(h * 0.66, w * 0.98)
    side = rng.choice((-1, 1))
    hero = scene.someone(board)
    if scene.prop == "car":
        size = min(h * 0.46, w * 0.40)
        draw_prop(board, "car", w * (0.5 - side * 0.12), feet - h * 0.03, size, scene.prop_color(board, hero))
    others = rng.choice((1, 1, 2)) if board.broad else rng.choice((0, 1)) if board.tall else 1
    for k in range(others):
        x = w * (0.5 - side * (0.17 + 0.15 * k) * (1 if board.broad else 1.25))
        friend = scene.someone(board, unlike=hero)
        pose = rng.choice(("stand", "phone", "wave", "shrug"))
        draw_figure(board, x, feet - h * (0.055 + 0.02 * k), height * (0.84 - 0.10 * k), friend, pose, mirror=side < 0)
    pose = rng.choice(_WIDE_POSES.get(scene.beat, ("walk", "wave", "phone")))
    if pose == "run" and place not in OUTDOORS:
        pose = "walk"
    held = draw_figure(board, w * (0.5 + side * (0.13 if others else 0.04)), feet, height, hero, pose, mirror=side > 0)
    if pose in ("phone", "wave") and scene.prop in HANDY:
        size = height / 7.3 * (0.9 if scene.prop == "phone" else 1.2)
        draw_prop(board, scene.prop, held.x, held.y, size, scene.prop_color(board, hero))


def draw_tracking(board: Board, scene: Scene) -> None:
    """Draw somebody, or a car, moving to the right with streaks behind and a verge rushing past in front."""
    w, h, rng = board.width, board.height, board.rng
    draw_place(board, scene.place if scene.place in OUTDOORS else rng.choice(OUTDOORS), 0.62)
    feet, x = h * (0.84 if board.tall else 0.90), w * 0.54
    high = min(h * 0.66, w * 1.02)
    tail = high * 0.28
    if scene.prop == "car":
        size = min(h * 0.46, w * 0.46)
        draw_prop(board, "car", x, feet, size)
        high, tail = size * 0.7, size * 0.9
    else:
        if board.broad and rng.random() < 0.5:
            behind = scene.someone(board)
            draw_figure(board, x - high * 0.52, feet - h * 0.04, high * 0.86, behind, rng.choice(("walk", "run")))
            tail += high * 0.52
        draw_figure(board, x, feet, high, scene.someone(board), rng.choice(("walk", "run", "run")))
    for _ in range(9):
        y, start = feet - rng.uniform(0.05, 0.95) * high, x - tail - rng.uniform(0.02, 0.10) * w
        board.line([(start, y), (start - rng.uniform(0.08, 0.20) * w, y)], 2.6, alpha=0.6)
    _draw_verge(board, h * (0.93 if board.tall else 0.955))


def _draw_verge(board: Board, top: float) -> None:
    """Draw the near edge of the road, blurred by speed."""
    w, h, rng = board.width, board.height, board.rng
    board.marker(rect(-8, top, w + 16, h - top + 8), DEEP, 0.7, angle=0, gap=12)
    for _ in range(14):
        y, start = rng.uniform(top, h), rng.uniform(-0.1, 0.9) * w
        board.line([(start, y), (start + rng.uniform(0.08, 0.25) * w, y)], 2.2, alpha=0.4)
