"""Films and sounds that begin with something else, have pixels that are not square, or lie on their side."""

# ruff: noqa: E501  tables read better with a line each

from __future__ import annotations

import io
import struct
from fractions import Fraction

import av
import pytest

from tests.services import media_files as files
from tests.services.media_batch import read_all
from webapp.errors import Invalid
from webapp.services.sniff import FORMATS, sniff

SIZE = (160, 120)
ONE = 1 << 16


def box(kind: bytes, content: bytes = b"", *, large: bool = False) -> bytes:
    if large:
        return struct.pack(">I4sQ", 1, kind, len(content) + 16) + content
    return struct.pack(">I4s", len(content) + 8, kind) + content


def film(container: str = "mov", *, shape: Fraction | None = None, matrix: tuple[int, ...] = ()) -> bytes:
    """Write two frames, orange above blue; `matrix` is a b c d of the display matrix."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        stream = made.add_stream("mpeg4", rate=12)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        if shape:
            stream.codec_context.sample_aspect_ratio = shape
        if matrix:
            a, b, c, d = (value * ONE for value in matrix)
            stream.set_display_matrix([a, b, 0, c, d, 0, 0, 0, 1 << 30])
        for _ in range(2):
            made.mux(stream.encode(av.VideoFrame.from_image(files.scenery(*SIZE))))
        made.mux(stream.encode())
    return out.getvalue()


@pytest.mark.parametrize("first", [
    box(b"free"), box(b"free", bytes(90)), box(b"skip", b"x" * 9), box(b"wide"), box(b"uuid", bytes(40)),
    box(b"pnot", bytes(12)) + box(b"PICT", bytes(50)), box(b"free", bytes(9), large=True), box(b"free") * 20,
    box(b"free", bytes(6000)),
])  # fmt: skip
@pytest.mark.parametrize("container", ["mp4", "mov"])
def test_a_film_may_begin_with_other_boxes(first, container):
    content = first + film(container)
    assert sniff(content[:4096], io.BytesIO(content)) == FORMATS[container]


def test_other_boxes_before_a_film_do_no_harm_to_reading_it():
    whole = film("mp4")
    brand = whole[8 : int.from_bytes(whole[:4], "big") - 8]  # eight bytes less, so that all offsets stay right
    rest = whole[len(brand) + 16 :]
    made = {kind: box(kind.encode()) + box(b"ftyp", brand) + rest for kind in ("free", "skip", "wide")}
    made["uuid"] = box(b"uuid", bytes(len(brand) + 8)) + rest
    read = read_all({kind: ("video", "mp4", content) for kind, content in made.items()})
    assert {name: outcome.facts.get("width") for name, outcome in read.items()} == dict.fromkeys(read, SIZE[0])


@pytest.mark.parametrize(("content", "form"), [
    (box(b"moov", bytes(8)), "mov"), (box(b"wide") + box(b"mdat", bytes(8)), "mov"), (struct.pack(">I4s", 0, b"mdat") + bytes(9), "mov"),
    (box(b"styp", b"msdh") + box(b"moov", bytes(8)), "mp4"), (b"The wide river", "txt"), (b"    free lunch", "txt"),
])  # fmt: skip
def test_boxes_without_a_brand(content, form):
    assert sniff(content) == FORMATS[form]


def test_a_piece_of_a_stream_says_so():
    with pytest.raises(Invalid, match="piece of a streamed video"):
        sniff(box(b"styp", b"msdh") + box(b"moof", bytes(8)) + box(b"mdat", bytes(8)))


def test_films_have_the_shape_and_the_side_up_that_players_show():
    made = {
        ("4:3 pixels", (213, 120), "top"): film(shape=Fraction(4, 3)),
        ("narrow pixels", (160, 135), "top"): film(shape=Fraction(8, 9)),
        ("square pixels", SIZE, "top"): film(shape=Fraction(1, 1)),
        ("pixels of nonsense", SIZE, "top"): film("avi", shape=Fraction(1, 60_000)),
        ("4:3 pixels in AVI", (213, 120), "top"): film("avi", shape=Fraction(4, 3)),
        ("4:3 pixels in Matroska", (213, 120), "top"): film("matroska", shape=Fraction(4, 3)),
        ("4:3 pixels on their side", (120, 213), "right"): film(shape=Fraction(4, 3), matrix=(0, 1, -1, 0)),
        ("turned to the right", (120, 160), "right"): film(matrix=(0, 1, -1, 0)),
        ("turned to the left", (120, 160), "left"): film(matrix=(0, -1, 1, 0)),
        ("upside down", SIZE, "bottom"): film(matrix=(-1, 0, 0, -1)),
        ("mirrored", SIZE, "top"): film(matrix=(-1, 0, 0, 1)),
        ("flipped", SIZE, "bottom"): film(matrix=(1, 0, 0, -1)),
        ("across one diagonal", (120, 160), "left"): film(matrix=(0, 1, 1, 0)),
        ("across the other", (120, 160), "right"): film(matrix=(0, -1, -1, 0)),
    }
    forms = {"AVI": "avi", "nonsense": "avi", "Matroska": "mkv"}
    inputs = {name: ("video", forms.get(name.split()[-1], "mov"), content) for (name, _, _), content in made.items()}
    for (name, size, side), outcome in zip(made, read_all(inputs).values(), strict=True):
        assert outcome.size == size, name
        assert outcome.picture.size == size, name
        width, height = size
        edges = {
            "top": (width // 2, 4),
            "bottom": (width // 2, height - 5),
            "left": (4, height // 2),
            "right": (width - 5, height // 2),
        }
        red, _, blue = outcome.picture.convert("RGB").getpixel(edges[side])
        assert red > 160 > blue, name


def id3(size: int = 300, version: int = 3) -> bytes:
    return (
        b"ID3"
        + bytes((version, 0, 0))
        + bytes((size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127))
        + bytes(size)
    )


def wave_of(first: bytes, kind: bytes = b"RIFF") -> bytes:
    plain = files.wav(0.5)
    return (
        kind
        + struct.pack("<I", 0xFFFFFFFF if kind != b"RIFF" else len(plain) + len(first) - 8)
        + b"WAVE"
        + first
        + plain[12:]
    )


def test_sounds_behind_tags_and_chunks_are_read():
    aac, mp3, plain = files.MAKERS["aac"](), files.MAKERS["mp3"](), files.wav(0.5)
    bare = mp3[10 + (mp3[6] << 21 | mp3[7] << 14 | mp3[8] << 7 | mp3[9]) :]
    sizes = b"ds64" + struct.pack("<IQQQI", 28, len(plain) + 28, len(plain) - 44, 0, 0)
    sounds = {
        "aac behind a tag": ("aac", id3() + aac),
        "aac behind two tags": ("aac", id3(50, 4) + id3(9000) + aac),
        "aac behind a tag with a picture": ("aac", id3(200_000) + aac),
        "mp3 without a tag": ("mp3", bare),
        "mp3 behind a large tag": ("mp3", id3(200_000) + bare),
        "mp3 in the middle of a frame": ("mp3", bare[100:]),
        "wav with another chunk first": ("wav", wave_of(b"JUNK\x1c\0\0\0" + bytes(28))),
        "wav with an odd chunk first": ("wav", wave_of(b"bext\x03\0\0\0abc\0")),
        "RF64": ("wav", wave_of(sizes, b"RF64")),
        "BW64": ("wav", wave_of(sizes, b"BW64")),
    }
    assert {name: sniff(content[:4096], io.BytesIO(content)).format for name, (_, content) in sounds.items()} == {
        name: form for name, (form, _) in sounds.items()
    }
    read = read_all({name: ("audio", form, content) for name, (form, content) in sounds.items()})
    assert {name: outcome.refused for name, outcome in read.items() if outcome.refused} == {}
    assert all(400 < outcome.facts["duration_ms"] < 1200 for outcome in read.values())


@pytest.mark.parametrize(("content", "words"), [
    (b"fLaC" + bytes(40), "a FLAC sound file"), (id3() + b"fLaC" + bytes(40), "a FLAC sound file"),
    (id3(9000) + bytes(20) + b"fLaC" + bytes(40), "a FLAC sound file"), (b"#!AMR\n\x00\x00", "AMR recording"),
    (b"FORM\x00\x00\x10\x00AIFF", "AIFF"), (b"G" + bytes(187) + b"G" + bytes(187) + b"G", "transport stream"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n" + bytes(9), "JPEG XL"), (b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(9), "JPEG 2000"),
    (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x00", "raw picture"),
])  # fmt: skip
def test_relatives_that_are_not_taken_are_called_by_their_names(content, words):
    with pytest.raises(Invalid, match=words) as caught:
        sniff(content[:4096], io.BytesIO(content))
    assert caught.value.message.startswith("This is ")
