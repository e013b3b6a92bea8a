"""Merging: two people changed the same field of a scene. Both texts are shown, one is chosen, neither is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webapp.extensions import db, transaction
from webapp.models import Take, TakeSource, User
from webapp.services import differences, events, scenes, takes
from webapp.services.storyboards import content

if TYPE_CHECKING:
    from webapp.models import Job, Scene
    from webapp.schemas.scenes import SceneChange


@dataclass(frozen=True)
class Question:
    """One field that two people changed: what each of them says, as columns of a take hold it."""

    column: str
    mine: Any
    theirs: Any

    @property
    def is_text(self) -> bool:
        """Say whether words can be merged, or only one of two values chosen."""
        return self.column in differences.TEXTS

    @property
    def runs(self) -> tuple[differences.Run, ...]:
        """Return both texts word by word: removed is only theirs, added only mine."""
        return differences.words(self.theirs, self.mine)


@dataclass(frozen=True)
class Conflict:
    """What has to be settled before a save can go on."""

    questions: tuple[Question, ...]
    touched: tuple[str, ...]
    """All columns that the change sets, asked about or not."""
    version: int
    """The version that was compared with: the answer is bound to it."""
    author: str
    """Who said last what stands there now; empty for a writer."""


def compare(scene: Scene, change: SceneChange, version: int | None, tab: str = "", *, began_at: str = "") -> Conflict:
    """Return which fields of a change somebody else changed since `version`, with both texts; see `scenes.edit`."""
    given, take = scenes.touched(scene, scenes.columns(change), began_at), takes.present(scene)
    said = content(take)
    names = scenes.conflicting(scene, given, 0 if version is None else version, tab)
    author = db.session.get(User, take.user_id) if take.user_id else None
    questions = tuple(Question(name, given[name], said[name]) for name in names)
    return Conflict(questions, tuple(given), scene.version, author.name if author else "")


def settle(  # noqa: PLR0913 - who, what, and where they started from
    person: User, job: Job, scene: Scene, mine: SceneChange, chosen: SceneChange, *, version: int | None, tab: str = ""
) -> Take:
    """Save what was chosen; words of one's own that were not chosen are kept as a take beside it.

    Raises:
        StaleVersion: somebody changed one of these fields again since `version`; nothing is written.
        StoryboardFrozen, Invalid, NotFound: as their names say.
    """
    typed, wanted = scenes.columns(mine), scenes.columns(chosen)
    with transaction():
        job.must_be_open()
        takes.must_be_on_board(scene)
        said = content(takes.present(scene))
        scenes.must_be_current(scene, version, tab, typed)
        left = {name: value for name, value in typed.items() if value not in (wanted.get(name, said[name]), said[name])}
        if left:
            _keep(person, job, scene, said | left)
        return scenes.edit(person, job, scene, chosen, version=version, tab=tab)


def _keep(person: User, job: Job, scene: Scene, words: dict[str, Any]) -> None:
    """Keep words that nobody sees on the board as a take, once: a form may be sent twice."""
    if any(content(take) == words for take in takes.of_scene(scene, limit=takes.SHOWN)):
        return
    take = takes.propose(job, scene, words, TakeSource.EDIT, by=person)
    take.waiting, take.frame_key = False, ""
    text = f"kept their words of scene {scene.position} as take {take.number}"
    events.record(job, "kept", text, by=person, scene=scene, take=take.number)
