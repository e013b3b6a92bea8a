"""Do the words fit the seconds: of a scene, of a board; and seconds moved to where words need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.services import timing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Scene

BREATH = 96
"""Percent of a scene that a voice may fill and still breathe before the cut (as the built-in writer plans)."""
_MS_PER_MINUTE = 60_000


@dataclass(frozen=True)
class Fit:
    """Compare words with the time they have. Whole numbers only: static/js/fit.js gets the same at every keystroke."""

    twelfths: int
    """What is said, in twelfths of a word."""
    duration_ms: int
    rate: int
    """Words a minute."""

    @property
    def words(self) -> int:
        """Return how many words are said; a started one counts."""
        return -(-self.twelfths // timing.TWELFTHS)

    @property
    def room(self) -> int:
        """Return how many whole words fit."""
        return self.duration_ms * self.rate // _MS_PER_MINUTE

    @property
    def needed_ms(self) -> int:
        """Return how long the words take, rounded up to the tenth of a second; never under a second."""
        needed = -(-self.twelfths * _MS_PER_MINUTE // (timing.TWELFTHS * self.rate))
        return max(timing.MIN_SCENE_MS, -(-needed // timing.STEP_MS) * timing.STEP_MS)

    @property
    def spoken_ms(self) -> int:
        """Return how long the words take, to the nearest tenth of a second."""
        tenths, rest = divmod(self.twelfths * 600, timing.TWELFTHS * self.rate)
        return (tenths + (2 * rest >= timing.TWELFTHS * self.rate)) * timing.STEP_MS

    @property
    def state(self) -> str:
        """Return silent, ok, tight (no time to breathe) or over."""
        if not self.twelfths:
            return "silent"
        said, there = self.twelfths * _MS_PER_MINUTE, self.duration_ms * timing.TWELFTHS * self.rate
        if said > there:
            return "over"
        return "tight" if said * 100 > there * BREATH else "ok"

    @property
    def over(self) -> int:
        """Return how many words are too many; 0 when all fit."""
        return self.words - self.room if self.state == "over" else 0

    @property
    def left(self) -> int:
        """Return how many more words fit."""
        return max(0, self.room - self.words)


def of_text(text: str, duration_ms: int, rate: int) -> Fit:
    """Return how a voice-over fits its milliseconds at `rate` words a minute."""
    return Fit(timing.spoken_twelfths(text), duration_ms, rate)


def rate_of(job: Job) -> int:
    """Return the words a minute of a job's voice: its client's own for the language, else the usual one."""
    return timing.words_per_minute(job.language, job.client.speaking_rates)


def of_scene(scene: Scene, rate: int) -> Fit:
    """Return how the voice-over of a scene fits its seconds; a scene without words yet is silent."""
    take = scene.take
    return of_text(take.script, take.duration_ms, rate) if take else Fit(0, 0, rate)


def of_board(job: Job, scenes: Sequence[Scene]) -> Fit:
    """Return how all that is said fits the length the brief asks for."""
    rate = rate_of(job)
    return Fit(sum(of_scene(scene, rate).twelfths for scene in scenes), job.duration_ms, rate)
