"""A clock that is put back or forward changes what times are shown, never the order of what happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from webapp.models import Approval, DecisionKind
from webapp.models import base as models_base
from webapp.schemas.scenes import SceneChange
from webapp.schemas.sending import SendDraft
from webapp.services import certificates, decisions, integrity, jobs, outcomes, scenes, sending, undo, versions

STEPS = {
    "an hour back at each step": [-1, -2, -3, -4, -5, -6],
    "a day forward, then back": [24, 0, 24, 0, 24, 0],
    "years back": [0, -50_000, 0, -50_000, -90_000, 0],
    "stopped": [0, 0, 0, 0, 0, 0],
    "right": [1, 2, 3, 4, 5, 6],
}


class Clock:
    """The machine's clock, as somebody sets it."""

    def __init__(self, monkeypatch):
        self.start, self.hours = datetime.now(UTC), 0
        clock = self

        class Shifted(datetime):
            @classmethod
            def now(cls, tz=None):
                return clock.start.astimezone(tz) + timedelta(hours=clock.hours)

        monkeypatch.setattr(models_base, "datetime", Shifted)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.mark.parametrize("hours", STEPS.values(), ids=STEPS.keys())
def test_the_record_stays_whole_and_in_order(app, ada, ben, clock, hours):
    job = factories.job(factories.client())
    for number in (1, 2, 3):
        factories.scene(job, number, script=f"Words of {number}")
    steps = iter(hours)

    def decide(kind, reason=""):
        clock.hours = next(steps)
        return decisions.decide(ben, job, factories.decision(job, kind=kind, reason=reason))

    made = [decide("request_changes", "Shorter."), decide("approve")]
    clock.hours = next(steps)
    made.append(decisions.reopen(ada, job))
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Shorter."))
    made.append(decide("request_changes", "Longer."))
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Longer."))
    clock.hours = next(steps)
    sending.send(ada, job, SendDraft())
    made.append(decide("approve"))

    assert [each.id for each in decisions.history(job)] == [each.id for each in reversed(made)]
    assert decisions.latest(job).id == made[-1].id
    assert job.approval == Approval.APPROVED
    assert decisions.round_number(job) == 3
    assert sending.latest(job, jobs.scenes(job)).round == 3
    assert outcomes.settlements([job])[job.id].decision_id == made[-1].id
    for decision in made:
        if decision.kind != DecisionKind.REOPEN:
            assert certificates.of(job, certificates.find(job, decision.id)).line.details["decision"] == decision.id
    assert integrity.report(job).faults == ()


def test_ordering_by_the_clock_is_what_broke_it(app, ada, ben, clock):
    """The control: with the clock an hour back the reopening seems older than the approval it takes back."""
    job = factories.job(factories.client())
    factories.scene(job, 1)
    decisions.decide(ben, job, factories.decision(job, kind="approve"))
    clock.hours = -1
    reopened = decisions.reopen(ada, job)
    by_clock = sorted(decisions.history(job), key=lambda each: each.created_at)
    assert by_clock[-1].id != reopened.id
    assert decisions.latest(job).id == reopened.id
    assert integrity.report(job).faults == ()


@pytest.mark.parametrize("hours", STEPS.values(), ids=STEPS.keys())
def test_undo_goes_back_in_the_order_of_what_was_done(app, ada, clock, hours):
    job = factories.job(factories.client())
    for number in (1, 2, 3):
        factories.scene(job, number, title=f"Scene {number}")

    def order():
        return [scene.take.title[-1] for scene in jobs.scenes(job)]

    seen = [order()]
    for step, (scene, place) in zip(hours, [(0, 3), (1, 1), (2, 1)], strict=False):
        clock.hours = step
        scenes.move(ada, job, jobs.scenes(job)[scene], place)
        seen.append(order())
    for step, before in zip(hours[3:], reversed(seen[:-1]), strict=True):
        clock.hours = step
        undo.undo(ada, job)
        assert order() == before
    for after in seen[1:]:
        undo.redo(ada, job)
        assert order() == after


def test_an_edit_after_a_decision_leaves_what_was_decided_on(app, ada, ben, clock):
    job = factories.job(factories.client())
    factories.scene(job, 1, script="First")
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Second"))
    clock.hours = -1
    decision = decisions.decide(ben, job, factories.decision(job, kind="request_changes", reason="Shorter."))
    clock.hours = -2
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Third"))
    kept = versions.find(job, decision.version.number).scenes[0].take
    assert (kept.script, jobs.scenes(job)[0].take.script) == ("Second", "Third")
    assert integrity.report(job).faults == ()
