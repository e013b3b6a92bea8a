"""Scenes, as the API says them; `scene_bodies` is what it hears."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from webapp.schemas.scenes import Beat, CameraMove, ShotType, Transition
from webapp.services import fit as fits
from webapp.services import takes
from webapp.views.api.v3.resources.base import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webapp.models import Job, Scene

Metadata = Annotated[
    dict[str, Any],
    Field(description="Your own facts. `shotTypeRaw` and `transitionRaw` keep words that are on neither list."),
]
Version = Annotated[int, Field(description="Grows with every change; send it in If-Match.")]
Words = Annotated[
    int | None,
    Field(
        description="How many are said; null: not counted, since they are written without spaces (Japanese, Thai …)."
    ),
]
SpokenSeconds = Annotated[float | None, Field(description="How long a voice needs for them; null: not counted.")]
OverBy = Annotated[int | None, Field(description="How many words are too many; 0 when all fit, null: not counted.")]
FrameUrl = Annotated[str | None, Field(description="Where its picture is; null until one is drawn.")]


class SceneFit(TypedDict):
    """Do the words fit the seconds."""

    words: Words
    estimatedSeconds: SpokenSeconds
    overBy: OverBy


class SceneResource(TypedDict):
    """A shot of a storyboard, saying what its present take says."""

    id: UUID
    jobId: UUID
    sceneNumber: Annotated[int, Field(description="From 1, always contiguous.")]
    title: str | None
    beat: Annotated[Beat | None, Field(description="What it does in the story.")]
    duration: Annotated[float, Field(description="Seconds.")]
    description: Annotated[str | None, Field(description="What we see.")]
    script: Annotated[str | None, Field(description="What the voice says.")]
    onScreen: Annotated[str | None, Field(description="What is written on the picture.")]
    shotType: ShotType | None
    cameraMove: CameraMove | None
    transition: Annotated[Transition | None, Field(description="How it leaves.")]
    assets: Annotated[list[str], Field(description="Asset ids, the picture first.")]
    metadata: Metadata
    version: Version
    locked: Annotated[bool, Field(description="Kept out of writing all scenes anew.")]
    fit: SceneFit
    candidates: Annotated[list[int], Field(description="Numbers of takes that wait to be used or dismissed.")]
    isRegenerating: Annotated[bool, Field(description="A writer is at work on it.")]
    error: Annotated[str | None, Field(description="Why the last regenerate failed.")]
    frameUrl: FrameUrl
    createdAt: datetime
    updatedAt: datetime


class ScenesResource(TypedDict):
    """The scenes of a storyboard in order."""

    scenes: list[SceneResource]
    orderVersion: Annotated[
        str,
        Field(
            description="Changes with the order of the scenes and nothing else; send it as If-Match with a new order."
        ),
    ]


class SceneMessage(TypedDict):
    """What became of a scene."""

    message: str
    scene: SceneResource


class SpokenScene(TypedDict):
    """How the words of one scene fit its seconds."""

    sceneId: UUID
    sceneNumber: int
    duration: Annotated[float, Field(description="Seconds it has.")]
    words: Words
    estimatedSeconds: SpokenSeconds
    overBy: OverBy
    room: Annotated[int, Field(description="How many words fit in all.")]
    state: Annotated[
        Literal["silent", "ok", "tight", "over", "not_counted"],
        Field(description="tight: no time to breathe before the cut; not_counted: written without spaces."),
    ]


class BoardFit(TypedDict):
    """How the words of a storyboard fit the length that the brief asks for."""

    duration: Annotated[float, Field(description="Seconds the brief asks for.")]
    sceneSeconds: Annotated[float, Field(description="Seconds all scenes have together.")]
    words: Words
    estimatedSeconds: SpokenSeconds
    overBy: OverBy
    wordsPerMinute: Annotated[int, Field(description="The pace of the voice in the job's language.")]
    scenes: list[SpokenScene]


class FittedScenes(TypedDict):
    """The scenes after seconds were moved."""

    scenes: list[SceneResource]
    shortOfSeconds: Annotated[
        list[int], Field(description="Numbers of scenes that gave so much that their own words do not fit any more.")
    ]


class UndoneScenes(TypedDict):
    """What was taken back or done again, and the scenes as they are now."""

    message: str
    scenes: list[SceneResource]


def scene(
    job: Job, found: Scene, waiting: Mapping[str, Sequence[int]] | None = None, rate: int | None = None
) -> SceneResource:
    """Say a scene; `waiting` (`takes.waiting`) and `rate` (`fit.rate_of`) are looked up where they are not given."""
    waiting = takes.waiting(job) if waiting is None else waiting
    rate = rate or fits.rate_of(job)
    take = found.take
    return {
        "id": found.id,
        "jobId": found.job_id,
        "sceneNumber": found.position,
        "title": (take and take.title) or None,
        "beat": take and take.beat,  # type: ignore[typeddict-item]
        "duration": take.duration_ms / 1000 if take else 0.0,
        "description": (take and take.description) or None,
        "script": (take and take.script) or None,
        "onScreen": (take and take.on_screen) or None,
        "shotType": take and take.shot_type,  # type: ignore[typeddict-item]
        "cameraMove": take and take.camera_move,  # type: ignore[typeddict-item]
        "transition": take and take.transition,  # type: ignore[typeddict-item]
        "assets": list(take.asset_ids) if take else [],
        "metadata": dict(take.extra) if take else {},
        "version": found.version,
        "locked": found.locked,
        "fit": scene_fit(fits.of_scene(found, rate)),
        "candidates": list(waiting.get(found.id, ())),
        "isRegenerating": found.is_redoing,
        "error": found.error or None,
        "frameUrl": frame_url(found),
        "createdAt": found.created_at,
        "updatedAt": found.updated_at,
    }


def scenes(job: Job, found: Sequence[Scene]) -> list[SceneResource]:
    """Say the scenes of one job in this order, with one query for all of them."""
    waiting, rate = takes.waiting(job) if found else {}, fits.rate_of(job)
    return [scene(job, each, waiting, rate) for each in found]


def scene_fit(found: fits.Fit) -> SceneFit:
    """Say how words fit their seconds."""
    if not found.counted:
        return {"words": None, "estimatedSeconds": None, "overBy": None}
    return {"words": found.words, "estimatedSeconds": found.spoken_ms / 1000, "overBy": found.over}


def board_fit(job: Job, board: Sequence[Scene]) -> BoardFit:
    """Say how the words of a board fit."""
    whole, rate = fits.of_board(job, board), fits.rate_of(job)
    spoken = [(each, fits.of_scene(each, rate)) for each in board]
    return {
        "duration": job.duration_ms / 1000,
        "sceneSeconds": sum(found.duration_ms for _, found in spoken) / 1000,
        **scene_fit(whole),
        "wordsPerMinute": rate,
        "scenes": [
            {
                "sceneId": each.id,
                "sceneNumber": each.position,
                "duration": found.duration_ms / 1000,
                **scene_fit(found),
                "room": found.room,
                "state": found.state,  # type: ignore[typeddict-item]
            }
            for each, found in spoken
        ],
    }


def frame_url(found: Scene) -> str | None:
    """Return the address of a scene's picture; it names the picture, so that what it answers may be kept for good."""
    if found.frame_id is None:
        return None
    return f"/api/v3/jobs/{found.job_id}/scenes/{found.id}/frame?v={found.frame_id}"
