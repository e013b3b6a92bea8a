"""The ratios of a picture and their sizes in pixels."""

from __future__ import annotations

SIZES: dict[str, tuple[int, int]] = {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (900, 900), "4:5": (864, 1080)}
"""Width and height of a frame by its ratio."""


def size_of(ratio: str) -> tuple[int, int]:
    """Return width and height in pixels; a ratio we do not know is shown as 16:9."""
    return SIZES.get(ratio, SIZES["16:9"])
