"""What a check looks at and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from webapp.services import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webapp.models import Asset, Client, Job, JobAsset, Scene
    from webapp.services.rule_book import Place

FIELDS = {"title": "title", "description": "action", "script": "voice-over", "on_screen": "text on screen"}
"""What people write in a scene, by what its card calls it."""
HEARD = ("script", "on_screen")
"""What the audience hears or reads; the rest is for those who make the film."""


class Severity(StrEnum):
    """Say how much it matters. Neither keeps anybody from sending."""

    WARN = "warn"
    """The client would not want it to go out like this."""
    NOTE = "note"
    """Worth a look; it may well be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to look at before a storyboard goes out, in a sentence: what it is and what to do."""

    code: str
    """Stable, for the API and tests: forbidden-words, words-over …"""
    severity: Severity
    text: str
    scene_ids: tuple[str, ...] = ()
    """The scenes it is about, in order."""
    cure_id: str = ""
    """The scene it leads to, where that is not the first it is about: nothing is wrong with it, the cure fits there."""
    field: str = ""
    """The field of the scene it leads to, a column of a take."""
    place: Place | None = None
    """The words it is about, where it is about words."""
    about: str = "scene"
    """What it leads to: a scene, the brief's assets, or the length."""

    @property
    def leads_to(self) -> str:
        """Return the id of the scene to look at; empty when it leads elsewhere."""
        return self.cure_id or (self.scene_ids[0] if self.scene_ids else "")


@dataclass(frozen=True)
class Board:
    """A storyboard as checks see it: the brief and the scenes that have words, in order."""

    job: Job
    scenes: Sequence[Scene]
    links: Sequence[JobAsset]
    assets: Mapping[str, Asset]

    @property
    def client(self) -> Client:
        """Return whose rule book holds."""
        return self.job.client

    @cached_property
    def roles(self) -> dict[str, str]:
        """Return the role of each asset of the brief, by id."""
        return {link.asset_id: link.role for link in self.links}

    @property
    def last(self) -> Scene:
        """Return the closing scene; there is one whenever checks run."""
        return self.scenes[-1]

    def stems(self, text: str) -> frozenset[str]:
        """Return what a text is about, in the ad's language."""
        return words.stems(text, self.job.language)


def said(scene: Scene, *fields: str) -> str:
    """Return what these fields of a scene say, all of them when none is named."""
    return "\n".join(getattr(scene.take, name) for name in fields or FIELDS)


def numbered(scenes: Sequence[Scene]) -> str:
    """Name scenes by their numbers: scene 2; scenes 2, 3 and 5."""
    numbers = [str(scene.position) for scene in scenes]
    if len(numbers) == 1:
        return f"scene {numbers[0]}"
    return f"scenes {', '.join(numbers[:-1])} and {numbers[-1]}"
