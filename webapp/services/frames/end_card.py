"""The end card: logo mark, the real headline and call to action, on the brand's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services.frames.colors import DARK, INK, PAPER, RGB, contrast, lettering_on, mix
from webapp.services.frames.geometry import ellipse, rect, rounded
from webapp.services.frames.lettering import Block, Lettering, fit, printable
from webapp.services.frames.props import HALF_WIDTHS, draw_prop

if TYPE_CHECKING:
    from webapp.services.frames.board import Board
    from webapp.services.frames.scene import Scene


def draw_end_card(board: Board, scene: Scene) -> None:
    """Draw the card in one of two layouts: everything in the middle, or the product beside the words."""
    ground, ink = lettering_on(board.palette.ground)
    w, h = board.width, board.height
    board.paper(rect(0, 0, w, h), color=mix(ground, PAPER, 0.04))
    board.marker(rect(-4, -4, w + 8, h + 8), mix(ground, PAPER, 0.86), 0.9, angle=-34, gap=40, bands=0.5)
    board.rng.choice((_centred, _with_product))(board, scene, ground, ink)


def _centred(board: Board, scene: Scene, ground: RGB, ink: RGB) -> None:
    w, h, s = board.width, board.height, board.short_side
    title = fit(printable(scene.headline), w * 0.80, h * 0.30, s * 0.105)
    button = _button_text(board, scene, w * 0.66)
    logo, gap = s * 0.25, s * 0.065
    total = logo + gap + _title_height(board, title) + (gap * 1.1 + _button_height(button) if button.lines else 0)
    y = (h - total) * 0.48
    _draw_logo(board, scene, w / 2, y + logo / 2, logo / 2, ground)
    y += logo + gap
    _write_title(board, title, w / 2, y, ink, s * 0.6, centred=True)
    y += _title_height(board, title) + gap * 1.1
    _draw_button(board, button, w / 2, y, ground, centred=True)


def _with_product(board: Board, scene: Scene, ground: RGB, ink: RGB) -> None:
    w, h, s = board.width, board.height, board.short_side
    disc = s * (0.36 if board.broad else 0.33)
    cx, cy = (w * 0.73, h * 0.5) if board.broad else (w / 2, h * (0.31 if board.tall else 0.32))
    disc = min(disc, h * 0.26) if not board.broad else disc
    halo = ellipse(cx, cy, disc, disc)
    board.paper(halo)
    board.marker(halo, mix(board.palette.second, PAPER, 0.55), 0.7, gap=18)
    board.pen(halo, 3.2, closed=True, again=0.6)
    size = min(disc * 1.42, disc * 0.80 / HALF_WIDTHS[scene.prop])
    board.marker(ellipse(cx + disc * 0.1, cy + size * 0.46, disc * 0.55, disc * 0.06), DARK, 0.5, gap=8, angle=-4)
    draw_prop(
        board,
        scene.prop,
        cx,
        cy + size * 0.46,
        size,
        _apart(board.palette.main, mix(board.palette.second, PAPER, 0.55)),
    )
    if board.broad:
        _words_left(board, scene, ground, ink)
        return
    y = cy + disc + s * 0.07
    button = _button_text(board, scene, w * 0.66)
    left = h * 0.95 - y - (_button_height(button) + s * 0.08 if button.lines else 0)
    title = fit(printable(scene.headline), w * 0.84, left, s * 0.10)
    _write_title(board, title, w / 2, y, ink, s * 0.6, centred=True)
    _draw_button(board, button, w / 2, y + _title_height(board, title) + s * 0.06, ground, centred=True)


def _words_left(board: Board, scene: Scene, ground: RGB, ink: RGB) -> None:
    w, h, s = board.width, board.height, board.short_side
    title = fit(printable(scene.headline), w * 0.40, h * 0.42, s * 0.11, lines=4)
    button = _button_text(board, scene, w * 0.34)
    logo, gap = s * 0.14, s * 0.05
    total = logo + gap + _title_height(board, title) + (gap * 1.3 + _button_height(button) if button.lines else 0)
    x, y = w * 0.085, (h - total) / 2
    _draw_logo(board, scene, x + logo / 2, y + logo / 2, logo / 2, ground)
    y += logo + gap
    _write_title(board, title, x, y, ink, w * 0.36, centred=False)
    _draw_button(board, button, x, y + _title_height(board, title) + gap * 1.3, ground, centred=False)


def _apart(color: RGB, ground: RGB) -> RGB:
    """Return a colour that does not vanish on the ground."""
    return color if contrast(color, ground) > 1.5 else mix(color, INK, 0.4)


def _button_text(board: Board, scene: Scene, width: float) -> Block:
    return fit(printable(scene.button), width, board.short_side * 0.12, board.short_side * 0.052, lines=2)


def _button_height(text: Block) -> float:
    return text.height + text.size * 1.25


def _title_height(board: Board, title: Block) -> float:
    return title.height if title.lines else board.short_side * 0.15


def _write_title(board: Board, title: Block, x: float, y: float, ink: RGB, width: float, *, centred: bool) -> None:
    """Set the headline, or the two strokes that stand for one the font cannot set."""
    if title.lines:
        board.lettering.append(Lettering(title, x, y, ink, centred))
        return
    start = x - width / 2 if centred else x
    for k, (share, pen) in enumerate(((1.0, 13.0), (0.68, 8.0))):
        left = start + (width * (1 - share) / 2 if centred else 0)
        level = y + board.short_side * (0.035 + 0.08 * k)
        board.pen(
            [(left, level), (left + width * share / 2, level - 3 * board.unit), (left + width * share, level + 1)],
            pen,
            ink,
            taper=(0.04, 0.05),
        )


def _draw_button(board: Board, text: Block, x: float, y: float, ground: RGB, *, centred: bool) -> None:
    if not text.lines:
        return
    fill, ink = lettering_on(board.palette.second)
    if contrast(fill, ground) < 1.6:
        fill, ink = PAPER, INK
    pad = text.size * 1.3
    width, height = text.width + pad * 2, _button_height(text)
    left = x - width / 2 if centred else x
    shape = rounded(left, y, width, height, height / 2)
    board.paper(shape, color=fill)
    board.marker(shape, mix(fill, PAPER, 0.8), 0.8, gap=12, bands=0.5)
    board.pen(shape, 3.0, INK if contrast(ground, INK) > 2 else PAPER, closed=True, smooth=False, again=0.6)
    board.lettering.append(Lettering(text, left + width / 2, y + (height - text.height) / 2, ink))


def _draw_logo(board: Board, scene: Scene, x: float, y: float, radius: float, ground: RGB) -> None:
    """Draw a disc with the first letter of the name, or a peak when there is none that can be set."""
    disc = ellipse(x, y, radius, radius)
    board.paper(disc)
    board.pen(disc, 3.2, closed=True, again=0.6)
    initial = next((letter for letter in printable(scene.headline) if letter.isalnum()), "")
    ink = ground if contrast(ground, PAPER) >= 3 else INK
    if initial:
        block = fit(initial.upper(), radius * 2, radius * 2, radius * 1.05)
        board.lettering.append(Lettering(block, x, y - block.height / 2, ink))
    else:
        peak = [
            (x - radius * 0.45, y + radius * 0.25),
            (x - radius * 0.08, y - radius * 0.42),
            (x + radius * 0.5, y + radius * 0.32),
        ]
        board.pen(peak, 6, ink, again=0.4)
