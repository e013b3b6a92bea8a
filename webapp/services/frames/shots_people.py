"""Compositions with people in them: wide, medium, close-up, extreme close-up, over the shoulder, tracking."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from webapp.services.frames.colors import DEEP, INK, MID, PALE, PAPER, RGB, mix
from webapp.services.frames.faces import Head, Person
from webapp.services.frames.figures import Held, draw_back, draw_bust, draw_figure, fingers, palm
from webapp.services.frames.geometry import curve, ellipse, path, rect
from webapp.services.frames.places import INDOORS, OUTDOORS, draw_place
from webapp.services.frames.props import HALF_WIDTHS, HANDY, draw_prop

if TYPE_CHECKING:
    from webapp.services.frames.board import Board
    from webapp.services.frames.scene import Scene


def draw_wide(board: Board, scene: Scene) -> None:
    """Draw one to three whole figures in a place that is shown in full."""
    w, h, rng = board.width, board.height, board.rng
    draw_place(board, scene.somewhere(board, OUTDOORS + INDOORS), 0.60)
    feet = h * (0.84 if board.tall else 0.93)
    height = min(h * 0.60, w * 0.86)
    side = rng.choice((-1, 1))
    hero = scene.someone(board)
    if scene.prop == "car":
        draw_prop(
            board,
            "car",
            w * (0.5 - side * 0.12),
            feet - h * 0.03,
            min(h * 0.46, w * 0.40),
            scene.prop_color(board, hero),
        )
    other: Person | None = None
    if not board.tall or rng.random() < 0.4:
        for k in range(rng.choice((1, 1, 2)) if board.broad else 1):
            other = scene.someone(board, unlike=hero)
            x = w * (0.5 - side * (0.17 + 0.15 * k) * (1 if board.broad else 1.25))
            size = height * (0.84 - 0.10 * k)
            draw_figure(
                board,
                x,
                feet - h * (0.055 + 0.02 * k),
                size,
                other,
                rng.choice(("stand", "phone", "wave", "shrug")),
                mirror=side < 0,
            )
    poses = {"problem": ("shrug", "stand", "walk"), "cta": ("wave", "walk"), "hook": ("walk", "run", "stand")}
    pose = rng.choice(poses.get(scene.beat, ("walk", "wave", "phone")))
    held = draw_figure(board, w * (0.5 + side * 0.13), feet, height, hero, pose, mirror=side > 0)
    if pose in ("phone", "wave") and scene.prop != "car":
        kind = scene.prop if scene.prop in HANDY else "box"
        lift = height / 7.3 * (0.35 if pose == "wave" else 0.25)
        draw_prop(board, kind, held.x, held.y - lift * 0.2, height / 7.3 * 1.25, scene.prop_color(board, hero))


def draw_medium(board: Board, scene: Scene) -> None:
    """Draw somebody from the waist up: holding the product, at a table with it, or beside a friend."""
    layouts = [_hold, _hold, _table] if not board.broad else [_hold, _table, _pair]
    draw_place(board, scene.somewhere(board, (*INDOORS, "room", "park", "street", "city")), 0.70)
    board.rng.choice(layouts)(board, scene)


def _bust_size(board: Board) -> float:
    return board.height * 0.245 if board.broad else board.width * (0.33 if board.tall else 0.29)


def _hold(board: Board, scene: Scene) -> None:
    w, h = board.width, board.height
    size, side = _bust_size(board), board.rng.choice((-1, 1))
    x = w * (0.5 - side * (0.13 if board.broad else 0.10))
    person = scene.someone(board)
    head = Head(x, h * (0.36 if board.tall else 0.30), size, side * board.rng.uniform(0.55, 0.75))
    draw_bust(board, head, person, near_arm=[(0.84, 1.24), (0.98, 2.32), (1.30, 1.78)])
    wrist = head.at([(1.30, 1.78)])[0]
    kind = scene.prop if scene.prop in HANDY else scene.prop
    _hold_up(
        board,
        Held(float(wrist[0]), float(wrist[1]), size * 0.44),
        kind,
        size,
        person,
        scene.prop_color(board, person),
        side,
    )


def _hold_up(board: Board, held: Held, kind: str, unit: float, person: Person, color: RGB, side: int) -> None:
    """Put a product into a raised hand: thin ones are gripped, wide ones stand on the palm."""
    scale = unit * {"car": 0.72, "shoe": 1.0, "bag": 1.15, "bowl": 0.95, "plant": 1.25, "box": 1.1}.get(kind, 1.35)
    if kind in ("bottle", "cup", "tube", "phone"):
        x = held.x + side * HALF_WIDTHS[kind] * scale * 0.55
        palm(
            board,
            x - side * HALF_WIDTHS[kind] * scale * 0.5,
            held.y - unit * 0.12,
            held.size,
            person.skin,
            mirror=side > 0,
        )
        draw_prop(board, kind, x, held.y + unit * 0.42, scale, color, angle=0.06 * side)
        edge = x - side * HALF_WIDTHS[kind] * scale * 0.75
        fingers(board, edge, held.y - unit * 0.08, held.size, person.skin, mirror=side > 0)
        return
    draw_prop(board, kind, held.x + side * unit * 0.08, held.y - unit * 0.16, scale, color)
    hand = [
        (-0.34, -0.14),
        (-0.10, -0.20),
        (0.30, -0.22),
        (0.62, -0.24),
        (0.66, -0.12),
        (0.34, -0.02),
        (0.16, 0.16),
        (-0.16, 0.18),
    ]
    shape = path(hand) * (side * unit, unit) + (held.x - side * unit * 0.06, held.y)
    board.shape(shape, person.skin, 0.85, width=2.8, again=0)
    for k in range(3):
        start = path([(0.30 + 0.08 * k, -0.20 + 0.0 * k), (0.44 + 0.06 * k, -0.15)]) * (side * unit, unit) + (
            held.x - side * unit * 0.06,
            held.y,
        )
        board.pen(start, 1.6, alpha=0.6)


def _table(board: Board, scene: Scene) -> None:
    w, h, rng = board.width, board.height, board.rng
    size, side = _bust_size(board), rng.choice((-1, 1))
    person = scene.someone(board)
    x = w * (0.5 - side * (0.12 if board.broad else 0.08))
    head = Head(x, h * (0.40 if board.tall else 0.34), size, side * rng.uniform(0.45, 0.7))
    draw_bust(board, head, person)
    top = h * (0.76 if board.tall else 0.80)
    board.shape(
        rect(-8, top, w + 16, h), mix(PALE, (196, 160, 120), 0.35), 0.85, width=3.2, smooth=False, angle=-4, gap=24
    )
    board.line([(0, top + h * 0.025), (w, top + h * 0.025)], 1.6, alpha=0.5)
    forearms = head.at([(0.98, 2.26), (0.35, 2.62), (-0.40, 2.62), (-1.04, 2.26)])
    for start, end in ((forearms[0], forearms[1]), (forearms[3], forearms[2])):
        level = top + h * 0.045
        _forearm(board, (float(start[0]), level - size * 0.10), (float(end[0]), level + size * 0.05), size, person)
    span = {"car": 0.9, "shoe": 1.3, "bowl": 1.3, "bag": 1.5, "plant": 1.9}.get(scene.prop, 1.7)
    draw_prop(
        board,
        scene.prop,
        w * (0.5 + side * (0.20 if board.broad else 0.24)),
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
    outline = [
        (start[0] - way * thick * 0.6, start[1] - thick), (start[0] + way * thick, start[1] - thick * 1.1), (end[0], end[1] - thick * 0.7),
        (end[0] + way * thick * 0.1, end[1] + thick * 0.6), (start[0] + way * thick * 0.4, start[1] + thick * 1.3), (start[0] - way * thick * 0.9, start[1] + thick * 0.7),
    ]  # fmt: skip
    board.shape(outline, person.top, 0.86, width=2.8, again=0)


def _pair(board: Board, scene: Scene) -> None:
    w, h = board.width, board.height
    size = _bust_size(board)
    first = scene.someone(board)
    second = scene.someone(board, unlike=first)
    draw_bust(board, Head(w * 0.30, h * 0.33, size, 0.75), first)
    draw_bust(board, Head(w * 0.70, h * 0.30, size * 1.03, -0.75), second)
    top = h * 0.86
    board.shape(
        rect(-8, top, w + 16, h), mix(PALE, (196, 160, 120), 0.35), 0.85, width=3.2, smooth=False, angle=-4, gap=24
    )
    span = {"car": 0.8, "shoe": 1.1, "bowl": 1.1, "bag": 1.3}.get(scene.prop, 1.55)
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
    w, h = board.width, board.height
    person = scene.someone(board)
    board.paper(rect(0, 0, w, h), color=person.skin)
    board.marker(rect(0, 0, w, h), person.skin, 0.5, angle=-36, gap=46)
    shade = mix(person.skin, DEEP, 0.5)
    side = board.rng.choice((-1, 1))
    board.marker(
        curve(
            [
                (w * (0.5 - side * 0.52), -10),
                (w * (0.5 - side * 0.30), h * 0.35),
                (w * (0.5 - side * 0.36), h * 1.05),
                (w * (0.5 - side * 0.6), h * 1.05),
            ],
            closed=True,
        ),
        shade,
        0.6,
        angle=70,
        gap=22,
    )
    span = w * 0.30 if board.broad else w * 0.40
    level = h * (0.50 if board.broad else 0.42)
    gap = span * 0.72
    for k in (-1, 1):
        _big_eye(board, person, w * 0.5 + k * gap, level, span * 0.5, k)
    bridge = w * 0.5
    board.pen(
        [
            (bridge - span * 0.12, level - span * 0.1),
            (bridge - span * 0.10, level + span * 0.5),
            (bridge - span * 0.22, level + span * 0.85),
        ],
        3.6,
        alpha=0.75,
    )
    board.pen(
        [
            (bridge - span * 0.22, level + span * 0.85),
            (bridge - span * 0.08, level + span * 0.98),
            (bridge + span * 0.06, level + span * 0.94),
        ],
        4,
    )
    if person.glasses:
        for k in (-1, 1):
            board.pen(ellipse(w * 0.5 + k * gap, level + span * 0.04, span * 0.62, span * 0.52), 9, closed=True)
        board.pen(
            [
                (bridge - span * 0.10, level - span * 0.02),
                (bridge, level - span * 0.08),
                (bridge + span * 0.10, level - span * 0.02),
            ],
            8,
        )
    _forehead_hair(board, person, level - span * 0.95)


def _big_eye(board: Board, person: Person, x: float, y: float, half: float, side: int) -> None:
    droop = 0.16 if person.mood == "tired" else 0.0
    lid = [
        (x - half, y + half * 0.10),
        (x - half * 0.45, y - half * (0.38 - droop)),
        (x + half * 0.1, y - half * (0.50 - droop * 1.4)),
        (x + half * 0.6, y - half * (0.32 - droop)),
        (x + half, y + half * 0.08),
    ]
    under = [
        (x + half, y + half * 0.08),
        (x + half * 0.45, y + half * 0.36),
        (x - half * 0.1, y + half * 0.42),
        (x - half * 0.6, y + half * 0.32),
        (x - half, y + half * 0.10),
    ]
    white = path([*curve(lid).tolist(), *curve(under).tolist()])
    board.paper(white)
    first = len(board.marks)
    iris, pupil = half * 0.40, half * 0.19
    centre = (x + half * 0.06, y - half * 0.03)
    board.paper(ellipse(*centre, iris, iris), color=mix(board.palette.main, PAPER, 0.15))
    board.marker(ellipse(*centre, iris, iris), board.palette.main, 0.8, gap=8)
    for k in range(14):
        a = k * math.tau / 14
        board.line(
            [
                (centre[0] + pupil * math.cos(a), centre[1] + pupil * math.sin(a)),
                (centre[0] + iris * 0.92 * math.cos(a), centre[1] + iris * 0.92 * math.sin(a)),
            ],
            1.4,
            alpha=0.4,
        )
    board.pen(ellipse(*centre, iris, iris), 3.4, closed=True)
    board.paper(ellipse(*centre, pupil, pupil), color=INK)
    board.paper(ellipse(centre[0] + iris * 0.34, centre[1] - iris * 0.34, iris * 0.2, iris * 0.2))
    board.clip(first, white)
    board.pen(lid, 7.5)
    board.pen(under, 3, alpha=0.8)
    board.pen([(px, py - half * 0.20) for px, py in lid[1:]], 2.6, alpha=0.6)
    for k in range(6):
        px, py = (
            lid[1][0] + (lid[-1][0] - lid[1][0]) * k / 5,
            lid[2][1] + half * 0.03 * (k - 2) ** 2 * (1 if k > 2 else 0.6),
        )
        board.pen(
            [
                (px, py),
                (px + side * half * 0.05 * k * 0.4, py - half * 0.14),
                (px + side * half * 0.10 * k * 0.5, py - half * 0.20),
            ],
            3,
        )
    _big_brow(board, person, x, y - half * 0.95, half, side)
    if person.mood == "tired":
        board.pen(
            [(x - half * 0.6, y + half * 0.56), (x, y + half * 0.66), (x + half * 0.6, y + half * 0.54)],
            2.6,
            alpha=0.55,
        )


def _big_brow(board: Board, person: Person, x: float, y: float, half: float, side: int) -> None:
    tilt = {"tired": -0.16, "curious": 0.10}.get(person.mood, 0.0) * half * side
    brow = [
        (x - half * 1.0, y + half * 0.16 + tilt), (x - half * 0.3, y - half * 0.14 + tilt * 0.3), (x + half * 0.5, y - half * 0.18 - tilt * 0.4), (x + half * 1.1, y + half * 0.10 - tilt),
        (x + half * 0.5, y - half * 0.02 - tilt * 0.4), (x - half * 0.3, y + half * 0.06 + tilt * 0.3),
    ]  # fmt: skip
    board.marker(
        brow, person.hair if person.haircut not in ("bald", "scarf") else DEEP, 0.95, smooth=True, angle=-60, gap=6
    )
    board.pen(brow, 2.6, closed=True, again=0.6)


def _forehead_hair(board: Board, person: Person, level: float) -> None:
    if person.haircut == "bald" or level < 0:
        return
    w = board.width
    color = board.palette.main if person.haircut == "beanie" else person.hair
    points = [(w * k / 6, level * board.rng.uniform(0.45, 0.95)) for k in range(7)]
    outline = path([(-10.0, -10.0), *curve(points).tolist(), (w + 10.0, -10.0)])
    board.paper(outline)
    board.marker(outline, color, 0.95, angle=78, gap=14)
    board.pen(points, 3.6, again=0.8)


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
    board.shape(
        rect(-8, h * 0.72, w + 16, h), mix(PALE, (196, 160, 120), 0.35), 0.85, width=3, smooth=False, angle=-4, gap=24
    )
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


def draw_tracking(board: Board, scene: Scene) -> None:
    """Draw somebody, or a car, moving across the frame, with the camera's rails below and streaks behind."""
    w, h, rng = board.width, board.height, board.rng
    draw_place(board, scene.place if scene.place in OUTDOORS else rng.choice(OUTDOORS), 0.64)
    feet = h * (0.80 if board.tall else 0.86)
    back = rng.random() < 0.35
    way = -1 if back else 1
    subject_x = w * (0.5 - way * 0.06)
    high = min(h * 0.58, w * 0.92)
    first = len(board.marks)
    if scene.prop == "car":
        draw_prop(board, "car", subject_x, feet, min(h * 0.44, w * 0.46))
    else:
        if board.broad and rng.random() < 0.5:
            second = scene.someone(board)
            draw_figure(board, subject_x - way * high * 0.45, feet - h * 0.04, high * 0.88, second, "walk", mirror=back)
        pose = rng.choice(("walk", "run", "run"))
        draw_figure(board, subject_x, feet, high, scene.someone(board), pose, mirror=back)
    if scene.prop == "car" and back:
        board.mirror(first, subject_x)
    for _ in range(9):
        y = feet - rng.uniform(0.05, 0.95) * high
        start = subject_x - way * (high * 0.30 + rng.uniform(0.04, 0.12) * w)
        if scene.prop == "car":
            start -= way * high * 0.36
        board.line([(start, y), (start - way * rng.uniform(0.08, 0.20) * w, y)], 2.6, alpha=0.6)
    _draw_rails(board, h * (0.90 if board.tall else 0.93))


def _draw_rails(board: Board, y: float) -> None:
    w, u = board.width, board.unit
    for k in range(int(w / (64 * u)) + 2):
        x = k * 64 * u
        board.line([(x - 7 * u, y - 6 * u), (x + 7 * u, y + 26 * u)], 4.5, DEEP, alpha=0.8)
    for offset in (0, 18 * u):
        board.line([(0, y + offset), (w, y + offset)], 3.2)
