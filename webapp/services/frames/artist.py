"""The sketch artist: a scene's shot, drawn as a storyboard artist would rough it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.services.frames.arrows import with_arrows
from webapp.services.frames.board import Board
from webapp.services.frames.colors import Palette
from webapp.services.frames.end_card import draw_end_card
from webapp.services.frames.raster import Sheet
from webapp.services.frames.scene import Composition, Scene
from webapp.services.frames.shots_busts import draw_close_up, draw_medium, draw_over_the_shoulder
from webapp.services.frames.shots_details import draw_extreme_close_up
from webapp.services.frames.shots_figures import draw_tracking, draw_wide
from webapp.services.frames.shots_montage import draw_montage
from webapp.services.frames.shots_product import draw_pov, draw_product
from webapp.services.frames.shots_table import draw_top_down
from webapp.services.frames.sizes import size_of
from webapp.services.frames.words import PLACES, PRODUCTS, find_kind

if TYPE_CHECKING:
    from PIL import Image

COMPOSITIONS: dict[str, Composition] = {
    "wide": draw_wide,
    "medium": draw_medium,
    "close-up": draw_close_up,
    "extreme-close-up": draw_extreme_close_up,
    "product": draw_product,
    "over-the-shoulder": draw_over_the_shoulder,
    "pov": draw_pov,
    "top-down": draw_top_down,
    "tracking": draw_tracking,
    "montage": draw_montage,
    "end-card": draw_end_card,
}
"""One for each of writers.base.SHOT_TYPES; any other shot type is drawn as a medium shot."""

ANY_PRODUCT = "box"
"""Drawn for a product whose words say nothing: a closed box with the brand's mark is never the wrong thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Everything a sketch depends on: equal shots give equal bytes."""

    shot_type: str
    camera_move: str
    beat: str
    ratio: str
    colors: tuple[str, ...] = ()
    """The brand's hex colours, most important first; what is no colour is ignored."""
    seed: int = 0
    """Varies people, hair, setting, things and layout."""
    subject: str = ""
    """Words about product and scene; they choose what product and which place is drawn."""
    headline: str = ""
    """Brand or product name, set on the end card."""
    button: str = ""
    """Call to action, set on the end card."""


def draw(shot: Shot, *, arrows: bool = True) -> Image.Image:
    """Draw the shot as an RGB image at the size of its ratio, with or without the arrows of its camera move."""
    board_picture, plain = draw_both(shot)
    return board_picture if arrows else plain


def draw_both(shot: Shot) -> tuple[Image.Image, Image.Image]:
    """Draw the shot once and return it (with camera arrows, without); they differ only where the arrows are."""
    board = compose(shot)
    sheet = Sheet(board.width, board.height, shot.seed)
    sheet.paint(board.marks)
    sheet.write(board.lettering)
    plain = sheet.picture()
    return with_arrows(plain, shot.camera_move), plain


def compose(shot: Shot) -> Board:
    """Lay out the shot as marks on a board, not yet painted."""
    width, height = size_of(shot.ratio)
    rng = random.Random(f"{shot.seed}/{shot.shot_type}")
    board = Board(width, height, Palette.of(shot.colors), rng)
    scene = Scene(
        prop=find_kind(shot.subject, PRODUCTS) or ANY_PRODUCT,
        place=find_kind(shot.subject, PLACES),
        beat=shot.beat,
        headline=shot.headline,
        button=shot.button,
    )
    COMPOSITIONS.get(shot.shot_type, draw_medium)(board, scene)
    return board
