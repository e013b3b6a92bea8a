"""The shape of one language's stock of pictures and lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Card(NamedTuple):
    """One picture a camera could take, its title on a card, and a line that only fits this picture."""

    title: str
    picture: str
    voice: str = ""


class World(NamedTuple):
    """One place with its day: three openings, three troubles, three good endings, two later moments.

    The shots are the same in every language (see `stock.SHOTS`): hooks are wide, close-up and tracking; troubles
    medium, close-up and top-down; afters medium, wide and close-up.
    """

    later: tuple[str, str]
    hooks: tuple[Card, Card, Card]
    problems: tuple[Card, Card, Card]
    afters: tuple[Card, Card, Card]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Everything the built-in writer can say in one language.

    Placeholders stand where a phrase needs no inflection: {N} a first name, {P} the product, {A} the audience,
    {M} the message. Apostrophes and French spaces are set typographically when a line is used.
    """

    women: tuple[str, ...]
    men: tuple[str, ...]
    worlds: Mapping[str, World]
    thing: tuple[Card, ...]
    screen: tuple[Card, ...]
    service: tuple[Card, ...]
    message: tuple[Card, ...]
    crowd: tuple[Card, ...]
    talk: tuple[Card, ...]
    split: tuple[Card, ...]
    clock: tuple[Card, ...]
    still: tuple[Card, ...]
    ends: tuple[Card, ...]
    times: tuple[str, ...]
    lines: Mapping[str, tuple[str, ...]]
    """Voice-over by purpose and tone: "hook", "hook.funny" ..."""
    extras: Mapping[str, tuple[str, ...]]
    """Longer sentences for scenes with time, by beat."""
    finish: Mapping[str, tuple[str, ...]]
    """A last stroke for a description (light, sound, pace), by tone."""
    closer: tuple[str, ...]
    wider: tuple[str, ...]
    nobody: str
    accent: tuple[str, ...]
    """Ways to show one of the brief's visual elements {V}; they begin with it, so its capital is right."""
    silence: str
    note: tuple[str, ...]
    mention: tuple[str, ...]
    product: str
    """What to call the product when its own name may not be said."""
