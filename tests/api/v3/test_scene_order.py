"""Two at the order of one board: nobody's move is undone in silence."""

from __future__ import annotations

import pytest
from flask import Response

from tests import factories
from tests.api.at_once import at_once
from webapp.extensions import db
from webapp.schemas.scenes import SceneChange
from webapp.services import jobs, scenes

BOTH = ("263415", "623145")
"""Scene 1 moved to place 4 and scene 6 to place 2, in either order."""


@pytest.fixture
def job(app):
    made = factories.job(factories.client())
    for number in range(1, 7):
        factories.scene(made, number, title=str(number))
    return made


@pytest.fixture
def program(api, eve):
    return api(eve)


def titles(job):
    db.session.rollback()
    db.session.expire_all()
    return "".join(scene.take.title for scene in jobs.scenes(job))


def ids(job):
    return [scene.id for scene in jobs.scenes(job)]


def test_two_moves_at_once_are_both_kept(ada, eve, browse, job):
    """The fault: the second move was computed from the order before the first; one was lost, five times of five."""
    path, (first, *_, last), here, there = f"/jobs/{job.id}/scenes", ids(job), browse(ada), browse(eve)
    statuses = at_once(
        lambda: here.put(f"{path}/{first}/position", data={"position": "4"}),
        lambda: there.put(f"{path}/{last}/position", data={"position": "2"}),
    )
    assert statuses == [303, 303]
    assert titles(job) in BOTH


def test_the_naive_move_loses_one(app, ada, job):
    """The control: the same at once, with the order read before the transaction as it was."""

    def naive(person_id, job_id, scene_id, position):
        with app.app_context():
            person, job = db.session.get(type(ada), person_id), jobs.find(ada, job_id)
            board = [each.id for each in jobs.scenes(job) if each.id != scene_id]
            board.insert(position - 1, scene_id)
            scenes.reorder(person, job, board)
        return Response(status=303)

    job_id, person_id, (first, *_, last) = job.id, ada.id, ids(job)
    at_once(lambda: naive(person_id, job_id, first, 4), lambda: naive(person_id, job_id, last, 2))
    assert titles(job) in ("234156", "162345")


def test_a_move_from_a_page_that_is_old_is_refused(eve, browse, job):
    """Somebody moved the scene while the page stood open: its place there is not its place any more."""
    scene, path = jobs.scenes(job)[1], f"/jobs/{job.id}/scenes/{ids(job)[1]}/position"
    browser = browse(eve)
    scenes.move(eve, job, scene, 6)
    answer = browser.put(path, data={"position": "3", "seen": "2"})
    assert answer.status_code == 409
    assert "is number 6 now" in answer.text
    assert titles(job) == "134562"
    assert browser.put(path, data={"position": "1", "seen": "6"}).status_code == 303
    assert titles(job) == "213456"


def test_a_scene_that_was_deleted_meanwhile_is_not_moved(eve, job):
    scene = jobs.scenes(job)[1]
    scenes.delete(eve, job, scene)
    with pytest.raises(Exception, match="deleted this scene"):
        scenes.move(eve, job, scene, 1)
    assert titles(job) == "13456"


def order(program, job, wanted, **headers):
    numbered = {scene.take.title: scene.id for scene in jobs.scenes(job)}
    path = f"/jobs/{job.id}/scenes/order"
    return program.put(path, json={"sceneIds": [numbered[each] for each in wanted]}, headers=headers)


def test_an_order_against_a_version_that_is_gone_is_answered_with_the_present_one(program, eve, job):
    known = program.get(f"/jobs/{job.id}/scenes").json["data"]["orderVersion"]
    scenes.move(eve, job, jobs.scenes(job)[0], 6)
    answer = order(program, job, "213456", **{"If-Match": f'"{known}"'})
    assert (answer.status_code, answer.json["meta"]["code"]) == (409, "conflict")
    now = answer.json["meta"]["current"]
    assert [each["title"] for each in now["scenes"]] == list("234561")
    assert titles(job) == "234561"
    answer = order(program, job, "213456", **{"If-Match": f'"{now["orderVersion"]}"'})
    assert (answer.status_code, titles(job)) == (200, "213456")
    assert answer.json["data"]["orderVersion"] not in (known, now["orderVersion"])


def test_the_orders_version_changes_with_the_order_and_nothing_else(program, eve, job):
    def version():
        return program.get(f"/jobs/{job.id}/scenes").json["data"]["orderVersion"]

    first = version()
    scenes.edit(eve, job, jobs.scenes(job)[0], SceneChange(script="Other words"))
    scenes.lock(eve, job, jobs.scenes(job)[0], locked=True)
    assert version() == first
    scenes.move(eve, job, jobs.scenes(job)[0], 2)
    assert version() != first
    scenes.move(eve, job, jobs.scenes(job)[0], 2)
    assert version() == first
    scenes.delete(eve, job, jobs.scenes(job)[5])
    assert version() != first


def test_how_if_match_may_be_spelt(program, job):
    known = program.get(f"/jobs/{job.id}/scenes").json["data"]["orderVersion"]
    for number, (tag, status) in enumerate(
        [
            (f'"{known}"', 200),
            (known, 200),
            ("*", 200),
            (f'"{"0" * 32}", "{known}"', 200),
            (f'W/"{known}"', 409),
            ('"3"', 409),
            ("", 409),
        ]
    ):
        wanted = "123456" if number % 2 else "213456"
        before = titles(job)
        if before != "123456":
            assert order(program, job, "123456").status_code == 200
        answer = order(program, job, "213456" if status == 200 else wanted, **{"If-Match": tag})
        assert answer.status_code == status, tag
        assert titles(job) == ("213456" if status == 200 else "123456"), tag


def test_two_orders_against_one_version_are_one(api, ada, eve, job):
    one, other, path = api(ada), api(eve), f"/jobs/{job.id}/scenes/order"
    scene_ids = ids(job)
    headers = {"If-Match": f'"{one.get(f"/jobs/{job.id}/scenes").json["data"]["orderVersion"]}"'}
    statuses = at_once(
        lambda: one.put(path, json={"sceneIds": scene_ids[::-1]}, headers=headers),
        lambda: other.put(path, json={"sceneIds": scene_ids[1:] + scene_ids[:1]}, headers=headers),
    )
    assert sorted(statuses) == [200, 409]
