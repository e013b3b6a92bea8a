"""Several reviewers: any or all must approve the very same version; the board follows only while it is that version."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import factories
from webapp.errors import Conflict, Invalid, TooMany
from webapp.extensions import db, transaction
from webapp.models import Allows, Approval, ApprovalRule, JobStatus, Reviewer, ReviewLink, VersionKind, utcnow
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.scenes import SceneChange
from webapp.services import decisions, events, jobs, scenes, throttles, versions


@pytest.fixture
def job(app):
    job = factories.job(factories.client())
    for number in (1, 2):
        factories.scene(job, number)
    return job


def link(job, name="Legal", *reviewers, **facts):
    """A link with its reviewers: those that the team named, or one (is_named=False) who came by themselves."""
    named = facts.pop("named", True)
    with transaction():
        made = ReviewLink(job_id=job.id, name=name, token_hash=name, **({"allows": Allows.DECIDE} | facts))
        db.session.add(made)
        db.session.flush()
        people = [Reviewer(link_id=made.id, name=who, email=f"{who.lower()}@fjell.example") for who in reviewers]
        for each in people:
            each.is_named = named
            db.session.add(each)
            db.session.flush()
    return people


def send(job, by=None):
    with transaction():
        version = versions.keep(job, VersionKind.SENT, by=by)
        job.sent_version_id = version.id
    return version


def say(reviewer, version, kind="approve", **more):
    words = {"signature": reviewer.name} if kind == "approve" else {"reason": "Shorter."}
    return decisions.decide_as_guest(
        reviewer, version, DecisionDraft(kind=kind, seen=version.content_hash, **(words | more)), user_agent="Phone/1"
    )


def rule(job, which):
    with transaction():
        job.approval_rule = which


def test_a_guests_approval_says_who_through_which_link_about_which_words(job):
    (cleo,) = link(job, "Fjell, marketing", "Cleo")
    version = send(job)
    decision = say(cleo, version, signature="Cleopatra  Berg", reason="Lovely.")
    assert (decision.decided_by, decision.email, decision.link_name) == (
        "Cleo, signed “Cleopatra Berg”", "cleo@fjell.example", "Fjell, marketing",
    )  # fmt: skip
    assert (decision.user_agent, decision.reason, decision.user_id) == ("Phone/1", "Lovely.", None)
    assert (decision.version.number, decision.content_hash) == (1, version.content_hash)
    assert decision.is_final
    assert job.approval == Approval.APPROVED
    line = events.of_job(job)[0]
    assert (line.actor, line.text) == ("Cleo", "approved the storyboard (v1): Lovely.")


def test_any_one_of_those_asked_is_enough(job):
    cleo, dan = link(job, "Fjell", "Cleo", "Dan")
    version = send(job)
    now = decisions.standing(job)
    assert (now.approved, now.total, now.sentence) == (0, 2, "0 of 2 approved, one is enough")
    say(cleo, version)
    now = decisions.standing(job)
    assert (now.is_complete, now.sentence, now.waiting_for) == (True, "1 of 2 approved", [])
    assert job.approval == Approval.APPROVED
    assert dan.name in [party.label for party in now.asked]


def test_all_have_to_approve_the_very_same_version(ada, job):
    cleo, dan = link(job, "Fjell", "Cleo", "Dan")
    link(job, "Legal")
    rule(job, ApprovalRule.ALL)
    first = send(job)
    say(cleo, first)
    assert decisions.standing(job).sentence == "1 of 3 approved, waiting for Dan and Legal"
    say(dan, first)
    assert decisions.standing(job).sentence == "2 of 3 approved, waiting for Legal"
    assert (job.approval, job.is_frozen) == (Approval.NONE, False)
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Other words."))
    second = send(job)
    assert (decisions.standing(job).approved, decisions.standing(job).total) == (0, 3)
    lea = link(job, "Lea only", "Lea")[0]
    for each in (cleo, dan, lea):
        assert not say(each, second).is_final
    assert decisions.standing(job).waiting_for == ["Legal"]


def test_the_last_of_all_completes_it(job):
    (cleo,), (dan,) = link(job, "Fjell", "Cleo"), link(job, "Legal", "Dan", named=False)
    rule(job, ApprovalRule.ALL)
    version = send(job)
    assert not say(cleo, version).is_final
    assert say(dan, version).is_final
    now = decisions.standing(job)
    assert ([party.label for party in now.asked], now.asked[1].by) == (["Cleo", "Legal"], "Dan")
    assert (now.is_complete, job.approval) == (True, Approval.APPROVED)


def test_what_somebody_says_later_counts_instead_and_both_stay_on_record(job):
    (cleo,), (dan,) = link(job, "Fjell", "Cleo"), link(job, "Legal", "Dan")
    rule(job, ApprovalRule.ALL)
    version = send(job)
    say(cleo, version, "request_changes")
    assert job.approval == Approval.CHANGES_REQUESTED
    assert decisions.standing(job).sentence == "0 of 2 approved, changes asked for by Cleo, waiting for Dan"
    say(dan, version)
    assert job.approval == Approval.CHANGES_REQUESTED
    say(cleo, version)
    assert (decisions.standing(job).approved, job.approval) == (2, Approval.APPROVED)
    assert [each.kind for each in decisions.history(job)] == ["approve", "approve", "request_changes"]


def test_taking_an_objection_back_leaves_the_board_waiting_for_the_others(job):
    (cleo,), _ = link(job, "Fjell", "Cleo"), link(job, "Legal", "Dan")
    rule(job, ApprovalRule.ALL)
    version = send(job)
    say(cleo, version, "request_changes")
    say(cleo, version)
    assert job.approval == Approval.NONE
    assert decisions.standing(job).waiting_for == ["Dan"]


def test_a_board_that_moved_on_is_not_approved_but_its_version_is(ada, job):
    (cleo,) = link(job, "Fjell", "Cleo")
    version = send(job)
    scenes.edit(ada, job, jobs.scenes(job)[1], SceneChange(script="Other words."))
    decision = say(cleo, version)
    assert (decision.is_final, job.approval, job.is_frozen) == (True, Approval.NONE, False)
    assert str(decisions.changes_since(decision, jobs.scenes(job))) == "scene 2"


def test_another_format_is_not_what_was_approved(ada, job):
    (cleo,) = link(job, "Fjell", "Cleo")
    version = send(job)
    with transaction():
        job.ratio = "9:16"
    decision = say(cleo, version)
    assert job.approval == Approval.NONE
    assert str(decisions.changes_since(decision, jobs.scenes(job), ratio=job.ratio)) == "new format"


def test_a_rejection_freezes_the_board_it_was_about_and_no_other(ada, job):
    (cleo,) = link(job, "Fjell", "Cleo")
    version = send(job)
    scenes.edit(ada, job, jobs.scenes(job)[1], SceneChange(script="Other words."))
    say(cleo, version, "reject")
    assert job.approval == Approval.CHANGES_REQUESTED
    say(cleo, send(job), "reject")
    assert job.approval == Approval.REJECTED


def test_a_board_being_written_anew_is_not_frozen_under_the_writer(ada, job):
    (cleo,) = link(job, "Fjell", "Cleo")
    version = send(job)
    with transaction():
        job.status = JobStatus.STORYBOARD_PROCESSING
    assert say(cleo, version).is_final
    assert (job.approval, job.status) == (Approval.NONE, JobStatus.STORYBOARD_PROCESSING)


@pytest.mark.parametrize("kind", ["request_changes", "reject"])
def test_a_no_needs_words(job, kind):
    (cleo,) = link(job, "Fjell", "Cleo")
    with pytest.raises(Invalid) as refusal:
        say(cleo, send(job), kind, reason="  ")
    assert "reason" in refusal.value.fields


def test_a_yes_needs_the_typed_name(job):
    (cleo,) = link(job, "Fjell", "Cleo")
    with pytest.raises(Invalid) as refusal:
        say(cleo, send(job), signature=" ")
    assert "signature" in refusal.value.fields
    assert job.approval == Approval.NONE


def test_only_the_version_sent_last_can_be_decided_on(ada, job):
    (cleo,) = link(job, "Fjell", "Cleo")
    first = send(job)
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Other words."))
    send(job)
    with pytest.raises(Conflict, match="newer version"):
        say(cleo, first)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"allows": Allows.COMMENT}, "looking and commenting"),
        ({"allows": Allows.VIEW}, "looking and commenting"),
        ({"revoked_at": utcnow()}, "not in force"),
        ({"expires_at": utcnow() - timedelta(seconds=1)}, "not in force"),
    ],
    ids=["comment", "view", "revoked", "expired"],
)
def test_a_link_that_does_not_allow_it_decides_nothing_and_is_not_waited_for(job, facts, words):
    (cleo,) = link(job, "Fjell", "Cleo", **facts)
    version = send(job)
    with pytest.raises(Conflict, match=words):
        say(cleo, version)
    assert (decisions.history(job), decisions.standing(job).asked) == ([], ())


def test_somebody_without_a_name_decides_nothing(job):
    (nobody,) = link(job, "Fjell", "", named=False)
    with pytest.raises(Conflict, match="who you are"):
        decisions.decide_as_guest(nobody, send(job), DecisionDraft(kind="approve", signature="X"))


def test_a_frozen_board_takes_no_further_decision_through_a_link(ada, job):
    cleo, dan = link(job, "Fjell", "Cleo", "Dan")
    version = send(job)
    decisions.decide(ada, job, factories.decision(job, kind="approve"))
    assert decisions.latest(job).version_id == version.id  # it is still the one that was sent
    for each in (cleo, dan):
        with pytest.raises(Conflict, match="approved already"):
            say(each, version, "request_changes")


def test_the_same_form_sent_twice_counts_once(job):
    (cleo,), _ = link(job, "Fjell", "Cleo"), link(job, "Legal", "Dan")
    rule(job, ApprovalRule.ALL)
    version = send(job)
    assert say(cleo, version).id == say(cleo, version).id
    assert len(decisions.history(job)) == 1


def test_an_account_settles_it_without_waiting(ben, job):
    link(job, "Fjell", "Cleo")
    rule(job, ApprovalRule.ALL)
    send(job)
    decision = decisions.decide(ben, job, factories.decision(job, kind="approve"), user_agent="B" * 999)
    assert (decision.is_final, job.approval) == (True, Approval.APPROVED)
    assert (decision.email, decision.link_name, len(decision.user_agent)) == ("ben@example.com", "", 300)


def test_a_decision_about_a_board_that_was_never_sent_keeps_it(ben, job):
    decision = decisions.decide(ben, job, factories.decision(job, kind="approve"))
    kept = versions.find(job, 1)
    assert (kept.kind, kept.content_hash, decision.version_id) == (VersionKind.DECIDED, decision.content_hash, kept.id)
    assert [each.take_id for each in kept.scenes] == [scene.take_id for scene in jobs.scenes(job)]


def test_everybody_of_the_team_who_has_to_do_with_it_is_told(ada, eve, job):
    from webapp.services import notices

    with transaction():
        job.user_id = ada.id
    (cleo,) = link(job, "Fjell", "Cleo")
    say(cleo, send(job), "request_changes")
    told = notices.of_person(ada).rows[0]
    assert (told.kind, told.actor, told.text) == ("decision", "Cleo", "asked for changes (v1): Shorter.")
    assert notices.unread(eve) == 0


def test_a_guest_cannot_fill_the_record(job):
    (cleo,) = link(job, "Fjell", "Cleo")
    version = send(job)
    throttles.spend(f"decisions:{cleo.id}", *decisions.PER_GUEST, amount=decisions.PER_GUEST.limit)
    with pytest.raises(TooMany):
        say(cleo, version)
    assert decisions.history(job) == []
