"""What a composition is told of the scene it draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.services.frames.board import Board
from webapp.services.frames.faces import Person, cast

if TYPE_CHECKING:
    from webapp.services.frames.colors import RGB


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The things a composition may draw."""

    prop: str
    """A key of props.PROPS."""
    place: str
    """A key of places.PLACES that the words ask for, or empty: the composition chooses."""
    beat: str
    headline: str = ""
    button: str = ""

    def somewhere(self, board: Board, choices: tuple[str, ...]) -> str:
        """Return the place the words ask for, or one of `choices`."""
        fallback = board.rng.choice(choices)
        return self.place or fallback

    def someone(self, board: Board, *, unlike: Person | None = None) -> Person:
        """Invent a person dressed in one of the brand's colours (`unlike` another: in the other one)."""
        palette = board.palette
        tops: tuple[RGB, ...] = (palette.main, palette.second)
        if unlike is not None:
            tops = tuple(top for top in (*tops, palette.accent) if top != unlike.top) or tops
        return cast(board.rng, board.rng.choice(tops), self.beat, unlike=unlike)

    def prop_color(self, board: Board, person: Person) -> RGB:
        """Return a brand colour for the product that stands out from what the person wears."""
        return board.palette.second if person.top == board.palette.main else board.palette.main


Composition = Callable[[Board, Scene], None]
