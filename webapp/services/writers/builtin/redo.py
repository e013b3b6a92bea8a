"""Write one scene again: do what the feedback asks, change only what may change, never come back with the same text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from webapp.services.writers.base import Brief, Constraints, Redo, SceneDraft, WriterError
from webapp.services.writers.builtin import edit, stock, voice
from webapp.services.writers.builtin.added import scene_from
from webapp.services.writers.builtin.board import (
    deck_for,
    describe,
    end_text,
    is_empty,
    mention,
    notes,
    plan_board,
    shown,
    strokes,
    title_of,
)
from webapp.services.writers.builtin.directions import Directions, read
from webapp.services.writers.builtin.phrases import capital, share_a_sentence, shorten
from webapp.services.writers.builtin.stage import Stage, stage_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from webapp.services.writers.builtin.stock import Picture

_PARTS = ("picture", "script", "description", "shot", "timing")
_SLOT_OF = {"hook": "hook", "problem": "problem", "product": "turn", "proof": "proof", "cta": "cta"}
_ORDER_OF_TONES = ("plain", "warm", "energetic", "premium", "funny", "urgent")
_CHOICE = 40
"""How many unseen voice-overs are weighed before one is taken."""

_MOST = 2000
"""How many voice-overs are looked at for some that repeat nothing of the scenes around."""

_LONGEST_S = 60.0
"""A single scene longer than this is not asked for on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Take:
    """What a redo starts from."""

    stage: Stage
    scene: SceneDraft | None
    base: SceneDraft
    """The present scene, or the planned one when it never came out whole."""
    neighbours: Sequence[SceneDraft]
    previous: Sequence[SceneDraft]
    last: bool
    seconds: float
    parts: frozenset[str]

    @property
    def seen(self) -> tuple[SceneDraft, ...]:
        """Every text that must not come back."""
        return (*self.previous, *((self.scene,) if self.scene else ()))


def rewrite_scene(redo: Redo) -> SceneDraft:
    """Return a scene anew. Raises WriterError when every text that fits was used before."""
    take = _take(redo)
    must = redo.constraints.must_include_asset_ids
    if redo.scene is None and redo.neighbours:
        added = scene_from(take.stage, redo.feedback, redo.neighbours, redo.number, take.seconds, must)
        if added:
            return added
    wishes, parts, base = take.stage.wishes, take.parts, take.base
    draft = replace(base, number=redo.number, seconds=take.seconds)
    if parts & {"picture", "description"}:
        draft = _with_picture(take, draft)
    if "script" in parts:
        draft = _with_script(take, draft)
    if parts & {"shot", "picture"}:
        draft = _with_shot(take, draft, only_shot="picture" not in parts)
    if take.last:
        disclaimer = take.stage.words.disclaimer
        missing = disclaimer and disclaimer not in draft.on_screen
        draft = replace(
            draft, beat="cta", on_screen=f"{draft.on_screen}\n{disclaimer}".strip() if missing else draft.on_screen
        )
    if wishes.transition and parts & {"shot", "picture"}:
        draft = replace(draft, transition=wishes.transition)
    return replace(draft, asset_ids=tuple(dict.fromkeys((*must, *base.asset_ids))) if must else base.asset_ids)


def _take(redo: Redo) -> _Take:
    brief, scene, neighbours, constraints = redo.brief, redo.scene, redo.neighbours, redo.constraints
    number, wishes = redo.number, read(redo.feedback)
    if constraints.style and not wishes.tone:
        wishes = replace(wishes, tone=stock.tone_in(constraints.style).replace("plain", ""))
    tries = len(redo.previous) + (scene is not None)
    stage = _same_world(stage_for(replace(brief, feedback=""), wishes, turn=tries), brief, scene, neighbours)
    parts = frozenset(constraints.parts) & frozenset(_PARTS) or frozenset(_PARTS)
    if scene is not None and "script" in parts and edit.only_about_words(wishes):
        parts &= {"script"} if "timing" not in constraints.parts else {"script", "timing"}
    last = number >= max((n.number for n in neighbours), default=number)
    if scene is not None and scene.beat != "cta" and any(n.beat == "cta" for n in neighbours):
        last = False  # put behind the end card by hand: one end card is enough
    base = scene or _planned(brief, number, constraints.seconds, last=last)
    seconds = _seconds(wishes, constraints, parts, sum(brief.scene_seconds))
    return _Take(
        stage=stage,
        scene=scene,
        base=base,
        neighbours=neighbours,
        previous=redo.previous,
        last=last,
        seconds=seconds,
        parts=parts,
    )


def _same_world(stage: Stage, brief: Brief, scene: SceneDraft | None, neighbours: Sequence[SceneDraft]) -> Stage:
    """Keep the person and the place of the scenes around, whatever the wheel says."""
    told = " ".join(f"{s.title} {s.description}" for s in (*neighbours, *((scene,) if scene else ())))
    names = [name for name in (*stage.texts.women, *stage.texts.men) if re.search(rf"\b{name}(?:['’]?s)?\b", told)]
    planned = stage_for(replace(brief, feedback=""), Directions())
    name = max(names, key=told.count, default=planned.words.name)

    def seen(world: str) -> int:
        place = stage.texts.worlds[world]
        return sum(stage.words.fill(card.title) in told for card in (*place.hooks, *place.problems, *place.afters))

    world = max(stage.texts.worlds, key=seen)
    world = world if seen(world) else planned.world
    if stage.wishes.elsewhere:
        world = stage.wheel.turn("elsewhere", stock.other_worlds(world))[0]
    return replace(stage, world=world, words=stage.words.called(name), structure="")


def _planned(brief: Brief, number: int, seconds: float, *, last: bool) -> SceneDraft:
    """Return the scene the board would have at `number`, or an empty one beyond its end."""
    drafts = plan_board(brief)
    if 1 <= number <= len(drafts):
        return drafts[number - 1]
    return SceneDraft(
        number=number, title="", beat="cta" if last else "proof", description="", script="", seconds=seconds,
        transition="fade" if last else "cut",
    )  # fmt: skip


def _seconds(wishes: Directions, constraints: Constraints, parts: frozenset[str], total: float) -> float:
    """Return the seconds of the new scene: the wish when timing may change, never under one or over the whole ad."""
    if "timing" not in parts:
        return constraints.seconds
    wanted = wishes.seconds or constraints.seconds
    if parts == {"timing"} and wishes.seconds is None:
        wanted *= 0.75 if wishes.shorter else 1.25 if wishes.longer else 1.0
    return max(1.0, min(round(wanted, 1), max(constraints.seconds, min(total, _LONGEST_S))))


def _with_picture(take: _Take, draft: SceneDraft) -> SceneDraft:
    """Return the draft with a description nobody has seen, its title and, when it may change, its shot."""
    used = {d.description for d in take.seen}
    nearby = {d.title for d in take.neighbours}
    pictures = sorted(_pictures(take), key=lambda p: title_of(take.stage, p) in nearby)
    keep_shot = "picture" not in take.parts
    for text, picture in _descriptions(take, pictures):
        if text not in used:
            return replace(
                draft,
                title=title_of(take.stage, picture),
                description=text,
                shot_type=draft.shot_type if keep_shot else picture.shot,
                camera_move=draft.camera_move if keep_shot else _move(take, picture.shot),
            )
    raise _worn_out("pictures")


def _pictures(take: _Take) -> tuple[Picture, ...]:
    """Return the pictures that suit the scene and the wishes, in the order to try them."""
    stage, wishes = take.stage, take.stage.wishes

    def deck(*slots: str) -> tuple[Picture, ...]:
        return tuple(p for slot in slots for p in stage.wheel.turn(f"redo.{slot}", deck_for(stage, slot)))

    beat = "cta" if take.last else take.base.beat if take.base.beat in _SLOT_OF else "proof"
    wider_choice = {
        "hook": ("hook", "still"), "problem": ("problem", "still"), "product": ("turn", "use"),
        "proof": ("proof", "crowd"), "cta": ("cta",),
    }  # fmt: skip
    found = deck(*wider_choice[beat])
    if wishes.focus_product and beat != "cta":
        found = deck("turn", "use")
    if wishes.nobody and beat != "cta":
        found = tuple(filter(is_empty, (*deck("turn"), *stock.deck(stage.texts, "still", stage.world, stage.form))))
    if wishes.people:
        found = tuple(
            p for p in (*deck("proof" if beat == "cta" else _SLOT_OF[beat], "use"), *deck("message")) if p.has_person
        )
    near = {"close-up", "extreme-close-up", "product"}
    wanted = (
        {wishes.shot} if wishes.shot else near if wishes.closer else {"wide", "tracking"} if wishes.wider else set()
    )
    if wanted and beat != "cta":
        found = tuple(sorted(found, key=lambda p: p.shot not in wanted))
    allowed = tuple(p for p in found if stage.forbidden.allows(stage.words.fill(p.card.picture)))
    return allowed or found


def _descriptions(take: _Take, pictures: Sequence[Picture]) -> Iterator[tuple[str, Picture]]:  # noqa: C901 - one wish a line
    """Yield descriptions, every picture once before any comes with another last stroke."""
    stage, wishes = take.stage, take.stage.wishes
    nearer = stage.texts.closer if all(p.has_person for p in pictures) else stage.texts.closer[-1:]  # eyes need a face
    told = list(stage.fill(stage.wheel.turn("closer", nearer))[:1]) if wishes.closer else []
    told += list(stage.fill(stage.wheel.turn("wider", stage.texts.wider))[:1]) if wishes.wider else []
    if wishes.note:
        told += stage.fill([t.replace("{X}", wishes.note) for t in stage.wheel.turn("note", stage.texts.note)])[:1]
    told += [stage.texts.nobody] if wishes.nobody else []
    told += [stage.words.fill(stage.texts.silence)] if wishes.silence else []
    if take.base.number == 1 and not (wishes.note or wishes.nobody or wishes.silence):
        told += notes(stage)
    accents = _kept_accents(take)
    count = max(len(strokes(stage, p)) for p in pictures)
    asks_mood = bool(wishes.tone)
    rounds: list[int | None] = [*range(count)] if asks_mood else [None, *range(count)]
    for k in rounds:
        for picture in pictures:
            if k is None:
                yield describe(stage, "", picture, [*accents, *told]), picture
            elif k < len(strokes(stage, picture)):
                yield describe(stage, "", picture, [strokes(stage, picture)[k], *accents, *told]), picture
    for first in range(count):  # far beyond what anybody redoes: two strokes at once
        for second in range(count):
            for picture in pictures:
                own = strokes(stage, picture)
                if first != second and max(first, second) < len(own):
                    yield describe(stage, "", picture, [own[first], own[second], *accents, *told]), picture


def _kept_accents(take: _Take) -> list[str]:
    """Return the brief's visual elements the scene showed, so that a redo does not lose them."""
    told = take.base.description.casefold()
    return shown(take.stage, [v for v in take.stage.words.visuals if v.casefold() in told])


def _with_script(take: _Take, draft: SceneDraft) -> SceneDraft:
    """Return the draft with a voice-over nobody has heard, and the text on screen that goes with it."""
    stage, wishes = take.stage, take.stage.wishes
    used = {d.script.strip() for d in take.seen}
    if wishes.mute:
        return replace(draft, script="", on_screen=_on_screen(take, draft, ", ".join(map(capital, wishes.mention))))
    if (edited := _edited(take, used)) is not None:
        script, extra = edited
        return replace(draft, script=script, on_screen=_on_screen(take, draft, extra))
    around = [d.script for d in take.neighbours]
    unseen = [text for text in dict.fromkeys(islice(_scripts(take), _MOST)) if text and text not in used]
    own = (text for text in unseen if not share_a_sentence(text, around))
    candidates = list(islice(own, _CHOICE)) or unseen[:_CHOICE]
    if not wishes.shorter:
        candidates.sort(key=lambda c: not voice.is_full(stage, c, take.seconds, voice.FULL_ENOUGH))
    before = len(take.base.script.split())
    if wishes.shorter and before:
        candidates = [c for c in candidates if len(c.split()) <= max(1, before * 0.75)] or sorted(candidates, key=len)
    elif wishes.longer and before:
        longer = [c for c in candidates if len(c.split()) > before]
        candidates = longer or sorted(candidates, key=lambda c: -len(c.split()))
    takes = [(c, *(mention(stage, c, take.seconds) if wishes.mention else (c, ""))) for c in candidates]
    # best of all, a new line and what should be mentioned beside it
    takes.sort(key=lambda t: not t[1].startswith(t[0]) or bool(t[2]))
    for _, script, extra in takes:
        if script not in used and stage.forbidden.allows(script):
            return replace(draft, script=script, on_screen=_on_screen(take, draft, extra))
    raise _worn_out("words")


def _edited(take: _Take, used: set[str]) -> tuple[str, str] | None:
    """Return the present voice-over with a small wish met, and what goes on screen; None when it has to be new."""
    stage, wishes, script = take.stage, take.stage.wishes, take.base.script.strip()
    if take.scene is None or not script or not edit.only_about_words(wishes) or not stage.forbidden.allows(script):
        return None
    if wishes.on_screen:
        return script, ""
    missing = [x for x in wishes.mention if stage.forbidden.allows(x) and x.casefold() not in script.casefold()]
    if wishes.mention and not missing:
        return None
    slot = "cta" if take.last else _SLOT_OF.get(take.base.beat, "proof")
    around = [n.script for n in take.neighbours]
    options = iter([script])
    if wishes.shorter:
        options = edit.shortened(stage, script)
    elif wishes.longer:
        options = edit.lengthened(stage, script, take.seconds, slot, around, last=take.last)
    changed = next((o for o in options if missing or o not in used), "")
    if not missing:
        return (changed, "") if changed else None
    shown_too = []
    changed = changed or script
    for wanted in missing:
        said = next((t for t in edit.mentioning(stage, changed, wanted, take.seconds) if t not in used), "")
        shown_too += [] if said else [capital(wanted)]
        changed = said or changed
    return changed, ", ".join(shown_too)


def _scripts(take: _Take) -> Iterator[str]:
    """Yield every voice-over that fits, the best first."""
    stage, seconds = take.stage, take.seconds
    around = " ".join(d.script for d in take.neighbours)
    openings = [line for line in _openings(take) if stage.fits(line, seconds)]
    openings.sort(key=lambda line: line in around)
    slot = _SLOT_OF.get(take.base.beat, "proof") if not take.last else "cta"
    then = [
        line for line in voice.followers(stage, slot, seconds, addressed=bool(take.neighbours)) if line not in around
    ]
    full = 0.3 if stage.wishes.shorter else 0.9 if stage.wishes.longer else 0.0
    if take.last:
        yield from (line for line in openings)
        yield from _pairs(stage, stage.fill(stage.texts.lines["spark"]), openings, seconds)
        yield from (line for line in stage.lines("spark") if stage.fits(line, seconds))
        return
    for k, line in enumerate(openings):
        turned = then[k % len(then) :] + then[: k % len(then)] if then else []
        yield voice.compose(stage, [line], turned, seconds, (), full=full)
    yield from openings
    sparks = stage.wheel.turn("sparks", stage.lines("spark"))
    yield from _pairs(stage, openings, (*then, *sparks), seconds)
    yield from (spark for spark in sparks if stage.fits(spark, seconds))
    yield from _pairs(stage, sparks, sparks, seconds)


def _openings(take: _Take) -> tuple[str, ...]:
    """Return the lines a new voice-over may begin with, those the wishes ask for first."""
    stage, wishes = take.stage, take.stage.wishes
    if take.last:
        return _last_openings(take)
    slot = _SLOT_OF.get(take.base.beat, "proof")
    tones = (stage.tone, *(t for t in _ORDER_OF_TONES if t != stage.tone)) if not wishes.tone else (stage.tone,)
    lines: tuple[str, ...] = ()
    if wishes.question:
        lines += stage.lines("question")
    if wishes.focus_product:
        lines += stage.lines("turn")
    said = stage.words.message and stage.words.message in take.base.script
    kind = "turn" if said else slot
    if said:  # the message has its place here: it stays, in other company
        lines += tuple(f"{line} {stage.words.message}" for line in stage.lines(kind))
    pictured = [p for p in _pictures(take) if p.card.voice and stage.forbidden.allows(stage.words.fill(p.card.voice))]
    if not wishes.tone and take.base.beat != "product":
        lines += tuple(stage.words.fill(p.card.voice) for p in pictured)
    if take.base.beat == "product":
        lines += stage.lines("turn") + stage.lines("use")
    for tone in tones:
        lines += stage.lines(slot, tone)
    return tuple(dict.fromkeys(lines))


def _last_openings(take: _Take) -> tuple[str, ...]:
    """Return closings: leads, questions and the message around the call to action."""
    stage, wishes = take.stage, take.stage.wishes
    words = stage.words
    call = words.call if stage.forbidden.allows(words.call) else ""
    tones = (stage.tone, *(t for t in _ORDER_OF_TONES if t != stage.tone))
    leads = tuple(dict.fromkeys(line for tone in tones for line in stage.lines("lead", tone)))
    leads = (*stage.lines("question"), *leads) if wishes.question else (*leads, *stage.lines("question"))
    name = stage.fill(("{P}.",))
    message = (words.message,) if words.message and stage.forbidden.allows(words.message) else ()
    more = stage.more("cta")
    before = (*more, *leads, *message) if wishes.longer else (*leads, *message, *name, *more)
    with_call = tuple(f"{lead} {call}" for lead in before if lead.strip(".!? ") != call.strip(".!? ")) if call else ()
    both = tuple(f"{first} {lead} {call}" for first in (*message, *name) for lead in leads) if call else ()
    plain = (call,) if call else ()
    spoken = (
        (*both, *with_call, *plain)
        if wishes.longer
        else (*plain, *with_call)
        if wishes.shorter
        else (*with_call, *plain, *both)
    )
    fitting = tuple(text for text in spoken if stage.fits(text, take.seconds))
    return (*fitting, *leads)


def _pairs(stage: Stage, first: Iterable[str], second: Sequence[str], seconds: float) -> Iterator[str]:
    """Yield every two different lines that fit together."""
    for one in first:
        for other in second:
            if other not in one and one not in other and stage.fits(f"{one} {other}", seconds):
                yield f"{one} {other}"


def _on_screen(take: _Take, draft: SceneDraft, extra: str) -> str:
    """Return the text in the picture: the wish, the call to action at the end, else what stood there."""
    stage, wishes = take.stage, take.stage.wishes
    wanted = wishes.on_screen if stage.forbidden.allows(wishes.on_screen) else ""
    if take.last:
        return end_text(stage, wanted or extra)
    text = wanted or extra or (draft.on_screen if stage.forbidden.allows(draft.on_screen) else "")
    if not text and wishes.focus_product:
        text = capital(stage.words.product)
    return text if wanted else shorten(text, 14) if "\n" not in text else text


def _with_shot(take: _Take, draft: SceneDraft, *, only_shot: bool) -> SceneDraft:
    """Return the draft with the shot and move that were asked for; a redo of the shot alone gives one not seen yet."""
    wishes = take.stage.wishes
    shot = wishes.shot or (
        "close-up" if wishes.closer and draft.shot_type not in _NEAR else "wide" if wishes.wider else ""
    )
    if take.last and not wishes.shot:
        shot = ""
    draft = replace(draft, shot_type=shot or draft.shot_type)
    if wishes.move:
        return replace(draft, camera_move=wishes.move)
    if shot and not only_shot:
        return replace(draft, camera_move=_move(take, shot))
    if not only_shot:
        return draft
    shots = (shot,) if shot else ("end-card", "product") if take.last else _SHOTS_IN_ORDER
    turned = take.stage.wheel.turn("shot", shots)
    options = [(s, m) for k in range(4) for s in turned for m in stock.MOVES[s][k : k + 1]]
    seen = {(d.shot_type, d.camera_move) for d in take.seen}
    shot_type, move = next((pair for pair in options if pair not in seen), options[len(seen) % len(options)])
    return replace(draft, shot_type=shot_type, camera_move=move)


_NEAR = frozenset({"close-up", "extreme-close-up", "product"})
_SHOTS_IN_ORDER = ("medium", "close-up", "wide", "over-the-shoulder", "tracking", "top-down", "pov", "extreme-close-up")


def _move(take: _Take, shot: str) -> str:
    """Return a move that suits the shot and the mood."""
    moves = stock.MOVES[shot]
    if take.stage.wishes.tone == "calm" and "static" in moves:
        return "static"
    if take.stage.wishes.tone == "energetic":
        return next((m for m in take.stage.wheel.turn("move", moves) if m != "static"), moves[0])
    return take.stage.wheel.turn("move", moves)[0]


def _worn_out(what: str) -> WriterError:
    return WriterError(
        f"The built-in writer has no new {what} left for this scene.",
        permanent=True,
        hint="Give the scene a little more time, write it by hand, or connect a model in the settings.",
    )
