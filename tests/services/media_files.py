"""Real media files, made by code: one of every accepted format, and bombs."""

from __future__ import annotations

import io
import math
import struct
import wave
import zipfile
import zlib
from functools import cache
from typing import TYPE_CHECKING

import av
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCX_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def scenery(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Draw a picture with an orange upper half, a blue lower half and a white disc."""
    image = Image.new(mode, (width, height), "#e07020")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height // 2, width, height), fill="#204080")
    draw.ellipse((width // 3, height // 3, width * 2 // 3, height * 2 // 3), fill="#ffffff")
    return image


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def gif(frames: int = 3, size: tuple[int, int] = (40, 30)) -> bytes:
    """Write a GIF of a given size whose every frame repaints one pixel."""
    screen = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + b"\x20\x60\xa0\xff\xff\xff"
    control = b"\x21\xf9\x04\x04\x04\x00\x00\x00"
    first = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return screen + (control + first) * frames + b";"


def svg(
    inner: str = '<rect width="60" height="80" fill="#c02040"/>', attributes: str = 'viewBox="0 0 120 80"'
) -> bytes:
    return (
        f'<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{inner}</svg>'
    ).encode()


def video(
    container: str, codec: str, *, frames: int = 24, size: tuple[int, int] = (320, 180), dark_first: bool = False
) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        stream = made.add_stream(codec, rate=12)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for number in range(frames):
            dark = dark_first and number < frames // 2
            picture = Image.new("RGB", size) if dark else scenery(*size)
            made.mux(stream.encode(av.VideoFrame.from_image(picture)))
        made.mux(stream.encode())
    return out.getvalue()


def wav(seconds: float = 1.0, rate: int = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(rate)
        loud = (int(20_000 * math.sin(n / 4) * (n / (rate * seconds))) for n in range(int(rate * seconds)))
        made.writeframes(b"".join(struct.pack("<h", sample) for sample in loud))
    return out.getvalue()


def audio(container: str, codec: str, rate: int = 44_100) -> bytes:
    out = io.BytesIO()
    with av.open(io.BytesIO(wav(rate=rate))) as source, av.open(out, "w", format=container) as made:
        options = {"strict": "experimental"} if codec == "vorbis" else {}
        stream = made.add_stream(codec, rate=rate, options=options)
        if codec == "vorbis":
            stream.layout = "stereo"
        for frame in source.decode(audio=0):
            frame.pts = None
            made.mux(stream.encode(frame))
        made.mux(stream.encode())
    return out.getvalue()


def pdf(pages: int = 2, words: str = "Sommer bei Nordlicht") -> bytes:
    """Write a PDF by hand; only its first page has words."""
    text = f"BT /F1 24 Tf 40 300 Td ({words}) Tj ET".encode()
    kids = " ".join(f"{number + 5} 0 R" for number in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
    ]
    for number in range(pages):
        contents = b"/Contents 4 0 R" if number == 0 else b""
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Resources<</Font<</F1 3 0 R>>>>" + contents + b">>"
        )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


def locked_pdf() -> bytes:
    """Declare encryption that no empty password opens."""
    return pdf().replace(
        b"/Root 1 0 R>>",
        b"/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O("
        + b"o" * 32
        + b")/U("
        + b"u" * 32
        + b")>>>>",
    )


def zipped(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(paragraphs: tuple[str, ...] = ("Briefing", "Hello world"), pages: int = 3) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in paragraphs)
    properties = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return zipped(
        {
            "[Content_Types].xml": DOCX_TYPES,
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
            "docProps/app.xml": f'<Properties xmlns="{properties}"><Pages>{pages}</Pages></Properties>',
        }
    )


def ole(stream_name: str = "WordDocument") -> bytes:
    """Write a compound file with one directory sector that names one stream."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b""
    for name in ("Root Entry", stream_name):
        encoded = name.encode("utf-16-le")
        directory += encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded) + 2) + bytes(62)
    return bytes(header) + fat + directory.ljust(512, b"\0")


MAKERS: dict[str, Callable[[], bytes]] = {
    "jpg": lambda: saved(scenery(300, 200), "JPEG"),
    "png": lambda: saved(scenery(300, 200), "PNG"),
    "webp": lambda: saved(scenery(300, 200), "WEBP"),
    "avif": lambda: saved(scenery(300, 200), "AVIF", speed=10),
    "gif": gif,
    "svg": svg,
    "mp4": lambda: video("mp4", "mpeg4"),
    "webm": lambda: video("webm", "libvpx"),
    "mov": lambda: video("mov", "mpeg4"),
    "avi": lambda: video("avi", "mpeg4"),
    "mkv": lambda: video("matroska", "mpeg4"),
    "mp3": lambda: audio("mp3", "libmp3lame"),
    "wav": wav,
    "ogg": lambda: audio("ogg", "libopus", 48_000),
    "aac": lambda: audio("adts", "aac"),
    "m4a": lambda: audio("ipod", "aac"),
    "pdf": pdf,
    "doc": ole,
    "docx": docx,
    "txt": "Grüße aus Wien\n\nZeile zwei".encode,
}


def png_claiming(width: int, height: int) -> bytes:
    """Write a PNG whose header claims a size and whose data unpacks to it (all zeros, so it is small)."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(width + 1)
    data = b"".join(packer.compress(row) for _ in range(min(height, 2000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg_claiming(width: int, height: int, *, progressive: bool = False) -> bytes:
    """Write a JPEG of three full components whose header claims a size."""
    content = bytearray(saved(scenery(64, 64), "JPEG", subsampling=0, progressive=progressive))
    place = content.index(b"\xff\xc2" if progressive else b"\xff\xc0") + 5
    content[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(content)


@cache
def bombs() -> dict[str, tuple[str, bytes]]:
    """Name → (format, bytes) of files that cost far more to open than to send."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE svg [<!ENTITY l0 "lol">{entities}]>'
    deep = '<g filter="url(#f)">' * 150 + "</g>" * 150
    uses = "".join(f'<g id="u{n}">{f"""<use xlink:href="#u{n - 1}"/>""" * 10}</g>' for n in range(1, 9))
    return {
        "png of 4 gigapixels": ("png", png_claiming(65_535, 65_535)),
        "svg with a billion laughs": ("svg", laughs.encode() + svg("<text>&l9;</text>")[22:]),
        "svg that uses itself tenfold": ("svg", svg(f'<g id="u0"><rect width="9" height="9"/></g>{uses}')),
        "svg a million pixels wide": ("svg", svg(attributes='width="900000" height="900000"')),
        "svg with filters in filters": (
            "svg", svg(f'<filter id="f"><feGaussianBlur stdDeviation="500"/></filter>{deep}')
        ),
        "svg of endless depth": ("svg", svg("<g>" * 100_000)),
        "docx that unpacks to 60 MB": (
            "docx", zipped({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": b"<a>" + b" " * 60_000_000})
        ),
        "docx with a billion laughs": (
            "docx",
            zipped({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": laughs + "<a>&l9;</a>"}),
        ),
        "pdf with a huge page": ("pdf", pdf().replace(b"[0 0 300 400]", b"[0 0 9e9 9e9]")),
    }  # fmt: skip


def crowded_video() -> bytes:
    """Write a Matroska file with 21 sound streams."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as made:
        streams = [made.add_stream("pcm_s16le", rate=8000, layout="mono") for _ in range(21)]
        with av.open(io.BytesIO(wav(0.2))) as source:
            for frame in source.decode(audio=0):
                for stream in streams:
                    made.mux(stream.encode(frame))
    return out.getvalue()


def long_video(hours: float) -> bytes:
    """Write a film of two frames whose last frame is shown `hours` after the first."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as made:
        stream = made.add_stream("mpeg4", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for second in (0, int(hours * 3600)):
            frame = av.VideoFrame.from_image(scenery(64, 36))
            frame.pts = second
            made.mux(stream.encode(frame))
        made.mux(stream.encode())
    return out.getvalue()
