"""What can be done with a job as a whole: what is possible now for a person, and doing it.

Whether something is possible is asked of the very rules that the use cases themselves ask in their transactions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.errors import Conflict, Forbidden, Invalid, StaleBoard
from webapp.models import Approval
from webapp.services import jobs
from webapp.services.action_rules import RULES, Done, Param, Request, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Scene, User

__all__ = ["Action", "Done", "Request", "perform", "possible"]

MISSING = {
    Param.FEEDBACK: "Say what should be different, one line is enough.",
    Param.SCENE: "Say which scene.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action that is possible."""

    name: str
    label: str
    params: tuple[Param, ...]
    """What may be said with it; those of `needs` have to be."""
    needs: tuple[Param, ...]
    scene_numbers: tuple[int, ...] = ()
    """The scenes it is possible for, where it is about one."""


def possible(person: User, job: Job) -> list[Action]:
    """Return what this person can do with a job now, in a fixed order."""
    board = jobs.scenes(job)
    return [_said(rule, person, board) for rule in RULES if _is_possible(rule, person, job, board)]


def perform(person: User, job: Job, request: Request) -> Done:
    """Do what was asked for.

    Raises:
        Invalid: there is no such action, a parameter is missing, wrong, or not one of this action's.
        Forbidden: this person may never do this, or not to what somebody else decided.
        Conflict: the state of the job forbids it; says which state, and what is possible in it.
        StaleBoard: the storyboard is not the one a decision names.
        VersionNeeded: a decision of somebody who only looks and decides names none.
        NotFound: the scene does not belong to this job.
        TooMany: too much was asked of the writer within an hour.
    """
    rule = _rule(person, job, request.action)
    if rule.is_making:
        _must_make(person)
    _check(rule, request)
    try:
        rule.guard(person, job, jobs.scenes(job))
        return rule.work(person, job, request)
    except StaleBoard:  # the job is in a state for it, the decision is about another storyboard
        raise
    except Conflict as refusal:
        raise _explained(refusal, person, job) from refusal


def _is_possible(rule: Rule, person: User, job: Job, board: Sequence[Scene]) -> bool:
    try:
        if rule.is_making:
            _must_make(person)
        rule.guard(person, job, board)
    except (Conflict, Forbidden):
        return False
    return True


def _said(rule: Rule, person: User, board: Sequence[Scene]) -> Action:
    free = tuple(scene.position for scene in board if not scene.is_redoing) if Param.SCENE in rule.params else ()
    # what is missing there is refused by the decision itself, with the hash that is missing
    named = (Param.CONTENT_HASH,) if Param.CONTENT_HASH in rule.params and not person.may_edit else ()
    return Action(
        name=rule.name,
        label=rule.label_for(person),
        params=rule.params,
        needs=(*rule.needs, *named),
        scene_numbers=free,
    )


def _rule(person: User, job: Job, asked: str) -> Rule:
    spelled = re.sub(r"[\s_-]", "", asked).lower()
    for rule in RULES:
        if spelled and spelled in (rule.name.replace("_", ""), rule.old_name.replace("_", "")):
            return rule
    sentence = f"There is no such action. Possible now: {_names(possible(person, job))}."
    known = ", ".join(rule.name for rule in RULES)
    raise Invalid(sentence, fields={"action": sentence}, hint=f"Slate knows {known}.")


def _must_make(person: User) -> None:
    if not person.may_edit:
        raise Forbidden("Your account may look and decide, not change.", hint="Ask an admin to make you an editor.")


def _check(rule: Rule, request: Request) -> None:
    """Refuse what does not belong to an action, and one that lacks what it needs."""
    wrong = {str(each): f"“{rule.name}” has no such parameter." for each in request.given if each not in rule.params}
    wrong |= {str(each): MISSING[each] for each in rule.needs if each not in request.given}
    if wrong:
        raise Invalid(fields=wrong)


def _explained(refusal: Conflict, person: User, job: Job) -> Conflict:
    """Return a refusal that names the state and what is possible in it."""
    decided = "" if job.approval == Approval.NONE else f" and {job.approval}"
    state = f"The job is {job.status}{decided}; possible now: {_names(possible(person, job))}."
    return Conflict(f"{refusal.message} {state}", hint=refusal.hint)


def _names(actions: Sequence[Action]) -> str:
    return ", ".join(action.name for action in actions) or "nothing"
