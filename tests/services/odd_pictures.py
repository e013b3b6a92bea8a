"""Pictures that browsers show although something beside the pixels is broken, odd, huge or missing."""

from __future__ import annotations

import random
import struct
import zlib

from PIL import Image, ImageCms

from tests.services.media_files import gif, saved, scenery

SIZE = (160, 100)
MIB = 1024 * 1024


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


# JPEG


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def jpeg(*segments: bytes, **options: object) -> bytes:
    """Write a JPEG with segments right after its first marker."""
    content = saved(scenery(*SIZE), "JPEG", **options)
    return content[:2] + b"".join(segments) + content[2:]


def exif(orientation: int = 6, *, form: int = 3, order: str = "<", next_directory: int = 0, count: int = 1) -> bytes:
    """Write EXIF with one entry, the orientation."""
    value = struct.pack(order + ("HH" if form == 3 else "I"), *([orientation, 0] if form == 3 else [orientation]))
    entry = struct.pack(order + "HHI", 0x0112, form, 1) + value
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    return b"Exif\0\0" + head + struct.pack(order + "H", count) + entry + struct.pack(order + "I", next_directory)


def swapped_profile() -> bytes:
    """Return an sRGB profile whose red and green are exchanged: what is applied can be seen."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def profile_segments(profile: bytes) -> bytes:
    return segment(0xE2, b"ICC_PROFILE\0\1\1" + profile)


def jpegs() -> dict[str, bytes]:
    whole = jpeg()
    scan = whole.index(b"\xff\xda")
    loop = exif(1, next_directory=8)
    return {
        "EXIF of noise": jpeg(segment(0xE1, b"Exif\0\0" + noise(500))),
        "EXIF cut off": jpeg(segment(0xE1, exif()[:14])),
        "EXIF that leads outside": jpeg(segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f")),
        "EXIF in a circle": jpeg(segment(0xE1, loop)),
        "EXIF with 65,535 entries": jpeg(segment(0xE1, exif(1, count=65_535))),
        "EXIF of a wrong order": jpeg(segment(0xE1, b"Exif\0\0XX*\0" + bytes(20))),
        "EXIF, empty": jpeg(segment(0xE1, b"Exif\0\0")),
        "orientation 0": jpeg(segment(0xE1, exif(0))),
        "orientation 9": jpeg(segment(0xE1, exif(9))),
        "orientation 65,535": jpeg(segment(0xE1, exif(65_535))),
        "orientation of a wrong type": jpeg(segment(0xE1, exif(6, form=2))),
        "XMP of 60 KB": jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"<" * 60_000)),
        "a Photoshop block of noise": jpeg(segment(0xED, b"Photoshop 3.0\x008BIM" + noise(300))),
        "an index of further pictures that is broken": jpeg(segment(0xE2, b"MPF\0" + noise(60))),
        "an ICC profile of noise": jpeg(profile_segments(noise(600))),
        "half an ICC profile": jpeg(segment(0xE2, b"ICC_PROFILE\0\1\3" + swapped_profile()[:200])),
        "an ICC segment too short for its numbers": jpeg(segment(0xE2, b"ICC_PROFILE\0")),
        "a profile for CMYK": jpeg(profile_segments(swapped_profile().replace(b"RGB XYZ", b"CMYKXYZ"))),
        "a short Adobe segment": jpeg(segment(0xEE, b"Adobe")),
        "comments": jpeg(*[segment(0xFE, noise(60_000))] * 5),
        "a JFIF segment too short": jpeg(segment(0xE0, b"JFIF\0\1")),
        "fill bytes between segments": jpeg(b"\xff" * 9),
        "other bytes between segments": jpeg(b"junk\x00junk"),
        "no end mark": whole[:-2],
        "progressive, no end mark": jpeg(progressive=True)[:-2],
        "a zip behind its end": whole + b"PK\x03\x04" + noise(5000),
        "a second picture behind its end": whole + whole,
        "cut off in its last lines": whole[: scan + (len(whole) - scan) * 9 // 10],
        "progressive, cut off": jpeg(progressive=True)[: -len(whole) // 4],
        "restart marks": jpeg(restart_marker_blocks=4),
        "grey": saved(scenery(*SIZE).convert("L"), "JPEG"),
        "CMYK as Adobe writes it": saved(scenery(*SIZE).convert("CMYK"), "JPEG"),
    }


# PNG


def chunk(kind: bytes, content: bytes, *, wrong: bool = False) -> bytes:
    checksum = zlib.crc32(kind + content) ^ wrong
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png(*chunks: bytes, mode: str = "RGB", late: bytes = b"", **options: object) -> bytes:
    """Write a PNG with chunks after its header, and `late` ones before its end."""
    pixels = scenery(*SIZE)
    content = saved(pixels.quantize(8) if mode == "P" else pixels.convert(mode), "PNG", **options)
    return content[:33] + b"".join(chunks) + content[33:-12] + late + content[-12:]


def packed_profile(profile: bytes) -> bytes:
    return chunk(b"iCCP", b"name\0\0" + zlib.compress(profile))


def pngs() -> dict[str, bytes]:
    whole = png()
    raw = b"\nexif\n%8d\n" + noise(60).hex().encode()
    return {
        "EXIF of noise": png(chunk(b"eXIf", noise(300))),
        "EXIF, empty": png(chunk(b"eXIf", b"")),
        "2 MB of packed text": png(chunk(b"zTXt", b"note\0\0" + zlib.compress(b"word " * 500_000))),
        "packed text that is a bomb": png(chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(20 * MIB)))),
        "3 MB of text": png(chunk(b"tEXt", b"note\0" + b"a" * 3 * MIB)),
        "text that cannot be unpacked": png(chunk(b"zTXt", b"note\0\0" + noise(90))),
        "international text that is broken": png(chunk(b"iTXt", b"note\0\1\0\0\0" + noise(90))),
        "text without a keyword": png(chunk(b"tEXt", noise(50)), chunk(b"zTXt", b""), chunk(b"iTXt", b"")),
        "a wrong checksum in text": png(chunk(b"tEXt", b"note\0hello", wrong=True)),
        "a wrong checksum in the time": png(chunk(b"tIME", bytes(7), wrong=True)),
        "ImageMagick's raw profile exif": png(chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw))),
        "ImageMagick's raw profile of noise": png(chunk(b"tEXt", b"Raw profile type exif\0" + noise(90))),
        "ImageMagick's raw profile iptc": png(chunk(b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(b"\n\n\n"))),
        "an ICC profile that cannot be unpacked": png(chunk(b"iCCP", b"name\0\0" + noise(90))),
        "an ICC profile of noise": png(packed_profile(noise(700))),
        "an ICC profile without a name": png(chunk(b"iCCP", b"")),
        "an ICC profile that is a bomb": png(packed_profile(bytes(60 * MIB))),
        "a grey profile's name only": png(chunk(b"iCCP", b"grey\0\0")),
        "a gamma of nothing": png(chunk(b"gAMA", b"")),
        "a gamma of 0": png(chunk(b"gAMA", bytes(4))),
        "a gamma with a wrong checksum": png(chunk(b"gAMA", struct.pack(">I", 100_000), wrong=True)),
        "colours that cannot be": png(chunk(b"cHRM", bytes(32))),
        "a size of pixels that is too short": png(chunk(b"pHYs", b"\0")),
        "transparency of a wrong length": png(chunk(b"tRNS", b"\0")),
        "chunks nobody knows": png(chunk(b"abCd", noise(99)), chunk(b"vpAg", bytes(9))),
        "text behind the pixels with a wrong length": png(late=struct.pack(">I", 9_999_999) + b"tEXt" + noise(20)),
        "no end mark": whole[:-12],
        "half an end mark": whole[:-6],
        "cut off in its last lines": whole[:-60],
        "bytes behind its end": whole + noise(5000),
        "an animation with a broken control": png(chunk(b"acTL", noise(8)), chunk(b"fcTL", noise(26))),
        "an animation without frames": png(chunk(b"acTL", struct.pack(">II", 99_999_999, 0))),
        "two headers of text between pixels": png(late=chunk(b"tEXt", b"a\0b") * 50),
        "16 bits a channel": deep_png(),
        "a palette with clear colours": png(mode="P", transparency=b"\xff\x80\x00"),
        "one bit": png(mode="1"),
        "grey with alpha": png(mode="LA"),
        "interlaced by hand": interlaced_png(),
    }  # fmt: skip


def deep_png() -> bytes:
    """Write a PNG of 16 bits a channel: the scenery again."""
    rows = []
    pixels = scenery(*SIZE)
    for y in range(SIZE[1]):
        row = pixels.crop((0, y, SIZE[0], y + 1)).tobytes()
        rows.append(b"\0" + b"".join(bytes((value, value)) for value in row))
    header = struct.pack(">IIBBBBB", *SIZE, 16, 2, 0, 0, 0)
    pieces = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + pieces


def interlaced_png() -> bytes:
    """Write a PNG in seven passes (Adam7)."""
    pixels, rows = scenery(*SIZE), []
    for x0, y0, dx, dy in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        for y in range(y0, SIZE[1], dy):
            row = b"".join(bytes(pixels.getpixel((x, y))) for x in range(x0, SIZE[0], dx))
            rows.append(b"\0" + row)
    header = struct.pack(">IIBBBBB", *SIZE, 8, 2, 0, 0, 1)
    pieces = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + pieces


# WebP, GIF, AVIF


def webp(*chunks: tuple[bytes, bytes], flags: int = 0, lossless: bool = False, extra_size: int = 0) -> bytes:
    """Write an extended WebP with chunks behind its pixels; a profile goes before them."""
    pixels = saved(scenery(*SIZE), "WEBP", quality=90, lossless=lossless)[12:]
    header = struct.pack("<I", flags) + struct.pack("<I", SIZE[0] - 1)[:3] + struct.pack("<I", SIZE[1] - 1)[:3]
    body = riff(b"VP8X", header)
    body += b"".join(riff(*each) for each in chunks if each[0] == b"ICCP") + pixels
    body += b"".join(riff(*each) for each in chunks if each[0] != b"ICCP")
    return b"RIFF" + struct.pack("<I", len(body) + 4 + extra_size) + b"WEBP" + body


def riff(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def webps() -> dict[str, bytes]:
    plain = saved(scenery(*SIZE), "WEBP")
    return {
        "EXIF of noise": webp((b"EXIF", noise(301)), flags=8),
        "EXIF that is said to be there": webp(flags=8),
        "XMP of noise": webp((b"XMP ", noise(3001)), flags=4),
        "an ICC profile of noise": webp((b"ICCP", noise(601)), flags=0x20),
        "a profile that is said to be there": webp(flags=0x20),
        "chunks nobody knows": webp((b"abcd", noise(99)), (b"ALPX", b"")),
        "a length that is too large": webp(extra_size=5000),
        "bytes behind its end": plain + noise(3000),
        "cut off in the EXIF": webp((b"EXIF", noise(4000)), flags=8)[:-3000],
        "lossless": webp(lossless=True),
        "animated": saved(
            scenery(*SIZE), "WEBP", save_all=True, append_images=[Image.new("RGB", SIZE, "red")], duration=100
        ),
    }


def gifs() -> dict[str, bytes]:
    plain = saved(scenery(*SIZE), "GIF")
    start = 13 + 3 * 2 ** ((plain[10] & 7) + 1)
    odd = (
        b"\x21\xff\x0bODDWARE 1.0" + b"\x05hello\x00" + b"\x21\xfe\xff" + b"c" * 255 + b"\x00" + b"\x21\x77\x03abc\x00"
    )
    return {
        "extensions nobody knows": plain[:start] + odd + plain[start:],
        "no end mark": plain[:-1],
        "bytes behind its end": plain + noise(3000),
        "cut off in its last lines": plain[:-90],
        "a loop of wrong length": plain[:start] + b"\x21\xff\x0bNETSCAPE2.0\x01\x01\x00" + plain[start:],
        "a second frame of noise": plain[:-1] + b"\x2c" + noise(200),
        "no size of its own": plain[:6] + bytes(4) + plain[10:],
        "a screen smaller than its picture": plain[:6] + struct.pack("<HH", 20, 20) + plain[10:],
    }


def avifs() -> dict[str, bytes]:
    plain = saved(scenery(*SIZE), "AVIF", speed=10)
    block = exif(1)[6:]
    with_exif = saved(scenery(*SIZE), "AVIF", speed=10, exif=block)
    return {
        "plain": plain,
        "a general brand": plain[:8] + b"mif1" + plain[12:],
        "EXIF of noise": with_exif.replace(block, noise(len(block))),
        "EXIF that leads outside": with_exif.replace(block, b"II*\0\xff\xff\xff\x7f" + bytes(len(block) - 8)),
        "bytes behind its end": plain + noise(3000),
        "animated": saved(
            scenery(*SIZE), "AVIF", speed=10, save_all=True, append_images=[Image.new("RGB", SIZE, "red")], duration=99
        ),
    }


def animated_gif() -> bytes:
    return gif(3, SIZE)


# Colours


def coloured() -> dict[str, tuple[str, bytes]]:
    """Name → (format, bytes) of pictures whose numbers do not mean sRGB, or seem not to."""
    linear, light = struct.pack(">I", 100_000), struct.pack(">I", 33_333)
    srgb_points = struct.pack(">8I", 31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000)
    wide_points = struct.pack(">8I", 31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6000)
    swapped = packed_profile(swapped_profile())
    return {
        "gamma 1.0": ("png", png(chunk(b"gAMA", linear))),
        "gamma 0.33": ("png", png(chunk(b"gAMA", light))),
        "gamma 1.0 with sRGB's points": ("png", png(chunk(b"gAMA", linear), chunk(b"cHRM", srgb_points))),
        "gamma 0.45455 with wide points": (
            "png", png(chunk(b"gAMA", struct.pack(">I", 45_455)), chunk(b"cHRM", wide_points))
        ),
        "gamma 1.0 that sRGB overrules": ("png", png(chunk(b"sRGB", b"\0"), chunk(b"gAMA", linear))),
        "gamma 1.0 that a profile overrules": ("png", png(swapped, chunk(b"gAMA", linear))),
        "gamma 1.0 behind a profile of noise": ("png", png(packed_profile(noise(500)), chunk(b"gAMA", linear))),
        "gamma 1.0 of a palette": ("png", png(chunk(b"gAMA", linear), mode="P")),
        "gamma 1.0 of greys": ("png", png(chunk(b"gAMA", linear), mode="L")),
        "a profile of its own": ("png", png(swapped)),
        "a profile in a palette": ("png", png(swapped, mode="P")),
        "wide colours by number": ("png", png(chunk(b"cICP", b"\x0c\x0d\x00\x01"))),
        "sRGB by number": ("png", png(chunk(b"cICP", b"\x01\x0d\x00\x01"), chunk(b"gAMA", linear))),
        "a JPEG's profile": ("jpg", jpeg(profile_segments(swapped_profile()))),
        "a WebP's profile": ("webp", webp((b"ICCP", swapped_profile()), flags=0x20)),
        "an AVIF's profile": ("avif", saved(scenery(*SIZE), "AVIF", speed=10, icc_profile=swapped_profile())),
    }  # fmt: skip
