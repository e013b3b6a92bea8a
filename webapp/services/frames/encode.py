"""Frames as WebP files."""

from __future__ import annotations

import io

from PIL import Image

_QUALITY = 82
"""Of 100. Below about 75 the felt-tip strokes smear; above 85 files grow by half and look the same."""
_THUMBNAIL_SIDE = 480
_THUMBNAIL_QUALITY = 70


def webp(image: Image.Image) -> bytes:
    """Encode a frame at its full size."""
    return _encoded(image, _QUALITY)


def thumbnail(image: Image.Image) -> bytes:
    """Encode a small copy, 480 pixels on the long side, for grids and timelines."""
    small = image.copy()
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _encoded(small, _THUMBNAIL_QUALITY)


def _encoded(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
