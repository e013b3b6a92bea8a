"""Where the ad plays: everything about a brief that stays the same while its scenes are written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from webapp.services import timing
from webapp.services.writers.builtin import stock
from webapp.services.writers.builtin.phrases import Phrases, phrases_of_brief
from webapp.services.writers.builtin.restrictions import Forbidden
from webapp.services.writers.builtin.texts import language_of, texts_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from webapp.services.writers.base import Brief
    from webapp.services.writers.builtin.directions import Directions
    from webapp.services.writers.builtin.texts.base import Texts

_Item = TypeVar("_Item")

_BREATH = 0.96
"""Share of a scene that may be spoken: a voice needs a breath before the cut."""

_WOMEN = (
    r"women|woman|mothers?|mums?|moms?|girls?|frauen|mütter|mädchen|mamas?|mujer|madres?|chicas?|femmes?|mères?|filles?"
)
_MEN = (
    r"\bmen\b|\bman\b|fathers?|dads?|boys?|männer|väter|jungs|papas?|hombres?|padres\b|chicos|hommes?|pères?|garçons?"
)


@dataclass(frozen=True, slots=True)
class Wheel:
    """Turn lists by seed: the same seed always begins at the same place, the next seed always at another."""

    key: str
    seed: int

    def turn(self, name: str, items: Sequence[_Item]) -> tuple[_Item, ...]:
        """Return the items in the order this seed sees them."""
        if not items:
            return ()
        start = (_number(f"{self.key}|{name}") + self.seed) % len(items)
        return (*items[start:], *items[:start])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The brief as the built-in writer understands it."""

    brief: Brief
    language: str
    texts: Texts
    forbidden: Forbidden
    words: Phrases
    wheel: Wheel
    tone: str
    world: str
    form: str
    structure: str
    wishes: Directions

    @property
    def rates(self) -> dict[str, int]:
        """Return the client's own pace by language; empty for the usual one."""
        return {self.language: self.brief.words_per_minute} if self.brief.words_per_minute else {}

    def seconds_of(self, text: str) -> float:
        """Return the seconds a voice needs for `text`."""
        # a plain count of written words, as other meters do it, must hold as well
        plain = len(text.split()) / timing.words_per_second(self.language, self.rates)
        return max(plain, timing.estimate_seconds(text, self.language, self.rates))

    def fits(self, text: str, seconds: float) -> bool:
        """Tell whether a voice can say `text` within a scene of `seconds`."""
        return self.seconds_of(text) <= seconds * _BREATH + 1e-9

    def lines(self, kind: str, tone: str = "") -> tuple[str, ...]:
        """Return the lines of a kind that may be said, filled; those in the tone of the ad first."""
        tone = tone or self.tone
        spoken_as = "warm" if tone == "calm" else tone
        own = self.texts.lines.get(f"{kind}.{spoken_as}", ())
        general = self.texts.lines.get(kind, ())
        return self.fill((*self.wheel.turn(f"{kind}.{tone}", own), *self.wheel.turn(kind, general)))

    def more(self, beat: str) -> tuple[str, ...]:
        """Return the longer sentences of a beat, for scenes with time."""
        return self.fill(self.wheel.turn(f"more.{beat}", self.texts.extras[beat]))

    def fill(self, templates: Iterable[str]) -> tuple[str, ...]:
        """Return templates filled with the brief's words, without those that would say something forbidden."""
        filled = (self.words.fill(t) for t in templates if t and not ("{A}" in t and not self.words.audience))
        return tuple(dict.fromkeys(text for text in filled if self.forbidden.allows(text)))


def stage_for(brief: Brief, wishes: Directions, *, turn: int = 0) -> Stage:
    """Set the stage for a brief; `turn` moves the wheel on, for another take of the same brief."""
    language = language_of(brief.language)
    texts = texts_for(language)
    forbidden = Forbidden((*brief.brand.restrictions, *wishes.remove))
    words = phrases_of_brief(brief, language, texts, forbidden)
    key = f"{brief.product}|{brief.audience}|{brief.key_message}|{language}"
    wheel = Wheel(key, brief.seed + turn)
    about = " ".join((brief.product, brief.key_message, *brief.visual_elements, brief.campaign_goal))
    tone = wishes.tone or stock.tone_in(brief.tone, brief.style, brief.brand.tone, brief.campaign_goal)
    worlds = stock.worlds_in(brief.audience, about)
    world = wheel.turn("world", stock.other_worlds(worlds[0]) if wishes.elsewhere else worlds)[0]
    structures = stock.structures_for(brief.style, tone, sum(brief.scene_seconds))
    return Stage(
        brief=brief,
        language=language,
        texts=texts,
        forbidden=forbidden,
        words=words.called(wheel.turn("name", _names(texts, f"{brief.audience} {about}"))[0]),
        wheel=wheel,
        tone=tone,
        world=world,
        form=stock.form_in(
            f"{brief.product} {brief.key_message}", has_product_shot=any(a.role == "product_shot" for a in brief.assets)
        ),
        structure=wheel.turn("structure", structures)[0],
        wishes=wishes,
    )


def _names(texts: Texts, about: str) -> tuple[str, ...]:
    """Return first names for the person we follow: women's or men's when the audience says so, else both in turn."""
    low = about.casefold()
    women, men = stock.mentions(_WOMEN, low), stock.mentions(_MEN, low)
    if women != men:
        return texts.women if women else texts.men
    return tuple(name for pair in zip(texts.women, texts.men, strict=True) for name in pair)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:6], "big")
