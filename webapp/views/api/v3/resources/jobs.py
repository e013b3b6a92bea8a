"""Jobs, as the API says them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import Field
from typing_extensions import TypedDict

from webapp.schemas.jobs import Language, Ratio
from webapp.services import animatics, dossiers, fit, progress
from webapp.services import decisions as deciding
from webapp.services.dossiers import Dossier
from webapp.services.progress import Stage
from webapp.views.api.v3.resources import assets, decisions, scenes
from webapp.views.api.v3.resources.assets import AssetResource
from webapp.views.api.v3.resources.base import UUID
from webapp.views.api.v3.resources.decisions import DecisionResource
from webapp.views.api.v3.resources.scenes import SceneResource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webapp.models import Job, Scene, User

Usd = Annotated[float, Field(description="USD.")]
Status = Literal[
    "pending", "storyboard_processing", "storyboard_ready", "video_processing", "completed", "failed", "cancelled"
]


PERCENT = (
    "0–100 of what `stage` is about. The storyboard: two thirds for the words, one for the pictures. The animatic "
    "(`rendering`): up to 50 while frames that are missing are drawn, 75 while it is put together; no finer."
)


class JobProgress(TypedDict):
    """How far it has come."""

    stage: Stage
    percent: Annotated[int, Field(description=PERCENT)]
    message: Annotated[str | None, Field(description="What is happening, in words.")]
    currentStep: Annotated[int, Field(description="Scenes written.")]
    totalSteps: Annotated[int, Field(description="Scenes it will have.")]


class JobContext(TypedDict):
    """Whom the ad is for."""

    clientId: UUID
    campaignId: str | None
    userId: Annotated[str | None, Field(description="As the request that made it said.")]


class AdBasics(TypedDict):
    """What the ad has to say."""

    product: str
    targetAudience: str
    keyMessage: str
    callToAction: str


class VideoSpecs(TypedDict):
    """How long it is, and its format."""

    duration: Annotated[float, Field(description="Seconds.")]
    format: Ratio
    resolution: str | None


class Direction(TypedDict):
    """How it looks and sounds."""

    style: str | None
    tone: str | None
    visualElements: list[str]
    musicStyle: str | None


class JobAssetResource(TypedDict):
    """An asset of the brief and the role it plays; `assets` beside has all about it."""

    assetId: UUID
    url: Annotated[str | None, Field(description="The link it came by.")]
    type: str | None
    name: str
    role: str | None


class Creative(TypedDict):
    """What it looks like."""

    videoSpecs: VideoSpecs
    direction: Direction
    assets: list[JobAssetResource]


class Advanced(TypedDict):
    """What most leave to Slate."""

    numScenes: int | None
    language: Language
    modelPreferences: list[str]


class StoryboardScene(TypedDict):
    """A scene as the first clients read it."""

    image_url: str | None
    description: str | None
    scene_idx: Annotated[int, Field(description="From 0.")]


class Storyboard(TypedDict):
    """The scenes as the first clients read them; `scenes` has all about them."""

    scenes: list[StoryboardScene]


class JobApproval(TypedDict):
    """What people decided."""

    state: Literal["none", "approved", "changes_requested", "rejected"]
    hash: Annotated[str | None, Field(description="SHA-256 of the storyboard as it is; null without scenes.")]
    decisions: Annotated[list[DecisionResource], Field(description="The newest first.")]
    changedScenes: Annotated[list[int], Field(description="Numbers of scenes changed since the last decision.")]


class Cost(TypedDict):
    """What it was expected to cost and what was booked."""

    estimated: float
    actual: float
    currency: Literal["USD"]


class JobResource(TypedDict):
    """An ad in the making, with its storyboard."""

    id: UUID
    title: str
    status: Status
    progress: JobProgress
    context: JobContext
    adBasics: AdBasics
    creative: Creative
    advanced: Advanced
    assetIds: list[str]
    assets: list[AssetResource]
    scenes: list[SceneResource]
    storyboard: Storyboard
    approval: JobApproval
    archived: Annotated[bool, Field(description="It is out of the lists and can only be read until it is restored.")]
    videoUrl: Annotated[str | None, Field(description="Where its animatic is; null until it is rendered.")]
    error: Annotated[str | None, Field(description="Why the writing, or the animatic, failed.")]
    hint: Annotated[str | None, Field(description="What to do about it.")]
    estimatedCost: Usd
    actualCost: Usd
    cost: Cost
    createdAt: datetime
    updatedAt: datetime


def job(person: User, found: Job) -> JobResource:  # noqa: ARG001 - everybody who sees a job sees all of it so far
    """Say a job, with what belongs to it read anew."""
    return several([dossiers.of([found.id]).get(found.id) or Dossier(job=found)])[0]


def several(found: Sequence[Dossier]) -> list[JobResource]:
    """Say jobs with what was read of them; looks once for what all of their assets need."""
    shown = {link.asset_id: link.asset for dossier in found for link in dossier.links}
    said = {each["id"]: each for each in assets.several(list(shown.values()))} if shown else {}
    return [_said(each, said) for each in found]


def _said(dossier: Dossier, shown: Mapping[str, AssetResource]) -> JobResource:
    found, board = dossier.job, dossier.scenes
    rate = fit.rate_of(found)
    estimated, actual = found.estimated_cost_micros / 1_000_000, found.actual_cost_micros / 1_000_000
    return {
        "id": found.id,
        "title": found.title,
        "status": cast("Status", found.status),
        "progress": _progress(dossier),
        "context": {
            "clientId": found.client_id,
            "campaignId": found.campaign_id,
            "userId": found.extra.get("userId"),
        },
        "adBasics": _basics(found),
        "creative": _creative(dossier),
        "advanced": {
            "numScenes": found.num_scenes,
            "language": cast("Language", found.language),
            "modelPreferences": found.extra.get("modelPreferences", []),
        },
        "assetIds": [link.asset_id for link in dossier.links],
        "assets": [shown[link.asset_id] for link in dossier.links],
        "scenes": [scenes.scene(found, each, dossier.candidates, rate) for each in board],
        "storyboard": {"scenes": [_old_scene(each) for each in board]},
        "approval": _approval(dossier),
        "archived": found.is_archived,
        "videoUrl": f"/api/v3/jobs/{found.id}/video" if animatics.has_film(found) else None,
        "error": found.error or found.video_error or None,
        "hint": found.hint or None,
        "estimatedCost": estimated,
        "actualCost": actual,
        "cost": {"estimated": estimated, "actual": actual, "currency": "USD"},
        "createdAt": found.created_at,
        "updatedAt": found.updated_at,
    }


def _progress(dossier: Dossier) -> JobProgress:
    far = progress.of(dossier.job, dossier.scenes)
    return {
        "stage": far.stage,
        "percent": far.percent,
        "message": far.message or None,
        "currentStep": far.step,
        "totalSteps": far.steps,
    }


def _basics(found: Job) -> AdBasics:
    return {
        "product": found.product,
        "targetAudience": found.audience,
        "keyMessage": found.key_message,
        "callToAction": found.call_to_action,
    }


def _creative(dossier: Dossier) -> Creative:
    found = dossier.job
    return {
        "videoSpecs": {
            "duration": found.duration_ms / 1000,
            "format": cast("Ratio", found.ratio),
            "resolution": found.extra.get("resolution"),
        },
        "direction": {
            "style": found.style or None,
            "tone": found.tone or None,
            "visualElements": found.visual_elements,
            "musicStyle": found.music_style or None,
        },
        "assets": [
            {
                "assetId": link.asset_id,
                "url": link.asset.source_url or None,
                "type": link.asset.kind or None,
                "name": link.asset.name,
                "role": link.role or None,
            }
            for link in dossier.links
        ],
    }


def _approval(dossier: Dossier) -> JobApproval:
    board, decided = dossier.scenes, dossier.decisions
    changed = deciding.changes_since(decided[0], board).numbers if decided else ()
    return {
        "state": cast("Any", dossier.job.approval),
        "hash": deciding.content_hash(board, dossier.job.named_ratio) if board else None,
        "decisions": [decisions.decision(each) for each in decided],
        "changedScenes": list(changed),
    }


def _old_scene(found: Scene) -> StoryboardScene:
    return {
        "image_url": scenes.frame_url(found),
        "description": (found.take and found.take.description) or None,
        "scene_idx": found.position - 1,
    }
