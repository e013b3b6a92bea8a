"""Turn the text of an answer, as it comes, into scenes, words on the way, and broken scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webapp.services.writers import prompt
from webapp.services.writers.base import Brief, BrokenScene, SceneDraft, Words
from webapp.services.writers.json_objects import ObjectScanner, read_object, read_partial
from webapp.services.writers.scene_answer import (
    MAX_DESCRIPTION,
    MAX_SCRIPT,
    MAX_TITLE,
    UnusableSceneError,
    clean,
    draft,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SceneEvent = SceneDraft | Words | BrokenScene

_WORDS_STEP = 12
"""Characters that must have come before the open scene is read again: about two words, many times a second."""


class SceneStream:
    """Collect the scenes of one storyboard, over as many answers as it takes.

    Scenes are numbered by their order: models count from 0, or from 1 again when they continue, while the order is
    hardly ever wrong. What repeats a finished scene is skipped, what goes beyond the plan is ignored.
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
        self._scanner = ObjectScanner()
        self._shown_chars = 0
        self._head = ""

    @property
    def talk(self) -> str:
        """Return the first words of an answer that held no scene, for telling what came instead."""
        return self._head

    def feed(self, piece: str) -> Iterator[SceneEvent]:
        """Take the next characters; yield what they completed. Raises TooMuchTextError for what is no storyboard."""
        if len(self._head) < 300:
            self._head += piece[:300]
        for text in self._scanner.feed(piece):
            self._shown_chars = 0
            yield from self._take(read_object(text))
        yield from self._words()

    def end_answer(self) -> Iterator[SceneEvent]:
        """Use whole objects that stood outside of any list, if that is all there was."""
        if self._scanner.found_list:
            return
        for text in self._scanner.loose:
            value = read_object(text) or {}
            inner = value.get("scene") or value.get("scenes")
            value = inner if isinstance(inner, dict) else value
            if value.get("description"):
                yield from self._take(value)

    def _words(self) -> Iterator[Words]:
        text = self._scanner.open_object
        # A step that grows with the scene keeps the cost of reading it again and again linear.
        if not self.missing or len(text) < self._shown_chars + max(_WORDS_STEP, self._shown_chars // 20):
            return
        self._shown_chars = len(text)
        so_far = read_partial(text)
        title, description, script = (_string(so_far, name) for name in ("title", "description", "script"))
        if title or description or script:
            yield Words(
                number=self.missing[0],
                title=clean(title, MAX_TITLE),
                description=clean(description, MAX_DESCRIPTION),
                script=clean(script, MAX_SCRIPT),
            )

    def _take(self, raw: dict[str, Any] | None) -> Iterator[SceneDraft | BrokenScene]:
        if not self.missing or self._repeats(raw):
            return
        number = self.missing.pop(0)
        if raw is None:
            yield BrokenScene(number=number, reason="it was not readable JSON")
            return
        try:
            scene = draft(raw, number, self._planned[number], self._aliases, self._default_beat(number))
        except UnusableSceneError as fault:
            yield BrokenScene(number=number, reason=str(fault))
            return
        self.finished.append(scene)
        yield scene

    def _repeats(self, raw: dict[str, Any] | None) -> bool:
        """Tell whether a continuing answer begins with scenes that we have: said twice, word for word."""
        if not raw:
            return False
        said = clean(_string(raw, "description"), MAX_DESCRIPTION), clean(_string(raw, "script"), MAX_SCRIPT)
        return any(said == (scene.description, scene.script) for scene in self.finished)

    def _default_beat(self, number: int) -> str:
        return "hook" if number == 1 else "cta" if number == self._last_number else "product"


def _string(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""
