"""A program's decision names the storyboard it is about: what nobody saw is not decided on."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.api.at_once import at_once
from tests.services import job_states
from webapp.extensions import db, transaction
from webapp.models import Approval
from webapp.schemas.jobs import JobChange
from webapp.schemas.scenes import SceneChange
from webapp.services import decisions, events, integrity, jobs, scenes

WORDS = {"feedback": "Warmer."}
ASYNC = {"Prefer": "respond-async"}
DECISIONS = {
    "approve": {"action": "approve"},
    "approve, old name": {"action": "APPROVE_STORYBOARD"},
    "request_changes": {"action": "request_changes"} | WORDS,
    "reject": {"action": "reject"} | WORDS,
    "reject, old name": {"action": "reject_storyboard"} | WORDS,
}


@pytest.fixture
def job(app):
    return job_states.job_of()


@pytest.fixture
def reviewer(api, ben):
    return api(ben)


def url(job):
    return f"/jobs/{job.id}/actions"


def looked_at(program, job):
    """Look at a job as a program does, and return the hash of what it saw."""
    return program.get(f"/jobs/{job.id}").json["data"]["approval"]["hash"]


def edit(person, job, number, **words):
    scenes.edit(person, job, jobs.scenes(job)[number - 1], SceneChange(**words))


def kept(job):
    db.session.rollback()
    db.session.expire_all()
    return decisions.history(job)


HOW = {
    "in the body": lambda body, seen: {"json": body | {"contentHash": seen}},
    "in the payload": lambda body, seen: {
        "json": {"action": body["action"], "payload": {"feedback": body.get("feedback"), "contentHash": seen}}
    },
    "in capitals": lambda body, seen: {"json": body | {"contentHash": seen.upper()}},
    "as If-Match": lambda body, seen: {"json": body, "headers": {"If-Match": f'"{seen}"'}},
    "as If-Match without quotes": lambda body, seen: {"json": body, "headers": {"If-Match": seen}},
    "both ways": lambda body, seen: {"json": body | {"contentHash": seen}, "headers": {"If-Match": f'"{seen}"'}},
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_what_was_looked_at_is_decided_on(reviewer, job, decision):
    seen = looked_at(reviewer, job)
    answer = reviewer.post(url(job), json=DECISIONS[decision] | {"contentHash": seen})
    assert answer.status_code == 200, answer.json
    (made,) = kept(job)
    assert (made.content_hash, made.named_version) == (seen, True)
    said = reviewer.get(f"/jobs/{job.id}/decisions").json["data"][0]
    assert (said["contentHash"], said["namedVersion"]) == (seen, True)
    assert "named no version" not in events.of_job(job)[0].text


def test_it_is_named_in_any_of_these_ways(reviewer, job):
    seen = looked_at(reviewer, job)
    for how, named in HOW.items():
        answer = reviewer.post(url(job), **named(DECISIONS["request_changes"], seen))
        assert answer.status_code == 200, how
        assert (kept(job)[0].content_hash, kept(job)[0].named_version) == (seen, True), how
    assert len(kept(job)) == len(HOW)


def test_a_script_that_changed_meanwhile_is_not(api, ada, ben, eve, job):
    """The fault: a program looks, somebody edits, the program approves what it never saw."""
    program, editors = api(ben), api(eve)
    seen = looked_at(program, job)
    edit(ada, job, 2, script="Quite other words.")
    present, second = looked_at(program, job), jobs.scenes(job)[1].id
    for decision, how in ((decision, how) for decision in DECISIONS for how in HOW):
        for asking in (program, editors):
            answer = asking.post(url(job), **HOW[how](DECISIONS[decision], seen))
            assert (answer.status_code, answer.json["meta"]["code"]) == (409, "conflict"), (decision, how)
            now = answer.json["meta"]["current"]
            assert now["contentHash"] == present != seen
            assert now["changedScenes"] == [{"id": second, "number": 2}]
    assert "Different now: scene 2" in answer.json["error"]
    assert answer.json["meta"]["hint"] == "Have another look, then decide."
    assert (kept(job), job.approval, job.status) == ([], Approval.NONE, "storyboard_ready")
    assert program.post(url(job), json=DECISIONS["approve"] | {"contentHash": present}).status_code == 200


def test_a_reviewers_key_that_names_nothing_is_told_what_there_is(reviewer, job):
    for said in DECISIONS.values():
        answer = reviewer.post(url(job), json=said)
        assert (answer.status_code, answer.json["meta"]["code"]) == (428, "precondition_required")
        assert answer.json["meta"]["current"]["contentHash"] == looked_at(reviewer, job)
        assert "contentHash" in answer.json["meta"]["hint"]
    assert kept(job) == []


@pytest.mark.parametrize(
    ("role", "decision"), [("editor", "approve"), ("admin", "request_changes"), ("editor", "reject, old name")]
)
def test_an_editors_key_may_name_nothing_and_the_record_says_so(api, ada, eve, browse, job, role, decision):
    """As old programs do: accepted, and said wherever the decision is shown."""
    person = {"editor": eve, "admin": ada}[role]
    program = api(person)
    answer = program.post(url(job), json=DECISIONS[decision], headers=ASYNC)
    assert answer.status_code in (200, 202)
    (made,) = kept(job)
    assert made.named_version is False
    assert program.get(f"/jobs/{job.id}/decisions/{made.id}").json["data"]["namedVersion"] is False
    line = next(each for each in events.of_job(job) if each.details.get("decision") == made.id)
    assert "(v1, named no version)" in line.text
    assert line.details["named_version"] is False
    assert integrity.report(job).faults == ()
    browser = browse(person)
    assert "Named no version" in browser.get(f"/jobs/{job.id}/decisions/{made.id}/certificate").text
    assert browser.get(f"/jobs/{job.id}/activity").text.count("named no version") == 2


def test_any_is_none_for_if_match(reviewer, api, eve, job):
    """RFC 9110: * asks for any state, so it names none."""
    any_state = {"json": DECISIONS["approve"], "headers": {"If-Match": "*"}}
    assert reviewer.post(url(job), **any_state).status_code == 428
    assert api(eve).post(url(job), **any_state).status_code == 200
    assert kept(job)[0].named_version is False


def test_a_decision_from_before_says_nothing_of_it(api, eve, browse, job):
    api(eve).post(url(job), json=DECISIONS["approve"])
    with transaction():
        kept(job)[0].named_version = None
    (made,) = kept(job)
    assert api(eve).get(f"/jobs/{job.id}/decisions/{made.id}").json["data"]["namedVersion"] is None
    assert "amed no version" not in browse(eve).get(f"/jobs/{job.id}/decisions/{made.id}/certificate").text


def test_whether_it_named_one_cannot_be_changed_unseen(api, eve, job):
    api(eve).post(url(job), json=DECISIONS["approve"])
    with transaction():
        kept(job)[0].named_version = True
    (fault,) = integrity.report(job).faults
    assert "whether it named a version" in fault


WRONG = {
    "no hash": ({"contentHash": "v3"}, {}, ["contentHash"]),
    "nothing": ({"contentHash": ""}, {}, ["contentHash"]),
    "a number": ({"contentHash": 3}, {}, ["contentHash"]),
    "a hash and a sign": ({"contentHash": "0" * 64 + "x"}, {}, ["contentHash"]),
    "a short one, inside": ({"payload": {"contentHash": "abc"}}, {}, ["payload.contentHash"]),
    "two, in the body": (
        {"contentHash": "0" * 64, "payload": {"contentHash": "1" * 64}},
        {},
        ["contentHash", "payload.contentHash"],
    ),
    "two, in body and header": ({"contentHash": "0" * 64}, {"If-Match": f'"{"1" * 64}"'}, ["If-Match", "contentHash"]),
    "two, in payload and header": (
        {"payload": {"contentHash": "0" * 64}},
        {"If-Match": f'"{"1" * 64}"'},
        ["If-Match", "payload.contentHash"],
    ),
    "a weak tag": ({}, {"If-Match": f'W/"{"0" * 64}"'}, ["If-Match"]),
    "two tags": ({}, {"If-Match": f'"{"0" * 64}", "{"1" * 64}"'}, ["If-Match"]),
    "a strong and a weak tag": ({}, {"If-Match": f'"{"0" * 64}", W/"{"0" * 64}"'}, ["If-Match"]),
    "an empty header": ({}, {"If-Match": ""}, ["If-Match"]),
    "half a tag": ({}, {"If-Match": '"abc'}, ["If-Match"]),
}


def test_what_names_no_storyboard_exactly_is_refused_where_it_stands(api, eve, job):
    program = api(eve)
    for what, (body, headers, fields) in WRONG.items():
        answer = program.post(url(job), json={"action": "approve"} | body, headers=headers)
        assert answer.status_code == 422, what
        assert sorted(answer.json["meta"]["fields"]) == fields, what
    assert kept(job) == []


def test_a_storyboard_that_never_was_may_differ_in_every_scene(reviewer, job):
    for tag in ("0" * 64, "3", "storyboard"):
        answer = reviewer.post(url(job), json=DECISIONS["approve"], headers={"If-Match": f'"{tag}"'})
        assert answer.status_code == 409
        now = answer.json["meta"]["current"]
        assert ([each["number"] for each in now["changedScenes"]], now["isKnown"]) == ([1, 2, 3], False)


def test_what_is_no_decision_takes_no_hash(api, eve, job):
    """It would look as if it was heeded."""
    program = api(eve)
    for action in ("regenerate_scene", "regenerate_all_scenes", "retry", "cancel", "reopen"):
        answer = program.post(url(job), json={"action": action, "contentHash": "0" * 64})
        assert (answer.status_code, "contentHash" in answer.json["meta"]["fields"]) == (422, True)
        answer = program.post(url(job), json={"action": action}, headers={"If-Match": f'"{"0" * 64}"'})
        assert (answer.status_code, "If-Match" in answer.json["meta"]["fields"]) == (422, True)


CHANGES = {
    "words": (lambda eve, job: edit(eve, job, 1, script="x"), [1], 0, False, False),
    "words twice in a burst": (
        lambda eve, job: (edit(eve, job, 3, script="x"), edit(eve, job, 3, script="y")), [3], 0, False, False,
    ),
    "two scenes": (
        lambda eve, job: (edit(eve, job, 1, script="x"), edit(eve, job, 3, seconds=2)), [1, 3], 0, False, False,
    ),
    "the order": (lambda eve, job: scenes.move(eve, job, jobs.scenes(job)[2], 1), [], 0, True, False),
    "a scene less": (lambda eve, job: scenes.delete(eve, job, jobs.scenes(job)[0]), [], 1, False, False),
    "a scene more": (lambda eve, job: scenes.duplicate(eve, job, jobs.scenes(job)[0]), [2], 0, False, False),
    "the format": (lambda eve, job: jobs.change(eve, job, JobChange(ratio="9:16")), [], 0, False, True),
    "words after the format": (
        lambda eve, job: (jobs.change(eve, job, JobChange(ratio="9:16")), edit(eve, job, 2, script="x")),
        [2], 0, False, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_different_is_named(reviewer, eve, job, what):
    change, numbers, deleted, reordered, reformatted = CHANGES[what]
    seen = looked_at(reviewer, job)
    change(eve, job)
    answer = reviewer.post(url(job), json={"action": "approve", "contentHash": seen})
    assert answer.status_code == 409
    now, board = answer.json["meta"]["current"], {each.id: each.position for each in jobs.scenes(job)}
    assert {each["id"]: each["number"] for each in now["changedScenes"]}.items() <= board.items()
    assert [each["number"] for each in now["changedScenes"]] == numbers
    assert (now["deletedScenes"], now["isReordered"], now["isReformatted"]) == (deleted, reordered, reformatted)
    assert (now["isKnown"], now["format"]) == (True, job.ratio)


def test_words_edited_in_a_burst_are_known_each_time_they_were_looked_at(reviewer, eve, job):
    """A burst of saves is one take: what was looked at in the middle of it is kept nowhere else."""
    for number in range(3):
        edit(eve, job, 2, script=f"Draft {number}")
        seen = looked_at(reviewer, job)
    edit(eve, job, 2, script="The last draft")
    now = reviewer.post(url(job), json={"action": "approve", "contentHash": seen}).json["meta"]["current"]
    assert ([each["number"] for each in now["changedScenes"]], now["isKnown"]) == ([2], True)


def test_who_saw_16_to_9_does_not_approve_9_to_16(reviewer, eve, job):
    seen = looked_at(reviewer, job)
    jobs.change(eve, job, JobChange(ratio="9:16"))
    other = looked_at(reviewer, job)
    assert reviewer.post(url(job), json={"action": "approve", "contentHash": seen}).status_code == 409
    jobs.change(eve, job, JobChange(ratio="16:9"))
    assert reviewer.post(url(job), json={"action": "approve", "contentHash": other}).status_code == 409
    assert looked_at(reviewer, job) == seen  # all is as it was looked at
    assert reviewer.post(url(job), json={"action": "approve", "contentHash": seen}).status_code == 200
    assert integrity.report(job).faults == ()


def test_a_board_in_another_format_is_approved_verified_and_downloaded(reviewer, eve, job):
    jobs.change(eve, job, JobChange(ratio="9:16"))
    seen = looked_at(reviewer, job)
    assert reviewer.post(url(job), json={"action": "approve", "contentHash": seen}).status_code == 200
    document = reviewer.get(f"/jobs/{job.id}/storyboard.json")
    assert (document.json["format"], document.json["ratio"]) == ("slate-storyboard/2", "9:16")
    assert sha256(document.data).hexdigest() == seen == kept(job)[0].content_hash
    assert document.headers["ETag"] == f'"{seen}"'  # the very thing that If-Match takes
    assert reviewer.get(f"/jobs/{job.id}/storyboard.json?version=1").data == document.data
    assert integrity.report(job).faults == ()


def test_the_same_request_repeated_is_answered_once(reviewer, eve, job):
    seen = looked_at(reviewer, job)
    once = {"Idempotency-Key": "one"}
    first = reviewer.post(url(job), json=DECISIONS["approve"] | {"contentHash": seen}, headers=once)
    again = reviewer.post(url(job), json=DECISIONS["approve"] | {"contentHash": seen}, headers=once)
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (200, 200, "true")
    assert len(kept(job)) == 1


def test_the_same_key_with_another_if_match_is_another_request(reviewer, job):
    seen = looked_at(reviewer, job)
    wish, headers = {"action": "request_changes"} | WORDS, {"Idempotency-Key": "one"}
    first = reviewer.post(url(job), json=wish, headers=headers | {"If-Match": f'"{seen}"'})
    other = reviewer.post(url(job), json=wish, headers=headers | {"If-Match": f'"{"0" * 64}"'})
    assert (first.status_code, other.status_code) == (200, 422)
    assert len(kept(job)) == 1


def test_a_decision_and_an_edit_at_once_never_approve_what_nobody_saw(api, eve, ben, job):
    """Both have read before the first of them may write; the naive way approved the edited words."""
    reviewer, editor = api(ben), api(eve)
    seen, scene = looked_at(reviewer, job), jobs.scenes(job)[0]
    body, path, place = {"action": "approve", "contentHash": seen}, url(job), f"/jobs/{job.id}/scenes/{scene.id}"
    at_once(lambda: reviewer.post(path, json=body), lambda: editor.put(place, json={"script": "Other words"}))
    for made in kept(job):
        assert made.content_hash == seen == decisions.content_hash(jobs.scenes(job))


def test_what_is_possible_says_that_a_reviewer_has_to_name_it(api, ben, eve, job):
    for person, required in ((ben, True), (eve, False)):
        listed = {each["action"]: each["params"] for each in api(person).get(url(job)).json["data"]}
        for action in ("approve", "reject", "request_changes"):
            (named,) = [each for each in listed[action] if each["name"] == "contentHash"]
            assert named["required"] is required
            assert named["choices"] is None
        assert all("contentHash" not in [each["name"] for each in listed[a]] for a in listed.keys() - DECISIONS.keys())


@pytest.mark.parametrize("state", [name for name in job_states.STATES if "approved" in name or "written" in name][:4])
def test_a_state_that_forbids_it_is_said_first(api, ada, eve, ben, state):
    job = job_states.STATES[state]({"admin": ada, "editor": eve, "reviewer": ben})
    answer = api(ben).post(url(job), json={"action": "approve"})
    assert answer.status_code == 409
    assert "possible now" in answer.json["error"]
