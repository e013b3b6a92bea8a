"""Takes, as the API says and hears them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from webapp.schemas.scenes import Beat, CameraMove, ShotType, Transition
from webapp.views.api.v3.resources.base import UUID, Body, Paged
from webapp.views.api.v3.resources.scenes import Metadata

if TYPE_CHECKING:
    from collections.abc import Collection

    from webapp.models import Frame, Job, Scene, Take

COLUMNS = {"duration": "duration_ms", "assets": "asset_ids", "metadata": "extra", "onScreen": "on_screen"}
"""Fields whose column has another name; for shotType and cameraMove see `columns`."""
TakePart = Literal[
    "title", "beat", "description", "script", "onScreen", "shotType", "cameraMove", "transition", "duration", "assets",
    "metadata",
]  # fmt: skip


class TakeResource(TypedDict):
    """One version of what a scene says. It never changes."""

    id: UUID
    sceneId: UUID
    number: Annotated[int, Field(description="From 1, in the order they were written.")]
    source: Literal["writer", "edit", "redo", "restore", "copy", "comment"]
    isPresent: Annotated[bool, Field(description="The scene shows it.")]
    waiting: Annotated[bool, Field(description="A candidate: nobody has used or dismissed it yet.")]
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
    metadata: Metadata
    feedback: Annotated[str | None, Field(description="What was asked for.")]
    comments: Annotated[list[str], Field(description="Ids of the comments whose words asked for it.")]
    author: Annotated[str | None, Field(description="Who changed or asked for it; null: the writer by itself.")]
    writer: Annotated[str | None, Field(description="builtin, openai, anthropic; null: by hand.")]
    model: str | None
    inputTokens: int
    outputTokens: int
    cost: Annotated[float, Field(description="USD.")]
    tookMs: Annotated[int | None, Field(description="How long the writer needed, milliseconds.")]
    frameUrl: Annotated[str | None, Field(description="Where its picture is; null where none is drawn.")]
    createdAt: datetime


class UseBody(Body):
    """Which parts of a take are wanted."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"fields": ["script", "duration"]}]})

    fields: Annotated[
        list[TakePart] | None, Field(max_length=20, description="Only these; the scene keeps the rest of what it says.")
    ] = None

    def columns(self) -> set[str] | None:
        """Return the columns of a take that are wanted, None for all."""
        if self.fields is None:
            return None
        others = {"shotType": "shot_type", "cameraMove": "camera_move"} | COLUMNS
        return {others.get(name, name) for name in self.fields}


class TakeQuery(Paged):
    """Which takes are wanted, counted from the newest."""


def take(job: Job, scene: Scene, found: Take, picture: Frame | None, comments: Collection[str] | None) -> TakeResource:
    """Say a take; `comments` are the ids of those that its reader may read (None: all)."""
    asked = [each for each in found.comment_ids if comments is None or each in comments]
    is_for_team = bool(found.comment_ids) and len(asked) < len(found.comment_ids)
    return {
        "id": found.id,
        "sceneId": found.scene_id,
        "number": found.number,
        "source": found.source,  # type: ignore[typeddict-item]
        "isPresent": found.id == scene.take_id,
        "waiting": found.waiting,
        "title": found.title or None,
        "beat": found.beat,  # type: ignore[typeddict-item]
        "duration": found.duration_ms / 1000,
        "description": found.description or None,
        "script": found.script or None,
        "onScreen": found.on_screen or None,
        "shotType": found.shot_type,  # type: ignore[typeddict-item]
        "cameraMove": found.camera_move,  # type: ignore[typeddict-item]
        "transition": found.transition,  # type: ignore[typeddict-item]
        "assets": list(found.asset_ids),
        "metadata": dict(found.extra),
        # the words of comments for the team alone are not told to others by way of the take they asked for
        "feedback": (not is_for_team and found.feedback) or None,
        "comments": asked,
        "author": found.user.name if found.user else None,
        "writer": found.writer or None,
        "model": found.model or None,
        "inputTokens": found.input_tokens,
        "outputTokens": found.output_tokens,
        "cost": found.cost_micros / 1_000_000,
        "tookMs": found.took_ms or None,
        "frameUrl": _frame_url(job, found, picture),
        "createdAt": found.created_at,
    }


def _frame_url(job: Job, found: Take, picture: Frame | None) -> str | None:
    if picture is None:
        return None
    return f"/api/v3/jobs/{job.id}/scenes/{found.scene_id}/takes/{found.id}/frame?v={picture.id}"
