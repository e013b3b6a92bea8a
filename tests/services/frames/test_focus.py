"""Assets as frames: the subject stays in the crop, small and cut-out pictures get a ground."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from webapp.services.frames.encode import thumbnail, webp
from webapp.services.frames.focus import cover, crop_asset, find_focus
from webapp.services.frames.sizes import SIZES

RED = (200, 40, 40)


def landscape(x: int, size: tuple[int, int] = (1600, 900)) -> Image.Image:
    """A quiet wall with a red box whose left edge is at x."""
    noise = np.random.RandomState(4).normal(0, 6, (size[1], size[0], 1))
    image = Image.fromarray(np.clip(np.array([176, 182, 190]) + noise, 0, 255).astype(np.uint8))
    ImageDraw.Draw(image).rectangle((x, 330, x + 170, 660), fill=RED)
    return image


def redness(image: Image.Image) -> float:
    return float((np.abs(np.asarray(image, np.int16) - RED).max(axis=2) < 60).mean())


@pytest.mark.parametrize("x", [60, 420, 1050, 1390])
def test_the_crop_keeps_a_subject_off_the_centre(x: int) -> None:
    tall = crop_asset(landscape(x), "9:16")
    assert tall.size == SIZES["9:16"]
    assert redness(tall) > 0.10


def test_a_crop_of_the_centre_would_lose_it() -> None:
    assert redness(cover(landscape(1390), "9:16", (0.5, 0.5))) == 0


def test_a_given_place_wins() -> None:
    assert redness(cover(landscape(60), (300, 500), (1.0, 0.5))) == 0
    assert redness(cover(landscape(60), (300, 500), (0.0, 0.5))) > 0.1


def test_the_focus_is_near_the_subject() -> None:
    x, y = find_focus(landscape(1300), (0.3, 0.6))
    assert abs(x - (1300 + 85) / 1600) < 0.08
    assert abs(y - 495 / 900) < 0.12


@pytest.mark.parametrize("ratio", SIZES)
@pytest.mark.parametrize("size", [(8, 8), (1, 900), (3000, 40), (300, 200), (2400, 1600)])
def test_any_size_becomes_a_frame(ratio: str, size: tuple[int, int]) -> None:
    frame = crop_asset(Image.new("RGB", size, (90, 120, 200)), ratio)
    assert (frame.mode, frame.size) == ("RGB", SIZES[ratio])


def test_a_small_picture_is_not_blown_up() -> None:
    checks = Image.fromarray((np.indices((120, 160)).sum(axis=0) // 20 % 2 * 255).astype(np.uint8)).convert("RGB")
    frame = crop_asset(checks, "16:9")
    middle, corner = frame.crop((540, 260, 740, 460)), frame.crop((0, 0, 200, 200))
    assert np.asarray(middle.convert("L")).std() > 60
    assert np.asarray(corner.convert("L")).std() < 25


@pytest.mark.parametrize(("size", "fills"), [((640, 360), True), ((320, 180), False)])
def test_a_film_fills_an_upright_frame_unless_it_is_tiny(size: tuple[int, int], fills: bool) -> None:  # noqa: FBT001
    film = landscape(420).resize(size)
    same = ImageChops.difference(crop_asset(film, "9:16"), cover(film, "9:16")).getbbox() is None
    assert same is fills


@pytest.mark.parametrize(("ink", "darker_ground"), [((20, 20, 24), False), ((255, 255, 255), True)])
def test_a_cut_out_stands_on_a_ground_it_can_be_seen_on(ink: tuple[int, int, int], darker_ground: bool) -> None:  # noqa: FBT001
    logo = Image.new("RGBA", (500, 300), (0, 0, 0, 0))
    ImageDraw.Draw(logo).ellipse((100, 50, 400, 250), fill=(*ink, 255))
    frame = crop_asset(logo, "1:1", colors=("#1f7a63",)).convert("L")
    ground, subject = frame.getpixel((10, 10)), frame.getpixel((450, 450))
    assert isinstance(ground, int)
    assert isinstance(subject, int)
    assert abs(ground - subject) > 100
    assert (ground < subject) is darker_ground
    assert frame.getpixel((890, 10)) == ground


def test_an_empty_cut_out_is_a_plain_ground() -> None:
    assert len(crop_asset(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "4:5").getcolors() or []) == 1


@pytest.mark.parametrize("mode", ["L", "LA", "P", "CMYK", "1", "I;16", "RGBA"])
def test_every_kind_of_picture_is_understood(mode: str) -> None:
    assert crop_asset(Image.new(mode, (900, 700)), "16:9").mode == "RGB"


def test_a_camera_arrow_lies_on_the_picture() -> None:
    plain, drawn = (crop_asset(landscape(700), "16:9", arrows_for=move) for move in (None, "pan-left"))
    left, top, right, bottom = ImageChops.difference(plain, drawn).getbbox() or (0, 0, 0, 0)
    assert right - left > 400
    assert bottom - top < 140
    assert ImageChops.difference(plain, crop_asset(landscape(700), "16:9", arrows_for="static")).getbbox() is None


def test_frames_and_thumbnails_are_webp_of_a_sensible_size() -> None:
    picture = crop_asset(landscape(500), "16:9", arrows_for="push-in")
    assert webp(picture)[8:12] == thumbnail(picture)[8:12] == b"WEBP"
    with Image.open(io.BytesIO(thumbnail(picture))) as small:
        assert max(small.size) == 480


def test_a_logo_on_its_own_ground_is_never_cut() -> None:
    logo = Image.new("RGB", (640, 640), "#1f7a63")
    ImageDraw.Draw(logo).ellipse((60, 60, 580, 580), fill="#ffffff")
    frame = crop_asset(logo, "16:9")
    white = np.argwhere(np.asarray(frame.convert("L")) > 200)
    top, left = white.min(axis=0)
    bottom, right = white.max(axis=0)
    assert 0 < top < bottom < frame.height - 1
    assert abs((right - left) - (bottom - top)) <= 3, "the circle is still a circle"
    assert frame.getpixel((2, 2)) == pytest.approx((31, 122, 99), abs=3)
    cut = cover(logo, "16:9")
    assert np.asarray(cut.convert("L"))[0].max() > 200, "control: the crop alone would cut it"


def test_a_logo_that_would_touch_the_edges_of_the_crop_is_shown_whole() -> None:
    logo = Image.new("RGB", (640, 640), "#1f7a63")
    ImageDraw.Draw(logo).rectangle((96, 140, 544, 464), fill="#ffffff")
    white = np.argwhere(np.asarray(crop_asset(logo, "16:9").convert("L")) > 200)
    assert white[:, 0].min() > 100
