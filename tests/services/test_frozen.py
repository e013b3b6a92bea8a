"""A board that was decided on says the same whatever comes: nothing reaches it before somebody reopens it."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.errors import Conflict, StoryboardFrozen
from webapp.extensions import db, transaction
from webapp.models import Approval, JobStatus, TakeSource, VersionKind
from webapp.schemas.jobs import JobChange
from webapp.schemas.scenes import NewScene, RedoRequest, SceneChange
from webapp.schemas.sending import SendDraft
from webapp.services import (
    attempts,
    candidates,
    decisions,
    fit,
    frame_store,
    generations,
    history,
    integrity,
    jobs,
    merging,
    scene_rewriter,
    scenes,
    sending,
    takes,
    undo,
    versions,
)
from webapp.services.writers.base import Rewrite, SceneDraft, Usage


@pytest.fixture
def job(app, ada):
    """A board with everything that could come later: an earlier take, a candidate, a version, something to undo."""
    job = factories.job(factories.client())
    for number in (1, 2, 3):
        factories.scene(job, number)
    with transaction():
        versions.keep(job, VersionKind.NAMED, name="first", by=ada)
    scene = jobs.scenes(job)[0]
    scenes.edit(ada, job, scene, SceneChange(script="Later words."))
    scenes.move(ada, job, jobs.scenes(job)[2], 1)
    with transaction():
        takes.propose(job, scene, takes.content(scene.take) | {"script": "A candidate."}, TakeSource.REDO, by=ada)
    return job


def candidate(scene):
    return next(take for take in takes.of_scene(scene) if take.waiting)


def first(job):
    return next(scene for scene in jobs.scenes(job) if scene.take.number > 1)


CHANGES = {
    "edit": lambda ada, job: scenes.edit(ada, job, first(job), SceneChange(script="x")),
    "merge": lambda ada, job: merging.settle(
        ada, job, first(job), SceneChange(script="x"), SceneChange(), version=None
    ),
    "redo": lambda ada, job: scenes.redo(ada, job, first(job), RedoRequest()),
    "use a candidate": lambda ada, job: candidates.use(ada, job, first(job), candidate(first(job)).id),
    "use an earlier take": lambda ada, job: candidates.use(ada, job, first(job), takes.of_scene(first(job))[-1].id),
    "dismiss a candidate": lambda ada, job: candidates.keep_present(ada, job, first(job), candidate(first(job)).id),
    "add": lambda ada, job: scenes.add(ada, job, NewScene()),
    "duplicate": lambda ada, job: scenes.duplicate(ada, job, first(job)),
    "delete": lambda ada, job: scenes.delete(ada, job, first(job)),
    "move": lambda ada, job: scenes.move(ada, job, first(job), 1),
    "fit": scenes.fit,
    "trade seconds": lambda ada, job: fit.trade(ada, job, jobs.scenes(job)[0], 500),
    "fit to words": lambda ada, job: fit.to_words(ada, job, jobs.scenes(job)[0]),
    "lock": lambda ada, job: scenes.lock(ada, job, first(job), locked=True),
    "restore a version": lambda ada, job: history.restore(ada, job, 1),
    "undo": undo.undo,
    "brief and format": lambda ada, job: jobs.change(ada, job, JobChange(ratio="9:16")),
    "assets of the brief": lambda ada, job: jobs.set_assets(ada, job, {}),
    "write anew": attempts.regenerate,
    "retry": attempts.retry,
    "send": lambda ada, job: sending.send(ada, job, SendDraft()),
}


@pytest.mark.parametrize("kind", ["approve", "reject"])
def test_no_change_reaches_a_board_that_was_decided_on(ada, ben, job, kind):
    decision = decisions.decide(ben, job, factories.decision(job, kind=kind, reason="So be it."))
    let_through = []
    for name, change in CHANGES.items():
        try:
            change(ada, job)
        except StoryboardFrozen:
            continue
        let_through.append(name)
    assert let_through == []
    assert decisions.content_hash(jobs.scenes(job)) == decision.content_hash
    assert integrity.report(job).faults == ()


class PutBack(Exception):
    """Ends a transaction that was only tried."""


def test_each_of_these_goes_through_while_the_board_is_open(ada, job):
    """The control: it is the decision that keeps them out."""
    refused = set()
    for name, change in CHANGES.items():

        def attempt(change=change):
            with transaction():
                change(ada, job)
                raise PutBack

        try:
            attempt()
        except PutBack:
            continue
        except Conflict:
            refused.add(name)
    assert refused <= {"retry", "fit to words", "trade seconds"}  # nothing to go on with, nothing to give


def test_an_asset_that_arrives_late_changes_no_picture_of_it(ben, job):
    asset = factories.asset(job.client)
    with transaction():
        first(job).take.asset_ids = [asset.id]
    decisions.decide(ben, job, factories.decision(job, kind="approve"))
    before = [(scene.frame_key, scene.version) for scene in jobs.scenes(job)]
    with transaction():
        asset.thumbnail_blob_id = None
    frame_store.asset_arrived(asset.id)
    assert [(scene.frame_key, scene.version) for scene in jobs.scenes(job)] == before


@pytest.mark.parametrize("select", [True, False], ids=["meant for the board", "meant as a candidate"])
def test_a_redo_that_ends_late_waits_beside_the_take_that_was_approved(ada, job, select):
    with transaction():
        sent = versions.keep(job, VersionKind.SENT, by=ada)
        job.sent_version_id = sent.id
        scene = first(job)
        scene.redo_token, scene.redo_options = "token", {"select": select}
    with transaction():
        job.approval = Approval.APPROVED  # as a guest's approval does, who knows nothing of the redo
    draft = SceneDraft(number=1, beat="hook", title="Late", description="Late", script="Late words.", seconds=3)
    scene_rewriter._keep(
        scene.id, "token", Rewrite(draft=draft, usage=Usage(model="m")), writer="builtin", cost_micros=0, took_ms=1
    )
    db.session.expire_all()
    assert takes.of_scene(scene)[0].waiting
    assert decisions.content_hash(jobs.scenes(job)) == sent.content_hash


def test_an_asset_placed_late_leaves_a_take_that_was_sent_as_it_was(ada, job):
    """Stopped, sent, gone on with: takes of that generation are still open for assets, those of a version are not."""
    asset, scene = factories.asset(job.client), first(job)
    with transaction():
        job.status, job.generation_id, job.attempt_token = JobStatus.CANCELLED, "g", "t"
        for each in jobs.scenes(job):
            each.take.origin = "g"
    with transaction():
        sent = versions.keep(job, VersionKind.SENT, by=ada)
        job.status = JobStatus.STORYBOARD_PROCESSING
    generations.add_assets(job.id, "t", {scene.id: (asset.id,)})
    assert decisions.content_hash(jobs.scenes(job)) == sent.content_hash
