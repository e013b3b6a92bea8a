"""Plan a whole board: structure, pictures, words that fit the seconds, shots and transitions that vary."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from webapp.services import placement
from webapp.services.writers.base import Brief, SceneDraft
from webapp.services.writers.builtin import stock, voice
from webapp.services.writers.builtin.directions import Directions, read
from webapp.services.writers.builtin.phrases import capital, sentence, shorten
from webapp.services.writers.builtin.stage import Stage, stage_for

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from webapp.services.writers.builtin.stock import Picture

_FACES = frozenset({("warm", 0), ("warm", 1), ("warm", 2), ("funny", 3)})
"""Last strokes that need a person in the picture: (tone, index)."""

_EMPTY = ("still", "thing0", "thing1", "thing2", "screen0", "screen2", "service0", "ends")
"""Keys of pictures in which there is nobody, not even a hand."""

_LONG_VISUAL = 3
"""A visual element of more words than these says enough to stand alone."""

_OTHER_TURN = 1
"""How far the wheel moves on when a board is written anew with feedback."""


def plan_board(brief: Brief) -> tuple[SceneDraft, ...]:
    """Return every scene of the ad. The same brief and seed give the same scenes; feedback gives other ones."""
    wishes = read(brief.feedback)
    if not brief.feedback.strip():
        return _Board(stage_for(brief, wishes)).scenes()
    before = _Board(stage_for(replace(brief, feedback=""), Directions()))
    before.scenes()
    turn = _OTHER_TURN + len(brief.feedback) % 3
    return _Board(stage_for(brief, wishes, turn=turn), avoid=before.keys | before.said).scenes()


class _Board:
    """One board in the making: remembers what was shown and said, so that nothing comes twice."""

    def __init__(self, stage: Stage, avoid: Collection[str] = frozenset()) -> None:
        self.stage = stage
        self.keys: set[str] = set()
        self.said: set[str] = set()
        self._avoid = frozenset(avoid)
        self._shots: list[str] = []
        self._moves: list[str] = []
        self._strokes: set[str] = set()

    def scenes(self) -> tuple[SceneDraft, ...]:
        """Return the scenes with their assets in place."""
        stage = self.stage
        seconds = stage.brief.scene_seconds
        slots = stock.slots(stage.structure, len(seconds))
        speaks = -1 if stage.wishes.mute else voice.message_scene(stage, slots, seconds)
        leaves = transitions(stage, slots)
        drafts = [self._scene(i, slots, speaks, leaves[i]) for i in range(len(slots))]
        places = placement.place(stage.brief.assets, drafts)
        return tuple(replace(draft, asset_ids=places[draft.number]) for draft in drafts)

    def _scene(self, i: int, slots: Sequence[str], speaks: int, leaves: str) -> SceneDraft:
        stage, slot, seconds = self.stage, slots[i], self.stage.brief.scene_seconds[i]
        picture = self._picture(slot)
        script = self._script(i, slots, speaks, picture)
        script, extra = mention(stage, script, seconds) if i == self._mention_scene(slots) else (script, "")
        if stage.wishes.mute:
            script = ""
        self.said.update({script} - {""})
        return SceneDraft(
            number=i + 1,
            title=title_of(stage, picture),
            beat=stock.BEAT_OF[slot],
            description=self._description(i, slots, picture),
            script=script,
            on_screen=self._on_screen(i, slots, speaks, script, extra),
            shot_type=picture.shot,
            camera_move=self._move(picture.shot),
            transition=leaves,
            seconds=seconds,
        )

    def _script(self, i: int, slots: Sequence[str], speaks: int, picture: Picture) -> str:
        """Return a voice-over without a sentence said before: in this board at all, in the last one if it can be."""
        stage, slot, seconds = self.stage, slots[i], self.stage.brief.scene_seconds[i]
        for used in (self.said | self._avoid, self.said):
            if slot == "cta":
                script = voice.closing(stage, seconds, used, carries_message=speaks == i)
            else:
                first = voice.openings(stage, slot, picture, carries_message=speaks == i)
                addressed = any(stage.words.audience and stage.words.audience in text for text in self.said)
                then = voice.followers(stage, slot, seconds, addressed=addressed)
                script = voice.compose(stage, first, then, seconds, used)
            script = script or voice.compose(stage, stage.lines("spark"), (), seconds, used)
            if script:
                return script if slot == "cta" else voice.fill_up(stage, slot, script, seconds, used)
        return voice.compose(stage, stage.lines("spark"), (), seconds, ())

    def _picture(self, slot: str) -> Picture:
        """Return the picture of a slot: not shown yet, not the shot of the scene before, no forbidden word."""
        stage = self.stage
        cards = stage.wheel.turn(f"deck.{slot.rstrip('0123456789')}", deck_for(stage, slot))
        allowed = [p for p in cards if stage.forbidden.allows(stage.words.fill(p.card.picture))] or list(cards)

        def cost(picture: Picture) -> tuple[bool, bool, bool, bool]:
            again = self._shots[-2:] == [picture.shot, picture.shot]
            return picture.key in self.keys, again, picture.key in self._avoid, self._shots[-1:] == [picture.shot]

        chosen = min(allowed, key=cost)
        self.keys.add(chosen.key)
        self._shots.append(chosen.shot)
        return chosen

    def _move(self, shot: str) -> str:
        """Return a camera move that suits the shot and differs from the one before."""
        options = self.stage.wheel.turn(f"move.{shot}", stock.MOVES[shot][:2]) + stock.MOVES[shot][2:]
        move = next((m for m in options if m not in self._moves[-1:]), options[0])
        self._moves.append(move)
        return move

    def _description(self, i: int, slots: Sequence[str], picture: Picture) -> str:
        stage = self.stage
        slot = slots[i]
        uses = [k for k, other in enumerate(slots) if other == "use"]
        place = (
            stage.texts.worlds[stage.world].later[uses.index(i) % 2]
            if slot == "use" and stage.form != "service"
            else ""
        )
        extra: list[str] = []
        accents = _shares(stage.words.visuals, max(1, len(slots) - 1))
        if i < len(accents) and accents[i]:
            extra += shown(stage, accents[i])
        elif slot != "cta":
            fresh = [text for text in strokes(stage, picture) if text not in self._strokes]
            extra += fresh[:1]
            self._strokes.update(fresh[:1])
        if i == 0:
            extra += notes(stage)
        return describe(stage, place, picture, extra)

    def _on_screen(self, i: int, slots: Sequence[str], speaks: int, script: str, extra: str) -> str:
        stage, slot = self.stage, slots[i]
        if slot == "cta":
            return end_text(stage, extra)
        if extra:
            return extra
        first_product = next((k for k, s in enumerate(slots) if stock.BEAT_OF[s] == "product"), -1)
        if slot == "message" or (i == first_product and speaks == -1):
            text = capital(shorten(stage.words.message.rstrip("."), 9))
            if text and stage.forbidden.allows(text):
                return text
        if i == first_product and stage.words.product not in {script, "—"}:
            return capital(stage.words.product)
        if stage.structure == "day" and stock.BEAT_OF[slot] != "product":
            return stage.words.fill(stage.texts.times[i * len(stage.texts.times) // len(slots)])
        return ""

    def _mention_scene(self, slots: Sequence[str]) -> int:
        """Return where a wish to mention something is best met: with the product, else at the end."""
        if not self.stage.wishes.mention:
            return -1
        return next((i for i, slot in enumerate(slots) if slot in {"message", "use", "proof"}), len(slots) - 1)


def deck_for(stage: Stage, slot: str) -> tuple[Picture, ...]:
    """Return the pictures of a slot, as far as the wishes of the feedback leave them."""
    cards = stock.deck(stage.texts, slot, stage.world, stage.form)
    if stage.wishes.nobody and slot != "cta":
        stills = stock.deck(stage.texts, "still", stage.world, stage.form)
        cards = tuple(p for p in (*cards, *stock.deck(stage.texts, "turn", stage.world, stage.form)) if is_empty(p))
        cards = cards if stock.BEAT_OF[slot] == "product" else stills
    if stage.wishes.focus_product and stock.BEAT_OF[slot] == "proof":
        cards = stock.deck(stage.texts, "use", stage.world, stage.form)
    return cards


def is_empty(picture: Picture) -> bool:
    """Tell whether nobody is in the picture, not even a hand."""
    return picture.key.startswith(_EMPTY) and not picture.has_person


def title_of(stage: Stage, picture: Picture) -> str:
    """Return the title of a picture's card, without anything forbidden."""
    title = stage.words.fill(picture.card.title)
    return title if stage.forbidden.allows(title) else stage.forbidden.without_words(title) or "…"


def describe(stage: Stage, place: str, picture: Picture, extra: Sequence[str]) -> str:
    """Return the description of a picture: where, what we see, and what else matters."""
    text = " ".join(filter(None, (*stage.fill((place,)), stage.words.fill(picture.card.picture), *extra)))
    return stage.forbidden.scrub(text) or stage.words.fill("{P}.")


def strokes(stage: Stage, picture: Picture) -> tuple[str, ...]:
    """Return last strokes for a description that suit the tone and the picture."""
    own = tuple(
        text
        for k, text in enumerate(stage.texts.finish.get(stage.tone, ()))
        if (stage.tone, k) not in _FACES or picture.has_person
    )
    general = stage.texts.finish["plain"] if stage.tone != "plain" else ()
    turned = stage.wheel.turn(f"stroke.{picture.key}", own)
    return stage.fill((*turned, *stage.wheel.turn(f"plain.{picture.key}", general)))


def shown(stage: Stage, visuals: Sequence[str]) -> list[str]:
    """Return a sentence for each visual element of the brief, word for word; a long one is a sentence by itself."""
    ways = stage.texts.accent
    start = stage.words.visuals.index(visuals[0]) if visuals else 0

    def told(k: int, visual: str) -> str:
        long = len(visual.split()) > _LONG_VISUAL
        return sentence(visual) if long else stage.words.fill(ways[(start + k) % len(ways)], V=visual)

    return [told(k, visual) for k, visual in enumerate(visuals)]


def notes(stage: Stage) -> list[str]:
    """Return what the first scene says for the whole ad: the client's wish. Audience and tone stay in the brief."""
    words, texts = stage.words, stage.texts
    lines = (
        words.fill(texts.silence) if stage.wishes.silence else "",
        texts.nobody if stage.wishes.nobody else "",
        words.fill(texts.note[0], X=stage.wishes.note) if stage.wishes.note else "",
    )
    return [line for line in lines if line and stage.forbidden.allows(line)]


def end_text(stage: Stage, shown: str = "") -> str:
    """Return what stands in the last picture: the call to action, an address it lacks, the disclaimer word for word."""
    call = stage.words.call_on_screen
    address = (
        stage.words.address if stage.words.address and stage.words.address.casefold() not in call.casefold() else ""
    )
    return "\n".join(filter(None, (call, shown, address, stage.words.disclaimer)))


def mention(stage: Stage, script: str, seconds: float) -> tuple[str, str]:
    """Return the script with what feedback wants mentioned, and what has to go on screen because it does not fit."""
    wanted = [
        text
        for text in stage.wishes.mention
        if stage.forbidden.allows(text) and text.casefold() not in script.casefold()
    ]
    shown = []
    for text in wanted:
        line = stage.words.fill(stage.wheel.turn("mention", stage.texts.mention)[0], X=text)
        declined = stage.language == "de" and text.lower().startswith(("den ", "einen ", "dem ", "einem ", "unseren "))
        bare = capital(text) if text[-1] in ".!?" else f"{capital(text)}."
        options = (f"{script} {line}", line, *(() if declined else (f"{script} {bare}", bare)))
        said = next((o.strip() for o in options if stage.fits(o, seconds) and stage.forbidden.allows(o)), "")
        if said:
            script = said
        else:
            shown.append(capital(text))
    return script, ", ".join(shown)


def transitions(stage: Stage, slots: Sequence[str]) -> list[str]:
    """Return how each scene leaves: cuts by default, softer into the product and the end; never three alike."""
    quick = stage.tone in {"energetic", "funny", "urgent"}
    result: list[str] = []
    for slot, following in pairwise(slots):
        here, there = stock.BEAT_OF[slot], stock.BEAT_OF[following]
        leave = "cut"
        if there == "product" and here != "product":
            leave = "wipe" if quick else "dissolve"
        elif there == "cta":
            leave = "cut" if quick else "dissolve"
        if result[-2:] == [leave, leave]:
            leave = "wipe" if leave != "wipe" and quick else "dissolve" if leave != "dissolve" else "cut"
        result.append(leave)
    return [*result, "fade"]


def _shares(visuals: Sequence[str], scenes: int) -> list[list[str]]:
    """Deal the visual elements out: one a scene, more only when there are more of them than scenes."""
    shares: list[list[str]] = [[] for _ in range(min(scenes, len(visuals)))]
    for k, visual in enumerate(visuals):
        shares[k % len(shares)].append(visual)
    return shares
