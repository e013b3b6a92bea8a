"""Whatever people do in whatever order: every take stays as it was written, numbers have no gaps, the rest is still.

Hypothesis picks the steps. The scenes show a photograph, so that the pictures of all of them are one drawing.
"""

from __future__ import annotations

import io
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PIL import Image

from tests import factories
from webapp.errors import Refusal
from webapp.extensions import db
from webapp.models import Scene, Take, TakeSource
from webapp.schemas.scenes import NewScene, RedoRequest, SceneChange
from webapp.schemas.versions import VersionDraft
from webapp.services import (
    blobs,
    candidates,
    history,
    jobs,
    scene_rewriter,
    scenes,
    storyboards,
    takes,
    undo,
    versions,
)

FACTS = ("id", "scene_id", "number", "origin", "source", "feedback", "user_id", "writer", "model", "created_at")
PLACE = st.integers(0, 40)
names = count(1)


def written(take):
    """Return all of a take that never changes, as bytes."""
    facts = "|".join(str(getattr(take, name)) for name in FACTS)
    return facts.encode() + storyboards.document([take])


@pytest.fixture
def client(app):
    made = factories.client()
    picture = io.BytesIO()
    Image.new("RGB", (64, 36), "#1f7a63").save(picture, "WEBP")
    made.picture = factories.asset(made, picture_blob_id=blobs.put(picture.getvalue(), "image/webp").id)
    return made


class Board(RuleBasedStateMachine):
    """Two people at work on one board of three scenes."""

    client = None

    @initialize()
    def begin(self):
        self.job = factories.job(self.client)
        number = next(names)
        self.people = [factories.person(name, f"{name}-{number}@example.com") for name in ("Ada", "Eve")]
        for position in (1, 2, 3):
            factories.scene(self.job, position, title=f"Scene {position}", asset_ids=[self.client.picture.id])
        self.ledger = {}
        self.note()

    def note(self):
        """Write down each take that is new."""
        for take in db.session.query(Take).join(Scene, Take.scene_id == Scene.id).filter(Scene.job_id == self.job.id):
            self.ledger.setdefault(take.id, written(take))

    def scene(self, place):
        board = jobs.scenes(self.job)
        return board[place % len(board)]

    def said(self):
        return {scene.id: (scene.take_id, scene.version, written(scene.take)) for scene in jobs.scenes(self.job)}

    def act(self, what, only=None):
        """Do something; what is refused changes nothing, what is about one scene changes no other."""
        before, order = self.said(), [scene.id for scene in jobs.scenes(self.job)]
        try:
            what()
        except Refusal:
            db.session.expire_all()
            assert self.said() == before
            assert [scene.id for scene in jobs.scenes(self.job)] == order
            return
        db.session.expire_all()
        if only is not None:
            after = self.said()
            assert {key: after[key] for key in after if key in before and key != only} == {
                key: before[key] for key in before if key in after and key != only
            }
        self.note()

    @rule(
        place=PLACE,
        who=st.integers(0, 1),
        words=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    )
    def edit(self, place, who, words):
        scene, person = self.scene(place), self.people[who]
        old = scene.take
        self.act(lambda: scenes.edit(person, self.job, scene, SceneChange(script=words)), only=scene.id)
        if scene.take_id != old.id and scene.take.number == old.number:  # a burst of saves by one person is one take
            assert old.source == TakeSource.EDIT
            assert self.ledger.pop(old.id)

    @rule(place=PLACE, feedback=st.sampled_from(["shorter", "closer", "make it 2 s", ""]))
    def redo(self, place, feedback):
        scene, shown = self.scene(place), self.said()
        self.act(lambda: scenes.redo(self.people[0], self.job, scene, RedoRequest(feedback=feedback)))
        scene_rewriter.rewrite(scene.id, scene.redo_token)
        db.session.expire_all()
        self.note()
        assert self.said() == shown
        assert takes.of_scene(scene)[0].waiting

    @rule(place=PLACE, which=PLACE, fields=st.none() | st.sets(st.sampled_from(["title", "script", "description"])))
    def use(self, place, which, fields):
        scene = self.scene(place)
        there = takes.of_scene(scene)
        chosen = there[which % len(there)].id
        self.act(lambda: candidates.use(self.people[0], self.job, scene, chosen, fields=fields), only=scene.id)

    @rule(place=PLACE, which=PLACE)
    def keep_present(self, place, which):
        scene, shown = self.scene(place), self.said()
        there = takes.of_scene(scene)
        self.act(lambda: candidates.keep_present(self.people[0], self.job, scene, there[which % len(there)].id))
        assert self.said() == shown

    @rule(place=PLACE, to=st.integers(1, 5), who=st.integers(0, 1))
    def move(self, place, to, who):
        shown, scene = self.said(), self.scene(place)
        self.act(lambda: scenes.move(self.people[who], self.job, scene, to))
        assert self.said() == shown

    @rule(place=PLACE)
    def delete(self, place):
        scene = self.scene(place)
        self.act(lambda: scenes.delete(self.people[0], self.job, scene), only=scene.id)

    @rule(place=PLACE)
    def undelete(self, place):
        gone = db.session.query(Scene).filter(Scene.job_id == self.job.id, Scene.deleted_at.is_not(None)).all()
        if gone:
            scene = gone[place % len(gone)]
            self.act(lambda: scenes.undelete(self.people[0], self.job, scene), only=scene.id)

    @rule(place=PLACE)
    def duplicate(self, place):
        self.act(lambda: scenes.duplicate(self.people[0], self.job, self.scene(place)), only="none")

    @rule()
    def add(self):
        self.act(lambda: scenes.add(self.people[0], self.job, NewScene()), only="none")

    @rule()
    def fit(self):
        self.act(lambda: scenes.fit(self.people[0], self.job))

    @rule()
    def keep_version(self):
        self.act(lambda: history.keep_named(self.people[0], self.job, VersionDraft(name="Kept")), only="none")

    @rule(which=PLACE)
    def restore_version(self, which):
        known = versions.of_job(self.job)
        if known:
            number = known[which % len(known)].number
            then = [each.take_id for each in versions.find(self.job, number).scenes]
            digest = known[which % len(known)].content_hash
            self.act(lambda: history.restore(self.people[0], self.job, number))
            now = storyboards.content_hash(scene.take for scene in jobs.scenes(self.job))
            assert now == digest, then

    @rule(who=st.integers(0, 1))
    def undo(self, who):
        self.act(lambda: undo.undo(self.people[who], self.job))

    @rule(who=st.integers(0, 1))
    def redo_undone(self, who):
        self.act(lambda: undo.redo(self.people[who], self.job))

    @invariant()
    def every_take_is_as_it_was_written(self):
        db.session.expire_all()
        there = {take.id: take for take in db.session.query(Take).filter(Take.id.in_(self.ledger))}
        assert {take_id: written(take) for take_id, take in there.items()} == self.ledger

    @invariant()
    def numbers_have_no_gaps(self):
        board = jobs.scenes(self.job)
        assert [scene.position for scene in board] == list(range(1, len(board) + 1))
        for scene in db.session.query(Scene).filter_by(job_id=self.job.id):
            numbers = [take.number for take in takes.of_scene(scene)]
            assert numbers == list(range(len(numbers), 0, -1))
            assert not scene.take.waiting


def test_any_sequence_keeps_every_take_and_every_other_scene(client):
    Board.client = client
    quick = settings(
        max_examples=8,
        stateful_step_count=25,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    run_state_machine_as_test(Board, settings=quick)
