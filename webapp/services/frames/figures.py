"""Bodies: a bust for close shots, a whole figure for wide ones, the back of somebody's head, hands that hold things."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from webapp.services.frames.colors import DARK, DEEP, INK, MID, PALE, PAPER, RGB, mix
from webapp.services.frames.faces import Head, Person, draw_hair_behind, draw_head
from webapp.services.frames.geometry import Path, Point, Points, blob, curve, ellipse, path, place, rotated

if TYPE_CHECKING:
    from collections.abc import Callable

    from webapp.services.frames.board import Board


def limb(
    board: Board, start: Point, end: Point, widths: tuple[float, float], color: RGB | None, pen: float = 2.8
) -> None:
    """Draw one tapered piece of an arm or a leg; `widths` in pixels at its two ends."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    direction = (b - a) / (math.dist(start, end) or 1)
    across = np.array([-direction[1], direction[0]])
    w0, w1 = widths
    middle = (a + b) / 2
    one = np.stack([a + across * w0 / 2, middle + across * (w0 * 0.56 + w1 * 0.50) / 2, b + across * w1 / 2])
    other = np.stack([a - across * w0 / 2, middle - across * (w0 * 0.52 + w1 * 0.50) / 2, b - across * w1 / 2])
    outline = np.concatenate([curve(one, steps=6), curve(other, steps=6)[::-1]])
    board.paper(outline)
    if color:
        board.marker(outline, color, 0.85, gap=11)
    board.pen(one, pen)
    board.pen(other, pen)


def bent(board: Board, joints: Points, widths: tuple[float, float, float], color: RGB | None, pen: float = 2.8) -> None:
    """Draw an arm or a leg over three joints (shoulder, elbow, wrist); `widths` in pixels at each."""
    first, middle, last = ((float(x), float(y)) for x, y in path(joints))
    radius = widths[1] * 0.47
    _draw_joint(board, first, widths[0] * 0.47, color)
    limb(board, first, middle, widths[:2], color, pen)
    _draw_joint(board, middle, radius, color)
    limb(board, middle, last, widths[1:], color, pen)
    away = math.atan2(middle[1] - (first[1] + last[1]) / 2, middle[0] - (first[0] + last[0]) / 2)
    board.pen(ellipse(*middle, radius * 1.02, radius * 1.02, start=away - 1.0, end=away + 1.0, n=14), pen)


def _draw_joint(board: Board, at: Point, radius: float, color: RGB | None) -> None:
    """Round off a shoulder, an elbow, a knee; the limbs bring the outline."""
    knob = ellipse(*at, radius, radius)
    board.paper(knob)
    if color:
        board.marker(knob, color, 0.85, gap=9, bands=0)


def fist(board: Board, x: float, y: float, size: float, skin: RGB, pen: float = 2.4) -> None:
    """Draw a closed hand seen from far off, `size` pixels across."""
    board.shape(ellipse(x, y, size * 0.5, size * 0.46), skin, 0.85, width=pen, again=0)


def fingers(
    board: Board, x: float, y: float, size: float, skin: RGB, *, mirror: bool = False, pen: float = 2.8
) -> None:
    """Draw four fingers coming from the right around the edge of a thing; (x, y) is on its edge, `size` its height."""
    for k, reach in enumerate((0.40, 0.46, 0.44, 0.36)):
        top = -0.50 + 0.25 * k
        finger = [
            (0.16, top), (-reach * 0.7, top - 0.01 + 0.02 * k), (-reach, top + 0.06 + 0.02 * k),
            (-reach * 0.98, top + 0.17 + 0.02 * k), (-reach * 0.7, top + 0.24 + 0.01 * k), (0.16, top + 0.25),
        ]  # fmt: skip
        board.shape(place(finger, x, y, size, mirror=mirror), skin, 0.85, width=pen, again=0)
        nail = [(-reach * 0.86, top + 0.07 + 0.02 * k), (-reach * 0.66, top + 0.06 + 0.02 * k)]
        board.pen(place(nail, x, y, size, mirror=mirror), pen * 0.5, alpha=0.5)


def palm(board: Board, x: float, y: float, size: float, skin: RGB, *, mirror: bool = False, pen: float = 2.8) -> None:
    """Draw the hand behind the thing that `fingers` will close around: back of the hand and thumb."""
    back = [
        (-0.10, -0.48), (0.14, -0.56), (0.32, -0.36), (0.40, 0.02), (0.36, 0.38), (0.20, 0.62), (-0.06, 0.60),
        (-0.16, 0.20),
    ]  # fmt: skip
    board.shape(place(back, x, y, size, mirror=mirror), skin, 0.85, width=pen, again=0)


@dataclass(frozen=True, slots=True)
class Held:
    """Where a hand is, so that a composition can put something into it."""

    x: float
    y: float
    size: float
    """Height of the hand in pixels."""


def draw_bust(
    board: Board,
    head: Head,
    person: Person,
    *,
    pen: float = 3.0,
    near_arm: Points | None = None,
    far_arm: Points | None = None,
) -> None:
    """Draw head and torso; an arm is shoulder, elbow, wrist in head heights, as the figure looks to the right."""
    draw_hair_behind(board, head, person, pen)
    skin = person.skin
    neck = head.at([(-0.19, 0.20), (-0.19, 0.56), (-0.30, 0.86), (0.26, 0.86), (0.15, 0.56), (0.14, 0.30)])
    board.paper(neck)
    board.marker(neck, mix(skin, MID, 0.35), 0.85, gap=9)
    for side in ([(-0.19, 0.34), (-0.19, 0.56), (-0.30, 0.72)], [(0.14, 0.42), (0.15, 0.57), (0.24, 0.72)]):
        board.pen(head.at(side), pen * 0.9)
    _draw_torso(board, head, person, pen, near=near_arm is not None, far=far_arm is not None)
    if person.haircut == "scarf":
        fold = [(-0.40, 0.30), (-0.46, 0.72), (-0.30, 0.98), (0.02, 1.06), (0.34, 0.96), (0.44, 0.70), (0.36, 0.28)]
        board.shape(head.at(fold), person.hair, 0.9, width=pen)
        board.pen(head.at([(-0.30, 0.62), (0, 0.80), (0.32, 0.62)]), pen * 0.7, alpha=0.6)
    draw_head(board, head, person, pen)
    for arm in (far_arm, near_arm):
        if arm is not None:
            widths = (0.50 * head.size, 0.42 * head.size, 0.27 * head.size)
            bent(board, head.at(arm), widths, person.top, pen)


def _draw_torso(board: Board, head: Head, person: Person, pen: float, *, near: bool, far: bool) -> None:
    left = [
        (-0.22, 0.70),
        (-0.44, 0.80),
        (-0.72, 0.90),
        (-0.94, 1.06),
        (-1.04, 1.40),
        (-1.09, 1.95),
        (-1.08, 2.6),
        (-1.12, 3.9),
    ]
    right = [
        (0.20, 0.70),
        (0.42, 0.80),
        (0.68, 0.90),
        (0.88, 1.06),
        (0.98, 1.40),
        (1.03, 1.95),
        (1.02, 2.6),
        (1.06, 3.9),
    ]
    if near:
        right = [*right[:4], (0.84, 1.34), (0.72, 1.70), (0.66, 2.3), (0.72, 3.9)]
    if far:
        left = [*left[:4], (-0.88, 1.34), (-0.76, 1.70), (-0.70, 2.3), (-0.76, 3.9)]
    torso = head.at(np.concatenate([curve(left)[::-1], path([(-0.08, 0.93), (0.06, 0.93)]), curve(right)]))
    board.paper(torso)
    board.marker(torso, person.top, 0.86, angle=-28, gap=18)
    shade = [(-1.06, 1.30), (-0.78, 1.15), (-0.68, 1.9), (-0.62, 2.7), (-0.66, 3.9), (-1.12, 3.9), (-1.08, 2.4)]
    board.marker(head.at(shade), DEEP, 0.40, angle=-66, gap=16)
    board.pen(head.at(left), pen * 1.1, again=0.4)
    board.pen(head.at(right), pen * 1.1, again=0.4)
    for given, crease in (
        (far, [(-0.72, 1.50), (-0.70, 1.95), (-0.78, 2.9)]),
        (near, [(0.70, 1.48), (0.68, 1.95), (0.74, 2.9)]),
    ):
        if not given:
            board.pen(head.at(crease), pen * 0.85)
    _COLLARS[person.collar](board, head, person, pen)
    board.pen(head.at([(-0.36, 1.9), (-0.15, 2.05), (0.05, 2.02)]), pen * 0.6, alpha=0.4)
    board.pen(head.at([(0.30, 2.5), (0.12, 2.66), (-0.1, 2.66)]), pen * 0.6, alpha=0.4)


def _collar_crew(board: Board, head: Head, person: Person, pen: float) -> None:
    skin = head.at([(-0.22, 0.68), (-0.14, 0.86), (0, 0.95), (0.12, 0.86), (0.20, 0.68)])
    board.paper(skin, smooth=False)
    board.marker(skin, mix(person.skin, MID, 0.2), 0.85, gap=9, bands=0.5)
    board.pen(skin, pen)
    board.pen(head.at([(-0.29, 0.74), (-0.19, 0.94), (0, 1.06), (0.17, 0.93), (0.27, 0.75)]), pen * 0.6, alpha=0.6)


def _collar_v(board: Board, head: Head, person: Person, pen: float) -> None:
    skin = head.at([(-0.24, 0.70), (-0.10, 1.02), (0.0, 1.24), (0.10, 1.02), (0.22, 0.70)])
    board.paper(skin)
    board.marker(skin, mix(person.skin, MID, 0.2), 0.85, gap=9, bands=0.5)
    board.pen(skin, pen, smooth=False)
    board.pen(
        head.at([(-0.31, 0.74), (-0.16, 1.05), (0.0, 1.36), (0.16, 1.05), (0.29, 0.74)]),
        pen * 0.6,
        alpha=0.6,
        smooth=False,
    )


def _collar_shirt(board: Board, head: Head, person: Person, pen: float) -> None:
    skin = head.at([(-0.22, 0.68), (0.0, 1.0), (0.20, 0.68)])
    board.paper(skin)
    board.marker(skin, mix(person.skin, MID, 0.2), 0.85, gap=9, bands=0.5)
    for flap in (
        [(-0.26, 0.66), (-0.36, 0.90), (-0.16, 1.10), (0.0, 0.98)],
        [(0.24, 0.66), (0.34, 0.90), (0.16, 1.10), (0.0, 0.98)],
    ):
        board.shape(head.at(flap), mix(person.top, PAPER, 0.55), 0.8, width=pen * 0.9, smooth=False, again=0)
    board.line(head.at([(0.0, 1.0), (0.03, 2.2), (0.02, 3.9)]), pen * 0.7, alpha=0.7)
    for k in range(4):
        button = head.at(ellipse(0.07, 1.35 + 0.5 * k, 0.028, 0.028))
        board.pen(button, pen * 0.6, closed=True, wobble=0.1)


def _collar_jacket(board: Board, head: Head, person: Person, pen: float) -> None:
    shirt = head.at([(-0.24, 0.68), (-0.20, 1.1), (0.02, 2.3), (0.20, 1.1), (0.22, 0.68)])
    board.paper(shirt)
    board.marker(shirt, PALE, 0.6, gap=12, bands=0.5)
    board.pen(head.at([(-0.20, 0.72), (-0.10, 0.88), (0.0, 0.94), (0.10, 0.88), (0.18, 0.72)]), pen * 0.9)
    dark = mix(person.top, INK, 0.18)
    for s in (-1, 1):
        lapel = [(0.25 * s, 0.66), (0.46 * s, 0.98), (0.34 * s, 1.16), (0.42 * s, 1.26), (0.02, 2.36), (0.20 * s, 1.10)]
        board.shape(head.at(lapel), dark, 0.85, width=pen * 0.9, smooth=False, again=0)
    board.line(head.at([(0.02, 2.36), (0.05, 3.9)]), pen * 0.9)


_COLLARS = {"crew": _collar_crew, "v-neck": _collar_v, "shirt": _collar_shirt, "jacket": _collar_jacket}


def draw_back(board: Board, head: Head, person: Person, pen: float = 4.2) -> None:
    """Draw somebody from behind, dark and near, for shots over their shoulder."""
    neck = head.at([(-0.24, 0.1), (-0.24, 0.62), (-0.5, 0.95), (0.5, 0.95), (0.24, 0.62), (0.25, 0.1)])
    board.paper(neck)
    board.marker(neck, mix(person.skin, MID, 0.5), 0.85, gap=12)
    board.pen(neck[:2], pen)
    board.pen(neck[4:], pen)
    ridge = [
        (-1.6, 3.2),
        (-1.45, 1.15),
        (-0.85, 0.86),
        (-0.30, 0.60),
        (0, 0.68),
        (0.30, 0.60),
        (0.85, 0.86),
        (1.14, 1.2),
        (1.3, 3.2),
    ]
    shoulders = head.at(curve(ridge))
    board.paper(shoulders)
    board.marker(shoulders, mix(person.top, INK, 0.55), 0.96, angle=-58, gap=15)
    board.pen(shoulders[8:-8:4], pen * 1.1, again=0.8)
    ear = head.at([(0.34, -0.06), (0.43, -0.08), (0.45, 0.06), (0.39, 0.17), (0.33, 0.14)])
    if person.haircut not in ("long", "curly", "scarf", "bob"):
        board.shape(ear, mix(person.skin, MID, 0.2), 0.85, width=pen * 0.85)
    _draw_back_of_hair(board, head, person, pen)


def _draw_back_of_hair(board: Board, head: Head, person: Person, pen: float) -> None:
    hair = mix(person.hair, DARK, 0.35)
    if person.haircut == "bald":
        hair = mix(person.skin, MID, 0.25)
    cropped = [
        (0, -0.54), (0.26, -0.48), (0.40, -0.22), (0.385, 0.04), (0.33, 0.20), (0.25, 0.40), (0.12, 0.34), (0, 0.38),
        (-0.12, 0.34), (-0.25, 0.40), (-0.33, 0.20), (-0.385, 0.04), (-0.40, -0.22), (-0.26, -0.48),
    ]  # fmt: skip
    falling = [
        (0, -0.56), (0.30, -0.48), (0.44, -0.16), (0.47, 0.30), (0.52, 0.86), (0.20, 0.96), (-0.1, 0.92),
        (-0.50, 0.90), (-0.48, 0.30), (-0.45, -0.16), (-0.30, -0.48),
    ]  # fmt: skip
    outline: Points = cropped
    if person.haircut in ("long", "scarf"):
        outline = falling
    elif person.haircut == "bob":
        outline = [(x, min(y, 0.52)) for x, y in falling]
    elif person.haircut == "curly":
        outline = blob(0, -0.10, 0.54, 0.56, bumps=13, depth=0.08)
    if person.haircut == "bun":
        board.shape(head.at(ellipse(0, -0.60, 0.19, 0.17)), hair, 0.96, width=pen)
    board.shape(head.at(outline), hair, 0.96, width=pen, angle=68, gap=10, again=0.9)
    if person.haircut == "ponytail":
        tail = [(-0.08, -0.30), (0.10, -0.30), (0.20, 0.20), (0.12, 0.80), (0.0, 0.98), (-0.12, 0.74), (-0.16, 0.20)]
        board.shape(head.at(tail), hair, 0.96, width=pen * 0.9)
    if person.haircut in ("short", "quiff", "long", "bob", "ponytail"):
        low = 0.26 if outline is cropped else 0.80
        for k in range(6):
            x = -0.26 + 0.105 * k
            board.pen(head.at([(x * 0.5, -0.46), (x * 1.15, -0.12), (x * 1.05, low)]), 2.0, alpha=0.5)


@dataclass(frozen=True, slots=True)
class Pose:
    """Joints of a whole figure that looks right, in head heights above (negative) the ground between its feet."""

    far_leg: tuple[Point, Point, Point]
    near_leg: tuple[Point, Point, Point]
    far_arm: tuple[Point, Point, Point]
    near_arm: tuple[Point, Point, Point]
    shoulders: float = 0.80
    """Half the width across the shoulders; small in profile."""
    lean: float = 0.0
    """How far the shoulders are ahead of the hips."""
    face: float = 0.5


POSES: dict[str, Pose] = {
    "stand": Pose(
        far_leg=((-0.26, -3.7), (-0.32, -2.0), (-0.36, -0.28)),
        near_leg=((0.28, -3.7), (0.38, -2.0), (0.42, -0.28)),
        far_arm=((-0.74, -5.55), (-0.98, -4.55), (-0.86, -3.65)),
        near_arm=((0.74, -5.55), (1.0, -4.55), (0.90, -3.65)),
    ),
    "walk": Pose(
        far_leg=((-0.10, -3.7), (-0.30, -2.05), (-1.05, -0.52)),
        near_leg=((0.14, -3.7), (0.66, -2.1), (0.92, -0.30)),
        far_arm=((-0.30, -5.5), (0.45, -4.75), (1.05, -4.25)),
        near_arm=((0.12, -5.5), (-0.55, -4.65), (-0.72, -3.75)),
        shoulders=0.62, lean=0.12, face=0.8,
    ),
    "run": Pose(
        far_leg=((-0.10, -3.75), (-0.42, -2.2), (-1.70, -1.75)),
        near_leg=((0.14, -3.75), (1.10, -2.75), (0.98, -1.05)),
        far_arm=((-0.20, -5.4), (0.62, -4.70), (1.25, -5.25)),
        near_arm=((0.32, -5.4), (-0.62, -4.85), (-0.42, -4.0)),
        shoulders=0.60, lean=0.38, face=0.9,
    ),
    "wave": Pose(
        far_leg=((-0.26, -3.7), (-0.34, -2.0), (-0.42, -0.28)),
        near_leg=((0.28, -3.7), (0.36, -2.0), (0.44, -0.28)),
        far_arm=((-0.74, -5.55), (-1.05, -4.6), (-0.62, -3.95)),
        near_arm=((0.74, -5.55), (1.45, -5.85), (1.55, -6.85)),
    ),
    "phone": Pose(
        far_leg=((-0.26, -3.7), (-0.32, -2.0), (-0.36, -0.28)),
        near_leg=((0.28, -3.7), (0.42, -2.0), (0.40, -0.28)),
        far_arm=((-0.74, -5.55), (-0.98, -4.55), (-0.86, -3.65)),
        near_arm=((0.74, -5.55), (1.0, -4.55), (1.35, -5.25)),
    ),
    "shrug": Pose(
        far_leg=((-0.26, -3.7), (-0.36, -2.0), (-0.44, -0.28)),
        near_leg=((0.28, -3.7), (0.36, -2.0), (0.44, -0.28)),
        far_arm=((-0.74, -5.5), (-1.15, -4.55), (-1.55, -5.0)),
        near_arm=((0.74, -5.5), (1.15, -4.55), (1.55, -5.0)),
    ),
}  # fmt: skip


def draw_figure(
    board: Board,
    x: float,
    y: float,
    height: float,
    person: Person,
    pose: str = "stand",
    *,
    mirror: bool = False,
    pen: float = 2.4,
) -> Held:
    """Draw somebody from head to foot, (x, y) between the feet, and return where the near hand is (sizes in pixels)."""
    unit = height / 7.3
    joints = POSES[pose]

    def at(points: Points) -> Path:
        return place(points, x, y, unit, mirror=mirror)

    shadow = ellipse(x + unit * 0.5, y + unit * 0.06, unit * 2.0, unit * 0.28)
    board.marker(shadow, DEEP, 0.55, gap=8, angle=-6)
    trousers = mix(DARK, person.top, 0.12)
    arm, leg = tuple(w * unit for w in (0.50, 0.42, 0.30)), tuple(w * unit for w in (0.66, 0.50, 0.34))
    _draw_arm(board, at(joints.far_arm), (arm[0], arm[1], arm[2]), person, pen)
    for side in (joints.far_leg, joints.near_leg):
        bent(board, at(side), (leg[0], leg[1], leg[2]), mix(trousers, PAPER, 0.25), pen)
        _draw_shoe(board, at, side[1], side[2], pen)
    s, lean = joints.shoulders, joints.lean
    torso = [
        (-0.22 + lean, -6.05), (-s + 0.10 + lean, -5.85), (-s + lean, -5.45), (-s * 0.72 + lean * 0.5, -4.6),
        (-s * 0.68, -3.55),
        (s * 0.70, -3.55), (s * 0.74 + lean * 0.5, -4.6), (s + lean, -5.45), (s - 0.10 + lean, -5.85),
        (0.22 + lean, -6.05),
    ]  # fmt: skip
    board.shape(at(torso), person.top, 0.9, width=pen, smooth=False, gap=10, wobble=0.5)
    board.shape(
        at([(-0.16 + lean, -6.4), (0.16 + lean, -6.4), (0.2 + lean, -5.98), (-0.2 + lean, -5.98)]),
        person.skin,
        0.85,
        width=pen * 0.8,
        smooth=False,
    )
    centre = at([(0.06 + lean * 1.25, -6.76)])[0]
    head = Head(float(centre[0]), float(centre[1]), unit * 1.12, -joints.face if mirror else joints.face)
    draw_hair_behind(board, head, person, pen * 0.8)
    draw_head(board, head, person, pen * 0.72)
    _draw_arm(board, at(joints.near_arm), (arm[0], arm[1], arm[2]), person, pen)
    hand = at(joints.near_arm)[2]
    return Held(float(hand[0]), float(hand[1]), unit * 0.55)


def _draw_arm(board: Board, joints: Path, widths: tuple[float, float, float], person: Person, pen: float) -> None:
    reach = joints[2] + (joints[2] - joints[1]) / (np.hypot(*(joints[2] - joints[1])) or 1) * widths[2] * 0.55
    fist(board, float(reach[0]), float(reach[1]), widths[2] * 1.35, person.skin, pen * 0.8)
    bent(board, joints, widths, person.top, pen)


def _draw_shoe(board: Board, at: Callable[[Points], Path], knee: Point, ankle: Point, pen: float) -> None:
    shoe = place([(-0.24, -0.02), (0.18, -0.04), (0.58, 0.20), (0.54, 0.32), (-0.27, 0.32)], *ankle, 1)
    if ankle[1] < -0.4:  # a lifted foot follows the shin
        shoe = rotated(shoe, 0.7 * math.atan2(knee[0] - ankle[0], ankle[1] - knee[1]), ankle)
    board.shape(at(shoe), DARK, 0.9, width=pen, smooth=False, again=0)
