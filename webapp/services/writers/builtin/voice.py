"""The voice-over of a scene: which lines may open it, which may follow, and what fits its seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services import timing
from webapp.services.writers.builtin import stock
from webapp.services.writers.builtin.phrases import sentence, share_a_sentence

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

FULL_ENOUGH = 0.56
"""Share of its time that the voice-over of a scene should take at least: less sounds as if something were missing."""

_ROOM = 0.95
"""Share of the last scene that may be spoken: the call to action wants a moment to stand."""

_QUIET_S = 3.0
"""In a scene shorter than this a single word may be enough."""

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
    """Return the first opening that fits and has no sentence used yet, followed by what still fits; else nothing."""
    spent = set(used)
    script = next((line for line in first if stage.fits(line, seconds) and not _said(line, spent)), "")
    if not script:
        return ""
    target = full or _FULL["shorter" if stage.wishes.shorter else "longer" if stage.wishes.longer else ""]
    most = 2 if stage.structure == "manifesto" else _MOST_PARTS[seconds > 12]  # a litany keeps lines for later scenes
    parts = 1
    for line in then:
        if parts >= most or stage.seconds_of(script) >= target * seconds:
            break
        if not _said(line, {script, *spent}) and stage.fits(f"{script} {line}", seconds):
            script, parts = f"{script} {line}", parts + 1
    return script


def closing(stage: Stage, seconds: float, used: Iterable[str], *, carries_message: bool) -> str:
    """Return the voice-over of the last scene: a lead, the message if it was not said yet, and the call to action."""
    call = stage.words.call if stage.forbidden.allows(stage.words.call) else ""
    lines = tuple(line for line in stage.lines("lead") if line.strip(".!? ") != call.strip(".!? "))
    alone = len(stage.brief.scene_seconds) <= 2
    name = sentence(stage.words.product)
    name = "" if _said(name, set(used)) else name
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
    if not call or stage.wishes.shorter or is_full(stage, fitting, seconds, FULL_ENOUGH):
        return fitting
    spent = set(used)
    leads = [line for line in (*lines, *stage.more("cta")) if not _said(line, spent)]
    leads = [*leads, *(f"{one} {two}" for one in stage.more("cta") for two in leads if two != one and one in leads)]
    longer = [f"{fitting.removesuffix(call).strip()} {lead} {call}".strip() for lead in leads]
    longer = [text for text in longer if stage.fits(text, seconds * _ROOM)]
    full = (text for text in longer if is_full(stage, text, seconds, FULL_ENOUGH))
    return next(full, "") or max(longer, key=stage.seconds_of, default=fitting)


def fill_up(stage: Stage, slot: str, script: str, seconds: float, used: Iterable[str]) -> str:
    """Return the script with further lines while it leaves more than half of its time silent and something fits."""
    if not script or stage.wishes.shorter:
        return script
    spent, beat = set(used), stock.BEAT_OF[slot]
    kinds = {
        "hook": ("hook", "question"),
        "problem": ("problem", "question"),
        "product": ("use", "proof") if seconds > 12 else ("use", "spark"),
    }.get(beat, ("proof",))
    own = (_LINES_OF[slot],) if slot in _OWN_FOLLOWERS else ()
    lines = [*(line for kind in (*own, *kinds) for line in stage.lines(kind)), *stage.more(beat)]
    for _ in range(_MOST_PARTS[seconds > 12]):
        if is_full(stage, script, seconds, FULL_ENOUGH):
            break
        longer = [f"{script} {line}" for line in lines if not _said(line, {script, *spent})]
        longer = [text for text in longer if stage.fits(text, seconds)]
        full = (text for text in longer if is_full(stage, text, seconds, FULL_ENOUGH))
        script = next(full, "") or max(longer, key=stage.seconds_of, default=script)
    return script


def is_full(stage: Stage, script: str, seconds: float, share: float) -> bool:
    """Tell whether a script fills at least a share of its seconds; scenes under three seconds may be quiet."""
    return seconds < _QUIET_S or timing.estimate_seconds(script, stage.language, stage.rates) >= share * seconds


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
    return share_a_sentence(line, spent)
