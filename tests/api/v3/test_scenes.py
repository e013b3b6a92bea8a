"""Scenes over the API: read, insert, change against a version, order, redo with the real writer."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests import factories
from tests.house.test_queries import counted
from tests.services.test_workflows import until, working
from tests.services.writers.provider_server import KEY, FakeProvider, OpenAIWire
from webapp.extensions import db, transaction
from webapp.models import Approval, Scene
from webapp.schemas.scenes import SceneChange
from webapp.services import frame_store, jobs, scene_rewriter, scenes, takes, worker

ASYNC = {"Prefer": "respond-async"}
FIELDS = [
    "id", "jobId", "sceneNumber", "duration", "description", "script", "shotType", "transition", "assets", "metadata",
    "version", "locked", "fit", "frameUrl", "createdAt", "updatedAt",
]  # fmt: skip
"""The contract's."""


@pytest.fixture
def job(app):
    job = factories.job(factories.client())
    for number in (1, 2, 3):
        factories.scene(job, number, title=f"Scene {number}")
    return job


@pytest.fixture
def program(api, eve):
    return api(eve)


@pytest.fixture
def base(job):
    return f"/jobs/{job.id}/scenes"


def board(job):
    db.session.expire_all()
    return jobs.scenes(job)


def numbers_of(scene):
    return [take.number for take in takes.of_scene(scene)]


@contextmanager
def steps_of_the_worker(app):
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


def test_the_scenes_of_a_job_have_every_field_of_the_contract(program, job, base):
    answer = program.get(base)
    assert answer.status_code == 200
    found = answer.json["data"]["scenes"]
    assert [each["sceneNumber"] for each in found] == [1, 2, 3]
    assert set(FIELDS) <= set(found[0])
    first = found[0]
    assert (first["jobId"], first["duration"], first["version"], first["locked"]) == (job.id, 3.0, 1, False)
    assert first["fit"] == {"words": 4, "estimatedSeconds": 1.6, "overBy": 0}
    assert first["onScreen"] is None
    assert first["createdAt"].endswith("Z")


def test_a_list_asks_the_database_as_often_for_many_scenes_as_for_few(program, job, base):
    def queries():
        db.session.rollback()
        db.session.expire_all()
        with counted() as statements:
            assert program.get(base).status_code == 200
        return len(statements)

    queries()
    few = queries()
    for number in range(4, 14):
        factories.scene(job, number)
    assert queries() == few


def test_a_scene_is_found_by_its_id_or_its_number(program, job, base):
    second = board(job)[1]
    for address in (second.id, "2", "02"):
        answer = program.get(f"{base}/{address}")
        assert answer.json["data"]["id"] == second.id
        assert answer.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    "address",
    ["0", "4", "-1", "1.0", "+1", "٢", "²", "9" * 9, "9" * 10, "9" * 400, "1e0", "order", "%00", "%F0%9F", " 1"],
)
def test_what_names_no_scene_is_not_found(program, base, address):
    for answer in (program.get(f"{base}/{address}"), program.delete(f"{base}/{address}")):
        assert (answer.status_code, answer.json["meta"]["code"]) == (404, "not_found")


def test_a_scene_of_another_job_or_a_deleted_one_does_not_belong_to_this_job(program, eve, job, base):
    other = factories.scene(factories.job(job.client), 1)
    gone = board(job)[2]
    scenes.delete(eve, job, gone)
    for scene in (other, gone):
        for answer in (
            program.get(f"{base}/{scene.id}"),
            program.put(f"{base}/{scene.id}", json={"script": "Mine"}),
            program.delete(f"{base}/{scene.id}"),
            program.post(f"{base}/{scene.id}/regenerate", json={}),
            program.get(f"{base}/{scene.id}/takes"),
            program.get(f"{base}/{scene.id}/frame"),
        ):
            assert answer.status_code == 404
            assert "does not belong to this job" in answer.json["error"]
    assert program.get("/jobs/nothing/scenes").status_code == 404


def test_a_change_is_partial_and_each_one_is_a_take(program, eve, job, base):
    answer = program.put(f"{base}/1", json={"script": "New words", "duration": 4.5, "onScreen": "Now"})
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"2"'
    said = answer.json["data"]
    assert (said["script"], said["duration"], said["onScreen"], said["version"]) == ("New words", 4.5, "Now", 2)
    assert said["description"] == "The bottle turns into light."
    assert program.put(f"{base}/1", json={"script": "Newer words"}).json["data"]["version"] == 3
    scene = board(job)[0]
    assert numbers_of(scene) == [3, 2, 1]
    assert scene.take.user_id == eve.id


@pytest.mark.parametrize("body", [{}, {"script": "Ready in one twist."}, {"shotType": "medium", "locked": False}])
def test_what_changes_nothing_makes_no_take(program, job, base, body):
    revision = job.revision
    answer = program.put(f"{base}/1", json=body)
    assert (answer.status_code, answer.json["data"]["version"]) == (200, 1)
    scene = board(job)[0]
    assert numbers_of(scene) == [1]
    assert job.revision == revision


def test_null_clears_what_may_be_empty(program, job, base):
    asset = factories.asset(job.client)
    assert program.put(f"{base}/1", json={"assets": [asset.id], "metadata": {"a": 1}}).status_code == 200
    cleared = dict.fromkeys(("title", "description", "script", "onScreen", "assets", "metadata"))
    said = program.put(f"{base}/1", json=cleared).json["data"]
    assert {name: said[name] for name in cleared} == cleared | {"assets": [], "metadata": {}}
    assert said["fit"]["words"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"shottype": "wide"}, "shottype"),
        ({"seconds": 3}, "seconds"),
        ({"shot_type": "wide"}, "shot_type"),
        ({"sceneNumber": 2}, "sceneNumber"),
        ({"duration": None}, "duration"),
        ({"duration": 0.5}, "duration"),
        ({"duration": 181}, "duration"),
        ({"duration": "3"}, "duration"),
        ({"duration": True}, "duration"),
        ({"shotType": None}, "shotType"),
        ({"shotType": ""}, "shotType"),
        ({"shotType": "x" * 81}, "shotType"),
        ({"beat": "middle"}, "beat"),
        ({"script": "x" * 2001}, "script"),
        ({"script": 7}, "script"),
        ({"title": "x" * 81}, "title"),
        ({"assets": "one"}, "assets"),
        ({"assets": ["x"] * 21}, "assets"),
        ({"metadata": [1]}, "metadata"),
        ({"metadata": {"n": 10**30}}, "metadata"),
        ({"locked": "yes"}, "locked"),
    ],
)
def test_wrong_fields_are_named_as_they_were_sent(program, job, base, body, field):
    answer = program.put(f"{base}/1", json=body)
    assert answer.status_code == 422
    assert list(answer.json["meta"]["fields"]) == [field]
    assert board(job)[0].version == 1


def test_unknown_assets_are_named_by_their_place(program, job, base):
    own, foreign = factories.asset(job.client), factories.asset(factories.client("Somebody else"))
    answer = program.put(f"{base}/1", json={"assets": [own.id, foreign.id, "none"]})
    assert answer.status_code == 422
    assert set(answer.json["meta"]["fields"]) == {"assets.1", "assets.2"}
    assert program.put(f"{base}/1", json={"assets": [own.id, own.id]}).json["data"]["assets"] == [own.id]
    assert program.post(base, json={"assets": ["none"]}).json["meta"]["fields"].keys() == {"assets.0"}
    assert len(board(job)) == 3


def test_what_was_read_can_be_sent_back_though_its_asset_is_gone(program, job, base):
    asset = factories.asset(job.client)
    said = program.put(f"{base}/1", json={"assets": [asset.id], "shotType": "Klatschtotale"}).json["data"]
    with transaction():
        db.session.delete(asset)
    given = {name: said[name] for name in ("title", "beat", "duration", "script", "shotType", "assets", "metadata")}
    answer = program.put(f"{base}/1", json=given)
    assert (answer.status_code, answer.json["data"]["version"]) == (200, said["version"])


@pytest.mark.parametrize(
    ("said", "shot", "raw"),
    [
        ("Extreme Close Up (ECU)", "extreme-close-up", None),
        ("bird's eye view", "top-down", None),
        ("wide", "wide", None),
        ("closeupp", "close-up", "closeupp"),
        ("whirlybird", "medium", "whirlybird"),
    ],
)
def test_other_words_for_a_shot_become_the_nearest(program, base, said, shot, raw):
    found = program.put(f"{base}/1", json={"shotType": said, "metadata": {"mine": 1}}).json["data"]
    assert found["shotType"] == shot
    assert found["metadata"] == {"mine": 1} | ({"shotTypeRaw": raw} if raw else {})
    inserted = program.post(base, json={"shotType": said}).json["data"]
    assert (inserted["shotType"], inserted["metadata"].get("shotTypeRaw")) == (shot, raw)


def test_a_raw_word_goes_with_the_choice_it_stood_for(program, eve, job, base):
    program.put(f"{base}/1", json={"shotType": "whirlybird", "transition": "flurp", "metadata": {"mine": 1}})
    found = program.put(f"{base}/1", json={"script": "Other words"}).json["data"]
    assert found["metadata"] == {"mine": 1, "shotTypeRaw": "whirlybird", "transitionRaw": "flurp"}
    found = program.put(f"{base}/1", json={"transition": "dissolve"}).json["data"]
    assert found["metadata"] == {"mine": 1, "shotTypeRaw": "whirlybird"}
    scenes.edit(eve, job, board(job)[0], SceneChange(shot_type="wide"))
    assert program.get(f"{base}/1").json["data"]["metadata"] == {"mine": 1}


def test_an_older_version_is_refused_with_the_scene_as_it_is(program, ada, job, base):
    scenes.edit(ada, job, board(job)[0], SceneChange(title="Hers"))
    answer = program.put(f"{base}/1", json={"script": "Mine"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 409
    current = answer.json["meta"]["current"]
    assert (current["version"], current["title"], current["script"]) == (2, "Hers", "Ready in one twist.")
    assert answer.json["meta"]["code"] == "conflict"
    assert board(job)[0].version == 2
    answer = program.put(f"{base}/1", json={"script": "Mine"}, headers={"If-Match": '"2"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"3"')


@pytest.mark.parametrize("sent", ["*", '"1"', 'W/"1"', "1", '"7", "1"', ' "1" '])
def test_the_present_version_matches_however_it_is_written(program, base, sent):
    assert program.put(f"{base}/1", json={"script": "Mine"}, headers={"If-Match": sent}).status_code == 200


@pytest.mark.parametrize("sent", ['"2"', '"0"', '"x"', '""', '"٣"', '"' + "9" * 400 + '"', '"-1"'])
def test_nothing_else_does(program, base, sent):
    header = {"If-Match": sent.encode().decode("latin-1")}
    assert program.put(f"{base}/1", json={"script": "Mine"}, headers=header).status_code == 409


def test_of_those_who_started_from_one_version_only_the_first_is_heard(app, api, eve, job, base):
    programs = [api(eve) for _ in range(8)]
    start = threading.Barrier(len(programs))
    statuses = []

    def ask(number):
        start.wait()
        answer = programs[number].put(f"{base}/1", json={"title": f"From {number}"}, headers={"If-Match": '"1"'})
        statuses.append(answer.status_code)

    db.session.rollback()
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(programs))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(statuses) == [200] + 7 * [409]
    assert numbers_of(board(job)[0]) == [2, 1]


def test_locking_and_words_are_changed_together_or_not_at_all(program, job, base):
    assert program.put(f"{base}/1", json={"locked": True}).json["data"]["locked"] is True
    answer = program.put(f"{base}/1", json={"locked": False, "assets": ["none"]})
    assert answer.status_code == 422
    assert board(job)[0].locked is True
    assert program.put(f"{base}/1", json={"locked": False, "title": "Open"}).json["data"]["locked"] is False


def test_a_scene_is_inserted_as_it_is_said(program, job, base):
    asset = factories.asset(job.client)
    given = {
        "title": "A pour", "beat": "proof", "description": "Ice, then coffee.", "script": "Poured.", "onScreen": "Cold",
        "shotType": "close-up", "cameraMove": "orbit", "transition": "fade", "duration": 2.5, "assets": [asset.id],
        "metadata": {"shot": 7}, "locked": True,
    }  # fmt: skip
    answer = program.post(base, json=given | {"afterSceneId": board(job)[0].id})
    assert answer.status_code == 201
    said = answer.json["data"]
    assert {name: said[name] for name in given} == given
    assert said["sceneNumber"] == 2
    assert said["isRegenerating"] is False
    assert program.get(answer.headers["Location"]).json["data"]["id"] == said["id"]
    assert [each.position for each in board(job)] == [1, 2, 3, 4]
    assert numbers_of(board(job)[1]) == [1]


def test_a_blank_scene_comes_last_and_no_writer_is_asked(program, job, base):
    with transaction():
        job.duration_ms = 11_000
    for body in ({}, {"description": "A cup"}):
        said = program.post(base, json=body).json["data"]
        assert said["sceneNumber"] == len(board(job))
        assert (said["description"], said["script"]) == (body.get("description"), None)
        assert said["isRegenerating"] is False
    assert said["duration"] >= 1


def test_what_cannot_be_inserted(program, job, base):
    assert program.post(base, json={"afterSceneId": "none"}).json["meta"]["fields"].keys() == {"afterSceneId"}
    assert program.post(base, json={"write": True}).json["meta"]["fields"].keys() == {"description"}
    for number in range(4, scenes.SCENES_MAX + 1):
        factories.scene(job, number)
    assert program.post(base, json={}).status_code == 409
    assert program.post(f"{base}/1/duplicate").status_code == 409


def test_a_post_that_is_repeated_inserts_once(program, job, base):
    key = {"Idempotency-Key": "one"}
    first, again = (program.post(base, json={"title": "Once"}, headers=key) for _ in range(2))
    assert first.json["data"]["id"] == again.json["data"]["id"]
    assert len(board(job)) == 4


def test_scenes_are_copied_deleted_and_brought_back(program, job, base):
    copy = program.post(f"{base}/1/duplicate")
    assert copy.status_code == 201
    assert (copy.json["data"]["sceneNumber"], copy.json["data"]["title"]) == (2, "Scene 1")
    gone = copy.json["data"]["id"]
    assert program.delete(f"{base}/{gone}").status_code == 200
    assert program.get(f"{base}/{gone}").status_code == 404
    assert [each.position for each in board(job)] == [1, 2, 3]
    assert program.post(f"{base}/{gone}/restore").json["data"]["sceneNumber"] == 2
    assert len(board(job)) == 4
    assert program.post(f"{base}/{gone}/restore").status_code == 404
    assert program.post(f"{base}/2/restore").status_code == 404


def test_the_last_scene_stays(program, job, base):
    for _ in range(2):
        assert program.delete(f"{base}/1").status_code == 200
    answer = program.delete(f"{base}/1")
    assert answer.status_code == 409
    assert "at least one scene" in answer.json["error"]
    assert len(board(job)) == 1


def test_scenes_are_put_in_another_order(program, job, base):
    ids = [each.id for each in board(job)]
    answer = program.put(f"{base}/order", json={"sceneIds": ids[::-1]})
    assert answer.status_code == 200
    found = answer.json["data"]["scenes"]
    assert [(each["sceneNumber"], each["id"]) for each in found] == list(enumerate(ids[::-1], 1))


def test_an_order_names_every_scene_once(program, eve, job, base):
    one, two, three = (each.id for each in board(job))
    foreign = factories.scene(factories.job(job.client), 1).id
    wrong = {
        "sceneIds.1": [one, foreign, three], "sceneIds.2": [one, two, one], "sceneIds.3": [one, two, three, "none"],
        "sceneIds": None,
    }  # fmt: skip
    for field, ids in wrong.items():
        answer = program.put(f"{base}/order", json={"sceneIds": ids})
        assert answer.status_code == 422
        assert list(answer.json["meta"]["fields"]) == [field]
    assert [each.id for each in board(job)] == [one, two, three]


def test_an_order_of_other_scenes_than_there_are_by_now_is_told_those(program, eve, job, base):
    one, two, three = (each.id for each in board(job))
    added = program.post(f"{base}", json={"description": "Steam."}).json["data"]["id"]
    program.delete(f"{base}/{two}")
    for ids in ([], [three, one], [three, two, one], [added, three, two, one]):
        answer = program.put(f"{base}/order", json={"sceneIds": ids})
        assert (answer.status_code, answer.json["meta"]["code"]) == (409, "conflict"), answer.json
        assert answer.json["meta"]["current"] == program.get(base).json["data"]
    assert [each["id"] for each in answer.json["meta"]["current"]["scenes"]] == [one, three, added]
    again = [each["id"] for each in answer.json["meta"]["current"]["scenes"]][::-1]
    assert program.put(f"{base}/order", json={"sceneIds": again}).status_code == 200


def test_a_frozen_storyboard_answers_409_to_every_change(program, job, base):
    ids = [each.id for each in board(job)]
    factories.asset(job.client)
    with transaction():
        job.approval = Approval.APPROVED
    before = [(each.version, each.locked, each.revision) for each in board(job)]
    for method, path, body in (
        ("PUT", "/1", {"script": "x"}),
        ("PUT", "/1", {"locked": True}),
        ("PUT", "/1", {}),
        ("POST", "", {}),
        ("DELETE", "/1", None),
        ("POST", "/1/regenerate", {}),
        ("PUT", "/order", {"sceneIds": ids[::-1]}),
        ("POST", "/1/duplicate", None),
        ("POST", "/1/takes/1/use", {}),
        ("POST", "/1/takes/1/dismiss", None),
        ("POST", "/1/fit", None),
        ("POST", "/1/trade", {"seconds": 0.5}),
        ("POST", "/../fit", None),
    ):
        answer = program.open(method, f"{base}{path}".replace("/scenes/..", ""), json=body)
        assert answer.status_code == 409, (method, path)
        assert "frozen" in answer.json["error"]
    assert [(each.version, each.locked, each.revision) for each in board(job)] == before


def test_reviewers_look_and_strangers_do_not(api, ben, base):
    reader, stranger = api(ben), api(None)
    for path in ("", "/1", "/1/takes", "/1/takes/1"):
        assert reader.get(base + path).status_code == 200
        assert stranger.get(base + path).status_code == 401
    for method, path in (("PUT", "/1"), ("POST", ""), ("DELETE", "/1"), ("POST", "/1/regenerate"), ("PUT", "/order")):
        assert reader.open(method, base + path, json={}).status_code == 403
        assert stranger.open(method, base + path, json={}).status_code == 401


def test_the_picture_is_sent_in_three_sizes_and_kept_where_its_address_names_it(program, job, base):
    assert program.get(f"{base}/1/frame").status_code == 404
    with transaction():
        frame_store.refresh(job, board(job)[:1])
    frame_store.draw_missing(job.id)
    db.session.expire_all()
    url = program.get(f"{base}/1").json["data"]["frameUrl"]
    named, bare = program.get(url), program.get(f"{base}/1/frame")
    assert named.mimetype == "image/webp"
    assert named.data[8:12] == b"WEBP"
    assert "immutable" in named.headers["Cache-Control"]
    assert bare.headers["Cache-Control"] == "private, no-cache"
    small, plain = (program.get(f"{base}/1/frame?variant={each}") for each in ("thumbnail", "plain"))
    assert len(small.data) < len(plain.data)
    assert program.get(f"{base}/1/frame?variant=huge").status_code == 422
    tag = {"If-None-Match": named.headers["ETag"]}
    assert program.get(url, headers=tag).status_code == 304
    assert program.get(url, headers={"Range": "bytes=0-3"}).data == b"RIFF"
    assert program.get(url, headers={"Range": "bytes=99999999-"}).status_code == 416
    head = program.head(url)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(named.data)))


def test_a_scene_is_written_anew_and_shown_at_once(app, program, job, base):
    with steps_of_the_worker(app):
        answer = program.post(f"{base}/2/regenerate", json={"feedback": "Closer"})
    assert answer.status_code == 200, answer.json
    assert answer.json["data"]["message"] == "Scene 2 shows take 2."
    scene = answer.json["data"]["scene"]
    assert (scene["isRegenerating"], scene["candidates"], scene["version"]) == (False, [], 2)
    assert scene["shotType"] in ("close-up", "extreme-close-up")
    one, two, three = board(job)
    assert numbers_of(two) == [2, 1]
    assert (one.version, three.version) == (1, 1)
    assert two.take.feedback == "Closer"


def test_not_selected_it_waits_beside_the_present_take(app, program, job, base):
    with steps_of_the_worker(app):
        answer = program.post(f"{base}/2/regenerate", json={"select": False, "constraints": {"duration": 2.0}})
    assert answer.status_code == 200
    scene = answer.json["data"]["scene"]
    assert answer.json["data"]["message"] == "Take 2 of scene 2 waits to be used."
    assert (scene["candidates"], scene["version"], scene["duration"]) == ([2], 1, 3.0)
    assert program.get(f"{base}/2/takes/2").json["data"]["duration"] == 2.0


def test_constraints_are_kept_and_their_assets_known(app, program, job, base):
    asset = factories.asset(job.client)
    body = {"constraints": {"duration": 4, "style": "noir", "mustIncludeAssets": [asset.id]}}
    with steps_of_the_worker(app):
        answer = program.post(f"{base}/1/regenerate", json=body)
    scene = answer.json["data"]["scene"]
    assert (scene["duration"], scene["assets"]) == (4.0, [asset.id])
    assert board(job)[0].take.feedback == "Style: noir."
    body["constraints"]["mustIncludeAssets"] = [asset.id, "none"]
    answer = program.post(f"{base}/1/regenerate", json=body)
    assert answer.json["meta"]["fields"].keys() == {"constraints.mustIncludeAssets.1"}


def test_whoever_does_not_wait_is_told_at_once_and_can_stop_it(program, job, base):
    began = time.monotonic()
    answer = program.post(f"{base}/1/regenerate", headers=ASYNC)
    assert answer.status_code == 202
    assert time.monotonic() - began < 5
    assert answer.json["data"]["scene"]["isRegenerating"] is True
    assert program.post(f"{base}/1/regenerate", json={}, headers=ASYNC).status_code == 409
    assert program.post(f"{base}/1/regenerate/stop").json["data"]["isRegenerating"] is False
    assert program.post(f"{base}/1/regenerate/stop").status_code == 409


def test_a_wait_that_runs_out_answers_202(program, base):
    answer = program.post(f"{base}/1/regenerate", json={}, headers={"Prefer": "wait=1"})
    assert answer.status_code == 202


def test_a_writer_that_fails_says_why_and_leaves_the_scene(app, settings, program, job, base):
    with FakeProvider() as provider:
        wire = OpenAIWire()
        provider.script = [wire.refusal("No.")]
        app.extensions["settings"] = replace(
            settings, ai_provider="openai", ai_model="m", openai_api_key=KEY, openai_base_url=provider.url + "/v1"
        )
        with steps_of_the_worker(app):
            answer = program.post(f"{base}/1/regenerate", json={})
    assert answer.status_code == 502, answer.json
    scene = board(job)[0]
    assert answer.json["error"] == scene.error
    assert scene.version == 1
    assert program.get(f"{base}/1").json["data"]["error"] == scene.error


def test_the_real_worker_fills_in_and_writes_anew(settings, program, job, base):
    with working(settings):
        until(worker.alive)
        answer = program.post(base, json={"description": "A bicycle in the rain", "write": True})
        assert answer.status_code == 201
        made = answer.json["data"]
        assert made["script"]
        answer = program.post(f"{base}/{made['id']}/regenerate", json={"feedback": "closer"})
        assert answer.status_code == 200
        assert answer.json["data"]["scene"]["version"] == made["version"] + 1
