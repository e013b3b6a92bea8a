"""Shapes as arrays of points: curves, ellipses, rounded boxes, and placing them on the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Path = npt.NDArray[np.float64]
"""Points in drawing order, shape (n, 2); x grows to the right, y grows downwards."""
Point = tuple[float, float]
Points = Sequence[Point] | Path


def path(points: Points) -> Path:
    """Return the points as an array of shape (n, 2)."""
    return np.asarray(points, dtype=np.float64).reshape(-1, 2)


def curve(points: Points, *, closed: bool = False, steps: int = 12) -> Path:
    """Run a Catmull-Rom curve through every point, `steps` samples per section.

    Catmull & Rom, "A class of local interpolating splines", 1974 (uniform, tension 0.5).
    """
    knots = path(points)
    if len(knots) < 3:
        return polyline(knots)
    if closed:
        knots = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        knots = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    before, start, end, after = (knots[i : len(knots) - 3 + i, None, :] for i in range(4))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    sections = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return np.concatenate([sections.reshape(-1, 2), knots[-2:-1]])


def polyline(points: Points, *, step: float = 12.0, closed: bool = False) -> Path:
    """Fill the straight lines between the points with a point about every `step` pixels."""
    corners = path(points)
    if closed:
        corners = np.concatenate([corners, corners[:1]])
    parts = []
    for start, end in pairwise(corners):
        count = max(2, int(math.dist(start, end) / step))
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        parts.append(start + (end - start) * t)
    return np.concatenate([*parts, corners[-1:]])


def ellipse(
    x: float,
    y: float,
    rx: float,
    ry: float,
    *,
    turn: float = 0.0,
    start: float = 0.0,
    end: float = math.tau,
    n: int = 48,
) -> Path:
    """Return an ellipse or an arc of one; angles in radians, clockwise on the page, `turn` rotates its axes."""
    angles = np.linspace(start, end, n + 1)
    return rotated(np.stack([x + rx * np.cos(angles), y + ry * np.sin(angles)], axis=1), turn, (x, y))


def rect(x: float, y: float, width: float, height: float) -> Path:
    """Return the corners of a box whose top left corner is (x, y)."""
    return path([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


def rounded(x: float, y: float, width: float, height: float, radius: float) -> Path:
    """Return a box with round corners whose top left corner is (x, y)."""
    r = min(radius, width / 2, height / 2)
    corners = (
        (x + width - r, y + r, -math.pi / 2),
        (x + width - r, y + height - r, 0.0),
        (x + r, y + height - r, math.pi / 2),
        (x + r, y + r, math.pi),
    )
    return np.concatenate([ellipse(cx, cy, r, r, start=a, end=a + math.pi / 2, n=8) for cx, cy, a in corners])


def blob(x: float, y: float, rx: float, ry: float, *, bumps: int, depth: float = 0.1) -> Path:
    """Return a closed outline with `bumps` round lobes (curls, tree crowns); `depth` is a share of the radius."""
    angles = np.linspace(0, math.tau, bumps * 8 + 1)
    reach = 1 - depth + depth * 2 * np.abs(np.sin(angles * bumps / 2))
    return np.stack([x + rx * reach * np.cos(angles), y + ry * reach * np.sin(angles)], axis=1)


def place(points: Points, x: float, y: float, unit: float, *, mirror: bool = False) -> Path:
    """Scale a drawing made around (0, 0) by `unit` pixels, mirror it left to right if asked, and move it to (x, y)."""
    scale = (-unit if mirror else unit, unit)
    placed: Path = path(points) * scale + (x, y)
    return placed


def moved(points: Points, dx: float, dy: float) -> Path:
    """Shift the points by (dx, dy) pixels."""
    shifted: Path = path(points) + np.array([dx, dy])
    return shifted


def rotated(points: Points, angle: float, centre: Point) -> Path:
    """Turn the points around `centre` by `angle` radians, clockwise on the page."""
    shape = path(points)
    if not angle:
        return shape
    cos, sin = math.cos(angle), math.sin(angle)
    turned: Path = (shape - centre) @ np.array([[cos, sin], [-sin, cos]]) + centre
    return turned


def normals(line: Path) -> Path:
    """Return the unit normals of a polyline, one per point (zero where points coincide)."""
    ahead = np.concatenate([line[1:], line[-1:]])
    behind = np.concatenate([line[:1], line[:-1]])
    direction = ahead - behind
    length = np.hypot(direction[:, 0], direction[:, 1])
    length[length == 0] = 1
    across: Path = np.stack([-direction[:, 1], direction[:, 0]], axis=1) / length[:, None]
    return across


def lengths(line: Path) -> npt.NDArray[np.float64]:
    """Return how far along the line each point lies, in pixels."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def bounds(shape: Path) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom."""
    left, top = shape.min(axis=0)
    right, bottom = shape.max(axis=0)
    return float(left), float(top), float(right), float(bottom)
