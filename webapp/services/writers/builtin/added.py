"""A scene added by hand: its description is what the person wrote; title, shot and words are made to fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from webapp.services.writers.base import SceneDraft, WriterError
from webapp.services.writers.builtin import stock, voice
from webapp.services.writers.builtin.directions import is_description, shot_in
from webapp.services.writers.builtin.phrases import capital, clean, sentence, sentences, shorten, without_article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.services.writers.builtin.stage import Stage

_TITLE_WORDS = 5
_SHOTS = ("medium", "close-up", "wide", "tracking")
_HANGING = frozenset(
    (  # noqa: SIM905 - reads better than a list
        "next near beside behind with à neben vor hinter unter junto cerca sobre près côté devant derrière sous while"
    ).split()
)
"""Words a title must not end with, besides those no phrase may."""

_LEAD_IN = re.compile(
    r"^(?:please\s+|bitte\s+|por favor,?\s+)?(?:(?:add|insert|eine?|füge|añade|ajoute[rz]?)\s+)?"
    r"(?:a |an |one |eine |una |une )?(?:new |neue |nueva |nouvelle )?(?:scene|szene|escena|scène)\s*"
    r"(?:hinzu\s*)?[,:]?\s*(?:where|in which|showing|in der|wo|die zeigt|en la que|donde|où|dans laquelle)\s+",
    re.IGNORECASE,
)


def scene_from(  # noqa: PLR0913 - all that a scene depends on
    stage: Stage,
    description: str,
    neighbours: Sequence[SceneDraft],
    number: int,
    seconds: float,
    asset_ids: tuple[str, ...],
) -> SceneDraft | None:
    """Return the scene a person described, or None when the text is no description but a wish about the writing."""
    if not is_description(description):
        return None
    told = sentence(_LEAD_IN.sub("", clean(description)))
    told = stage.forbidden.scrub(told)
    if not told:
        raise WriterError(
            "Nothing is left of this description without the client's forbidden words.",
            permanent=True,
            hint="Describe the scene in other words.",
        )
    beat = "product" if _names_product(stage, told) else "proof"
    before = next((n for n in neighbours if n.number == number - 1), None)
    shot = shot_in(told) or _other_shot(stage, before)
    moves = [m for m in stock.MOVES[shot] if before is None or m != before.camera_move]
    return SceneDraft(
        number=number,
        title=title_from(told),
        beat=beat,
        description=told,
        script=_script(stage, beat, neighbours, seconds),
        shot_type=shot,
        camera_move=(moves or list(stock.MOVES[shot]))[0],
        seconds=seconds,
        asset_ids=asset_ids,
    )


def title_from(description: str) -> str:
    """Return two to five words of a description: "The courier hands over the box in the rain" → "Courier hands …"."""
    first = sentences(description)[0].rstrip(" .,;:!?…")
    if len(first.split()) <= _TITLE_WORDS:
        return capital(first)
    words = shorten(without_article(first), _TITLE_WORDS).split()
    while len(words) > 2 and words[-1].casefold() in _HANGING:
        words.pop()
    title = " ".join(words).rstrip(",;:")
    with_article = first[: first.index(title) + len(title)] if title in first else title
    return capital(with_article if len(with_article.split()) <= _TITLE_WORDS else title)


def _names_product(stage: Stage, told: str) -> bool:
    low = told.casefold()
    return any(len(word) > 3 and word in low for word in stage.words.product.casefold().split())


def _other_shot(stage: Stage, before: SceneDraft | None) -> str:
    """Return a shot any picture can be taken in, other than the one before."""
    return next(s for s in stage.wheel.turn("added", _SHOTS) if before is None or s != before.shot_type)


def _script(stage: Stage, beat: str, neighbours: Sequence[SceneDraft], seconds: float) -> str:
    """Return a voice-over that fits any picture and says nothing another scene says."""
    slot = "use" if beat == "product" else "proof"
    around = [n.script for n in neighbours]
    # lines without a tone are about nothing in particular: they can stand under every picture
    neutral = stage.fill(stage.wheel.turn(f"added.{slot}", stage.texts.lines[slot]))
    return voice.compose(stage, neutral, (*stage.more(beat), *neutral), seconds, around) or voice.compose(
        stage, stage.lines("spark"), (), seconds, around
    )
