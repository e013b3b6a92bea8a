"""Compositions with people near the camera: medium, close-up, over the shoulder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from webapp.services.frames.colors import INK, MID, PALE, mix
from webapp.services.frames.faces import Head, Person
from webapp.services.frames.figures import Held, draw_back, draw_bust, fingers, palm
from webapp.services.frames.geometry import ellipse, place, rect
from webapp.services.frames.places import INDOORS, OUTDOORS, draw_place
from webapp.services.frames.props import HALF_WIDTHS, draw_prop

if TYPE_CHECKING:
    from webapp.services.frames.board import Board
    from webapp.services.frames.scene import Scene

_WOOD = mix(PALE, (196, 160, 120), 0.35)


def draw_medium(board: Board, scene: Scene) -> None:
    """Draw somebody from the waist up: holding the product, at a table with it, beside a friend, before a car."""
    if scene.prop == "car":
        draw_place(board, scene.place if scene.place in OUTDOORS else board.rng.choice(OUTDOORS), 0.62)
        _before_car(board, scene)
        return
    layouts = (_hold, _table, _pair) if board.broad else (_hold, _hold, _table)
    draw_place(board, scene.somewhere(board, (*INDOORS, "room", "park", "street", "city")), 0.70)
    board.rng.choice(layouts)(board, scene)


def _bust_size(board: Board) -> float:
    return board.height * 0.245 if board.broad else board.width * (0.33 if board.tall else 0.29)


def _before_car(board: Board, scene: Scene) -> None:
    w, h = board.width, board.height
    size, side = _bust_size(board) * 0.92, board.rng.choice((-1, 1))
    person = scene.someone(board)
    car = min(h * 0.62, w * 0.50)
    draw_prop(board, "car", w * (0.5 + side * 0.16), h * 0.84, car, scene.prop_color(board, person))
    draw_bust(board, Head(w * (0.5 - side * 0.20), h * (0.42 if board.tall else 0.36), size, side * 0.6), person)


def _hold(board: Board, scene: Scene) -> None:
    w, h = board.width, board.height
    size, side = _bust_size(board), board.rng.choice((-1, 1))
    x = w * (0.5 - side * (0.13 if board.broad else 0.15))
    person = scene.someone(board)
    head = Head(x, h * (0.36 if board.tall else 0.30), size, side * board.rng.uniform(0.55, 0.75))
    draw_bust(board, head, person, near_arm=[(0.84, 1.24), (0.98, 2.32), (1.30, 1.78)])
    wrist = head.at([(1.30, 1.78)])[0]
    held = Held(float(wrist[0]), float(wrist[1]), size * 0.44)
    if scene.prop in ("bottle", "cup", "tube", "phone"):
        _grip(board, held, scene, size, person, side)
    else:
        _balance(board, held, scene, size, person, side)


def _grip(board: Board, held: Held, scene: Scene, unit: float, person: Person, side: int) -> None:
    """Close a raised hand around a thin product; `unit` is the height of the person's head in pixels."""
    scale = unit * 1.35
    half = HALF_WIDTHS[scene.prop] * scale
    x = held.x + side * half * 0.55
    palm(board, x - side * half * 0.5, held.y - unit * 0.12, held.size, person.skin, mirror=side > 0)
    draw_prop(board, scene.prop, x, held.y + unit * 0.42, scale, scene.prop_color(board, person), angle=0.06 * side)
    fingers(board, x - side * half * 0.75, held.y - unit * 0.08, held.size, person.skin, mirror=side > 0)


def _balance(board: Board, held: Held, scene: Scene, unit: float, person: Person, side: int) -> None:
    """Stand a wide product on an open palm; `unit` is the height of the person's head in pixels."""
    scale = unit * {"shoe": 0.95, "bag": 1.1, "bowl": 0.9, "plant": 1.25}.get(scene.prop, 1.05)
    draw_prop(
        board, scene.prop, held.x + side * unit * 0.08, held.y - unit * 0.16, scale, scene.prop_color(board, person)
    )
    wrist = (held.x - side * unit * 0.06, held.y)
    hand = [
        (-0.34, -0.14), (-0.10, -0.20), (0.30, -0.22), (0.62, -0.24), (0.66, -0.12), (0.34, -0.02),
        (0.16, 0.16), (-0.16, 0.18),
    ]  # fmt: skip
    board.shape(place(hand, *wrist, unit, mirror=side < 0), person.skin, 0.85, width=2.8, again=0)
    for k in range(3):
        crease = [(0.30 + 0.08 * k, -0.19), (0.44 + 0.06 * k, -0.14)]
        board.pen(place(crease, *wrist, unit, mirror=side < 0), 1.6, alpha=0.6)


def _table(board: Board, scene: Scene) -> None:
    w, h, rng = board.width, board.height, board.rng
    size, side = _bust_size(board), rng.choice((-1, 1))
    person = scene.someone(board)
    x = w * (0.5 - side * 0.12)
    head = Head(x, h * (0.40 if board.tall else 0.34), size, side * rng.uniform(0.45, 0.7))
    draw_bust(board, head, person)
    top = h * (0.76 if board.tall else 0.80)
    board.shape(rect(-8, top, w + 16, h), _WOOD, 0.85, width=3.2, smooth=False, angle=-4, gap=24)
    board.line([(0, top + h * 0.025), (w, top + h * 0.025)], 1.6, alpha=0.5)
    forearms = head.at([(0.98, 2.26), (0.35, 2.62), (-0.40, 2.62), (-1.04, 2.26)])
    for start, end in ((forearms[0], forearms[1]), (forearms[3], forearms[2])):
        level = top + h * 0.045
        _forearm(board, (float(start[0]), level - size * 0.10), (float(end[0]), level + size * 0.05), size, person)
    span = {"shoe": 0.95, "bowl": 1.1, "bag": 1.3, "box": 1.35, "plant": 1.9}.get(scene.prop, 1.7)
    draw_prop(
        board,
        scene.prop,
        w * (0.5 + side * (0.20 if board.broad else 0.27)),
        top + h * 0.10,
        size * span,
        scene.prop_color(board, person),
    )


def _forearm(board: Board, start: tuple[float, float], end: tuple[float, float], size: float, person: Person) -> None:
    """Draw a forearm lying on a table, elbow out, hand inwards."""
    way = 1 if end[0] > start[0] else -1
    thick = size * 0.18
    hand = ellipse(end[0] + way * thick * 0.7, end[1] - thick * 0.1, thick * 1.0, thick * 0.72)
    board.shape(hand, person.skin, 0.85, width=2.8, again=0)
    cuff = place([(0, -0.7), (0.1, 0.6)], *end, thick, mirror=way < 0)
    elbow = place([(0.4, 1.3), (-0.9, 0.7), (-0.6, -1.0), (1.0, -1.1)], *start, thick, mirror=way < 0)
    outline = np.concatenate([cuff, elbow])
    board.shape(outline, person.top, 0.86, width=2.8, again=0)


def _pair(board: Board, scene: Scene) -> None:
    w, h = board.width, board.height
    size = _bust_size(board)
    first = scene.someone(board)
    second = scene.someone(board, unlike=first)
    draw_bust(board, Head(w * 0.30, h * 0.33, size, 0.75), first)
    draw_bust(board, Head(w * 0.70, h * 0.30, size * 1.03, -0.75), second)
    top = h * 0.86
    board.shape(rect(-8, top, w + 16, h), _WOOD, 0.85, width=3.2, smooth=False, angle=-4, gap=24)
    span = {"shoe": 0.95, "bowl": 1.0, "bag": 1.15, "box": 1.15}.get(scene.prop, 1.55)
    draw_prop(board, scene.prop, w * 0.5, top + h * 0.06, size * span, board.palette.main)


def draw_close_up(board: Board, scene: Scene) -> None:
    """Draw a face that fills the frame, the background out of focus."""
    w, h, rng = board.width, board.height, board.rng
    draw_place(board, rng.choice(("soft", "soft", "shelves")))
    size = h * 0.60 if board.broad else w * 0.72 if board.tall else h * 0.54
    side = rng.choice((-1, 1))
    x = w * (0.5 - side * (rng.uniform(0.06, 0.12) if board.broad else 0.02))
    head = Head(x, h * (0.43 if board.tall else 0.45), size, side * rng.uniform(0.5, 0.8))
    draw_bust(board, head, scene.someone(board), pen=4.0)


def draw_over_the_shoulder(board: Board, scene: Scene) -> None:
    """Draw the back of somebody who looks at another person, or at a laptop."""
    w, h, rng = board.width, board.height, board.rng
    side = rng.choice((-1, 1))
    near = scene.someone(board)
    if rng.random() < 0.4:
        _over_laptop(board, scene, side)
    else:
        draw_place(board, rng.choice(("soft", "shelves")) if not scene.place else scene.place, 0.66)
        far = scene.someone(board, unlike=near)
        size = min(h * 0.27, w * 0.30)
        head = Head(
            w * (0.5 + side * (0.16 if board.broad else 0.14)),
            h * (0.37 if not board.tall else 0.36),
            size,
            -side * 0.65,
        )
        draw_bust(board, head, far)
    big = min(h * 0.58, w * 0.54)
    x = w * (0.5 - side * (0.30 if board.broad else 0.29))
    draw_back(board, Head(x, h * (0.54 if not board.tall else 0.64), big, side * 0.5), near)


def _over_laptop(board: Board, scene: Scene, side: int) -> None:
    w, h = board.width, board.height
    draw_place(board, scene.place if scene.place in INDOORS else "office", 0.56)
    board.shape(rect(-8, h * 0.72, w + 16, h), _WOOD, 0.85, width=3, smooth=False, angle=-4, gap=24)
    span = min(w * 0.50, h * 0.86) if board.broad else w * 0.66
    high = span * 0.62
    cx, base = w * (0.5 + side * (0.16 if board.broad else 0.12)), h * 0.78
    left, top = cx - span / 2, base - high
    board.shape(rect(left, top, span, high), INK, 0.85, width=3.4, smooth=False)
    screen = rect(left + span * 0.03, top + span * 0.03, span * 0.94, high - span * 0.06)
    board.paper(screen)
    board.marker(screen, board.palette.tint(0.7), 0.6, gap=20)
    board.pen(screen, 1.6, closed=True, smooth=False)
    draw_prop(
        board,
        scene.prop,
        cx + side * span * 0.16,
        base - high * 0.14,
        high * (0.34 if scene.prop == "car" else 0.60),
        board.palette.main,
    )
    for k, share in enumerate((0.30, 0.24, 0.27, 0.14)):
        x0 = left + span * (0.08 if side > 0 else 0.60)
        level = top + high * (0.26 + 0.12 * k)
        board.line([(x0, level), (x0 + span * share, level)], 5 if k == 0 else 2.4, alpha=0.85 if k == 0 else 0.6)
    board.shape(
        [
            (left - span * 0.03, base),
            (left + span * 1.03, base),
            (left + span * 1.09, base + h * 0.035),
            (left - span * 0.09, base + h * 0.035),
        ],
        MID,
        0.8,
        width=3,
        smooth=False,
    )
