"""What people do with takes: use one, or parts of it, or keep the scene as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webapp.errors import Invalid, StaleVersion
from webapp.extensions import transaction
from webapp.services import comments, events, takes, undo
from webapp.services.storyboards import CONTENT, content

if TYPE_CHECKING:
    from collections.abc import Collection

    from webapp.models import Job, Scene, Take, User


def use(  # noqa: PLR0913 - who, what, and what they were looking at
    person: User,
    job: Job,
    scene: Scene,
    take_id: str,
    *,
    fields: Collection[str] | None = None,
    seen: str = "",
) -> Take:
    """Show a take: a candidate becomes the present one itself, an older one comes back as a new take.

    `fields` names what of it is wanted (None: all of it); the rest stays as it is, in a new take. `seen` is the id of
    the take it was compared with.

    Raises:
        NotFound: the take is not one of this scene's.
        StaleVersion: the scene shows another take by now than the one that was compared.
        Invalid: nothing was picked.
    """
    with transaction():
        job.must_be_open()
        takes.must_be_on_board(scene)
        chosen, now = takes.get(scene, take_id), takes.present(scene)
        if seen and seen != now.id:
            raise StaleVersion(
                f"Scene {scene.position} was changed while you were comparing.", hint="Compare again with what it says."
            )
        if chosen.id == now.id:
            return chosen
        was_candidate = chosen.waiting
        with undo.recorded(person, job, f"used take {chosen.number} of scene {scene.position}"):
            take = takes.bring_back(person, job, scene, chosen, _picked(job, now, chosen, fields))
        if was_candidate and take.comment_ids:
            comments.answered_by_take(job, scene, take, by=person)
        _tell_of_use(person, job, scene, chosen, take, was_candidate=was_candidate)
    return take


def keep_present(person: User, job: Job, scene: Scene, take_id: str) -> Take:
    """Let a candidate wait no longer; it stays in the list of takes and the scene as it is."""
    with transaction():
        job.must_be_open()
        takes.must_be_on_board(scene)
        chosen = takes.get(scene, take_id)
        if chosen.waiting:
            chosen.waiting = False
            scene.revision = job.touch()
            text = f"kept scene {scene.position} as it is instead of take {chosen.number}"
            events.record(job, "kept", text, by=person, scene=scene, take=chosen.number)
    return chosen


def _picked(job: Job, now: Take, chosen: Take, fields: Collection[str] | None) -> dict[str, Any]:
    words = takes.still_there(job, content(chosen))
    if fields is None:
        return words
    there = content(now)
    differing = {name for name in CONTENT if there[name] != words[name]}
    wanted = differing.intersection(fields)
    if not wanted:
        raise Invalid("Tick at least one field to use.", hint="Or keep the scene as it is.")
    if wanted == differing - {"extra"}:  # facts of the API have no tick of their own
        return words
    return there | {name: words[name] for name in wanted}


def _tell_of_use(  # noqa: PLR0913 - it tells all of it
    person: User, job: Job, scene: Scene, chosen: Take, take: Take, *, was_candidate: bool
) -> None:
    if not was_candidate:
        kind, text = "restored", f"went back to take {chosen.number} of scene {scene.position}"
    elif take is chosen:
        kind, text = "used", f"used take {chosen.number} of scene {scene.position}"
    else:
        kind, text = "used", f"used parts of take {chosen.number} of scene {scene.position} as take {take.number}"
    events.record(job, kind, text, by=person, scene=scene, take=chosen.number)
