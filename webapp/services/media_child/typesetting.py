"""Runs of text (see `runs`) measured and drawn with Pillow; sizes and lengths in pixels."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import ImageDraw

    from webapp.services.media_child.runs import Run

_WEIGHT = 600
"""Of variable fonts, as that of Inter SemiBold."""
_LAYOUTS = {False: ImageFont.Layout.BASIC, True: ImageFont.Layout.RAQM}


@lru_cache(maxsize=128)
def font(path: str, size: int, *, shaped: bool = False) -> ImageFont.FreeTypeFont:
    """Open a font at a size."""
    opened = ImageFont.truetype(path, size, layout_engine=_LAYOUTS[shaped])
    try:
        axes = opened.get_variation_axes()
    except (OSError, NotImplementedError):
        return opened  # it has one weight only
    wanted = {b"Weight": _WEIGHT}
    opened.set_variation_by_axes(
        [min(wanted.get(axis["name"], axis["default"] or 0), axis["maximum"] or 0) for axis in axes]
    )
    return opened


def length(runs: Sequence[Run], size: int) -> float:
    """Return how long a line of runs is."""
    return sum(_length(run, size) for run in runs)


def write(
    draw: ImageDraw.ImageDraw, place: tuple[float, float], runs: Sequence[Run], size: int, fill: tuple[int, ...]
) -> None:
    """Draw runs that stand in this order from left to right, from `place`: the left edge and the baseline."""
    x, baseline = place
    for run in runs:
        opened = font(run.face.path, size, shaped=run.shaped)
        draw.text((x, baseline), run.text, font=opened, fill=fill, anchor="ls", direction=_direction(run))
        x += _length(run, size)


def _length(run: Run, size: int) -> float:
    return font(run.face.path, size, shaped=run.shaped).getlength(run.text, direction=_direction(run))


def _direction(run: Run) -> str | None:
    return ("rtl" if run.rtl else "ltr") if run.shaped else None
