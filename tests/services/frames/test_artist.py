"""The sketch artist: every shot type in every ratio, the same hand twice, and odd words from brands and briefs."""

from __future__ import annotations

import dataclasses
from functools import cache
from itertools import cycle, pairwise

import numpy as np
import pytest
from PIL import Image, ImageChops

from webapp.services.frames import artist
from webapp.services.frames.arrows import with_arrows
from webapp.services.frames.artist import COMPOSITIONS, Shot
from webapp.services.frames.colors import Palette, contrast, lettering_on, luminance
from webapp.services.frames.props import PROPS
from webapp.services.frames.sizes import SIZES
from webapp.services.frames.words import PLACES, PRODUCTS, find_kind
from webapp.services.writers.base import BEATS, CAMERA_MOVES, SHOT_TYPES

GREEN, AMBER = "#1f7a63", "#eba23b"


def shot(**changes: object) -> Shot:
    plain = Shot(shot_type="medium", camera_move="static", beat="proof", ratio="1:1", colors=(GREEN, AMBER), seed=3)
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image, np.int16)


@cache
def drawn(one: Shot) -> Image.Image:
    """The shot without arrows; kept, because several tests look at the same ones."""
    return artist.draw(one, arrows=False)


def share_near(image: Image.Image, color: tuple[int, int, int], reach: int = 45) -> float:
    return float((np.abs(pixels(image) - color).max(axis=2) < reach).mean())


def test_the_artist_knows_every_shot_type_of_the_contract() -> None:
    assert set(COMPOSITIONS) == set(SHOT_TYPES)


@pytest.mark.parametrize("ratio", SIZES)
def test_every_shot_type_is_composed_for_every_ratio(ratio: str) -> None:
    for shot_type in SHOT_TYPES:
        board = artist.compose(shot(shot_type=shot_type, ratio=ratio))
        assert (board.width, board.height) == SIZES[ratio]
        assert len(board.marks) >= 8


@pytest.mark.parametrize(("shot_type", "ratio"), list(zip(SHOT_TYPES, cycle(SIZES), strict=False)))
def test_every_shot_type_fills_its_picture(shot_type: str, ratio: str) -> None:
    image = drawn(shot(shot_type=shot_type, ratio=ratio, headline="Fjell", button="Order today"))
    assert (image.mode, image.size) == ("RGB", SIZES[ratio])
    assert pixels(image.convert("L").resize((64, 64))).std() > 6, "the sheet is nearly blank"


def test_equal_shots_give_equal_bytes() -> None:
    one = shot(shot_type="wide", camera_move="orbit")
    assert artist.draw(one).tobytes() == artist.draw(dataclasses.replace(one)).tobytes()


@pytest.mark.parametrize("shot_type", SHOT_TYPES)
def test_another_seed_gives_another_picture(shot_type: str) -> None:
    first, second = (
        drawn(shot(shot_type=shot_type, headline="Fjell", button="Order today", seed=seed)).resize((160, 160))
        for seed in (3, 4)
    )
    assert np.abs(pixels(first) - pixels(second)).mean() > (3 if shot_type != "end-card" else 0.3)


def test_board_and_plain_are_one_drawing() -> None:
    board, plain = artist.draw_both(shot(camera_move="track"))
    assert plain.tobytes() == drawn(shot()).tobytes()
    assert board.tobytes() == artist.draw(shot(camera_move="track")).tobytes() != plain.tobytes()


@pytest.mark.parametrize("move", [move for move in CAMERA_MOVES if move != "static"])
@pytest.mark.parametrize("ratio", SIZES)
def test_arrows_change_nothing_but_where_they_lie(move: str, ratio: str) -> None:
    plain = drawn(shot(ratio=ratio, headline="Fjell", button="Order today"))
    board = with_arrows(plain, move)
    changed = np.abs(pixels(board) - pixels(plain)).max(axis=2) > 0
    assert 0.002 < changed.mean() < 0.12
    reddened = pixels(board)[changed].mean(axis=0)
    assert reddened[0] > reddened[1] + 40, "what changed is red ink"


@pytest.mark.parametrize("move", ["static", "", "teleport"])
def test_a_still_camera_has_no_arrows(move: str) -> None:
    assert with_arrows(drawn(shot()), move).tobytes() == drawn(shot()).tobytes()


def test_the_brand_colour_is_what_the_product_wears() -> None:
    product = shot(shot_type="product", subject="bottle")
    green = artist.draw(product)
    violet = artist.draw(dataclasses.replace(product, colors=("#5b3fd6", AMBER)))
    assert share_near(green, (31, 122, 99)) > 0.02 > share_near(violet, (31, 122, 99))
    assert share_near(violet, (91, 63, 214)) > 0.02 > share_near(green, (91, 63, 214))


@pytest.mark.parametrize(
    "colors",
    [
        (),
        ("", "red", "#12", "#ggg", "javascript:alert(1)", "#" * 4000),
        ("#ffffff", "#FFF", "#fefefe"),
        ("#000000",),
        ("#000", "#fff"),
        ("#fff", GREEN),
        ("1f7a63", "#eba23bff", "#0f0a"),
        tuple(f"#{n:06x}" for n in range(0, 0xFFFFFF, 0x3FFFF)),
    ],
)
def test_any_colours_give_a_readable_drawing(colors: tuple[str, ...]) -> None:
    image = drawn(shot(shot_type="end-card", colors=colors, headline="Name", button="Go", ratio="16:9"))
    gray = pixels(image.convert("L"))
    assert np.percentile(gray, 99.8) - np.percentile(gray, 0.2) > 110, "dark and light are both there"
    palette = Palette.of(colors)
    assert all(0.05 < luminance(color) < 0.9 for color in (palette.main, palette.second, palette.accent))


@pytest.mark.parametrize(
    ("headline", "button"),
    [
        ("", ""),
        ("x" * 300, "y" * 300),
        ("A name of many words that simply will not come to an end " * 6, "Order one of our bottles right now " * 5),
        ("🎉🎉🎉", "🚀"),
        ("مرحبا بالعالم", "שלום"),
        ("咖啡", "买"),
        ("Żółć Ćevapi Øl", "Jetzt bestellen — für Größe"),
        ("\u202egnirb\u0000\n\t\ud83d", "\u200b"),
    ],
)
@pytest.mark.parametrize("ratio", SIZES)
def test_lettering_stays_inside_the_end_card(headline: str, button: str, ratio: str) -> None:
    for seed in range(6):
        card = artist.compose(shot(shot_type="end-card", ratio=ratio, headline=headline, button=button, seed=seed))
        for text in card.lettering:
            left = text.x - text.block.width / 2 if text.centred else text.x
            assert left >= card.width * 0.03
            assert left + text.block.width <= card.width * 0.97
            assert text.y >= card.height * 0.03
            assert text.y + text.block.height <= card.height * 0.97
            assert text.block.size >= 12
        for one, other in pairwise(sorted(card.lettering, key=lambda text: text.y)):
            assert one.y + one.block.height <= other.y, "lines of text lie on each other"


@pytest.mark.parametrize("ratio", SIZES)
def test_nothing_is_drawn_into_the_rim_of_the_longest_end_card(ratio: str) -> None:
    words = "A name of many words that will not come to an end " * 6
    image = artist.draw(shot(shot_type="end-card", ratio=ratio, headline=words, button=words), arrows=False)
    edge = round(min(image.size) * 0.015)
    gray = pixels(image.convert("L"))
    rim = np.concatenate([gray[:edge].ravel(), gray[-edge:].ravel(), gray[:, :edge].ravel(), gray[:, -edge:].ravel()])
    assert np.percentile(rim, 99.9) - np.percentile(rim, 0.1) < 70


def test_the_end_card_really_carries_the_words() -> None:
    card = shot(shot_type="end-card", headline="Fjell", button="Order")
    other = dataclasses.replace(card, headline="Fjord", button="Order")
    difference = ImageChops.difference(artist.draw(card), artist.draw(other)).convert("L")
    left, top, right, bottom = difference.point([0] * 60 + [255] * 196).getbbox() or (0, 0, 0, 0)
    assert right - left > 40
    assert bottom - top > 10


@pytest.mark.parametrize("value", range(0, 256, 15))
def test_lettering_reads_on_every_ground(value: int) -> None:
    for color in ((value, value, value), (value, 90, 40), (30, value, 200), (250, value, 120)):
        ground, ink = lettering_on(color)
        assert contrast(ground, ink) >= 4.5
    naive = (250, 248, 243)
    assert contrast((255, 200, 0), naive) < 4.5 < contrast(*lettering_on((255, 200, 0))), "always-white fails"


def test_a_word_the_vocabulary_lacks_is_drawn_as_something_sensible() -> None:
    image = artist.draw(shot(shot_type="hologram", camera_move="teleport", beat="?", ratio="3:2", seed=-7))
    assert image.size == SIZES["16:9"]


@pytest.mark.parametrize("seed", [-1, 0, 2**31, 2**64 + 5])
def test_any_whole_number_is_a_seed(seed: int) -> None:
    assert artist.draw(shot(shot_type="end-card", seed=seed)).size == SIZES["1:1"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A cold brew coffee that is ready before you are", "cup"),
        ("Die neue Trinkflasche aus Stahl, eine Flasche fürs Leben", "bottle"),
        ("Una aplicación móvil para tu banco, la app", "phone"),
        ("Zapatillas ligeras para correr", "shoe"),
        ("Une crème hydratante, un sérum", "tube"),
        ("Das Elektroauto für die Stadt: ein Auto", "car"),
        ("carpet cleaning and scarcity", ""),
        ("", ""),
    ],
)
def test_words_choose_the_product(text: str, kind: str) -> None:
    assert find_kind(text, PRODUCTS) == kind


def test_every_product_and_place_word_has_a_drawing() -> None:
    from webapp.services.frames.places import PLACES as DRAWN

    assert set(PRODUCTS) == set(PROPS)
    assert set(PLACES) <= set(DRAWN)


@pytest.mark.parametrize("kind", PROPS)
@pytest.mark.parametrize("ratio", ["16:9", "9:16"])
def test_every_product_can_be_in_every_shot(kind: str, ratio: str) -> None:
    word = PRODUCTS[kind].split()[0]
    for seed, shot_type in enumerate(SHOT_TYPES):
        board = artist.compose(shot(shot_type=shot_type, subject=word, beat=BEATS[seed % 5], ratio=ratio, seed=seed))
        assert len(board.marks) >= 8
        for mark in board.marks:
            assert all(np.isfinite(shape).all() for shape in mark.shapes)


def test_dark_brand_colours_are_lifted_for_drawing_but_kept_on_the_end_card() -> None:
    palette = Palette.of(("#05060f", "#f3e9c6"))
    assert palette.ground == (5, 6, 15)
    assert luminance(palette.main) > 0.05
