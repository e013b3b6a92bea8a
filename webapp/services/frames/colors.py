"""Colours: the artist's paper, ink and greys, and what a brand's hex colours become in a drawing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RGB = tuple[int, int, int]

INK: RGB = (34, 37, 46)
PAPER: RGB = (250, 248, 243)
GREYS: tuple[RGB, RGB, RGB, RGB] = ((226, 221, 211), (197, 191, 180), (150, 145, 137), (92, 90, 88))
"""Warm marker greys, light to dark."""
PALE, MID, DEEP, DARK = GREYS
ARROW_RED: RGB = (214, 64, 52)
SKINS: tuple[RGB, ...] = ((252, 240, 228), (246, 226, 206), (226, 194, 164), (190, 148, 116), (150, 112, 88))
HAIRS: tuple[RGB, ...] = (GREYS[2], GREYS[3], (74, 66, 62), (122, 100, 80), (176, 150, 112), (58, 58, 62))

# A calm blue and an amber: what a brand without colours gets. No red, the camera arrows are red.
DEFAULTS: tuple[RGB, RGB] = (((66, 110, 150)), ((232, 168, 76)))

_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_TEXT_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3, level AA
_PAPER_CONTRAST = 3.0  # from here on light lettering is the natural choice; the ground is darkened the rest of the way


def parse_hex(text: str) -> RGB | None:
    """Read #rgb, #rgba, #rrggbb or #rrggbbaa (the # may be missing, alpha is ignored); None for anything else."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        return None
    digits = found[1]
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """Blend two colours; `share` 0 is all of the first, 1 all of the second."""
    red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def luminance(color: RGB) -> float:
    """Return the relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: RGB, second: RGB) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lettering_on(ground: RGB) -> tuple[RGB, RGB]:
    """Return (ground, lettering) that read at 4.5:1 or better; the ground is only darkened where it must be."""
    if contrast(ground, PAPER) < _PAPER_CONTRAST:
        return ground, INK
    while contrast(ground, PAPER) < _TEXT_CONTRAST:
        ground = mix(ground, INK, 0.08)
    return ground, PAPER


@dataclass(frozen=True, slots=True)
class Palette:
    """A brand's colours as a drawing needs them."""

    main: RGB
    """For the product and the hero: never so dark that ink lines drown in it, never as light as paper."""
    second: RGB
    accent: RGB
    ground: RGB
    """The brand's own colour, as it is, for the end card."""

    def tint(self, share: float = 0.75) -> RGB:
        """Return the main colour thinned with paper."""
        return mix(self.main, PAPER, share)

    @classmethod
    def of(cls, colors: Sequence[str]) -> Palette:
        """Choose from a brand's hex colours in their order; strings that are no colour are ignored."""
        known = [color for color in map(parse_hex, colors) if color is not None]
        inked = [color for color in known if luminance(color) < 0.80]
        usable = [color for color in inked if luminance(color) > 0.012] or inked
        if not usable:
            return cls(main=DEFAULTS[0], second=DEFAULTS[1], accent=MID, ground=INK if known else DEFAULTS[0])
        drawn = [_drawable(color) for color in usable]
        second = drawn[1] if len(drawn) > 1 else mix(drawn[0], PAPER, 0.58)
        accent = drawn[2] if len(drawn) > 2 else mix(second, PAPER, 0.35)
        return cls(main=drawn[0], second=second, accent=accent, ground=inked[0])


def _drawable(color: RGB) -> RGB:
    """Lift a dark colour until ink lines can be seen on it."""
    while luminance(color) < 0.075:
        color = mix(color, PAPER, 0.06)
    return color
