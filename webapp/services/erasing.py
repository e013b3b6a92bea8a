"""Erase the rows of jobs, children first: no foreign key does it, so that no stray DELETE takes a record along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from webapp.extensions import db
from webapp.extensions import delete_rows as delete_in_batches
from webapp.models import (
    BoardAction,
    BoardState,
    Comment,
    Decision,
    Event,
    Job,
    JobAsset,
    Notice,
    Presence,
    Reviewer,
    ReviewLink,
    Scene,
    SceneVerdict,
    Take,
    Version,
    VersionScene,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement

    from webapp.models import Base


def erase(which: ColumnElement[bool]) -> None:
    """Delete the jobs that meet a condition with all that is theirs, inside the caller's transaction."""
    for model, condition in _rows(which):
        db.session.execute(delete(model).where(condition).execution_options(synchronize_session=False))
    db.session.expire_all()


def erase_in_batches(which: ColumnElement[bool]) -> None:
    """Delete the same rows in many short transactions; where it is broken off, the same call goes on."""
    for model, condition in _rows(which):
        delete_in_batches(model, condition)


def _rows(which: ColumnElement[bool]) -> Iterator[tuple[type[Base], ColumnElement[bool]]]:
    """Name what belongs to jobs, in an order in which nothing refers to what is gone already."""
    jobs = select(Job.id).where(which)
    versions = select(Version.id).where(Version.job_id.in_(jobs))
    scenes = select(Scene.id).where(Scene.job_id.in_(jobs))
    links = select(ReviewLink.id).where(ReviewLink.job_id.in_(jobs))
    yield SceneVerdict, SceneVerdict.version_id.in_(versions)
    yield Comment, Comment.job_id.in_(jobs) & Comment.parent_id.is_not(None)
    yield Comment, Comment.job_id.in_(jobs)
    yield Decision, Decision.job_id.in_(jobs)
    yield VersionScene, VersionScene.version_id.in_(versions)
    yield Version, Version.job_id.in_(jobs)
    yield Reviewer, Reviewer.link_id.in_(links)
    yield ReviewLink, ReviewLink.job_id.in_(jobs)
    yield Take, Take.scene_id.in_(scenes)
    yield Scene, Scene.job_id.in_(jobs)
    yield Event, Event.job_id.in_(jobs)
    for model in (BoardAction, BoardState, JobAsset, Notice, Presence):
        yield model, model.job_id.in_(jobs)
    yield Job, which
