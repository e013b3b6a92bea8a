"""Things: ten kinds of product. Each stands on (x, y), drawn to the scale of `h` pixels."""

from __future__ import annotations

import math
from collections.abc import Callable

from webapp.services.frames.board import Board
from webapp.services.frames.colors import DARK, DEEP, INK, MID, PALE, PAPER, RGB, mix
from webapp.services.frames.geometry import Path, Points, curve, ellipse, place, rect, rounded

Prop = Callable[[Board, float, float, float, RGB], None]


def draw_bottle(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a bottle with a label and a cap."""

    def at(points: Points) -> Path:
        return place(points, x, y, h)

    body = at([
        (-0.20, -0.62), (-0.21, -0.05), (-0.18, 0), (0.18, 0), (0.21, -0.05), (0.20, -0.62),
        (0.17, -0.70), (0.10, -0.76), (0.085, -0.84), (-0.085, -0.84), (-0.10, -0.76), (-0.17, -0.70),
    ])  # fmt: skip
    board.paper(body)
    board.marker(body, color, 0.9, angle=80)
    board.marker(at([(0.08, -0.68), (0.20, -0.62), (0.21, -0.05), (0.12, -0.02)]), DEEP, 0.55, angle=85, gap=9)
    board.paper(at([(-0.155, -0.62), (-0.115, -0.62), (-0.125, -0.10), (-0.165, -0.10)]), 0.5)
    label = at(rect(-0.207, -0.50, 0.414, 0.28))
    board.paper(label)
    board.pen(label, 2.2, closed=True, smooth=False)
    _draw_label(board, at, 0.0, -0.36, 0.28, color)
    board.pen(body, 3.4, closed=True, smooth=False, again=0.7, wobble=0.8)
    board.shape(at(rounded(-0.105, -0.97, 0.21, 0.14, 0.025)), DARK, 0.9, width=3, smooth=False)
    for k in range(4):
        board.line(at([(-0.07 + 0.045 * k, -0.945), (-0.07 + 0.045 * k, -0.86)]), 1.2, PAPER, alpha=0.45)


def draw_box(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a carton seen from a corner, with a label and a strip of tape."""

    def at(points: Points) -> Path:
        return place(points, x, y, h)

    faces: tuple[tuple[list[tuple[float, float]], RGB], ...] = (
        ([(-0.40, -0.66), (0.12, -0.60), (0.12, 0.03), (-0.40, -0.02)], color),
        ([(0.12, -0.60), (0.42, -0.70), (0.42, -0.08), (0.12, 0.03)], mix(color, INK, 0.3)),
        ([(-0.40, -0.66), (-0.08, -0.76), (0.42, -0.70), (0.12, -0.60)], mix(color, PAPER, 0.5)),
    )
    for points, tone in faces:
        face = at(points)
        board.paper(face)
        board.marker(face, tone, 0.88, gap=13)
        board.pen(face, 3, closed=True, smooth=False, again=0.4)
    tape = at([(-0.19, -0.635), (-0.09, -0.625), (0.215, -0.725), (0.115, -0.737)])
    board.paper(tape, 0.75)
    label = at([(-0.33, -0.44), (-0.06, -0.41), (-0.06, -0.20), (-0.33, -0.23)])
    board.paper(label)
    board.pen(label, 1.8, closed=True, smooth=False)
    for k, reach in enumerate((0.20, 0.13, 0.17)):
        top = -0.38 + 0.055 * k
        board.line(at([(-0.30, top), (-0.30 + reach, top + reach * 0.11)]), 2.6 if k == 0 else 1.5, alpha=0.8)


def draw_phone(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a phone, upright, with an app on its screen."""

    def at(points: Points) -> Path:
        return place(points, x, y, h)

    body = at(rounded(-0.25, -1.0, 0.50, 1.0, 0.065))
    board.paper(body)
    board.marker(body, DARK, 0.92, gap=10)
    board.pen(body, 3.6, closed=True, smooth=False, again=0.5, wobble=0.6)
    screen = at(rounded(-0.22, -0.965, 0.44, 0.93, 0.04))
    board.paper(screen)
    board.pen(screen, 1.8, closed=True, smooth=False, wobble=0.3)
    board.pen(at([(-0.05, -0.94), (0.05, -0.94)]), 3.4, wobble=0.2)
    _draw_app(board, at, color)


def _draw_app(board: Board, at: Callable[[Points], Path], color: RGB) -> None:
    board.line(at([(-0.18, -0.865), (0.02, -0.865)]), 4)
    badge = at(ellipse(0.15, -0.865, 0.03, 0.03))
    board.marker(badge, board.palette.second, 0.95, gap=6)
    board.pen(badge, 1.6, closed=True)
    picture = at(rounded(-0.18, -0.80, 0.36, 0.32, 0.02))
    board.marker(picture, mix(color, PAPER, 0.35), 0.9, gap=12)
    board.pen(picture, 2, closed=True, smooth=False, wobble=0.4)
    board.pen(
        at([(-0.15, -0.53), (-0.05, -0.66), (0.02, -0.58), (0.09, -0.72), (0.15, -0.60)]), 2.4, PAPER, smooth=False
    )
    for k, reach in enumerate((0.36, 0.30, 0.34, 0.18)):
        board.line(at([(-0.18, -0.42 + 0.055 * k), (-0.18 + reach, -0.42 + 0.055 * k)]), 2.2, alpha=0.55)
    button = at(rounded(-0.18, -0.17, 0.36, 0.095, 0.045))
    board.marker(button, color, 1, gap=9)
    board.pen(button, 2.2, closed=True, smooth=False, wobble=0.3)
    board.line(at([(-0.07, -0.122), (0.07, -0.122)]), 3.6, PAPER)


def draw_shoe(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a running shoe in profile, toe to the right."""

    def at(points: Points) -> Path:
        return place(points, x - h * 0.02, y, h * 1.12)

    tongue = [(-0.10, -0.46), (-0.06, -0.64), (0.02, -0.66), (0.06, -0.56), (0.10, -0.40)]
    board.shape(at(tongue), mix(color, PAPER, 0.4), 0.85, width=2.8)
    upper = at([
        (-0.46, -0.14), (-0.475, -0.32), (-0.46, -0.54), (-0.40, -0.57), (-0.30, -0.47), (-0.18, -0.47),
        (-0.07, -0.56),
        (0.00, -0.54), (0.08, -0.43), (0.20, -0.32), (0.36, -0.27), (0.47, -0.21), (0.50, -0.12),
    ])  # fmt: skip
    board.shape(upper, color, 0.9, width=3.4, again=0.6)
    heel = at([(-0.465, -0.14), (-0.47, -0.36), (-0.40, -0.38), (-0.31, -0.24), (-0.30, -0.12)])
    board.marker(heel, mix(color, INK, 0.35), 0.7, gap=9, smooth=True)
    toe = at([(0.34, -0.27), (0.29, -0.20), (0.30, -0.12), (0.50, -0.12), (0.47, -0.21)])
    board.marker(toe, mix(color, INK, 0.25), 0.6, gap=9)
    board.pen(toe[:3], 2.2)
    for swoop in (0.0, 0.06):
        board.pen(at([(-0.24 + swoop, -0.14), (-0.12 + swoop, -0.20), (-0.05 + swoop, -0.31)]), 4.4, PAPER)
    sole = [
        (-0.48, -0.14), (-0.49, -0.02), (-0.40, 0.0), (0.42, 0.0), (0.53, -0.04), (0.53, -0.13), (0.2, -0.10),
        (-0.2, -0.12),
    ]  # fmt: skip
    board.shape(at(sole), None, width=3.2)
    board.pen(at([(-0.47, -0.055), (0.0, -0.05), (0.52, -0.065)]), 1.5, alpha=0.5)
    for k in range(4):  # each lace runs from the throat's edge down into the upper
        top, low = (0.005 + 0.058 * k, -0.525 + 0.062 * k), (-0.075 + 0.058 * k, -0.435 + 0.055 * k)
        board.pen(at([top, low]), 6.4, INK, wobble=0.2, taper=(0, 0))
        board.pen(at([top, low]), 4.0, PAPER, wobble=0.2, taper=(0, 0), alpha=1)


def draw_cup(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a takeaway cup with lid, sleeve and steam."""

    def at(points: Points) -> Path:
        return place(points, x, y, h)

    body = at([(-0.23, -0.68), (-0.165, -0.02), (-0.12, 0.01), (0.12, 0.01), (0.165, -0.02), (0.23, -0.68)])
    board.shape(body, None, width=3.2, smooth=False)
    board.marker(at([(0.10, -0.66), (0.22, -0.68), (0.16, -0.02), (0.07, 0.0)]), MID, 0.6, angle=85, gap=9)
    sleeve = at([(-0.218, -0.53), (-0.182, -0.19), (0.182, -0.19), (0.218, -0.53)])
    board.shape(sleeve, color, 0.92, width=2.8, smooth=False, gap=12)
    mark = at(ellipse(0, -0.36, 0.075, 0.075))
    board.paper(mark)
    board.pen(mark, 2, closed=True)
    board.pen(at([(-0.035, -0.345), (-0.005, -0.395), (0.04, -0.335)]), 2.6)
    board.shape(
        at([(-0.255, -0.68), (-0.235, -0.76), (0.235, -0.76), (0.255, -0.68)]), DARK, 0.9, width=3, smooth=False
    )
    board.shape(at([(-0.19, -0.76), (-0.17, -0.81), (0.17, -0.81), (0.19, -0.76)]), DARK, 0.8, width=2.6, smooth=False)
    for k in (-0.08, 0.05):
        board.pen(at([(k, -0.86), (k + 0.035, -0.93), (k - 0.02, -1.0), (k + 0.02, -1.08)]), 2.2, alpha=0.45)


def draw_tube(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a cosmetics tube standing on its cap."""

    def at(points: Points) -> Path:
        return place(points, x, y, h)

    body = at([(-0.235, -0.94), (0.235, -0.94), (0.20, -0.40), (0.15, -0.17), (-0.15, -0.17), (-0.20, -0.40)])
    board.shape(body, mix(color, PAPER, 0.12), 0.9, width=3.2, smooth=False, angle=82, again=0.6)
    board.paper(at([(-0.19, -0.88), (-0.15, -0.88), (-0.13, -0.24), (-0.145, -0.24)]), 0.5)
    board.marker(
        at([(0.10, -0.92), (0.23, -0.92), (0.19, -0.40), (0.14, -0.18), (0.08, -0.18)]), DEEP, 0.45, angle=86, gap=9
    )
    board.shape(at(rect(-0.245, -1.0, 0.49, 0.07)), mix(color, INK, 0.2), 0.85, width=2.8, smooth=False)
    for k in range(9):
        board.line(at([(-0.21 + 0.052 * k, -0.99), (-0.21 + 0.052 * k, -0.945)]), 1.2, alpha=0.5)
    board.shape(at([(-0.155, -0.17), (-0.165, 0), (0.165, 0), (0.155, -0.17)]), PALE, 0.8, width=3, smooth=False)
    for k in range(5):
        board.line(at([(-0.11 + 0.055 * k, -0.14), (-0.11 + 0.055 * k, -0.03)]), 1.2, alpha=0.45)
    panel = at(rounded(-0.12, -0.76, 0.24, 0.34, 0.03))
    board.paper(panel, 0.92)
    board.pen(panel, 2, closed=True, smooth=False)
    _draw_label(board, at, 0.0, -0.59, 0.18, color)


def draw_bag(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a handbag with a flap and two handles."""

    def at(points: Points) -> Path:
        return place(points, x, y, h)

    for s, width in ((0.0, 5.2), (0.03, 4.4)):
        arch = [(-0.20 + s, -0.58), (-0.18 + s, -0.82), (0.0 + s, -0.96), (0.18 + s, -0.82), (0.20 + s, -0.58)]
        board.pen(at(arch), width, mix(color, INK, 0.45))
    body = at([(-0.38, -0.60), (-0.45, -0.04), (-0.40, 0), (0.40, 0), (0.45, -0.04), (0.38, -0.60)])
    board.shape(body, color, 0.9, width=3.4, smooth=False, again=0.6)
    flap = at([(-0.39, -0.61), (-0.42, -0.40), (-0.2, -0.29), (0, -0.26), (0.2, -0.29), (0.42, -0.40), (0.39, -0.61)])
    board.shape(flap, mix(color, INK, 0.22), 0.88, width=3, smooth=False)
    board.shape(at(rounded(-0.055, -0.33, 0.11, 0.12, 0.02)), PALE, 0.8, width=2.6, smooth=False)
    board.pen(at([(-0.40, -0.06), (-0.2, -0.045), (0.2, -0.045), (0.40, -0.06)]), 1.5, alpha=0.5)


def draw_car(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a small car in profile, driving to the right."""

    def at(points: Points) -> Path:
        return place(points, x, y, h * 0.94)

    board.marker(at(ellipse(0, 0.0, 0.86, 0.06)), DEEP, 0.7, gap=8, angle=-4)
    body = at([
        (-0.84, -0.16), (-0.86, -0.36), (-0.78, -0.46), (-0.60, -0.50), (-0.44, -0.72), (-0.22, -0.78), (0.10, -0.77),
        (0.28, -0.68),
        (0.46, -0.50), (0.72, -0.44), (0.86, -0.34), (0.88, -0.18), (0.80, -0.12), (-0.78, -0.12),
    ])  # fmt: skip
    board.shape(body, color, 0.92, width=3.6, again=0.6)
    for pane in ([(-0.50, -0.50), (-0.38, -0.68), (-0.20, -0.72), (-0.06, -0.72), (-0.06, -0.50)],
                 [(0.0, -0.50), (0.0, -0.72), (0.12, -0.71), (0.24, -0.64), (0.37, -0.50)]):  # fmt: skip
        board.shape(at(pane), PALE, 0.5, width=2.6, smooth=False)
        left, top = at(pane)[0]
        board.line([(left + h * 0.10, top - h * 0.02), (left + h * 0.20, top - h * 0.14)], 1.6, alpha=0.45)
    board.line(at([(-0.03, -0.50), (-0.02, -0.16)]), 1.8, alpha=0.7)
    board.line(at([(0.05, -0.41), (0.15, -0.41)]), 3)
    board.pen(at([(-0.82, -0.27), (0, -0.24), (0.84, -0.26)]), 1.4, alpha=0.4)
    board.shape(at(ellipse(0.80, -0.33, 0.05, 0.045)), None, width=2.2)
    board.shape(at(rect(-0.86, -0.36, 0.06, 0.08)), DARK, 0.7, width=2, smooth=False)
    for wheel in (-0.50, 0.50):
        board.shape(at(ellipse(wheel, -0.13, 0.165, 0.165)), DARK, 0.98, width=3.4, gap=9)
        board.shape(at(ellipse(wheel, -0.13, 0.085, 0.085)), PALE, 0.7, width=2.4)
        for k in range(5):
            a = k * math.tau / 5 + 0.3
            board.line(at([(wheel, -0.13), (wheel + 0.075 * math.cos(a), -0.13 + 0.075 * math.sin(a))]), 1.6, alpha=0.7)


def draw_plant(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a leafy plant in a pot of that colour."""
    stem = y - h * 0.30
    for angle, reach in ((-1.05, 0.62), (0.98, 0.66), (-0.62, 0.82), (0.55, 0.84), (-0.18, 0.95), (0.2, 0.78)):
        tip = (x + math.sin(angle) * h * reach * 0.55, stem - math.cos(angle) * h * reach * 0.72)
        middle = (x + math.sin(angle) * h * 0.14, stem - math.cos(angle) * h * 0.36)
        side = (math.cos(angle) * h * 0.075, math.sin(angle) * h * 0.075)
        leaf = [(x, stem), (middle[0] - side[0], middle[1] - side[1]), tip, (middle[0] + side[0], middle[1] + side[1])]
        board.shape(leaf, mix(MID, (120, 150, 110), 0.6), 0.85, width=2.2, gap=7, angle=math.degrees(angle))
        board.pen([(x, stem), middle, tip], 1.3, alpha=0.5)
    pot = place([(-0.17, -0.32), (0.17, -0.32), (0.125, 0), (-0.125, 0)], x, y, h)
    board.shape(pot, color, 0.88, width=2.8, smooth=False, gap=10)
    board.shape(
        place(rect(-0.19, -0.36, 0.38, 0.075), 0, 0, 1) * h + (x, y), color, 0.9, width=2.6, smooth=False, gap=10
    )


def draw_bowl(board: Board, x: float, y: float, h: float, color: RGB) -> None:
    """Draw a bowl heaped with food."""

    def at(points: Points) -> Path:
        return place(points, x, y, h)

    tones = (board.palette.second, board.palette.accent, mix(MID, (120, 150, 110), 0.7), PALE)
    heap = (
        (-0.30, -0.46, 0.13),
        (0.28, -0.47, 0.14),
        (-0.10, -0.53, 0.16),
        (0.13, -0.55, 0.14),
        (0.0, -0.46, 0.13),
        (-0.22, -0.42, 0.10),
        (0.22, -0.41, 0.10),
    )
    for k, (dx, dy, r) in enumerate(heap):
        board.shape(at(ellipse(dx, dy, r, r * 0.86, turn=0.5 * k)), tones[k % len(tones)], 0.9, width=2.4, gap=8)
    for lean in (-0.5, 0.15):
        leaf = [(-0.02, -0.58), (-0.10 + lean * 0.3, -0.74), (lean * 0.45, -0.84), (0.08 + lean * 0.3, -0.70)]
        board.shape(at(leaf), mix(MID, (120, 150, 110), 0.7), 0.9, width=2.2, gap=7)
    side = [
        (-0.48, -0.42),
        (-0.42, -0.20),
        (-0.28, -0.05),
        (-0.16, -0.02),
        (0.16, -0.02),
        (0.28, -0.05),
        (0.42, -0.20),
        (0.48, -0.42),
    ]
    rim = ellipse(0, -0.42, 0.48, 0.055, start=0, end=math.pi, n=20)
    outline = at([*curve(side).tolist(), *rim.tolist()])
    board.paper(outline)
    board.marker(outline, color, 0.9, gap=13)
    board.marker(
        at([(0.18, -0.36), (0.46, -0.40), (0.40, -0.18), (0.22, -0.04), (0.12, -0.03)]), DEEP, 0.45, angle=70, gap=9
    )
    board.pen(outline, 3.4, closed=True, smooth=False, again=0.5)
    board.shape(
        at([(-0.16, -0.02), (-0.18, 0.03), (0.18, 0.03), (0.16, -0.02)]),
        mix(color, INK, 0.3),
        0.9,
        width=2.6,
        smooth=False,
    )


PROPS: dict[str, Prop] = {
    "bottle": draw_bottle,
    "box": draw_box,
    "phone": draw_phone,
    "shoe": draw_shoe,
    "cup": draw_cup,
    "tube": draw_tube,
    "bag": draw_bag,
    "car": draw_car,
    "plant": draw_plant,
    "bowl": draw_bowl,
}
HALF_WIDTHS = {
    "bottle": 0.21, "box": 0.41, "phone": 0.25, "shoe": 0.56, "cup": 0.24, "tube": 0.23, "bag": 0.44, "car": 0.84,
    "plant": 0.42, "bowl": 0.48,
}  # fmt: skip
"""Half of each prop's width, in shares of its height scale; the mirror of what the drawings above reach."""
HANDY = ("bottle", "box", "phone", "cup", "tube")
"""What a hand closes around."""


def draw_prop(
    board: Board, kind: str, x: float, y: float, h: float, color: RGB | None = None, *, angle: float = 0.0
) -> None:
    """Draw a product standing on (x, y), in the brand's main colour unless told; `angle` turns it around its middle."""
    first = len(board.marks)
    PROPS[kind](board, x, y, h, color or board.palette.main)
    if angle:
        board.turn(first, angle, (x, y - h * 0.45))


def _draw_label(board: Board, at: Callable[[Points], Path], x: float, y: float, width: float, color: RGB) -> None:
    """Draw a printed label: a mark and lines of small print, `width` wide around (x, y)."""
    mark = at(ellipse(x, y - 0.055, 0.042, 0.042))
    board.marker(mark, color, 0.95, gap=6)
    board.pen(mark, 1.8, closed=True)
    for k, share in enumerate((1.0, 0.66, 0.8)):
        reach = width * share / 2
        board.line(
            at([(x - reach, y + 0.025 + k * 0.038), (x + reach, y + 0.025 + k * 0.038)]),
            2.8 if k == 0 else 1.5,
            alpha=0.8,
        )
