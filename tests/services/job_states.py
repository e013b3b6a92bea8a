"""Every state a job can be in, made as the product makes it where it can: `STATES[name](people)` returns the job."""

from __future__ import annotations

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Approval, JobStatus, TakeSource, VersionKind, new_id
from webapp.services import animatics, attempts, blobs, decisions, jobs, scenes, takes, versions


def job_of(count=3, **facts):
    job = factories.job(factories.client(), **facts)
    for number in range(1, count + 1):
        factories.scene(job, number, title=f"Scene {number}")
    return job


def change(job, **facts):
    with transaction():
        for name, value in facts.items():
            setattr(job, name, value)
    return job


def change_scenes(job, *numbers, **facts):
    with transaction():
        for scene in jobs.scenes(job):
            if not numbers or scene.position in numbers:
                for name, value in facts.items():
                    setattr(scene, name, value)
    return job


def running(count, status, kind="storyboard"):
    return change(job_of(count), status=status, attempt_kind=kind, attempt_token=new_id(), generation_id=new_id())


def ended(count, status, kind="storyboard"):
    return change(job_of(count), status=status, attempt_kind=kind, generation_id=new_id(), error="It broke.")


def decided(by, kind, job=None):
    job = job or job_of()
    decisions.decide(by, job, factories.decision(job, kind=kind, reason="So be it."))
    return job


def film_failed(by):
    job = decided(by, "approve")
    animatics.fail(job.id, job.video_token, "It broke.")
    db.session.refresh(job)
    return job


def completed(by):
    job = decided(by, "approve")
    written = blobs.write(b"a film")
    with transaction():
        job.video_blob_id = blobs.describe(written, "video/mp4").id
        job.status, job.video_token = JobStatus.COMPLETED, ""
    return job


def reopened(by, job):
    decisions.reopen(by, job)
    return job


def frozen_by_a_guest_while_a_scene_is_redone(by):
    job = decided(by, "approve")
    return change_scenes(job, 2, redo_token=new_id(), redo_options={"select": True})


def sent(by):
    job = job_of()
    with transaction():
        job.sent_version_id = versions.keep(job, VersionKind.SENT, by=by).id
    return job


def with_a_candidate(by):
    job = job_of()
    scene = jobs.scenes(job)[0]
    with transaction():
        takes.propose(job, scene, takes.content(scene.take) | {"script": "A candidate."}, TakeSource.REDO, by=by)
    return job


def stopped(by):
    job = running(2, JobStatus.STORYBOARD_PROCESSING)
    attempts.stop(by, job)
    return job


def last_scene_deleted_by_force(_by):
    job = job_of(1)
    with transaction():
        jobs.scenes(job)[0].deleted_at = job.created_at
    return job


def locked(job, *numbers):
    return change_scenes(job, *numbers, locked=True)


def scene_deleted(by):
    job = job_of()
    scenes.delete(by, job, jobs.scenes(job)[1])
    return job


FAILED, CANCELLED, PENDING = JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.PENDING
WRITING = JobStatus.STORYBOARD_PROCESSING

STATES = {
    "pending": lambda _: running(0, PENDING),
    "processing, no scene yet": lambda _: running(0, WRITING),
    "processing, two scenes so far": lambda _: running(2, WRITING),
    "processing, and a scene is redone": lambda _: change_scenes(running(2, WRITING), 1, redo_token=new_id()),
    "processing new takes of all": lambda _: running(3, WRITING, "regenerate"),
    "processing new takes, a redo failed": lambda _: change_scenes(running(3, WRITING, "regenerate"), 1, error="No."),
    "ready": lambda _: job_of(),
    "ready, sent for review": lambda people: sent(people["editor"]),
    "ready, without any scene": lambda _: job_of(0),
    "ready, the only scene was deleted": lambda people: last_scene_deleted_by_force(people["editor"]),
    "ready, a scene was deleted": lambda people: scene_deleted(people["editor"]),
    "ready, a candidate waits": lambda people: with_a_candidate(people["editor"]),
    "a scene is redone": lambda _: change_scenes(job_of(), 1, redo_token=new_id()),
    "all scenes are redone": lambda _: change_scenes(job_of(), redo_token=new_id()),
    "a redo failed": lambda _: change_scenes(job_of(), 2, error="No.", redo_feedback="Warmer.", redo_options={}),
    "a redo failed, another is at work": lambda _: change_scenes(
        change_scenes(job_of(), 2, error="No."), 3, redo_token=new_id()
    ),
    "a scene is locked": lambda _: locked(job_of(), 2),
    "all scenes are locked": lambda _: locked(job_of()),
    "all scenes are locked, one is redone": lambda _: change_scenes(locked(job_of()), 1, redo_token=new_id()),
    "failed before the first scene": lambda _: ended(0, FAILED),
    "failed after two scenes": lambda _: ended(2, FAILED),
    "failed, all scenes are locked": lambda _: locked(ended(2, FAILED)),
    "failed while writing anew": lambda _: ended(3, FAILED, "regenerate"),
    "cancelled before the first scene": lambda _: ended(0, CANCELLED),
    "cancelled after two scenes": lambda people: stopped(people["editor"]),
    "cancelled while writing anew": lambda _: ended(3, CANCELLED, "regenerate"),
    "approved by the reviewer, rendering": lambda people: decided(people["reviewer"], "approve"),
    "approved by an editor, rendering": lambda people: decided(people["editor"], "approve"),
    "approved unfinished": lambda people: decided(people["editor"], "approve", ended(2, FAILED)),
    "approved, the film failed": lambda people: film_failed(people["reviewer"]),
    "approved, a redo is still at work": lambda people: frozen_by_a_guest_while_a_scene_is_redone(people["admin"]),
    "approved before there were films": lambda _: change(job_of(), approval=Approval.APPROVED),
    "completed": lambda people: completed(people["reviewer"]),
    "completed, approved by the admin": lambda people: completed(people["admin"]),
    "rejected by the reviewer": lambda people: decided(people["reviewer"], "reject"),
    "rejected by an editor on the pages": lambda people: decided(people["editor"], "reject"),
    "rejected unfinished": lambda people: decided(people["reviewer"], "reject", ended(2, CANCELLED)),
    "changes requested": lambda people: decided(people["reviewer"], "request_changes"),
    "changes requested, failed": lambda people: decided(people["reviewer"], "request_changes", ended(2, FAILED)),
    "reopened after an approval": lambda people: reopened(people["editor"], completed(people["reviewer"])),
    "reopened after a rejection": lambda people: reopened(people["reviewer"], decided(people["reviewer"], "reject")),
    "reopened unfinished": lambda people: reopened(
        people["editor"], decided(people["editor"], "reject", ended(2, FAILED))
    ),
}
