"""Guests, reviewers and editors who try to get more out of reviews, comments and the record than is theirs."""

from __future__ import annotations

import threading
from collections import defaultdict

import pytest
from sqlalchemy import select

from tests import factories
from tests.attack.test_guests import come, routes
from webapp.errors import Conflict
from webapp.extensions import db, transaction
from webapp.models import (
    ApprovalRule,
    Comment,
    Decision,
    Delivery,
    Event,
    Job,
    Notice,
    Reviewer,
    SceneVerdict,
    TakeSource,
    Version,
    Webhook,
)
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.scenes import RedoRequest, SceneChange
from webapp.schemas.sending import SendDraft
from webapp.services import (
    comments,
    decisions,
    integrity,
    jobs,
    review_links,
    reviewers,
    scenes,
    sending,
    storyboards,
    takes,
    throttles,
    verdicts,
)

SECRET = "kumquat"
"""Stands in every word that is the team's alone."""


@pytest.fixture
def job(app, ada):
    """A storyboard of two scenes, sent for review."""
    made = factories.job(factories.client())
    factories.scene(made)
    factories.scene(made, 2)
    sending.send(ada, made, SendDraft())
    return made


def first(job):
    return jobs.scenes(job)[0]


def guest(link):
    return db.session.scalars(select(Reviewer).where(Reviewer.link_id == link.id)).first()


def post(browser, link, path, **fields):
    return browser.post(f"/review/{link.id}{path}", data=fields)


def looked_at(job):
    """Return what the form of a decision says of the version that it shows."""
    sent = db.session.get(Version, job.sent_version_id)
    return {"version": job.sent_version_id, "seen": sent.content_hash if sent else ""}


def sign(browser, link, job, signature="Ann", **more):
    fields = {"kind": "approve", "signature": signature} | looked_at(job) | more
    return post(browser, link, "/decision", **fields)


def every(model):
    db.session.rollback()
    return db.session.scalars(select(model)).all()


# What a link is for


@pytest.mark.parametrize("allows", ["view", "comment"])
@pytest.mark.parametrize("kind", ["approve", "request_changes", "reject"])
def test_a_link_that_is_not_for_it_decides_nothing(app, ada, job, allows, kind):
    browser, link = come(app, ada, job, allows=allows)
    assert sign(browser, link, job, kind=kind, reason="No", name="Ann").status_code == 403
    assert "Type your name" not in browser.get(f"/review/{link.id}/decision?kind={kind}").text
    who, version = reviewers.introduce(guest(link), "Ann"), db.session.get(Version, job.sent_version_id)
    draft = DecisionDraft(kind=kind, reason="No", signature="Ann", seen=version.content_hash)
    with pytest.raises(Conflict):
        decisions.decide_as_guest(who, version, draft)
    assert every(Decision) == []


def test_only_the_version_sent_last_is_decided_on(app, ada, job):
    browser, link = come(app, ada, job)
    old = job.sent_version_id
    scenes.edit(ada, job, first(job), SceneChange(script="Something else."))
    sending.send(ada, job, SendDraft())
    other = factories.job(job.client, "Another")
    factories.scene(other)
    foreign = sending.send(ada, other, SendDraft()).id
    codes = [sign(browser, link, job, version=version).status_code for version in (old, foreign, "", "x" * 4000)]
    assert codes == [409, 404, 404, 404]
    assert every(Decision) == []


def test_the_same_approval_sent_twice_is_one(app, ada, job):
    browser, link = come(app, ada, job)
    assert {sign(browser, link, job).status_code for _ in range(3)} <= {303, 409}
    assert len(every(Decision)) == 1


# Who said it


def test_a_reviewer_of_the_list_who_signs_as_another_stands_under_their_own_name(app, ada, job):
    browser, link = come(app, ada, job, who="named", reviewers=["Anna Berg, anna@example.com", "Legal"])
    anna = db.session.scalar(select(Reviewer).where(Reviewer.name == "Anna Berg"))
    browser.post(f"/review/{link.id}/who", data={"reviewer_id": anna.id, "email": "anna@example.com"})
    assert sign(browser, link, job, "Legal").status_code == 303
    (decision,) = every(Decision)
    assert decision.decided_by == "Anna Berg, signed “Legal”"
    assert decisions.standing(job).sentence.startswith("1 of 2")


def test_nobody_is_a_name_of_the_list_without_its_address(app, ada, job):
    browser, link = come(app, ada, job, who="named", reviewers=["Anna, anna@example.com"])
    anna = db.session.scalar(select(Reviewer).where(Reviewer.name == "Anna"))
    page = browser.get(f"/review/{link.id}/who").text
    assert "anna@" not in page
    for email in ("", "ANNA", "anna@example.org", "anna@example.com\x00x", "%"):
        answer = browser.post(f"/review/{link.id}/who", data={"reviewer_id": anna.id, "email": email})
        assert answer.status_code in (422, 429)
    assert sign(browser, link, job).status_code == 303  # to the door
    assert every(Decision) == []


def test_somebody_of_the_team_who_looks_through_a_link_stays_who_they_are(app, ada, eve, job):
    _, token = review_links.create(ada, job, review_links_draft())
    browser = factories.signed_in(app, eve)
    home = browser.get(f"/r/{token}").location
    browser.post(f"{home}/who", data={"name": "The client’s CEO", "email": "ceo@example.com"})
    browser.post(f"{home}/decision", data={"kind": "approve", "signature": "The client’s CEO"} | looked_at(job))
    (decision,) = every(Decision)
    assert decision.decided_by.startswith("Eve Holt, signed")
    assert decision.email == "eve@example.com"


def review_links_draft():
    from webapp.schemas.review_links import ReviewLinkDraft

    return ReviewLinkDraft(name="Legal", allows="decide")


@pytest.mark.parametrize("name", ["\u200b", "\u2066\u2069", "\u00ad", "\u2800", "\u3164 \ufeff", " \u202e "], ids=ascii)
def test_a_name_that_shows_nothing_is_none(app, ada, job, name):
    browser, link = come(app, ada, job)
    assert sign(browser, link, job, name).status_code == 422
    assert post(browser, link, "/comments", text="Hm", name=name, version=job.sent_version_id).status_code == 422
    assert post(browser, link, "/decision", kind="reject", reason=name, name="Ann").status_code in (404, 422)
    assert every(Decision) == every(Comment) == []


def test_no_name_turns_the_page_around(app, ada, job):
    browser, link = come(app, ada, job)
    sign(browser, link, job, "\u202eedA \u2067x")
    assert every(Decision)[0].decided_by == "edA x"


# Nonsense and floods


@pytest.mark.parametrize("number", ["9" * 400, "9" * 5000, "-1", "NaN", "٣", "²", "1e9", "99999", "\x00"], ids=ascii)
def test_no_number_breaks_the_review_page(app, ada, job, number):
    app.testing = False
    browser, link = come(app, ada, job)
    fields = {"text": "", "scene_id": first(job).id, "version": job.sent_version_id, "verdict": "good", "name": "Ann"}
    fields |= dict.fromkeys(("pin_x", "pin_y", "pin.x", "pin.y", "pin_width", "pin_height", "place"), number)
    for act in ("", "x", "place", "placed", "unpin"):
        assert post(browser, link, "/comments", act=act, **fields).status_code < 500, act
    assert post(browser, link, "/verdicts", **fields | {"text": "Hm"}).status_code < 500
    for path in (f"?scene={number}", f"?view=play&scene={number}", f"/frames/{number}", f"/state?version={number}"):
        assert browser.get(f"/review/{link.id}{path}").status_code < 500, path


def test_verdicts_and_names_have_an_end(app, ada, job, monkeypatch):
    monkeypatch.setattr(verdicts, "OF_A_GUEST", throttles.Budget(3, 3600))
    monkeypatch.setattr(reviewers, "INTRODUCTIONS", throttles.Budget(3, 3600))
    browser, link = come(app, ada, job)
    names = [browser.post(f"/review/{link.id}/who", data={"name": f"Ann {i}"}).status_code for i in range(5)]
    assert names == [303, 303, 303, 429, 429]
    seen = {"version": job.sent_version_id, "scene_id": first(job).id}
    codes = [post(browser, link, "/verdicts", verdict="good", **seen).status_code for _ in range(4)]
    assert codes == [303, 303, 303, 429]
    kept = post(browser, link, "/verdicts", verdict="changes", text="Not lost", **seen)
    assert (kept.status_code, "Not lost" in kept.text) == (429, True)
    assert [each.verdict for each in every(SceneVerdict)] == ["good"]


def test_what_was_typed_into_one_decision_too_many_is_not_lost(app, ada, job, monkeypatch):
    monkeypatch.setattr(decisions, "PER_GUEST", throttles.Budget(1, 3600))
    browser, link = come(app, ada, job)
    fields = {"kind": "request_changes", "name": "Ann"} | looked_at(job)
    assert post(browser, link, "/decision", reason="Shorter", **fields).status_code == 303
    again = post(browser, link, "/decision", reason="Longer after all", **fields)
    assert (again.status_code, "Longer after all" in again.text) == (429, True)


def test_a_guest_does_not_call_the_whole_house(app, ada, job):
    people = [factories.person(f"Person{i} Lund", f"p{i}@example.com") for i in range(12)]
    browser, link = come(app, ada, job)
    text = " ".join(f"@{each.name}" for each in people)
    post(browser, link, "/comments", text=text, name="Ann", version=job.sent_version_id)
    assert len([each for each in every(Notice) if each.kind == "mention"]) == 5
    comments.add(ada, job, CommentDraft(text=text))
    assert len([each for each in every(Notice) if each.kind == "mention"]) == 17


# What is the team's alone


@pytest.fixture
def secrets(app, ada, job):
    """Everything a guest must not read, each with the secret in it."""
    scene = first(job)
    with transaction():
        job.client.restrictions = f"Never say {SECRET}"
        job.client.tone = f"Like a {SECRET}"
        job.key_message = f"{SECRET} first"
        db.session.add(Webhook(url=f"https://{SECRET}.example", kinds=[], secret="whsec_AAAA"))
        takes.propose(job, scene, storyboards.content(scene.take) | {"script": f"{SECRET}!"}, TakeSource.REDO, by=ada,
                      feedback=f"More {SECRET}")  # fmt: skip
    asset = factories.asset(job.client, f"{SECRET}.png")
    internal = comments.add(ada, job, CommentDraft(text=f"Internal {SECRET}", scene_id=scene.id, is_internal=True))
    comments.reply(ada, internal, CommentText(text=f"Yes, {SECRET}"))
    scenes.edit(ada, job, jobs.scenes(job)[1], SceneChange(script=f"Unsent {SECRET}", asset_ids=[asset.id]))
    return internal


def test_a_guest_reads_nothing_of_the_team(app, ada, job, secrets):
    browser, link = come(app, ada, job)
    elsewhere, theirs = come(app, ada, job, name="Other", asks_email=True)
    elsewhere.post(f"/review/{theirs.id}/who", data={"name": "Lea", "email": f"{SECRET}@example.com"})
    post(elsewhere, theirs, "/comments", text="Hello there", version=job.sent_version_id)
    sign(elsewhere, theirs, job, "Lea", kind="request_changes", reason="Shorter")
    home = f"/review/{link.id}"
    paths = [home, *(f"{home}?view={view}&scene={n}" for view in ("frames", "board", "script", "play") for n in (1, 2))]
    paths += [f"{home}/decision", f"{home}/decision?kind=approve", f"{home}/state", f"{home}/who"]
    answers = [browser.get(path) for path in paths]
    answers.append(post(browser, link, f"/comments/{secrets.id}/replies", text="Hm", name="Ann"))
    answers.append(post(browser, link, f"/comments/{secrets.id}", text="Hm"))
    answers.append(post(browser, link, f"/comments/{secrets.id}/delete"))
    said = "".join(f"{answer.headers}{answer.text}" for answer in answers)
    assert "Hello there" in said
    assert SECRET not in said
    assert ada.email not in said
    assert secrets.id not in "".join(answer.text for answer in answers[: len(paths)])


def test_a_reviewer_with_an_account_reads_nothing_internal(app, ada, ben, job, secrets):
    """Every page of the board that Ben may open, with a redo that the internal comment asked for."""
    scene = first(job)
    scenes.redo(ada, job, scene, RedoRequest(comment_ids=[secrets.id]))
    with transaction():
        takes.propose(job, scene, storyboards.content(scene.take) | {"title": "x"}, TakeSource.COMMENT, by=ada,
                      feedback=f"Internal {SECRET}", comment_ids=[secrets.id])  # fmt: skip
    ids = defaultdict(lambda: "unknown", job_id=job.id, scene_id=scene.id, comment_id=secrets.id)
    browser, said, asked = factories.signed_in(app, ben), {}, 0
    for _, method, path in routes(app, ids):
        if method == "GET" and (f"/jobs/{job.id}" in path or "/inbox" in path):
            for query in ("", "?like=3", f"?comment={secrets.id}", f"?comment_ids={secrets.id}", "?left=1&right=3"):
                for headers in ({}, {"HX-Request": "true"}):
                    answer = browser.get(path + query, headers=headers, buffered=True)
                    asked += 1
                    if f"Internal {SECRET}".encode() in answer.data or f"Yes, {SECRET}".encode() in answer.data:
                        said[path + query] = answer.status_code
    assert asked > 100
    assert said == {}


def test_webhooks_and_the_record_carry_nothing_internal(app, ada, job, secrets):
    told = repr([(each.subject, each.body, each.payload) for each in every(Delivery)])
    assert "Internal" not in told
    assert "whsec" not in told
    assert "Internal" not in repr([(each.text, each.details) for each in every(Event)])


# Closed doors


def test_a_revoked_link_shows_no_picture_that_the_browser_still_has(app, ada, job):
    from tests.attack.test_guests import board

    shown, _, _ = board("Shown", b"RIFF picture WEBP")
    sending.send(ada, shown, SendDraft())
    browser, link = come(app, ada, shown)
    picture = browser.get(f"/review/{link.id}/frames/1", buffered=True)
    again = {"If-None-Match": picture.headers["ETag"]}
    assert browser.get(f"/review/{link.id}/frames/1", headers=again).status_code == 304
    assert "no-cache" in picture.headers["Cache-Control"]
    review_links.revoke(ada, link)
    for headers in (again, {}, {"Range": "bytes=0-3"}):
        answer = browser.get(f"/review/{link.id}/frames/1", headers=headers)
        assert answer.status_code == 410
        assert b"picture" not in answer.data
    assert browser.get(f"/review/{link.id}").headers["Cache-Control"] == "no-store"


# Crowds


def crowd(app, *calls):
    """Run calls at once, each in a thread with a session of its own; return what they raised."""
    raised, start = [], threading.Barrier(len(calls))

    def run(call):
        with app.app_context():
            start.wait(20)
            try:
                call()
            except Exception as error:  # noqa: BLE001 - the test says which may come
                raised.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    db.session.rollback()
    db.session.expire_all()
    return raised


def test_approvals_at_once_freeze_the_board_once_and_keep_the_chain(app, ada, job):
    with transaction():
        job.approval_rule = ApprovalRule.ALL
    ids = []
    for i in range(4):
        _, link = come(app, ada, job, name=f"Link {i}")
        ids.append(reviewers.introduce(guest(link), f"Guest {i}").id)
    sent, job_id = job.sent_version_id, job.id

    def approve(who):
        version = db.session.get(Version, sent)
        decisions.decide_as_guest(
            db.session.get(Reviewer, who),
            version,
            DecisionDraft(kind="approve", signature="Guest", seen=version.content_hash),
        )

    assert crowd(app, *(lambda who=who: approve(who) for who in ids)) == []
    found = db.session.get(Job, job_id)
    assert found.approval == "approved"
    assert [each.is_final for each in every(Decision)].count(True) == 1
    assert integrity.report(found).faults == ()


def test_twenty_who_comment_while_the_link_is_revoked_keep_the_chain(app, ada, job):
    _, link = come(app, ada, job)
    who, link_id, job_id, boss = reviewers.introduce(guest(link), "Ann").id, link.id, job.id, ada.id
    from webapp.models import ReviewLink, User

    def say():
        comments.add(db.session.get(Reviewer, who), db.session.get(Job, job_id), CommentDraft(text="Hm"))

    def shut():
        review_links.revoke(db.session.get(User, boss), db.session.get(ReviewLink, link_id))

    raised = crowd(app, shut, *[say] * 19)
    assert {type(each).__name__ for each in raised} <= {"NotFound"}
    lines = db.session.scalars(select(Event).where(Event.job_id == job_id).order_by(Event.id)).all()
    after = [each.kind for each in lines][[each.kind for each in lines].index("revoked") + 1 :]
    assert "commented" not in after
    assert integrity.report(db.session.get(Job, job_id)).faults == ()


# The record


def test_nothing_an_editor_sends_changes_an_approved_board(app, ada, eve, job):
    """Every unsafe route of the board and its client, with fields that would change it."""
    scene, asset = first(job), factories.asset(job.client)
    comment = comments.add(ada, job, CommentDraft(text="Warmer?", scene_id=scene.id))
    with transaction():
        waits = takes.propose(job, scene, storyboards.content(scene.take) | {"script": "Late"}, TakeSource.REDO, by=ada)
    browser, link = come(app, ada, job)
    assert sign(browser, link, job).status_code == 303
    db.session.expire_all()
    before, was = decisions.content_hash(jobs.scenes(job)), repr([each.id for each in every(Decision)])
    ids = defaultdict(
        lambda: "unknown", job_id=job.id, scene_id=scene.id, take_id=waits.id, client_id=job.client_id,
        asset_id=asset.id, comment_id=comment.id, link_id=link.id,
    )  # fmt: skip
    fields = {
        "script": "Late", "position": "2", "seconds": "9", "seen": "", "name": "Late", "colors": "#ff0000",
        "ratio": "9:16",
        "title": "Late", "duration": "30", "feedback": "Late", "kind": "approve", "signature": "x", "text": "Late",
        "ms": "500", "locked": "1", "scene_ids": [each.id for each in reversed(jobs.scenes(job))], "keep": "mine",
    }  # fmt: skip
    editor, codes = factories.signed_in(app, eve), defaultdict(int)
    for endpoint, method, path in routes(app, ids):
        its_own = any(part in path for part in (job.id, job.client_id)) and "/review/" not in path
        if method == "POST" and its_own and "reopen" not in endpoint and "delete" not in endpoint:
            codes[editor.post(path, data=fields).status_code] += 1
    db.session.rollback()
    db.session.expire_all()
    assert sum(codes.values()) > 30
    assert codes[409] > 10
    assert max(codes) < 500
    assert decisions.content_hash(jobs.scenes(job)) == before
    assert repr([each.id for each in every(Decision)]) == was
    assert (job.approval, job.ratio) == ("approved", "16:9")
    assert integrity.report(job).faults == ()


TAMPERED = {
    "UPDATE events SET text = CAST(x'ff00' AS TEXT)": "cannot be read",
    "UPDATE jobs SET title = CAST(x'ff00' AS TEXT)": "cannot be read",
    "UPDATE takes SET script = CAST(x'ff00' AS TEXT)": "cannot be read",
    f"UPDATE events SET details = '{'[' * 100_000}{']' * 100_000}'": "cannot be read",  # noqa: S608
    "UPDATE decisions SET scene_hashes = '[]'": "cannot be read",
    "UPDATE versions SET ratio = '9:16'; UPDATE jobs SET ratio = '9:16'": "another format",
    "UPDATE decisions SET version_id = NULL": "its version is missing",
    "UPDATE decisions SET decided_by = 'Legal'": "recorded it",
}


@pytest.mark.parametrize("sql", TAMPERED, ids=lambda sql: sql[:60])
def test_verify_names_what_was_written_behind_its_back(app, ada, job, sql):
    """One job's rows that cannot be read are a fault of that job, not the end of the check."""
    browser, link = come(app, ada, job)
    sign(browser, link, job)
    whole = factories.job(job.client, "Untouched")
    factories.scene(whole)
    bad, good = job.id, whole.id
    sending.send(ada, whole, SendDraft())
    db.session.rollback()
    assert all(not each.faults for each in integrity.reports())
    db.session.rollback()
    raw = db.engine.raw_connection()
    for each in sql.split("; "):
        key = "id" if "UPDATE jobs" in each else "job_id"
        its = f"scene_id IN (SELECT id FROM scenes WHERE job_id = '{bad}')"  # noqa: S608
        mine = its if "takes" in each else f"{key} = '{bad}'"
        raw.driver_connection.execute(f"{each} WHERE {mine}")
    raw.close()
    found = {each.job_id: each.faults for each in integrity.reports()}
    assert TAMPERED[sql] in " ".join(found[bad])
    assert found[good] == ()


def test_verify_notices_a_board_that_was_opened_behind_its_back(app, ada, ben, job):
    decisions.decide(ben, job, factories.decision(job, kind="approve"))
    with transaction():
        job.approval = "none"
    assert "nobody reopened it" in " ".join(integrity.report(job).faults)
