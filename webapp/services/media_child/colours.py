"""Colours as a browser shows them: whatever a picture's numbers mean, in sRGB."""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING

from PIL import Image, ImageCms

if TYPE_CHECKING:
    from parts import Parts

_SRGB_GAMMA = 1 / 2.2
_NEARLY = 0.05
"""A gamma so close to that of sRGB (as a share) is meant to be it: libpng's threshold."""
_SRGB_POINTS = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
_PROFILED = {"RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK", "L": "GRAY"}


def to_srgb(image: Image.Image, parts: Parts) -> Image.Image:
    """Return an RGB or RGBA picture in sRGB from one that has eight bits a channel and is small already.

    A broken profile, one of another kind than the picture, and impossible chromaticities change nothing.
    """
    profiled = _by_profile(image, parts.profile)
    if profiled is not None:
        return profiled
    plain = image.convert("RGBA" if _is_see_through(image) else "RGB")
    if _differs(parts.chromaticities):
        return _moved(plain, parts)
    if parts.gamma and abs(parts.gamma / _SRGB_GAMMA - 1) > _NEARLY:
        curve = [round(255 * _encoded((value / 255) ** (1 / parts.gamma))) for value in range(256)]
        return plain.point(curve * 3 + list(range(256)) * (plain.mode == "RGBA"))
    return plain


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Apply an ICC profile; None where there is none that can be applied."""
    if not profile or image.mode not in _PROFILED:
        return None
    target = "RGBA" if image.mode == "RGBA" else "RGB"
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space == _PROFILED[image.mode]:
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=target)
    return None


def eight_bits(image: Image.Image) -> Image.Image:
    """Bring greys of 16 bits, palettes and premultiplied pixels to eight bits a channel."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    if image.mode == "P" or image.mode in ("PA", "La", "RGBa", "1") or "transparency" in image.info:
        return image.convert("RGBA" if _is_see_through(image) else "L" if image.mode == "1" else "RGB")
    return image.convert("RGBA") if image.mode == "LA" else image


def _is_see_through(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _encoded(light: float) -> float:
    """Encode light (0 to 1) as sRGB (IEC 61966-2-1)."""
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _differs(points: tuple[float, ...]) -> bool:
    return any(abs(here - there) > 0.002 for here, there in zip(points, _SRGB_POINTS, strict=False))


def _moved(image: Image.Image, parts: Parts) -> Image.Image:
    """Move the colours from the file's primaries to those of sRGB, in light; Bradford's matrix makes the whites one."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # each thread takes address space, which is limited here
    import numpy as np  # noqa: PLC0415  for the few files that need it

    def to_xyz(points: tuple[float, ...]) -> np.ndarray:
        columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in zip(points[2::2], points[3::2], strict=True)]).T
        white = np.array([points[0] / points[1], 1.0, (1 - points[0] - points[1]) / points[1]])
        bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
        d65 = np.array([0.3127 / 0.329, 1.0, (1 - 0.3127 - 0.329) / 0.329])
        adapt = np.linalg.inv(bradford) @ np.diag((bradford @ d65) / (bradford @ white)) @ bradford
        return adapt @ (columns * np.linalg.solve(columns, white))

    try:
        with np.errstate(all="raise"):
            matrix = np.linalg.solve(to_xyz(_SRGB_POINTS), to_xyz(parts.chromaticities)).astype(np.float32)
    except (np.linalg.LinAlgError, ArithmeticError):
        return image
    values = np.arange(256, dtype=np.float32) / 255
    if parts.gamma:
        light = values ** np.float32(1 / parts.gamma)
    else:
        light = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).astype(np.float32)
    table = np.array([round(255 * _encoded(step / 4095)) for step in range(4096)], np.uint8)
    pixels = np.asarray(image)
    moved = np.clip(light[pixels[..., :3]] @ matrix.T, 0, 1)
    shown = pixels.copy()
    shown[..., :3] = table[(moved * 4095 + 0.5).astype(np.uint16)]
    return Image.fromarray(shown)
