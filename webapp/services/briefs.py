"""A job as a writer sees it: the brief, the brand, what the assets show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.errors import Damaged
from webapp.extensions import db
from webapp.models import Asset, AssetStatus, Blob, Client, JobAsset
from webapp.services import blobs, timing
from webapp.services.writers.base import AssetNote, Brand, Brief, SceneDraft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Scene, Take


def of(job: Job, scene_ms: Sequence[int], *, feedback: str = "", pictures: bool = False) -> Brief:
    """Return a job's brief with a planned length for each scene; `pictures` adds small pictures of the assets.

    Reads the database: call it inside no transaction(), since pictures come from the blob store.
    """
    client = job.client
    return Brief(
        product=job.product,
        audience=job.audience,
        key_message=job.key_message,
        call_to_action=job.call_to_action,
        style=job.style,
        tone=job.tone,
        visual_elements=tuple(job.visual_elements),
        music_style=job.music_style,
        language=job.language,
        words_per_minute=timing.words_per_minute(job.language, client.speaking_rates),
        ratio=job.ratio,
        scene_seconds=tuple(ms / 1000 for ms in scene_ms),
        brand=brand(client),
        campaign_goal=job.campaign.goal if job.campaign else "",
        homepage=(job.campaign.product_url if job.campaign else "") or client.homepage,
        assets=notes(job, pictures=pictures),
        seed=job.seed,
        feedback=feedback,
    )


def brand(client: Client) -> Brand:
    """Return a client's guidelines as a writer needs them."""
    return Brand(
        name=client.name,
        colors=tuple(client.colors),
        fonts=tuple(client.fonts),
        tone=client.tone,
        restrictions=tuple(client.restrictions),
        examples=tuple(client.examples),
        disclaimer=client.disclaimer,
    )


def notes(job: Job, *, pictures: bool = False) -> tuple[AssetNote, ...]:
    """Return what a writer is told of a job's assets, in the order they were added; refused ones are left out."""
    links = db.session.scalars(select(JobAsset).where(JobAsset.job_id == job.id).order_by(JobAsset.id)).all()
    usable = [link for link in links if link.asset.status != AssetStatus.REFUSED]
    return tuple(_note(link.asset, link.role, pictures=pictures) for link in usable)


def _note(asset: Asset, role: str, *, pictures: bool) -> AssetNote:
    blob = db.session.get(Blob, asset.thumbnail_blob_id) if pictures and asset.thumbnail_blob_id else None
    return AssetNote(
        id=asset.id,
        name=asset.name,
        kind=asset.kind or "image",
        role=role,
        tags=tuple(asset.tags),
        ready=asset.is_ready,
        width=asset.width,
        height=asset.height,
        duration_s=asset.duration_ms / 1000 if asset.duration_ms else None,
        excerpt=asset.excerpt[:2000],
        thumbnail=_bytes(blob) if blob else b"",
    )


def _bytes(blob: Blob) -> bytes:
    """Read a small picture; a damaged one is left out, since the writer can do without."""
    try:
        return blobs.read(blob)
    except Damaged:
        return b""


def planned_ms(job: Job, low: int, high: int) -> tuple[int, ...]:
    """Return the planned milliseconds of each scene of a new storyboard; their sum is the job's length."""
    return timing.plan(job.duration_ms, timing.scene_count(job.duration_ms / 1000, job.num_scenes, low=low, high=high))


def draft(scene: Scene) -> SceneDraft:
    """Return a scene's present take as a writer's draft."""
    if scene.take is None:
        raise ValueError("A scene without a take has no words.")
    return as_draft(scene.take, scene.position)


def as_draft(take: Take, number: int) -> SceneDraft:
    """Return a take as a writer's draft of scene `number`."""
    return SceneDraft(
        number=number,
        title=take.title,
        beat=take.beat,
        description=take.description,
        script=take.script,
        on_screen=take.on_screen,
        shot_type=take.shot_type,
        camera_move=take.camera_move,
        transition=take.transition,
        seconds=take.duration_ms / 1000,
        asset_ids=tuple(take.asset_ids),
    )
