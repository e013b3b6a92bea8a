"""Actions of a job, as the API says and hears them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, ConfigDict, Field
from typing_extensions import TypedDict

from webapp.errors import Invalid
from webapp.schemas.texts import ShortText
from webapp.services.action_rules import RULES, Param
from webapp.services.job_actions import Request
from webapp.views.api import conditions
from webapp.views.api.v3.resources.base import Body, outside
from webapp.views.api.v3.resources.jobs import JobResource
from webapp.views.api.v3.resources.scene_bodies import ConstraintsBody, RegenerateBody
from webapp.views.api.v3.resources.scenes import SceneResource

if TYPE_CHECKING:
    from webapp.errors import StaleBoard
    from webapp.models import Job
    from webapp.services.job_actions import Action

ActionName = Literal[
    "approve", "reject", "request_changes", "regenerate_scene", "regenerate_all_scenes", "retry", "cancel", "reopen"
]
NAMES = ", ".join(f"{rule.name} (or {rule.old_name})" if rule.old_name else rule.name for rule in RULES)
ONE_OF = "One of sceneId, sceneNumber and sceneIdx is needed."
PARAMS: dict[Param, dict[str, str]] = {
    Param.SCENE: {
        "sceneId": f"The scene's id. {ONE_OF}",
        "sceneNumber": f"From 1. {ONE_OF}",
        "sceneIdx": f"From 0. {ONE_OF}",
    },
    Param.FEEDBACK: {"feedback": "What should be different."},
    Param.CONSTRAINTS: {"constraints": "What the new take keeps to: duration, style, mustIncludeAssets, parts."},
    Param.SELECT: {"select": "Show the new take at once; false leaves it a candidate beside the present one."},
    Param.CONTENT_HASH: {
        "contentHash": "The hash of the storyboard you looked at, the job's approval.hash; or send it in If-Match. "
        "Another one present is a 409."
    },
}
"""How what goes with an action is named outside, and what it is."""
SCENE = ("scene_id", "scene_number", "scene_idx")
OF_SERVICES = {"reason": "feedback", "must_include_asset_ids": "constraints.must_include_assets"}
"""Fields as services name them → as they stand in the body, before camelCase."""
SEEN = "7d9961a1d6821d436ee035721e2c77dd1e0e6890a8f5a021d07dc54be4a2e251"
"""The storyboard that the examples are about: that of the first job of tests/api/world.py."""
HASH = r"^[0-9a-fA-F]{64}$"
SAID_TWICE = "This was said twice, differently: beside the action and in its payload. Send it once."
NAMED_TWICE = "The body and If-Match name two storyboards. Send the hash of the one you looked at, once."


class ParamResource(TypedDict):
    """Something that may go with an action."""

    name: Literal["feedback", "contentHash", "sceneId", "sceneNumber", "sceneIdx", "constraints", "select"]
    required: bool
    description: str
    choices: Annotated[list[int] | None, Field(description="The only values that are possible now.")]


class ActionResource(TypedDict):
    """An action that would succeed now."""

    action: ActionName
    label: Annotated[str, Field(description="What it does, for a button.")]
    params: list[ParamResource]


class ActionResult(TypedDict):
    """What became of an action: a sentence, and the job; for `regenerate_scene` the scene."""

    message: str
    job: NotRequired[JobResource]
    scene: NotRequired[SceneResource]


class ChangedSceneResource(TypedDict):
    """A scene that says something else than the storyboard that was looked at."""

    id: str
    number: int


class PresentBoard(TypedDict):
    """The storyboard as it is now: `meta.current` of a decision that is refused as it is about another one."""

    contentHash: Annotated[str, Field(description="Name it once you looked at the storyboard as it is now.")]
    format: str
    changedScenes: Annotated[
        list[ChangedSceneResource],
        Field(description="All of them, where Slate does not know the storyboard that was named."),
    ]
    deletedScenes: Annotated[int, Field(description="How many are gone.")]
    isReordered: bool
    isReformatted: bool
    isKnown: Annotated[bool, Field(description="Slate knows the storyboard that was named.")]


def _a_hash(value: str | None) -> str | None:
    if value is not None and not re.match(HASH, value):
        raise ValueError("Must be a SHA-256 of 64 hex digits, such as the job's approval.hash.")
    return value


class ParamsBody(Body):
    """What goes with an action."""

    feedback: Annotated[ShortText | None, Field(max_length=1000, description="What should be different.")] = None
    content_hash: Annotated[
        Annotated[str, AfterValidator(_a_hash), Field(json_schema_extra={"pattern": HASH})] | None,
        Field(
            description="For a decision: the hash of the storyboard you looked at, the job's `approval.hash`. "
            "Also as If-Match. Needed with a reviewer's key."
        ),
    ] = None
    scene_id: Annotated[str | None, Field(max_length=100)] = None
    scene_number: Annotated[int | None, Field(ge=1, le=10_000, description="From 1.")] = None
    scene_idx: Annotated[int | None, Field(ge=0, le=9999, description="From 0, as old clients count.")] = None
    constraints: ConstraintsBody | None = None
    select: Annotated[
        bool | None, Field(description="For regenerate_scene: show the new take at once, which is the default.")
    ] = None


class ActionBody(ParamsBody):
    """An action; what goes with it stands beside it or in `payload`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"action": "request_changes", "feedback": "Show the bottle earlier.", "contentHash": SEEN},
                {"action": "APPROVE_STORYBOARD", "payload": {"contentHash": SEEN}},
                {"action": "regenerate_scene", "payload": {"sceneIdx": 1, "constraints": {"duration": 4}}},
            ]
        }
    )

    action: Annotated[str, Field(max_length=60, description=f"In any case: {NAMES}.")]
    payload: ParamsBody | None = None

    def request(self, user_agent: str, tag: str = "") -> Request:
        """Return it as the service takes it; `tag` is what If-Match names.

        Raises:
            Invalid: something was said twice, differently, or two scenes were named.
        """
        said = self._said()
        content_hash = said.get("content_hash", tag)
        if tag and tag.lower() != content_hash.lower():
            path = self._place(Param.CONTENT_HASH)
            raise Invalid(fields={path: NAMED_TWICE, conditions.NAME: NAMED_TWICE})
        redo = RegenerateBody.model_construct(feedback=said.get("feedback"), constraints=said.get("constraints"))
        scene = said.get("scene_id") or str(said.get("scene_number") or said.get("scene_idx", -1) + 1 or "")
        given = {Param(name) for name in ("feedback", "constraints", "select") if name in said}
        return Request(
            action=self.action,
            feedback=said.get("feedback", ""),
            scene=scene,
            redo=redo.request(),
            select=said.get("select", True),
            content_hash=content_hash,
            given=frozenset(
                given | ({Param.SCENE} if scene else set()) | ({Param.CONTENT_HASH} if content_hash else set())
            ),
            user_agent=user_agent,
        )

    def placed(self, fields: dict[str, str]) -> dict[str, str]:
        """Return what the service refuses by the paths at which it was sent, or should have been."""
        return {self._place(name): why for name, why in fields.items()}

    def _said(self) -> dict[str, Any]:
        """Return what goes with it, wherever it stood."""
        beside, inside = _given(self), _given(self.payload)
        if wrong := [name for name in beside if name in inside and beside[name] != inside[name]]:
            paths = [where + outside(name) for name in wrong for where in ("", "payload.")]
            raise Invalid(fields=dict.fromkeys(paths, SAID_TWICE))
        said = beside | inside
        named = [name for name in SCENE if name in said]
        is_same = "scene_id" not in said and said.get("scene_number") == said.get("scene_idx", -1) + 1
        if len(named) > 1 and not is_same:
            raise Invalid(fields=self.placed(dict.fromkeys(named, f"{ONE_OF} Send one of them.")))
        return said

    def _place(self, name: str) -> str:
        head, dot, rest = OF_SERVICES.get(name.partition(".")[0], name.partition(".")[0]), *name.partition(".")[1:]
        if head == "action":
            return name
        beside, inside = _given(self), _given(self.payload)
        if head == Param.SCENE:
            head = next((each for each in SCENE if each in beside | inside), SCENE[0])
        if head == Param.CONTENT_HASH and head not in beside | inside:
            return conditions.NAME
        first = head.partition(".")[0]
        is_inside = first in inside or (first not in beside and self.payload is not None)
        return f"{'payload.' if is_inside else ''}{outside(head)}{dot}{rest}"


def present(job: Job, refusal: StaleBoard) -> PresentBoard:
    """Say which storyboard there is in place of the one that was looked at."""
    return {
        "contentHash": refusal.content_hash,
        "format": job.ratio,
        "changedScenes": [{"id": scene_id, "number": number} for scene_id, number in refusal.changed.items()],
        "deletedScenes": refusal.deleted,
        "isReordered": refusal.is_reordered,
        "isReformatted": refusal.is_reformatted,
        "isKnown": refusal.is_known,
    }


def action(found: Action) -> ActionResource:
    """Say an action."""
    params: list[ParamResource] = [
        {
            "name": name,  # type: ignore[typeddict-item]
            "required": param in found.needs and param != Param.SCENE,
            "description": text,
            "choices": _choices(name, found),
        }
        for param in found.params
        for name, text in PARAMS[param].items()
    ]
    return {"action": found.name, "label": found.label, "params": params}  # type: ignore[typeddict-item]


def _choices(name: str, found: Action) -> list[int] | None:
    """Return the scenes an action is possible for, as numbers from 1 or from 0."""
    from_zero = {"sceneNumber": 0, "sceneIdx": 1}.get(name)
    return None if from_zero is None else [number - from_zero for number in found.scene_numbers]


def _given(body: ParamsBody | None) -> dict[str, Any]:
    """Return what was said with an action; null and empty texts say nothing."""
    named = {name: getattr(body, name) for name in ParamsBody.model_fields} if body else {}
    return {name: value for name, value in named.items() if value is not None and value != ""}
