"""The voice-over of a scene: which lines may open it, which may follow, and what fits its seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services.writers.builtin import stock
from webapp.services.writers.builtin.phrases import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from webapp.services.writers.builtin.stage import Stage
    from webapp.services.writers.builtin.stock import Picture

_LINES_OF = {
    "hook": "hook", "still0": "hook", "talk0": "talk", "clock0": "clock", "split0": "split",
    "problem": "problem", "talk1": "talk", "still1": "problem", "turn": "turn", "use": "use", "message": "use",
    "talk2": "turn", "split1": "turn", "clock1": "turn", "proof": "proof", "crowd": "proof", "talk3": "talk",
    "split2": "split", "clock2": "proof", "cta": "lead",
}  # fmt: skip
"""The lines a voice chooses from in a slot."""

_CREED_SLOTS = frozenset({"hook", "problem", "still1"})
"""Where a manifesto speaks in its own litany."""

_FULL = {"shorter": 0.3, "": 0.6, "longer": 0.85}
"""How much of the time a script aims to fill; the rest is for the picture."""

_OWN_FOLLOWERS = {"talk0": "", "talk1": "", "talk3": "talk", "clock0": "clock", "split0": "split", "still0": "hook"}
"""Slots with a way of speaking of their own: no other lines may follow than these."""

_MOST_PARTS = (3, 5)
"""How many lines make a script, in scenes up to and beyond twelve seconds: more would be a list, not a thought."""


def beat_of(slot: str) -> str:
    """Return the beat a slot belongs to."""
    return stock.BEAT_OF[slot]


def openings(stage: Stage, slot: str, picture: Picture, *, carries_message: bool) -> tuple[str, ...]:
    """Return what the voice may begin with in a slot, the best first."""
    kind = _LINES_OF[slot]
    own = stage.fill((picture.card.voice,))
    lines = stage.lines(kind)
    if slot == "message" and carries_message:
        return (stage.words.message, *lines)
    if stage.structure == "manifesto" and slot in _CREED_SLOTS:
        return (*stage.lines("creed"), *own)
    if stage.wishes.question and slot in {"hook", "still0"}:
        return stage.lines("question")
    if kind == "turn":
        lines = (*own, *lines, *stage.fill(("{P}.",)))
    elif slot[-1].isdigit() or stage.tone == "plain" or stage.wheel.turn(f"own.{slot}", (True, False))[0]:
        lines = (*own, *lines)
    else:
        lines = (*lines[:2], *own, *lines[2:])
    if carries_message:
        return (*(f"{line} {stage.words.message}" for line in lines), *lines)
    return lines


def followers(stage: Stage, slot: str, seconds: float, *, addressed: bool) -> tuple[str, ...]:
    """Return what the voice may go on with while there is time."""
    if slot in _OWN_FOLLOWERS:
        return stage.lines(_OWN_FOLLOWERS[slot]) if _OWN_FOLLOWERS[slot] else ()
    beat = stock.BEAT_OF[slot]
    short: tuple[str, ...] = {
        "hook": stage.lines("question")[:2],
        "problem": stage.lines("problem"),
        "product": stage.lines("use"),
        "proof": stage.lines("proof"),
        "cta": (),
    }[beat]
    if stage.structure == "manifesto" and slot in _CREED_SLOTS:
        return stage.lines("creed")
    if slot in {"hook", "still0", "crowd"} and not addressed:
        short = (*stage.lines("audience")[:1], *short)
    long = stage.more(beat)
    return (*long[:1], *short, *long[1:]) if seconds > 5 else (*short, *long)


def compose(  # noqa: PLR0913 - what, what then, how long, what not
    stage: Stage, first: Sequence[str], then: Sequence[str], seconds: float, used: Iterable[str], *, full: float = 0.0
) -> str:
    """Return the first opening that fits and is not used yet, followed by what still fits; empty when nothing does."""
    spent = set(used)
    fitting = [line for line in first if stage.fits(line, seconds)]
    fresh = [line for line in fitting if not _said(line, spent)]
    if not (fresh or fitting):
        return ""
    script = (fresh or fitting)[0]
    target = full or _FULL["shorter" if stage.wishes.shorter else "longer" if stage.wishes.longer else ""]
    most = 2 if stage.structure == "manifesto" else _MOST_PARTS[seconds > 12]  # a litany keeps lines for later scenes
    parts = 1
    for line in then:
        if parts >= most or stage.seconds_of(script) >= target * seconds:
            break
        if line not in script and not _said(line, spent) and stage.fits(f"{script} {line}", seconds):
            script, parts = f"{script} {line}", parts + 1
    return script


def closing(stage: Stage, seconds: float, used: Iterable[str], *, carries_message: bool) -> str:
    """Return the voice-over of the last scene: a lead, the message if it was not said yet, and the call to action."""
    call = stage.words.call if stage.forbidden.allows(stage.words.call) else ""
    lines = tuple(line for line in stage.lines("lead") if line.strip(".!? ") != call.strip(".!? "))
    alone = len(stage.brief.scene_seconds) <= 2
    name = sentence(stage.words.product)
    message = stage.words.message if carries_message else ""
    before = [
        " ".join(filter(None, (name if alone else "", message))),
        message,
        name if alone else "",
        "",
    ]
    options = [" ".join(filter(None, (text, call))) for text in dict.fromkeys(before)] if call else list(lines)
    fitting = next((text for text in options if stage.fits(text, seconds)), "")
    if not fitting:
        return compose(stage, lines, (), seconds, used)
    for lead in (*(stage.more("cta")[:1] if seconds > 8 else ()), *lines):
        longer = f"{fitting.removesuffix(call).strip()} {lead} {call}".strip()
        if call and not stage.wishes.shorter and not _said(lead, set(used)) and stage.fits(longer, seconds * 0.9):
            return longer
    return fitting


def message_scene(stage: Stage, slots: Sequence[str], seconds: Sequence[float]) -> int:
    """Return the index of the scene that should say the key message, -1 when it fits in none."""
    message = stage.words.message
    if not message:
        return -1
    order = ("message", "turn", "talk2", "split1", "clock1", "use", "proof", "talk3", "crowd", "cta")
    names = sentence(stage.words.product)
    for wanted in order:
        for i, slot in enumerate(slots):
            beside = {"turn": names, "talk2": names, "split1": names, "cta": stage.words.call}.get(slot, "")
            if slot == wanted and stage.fits(f"{beside} {message}".strip(), seconds[i]):
                return i
    return -1


def _said(line: str, spent: set[str]) -> bool:
    return any(line in text for text in spent)
