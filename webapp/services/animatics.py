"""The animatic of an approved storyboard: asked for, rendered in the worker, found, dropped when the board is reopened.

All writes of a worker are fenced by the render's token: once the board was reopened, or somebody tried again, an older
render changes nothing. A step that runs twice stores everything once.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import update

from webapp.errors import Conflict, NotFound, Refusal
from webapp.extensions import db, let_go, transaction
from webapp.models import Approval, Blob, Job, JobStatus, new_id, utcnow
from webapp.services import animatic_film, blobs, events, frame_store, heart, jobs, media, notices, scratch, tasks
from webapp.services.generations import Superseded
from webapp.storage import refusing

if TYPE_CHECKING:
    from collections.abc import Callable

    from webapp.models import User

log = logging.getLogger(__name__)

CONTENT_TYPE = "video/mp4"
SOUND = "use_full_audio"
"""The role, or the tag, of the asset that is heard under the whole animatic."""
DRAWING, RENDERING = "Drawing the frames that are missing", "Putting pictures, captions and sound together"
"""What is going on, as people read it."""
AGAIN = "The approval stands. Try again."
STOPPED = "It was stopped. The approval stands."


def begin(job: Job) -> None:
    """Ask for the animatic of a storyboard that was just approved, inside the caller's transaction."""
    job.status = JobStatus.VIDEO_PROCESSING
    job.video_blob_id, job.video_error, job.video_take_overs = None, "", 0
    job.stage, job.detail = DRAWING, ""
    _enqueue(job)


def take_up(job: Job) -> None:
    """Begin a render anew that nobody works on any more, inside the caller's transaction."""
    job.video_take_overs += 1
    _enqueue(job)


def retry(person: User, job: Job) -> None:
    """Render the animatic again after it failed or was stopped.

    Raises:
        Conflict: the storyboard is not approved, or its animatic is there already or on its way.
    """
    with transaction():
        must_lack_film(job)
        begin(job)
        events.record(job, "render retried", "asked for the animatic again", by=person)
        job.touch()


def must_lack_film(job: Job) -> None:
    """Refuse to render what is not approved, is being rendered, or is there. Raises Conflict."""
    job.must_be_in_use()
    if job.approval != Approval.APPROVED:
        raise Conflict("The animatic is rendered when the storyboard is approved.", hint="Approve it first.")
    if is_rendering(job):
        raise Conflict("The animatic is being rendered right now.", hint="It takes a few seconds.")
    if has_film(job):
        raise Conflict("The animatic is there already.")


def stop(person: User, job: Job) -> None:
    """Stop rendering; the approval stands, and the animatic can be asked for again.

    Raises:
        Conflict: nothing is being rendered.
    """
    with transaction():
        if not is_rendering(job):
            raise Conflict("No animatic is being rendered right now.")
        _end(job, JobStatus.STORYBOARD_READY, STOPPED)
        events.record(job, "render stopped", "stopped rendering the animatic", by=person)


def drop(job: Job) -> None:
    """Forget the animatic of a storyboard that is reopened, inside its transaction; a render ends by itself."""
    if job.status in (JobStatus.VIDEO_PROCESSING, JobStatus.COMPLETED):
        job.status = JobStatus.STORYBOARD_READY
        job.stage, job.detail = "", ""
    job.video_blob_id, job.video_token, job.video_error = None, "", ""


def is_rendering(job: Job) -> bool:
    """Say whether the animatic is on its way."""
    return job.status == JobStatus.VIDEO_PROCESSING


def has_film(job: Job) -> bool:
    """Say whether there is an animatic to show."""
    return job.video_blob_id is not None


def find(job: Job) -> Blob:
    """Return the animatic of a job.

    Raises:
        NotFound: saying why there is none (yet).
    """
    film = blobs.find(job.video_blob_id)
    if film is not None:
        return film
    if is_rendering(job):
        raise NotFound("The animatic is being rendered.", hint="It takes a few seconds; ask again in a moment.")
    if job.video_error:
        raise NotFound(f"There is no animatic: {job.video_error}")
    raise NotFound("There is no animatic yet.", hint="It is rendered when the storyboard is approved.")


def draw(job_id: str, token: str) -> None:
    """Draw the frames that the film still lacks. Never raises: how it ended is in the row."""

    def work() -> None:
        _announce(job_id, token, DRAWING)
        say = lambda number: _announce(job_id, token, DRAWING, f"Sketching frame {number}")  # noqa: E731
        frame_store.draw_missing(job_id, say)

    _guarded(job_id, token, work)


def render(job_id: str, token: str) -> None:
    """Render the film in a child process and keep it. Never raises: how it ended is in the row."""

    def work() -> None:
        _announce(job_id, token, RENDERING)
        script = _script(_claim(job_id, token))
        let_go()
        with scratch.folder() as folder:
            animatic_film.write(script, folder / "film")
            let_go()
            film = media.film(folder / "film")
        if film.duration_ms != script.duration_ms:
            raise ValueError(f"the film is {film.duration_ms} ms long, not {script.duration_ms}")
        _keep(job_id, token, film)

    _guarded(job_id, token, work)


def beat(job_id: str, token: str) -> None:
    """Show that the worker is alive. Takes no part in revisions: nobody sees it."""
    with transaction():
        db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.video_token == token)
            .values(video_heartbeat_at=utcnow(), updated_at=Job.updated_at)
        )


def fail(job_id: str, token: str, message: str) -> None:
    """Say why there is no animatic; the approval stands, and somebody can try again."""
    with transaction():
        job = _claim_inside(job_id, token)
        _end(job, JobStatus.STORYBOARD_READY, message)
        text = f"could not render the animatic: {message}"
        events.record(job, "render failed", text)
        notices.tell(job, notices.FAILURE, text, to=notices.maker(job), anchor="job-film")


def _enqueue(job: Job) -> None:
    job.video_token = new_id()
    job.video_heartbeat_at = utcnow()
    tasks.render_film(job)


def _keep(job_id: str, token: str, film: media.Film) -> None:
    """Store the film, unless the board was reopened meanwhile."""
    _claim(job_id, token)
    let_go()
    written = blobs.write(film.mp4)
    with transaction():
        job = _claim_inside(job_id, token)
        job.video_blob_id = blobs.describe(written, CONTENT_TYPE).id
        _end(job, JobStatus.COMPLETED)
        unheard = ", without its sound, which could not be read" if film.silent else ""
        events.record(job, "rendered", f"rendered the animatic, {film.duration_ms / 1000:g} s{unheard}")
    if film.silent:
        log.warning("job %s: the sound of its animatic: %s", job_id, film.silent)


def _end(job: Job, status: JobStatus, error: str = "") -> None:
    job.status, job.video_token, job.video_error = status, "", error
    job.stage, job.detail = "", ""
    job.touch()


def _script(job: Job) -> animatic_film.Script:
    """Read what the film shows: the scenes in order, and the sound that the brief has for all of it."""
    shots = [
        animatic_film.Shot(
            picture=blobs.find(scene.frame.plain_blob_id) if scene.frame else None,
            duration_ms=scene.take.duration_ms,
            transition=scene.take.transition,
            on_screen=scene.take.on_screen,
            script=scene.take.script,
        )
        for scene in jobs.scenes(job)
        if scene.take
    ]
    return animatic_film.Script(ratio=job.ratio, shots=shots, sound=_sound(job))


def _sound(job: Job) -> animatic_film.Sound | None:
    for link in jobs.assets(job):
        asset = link.asset
        blob = blobs.find(asset.blob_id) if asset.is_ready and asset.kind == "audio" else None
        if blob is not None and SOUND in (link.role, *asset.tags):
            return animatic_film.Sound(blob=blob, format=asset.format)
    return None


def _announce(job_id: str, token: str, stage: str, detail: str = "") -> None:
    with transaction():
        job = _claim_inside(job_id, token)
        if (job.stage, job.detail) != (stage, detail):
            job.stage, job.detail = stage, detail
            job.touch()
        job.video_heartbeat_at = utcnow()


def _claim(job_id: str, token: str) -> Job:
    """Return the job while this render still holds its token; raises Superseded."""
    db.session.rollback()
    return _claim_inside(job_id, token)


def _claim_inside(job_id: str, token: str) -> Job:
    job = db.session.get(Job, job_id)
    if job is None or not token or job.video_token != token or not is_rendering(job):
        raise Superseded
    return job


def _guarded(job_id: str, token: str, work: Callable[[], None]) -> None:
    """Do a step of a render with signs of life; whatever goes wrong ends in the row, in words."""
    try:
        _claim(job_id, token)
        with refusing(), heart.beating(lambda: beat(job_id, token)):
            work()
    except Superseded:
        log.info("job %s: this render was dropped, replaced or finished", job_id)
    except Refusal as refusal:
        _fail(job_id, token, f"{refusal.message} {refusal.hint or AGAIN}")
    except Exception:
        log.exception("job %s: rendering its animatic", job_id)
        _fail(job_id, token, f"Something broke on our side. {AGAIN}")


def _fail(job_id: str, token: str, message: str) -> None:
    db.session.rollback()
    try:
        fail(job_id, token, message)
    except Superseded:
        log.info("job %s: its render failed after it was dropped", job_id)
