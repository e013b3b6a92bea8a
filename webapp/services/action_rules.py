"""The actions of a job: whose each is, when it is possible, what it takes, and how it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from webapp.errors import Conflict
from webapp.extensions import transaction
from webapp.models import Approval
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.scenes import RedoRequest
from webapp.services import attempts, decisions, jobs, retries, scene_changes, scenes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from webapp.models import Job, Scene, User


class Param(StrEnum):
    """Say what kind of thing goes with an action."""

    SCENE = "scene"
    FEEDBACK = "feedback"
    CONSTRAINTS = "constraints"
    SELECT = "select"
    CONTENT_HASH = "content_hash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An action somebody asks for."""

    action: str
    """Its name, in any case and spelling: approve, RegenerateScene, REQUEST_CHANGES."""
    feedback: str = ""
    scene: str = ""
    """Which scene: its id, or its number from 1."""
    redo: RedoRequest = field(default_factory=RedoRequest)
    """What the new take of one scene should be like; the feedback is in it."""
    select: bool = True
    """Show the new take of one scene at once."""
    content_hash: str = ""
    """Of the storyboard that was looked at, for a decision; empty: it names none."""
    given: frozenset[Param] = frozenset()
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of an action."""

    message: str
    scene: Scene | None = None
    """The one that is being written now, under its `redo_token`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One action."""

    name: str
    old_name: str = ""
    label: str
    label_of_reviewers: str = ""
    """Where it does something else for them."""
    guard: Callable[[User, Job, Sequence[Scene]], None]
    """Raises Conflict or Forbidden when it is not possible now; `work` asks the same in its transaction."""
    work: Callable[[User, Job, Request], Done]
    is_making: bool = True
    """It makes or changes something, which reviewers may not."""
    params: tuple[Param, ...] = ()
    needs: tuple[Param, ...] = ()

    def label_for(self, person: User) -> str:
        """Say what it does when this person does it."""
        return self.label if person.may_edit else self.label_of_reviewers or self.label


def _decide(person: User, job: Job, request: Request, kind: str, *, settles: bool = True) -> None:
    draft = DecisionDraft.model_validate({"kind": kind, "reason": request.feedback, "seen": request.content_hash})
    decisions.decide(person, job, draft, user_agent=request.user_agent, settles=settles)


def _may_decide(_person: User, job: Job, board: Sequence[Scene]) -> None:
    decisions.must_be_decidable(job, board)


def _approve(person: User, job: Job, request: Request) -> Done:
    _decide(person, job, request, "approve")
    return Done(message="The storyboard is approved and frozen.")


def _request_changes(person: User, job: Job, request: Request) -> Done:
    _decide(person, job, request, "request_changes")
    return Done(message="The request for changes is on record.")


def _may_reject(person: User, job: Job, board: Sequence[Scene]) -> None:
    decisions.must_be_decidable(job, board)
    if person.may_edit and not _is_locked(board):
        attempts.must_be_rewritable(job)


def _reject(person: User, job: Job, request: Request) -> Done:
    """Record a rejection, and have what is not locked written anew where the person may have things written.

    It settles nothing then: the board stays open, kept as a version first. Where all of it is locked nothing is
    written. The rejection of a reviewer freezes the board, as on the pages: it spends nobody's money.
    """
    with transaction():
        if not person.may_edit:
            _decide(person, job, request, "reject")
            return Done(message="The storyboard is rejected and frozen.")
        _decide(person, job, request, "reject", settles=False)
        if _is_locked(jobs.scenes(job)):
            return Done(message="The rejection is on record. All scenes are locked, so none is written anew.")
        attempts.regenerate(person, job, request.feedback)
        job.approval = Approval.CHANGES_REQUESTED  # a generation begins undecided; this one answers a no
    return Done(message="The rejection is on record; the scenes that are not locked are being written anew.")


def _is_locked(board: Sequence[Scene]) -> bool:
    return all(scene.locked for scene in board)


def _may_redo(_person: User, job: Job, board: Sequence[Scene]) -> None:
    job.must_be_open()
    if not board:
        raise Conflict("There are no scenes yet.", hint="Wait until one is written.")
    scenes.must_be_redoable(job, next((scene for scene in board if not scene.is_redoing), board[0]))


def _regenerate_scene(person: User, job: Job, request: Request) -> Done:
    _, scene = scene_changes.at(person, job.id, request.scene)
    scenes.redo(person, job, scene, request.redo, select=request.select)
    return Done(message=f"Scene {scene.position} is being written.", scene=scene)


def _may_regenerate(_person: User, job: Job, _board: Sequence[Scene]) -> None:
    attempts.must_be_rewritable(job)


def _regenerate_all(person: User, job: Job, request: Request) -> Done:
    attempts.regenerate(person, job, request.feedback)
    return Done(message="The scenes that are not locked are being written anew.")


def _may_retry(_person: User, job: Job, board: Sequence[Scene]) -> None:
    retries.must_be_retryable(job, board)


def _retry(person: User, job: Job, _request: Request) -> Done:
    return Done(message=retries.retry(person, job))


def _may_cancel(_person: User, job: Job, board: Sequence[Scene]) -> None:
    retries.must_be_at_work(job, board)


def _cancel(person: User, job: Job, _request: Request) -> Done:
    retries.cancel(person, job)
    return Done(message="The work is stopped; what is finished stays.")


def _may_reopen(person: User, job: Job, _board: Sequence[Scene]) -> None:
    decisions.must_be_reopenable(person, job)


def _reopen(person: User, job: Job, _request: Request) -> Done:
    decisions.reopen(person, job)
    return Done(message="The storyboard is open for changes again. The decision stays on record.")


WORDS = (Param.FEEDBACK,)
DECIDING = (Param.FEEDBACK, Param.CONTENT_HASH)
OF_A_REDO = (Param.SCENE, Param.FEEDBACK, Param.CONSTRAINTS, Param.SELECT)
RULES = (
    Rule(
        name="approve", old_name="approve_storyboard", label="Approve and freeze, and render the animatic",
        guard=_may_decide, work=_approve, is_making=False, params=DECIDING,
    ),
    Rule(
        name="reject", old_name="reject_storyboard", label="Reject, and have the unlocked scenes written anew",
        label_of_reviewers="Reject and freeze",
        guard=_may_reject, work=_reject, is_making=False, params=DECIDING, needs=WORDS,
    ),
    Rule(
        name="request_changes", label="Ask for changes",
        guard=_may_decide, work=_request_changes, is_making=False, params=DECIDING, needs=WORDS,
    ),
    Rule(
        name="regenerate_scene", label="Write a new take of one scene",
        guard=_may_redo, work=_regenerate_scene, params=OF_A_REDO, needs=(Param.SCENE,),
    ),
    Rule(
        name="regenerate_all_scenes", label="Write new takes of all unlocked scenes",
        guard=_may_regenerate, work=_regenerate_all, params=WORDS,
    ),
    Rule(name="retry", label="Try again what failed or was stopped", guard=_may_retry, work=_retry),
    Rule(name="cancel", label="Stop the work that is going on", guard=_may_cancel, work=_cancel),
    Rule(name="reopen", label="Reopen for changes", guard=_may_reopen, work=_reopen, is_making=False),
)  # fmt: skip
"""All actions, in the order in which they are listed."""
