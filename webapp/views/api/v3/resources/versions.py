"""Versions of a board and what is different between two, as the API says and hears them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict

from webapp.schemas.scenes import Beat, CameraMove, ShotType, Transition
from webapp.schemas.sending import SendDraft
from webapp.schemas.texts import Name, ShortText
from webapp.schemas.versions import VersionDraft
from webapp.services import storyboards
from webapp.views.api.v3.resources.base import UUID, Body, NewBody

if TYPE_CHECKING:
    from webapp.models import Job, Version, VersionScene


class VersionResource(TypedDict):
    """A board as it was at one moment. Never changed, only renamed."""

    id: UUID
    jobId: UUID
    number: Annotated[int, Field(description="From 1 within the job.")]
    kind: Annotated[
        Literal["named", "sent", "decided", "safety"],
        Field(description="Why it was kept; `safety`: by Slate, before many scenes changed."),
    ]
    name: str | None
    note: Annotated[str | None, Field(description="Words to the reviewers, where it was sent.")]
    isSent: Annotated[bool, Field(description="It is what review links show now.")]
    hash: Annotated[str, Field(description="SHA-256 of its storyboard.json, 64 hex digits.")]
    title: str
    format: str
    language: str
    duration: Annotated[float, Field(description="Seconds, as the brief asked for then.")]
    madeBy: Annotated[str | None, Field(description="By name at the time; null: Slate itself.")]
    createdAt: datetime


class VersionSceneResource(TypedDict):
    """A scene as it was in a version."""

    sceneId: UUID
    sceneNumber: int
    take: Annotated[int, Field(description="The number of the take it showed.")]
    title: str | None
    beat: Beat
    duration: Annotated[float, Field(description="Seconds.")]
    description: str | None
    script: str | None
    onScreen: str | None
    shotType: ShotType
    cameraMove: CameraMove
    transition: Transition
    assets: Annotated[list[str], Field(description="Asset ids, the picture first.")]
    metadata: dict[str, Any]
    locked: bool
    hash: Annotated[str, Field(description="SHA-256 of what the scene says and shows.")]


class WholeVersionResource(VersionResource):
    """A version with its scenes."""

    scenes: list[VersionSceneResource]


class VersionBody(Body):
    """A name for the board as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Before the client call"}]})

    name: Name

    def draft(self) -> VersionDraft:
        """Return it as the service takes it."""
        return VersionDraft(name=self.name)


class SendBody(NewBody):
    """What is said when a storyboard is sent for review; all of it may be left out."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"note": "Scenes 2 and 5 are new.", "approvalRule": "all"}]}
    )

    name: Annotated[Name | None, Field(description="Without one it is named after the client and the round.")] = None
    note: Annotated[ShortText | None, Field(description="Words to the reviewers.")] = None
    approval_rule: Annotated[
        Literal["any", "all"], Field(description="Whose approval it needs: one of those asked, or each.")
    ] = "any"
    seen: Annotated[
        Annotated[str, StringConstraints(max_length=64)] | None,
        Field(description="The hash of the storyboard you looked at: 409 when it is another one by now."),
    ] = None

    def draft(self) -> SendDraft:
        """Return it as the service takes it."""
        return SendDraft(**self.model_dump(exclude_none=True))


def version(job: Job, found: Version) -> VersionResource:
    """Say a version without its scenes."""
    return {
        "id": found.id,
        "jobId": found.job_id,
        "number": found.number,
        "kind": found.kind,  # type: ignore[typeddict-item]
        "name": found.name or None,
        "note": found.note or None,
        "isSent": found.id == job.sent_version_id,
        "hash": found.content_hash,
        "title": found.title,
        "format": found.ratio,
        "language": found.language,
        "duration": found.duration_ms / 1000,
        "madeBy": found.made_by or None,
        "createdAt": found.created_at,
    }


def whole(job: Job, found: Version) -> WholeVersionResource:
    """Say a version with its scenes."""
    return {**version(job, found), "scenes": [_scene(each) for each in found.scenes]}


def _scene(found: VersionScene) -> VersionSceneResource:
    take = found.take
    return {
        "sceneId": found.scene_id,
        "sceneNumber": found.position,
        "take": take.number,
        "title": take.title or None,
        "beat": take.beat,  # type: ignore[typeddict-item]
        "duration": take.duration_ms / 1000,
        "description": take.description or None,
        "script": take.script or None,
        "onScreen": take.on_screen or None,
        "shotType": take.shot_type,  # type: ignore[typeddict-item]
        "cameraMove": take.camera_move,  # type: ignore[typeddict-item]
        "transition": take.transition,  # type: ignore[typeddict-item]
        "assets": take.asset_ids,
        "metadata": take.extra,
        "locked": found.locked,
        "hash": storyboards.scene_hash(take),
    }
