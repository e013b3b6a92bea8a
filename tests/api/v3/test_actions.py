"""Actions over the API: for every state and every person what is listed succeeds, and nothing else changes anything."""

from __future__ import annotations

import hashlib
import threading
from contextlib import closing, contextmanager

import pytest

from tests import factories
from tests.services import job_states
from webapp.extensions import db, sqlite_module, transaction
from webapp.models import Approval, JobStatus, Scene
from webapp.services import decisions, integrity, jobs, scene_rewriter, takes
from webapp.services.action_rules import RULES

NAMES = [rule.name for rule in RULES]
ASYNC = {"Prefer": "respond-async"}
UNTOUCHED = {"api_keys", "throttles"}
"""Tables that every request may write: when a key was last used, how much was asked."""


@pytest.fixture
def people(ada, eve, ben):
    return {"admin": ada, "editor": eve, "reviewer": ben}


@pytest.fixture
def program(api, eve):
    return api(eve)


@pytest.fixture
def job(app):
    return job_states.job_of()


def url(job):
    return f"/jobs/{job.id}/actions"


def board(job):
    db.session.rollback()
    db.session.expire_all()
    return jobs.scenes(job)


class Kept:
    """The database as it is now, to be compared with and put back."""

    def __init__(self, path):
        self.path, self.module = path, sqlite_module()
        self.copy = self.module.connect(":memory:", check_same_thread=False)
        with closing(self.module.connect(path)) as live:
            live.backup(self.copy)
        self.digest = self.now()

    def now(self):
        digest = hashlib.sha256()
        with closing(self.module.connect(self.path)) as live:
            for table in sorted(set(db.metadata.tables) - UNTOUCHED):
                digest.update(repr(sorted(map(repr, live.execute(f'SELECT * FROM "{table}"')))).encode())  # noqa: S608
        return digest.hexdigest()

    def put_back(self):
        with closing(self.module.connect(self.path)) as live:
            self.copy.backup(live)
        db.session.rollback()
        db.session.expire_all()  # a test and its requests share a session


def body(job, action):
    """Return what an action needs; a scene it is possible for, where there is one."""
    numbers = [scene.position for scene in board(job) if not scene.is_redoing] or [1]
    named = {"contentHash": decisions.content_hash(board(job))}
    needed = {
        "approve": named,
        "reject": {"feedback": "Warmer."} | named,
        "request_changes": {"feedback": "Warmer."} | named,
        "regenerate_scene": {"sceneNumber": numbers[0]},
    }
    return {"action": action} | needed.get(action, {})


@pytest.mark.parametrize("state", job_states.STATES)
def test_exactly_what_is_listed_succeeds_and_what_is_refused_changes_nothing(api, people, state):
    job = job_states.STATES[state](people)
    programs = {role: api(person) for role, person in people.items()}
    asked = {action: body(job, action) for action in NAMES}
    db.session.rollback()
    kept, wrong = Kept(db.engine.url.database), []
    for role, program in programs.items():
        listed = [each["action"] for each in program.get(url(job)).json["data"]]
        for action in NAMES:
            answer = program.post(url(job), json=asked[action], headers=ASYNC)
            changed = kept.now() != kept.digest
            as_listed = answer.status_code in (200, 202) and changed
            as_refused = answer.status_code in (403, 409) and not changed
            if not (as_listed if action in listed else as_refused):
                wrong.append((role, action, answer.status_code, changed))
            if changed:
                kept.put_back()
    assert wrong == []


def test_an_action_says_its_name_its_label_and_its_parameters(program, job):
    answer = program.get(url(job))
    assert answer.json["meta"]["total"] == 5
    by_name = {each["action"]: each for each in answer.json["data"]}
    assert set(by_name["reject"]) == {"action", "label", "params"}
    feedback, named = by_name["reject"]["params"]
    assert (named["name"], named["required"], named["choices"]) == ("contentHash", False, None)
    assert (feedback["name"], feedback["required"], feedback["choices"]) == ("feedback", True, None)
    choices = {each["name"]: each["choices"] for each in by_name["regenerate_scene"]["params"]}
    assert (choices["sceneNumber"], choices["sceneIdx"]) == ([1, 2, 3], [0, 1, 2])
    assert list(choices) == ["sceneId", "sceneNumber", "sceneIdx", "feedback", "constraints", "select"]


def test_a_rejection_says_what_it_will_do_for_whom(api, people, job):
    labels = {
        role: next(each["label"] for each in api(person).get(url(job)).json["data"] if each["action"] == "reject")
        for role, person in people.items()
    }
    assert "written anew" in labels["editor"] == labels["admin"]
    assert labels["reviewer"] == "Reject and freeze"


def test_approving_answers_the_job_and_keeps_what_the_program_said_of_itself(program, job):
    answer = program.post(url(job), json={"action": "approve"}, headers={"User-Agent": "Agency robot/2"})
    assert answer.status_code == 200
    data = answer.json["data"]
    assert set(data) == {"message", "job"}
    assert (data["job"]["id"], data["job"]["approval"]["state"]) == (job.id, "approved")
    assert data["job"]["status"] == "video_processing"
    assert decisions.latest(job).user_agent == "Agency robot/2"


@pytest.mark.parametrize(
    "said",
    [
        {"action": "reject", "feedback": "Warmer."},
        {"action": "REJECT_STORYBOARD", "payload": {"feedback": "Warmer."}},
        {"action": "Reject", "feedback": "Warmer.", "payload": {"feedback": "Warmer."}},
        {"action": "rejectStoryboard", "feedback": None, "payload": {"feedback": " Warmer. "}},
        {"action": "reject-storyboard", "feedback": "Warmer.", "payload": None},
    ],
)
def test_old_and_new_names_and_shapes_mean_the_same(program, job, said):
    answer = program.post(url(job), json=said)
    assert answer.status_code == 202
    assert answer.json["data"]["job"]["approval"]["state"] == "changes_requested"
    assert answer.json["data"]["job"]["status"] == "pending"
    assert decisions.latest(job).reason == "Warmer."
    assert integrity.report(job).faults == ()


REFUSED = {
    "no action": ({}, ["action"]),
    "an unknown action": ({"action": "publish"}, ["action"]),
    "an empty action": ({"action": ""}, ["action"]),
    "an action that is no text": ({"action": ["approve"]}, ["action"]),
    "an unknown field": ({"action": "approve", "feedbak": "x"}, ["feedbak"]),
    "an unknown field inside": ({"action": "approve", "payload": {"notes": "x"}}, ["payload.notes"]),
    "a payload that is none": ({"action": "approve", "payload": "x"}, ["payload"]),
    "no feedback": ({"action": "reject"}, ["feedback"]),
    "no feedback, inside": ({"action": "reject", "payload": {}}, ["payload.feedback"]),
    "blank feedback": ({"action": "request_changes", "feedback": " \n"}, ["feedback"]),
    "unseen feedback": ({"action": "request_changes", "feedback": "\u200b"}, ["feedback"]),
    "unseen feedback, inside": ({"action": "reject", "payload": {"feedback": "\u200b"}}, ["payload.feedback"]),
    "feedback that is too long": ({"action": "reject", "feedback": "x" * 1001}, ["feedback"]),
    "feedback said twice": (
        {"action": "reject", "feedback": "a", "payload": {"feedback": "b"}},
        ["feedback", "payload.feedback"],
    ),
    "a scene that no decision is about": ({"action": "approve", "sceneNumber": 1}, ["sceneNumber"]),
    "constraints where nothing is written": ({"action": "retry", "payload": {"constraints": {}}}, None),
    "no scene": ({"action": "regenerate_scene"}, ["sceneId"]),
    "no scene, inside": ({"action": "regenerate_scene", "payload": {"feedback": "x"}}, ["payload.sceneId"]),
    "scene 0": ({"action": "regenerate_scene", "sceneNumber": 0}, ["sceneNumber"]),
    "a scene before the first": ({"action": "regenerate_scene", "payload": {"sceneIdx": -1}}, ["payload.sceneIdx"]),
    "two scenes": ({"action": "regenerate_scene", "sceneNumber": 1, "sceneIdx": 1}, ["sceneIdx", "sceneNumber"]),
    "an id and a number": ({"action": "regenerate_scene", "sceneId": "x", "sceneIdx": 1}, ["sceneId", "sceneIdx"]),
    "too short a scene": (
        {"action": "regenerate_scene", "sceneIdx": 0, "constraints": {"duration": 0.5}},
        ["constraints.duration"],
    ),
    "an unknown constraint": (
        {"action": "regenerate_scene", "sceneIdx": 0, "constraints": {"mood": "x"}},
        ["constraints.mood"],
    ),
    "an unknown asset": (
        {"action": "regenerate_scene", "sceneIdx": 0, "payload": {"constraints": {"mustIncludeAssets": ["x"]}}},
        ["payload.constraints.mustIncludeAssets.0"],
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_is_named_as_it_was_sent_and_nothing_is_done(program, job, what):
    said, fields = REFUSED[what]
    before = job.revision
    answer = program.post(url(job), json=said)
    assert answer.status_code == 422
    assert answer.json["meta"]["code"] == "validation_failed"
    if fields is not None:
        assert sorted(answer.json["meta"]["fields"]) == fields
    board(job)
    assert (job.revision, job.approval, decisions.history(job)) == (before, Approval.NONE, [])


def test_an_unknown_action_is_answered_with_those_that_are_possible(program, job):
    answer = program.post(url(job), json={"action": "publish"})
    assert "Possible now: approve, reject, request_changes, regenerate_scene" in answer.json["error"]


def test_what_the_state_forbids_is_a_conflict_that_names_it(program, eve):
    job = job_states.completed(eve)
    answer = program.post(url(job), json={"action": "approve"})
    assert (answer.status_code, answer.json["meta"]["code"]) == (409, "conflict")
    assert answer.json["error"].endswith("The job is completed and approved; possible now: reopen.")


def test_a_reviewer_may_have_nothing_written(api, ben, job):
    for action in ("regenerate_scene", "regenerate_all_scenes", "retry", "cancel"):
        answer = api(ben).post(url(job), json={"action": action})
        assert (answer.status_code, answer.json["meta"]["code"]) == (403, "forbidden")


def test_a_scene_of_another_job_and_a_number_that_is_none_are_not_found(program, job):
    other = job_states.job_of()
    for named in ({"sceneId": jobs.scenes(other)[0].id}, {"sceneNumber": 4}, {"sceneIdx": 3}):
        answer = program.post(url(job), json={"action": "regenerate_scene", "payload": named})
        assert (answer.status_code, answer.json["meta"]["code"]) == (404, "not_found")
        assert "does not belong to this job" in answer.json["error"]


def test_what_is_not_there_is_not_found(program, app):
    nothing = "/jobs/ffffffff-ffff-4fff-8fff-ffffffffffff/actions"
    assert program.get(nothing).status_code == 404
    assert program.post(nothing, json={"action": "approve"}).status_code == 404


@contextmanager
def at_work(app):
    """Do in a thread what the worker's redo step does, as soon as one is asked for."""
    over = threading.Event()

    def work():
        with app.app_context():
            while not over.is_set():
                db.session.rollback()
                waiting = db.session.execute(db.select(Scene.id, Scene.redo_token).where(Scene.redo_token != "")).all()
                for scene_id, token in waiting:
                    scene_rewriter.rewrite(scene_id, token)
                over.wait(0.05)
            db.session.remove()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_one_scene_gets_a_new_take_that_is_shown_at_once(app, program, job):
    asset = factories.asset(job.client)
    first, second, third = jobs.scenes(job)
    limits = {"duration": 4.5, "style": "Film noir", "mustIncludeAssets": [asset.id]}
    said = {"action": "regenerate_scene", "payload": {"sceneIdx": 1, "feedback": "Warmer.", "constraints": limits}}
    with at_work(app):
        answer = program.post(url(job), json=said)
    assert answer.status_code == 200
    data = answer.json["data"]
    assert set(data) == {"message", "scene"}
    assert (data["scene"]["id"], data["scene"]["sceneNumber"]) == (second.id, 2)
    assert (data["scene"]["duration"], asset.id in data["scene"]["assets"]) == (4.5, True)
    after = board(job)
    assert [scene.take.number for scene in after] == [1, 2, 1]
    assert after[1].take.feedback == "Warmer.\nStyle: Film noir."
    assert takes.find(second, 1).script == "Ready in one twist."
    assert [scene.id for scene in after] == [first.id, second.id, third.id]


@pytest.mark.parametrize("named", ["sceneId", "sceneNumber", "sceneIdx"])
def test_a_scene_is_named_by_id_by_number_or_by_index(program, job, named):
    scene = {"sceneId": jobs.scenes(job)[1].id, "sceneNumber": 2, "sceneIdx": 1}[named]
    answer = program.post(url(job), json={"action": "REGENERATE_SCENE", named: scene}, headers=ASYNC)
    assert answer.status_code == 202
    assert [each.is_redoing for each in board(job)] == [False, True, False]


def test_a_take_that_is_not_selected_waits_beside_the_present_one(app, program, job):
    with at_work(app):
        answer = program.post(url(job), json={"action": "regenerate_scene", "sceneNumber": 1, "select": False})
    assert answer.status_code == 200
    assert answer.json["data"]["scene"]["candidates"] == [2]
    assert board(job)[0].take.number == 1


def test_who_does_not_wait_is_answered_at_once(program, job):
    answer = program.post(url(job), json={"action": "regenerate_scene", "sceneNumber": 1}, headers=ASYNC)
    assert answer.status_code == 202
    assert answer.json["data"]["scene"]["isRegenerating"] is True


@pytest.mark.parametrize(
    ("state", "action", "status"),
    [("ready", "regenerate_all_scenes", "pending"), ("failed after two scenes", "retry", "pending")],
)
def test_what_goes_on_afterwards_is_accepted(program, people, state, action, status):
    job = job_states.STATES[state](people)
    answer = program.post(url(job), json={"action": action})
    assert (answer.status_code, answer.json["data"]["job"]["status"]) == (202, status)


def test_cancel_and_reopen_answer_the_job_as_it_is_then(program, people):
    job = job_states.STATES["processing, two scenes so far"](people)
    answer = program.post(url(job), json={"action": "cancel"})
    assert (answer.status_code, answer.json["data"]["job"]["status"]) == (200, "cancelled")
    assert len(answer.json["data"]["job"]["scenes"]) == 2
    done = job_states.completed(people["editor"])
    answer = program.post(url(done), json={"action": "reopen"})
    assert answer.json["data"]["job"]["status"] == "storyboard_ready"
    assert answer.json["data"]["job"]["approval"]["state"] == "none"


def test_the_same_key_rejects_once(program, job):
    said, headers = {"action": "reject", "feedback": "Warmer."}, {"Idempotency-Key": "once"}
    first = program.post(url(job), json=said, headers=headers)
    with transaction():
        job.status = JobStatus.STORYBOARD_READY
    again = program.post(url(job), json=said, headers=headers)
    assert (again.status_code, again.json["data"]) == (first.status_code, first.json["data"])
    assert len(decisions.history(job)) == 1
