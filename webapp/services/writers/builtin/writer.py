"""The built-in writer behind the protocol every writer keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services.writers.base import (
    Brief,
    Redo,
    Rewrite,
    SceneDraft,
    Usage,
    Words,
    WriterEvent,
)
from webapp.services.writers.builtin.board import plan_board
from webapp.services.writers.builtin.redo import rewrite_scene

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class BuiltinWriter:
    """Write storyboards from a stock of pictures and lines: the same brief and seed always give the same scenes.

    Brings real ad structures, the brief's own words and voice-over that fits the seconds, in English, German, Spanish
    and French. It needs no key and no network, and it counts no tokens.
    """

    name = "builtin"
    model = "built-in 1"

    def write(self, brief: Brief, done: Sequence[SceneDraft] = ()) -> Iterator[WriterEvent]:
        """Yield the scenes that are not `done`, each after a handful of growing Words, and Usage at the end."""
        finished = {scene.number for scene in done}
        for draft in plan_board(brief):
            if draft.number not in finished:
                yield from _growing(draft)
                yield draft
        yield Usage(model=self.model)

    def rewrite(self, redo: Redo) -> Rewrite:
        """Write one scene again as the feedback asks; no text of it has been the scene's before.

        Raises WriterError when a scene is so short that everything which fits was used already.
        """
        return Rewrite(draft=rewrite_scene(redo), usage=Usage(model=self.model))

    def check(self) -> str:
        """Write a small scene and say so: there is nothing to connect to."""
        brief = Brief(product="Slate", audience="", key_message="", call_to_action="", scene_seconds=(3.0,))
        scenes = len(plan_board(brief))
        return f"The built-in writer is ready: it wrote {scenes} test scene without a key or a network."


def _growing(draft: SceneDraft) -> Iterator[Words]:
    """Yield the scene's words as if they were being written: the title, then thirds of the text."""
    yield Words(number=draft.number, title=draft.title)
    for part in (1, 2, 3):
        yield Words(number=draft.number, title=draft.title, description=_part(draft.description, part, 3))
    for part in (1, 2):
        if draft.script:
            yield Words(
                number=draft.number,
                title=draft.title,
                description=draft.description,
                script=_part(draft.script, part, 2),
            )


def _part(text: str, part: int, parts: int) -> str:
    words = text.split(" ")
    return " ".join(words[: -(-len(words) * part // parts)])
