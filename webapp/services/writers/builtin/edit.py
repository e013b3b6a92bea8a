"""Small wishes about the voice-over alone: they start from the words the scene has now."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from webapp.services.writers.builtin import voice
from webapp.services.writers.builtin.phrases import capital, sentences, share_a_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from webapp.services.writers.builtin.directions import Directions
    from webapp.services.writers.builtin.stage import Stage

_WORDS_ONLY = ("shorter", "longer", "mute", "mention", "on_screen")
"""Wishes that concern what is said and written, not what is seen."""

_SHORTER = 0.75
"""A shorter voice-over has at most this share of the words it had."""

_FULL = 0.92
"""Share of the seconds that a longer voice-over may fill."""


def only_about_words(wishes: Directions) -> bool:
    """Tell whether feedback asks for other words and nothing else, so that the picture stays as it is."""
    nothing = type(wishes)()
    return wishes != nothing and wishes.without(*_WORDS_ONLY) == nothing


def shortened(stage: Stage, script: str) -> Iterator[str]:
    """Yield the script without some of its sentences, the message and the call to action kept as long as can be."""
    parts = sentences(script)
    most = max(1, len(script.split()) * _SHORTER)
    core = {*sentences(stage.words.message), *sentences(stage.words.call)}
    left = [c for size in range(len(parts) - 1, 0, -1) for c in combinations(parts, size)]
    left = [c for c in left if len(" ".join(c).split()) <= most or core.issuperset(c)]
    left.sort(key=lambda c: -sum(part in core for part in c))
    yield from (" ".join(c) for c in left)


def lengthened(  # noqa: PLR0913 - all that a line depends on
    stage: Stage, script: str, seconds: float, slot: str, around: Sequence[str], *, last: bool
) -> Iterator[str]:
    """Yield the script with one or two more lines; in the last scene they come before the call to action."""
    lines = (
        (*stage.more("cta"), *stage.lines("lead"))
        if last
        else (*stage.more(voice.beat_of(slot)), *stage.lines(slot), *stage.lines("question"))
    )
    fresh = [line for line in lines if not share_a_sentence(line, (*around, script))]
    for count in (2, 1):
        for more in combinations(fresh, count):
            text = with_line(stage, script, " ".join(more))
            if stage.fits(text, seconds * (_FULL if count == 2 else 1.0)):
                yield text


def with_line(stage: Stage, script: str, line: str) -> str:
    """Return the script with a line added, before the call to action where there is one."""
    call = stage.words.call
    if call and script.endswith(call):
        return " ".join(filter(None, (script.removesuffix(call).strip(), line, call)))
    return f"{script} {line}".strip()


def mentioning(stage: Stage, script: str, wanted: str, seconds: float) -> Iterator[str]:
    """Yield the script with something mentioned: beside all of its words, else in the place of one sentence."""
    declined = stage.language == "de" and wanted.lower().startswith(("den ", "einen ", "dem ", "einem ", "unseren "))
    bare = capital(wanted) if wanted[-1] in ".!?" else f"{capital(wanted)}."
    lines = [stage.words.fill(t, X=wanted) for t in stage.wheel.turn("mention", stage.texts.mention)]
    lines += [] if declined else [bare]
    core = {*sentences(stage.words.message), *sentences(stage.words.call)}
    parts = sentences(script)
    dispensable = [i for i in range(len(parts) - 1, -1, -1) if parts[i] not in core]
    kept = [script, *(" ".join((*parts[:i], *parts[i + 1 :])) for i in dispensable)]
    for text in kept:
        for line in lines:
            told = with_line(stage, text, line)
            if stage.fits(told, seconds) and stage.forbidden.allows(told):
                yield told
