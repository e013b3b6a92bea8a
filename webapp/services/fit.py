"""Do the words fit the seconds: of a scene, of a board; and seconds moved to where words need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.errors import Conflict
from webapp.extensions import transaction
from webapp.models import TakeSource
from webapp.services import events, jobs, takes, timing, undo
from webapp.services.storyboards import content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webapp.models import Job, Scene, User

MAX_SCENE_MS = 180_000
"""As long as a scene may be told to be by hand."""
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
    counted: bool = True
    """Whether counting words says how long they take; not where they are written without spaces."""

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
        """Return how long the words take, rounded up to the tenth of a second; never under a second.

        What is not counted is taken to need the time it has.
        """
        if not self.counted:
            return self.duration_ms
        needed = -(-self.twelfths * _MS_PER_MINUTE // (timing.TWELFTHS * self.rate))
        return max(timing.MIN_SCENE_MS, -(-needed // timing.STEP_MS) * timing.STEP_MS)

    @property
    def spoken_ms(self) -> int:
        """Return how long the words take, to the nearest tenth of a second."""
        tenths, rest = divmod(self.twelfths * 600, timing.TWELFTHS * self.rate)
        return (tenths + (2 * rest >= timing.TWELFTHS * self.rate)) * timing.STEP_MS

    @property
    def state(self) -> str:
        """Return silent, ok, tight (no time to breathe), over, or not_counted."""
        if not self.counted:
            return "not_counted"
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
    return Fit(timing.spoken_twelfths(text), duration_ms, rate, timing.is_counted(text))


def rate_of(job: Job) -> int:
    """Return the words a minute of a job's voice: its client's own for the language, else the usual one."""
    return timing.words_per_minute(job.language, job.client.speaking_rates)


def of_scene(scene: Scene, rate: int) -> Fit:
    """Return how the voice-over of a scene fits its seconds; a scene without words yet is silent."""
    take = scene.take
    return of_text(take.script, take.duration_ms, rate) if take else Fit(0, 0, rate)


def of_board(job: Job, scenes: Sequence[Scene]) -> Fit:
    """Return how all that is said fits the length the brief asks for; not counted when one of the scenes is not."""
    rate = rate_of(job)
    spoken = [of_scene(scene, rate) for scene in scenes]
    counted = all(each.counted for each in spoken)
    return Fit(sum(each.twelfths for each in spoken), job.duration_ms, rate, counted)


def trade(person: User, job: Job, left: Scene, ms: int) -> None:
    """Give a scene `ms` more milliseconds and the next one so many less (negative: the other way round).

    Raises:
        Conflict: a side would get under a second or too long, is locked, or there is no next scene.
        StoryboardFrozen, NotFound: as their names say.
    """
    with transaction():
        board = _board(job, left)
        at = board.index(left)
        if at + 1 == len(board):
            raise Conflict("The last scene has no neighbour to trade seconds with.")
        right = board[at + 1]
        _must_be_unlocked(left, right)
        lengths = {left.id: _length(left) + ms, right.id: _length(right) - ms}
        if min(lengths.values()) < timing.MIN_SCENE_MS or max(lengths.values()) > MAX_SCENE_MS:
            raise Conflict("A scene lasts 1 to 180 seconds.", hint="Here is how long they are now.")
        text = f"traded {abs(ms) / 1000:g} s between scenes {left.position} and {right.position}"
        _set(person, job, board, lengths, text)


def to_words(person: User, job: Job, scene: Scene) -> list[int]:
    """Give a scene the seconds its words need; the other unlocked scenes give or get the difference, the total stays.

    Seconds are taken where words leave some first, and given where words lack some first; else in proportion.
    Returns the positions of scenes that had enough for their words and gave so much that they do not any more.

    Raises:
        Conflict: the scene is locked, or the others have too little to give.
        StoryboardFrozen, NotFound: as their names say.
    """
    with transaction():
        board = _board(job, scene)
        _must_be_unlocked(scene)
        rate = rate_of(job)
        if not of_scene(scene, rate).counted:
            raise Conflict(
                "These words are not counted: they are written without spaces.",
                hint="Read them aloud and set the seconds yourself.",
            )
        if (needed := of_scene(scene, rate).needed_ms) > MAX_SCENE_MS:
            raise Conflict("These words take longer than a scene can last (180 s).", hint="Tighten them first.")
        more = needed - _length(scene)
        others = [each for each in board if each is not scene and not each.locked and each.take]
        shares = share_out(
            more, [_length(each) for each in others], [of_scene(each, rate).needed_ms for each in others]
        )
        if shares is None:
            room = sum(_length(each) - timing.MIN_SCENE_MS for each in others)
            raise Conflict(
                f"These words need {more / 1000:g} s more, and the other scenes can give {max(0, room) / 1000:g} s.",
                hint="Tighten the words, or unlock another scene.",
            )
        lengths = {each.id: _length(each) - share for each, share in zip(others, shares, strict=True)}
        short = [each.position for each in others if _falls_short(of_scene(each, rate), lengths[each.id])]
        lengths[scene.id] = _length(scene) + more
        _set(person, job, board, lengths, f"fitted scene {scene.position} to its words")
        return short


def _falls_short(spoken: Fit, ms: int) -> bool:
    """Say whether words that had enough time have too little in `ms`."""
    return spoken.counted and ms < spoken.needed_ms <= spoken.duration_ms


def share_out(amount: int, lengths: Sequence[int], needed: Sequence[int]) -> list[int] | None:
    """Return how many of `amount` milliseconds each scene gives up (negative: gets), None when they cannot.

    The shares add up to `amount`, leave every scene a second, and come from what words leave over (`needed`) before
    anything else; when seconds are given away, scenes whose words lack some get them first.
    """
    if amount < 0:
        room = [max(0, MAX_SCENE_MS - length) for length in lengths]
        lacks = [max(0, need - length) for length, need in zip(lengths, needed, strict=True)]
        lacking = [min(lack, most) for lack, most in zip(lacks, room, strict=True)]
        shares = _in_turn(-amount, lacking, room, lengths)
        return None if shares is None else [-share for share in shares]
    spare = [max(0, length - need) for length, need in zip(lengths, needed, strict=True)]
    room = [max(0, length - timing.MIN_SCENE_MS) for length in lengths]
    return _in_turn(amount, spare, room, room)


def _in_turn(amount: int, first: Sequence[int], room: Sequence[int], weights: Sequence[int]) -> list[int] | None:
    """Spread an amount over `first` as far as that goes, the rest by weight over `room`; None when it does not fit."""
    if sum(room) < amount:
        return None
    begun = _spread(min(amount, sum(first)), first, first)
    left = [most - share for most, share in zip(room, begun, strict=True)]
    rest = _spread(amount - sum(begun), left, weights)
    return [one + more for one, more in zip(begun, rest, strict=True)]


def _spread(amount: int, room: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Share an amount that fits by weight, in whole tenths as far as it can be, none over its room."""
    whole = sum(weights) or 1
    exact = [amount * weight / whole for weight in weights]
    shares = [min(most, int(each) // timing.STEP_MS * timing.STEP_MS) for each, most in zip(exact, room, strict=True)]
    by_loss = sorted(range(len(shares)), key=lambda i: (shares[i] - exact[i], i))
    while (left := amount - sum(shares)) > 0:
        for i in by_loss:
            more = min(timing.STEP_MS, room[i] - shares[i], left)
            shares[i] += more
            left -= more
    return shares


def _board(job: Job, scene: Scene) -> list[Scene]:
    """Return the scenes of a board whose lengths may be changed."""
    job.must_be_open()
    job.must_be_idle()
    takes.must_be_on_board(scene)
    return list(jobs.scenes(job))


def _must_be_unlocked(*scenes: Scene) -> None:
    for scene in scenes:
        if scene.locked:
            raise Conflict(f"Scene {scene.position} is locked.", hint="Unlock it to change how long it is.")


def _length(scene: Scene) -> int:
    return takes.present(scene).duration_ms


def _set(person: User, job: Job, board: Sequence[Scene], lengths: Mapping[str, int], text: str) -> None:
    """Write a take of each scene whose length (id → ms) is another one now, all as one action to undo."""
    changed = [scene for scene in board if scene.id in lengths and lengths[scene.id] != _length(scene)]
    if not changed:
        return
    with undo.recorded(person, job, text):
        for scene in changed:
            words = content(takes.present(scene)) | {"duration_ms": lengths[scene.id]}
            takes.write(job, scene, words, TakeSource.EDIT, by=person)
    events.record(job, "timed", text, by=person)
