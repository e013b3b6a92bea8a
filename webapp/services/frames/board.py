"""The drawing board: pens and markers that record what they draw as a list of marks."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from webapp.services.frames.colors import INK, PALE, PAPER, RGB, Palette
from webapp.services.frames.geometry import (
    Path,
    Point,
    Points,
    bounds,
    curve,
    lengths,
    normals,
    path,
    polyline,
    rotated,
)

if TYPE_CHECKING:
    import random

    from webapp.services.frames.lettering import Lettering


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on the paper: polygons of one colour. Markers multiply with what is below, ink and paper cover it."""

    blend: Literal["cover", "multiply"]
    shapes: tuple[Path, ...]
    color: RGB
    alpha: float
    clips: tuple[Path, ...] = ()
    """The mark shows only where all of these polygons overlap."""
    dry: float = 0.0
    """How much of the paper's grain shows through, 0 to 1."""


@dataclass(slots=True)
class Board:
    """A sheet of `width` x `height` pixels and the hand that draws on it; the same `rng` gives the same drawing."""

    width: int
    height: int
    palette: Palette
    rng: random.Random
    unit: float = 0.0
    """Pixels per pen unit; pens, gaps and wobbles are given in 1/720 of the short side unless set."""
    marks: list[Mark] = field(default_factory=list)
    lettering: list[Lettering] = field(default_factory=list)
    """Text that is set over all marks."""

    def __post_init__(self) -> None:
        self.unit = self.unit or min(self.width, self.height) / 720

    @property
    def tall(self) -> bool:
        """Say whether the picture is clearly higher than wide (9:16, 4:5)."""
        return self.height > self.width * 1.2

    @property
    def broad(self) -> bool:
        """Say whether the picture is clearly wider than high (16:9)."""
        return self.width > self.height * 1.2

    @property
    def short_side(self) -> float:
        """Return the shorter of width and height in pixels."""
        return float(min(self.width, self.height))

    # ---- pens
    def pen(
        self,
        points: Points,
        width: float = 3.2,
        color: RGB = INK,
        *,
        alpha: float = 0.92,
        wobble: float = 0.9,
        smooth: bool = True,
        closed: bool = False,
        taper: tuple[float, float] = (0.16, 0.22),
        again: float = 0.0,
        dry: float = 0.35,
    ) -> None:
        """Draw one confident line of changing width; `again` is the chance of a second, searching line."""
        line = _centre_line(points, smooth=smooth, closed=closed)
        self._stroke(line, width, color, alpha, wobble, taper, dry)
        if self.rng.random() < again:
            self._stroke(line, width * 0.55, color, alpha * 0.55, wobble * 1.9, taper, dry)

    def line(
        self, points: Points, width: float = 2.4, color: RGB = INK, *, alpha: float = 0.92, wobble: float = 0.5
    ) -> None:
        """Draw straight lines from point to point."""
        self.pen(points, width, color, alpha=alpha, wobble=wobble, smooth=False)

    def _stroke(
        self, line: Path, width: float, color: RGB, alpha: float, wobble: float, taper: tuple[float, float], dry: float
    ) -> None:
        rng = self.rng
        along = lengths(line)
        normal = normals(line)
        shake = np.zeros(len(line))
        for _ in range(3):
            stretch, phase, size = rng.uniform(0.5, 1.6), rng.uniform(0, math.tau), rng.uniform(0.5, 1)
            shake += size * np.sin(along / (46 * self.unit * stretch) + phase)
        if len(line) > 2:
            line = line + normal * (shake / 2 * wobble * self.unit)[:, None]
        t = np.linspace(0, 1, len(line))
        press = np.ones(len(line))
        if taper[0] > 0:
            press = np.minimum(press, 0.35 + 0.65 * np.sin(np.clip(t / taper[0], 0, 1) * math.pi / 2))
        if taper[1] > 0:
            press = np.minimum(press, 0.18 + 0.82 * np.sin(np.clip((1 - t) / taper[1], 0, 1) * math.pi / 2))
        press *= 1 + 0.22 * np.sin(t * 9 * rng.uniform(0.6, 1.4) + rng.uniform(0, math.tau))
        side = normal * (width * self.unit / 2 * press)[:, None]
        self.marks.append(Mark("cover", (np.concatenate([line + side, (line - side)[::-1]]),), color, alpha, dry=dry))

    # ---- markers
    def marker(
        self,
        points: Points,
        color: RGB = PALE,
        alpha: float = 0.85,
        *,
        angle: float = -32,
        gap: float = 15,
        flat: float = 0.9,
        smooth: bool = False,
        bands: float = 1.0,
    ) -> None:
        """Fill with felt-tip: a flat pass, strokes `gap` apart at `angle` degrees, darker where they overlap."""
        shape = curve(points, closed=True) if smooth else path(points)
        self.marks.append(Mark("multiply", (shape,), color, alpha * flat))
        slope = math.radians(angle + self.rng.uniform(-4, 4))
        strokes, overlaps = self._felt_strokes(shape, slope, gap * self.unit)
        self.marks.append(Mark("multiply", strokes, color, max(0.1, alpha * (1 - flat)), (shape,), 0.2))
        if overlaps and bands:
            self.marks.append(Mark("multiply", overlaps, color, (0.17 + 0.18 * (1 - alpha)) * bands, (shape,), 0.25))

    def _felt_strokes(self, shape: Path, slope: float, gap: float) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        left, top, right, bottom = bounds(shape)
        centre = ((left + right) / 2, (top + bottom) / 2)
        reach = math.hypot(right - left, bottom - top) / 2 + 20
        rng = self.rng
        strokes, overlaps = [], []
        offset = -reach
        while offset < reach:
            at = offset + rng.uniform(-0.16, 0.16) * gap
            tilt = rng.uniform(-0.02, 0.02) * reach
            strokes.append(_felt_stroke(centre, slope, at, gap * rng.uniform(0.55, 0.66), -reach, reach, tilt))
            if rng.random() < 0.5:
                start, end = -reach + rng.uniform(0, 0.5) * reach, reach - rng.uniform(0, 0.5) * reach
                overlaps.append(
                    _felt_stroke(centre, slope, at + gap / 2, gap * rng.uniform(0.10, 0.26), start, end, tilt)
                )
            offset += gap
        return tuple(strokes), tuple(overlaps)

    def hatch(
        self,
        points: Points,
        *,
        gap: float = 9,
        width: float = 1.6,
        angle: float = 62,
        alpha: float = 0.5,
        color: RGB = INK,
    ) -> None:
        """Shade a shape with thin parallel pen lines."""
        shape = path(points)
        left, top, right, bottom = bounds(shape)
        centre = ((left + right) / 2, (top + bottom) / 2)
        reach = math.hypot(right - left, bottom - top) / 2
        slope, rng = math.radians(angle), self.rng
        offsets = np.arange(-reach, reach, gap * self.unit)
        lines = tuple(
            _felt_stroke(
                centre,
                slope,
                at + rng.uniform(-0.3, 0.3) * gap * self.unit,
                width * self.unit / 2 * rng.uniform(0.6, 1.2),
                -reach,
                reach,
                0,
            )
            for at in offsets
        )
        self.marks.append(Mark("multiply", lines, color, alpha, (shape,), 0.3))

    def paper(self, points: Points, alpha: float = 1.0, *, smooth: bool = False, color: RGB = PAPER) -> None:
        """Cover what is below with paper, so that a figure stands in front of it."""
        self.marks.append(Mark("cover", (curve(points, closed=True) if smooth else path(points),), color, alpha))

    def shape(
        self,
        points: Points,
        fill: RGB | None = None,
        alpha: float = 0.85,
        *,
        width: float = 3.0,
        smooth: bool = True,
        again: float = 0.35,
        angle: float = -32,
        gap: float = 15,
        wobble: float = 0.9,
    ) -> None:
        """Draw a closed thing that hides what is behind it: paper, felt-tip fill, outline."""
        self.paper(points, smooth=smooth)
        if fill:
            self.marker(points, fill, alpha, smooth=smooth, angle=angle, gap=gap)
        self.pen(points, width, closed=True, smooth=smooth, again=again, wobble=wobble)

    # ---- whole groups of marks
    def turn(self, first: int, angle: float, centre: Point) -> None:
        """Rotate every mark from number `first` on around `centre`, by `angle` radians."""
        self.marks[first:] = [
            replace(
                mark,
                shapes=tuple(rotated(shape, angle, centre) for shape in mark.shapes),
                clips=tuple(rotated(clip, angle, centre) for clip in mark.clips),
            )
            for mark in self.marks[first:]
        ]

    def mirror(self, first: int, x: float) -> None:
        """Flip every mark from number `first` on left to right around the vertical line at `x`."""
        self.marks[first:] = [
            replace(
                mark,
                shapes=tuple(shape * (-1, 1) + (2 * x, 0) for shape in mark.shapes),
                clips=tuple(clip * (-1, 1) + (2 * x, 0) for clip in mark.clips),
            )
            for mark in self.marks[first:]
        ]

    def clip(self, first: int, frame: Path) -> None:
        """Cut every mark from number `first` on to `frame`."""
        self.marks[first:] = [replace(mark, clips=(frame, *mark.clips)) for mark in self.marks[first:]]

    def paste(self, other: Board, at: Point, frame: Path) -> None:
        """Put another board's drawing down with its corner `at`, cut to `frame` (in this board's pixels)."""
        for mark in other.marks:
            moved = tuple(shape + at for shape in mark.shapes)
            clips = (frame, *(clip + at for clip in mark.clips))
            self.marks.append(replace(mark, shapes=moved, clips=clips))


def _centre_line(points: Points, *, smooth: bool, closed: bool) -> Path:
    if not smooth or len(points) < 3:
        return polyline(points, closed=closed)
    line = curve(points, closed=closed) if len(points) < 40 else path(points)
    if closed:  # a hand overshoots a little where a closed line meets itself
        line = np.concatenate([line, line[: max(2, len(line) // 18)]])
    return line


def _felt_stroke(
    centre: Point, slope: float, offset: float, half_width: float, start: float, end: float, tilt: float
) -> Path:
    """Return a long thin box, `offset` pixels off the centre, from `start` to `end` along the slope."""
    along = np.array([math.cos(slope), math.sin(slope)])
    across = np.array([-math.sin(slope), math.cos(slope)])
    head = np.asarray(centre) + along * start + across * offset
    tail = np.asarray(centre) + along * end + across * (offset + tilt)
    return np.stack(
        [head + across * half_width, tail + across * half_width, tail - across * half_width, head - across * half_width]
    )
