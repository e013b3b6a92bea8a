"""The picture of a scene: which one it should have, drawing it when missing, kept by the hash of what went in."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import threading
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select

from webapp.errors import DiskFull
from webapp.extensions import db, delete_rows, let_go, transaction
from webapp.models import Asset, Blob, Frame, Job, JobAsset, Scene, Take, VersionScene, utcnow
from webapp.services import blobs, tasks
from webapp.services.frames import words
from webapp.storage import refusing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

ART_VERSION = 5
"""Grows when the artist draws differently, so that old pictures are drawn again."""
PICTURES = ("image", "video")
"""Kinds of asset that have a picture to crop."""
UNUSED_AGE = timedelta(hours=1)
"""A picture that no scene shows is kept so long: undo and a restored take find it again."""

FAILED = "The picture could not be drawn. Change the shot or the asset to try again."
NO_ROOM = "The server's disk is nearly full, so the picture was not drawn. It is drawn as soon as there is room."
"""Where a scene says this, the sweep has it drawn when there is room again."""

_easel = threading.Condition()
"""Guards the two sets below."""
_drawing: set[str] = set()
"""Jobs that a thread of this process draws for right now."""
_asked: set[str] = set()
"""Those of them that somebody asked for again meanwhile: whoever draws has one more look before stopping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that the picture of a scene depends on."""

    picture_blob_id: str
    """The asset's picture to crop, or empty for a sketch."""
    shot_type: str
    camera_move: str
    beat: str
    ratio: str
    colors: tuple[str, ...]
    seed: int
    subject: str
    headline: str
    button: str

    @property
    def key(self) -> str:
        """Return the SHA-256 under which the picture is kept."""
        facts = asdict(self)
        if self.picture_blob_id:
            # a photograph does not depend on what only the artist uses
            facts = {name: facts[name] for name in ("picture_blob_id", "camera_move", "ratio", "colors")}
        return hashlib.sha256(json.dumps([ART_VERSION, facts], sort_keys=True).encode()).hexdigest()


def refresh(job: Job, board: Sequence[Scene]) -> None:
    """Note which picture each scene should have and ask for those that differ (inside the caller's transaction)."""
    stale = False
    for scene in board:
        if scene.take is None:
            continue
        key = plan(job, scene).key
        if key != scene.frame_key:
            scene.frame_key, scene.frame_error = key, ""
            drawn = db.session.scalar(select(Frame).where(Frame.key == key))
            if drawn is None:
                stale = True
            else:
                scene.frame = drawn  # not its id: the page that is answered now reads the row
    if stale:
        tasks.draw_frames(job)


def asset_arrived(asset_id: str) -> None:
    """Let every open board that has an asset see that it is ready (or refused), and redraw scenes that show it."""
    with transaction():
        having = select(JobAsset.job_id).where(JobAsset.asset_id == asset_id)
        for job in db.session.scalars(select(Job).where(Job.id.in_(having))):
            board = db.session.scalars(select(Scene).where(Scene.job_id == job.id, Scene.deleted_at.is_(None)))
            showing = [scene for scene in board if scene.take and asset_id in scene.take.asset_ids]
            if not job.is_frozen:
                refresh(job, showing)
            revision = job.touch()
            for scene in showing:  # their cards name the asset and say how far it is
                scene.revision = revision


def purge_unused() -> int:
    """Delete pictures that no scene, candidate or version shows or waits for, an hour after they were drawn.

    Returns how many.
    """
    is_shown = exists().where(Scene.frame_id == Frame.id)
    is_awaited = exists().where(Scene.frame_key == Frame.key)
    is_offered = exists().where(Take.waiting.is_(True), Take.frame_key == Frame.key)
    is_kept = exists().where(or_(VersionScene.frame_id == Frame.id, VersionScene.frame_key == Frame.key))
    old = Frame.created_at < utcnow() - UNUSED_AGE
    return delete_rows(Frame, and_(old, ~is_shown, ~is_awaited, ~is_offered, ~is_kept))


def plan(job: Job, scene: Scene, take: Take | None = None) -> Plan:
    """Say what the picture of a scene is made of: its first asset with a picture, else a sketch of its shot.

    With `take`: what it would be if the scene showed that one.
    """
    take = take or scene.take
    if take is None:
        raise ValueError("A scene without a take has no picture.")
    said = f"{job.product} {take.description}"
    return Plan(
        picture_blob_id=_picture(take.asset_ids),
        shot_type=take.shot_type,
        camera_move=take.camera_move,
        beat=take.beat,
        ratio=job.ratio,
        colors=tuple(job.client.colors),
        seed=int(hashlib.sha256(scene.id.encode()).hexdigest()[:8], 16),
        # only the kinds of thing and place matter, so that rewording alone does not draw the picture again
        subject=f"{words.find_kind(said, words.PRODUCTS)} {words.find_kind(take.description, words.PLACES)}".strip(),
        headline=job.client.name if take.shot_type == "end-card" else "",
        button=job.call_to_action if take.shot_type == "end-card" else "",
    )


def draw_missing(job_id: str, announce: Callable[[int], None] | None = None, *, wait: bool = True) -> None:
    """Draw, one after the other, every picture of a job that is not there yet. Safe to run twice and side by side.

    `announce` is told the number of each scene before it is drawn. A picture that fails is noted on its scene. When
    somebody draws for this job already, this waits for them, or leaves it to them (`wait=False`): without that, tasks
    of one busy job sat on every place of a queue, and no other job came on.
    """
    if not _sit_down(job_id, wait=wait):
        return
    tried: set[str] = set()
    try:
        while True:
            while (found := _next(job_id, tried)) is not None:
                scene_id, number, wanted = found
                tried.add(scene_id + wanted.key)
                if announce:
                    announce(number)
                _try(scene_id, wanted)
            if not _is_asked_again(job_id):
                return
    except BaseException:
        if _stand_up(job_id):
            _leave_to_next(job_id)
        raise


def draw_candidate(take_id: str) -> None:
    """Draw the picture that a candidate would have, so that it can be seen before it is used."""
    db.session.rollback()
    take = db.session.get(Take, take_id)
    scene = db.session.get(Scene, take.scene_id) if take else None
    if take is None or scene is None or not take.waiting:
        return
    job = db.session.get_one(Job, scene.job_id)
    job_id, wanted = job.id, plan(job, scene, take)
    try:
        _frame(wanted)
    except DiskFull as full:  # it is compared without a picture then, as below
        log.warning("scene %s: the frame of its candidate was not drawn: %s", scene.id, full.message)
        return
    except Exception:
        log.exception("drawing the frame of a candidate of scene %s", scene.id)
        return
    with transaction():
        scene = db.session.get(Scene, scene.id)
        if scene is not None:
            scene.revision = db.session.get_one(Job, job_id).touch()


def _sit_down(job_id: str, *, wait: bool) -> bool:
    """Begin to draw for a job; False when another thread does and will look again before it stops."""
    with _easel:
        if job_id in _drawing and not wait:
            _asked.add(job_id)
            return False
        _easel.wait_for(lambda: job_id not in _drawing)
        _drawing.add(job_id)
        return True


def _is_asked_again(job_id: str) -> bool:
    """Say whether somebody asked meanwhile; when not, drawing has ended, so that no request falls in between."""
    with _easel:
        if job_id in _asked:
            _asked.discard(job_id)
            return True
        _drawing.discard(job_id)
        _easel.notify_all()
        return False


def _stand_up(job_id: str) -> bool:
    """Stop drawing before everything is drawn; returns whether somebody relied on us for the rest."""
    with _easel:
        was_asked = job_id in _asked
        _asked.discard(job_id)
        _drawing.discard(job_id)
        _easel.notify_all()
        return was_asked


def _leave_to_next(job_id: str) -> None:
    db.session.rollback()
    job = db.session.get(Job, job_id)
    if job is not None:
        tasks.draw_frames(job)


def _try(scene_id: str, wanted: Plan) -> None:
    try:
        with refusing():
            _draw(scene_id, wanted)
    except DiskFull as full:
        log.warning("scene %s: its frame was not drawn: %s", scene_id, full.message)
        _note_failure(scene_id, NO_ROOM)
    except Exception:
        log.exception("drawing the frame of scene %s", scene_id)
        _note_failure(scene_id, FAILED)


def _next(job_id: str, tried: set[str]) -> tuple[str, int, Plan] | None:
    """Find the first scene whose picture is not the one it should have."""
    db.session.rollback()
    job = db.session.get(Job, job_id)
    if job is None:
        return None
    pending = (
        select(Scene)
        .outerjoin(Frame, Scene.frame_id == Frame.id)
        .where(
            Scene.job_id == job_id, Scene.deleted_at.is_(None), or_(Frame.key.is_(None), Frame.key != Scene.frame_key)
        )
    )
    for scene in db.session.scalars(pending.order_by(Scene.position)):
        if scene.take is not None and (wanted := plan(job, scene)) and scene.id + wanted.key not in tried:
            return scene.id, scene.position, wanted
    return None


def _draw(scene_id: str, wanted: Plan) -> None:
    try:
        shown, frame_id = wanted, _frame(wanted)
    except DiskFull:
        raise
    except Exception:
        if not wanted.picture_blob_id:
            raise
        log.exception("scene %s: its photograph cannot be shown, so it is sketched", scene_id)
        shown = replace(wanted, picture_blob_id="")
        frame_id = _frame(shown)
    _hang(scene_id, frame_id, wanted.key, shown.key)


def _frame(wanted: Plan) -> str:
    """Return the id of the picture of a plan, drawn now when nobody has drawn it before."""
    let_go()
    known = db.session.scalar(select(Frame.id).where(Frame.key == wanted.key))
    if known is not None:
        return known
    photograph = db.session.get(Blob, wanted.picture_blob_id) if wanted.picture_blob_id else None
    content = blobs.read(photograph) if photograph else b""
    let_go()
    written = [blobs.write(picture) for picture in _pictures(wanted, content)]
    with transaction():
        # described in the transaction that refers to them, or a purge could take them in between
        board, plain, thumbnail = (blobs.describe(each, "image/webp").id for each in written)
        frame = db.session.scalar(select(Frame).where(Frame.key == wanted.key))
        if frame is None:
            frame = Frame(
                key=wanted.key,
                board_blob_id=board,
                plain_blob_id=plain,
                thumbnail_blob_id=thumbnail,
                source="asset" if content else "sketch",
            )
            db.session.add(frame)
            db.session.flush()
        return frame.id


def _hang(scene_id: str, frame_id: str, wanted_key: str, shown_key: str) -> None:
    """Show the picture on its scene, unless the scene wants another one by now."""
    with transaction():
        scene = db.session.get(Scene, scene_id)
        if scene is None or db.session.get(Frame, frame_id) is None:
            return
        job = db.session.get_one(Job, scene.job_id)
        if plan(job, scene).key != wanted_key:
            return
        scene.frame_key, scene.frame_id, scene.frame_error = shown_key, frame_id, ""
        scene.revision = job.touch()


def _note_failure(scene_id: str, sentence: str) -> None:
    db.session.rollback()
    try:
        with transaction():
            scene = db.session.get(Scene, scene_id)
            if scene is not None:
                scene.frame_error = sentence
                scene.revision = db.session.get_one(Job, scene.job_id).touch()
    except DiskFull as full:  # the scene has no picture and no error: the sweep draws it when there is room
        log.warning("scene %s: that its frame was not drawn could not be noted: %s", scene_id, full.message)


def _pictures(wanted: Plan, photograph: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the picture with arrows, without, and small; all WebP."""
    from PIL import Image  # noqa: PLC0415 - the worker draws, the web process never does

    from webapp.services.frames import artist, encode, focus  # noqa: PLC0415

    if photograph:
        with Image.open(io.BytesIO(photograph), formats=["WEBP"]) as opened:
            image = opened.copy()
        board = focus.crop_asset(image, wanted.ratio, arrows_for=wanted.camera_move, colors=wanted.colors)
        plain = focus.crop_asset(image, wanted.ratio, arrows_for=None, colors=wanted.colors)
    else:
        facts = asdict(wanted)
        facts.pop("picture_blob_id")
        board, plain = artist.draw_both(artist.Shot(**facts))
    return encode.webp(board), encode.webp(plain), encode.thumbnail(board)


def _picture(asset_ids: Sequence[str]) -> str:
    """Return the blob of the first of these assets that has a picture, or an empty string."""
    for asset_id in asset_ids:
        asset = db.session.get(Asset, asset_id)
        if asset is not None and asset.kind in PICTURES and asset.picture_blob_id:
            return asset.picture_blob_id
    return ""
