"""Turn the text of an answer, as it comes, into scenes, words on the way, and broken scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webapp.services.writers import prompt
from webapp.services.writers.answer_keys import field_of, unwrapped
from webapp.services.writers.answer_reader import AnswerReader
from webapp.services.writers.base import Brief, BrokenScene, SceneDraft, Withdrawn, Words
from webapp.services.writers.json_objects import read_object, read_partial, read_value
from webapp.services.writers.scene_answer import (
    MAX_DESCRIPTION,
    MAX_SCRIPT,
    MAX_TITLE,
    UnusableSceneError,
    clean,
    draft,
    words,
)
from webapp.services.writers.storyboard_search import is_whole, numbered, scenes_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from webapp.services.writers.json_objects import Found

SceneEvent = SceneDraft | Words | BrokenScene | Withdrawn
Raw = dict[str, Any]

_WORDS_STEP = 12
"""Characters that must have come before the open scene is read again: about two words, many times a second."""
_MOST_VALUES = 200
"""JSON values of one answer that are read in the end, the last ones: brackets in prose are such values, too."""
_INTRODUCTION = 200
"""Characters before the JSON that may still be an introduction ("Here is your storyboard:"), not thinking."""


class SceneStream:
    """Collect the scenes of one storyboard, over as many answers as it takes.

    Scenes are numbered by their order: models count from 0, or from 1 again when they continue, while the order is
    hardly ever wrong. What repeats a finished scene is skipped, what goes beyond the plan is ignored.

    A scene is handed out as soon as it is complete, and Withdrawn where the answer goes on to show that it was a draft.
    An answer that begins with talk may be thinking aloud without a mark: its scenes wait until it ends, and so does
    what follows a scene that cannot be read. In the end the last whole storyboard of the answer counts.
    """

    def __init__(
        self, brief: Brief, numbers: Sequence[int], seconds: Sequence[float], done: Sequence[SceneDraft]
    ) -> None:
        self._aliases = prompt.aliases(brief)
        self._planned = dict(zip(numbers, seconds, strict=True))
        self._last_number = len(brief.scene_seconds)
        self.total = len(done) + len(numbers)
        self.missing = list(numbers)
        self.finished = list(done)
        self.begin_answer()

    def begin_answer(self) -> None:
        """Forget the open rest of the last answer; finished scenes stay."""
        self._head = ""
        self._reader, self._is_aside = AnswerReader(), False
        self._asked = list(self.missing)
        self._finished_before = len(self.finished)
        self._forget()

    def _forget(self) -> None:
        self._shown_chars = 0
        self._has_shown_words = False
        self._objects: list[tuple[int, Raw | None]] = []
        """The objects that came, each with the number of the JSON value it stands in; None: unreadable."""
        self._taken = 0
        """How many of them were handed out as scenes."""
        self._is_stuck = False

    @property
    def talk(self) -> str:
        """Return the first words of an answer that held no scene, for telling what came instead."""
        return self._head

    @property
    def has_progressed(self) -> bool:
        """Tell whether this answer has brought a scene, whole or broken."""
        return self.missing != self._asked

    @property
    def only_thought(self) -> bool:
        """Tell whether there was thinking in this answer, and no scene."""
        return self._reader.thought_aloud and not self.has_progressed

    def feed(self, piece: str) -> Iterator[SceneEvent]:
        """Take the next characters; yield what they completed. Raises TooMuchTextError for what is no storyboard."""
        if len(self._head) < 300:
            self._head += piece[:300]
        yield from self._hear(self._reader.feed(piece))
        yield from self._words()

    def start_again(self) -> Iterator[Withdrawn]:
        """Take back what this answer gave so far: it was only talk."""
        yield from self._withdraw("it was said before the answer proper")
        self._reader = AnswerReader()

    def end_answer(self, *, ended: bool = True, whole_only: bool = False) -> Iterator[SceneEvent]:
        """Yield what was held back, and what only the whole answer makes clear.

        Args:
            ended: the model came to an end by itself; else the last words may be missing.
            whole_only: use a storyboard with every scene asked for, or nothing.
        """
        yield from self._hear(self._reader.finish())
        if not ended:
            yield from self._end_of_broken_off()
            return
        scenes, values = self._chosen(whole_only=whole_only)
        if any(value not in values for value, _ in self._objects[: self._taken]):
            yield from self._withdraw("the answer went on with a whole storyboard")
        for raw in scenes[self._taken :]:
            yield from self._take(raw)

    def read_aside(self, text: str, *, whole_only: bool) -> Iterator[SceneEvent]:
        """Take the scenes of a text that came beside an answer without any. Raises TooMuchTextError."""
        self._reader, self._is_aside = AnswerReader(), True
        self._forget()
        yield from self._hear(self._reader.feed(text))
        yield from self.end_answer(whole_only=whole_only)

    def _hear(self, pieces: Iterator[Found | None]) -> Iterator[SceneEvent]:
        for found in pieces:
            if found is None:
                yield from self._withdraw("it was part of the model’s thinking")
                continue
            self._shown_chars = 0
            raw = unwrapped(read_object(found.text))
            if raw is not None and found.key != "scenes" and not any(field_of(key) for key in raw):
                continue
            self._objects.append((found.value, raw))
            if not self._is_holding:
                yield from self._try(raw)

    @property
    def _is_holding(self) -> bool:
        # A scene asked for alone comes when its answer ends: nobody watches it grow.
        return self._is_stuck or self._is_aside or len(self._asked) == 1 or bool(self._reader.talk)

    def _try(self, raw: Raw | None) -> Iterator[SceneDraft]:
        """Hand out a scene, unless it is broken: then it and what follows waits for the end of the answer."""
        try:
            scene = self._next(raw)
        except UnusableSceneError:
            self._is_stuck = True
            return
        self._taken += 1
        if scene:
            yield scene

    def _chosen(self, *, whole_only: bool) -> tuple[list[Raw | None], set[int]]:
        """Return the scenes that count, and in which values of the answer they stand.

        The last storyboard with every scene asked for is the one meant; without any, all that came are its parts.
        """
        found: dict[int, list[Raw | None]] = {}
        for position, (text, is_closed) in [*enumerate(self._reader.values())][-_MOST_VALUES:]:
            scenes: list[Raw | None] = [*scenes_in(read_value(text))]
            if not is_closed and scenes and (self._reader.in_string or not is_whole(scenes[-1])):
                scenes.pop()
            seen = [raw for value, raw in self._objects if value == position]
            found[position] = scenes if len(scenes) >= len(seen) else seen
        wanted = len(self._asked)
        full = [position for position, scenes in found.items() if len(scenes) >= wanted]
        if full:
            fitting = [position for position in full if numbered(found[position], self._asked) != found[position]]
            best = full[-1] if wanted > 1 or len(full) == 1 else (fitting or full)[-1]
            scenes = found[best]
            return (scenes if self._taken else numbered(scenes, self._asked)), {best}
        return [] if whole_only else [raw for scenes in found.values() for raw in scenes], set(found)

    def _end_of_broken_off(self) -> Iterator[SceneEvent]:
        """Yield the scenes that were whole when an answer broke off, unless it may have been only thinking."""
        talk = self._reader.talk
        if talk and (len(talk) > _INTRODUCTION or not self._reader.in_value):
            return
        self._is_stuck = False
        for _, raw in self._objects[self._taken :]:
            yield from self._try(raw)
            if self._is_stuck:
                return

    def _withdraw(self, reason: str) -> Iterator[Withdrawn]:
        drafts = self.finished[self._finished_before :]
        if drafts or self._has_shown_words:
            yield Withdrawn(numbers=tuple(scene.number for scene in drafts), reason=reason)
        del self.finished[self._finished_before :]
        self.missing = list(self._asked)
        self._forget()

    def _words(self) -> Iterator[Words]:
        text = self._reader.open_object
        # A step that grows with the scene keeps the cost of reading it again and again linear.
        if not self.missing or len(text) < self._shown_chars + max(_WORDS_STEP, self._shown_chars // 20):
            return
        self._shown_chars = len(text)
        so_far = read_partial(text)
        title, description, script = words(so_far, "title", "description", "script")
        if title or description or script:
            self._has_shown_words = True
            held = len(self._objects) - self._taken
            yield Words(
                number=self.missing[min(held, len(self.missing) - 1)],
                title=clean(title, MAX_TITLE),
                description=clean(description, MAX_DESCRIPTION),
                script=clean(script, MAX_SCRIPT),
            )

    def _take(self, raw: Raw | None) -> Iterator[SceneDraft | BrokenScene]:
        try:
            scene = self._next(raw)
        except UnusableSceneError as fault:
            yield BrokenScene(number=self.missing.pop(0), reason=str(fault))
            return
        if scene:
            yield scene

    def _next(self, raw: Raw | None) -> SceneDraft | None:
        """Make the next missing scene; None for one that we have, or nobody asked for. Raises UnusableSceneError."""
        if not self.missing or self._repeats(raw):
            return None
        scene = self._draft(raw, self.missing[0])
        self.missing.pop(0)
        self.finished.append(scene)
        return scene

    def _draft(self, raw: Raw | None, number: int) -> SceneDraft:
        if raw is None:
            raise UnusableSceneError("it was not readable JSON")
        return draft(raw, number, self._planned[number], self._aliases, self._default_beat(number))

    def _repeats(self, raw: Raw | None) -> bool:
        """Tell whether a continuing answer begins with scenes that we have: said twice, word for word."""
        if not raw:
            return False
        description, script = words(raw, "description", "script")
        wording = clean(description, MAX_DESCRIPTION), clean(script, MAX_SCRIPT)
        return any(wording == (scene.description, scene.script) for scene in self.finished)

    def _default_beat(self, number: int) -> str:
        return "hook" if number == 1 else "cta" if number == self._last_number else "product"
