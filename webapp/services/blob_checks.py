"""Compares the descriptions of bytes with the bytes, and says whose are lost or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import or_, select

from webapp.extensions import db, let_go
from webapp.models import Asset, Blob, Client, Frame, Job, Scene, Version, VersionScene
from webapp.services import chunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def described() -> Sequence[Blob]:
    """Return the descriptions of everything that is stored."""
    found = db.session.scalars(select(Blob).order_by(Blob.created_at, Blob.id)).all()
    let_go()
    return found


def lost(found: Sequence[Blob]) -> list[Blob]:
    """Return those whose chunks are not all there with all their bytes; reads about 4 % of blobs.db."""
    if not current_app.extensions["settings"].blobs_path.exists():  # opening it would make an empty one
        return [blob for blob in found if blob.size_bytes]
    held = chunks.all_held()
    nothing = chunks.Held(0, 0)
    wrong = [
        blob
        for blob in found
        if held.get(blob.sha256, nothing) != chunks.Held(chunks.pieces_of(blob.size_bytes), blob.size_bytes)
    ]
    return still_described(wrong)


def changed(found: Sequence[Blob]) -> list[Blob]:
    """Return those whose bytes are not what their hash says; reads all of them, 1 GB in about three seconds."""
    if not current_app.extensions["settings"].blobs_path.exists():
        return [blob for blob in found if blob.size_bytes]
    return still_described([blob for blob in found if not chunks.is_intact(blob.sha256, blob.size_bytes)])


def still_described(found: Sequence[Blob]) -> list[Blob]:
    """Leave out what somebody deleted while we looked."""
    let_go()
    present = [blob for blob in found if db.session.scalar(select(Blob.id).where(Blob.id == blob.id))]
    let_go()
    return present


def owners(blob: Blob) -> Iterator[str]:
    """Name what shows these bytes, as people know it."""
    assets = select(Asset.name, Client.name).join(Client, Asset.client_id == Client.id)
    assets = assets.where(
        or_(Asset.blob_id == blob.id, Asset.thumbnail_blob_id == blob.id, Asset.picture_blob_id == blob.id)
    )
    for name, client in db.session.execute(assets):
        yield f"the asset “{name}” of {client}"
    shows = or_(Frame.board_blob_id == blob.id, Frame.plain_blob_id == blob.id, Frame.thumbnail_blob_id == blob.id)
    scenes = select(Scene.position, Job.title, Job.id).join(Job, Scene.job_id == Job.id).join(Scene.frame).where(shows)
    for number, title, job_id in db.session.execute(scenes.where(Scene.deleted_at.is_(None))):
        yield f"the picture of scene {number} of “{title}” ({job_id})"
    kept = select(VersionScene.position, Version.number, Job.title, Job.id).join(VersionScene.frame).where(shows)
    kept = kept.join(Version, VersionScene.version_id == Version.id).join(Job, Version.job_id == Job.id)
    for number, version, title, job_id in db.session.execute(kept):
        yield f"the picture of scene {number} in v{version} of “{title}” ({job_id})"
    for title, job_id in db.session.execute(select(Job.title, Job.id).where(Job.video_blob_id == blob.id)):
        yield f"the animatic of “{title}” ({job_id})"
