"""Pictures made from what was read: derivatives, dominant colours, pages of text, waveforms."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import typefaces
import typesetting
from PIL import Image, ImageDraw, features
from runs import Typecase, clusters, is_rtl, visual

if TYPE_CHECKING:
    from collections.abc import Iterator

INK = (104, 112, 122, 255)
FAINT = (104, 112, 122, 90)
LEFT, RIGHT, LAST_LINE, LINE = 40, 440, 596, 21
SIZE, LETTER = 15, 11
"""Of a sheet of text, in pixels: its edges, the height of a line, of letters, and the width of one that no font has."""
PAPER, PAPER_INK, PAPER_FAINT = (255, 255, 255), (38, 42, 48), (198, 203, 210)


def webp(image: Image.Image, long_side: int, quality: int) -> bytes:
    """Encode a copy of `image` that fits into a square of `long_side` pixels; alpha is kept, nothing is enlarged."""
    copy = image.copy()
    copy.thumbnail((long_side, long_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    copy.save(out, "WEBP", quality=quality, method=2)
    return out.getvalue()


def derivatives(image: Image.Image, limits: dict) -> dict[str, bytes]:
    """Make the two pictures that pages and frames show instead of the original."""
    picture = image.copy()
    picture.thumbnail((limits["picture_px"], limits["picture_px"]), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return {
        "thumbnail": webp(picture, limits["thumbnail_px"], 80),
        "picture": webp(picture, limits["picture_px"], 85),
    }


def palette(image: Image.Image) -> list[str]:
    """Find up to five dominant colours as #rrggbb, the most frequent first; near-doubles count as one."""
    small = image.copy()
    small.thumbnail((96, 96), Image.Resampling.BOX)
    opaque = [pixel[:3] for pixel in small.convert("RGBA").get_flattened_data() if pixel[3] >= 128]
    if not opaque:
        return []
    strip = Image.new("RGB", (len(opaque), 1))
    strip.putdata(opaque)
    reduced = strip.quantize(12, method=Image.Quantize.MEDIANCUT, kmeans=2)
    table = reduced.getpalette() or []
    found: list[tuple[int, ...]] = []
    for count, index in sorted(reduced.getcolors() or [], reverse=True):
        if count * 100 < len(opaque):
            break  # less than one pixel in a hundred: the soft edge between two colours
        colour = tuple(table[index * 3 : index * 3 + 3])
        if all(sum((a - b) ** 2 for a, b in zip(colour, other, strict=True)) > 32**2 for other in found):
            found.append(colour)
    return ["#{:02x}{:02x}{:02x}".format(*colour) for colour in found[:5]]


def is_flat(image: Image.Image) -> bool:
    """Tell whether a picture shows next to nothing (a black or white frame)."""
    low, high = image.convert("L").resize((32, 32), Image.Resampling.BOX).getextrema()
    return high - low < 12


def typecase(fonts: list[str]) -> Typecase:
    """Return the fonts there are; each is read when a text needs it."""
    faces = (face for face in map(typefaces.read, fonts) if face)
    return Typecase(faces, lambda: features.check_feature("raqm"))


def page_of_text(text: str, fonts: list[str]) -> Image.Image:
    """Draw the first lines of `text` on a sheet; words in letters that no font has become bars."""
    sheet = Image.new("RGB", (480, 640), PAPER)
    draw, case = ImageDraw.Draw(sheet), typecase(fonts)
    y = 44
    for paragraph in text.splitlines():
        rtl = is_rtl(paragraph)
        for line in _lines(paragraph, case):
            if y > LAST_LINE:
                return sheet
            _write(draw, y, line, case, rtl=rtl)
            y += LINE
        y += 6 if paragraph.strip() else 13
    return sheet


def _lines(paragraph: str, case: Typecase) -> Iterator[list[str]]:
    """Yield the words of one line after the other; a word longer than a line is broken."""
    line: list[str] = []
    for word in paragraph.split():
        for part in _broken(word, case):
            if line and _length(" ".join([*line, part]), case) > RIGHT - LEFT:
                yield line
                line = []
            line.append(part)
    if line:
        yield line


def _broken(word: str, case: Typecase) -> list[str]:
    parts = [""]
    for cluster in clusters(word):
        if parts[-1] and _length(parts[-1] + cluster, case) > RIGHT - LEFT:
            parts.append("")
        parts[-1] += cluster
    return parts


def _length(words: str, case: Typecase) -> float:
    runs = case.divide(words)
    return sum(LETTER * len(run.missing) if run.missing else typesetting.length([run], SIZE) for run in runs)


def _write(draw: ImageDraw.ImageDraw, y: float, line: list[str], case: Typecase, *, rtl: bool) -> None:
    x = LEFT if not rtl else RIGHT - _length(" ".join(line), case)
    for run in visual(case.divide(" ".join(line), rtl=rtl), rtl=rtl):
        if run.missing:
            width = LETTER * len(run.missing)
            draw.rounded_rectangle((x, y + 5, x + width - 3, y + 14), 3, fill=PAPER_FAINT)
        else:
            width = typesetting.length([run], SIZE)
            typesetting.write(draw, (x, y + SIZE), [run], SIZE, PAPER_INK)
        x += width


def waveform(loudness: list[float]) -> bytes:
    """Draw loudness values (0 to 1, left to right) as bars on nothing, 640 by 240 pixels."""
    width, height, step = 640, 240, 4
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    bars = width // step
    top = max(loudness, default=0.0) or 1.0
    for bar in range(bars):
        span = loudness[
            bar * len(loudness) // bars : max((bar + 1) * len(loudness) // bars, bar * len(loudness) // bars + 1)
        ]
        half = max(1, int(max(span, default=0.0) / top * (height / 2 - 12)))
        x = bar * step
        draw.rectangle((x, height // 2 - half, x + 1, height // 2 + half), fill=INK if half > 1 else FAINT)
    return webp(image, width, 80)
