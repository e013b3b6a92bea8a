"""Read raster pictures with Pillow: size first, pixels only when the size is allowed, and then as few as are shown."""

from __future__ import annotations

import contextlib
import importlib

import colours
import drawing
import jpeg
import png
import webp
from answer import Answer, Refused
from parts import Parts, Spliced, file_bytes
from PIL import Image, ImageFile

_MIB = 1024 * 1024
_PLUGINS = {"jpg": "Jpeg", "png": "Png", "webp": "WebP", "gif": "Gif", "avif": "Avif"}
_TAKEN_APART = {"jpg": jpeg.read, "png": png.read, "webp": webp.read}
_OWN_BYTES = 120 * _MIB
"""Address space of this process before it holds a pixel: Python, libraries, stacks (70 MB, measured), and room."""
_BAND_PIXELS = 2_000_000
_WEBP_PIXELS = 30_000_000
"""Pillow's decoder holds a WebP four times; above this size FFmpeg's, which holds it once, is asked."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # what makes each orientation upright (EXIF 2.3 §4.6.4 A)


def read(form: str, limits: dict) -> Answer:
    """Measure, decode and shrink the picture on standard input."""
    Image.MAX_IMAGE_PIXELS = None  # sizes are judged below, before a pixel is decoded
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # what is there of a picture is shown, as browsers do
    parts = _TAKEN_APART[form]() if form in _TAKEN_APART else _as_it_is()
    image = _opened(form, parts)
    width, height = image.size
    if form == "jpg":
        _check_jpeg(width, height, parts, limits)
        fitting = limits["picture_px"] / max(width, height)
        image.draft("RGB", (max(1, int(width * fitting)), max(1, int(height * fitting))))
    else:
        check_size(width, height, limits)
    frames = _count_frames(image, parts, limits)
    if form == "webp" and frames == 1 and width * height > _WEBP_PIXELS:
        small = _large_webp(parts, image, limits["picture_px"])
    else:
        small = _reduced(image, limits["picture_px"])
    upright = colours.to_srgb(small, parts)
    if parts.orientation in _TURNS:
        upright = upright.transpose(_TURNS[parts.orientation])
    if parts.orientation >= 5:  # lying on its side
        width, height = height, width
    alpha = upright.mode == "RGBA" and upright.getchannel("A").getextrema()[0] < 255
    if not alpha:
        upright = upright.convert("RGB")
    facts = {"width": width, "height": height, "frame_count": frames, "has_alpha": alpha}
    return Answer({**facts, "palette": drawing.palette(upright)}, drawing.derivatives(upright, limits))


def check_size(width: int, height: int, limits: dict) -> None:
    """Refuse a picture with too many pixels or too long a side."""
    side, pixels = limits["image_side_px"], limits["image_pixels"]
    if width > side or height > side:
        raise Refused(
            f"the picture is {width} by {height} pixels; at most {side:,} a side are allowed.", too_large=True
        )
    if width * height > pixels:
        raise Refused(f"the picture has more than {pixels // 1_000_000} megapixels.", too_large=True)


def _check_jpeg(width: int, height: int, parts: Parts, limits: dict) -> None:
    """Refuse a JPEG with too many pixels, or one that must be decoded as a whole and is too large for that.

    A sequential JPEG is decoded line by line and shrunk on the way.
    """
    pixels = width * height
    if pixels > limits["jpeg_pixels"]:
        raise Refused(f"the picture has more than {limits['jpeg_pixels'] // 1_000_000} megapixels.", too_large=True)
    needed = pixels * parts.samples_per_pixel * 2 + 4 * limits["picture_px"] ** 2 * 4
    if parts.is_buffered and needed + _OWN_BYTES > limits["address_space_bytes"]:
        raise Refused(
            f"it is a progressive JPEG of {pixels / 1e6:.0f} megapixels and takes more than "
            f"{limits['address_space_bytes'] // _MIB:,} MB of memory to decode. Save it smaller, or not progressive.",
            too_large=True,
        )


def _as_it_is() -> Parts:
    parts = Parts(file=Spliced())
    parts.file.add((0, file_bytes()))
    return parts


def _opened(form: str, parts: Parts) -> Image.Image:
    """Let the one decoder for the format read the header; what it knows of colours and orientation goes to `parts`."""
    if form == "heic":
        import pi_heif  # noqa: PLC0415  an extra

        pi_heif.options.DECODE_THREADS = 1  # each thread takes address space
        pi_heif.register_heif_opener(thumbnails=False)
        return _described(Image.open(parts.file, formats=["HEIF"]), parts)
    plugin = importlib.import_module(f"PIL.{_PLUGINS[form]}ImagePlugin")
    if form == "avif":
        plugin.DEFAULT_MAX_THREADS = 1
        return _described(Image.open(parts.file, formats=["AVIF"]), parts)
    return Image.open(parts.file, formats=[_PLUGINS[form].upper()])


def _described(image: Image.Image, parts: Parts) -> Image.Image:
    parts.profile = image.info.get("icc_profile") or b""
    with contextlib.suppress(Exception):  # EXIF of any shape; the decoder has turned the picture already if it does so
        parts.orientation = image.getexif().get(0x0112, 1)
    return image


def _count_frames(image: Image.Image, parts: Parts, limits: dict) -> int:
    frames = parts.frames
    with contextlib.suppress(Exception):  # a broken frame further on ends the animation, not the picture
        frames = max(frames, getattr(image, "n_frames", 1))
    if frames > limits["animation_frames"]:
        raise Refused(
            f"the animation has {frames} frames; at most {limits['animation_frames']} are allowed.", too_large=True
        )
    if frames > 1 and frames * image.width * image.height > limits["animation_pixels"]:
        megapixels = limits["animation_pixels"] // 1_000_000
        raise Refused(f"the animation has more than {megapixels} megapixels in all its frames.", too_large=True)
    image.seek(0)
    return frames


def _reduced(image: Image.Image, side: int) -> Image.Image:
    """Shrink a picture by a whole number, to half again `side` at least, in bands: no second copy is made."""
    image.load()
    factor = max(image.size) * 2 // (3 * side)
    if factor <= 1:
        return colours.eight_bits(image)
    rows = max(1, _BAND_PIXELS // (image.width * factor)) * factor
    small = None
    for top in range(0, image.height, rows):
        band = colours.eight_bits(image.crop((0, top, image.width, min(top + rows, image.height)))).reduce(factor)
        if small is None:
            small = Image.new(band.mode, (band.width, -(-image.height // factor)))
        small.paste(band, (0, top // factor))
    return small


def _large_webp(parts: Parts, image: Image.Image, side: int) -> Image.Image:
    """Decode a still WebP with FFmpeg and shrink it on the way to RGB or RGBA. Raises what FFmpeg raises."""
    import av  # noqa: PLC0415  for few pictures

    av.logging.set_level(av.logging.PANIC)
    parts.file.seek(0)
    decoder = av.CodecContext.create("webp", "r")
    decoder.thread_count = 1
    frames = [*decoder.decode(av.Packet(parts.file.read())), *decoder.decode(None)]
    scale = min(1.0, 1.5 * side / max(image.size))
    width, height = (max(1, round(length * scale)) for length in image.size)
    return frames[0].reformat(width, height, format="rgba" if image.mode == "RGBA" else "rgb24").to_image()
