"""An asset as a frame: cropped around what matters, or laid on a ground when it is small or cut out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from webapp.services.frames.arrows import with_arrows
from webapp.services.frames.colors import INK, PAPER, Palette, luminance, mix
from webapp.services.frames.sizes import SIZES, size_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOOK = 96
"""Long side, in pixels, of the small copy that is searched for the subject. More finds nothing more."""
_MUSH = 2.0
"""Enlarging a small picture further than this shows its pixels."""
_FILM = 360
"""Short side, in pixels, from which a picture may fill any frame. Films of 640 x 360 are common: to fill 9:16 they are
enlarged 3.6 times, which still says more than a small picture on a grey ground."""
_ROOM = 0.8
"""What stands on a plain ground may fill this share of a crop; more would touch its edges."""
_LEAST_KEPT = 0.25
"""A crop that keeps less of the picture than this share is no longer that picture. 16:9 to 9:16 keeps 0.32."""


def crop_asset(
    image: Image.Image, ratio: str, *, arrows_for: str | None = None, colors: Sequence[str] = ()
) -> Image.Image:
    """Show an asset as a frame of that ratio, as RGB, with the arrows of a camera move if asked.

    A cut-out (a logo, a product without background) stands on paper or the brand's colour; a logo or product on a plain
    ground that a crop would cut keeps its ground up to the edges; a picture too small or too long for the frame lies on
    a blurred copy of itself; any other is cropped around its subject.
    """
    size = size_of(ratio)
    upright = ImageOps.exif_transpose(image)
    if _is_cut_out(upright):
        frame = _on_ground(upright.convert("RGBA"), size, colors)
    else:
        picture = upright.convert("RGB")
        scale = max(size[0] / picture.width, size[1] / picture.height)
        kept = (size[0] * size[1]) / (scale * scale * picture.width * picture.height)
        crops_well = kept >= _LEAST_KEPT and (scale <= _MUSH or min(picture.size) >= _FILM)
        ground = _cut_ground(picture, size)
        if ground is not None:
            frame = _on_own_ground(picture, size, ground)
        else:
            frame = cover(picture, size) if crops_well else _on_blur(picture, size)
    return with_arrows(frame, arrows_for) if arrows_for else frame


def cover(
    image: Image.Image, ratio_or_size: str | tuple[int, int], at: tuple[float, float] | None = None
) -> Image.Image:
    """Fill a frame with the image, cropped around `at` (shares of width and height) or around its subject."""
    width, height = SIZES[ratio_or_size] if isinstance(ratio_or_size, str) else ratio_or_size
    scale = max(width / image.width, height / image.height)
    wide, high = min(width / scale, image.width), min(height / scale, image.height)
    x, y = at or find_focus(image, (wide / image.width, high / image.height))
    left = min(max(x * image.width - wide / 2, 0), image.width - wide)
    top = min(max(y * image.height - high / 2, 0), image.height - high)
    box = (left, top, left + wide, top + high)
    return image.resize((width, height), Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)


def find_focus(image: Image.Image, window: tuple[float, float] = (0.5, 0.5)) -> tuple[float, float]:
    """Return the middle of the window (width, height in shares) that holds most of what stands out, in shares, 0 to 1.

    What stands out: colours far from those at the picture's edge, and edges. No model, about 5 ms.
    """
    salience = _salience(image)
    return _best(salience.sum(axis=0), window[0]), _best(salience.sum(axis=1), window[1])


def _salience(image: Image.Image) -> npt.NDArray[np.float32]:
    small = image if image.mode in ("RGB", "L") else image.convert("RGB")
    shrink = _LOOK / max(small.size)
    size = (max(8, round(small.width * shrink)), max(8, round(small.height * shrink)))
    small = small.resize(size, Image.Resampling.BOX).convert("RGB")
    pixels = np.asarray(small, np.float32) / 255
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    salience = np.abs(pixels - np.median(rim, axis=0)).sum(axis=2)
    edges = np.asarray(small.convert("L").filter(ImageFilter.FIND_EDGES), np.float32) / 255
    edges[[0, -1]] = 0
    edges[:, [0, -1]] = 0
    salience = salience + 1.2 * edges
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    centred = np.exp(-(((x / size[0] - 0.5) / 0.7) ** 2 + ((y / size[1] - 0.47) / 0.7) ** 2))
    salience = salience * (0.7 + 0.3 * centred)
    return np.asarray(np.clip(salience - np.percentile(salience, 70), 0, None), np.float32)


def _best(profile: npt.NDArray[np.float32], share: float) -> float:
    """Return where a soft window, `share` of the profile long, gathers most; its middle weighs more than its ends."""
    length = len(profile)
    if share >= 0.999 or not profile.any():
        return 0.5
    taps = max(3, round(length * share))
    window = 0.35 + 0.65 * np.hanning(taps + 2)[1:-1]
    return (float(np.argmax(np.convolve(profile, window, mode="same"))) + 0.5) / length


def _is_cut_out(image: Image.Image) -> bool:
    """Say whether at least two percent of the image are see-through."""
    if not image.has_transparency_data:
        return False
    alpha = image.convert("RGBA").getchannel("A")
    see_through = sum(alpha.histogram()[:200])
    return see_through > 0.02 * image.width * image.height


def _on_ground(cut_out: Image.Image, size: tuple[int, int], colors: Sequence[str]) -> Image.Image:
    """Stand a cut-out in the middle of a plain ground that it can be seen on."""
    box = cut_out.getchannel("A").point([0 if value < 16 else 255 for value in range(256)]).getbbox()
    palette = Palette.of(colors)
    if box is None:
        return Image.new("RGB", size, mix(palette.main, PAPER, 0.85))
    subject = _contained(cut_out.crop(box), (round(size[0] * 0.66), round(size[1] * 0.66)), largest=3.0)
    light = _mean_luminance(subject) > 0.6
    ground = (
        palette.ground
        if light and luminance(palette.ground) < 0.35
        else INK
        if light
        else mix(palette.main, PAPER, 0.85)
    )
    frame = Image.new("RGB", size, ground)
    left, top = (size[0] - subject.width) // 2, (size[1] - subject.height) // 2
    frame.paste(subject, (left, top), subject)
    return frame


def _mean_luminance(subject: Image.Image) -> float:
    pixels = np.asarray(subject, np.float64).reshape(-1, 4)
    weight = pixels[:, 3].sum()
    red, green, blue = ((pixels[:, k] * pixels[:, 3]).sum() / (weight or 1) for k in range(3))
    return luminance((int(red), int(green), int(blue)))


def _cut_ground(picture: Image.Image, size: tuple[int, int]) -> tuple[int, int, int] | None:
    """Return the one colour all around a picture when a crop to that size would cut into what stands on it.

    That is a logo on its ground, a product on white. None for a photograph, and where the crop holds all there is.
    """
    small = np.asarray(picture.resize((64, 64), Image.Resampling.BOX), np.int16)
    rim = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    ground = np.median(rim, axis=0)
    if (np.abs(rim - ground).max(axis=1) <= 10).mean() < 0.97:
        return None
    rows, columns = np.nonzero(np.abs(small - ground).max(axis=2) > 40)
    if not rows.size:
        return None
    scale = max(size[0] / picture.width, size[1] / picture.height)
    holds_width = np.ptp(columns) + 1 <= _ROOM * 64 * size[0] / scale / picture.width
    holds_height = np.ptp(rows) + 1 <= _ROOM * 64 * size[1] / scale / picture.height
    red, green, blue = (int(value) for value in ground)
    return None if holds_width and holds_height else (red, green, blue)


def _on_own_ground(picture: Image.Image, size: tuple[int, int], ground: tuple[int, int, int]) -> Image.Image:
    """Show a whole picture whose ground goes on to the edges of the frame."""
    frame = Image.new("RGB", size, ground)
    subject = _contained(picture, size, largest=_MUSH)
    frame.paste(subject, ((size[0] - subject.width) // 2, (size[1] - subject.height) // 2))
    return frame


def _on_blur(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Lay the whole picture on a pale, blurred copy of itself."""
    backdrop = cover(picture, size, (0.5, 0.5)).filter(ImageFilter.GaussianBlur(min(size) / 9))
    backdrop = Image.blend(ImageEnhance.Color(backdrop).enhance(0.8), Image.new("RGB", size, PAPER), 0.45)
    subject = _contained(picture, (round(size[0] * 0.86), round(size[1] * 0.86)), largest=_MUSH)
    left, top = (size[0] - subject.width) // 2, (size[1] - subject.height) // 2
    rim = max(3, min(size) // 140)
    shadow = Image.new("L", size, 0)
    shadow.paste(90, (left - rim, top, left + subject.width + rim, top + subject.height + 2 * rim))
    backdrop.paste(INK, (0, 0), shadow.filter(ImageFilter.GaussianBlur(rim * 3)))
    backdrop.paste(PAPER, (left - rim, top - rim, left + subject.width + rim, top + subject.height + rim))
    backdrop.paste(subject, (left, top))
    return backdrop


def _contained(image: Image.Image, size: tuple[int, int], *, largest: float) -> Image.Image:
    """Scale to fit into the size, never enlarged more than `largest` times."""
    scale = min(size[0] / image.width, size[1] / image.height, largest)
    fitted = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(fitted, Image.Resampling.LANCZOS, reducing_gap=2.0)
