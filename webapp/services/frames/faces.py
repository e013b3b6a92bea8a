"""Heads: skull, features by mood, hair. All measures are in head heights around the centre of the head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from webapp.services.frames.colors import HAIRS, INK, MID, PALE, PAPER, RGB, SKINS, mix
from webapp.services.frames.geometry import Path, Points, blob, ellipse, place

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from webapp.services.frames.board import Board

Mood = Literal["calm", "tired", "curious", "happy", "delighted"]
MOODS: dict[str, tuple[Mood, ...]] = {
    "hook": ("curious", "calm", "tired"),
    "problem": ("tired", "tired", "calm"),
    "product": ("curious", "happy"),
    "proof": ("happy", "calm", "delighted"),
    "cta": ("delighted", "happy"),
}
"""What a face may show in each beat of an ad."""
HAIRCUTS = ("short", "long", "bun", "curly", "bob", "ponytail", "beanie", "bald", "quiff", "scarf")
COLLARS = ("crew", "shirt", "jacket", "v-neck")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What somebody looks like."""

    haircut: str
    hair: RGB
    skin: RGB
    top: RGB
    collar: str
    mood: Mood
    glasses: bool
    beard: bool


def cast(rng: random.Random, top: RGB, beat: str, *, unlike: Person | None = None) -> Person:
    """Invent a person in a `top` of that colour; `unlike` another, if one stands beside them."""
    haircuts = [cut for cut in HAIRCUTS if unlike is None or cut != unlike.haircut]
    skins = [skin for skin in SKINS if unlike is None or skin != unlike.skin]
    haircut = rng.choice(haircuts)
    skin = rng.choice(skins)
    hair = rng.choice(HAIRS)
    if skin == SKINS[-1] or skin == SKINS[-2]:
        hair = rng.choice((HAIRS[2], HAIRS[5]))
    return Person(
        haircut=haircut,
        hair=top if haircut == "scarf" else hair,
        skin=skin,
        top=top,
        collar=rng.choice(COLLARS),
        mood=rng.choice(MOODS.get(beat, MOODS["proof"])),
        glasses=rng.random() < 0.22,
        beard=haircut in ("short", "bald", "beanie", "quiff") and rng.random() < 0.4,
    )


@dataclass(frozen=True, slots=True)
class Head:
    """Where a head is and which way it looks."""

    x: float
    y: float
    size: float
    """Height of the head in pixels."""
    face: float = 0.6
    """-1 looks left, 1 looks right, near 0 at us."""

    def at(self, points: Points) -> Path:
        """Return a drawing made in head heights, facing right, on the page."""
        return place(points, self.x, self.y, self.size, mirror=self.face < 0)


def draw_hair_behind(board: Board, head: Head, person: Person, width: float = 3.0) -> None:
    """Draw the hair that hangs behind neck and shoulders; comes before the body."""
    shapes: dict[str, Points] = {
        "long": [
            (-0.38, -0.30), (-0.47, 0.1), (-0.50, 0.50), (-0.42, 0.82), (-0.10, 0.86), (0.22, 0.82),
            (0.42, 0.68), (0.43, 0.2), (0.40, -0.1), (0.30, -0.42), (0, -0.56), (-0.28, -0.48),
        ],
        "bob": [
            (-0.40, -0.30), (-0.49, 0.08), (-0.50, 0.38), (-0.36, 0.50), (0, 0.46), (0.34, 0.48),
            (0.44, 0.34), (0.43, 0.05), (0.36, -0.36), (0, -0.56),
        ],
        "ponytail": [
            (-0.26, -0.50), (-0.52, -0.52), (-0.70, -0.24), (-0.70, 0.16), (-0.60, 0.46),
            (-0.55, 0.12), (-0.48, -0.14), (-0.34, -0.26),
        ],
        "scarf": [
            (-0.42, -0.30), (-0.46, 0.10), (-0.44, 0.50), (-0.62, 0.92), (0, 1.08), (0.58, 0.92),
            (0.38, 0.52), (0.40, 0.10), (0.36, -0.36), (0, -0.58),
        ],
        "curly": blob(-0.02, -0.16, 0.56, 0.54, bumps=11, depth=0.09),
    }  # fmt: skip
    if person.haircut in shapes:
        board.shape(head.at(shapes[person.haircut]), person.hair, 0.9, width=width, gap=11, angle=-70)


def draw_head(board: Board, head: Head, person: Person, width: float = 3.0) -> None:
    """Draw face and hair; `width` is the pen's."""
    k = abs(head.face)
    skull = [
        (0, -0.5), (0.24, -0.44), (0.36, -0.2), (0.35, 0.04), (0.30 + 0.03 * k, 0.22), (0.20 + 0.06 * k, 0.40),
        (0.08 + 0.06 * k, 0.49), (-0.08, 0.46), (-0.24, 0.32), (-0.34, 0.08), (-0.38, -0.16), (-0.26, -0.42),
    ]  # fmt: skip
    ear = [(-0.335, -0.03), (-0.41, -0.06), (-0.425, 0.07), (-0.35, 0.15)]
    if person.haircut not in ("long", "bob", "curly", "scarf"):
        board.shape(head.at(ear), person.skin, 0.9, width=width * 0.85, again=0)
    board.shape(head.at(skull), person.skin, 0.9, width=width, gap=26)
    shade = [(-0.38, -0.1), (-0.24, -0.2), (-0.16, 0.1), (-0.10, 0.42), (-0.24, 0.32), (-0.34, 0.08)]
    board.marker(head.at(shade), mix(person.skin, MID, 0.55), 0.5, gap=9, smooth=True, bands=0.6)
    if person.beard:
        _draw_beard(board, head, person)
    _draw_features(board, head, person, width)
    _draw_hair(board, head, person, width)
    if person.glasses:
        _draw_glasses(board, head, width)


def _draw_features(board: Board, head: Head, person: Person, width: float) -> None:
    k = abs(head.face)
    centre, level = 0.13 * k, 0.03
    for side in (-1, 1):
        _draw_eye(board, head, centre + side * 0.145 * (1 - 0.16 * k * (side > 0)), level, person.mood, side, width)
    nose = [
        (centre + 0.055 * k + 0.01, level + 0.02),
        (centre + 0.13 * k + 0.02, level + 0.155),
        (centre + 0.015, level + 0.185),
    ]
    board.pen(head.at(nose), width * 0.85, wobble=0.3)
    _MOUTHS[person.mood](board, head, centre, width)
    cheek = ellipse(centre - 0.20, 0.18, 0.055, 0.035)
    if person.mood in ("happy", "delighted"):
        board.marker(head.at(cheek), (226, 150, 130), 0.35, gap=5, bands=0)


def _draw_eye(board: Board, head: Head, x: float, y: float, mood: Mood, side: int, width: float) -> None:
    half = 0.062
    lid, drop = -0.035, 0.016
    if mood == "tired":
        lid, drop = -0.008, 0.022
    elif mood == "curious":
        lid = -0.052
    if mood == "delighted":  # eyes narrow to arcs in a broad smile
        board.pen(head.at([(x - half, y + 0.018), (x, y - 0.03), (x + half, y + 0.014)]), width * 1.25, wobble=0.2)
    else:
        board.pen(head.at([(x - half, y), (x - half * 0.2, y + lid), (x + half, y - 0.004)]), width * 1.05, wobble=0.2)
        pupil = head.at(ellipse(x + 0.014, y + drop, 0.022, 0.019 if mood == "tired" else 0.0275))
        board.paper(pupil, 0.95, color=INK)
        if head.size > 150 * board.unit:
            glint = head.at(ellipse(x + 0.022, y + drop - 0.01, 0.007, 0.007))
            board.paper(glint)
    if mood == "tired":
        board.pen(
            head.at([(x - half * 0.7, y + 0.065), (x, y + 0.08), (x + half * 0.8, y + 0.06)]), width * 0.55, alpha=0.55
        )
    inner, outer = {"tired": (-0.142, -0.108), "curious": (-0.155, -0.165)}.get(mood, (-0.118, -0.118))
    left, right = (outer, inner) if side < 0 else (inner, outer)
    arch = -0.168 if mood == "curious" else -0.148
    board.pen(head.at([(x - 0.085, y + left), (x, y + arch), (x + 0.085, y + right)]), width * 1.3, wobble=0.3)


def _mouth_calm(board: Board, head: Head, x: float, width: float) -> None:
    board.pen(head.at([(x - 0.11, 0.300), (x, 0.322), (x + 0.11, 0.295)]), width * 1.05, wobble=0.3)
    board.pen(head.at([(x - 0.04, 0.385), (x + 0.05, 0.382)]), width * 0.6, wobble=0.2)


def _mouth_tired(board: Board, head: Head, x: float, width: float) -> None:
    board.pen(head.at([(x - 0.10, 0.324), (x, 0.306), (x + 0.10, 0.318)]), width * 1.05, wobble=0.3)
    board.pen(head.at([(x - 0.04, 0.385), (x + 0.05, 0.382)]), width * 0.6, wobble=0.2)


def _mouth_curious(board: Board, head: Head, x: float, width: float) -> None:
    board.pen(head.at([(x - 0.07, 0.31), (x + 0.01, 0.322), (x + 0.10, 0.292)]), width * 1.1, wobble=0.3)
    board.pen(head.at([(x + 0.10, 0.275), (x + 0.125, 0.30)]), width * 0.7, wobble=0.2)


def _mouth_happy(board: Board, head: Head, x: float, width: float) -> None:
    board.pen(head.at([(x - 0.145, 0.265), (x - 0.01, 0.345), (x + 0.135, 0.255)]), width * 1.15, wobble=0.3)
    for corner, lean in ((-0.16, -0.015), (0.15, 0.015)):
        board.pen(head.at([(x + corner, 0.235), (x + corner + lean, 0.28)]), width * 0.7, wobble=0.2)


def _mouth_delighted(board: Board, head: Head, x: float, width: float) -> None:
    smile = [
        (x - 0.15, 0.250), (x - 0.06, 0.268), (x + 0.05, 0.266), (x + 0.14, 0.240),
        (x + 0.08, 0.345), (x - 0.01, 0.375), (x - 0.10, 0.345),
    ]  # fmt: skip
    outline = head.at(smile)
    board.paper(outline, 0.98, smooth=True, color=mix(INK, (150, 70, 62), 0.45))
    teeth = [(x - 0.125, 0.258), (x, 0.272), (x + 0.118, 0.250), (x + 0.09, 0.300), (x, 0.316), (x - 0.10, 0.302)]
    board.paper(head.at(teeth), smooth=True)
    board.pen(outline, width * 0.95, closed=True, wobble=0.2)


_MOUTHS: dict[Mood, Callable[[Board, Head, float, float], None]] = {
    "calm": _mouth_calm,
    "tired": _mouth_tired,
    "curious": _mouth_curious,
    "happy": _mouth_happy,
    "delighted": _mouth_delighted,
}

# Hair in front: one closed outline each. The lower edge is the hairline, the upper one the crown.
_CAPS: dict[str, list[tuple[float, float]]] = {
    "short": [
        (-0.385, -0.02), (-0.40, -0.26), (-0.30, -0.50), (-0.02, -0.60), (0.27, -0.52), (0.40, -0.28),
        (0.365, -0.12), (0.22, -0.27), (-0.02, -0.30), (-0.22, -0.25), (-0.33, -0.1),
    ],
    "long": [
        (-0.40, 0.12), (-0.42, -0.26), (-0.28, -0.50), (0, -0.585), (0.28, -0.50), (0.39, -0.22),
        (0.385, 0.06), (0.28, -0.20), (0.10, -0.36), (-0.12, -0.30), (-0.28, -0.12),
    ],
    "bun": [
        (-0.385, -0.02), (-0.40, -0.25), (-0.30, -0.47), (-0.02, -0.56), (0.27, -0.49), (0.39, -0.25),
        (0.355, -0.14), (0.16, -0.34), (-0.06, -0.36), (-0.27, -0.24),
    ],
    "beanie": [
        (-0.40, -0.12), (-0.41, -0.34), (-0.27, -0.58), (0, -0.66), (0.27, -0.58), (0.41, -0.34),
        (0.40, -0.14), (0.2, -0.20), (-0.2, -0.19),
    ],
    "quiff": [
        (-0.385, -0.02), (-0.40, -0.26), (-0.32, -0.48), (-0.10, -0.60), (0.12, -0.70), (0.36, -0.66), (0.44, -0.46),
        (0.375, -0.20), (0.30, -0.34), (0.06, -0.36), (-0.20, -0.32), (-0.32, -0.14),
    ],
    "bob": [
        (-0.43, 0.22), (-0.44, -0.22), (-0.30, -0.50), (0, -0.585), (0.28, -0.50), (0.41, -0.20), (0.40, 0.20),
        (0.33, 0.00), (0.31, -0.15), (0.05, -0.19), (-0.20, -0.14), (-0.29, 0.02), (-0.34, 0.20),
    ],
    "scarf": [
        (-0.42, 0.20), (-0.44, -0.22), (-0.28, -0.54), (0.02, -0.63), (0.30, -0.52), (0.42, -0.20), (0.38, 0.16),
        (0.33, -0.10), (0.22, -0.27), (0, -0.33), (-0.18, -0.27), (-0.28, -0.06), (-0.28, 0.18), (-0.18, 0.40),
        (-0.30, 0.42),
    ],
    "curly": [
        (-0.40, 0.00), (-0.44, -0.24), (-0.34, -0.46), (-0.12, -0.54), (0.14, -0.54), (0.34, -0.44), (0.40, -0.20),
        (0.36, -0.10), (0.31, -0.24), (0.20, -0.23), (0.12, -0.31), (0.00, -0.26), (-0.12, -0.31), (-0.21, -0.22),
        (-0.31, -0.20),
    ],
}  # fmt: skip
_CAPS["ponytail"] = _CAPS["bun"]


def _draw_hair(board: Board, head: Head, person: Person, width: float) -> None:
    cap = _CAPS.get(person.haircut)
    if cap is None:  # bald: a glint on the crown says so
        board.pen(head.at([(0.02, -0.43), (0.14, -0.40), (0.22, -0.32)]), width * 0.6, alpha=0.5)
        return
    color = board.palette.main if person.haircut == "beanie" else person.hair
    if person.haircut == "bun":
        board.shape(head.at(ellipse(-0.18, -0.66, 0.17, 0.15)), color, 0.95, width=width, gap=8)
    outline = head.at(cap)
    board.paper(outline, smooth=True)
    board.marker(outline, color, 0.95, smooth=True, angle=-62, gap=8)
    if person.haircut == "curly":
        _draw_curls(board, head, width)
    else:
        board.pen(outline, width, closed=True, again=0.5)
        for k in range(3):
            strand = [
                (-0.22 + k * 0.17, -0.32),
                (-0.10 + k * 0.17, -0.46 + 0.02 * k),
                (0.04 + k * 0.14, -0.50 + 0.04 * k),
            ]
            board.pen(head.at(strand), width * 0.5, alpha=0.45)
    if person.haircut == "beanie":
        board.pen(head.at([(-0.40, -0.25), (0, -0.33), (0.40, -0.26)]), width * 0.8)
        board.shape(head.at(ellipse(0, -0.70, 0.09, 0.08)), PALE, 0.9, width=width * 0.8)


def _draw_curls(board: Board, head: Head, width: float) -> None:
    for _ in range(16):
        x, y = board.rng.uniform(-0.42, 0.38), board.rng.uniform(-0.60, -0.30)
        board.pen(head.at(ellipse(x, y, 0.05, 0.045, start=0.4, end=5.2, n=10)), width * 0.6, alpha=0.6)


def _draw_beard(board: Board, head: Head, person: Person) -> None:
    k = abs(head.face)
    beard = [
        (-0.35, 0.02), (-0.26, 0.10), (-0.15, 0.22), (0.13 * k, 0.225), (0.29 + 0.03 * k, 0.16),
        (0.31 + 0.03 * k, 0.24), (0.21 + 0.06 * k, 0.42), (0.08 + 0.06 * k, 0.53), (-0.08, 0.50),
        (-0.25, 0.35), (-0.34, 0.12),
    ]  # fmt: skip
    board.marker(head.at(beard), person.hair, 0.85, angle=70, gap=7, smooth=True)
    mouth = ellipse(0.13 * k, 0.315, 0.14, 0.06)
    board.paper(head.at(mouth), 0.95, color=mix(person.skin, PAPER, 0.1))


def _draw_glasses(board: Board, head: Head, width: float) -> None:
    k = abs(head.face)
    centre = 0.13 * k
    left, right = centre - 0.15, centre + 0.15 * (1 - 0.16 * k)
    for x, radius in ((left, 0.115), (right, 0.115 - 0.02 * k)):
        board.pen(head.at(ellipse(x, 0.045, radius, 0.10)), width * 0.9, closed=True, wobble=0.3)
    board.pen(
        head.at([(left + 0.115, 0.03), ((left + right) / 2 + 0.01, 0.01), (right - 0.095, 0.03)]),
        width * 0.8,
        wobble=0.2,
    )
    board.pen(head.at([(left - 0.115, 0.03), (-0.36, 0.0)]), width * 0.8, wobble=0.2)
