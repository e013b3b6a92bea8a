"""Read raster pictures with Pillow: size first, pixels only when the size is allowed."""

from __future__ import annotations

import contextlib
import io

import drawing
from answer import Answer, Refused
from PIL import Image, ImageCms, ImageOps

DECODERS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}


def read(form: str, limits: dict) -> Answer:
    """Measure, decode and shrink the picture on standard input."""
    Image.MAX_IMAGE_PIXELS = None  # sizes are judged below, before a pixel is decoded
    image = Image.open(open(0, "rb", closefd=False), formats=[DECODERS[form]])  # noqa: SIM115  lives as long as we do
    width, height = image.size
    check_size(width, height, limits)
    frames = _count_frames(image, limits)
    orientation = image.getexif().get(0x0112, 1)
    if form == "jpg":
        image.draft("RGB", (limits["picture_px"], limits["picture_px"]))  # decode near the size that is needed
    upright = ImageOps.exif_transpose(_plain(image))
    alpha = upright.mode == "RGBA" and upright.getchannel("A").getextrema()[0] < 255
    if not alpha:
        upright = upright.convert("RGB")
    if orientation in (5, 6, 7, 8):  # lying on its side (EXIF 2.3 §4.6.4 A)
        width, height = height, width
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


def _count_frames(image: Image.Image, limits: dict) -> int:
    frames = getattr(image, "n_frames", 1)
    if frames > limits["animation_frames"]:
        raise Refused(
            f"the animation has {frames} frames; at most {limits['animation_frames']} are allowed.", too_large=True
        )
    if frames * image.width * image.height > limits["animation_pixels"]:
        megapixels = limits["animation_pixels"] // 1_000_000
        raise Refused(f"the animation has more than {megapixels} megapixels in all its frames.", too_large=True)
    image.seek(0)
    return frames


def _plain(image: Image.Image) -> Image.Image:
    """Turn any mode into RGB or RGBA in sRGB, keeping what EXIF says about the orientation."""
    see_through = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    profile = image.info.get("icc_profile")
    exif = image.getexif()
    if image.mode in ("I;16", "I;16B", "I;16L", "I"):
        image = image.point(lambda value: value / 256).convert("L")
    elif profile and image.mode in ("RGB", "RGBA", "CMYK"):
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):  # a bad profile only costs its colours
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = "RGBA" if image.mode == "RGBA" else "RGB"
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=target) or image
    plain = image.convert("RGBA" if see_through else "RGB")
    if exif.get(0x0112):
        plain.getexif()[0x0112] = exif[0x0112]
    return plain
