"""Pictures that a browser shows are accepted, whatever is wrong beside their pixels, and look as they do there."""

from __future__ import annotations

import base64
import io
import struct
from functools import cache
from importlib.util import find_spec

import pytest
from PIL import Image

from tests.services import media_files as files
from tests.services import odd_pictures as odd
from tests.services.media_batch import Outcome, read_all
from webapp.errors import Invalid
from webapp.services.media import MediaLimits, probe
from webapp.services.sniff import FORMATS, sniff, sniff_file

FAMILIES = {"jpg": odd.jpegs, "png": odd.pngs, "webp": odd.webps, "gif": odd.gifs, "avif": odd.avifs}
ORANGE = (224, 112, 32)
ORIENTED = {  # where the orange half and what is upright end up; a mirrored picture looks the same
    1: "top", 2: "top", 3: "bottom", 4: "bottom", 5: "left", 6: "right", 7: "right", 8: "left",
}  # fmt: skip
# One HEIC picture of 64 by 40, orange above blue; no package of ours can write one.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAADYAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAKAAAAAEAAAAAAAAAAv///+gAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAD5tZGF0AAAAMigBrxmArkek02OzX9fdKpiFPOt+hcwqRV8DuRID"
    "/HCOcDujakyyDFWXK9V+W/uVT5Nw"
)


def near(one: tuple[int, ...], other: tuple[int, ...], most: int = 14) -> bool:
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=False))


@cache
def outcomes() -> dict[str, dict[str, Outcome]]:
    """Read every odd picture once, all in one process."""
    named = {(form, name): content for form, made in FAMILIES.items() for name, content in made().items()}
    found = read_all({f"{form} {name}": ("image", form, content) for (form, name), content in named.items()})
    return {form: {name: found[f"{form} {name}"] for (of, name) in named if of == form} for form in FAMILIES}


@pytest.mark.parametrize("form", FAMILIES)
def test_what_is_wrong_beside_the_pixels_does_no_harm(form):
    refused = {name: outcome.refused for name, outcome in outcomes()[form].items() if outcome.refused}
    assert refused == {}
    assert {outcome.size for outcome in outcomes()[form].values()} == {odd.SIZE}


@pytest.mark.parametrize("form", FAMILIES)
def test_the_picture_itself_is_the_same(form):
    other_colours = ("grey", "grey with alpha", "one bit", "cut off in its last lines", "orientation of a wrong type")
    for name, outcome in outcomes()[form].items():
        if name not in other_colours:
            assert near(outcome.picture.convert("RGB").getpixel((4, 4)), ORANGE), name


def test_pillow_alone_refuses_some_of_them():
    """The control: these pictures are broken indeed for a decoder that is given the file as it is."""
    refused = 0
    for form, made in FAMILIES.items():
        for content in made().values():
            try:
                with Image.open(io.BytesIO(content), formats=[form.replace("jpg", "jpeg").upper()]) as image:
                    image.load()
                    image.getexif()
            except Exception:  # noqa: BLE001  whatever a decoder raises
                refused += 1
    assert refused > 10


@pytest.mark.parametrize("form", ["jpg", "png", "webp"])
def test_orientation_is_kept_to_wherever_it_is_written(form):
    made = {
        "jpg": lambda exif: odd.jpeg(odd.segment(0xE1, exif)),
        "png": lambda exif: odd.png(odd.chunk(b"eXIf", exif[6:])),
        "webp": lambda exif: odd.webp((b"EXIF", exif[6:]), flags=8),
    }[form]
    pictures = {str(number): made(odd.exif(number, order="<>"[number % 2])) for number in ORIENTED}
    for name, outcome in read_all({name: ("image", form, content) for name, content in pictures.items()}).items():
        lies = int(name) >= 5
        assert outcome.size == (odd.SIZE[::-1] if lies else odd.SIZE), name
        picture = outcome.picture.convert("RGB")
        width, height = picture.size
        edges = {
            "top": (width // 2, 2), "bottom": (width // 2, height - 3),
            "left": (2, height // 2), "right": (width - 3, height // 2),
        }  # fmt: skip
        assert near(picture.getpixel(edges[ORIENTED[int(name)]]), ORANGE, 20), name


EXPECTED = {  # what Chromium shows in the upper left corner (measured); without gamma and profile it were 224, 112, 32
    "gamma 1.0": (241, 177, 99),
    "gamma 0.33": (215, 82, 7),
    "gamma 1.0 with sRGB's points": (241, 177, 99),
    "gamma 0.45455 with wide points": (242, 104, 0),
    "gamma 1.0 that sRGB overrules": ORANGE,
    "gamma 1.0 that a profile overrules": (112, 224, 32),
    "gamma 1.0 behind a profile of noise": (241, 177, 99),
    "gamma 1.0 of a palette": (241, 177, 99),
    "gamma 1.0 of greys": (193, 193, 193),
    "a profile of its own": (112, 224, 32),
    "a profile in a palette": (112, 224, 32),
    "wide colours by number": (241, 104, 0),
    "sRGB by number": ORANGE,
    "a JPEG's profile": (112, 224, 32),
    "a WebP's profile": (112, 224, 32),
    "an AVIF's profile": (112, 224, 32),
}


def test_colours_are_those_that_a_browser_shows():
    made = odd.coloured()
    read = read_all({name: ("image", form, content) for name, (form, content) in made.items()})
    shown = {name: outcome.picture.convert("RGB").getpixel((4, 4)) for name, outcome in read.items()}
    assert {name: colour for name, colour in shown.items() if not near(colour, EXPECTED[name], 6)} == {}


def test_a_palette_keeps_its_clear_colours_and_16_bits_their_colours():
    outcome = outcomes()["png"]["a palette with clear colours"]
    assert outcome.facts["has_alpha"]
    assert outcomes()["png"]["16 bits a channel"].facts["has_alpha"] is False


def test_animations_are_counted():
    frames = {form: outcomes()[form]["animated"].facts["frame_count"] for form in ("webp", "avif")}
    assert frames == {"webp": 2, "avif": 2}
    apng = files.saved(
        files.scenery(*odd.SIZE), "PNG", save_all=True, append_images=[Image.new("RGB", odd.SIZE, "red")] * 3
    )
    assert read_all({"apng": ("image", "png", apng)})["apng"].facts["frame_count"] == 4


@pytest.mark.parametrize(("major", "others", "form"), [
    (b"avif", [b"mif1"], "avif"), (b"avis", [b"msf1"], "avif"), (b"mif1", [b"miaf", b"avif"], "avif"),
    (b"msf1", [b"avis"], "avif"), (b"isom", [b"mp41"], "mp4"), (b"mp42", [b"avc1"], "mp4"), (b"M4A ", [], "m4a"),
    (b"qt  ", [], "mov"), (b"3gp5", [], "mp4"),
])  # fmt: skip
def test_brands_tell_pictures_from_films(major, others, form):
    box = major + bytes(4) + b"".join(others)
    assert sniff(struct.pack(">I", len(box) + 8) + b"ftyp" + box) == FORMATS[form]


@pytest.mark.parametrize("major", [b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"])
def test_heic_is_read_with_its_extra_and_without_says_how_to_get_it(tmp_path, major):
    path = tmp_path / "photo.jpg"
    path.write_bytes(HEIC[:8] + major + HEIC[12:])
    if find_spec("pi_heif"):
        probed = probe(path, sniff_file(path))
        assert (probed.sniffed.format, probed.width, probed.height) == ("heic", 64, 40)
        return
    with pytest.raises(Invalid, match="HEIC picture") as caught:
        sniff_file(path)
    assert "EXTRAS=heic" in caught.value.hint
    assert "JPEG" in caught.value.hint


def test_a_large_jpeg_is_shrunk_while_it_is_decoded(tmp_path):
    """8064 by 6048, what phones take: in less address space than two copies of all its pixels would need."""
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (8064, 6048), (120, 160, 90)).save(path, quality=60)
    probed = probe(path, FORMATS["jpg"], MediaLimits(address_space_bytes=350_000_000))
    assert (probed.width, probed.height) == (8064, 6048)
