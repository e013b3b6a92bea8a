"""From marks to pixels: supersampled polygons, multiplied or covering, on grained paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw

from webapp.services.frames.colors import PAPER
from webapp.services.frames.geometry import Path, bounds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webapp.services.frames.board import Mark
    from webapp.services.frames.lettering import Lettering

_SCALE = 2
"""Pixels drawn per pixel shown, each way. 8-bit Pillow operations in C keep a 1280 x 720 frame well under a second."""
_Box = tuple[int, int, int, int]


class Sheet:
    """A sheet of paper that marks are painted on; everything random about it comes from `seed`."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self._size = (width, height)
        self._image = Image.new("RGB", (width * _SCALE, height * _SCALE), PAPER)
        rng = np.random.RandomState(seed % 2**32)
        self._tooth = _tooth(rng, self._image.size)
        self._grain = _grain(rng, self._size)
        self._dry: dict[float, Image.Image] = {}

    def paint(self, marks: Iterable[Mark]) -> None:
        """Paint marks in order."""
        for mark in marks:
            box = self._box(mark)
            if box is not None:
                self._paint(mark, box)

    def write(self, lettering: Iterable[Lettering]) -> None:
        """Write text over what has been painted so far."""
        for text in lettering:
            text.write(self._image, _SCALE)

    def picture(self) -> Image.Image:
        """Return the sheet as it is now, at its shown size, with the paper's grain (a new RGB image)."""
        shown = np.asarray(self._image.resize(self._size, Image.Resampling.HAMMING), np.int16)
        return Image.fromarray(np.clip(shown + self._grain, 0, 255).astype(np.uint8))

    def _paint(self, mark: Mark, box: _Box) -> None:
        mask = _mask(mark.shapes, box)
        for clip in mark.clips:
            if not _is_upright_box(clip):  # those are cut by `box` already
                mask = ImageChops.multiply(mask, _mask((clip,), box))
        if mark.dry:
            mask = ImageChops.multiply(mask, self._dry_brush(mark.dry).crop(box))
        if mark.blend == "cover":
            if mark.alpha < 1:
                mask = mask.point([round(value * mark.alpha) for value in range(256)])
            self._image.paste(mark.color, box, mask)
            return
        filters = [
            mask.point([round(255 - value * mark.alpha * (1 - part / 255)) for value in range(256)])
            for part in mark.color
        ]
        region = ImageChops.multiply(self._image.crop(box), Image.merge("RGB", filters))
        self._image.paste(region, box)

    def _box(self, mark: Mark) -> _Box | None:
        """Return the pixels a mark can touch, or None if it lies outside the sheet."""
        left, top, right, bottom = _union(mark.shapes)
        left, top, right, bottom = left - 1, top - 1, right + 1.5, bottom + 1.5
        for clip in mark.clips:
            edges = bounds(clip)
            left, top = max(left, edges[0]), max(top, edges[1])
            right, bottom = min(right, edges[2]), min(bottom, edges[3])
        box = (
            max(0, round(left * _SCALE)),
            max(0, round(top * _SCALE)),
            min(self._image.width, round(right * _SCALE)),
            min(self._image.height, round(bottom * _SCALE)),
        )
        return box if box[2] > box[0] and box[3] > box[1] else None

    def _dry_brush(self, dry: float) -> Image.Image:
        if dry not in self._dry:
            self._dry[dry] = self._tooth.point(_dryness(dry))
        return self._dry[dry]


def overlay(picture: Image.Image, marks: Iterable[Mark]) -> None:
    """Lay covering marks over a finished RGB picture, in place; not a pixel outside the marks changes."""
    rng = np.random.RandomState(1)
    for mark in marks:
        left, top, right, bottom = _union(mark.shapes)
        box = (
            max(0, int(left) - 1),
            max(0, int(top) - 1),
            min(picture.width, int(right) + 2),
            min(picture.height, int(bottom) + 2),
        )
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        fine = (box[0] * _SCALE, box[1] * _SCALE, box[2] * _SCALE, box[3] * _SCALE)
        mask = _mask(mark.shapes, fine)
        if mark.dry:
            mask = ImageChops.multiply(mask, _tooth(rng, mask.size).point(_dryness(mark.dry)))
        mask = mask.reduce(_SCALE).point([round(value * mark.alpha) for value in range(256)])
        picture.paste(mark.color, box, mask)


def _dryness(dry: float) -> list[int]:
    """Return how much ink (0 to 255) each level of the tooth takes: 128 + 40 * noise, barer from a noise of 0.35."""
    lift = [min(max((value - 128) / 40 - 0.35, 0), 2) for value in range(256)]
    return [round(255 * max(0.0, 1 - dry * up)) for up in lift]


def _mask(shapes: Iterable[Path], box: _Box) -> Image.Image:
    mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
    draw = ImageDraw.Draw(mask)
    for shape in shapes:
        draw.polygon((shape * _SCALE - box[:2]).ravel().tolist(), fill=255)
    return mask


def _is_upright_box(shape: Path) -> bool:
    """Say whether the shape is a rectangle with upright sides, as `geometry.rect` makes them."""
    return len(shape) == 4 and bool(np.all((shape == np.roll(shape, 1, axis=0)).any(axis=1)))


def _union(shapes: tuple[Path, ...]) -> tuple[float, float, float, float]:
    return bounds(shapes[0] if len(shapes) == 1 else np.concatenate(shapes))


def _tooth(rng: np.random.RandomState, size: tuple[int, int]) -> Image.Image:
    """Return the paper's tooth, which a dry pen leaves bare: soft noise, a bump about every four pixels."""
    noise = rng.normal(128, 40, (size[1] // 4 + 1, size[0] // 4 + 1)).clip(0, 255).astype(np.uint8)
    return Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)


def _grain(rng: np.random.RandomState, size: tuple[int, int]) -> npt.NDArray[np.int16]:
    """Return the paper's fine grain and slow clouds, in levels of 8-bit brightness, shape (height, width, 1)."""
    width, height = size
    clouds = Image.fromarray(rng.normal(0, 1.6, (height // 90 + 2, width // 90 + 2)).astype(np.float32))
    slow = np.asarray(clouds.resize(size, Image.Resampling.BICUBIC))
    fine = rng.normal(0, 1.9, (height, width))
    return np.asarray(np.round(fine + slow), np.int16)[..., None]
