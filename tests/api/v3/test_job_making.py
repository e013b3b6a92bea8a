"""POST /api/v3/jobs: what is heard, what is refused, what is waited for, and what happens when it is sent again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.api.v3.briefs import PASSED_ON, brief, now, until, working
from tests.services.harbour import Server, read_request
from tests.services.media_files import saved, scenery
from tests.services.writers.provider_server import KEY, FakeProvider, OpenAIWire
from webapp.extensions import db, transaction
from webapp.models import Asset, Job, JobAsset, JobStatus, KeptAnswer, User
from webapp.services import archive, idempotency

ASYNC = {"Prefer": "respond-async"}


@pytest.fixture
def fjell(app):
    return factories.client()


def rows():
    """Count what a request could have left behind."""
    return now(lambda: [db.session.scalar(select(func.count()).select_from(each)) for each in (Job, Asset, JobAsset)])


# what is heard


def test_a_whole_number_may_be_written_with_a_zero(api, eve, fjell):
    """5.0 is an integer by JSON Schema, which the document speaks; 5.5 is none, and no text is a number."""
    answer = api(eve).post("/jobs", json=brief(fjell, advanced={"numScenes": 5.0}), headers=ASYNC)
    assert answer.status_code == 202, answer.data
    assert answer.json["data"]["advanced"]["numScenes"] == 5
    for wrong in (5.5, "5", True, 1e300):
        refused = api(eve).post("/jobs", json=brief(fjell, advanced={"numScenes": wrong}), headers=ASYNC)
        assert refused.status_code == 422, (wrong, refused.data)
        assert list(refused.json["meta"]["fields"]) == ["advanced.numScenes"]


NULLS = {
    "title": None,
    "context__campaignId": None,
    "context__userId": None,
    "creative__direction": {"style": "Warm", "tone": None, "visualElements": None, "musicStyle": None},
}
"""What an old client writes for what it does not say."""


@pytest.mark.parametrize(
    "more",
    [
        {"creative__videoSpecs": None, "creative__assets": None, "advanced": None},
        {
            "creative__videoSpecs": {"duration": None, "format": None, "resolution": None},
            "advanced": {"numScenes": None, "language": None, "modelPreferences": None},
        },
    ],
    ids=["objects", "fields"],
)
def test_null_is_the_same_as_nothing_said(api, eve, fjell, more):
    nothing_said = {"creative__videoSpecs": ..., "creative__assets": ..., "advanced": ...}
    program, nulls, nothing = api(eve), brief(fjell, **NULLS, **more), brief(fjell, **nothing_said)
    heard = [program.post("/jobs", json=each, headers=ASYNC) for each in (nulls, nothing)]
    assert [each.status_code for each in heard] == [202, 202], heard[0].data
    for name in ("context", "adBasics", "creative", "advanced", "assets"):
        assert heard[0].json["data"][name] == heard[1].json["data"][name]
    prices = [program.post("/jobs/dry-run", json=each).json["data"]["estimatedCost"] for each in (nulls, nothing)]
    assert prices[0] == prices[1]


def test_all_of_a_body_is_said_again(api, eve, fjell):
    campaign, bottle = factories.campaign(fjell), factories.asset(fjell)
    body = brief(
        fjell,
        {"assetId": bottle.id, "role": "product_shot"},
        title="Cold and early",
        context__campaignId=campaign.id,
        context__userId="old client, user 7",
        creative__videoSpecs={"duration": 22.5, "format": "9:16", "resolution": "1080p"},
        creative__direction={
            "style": "Warm, documentary", "tone": "Dry", "visualElements": ["Light, low", "Steam"], "musicStyle": "None"
        },
        advanced={"numScenes": 5, "language": "de", "modelPreferences": ["large", "slow"]},
    )  # fmt: skip
    answer = api(eve).post("/jobs", json=body, headers=ASYNC)
    assert answer.status_code == 202, answer.data
    said = answer.json["data"]
    for name in ("title", "context", "adBasics", "advanced"):
        assert said[name] == body[name]
    assert said["creative"]["videoSpecs"] == body["creative"]["videoSpecs"]
    assert said["creative"]["direction"] == body["creative"]["direction"]
    shown = {"assetId": bottle.id, "url": None, "type": "image", "name": "bottle.png", "role": "product_shot"}
    assert said["creative"]["assets"] == [shown]
    assert said["assetIds"] == [each["id"] for each in said["assets"]] == [bottle.id]
    assert api(eve).get(answer.headers["Location"]).json["data"] == said | {"status": "pending"}


def test_only_what_has_to_be_said_is_required_and_the_rest_has_defaults(api, eve, fjell):
    body = brief(fjell, creative={"direction": {"style": "Warm"}}, advanced=...)
    said = api(eve).post("/jobs", json=body, headers=ASYNC).json["data"]
    assert said["creative"]["videoSpecs"] == {"duration": 30.0, "format": "16:9", "resolution": None}
    assert said["creative"]["direction"] == {"style": "Warm", "tone": None, "visualElements": [], "musicStyle": None}
    assert said["advanced"] == {"numScenes": None, "language": "en", "modelPreferences": []}
    assert said["context"] == {"clientId": fjell.id, "campaignId": None, "userId": None}


LONG = "x" * 1001
WRONG = [
    ({"context__clientId": ...}, "context.clientId"),
    ({"context__clientId": "nobody"}, "context.clientId"),
    ({"context__clientId": "x" * 40}, "context.clientId"),
    ({"context__campaignId": "nothing"}, "context.campaignId"),
    ({"adBasics__product": ...}, "adBasics.product"),
    ({"adBasics__product": " \n "}, "adBasics.product"),
    ({"adBasics__product": LONG}, "adBasics.product"),
    ({"adBasics__targetAudience": None}, "adBasics.targetAudience"),
    ({"adBasics__keyMessage": 7}, "adBasics.keyMessage"),
    ({"adBasics__callToAction": "x" * 301}, "adBasics.callToAction"),
    ({"adBasics__price": "1"}, "adBasics.price"),
    ({"creative__direction__style": ...}, "creative.direction.style"),
    ({"creative__direction__style": ""}, "creative.direction.style"),
    ({"creative__direction": ...}, "creative.direction"),
    ({"creative__direction__visualElements": "waves"}, "creative.direction.visualElements"),
    ({"creative__direction__visualElements": ["x"] * 21}, "creative.direction.visualElements"),
    ({"creative__videoSpecs__duration": 4.9}, "creative.videoSpecs.duration"),
    ({"creative__videoSpecs__duration": 181}, "creative.videoSpecs.duration"),
    ({"creative__videoSpecs__duration": "15"}, "creative.videoSpecs.duration"),
    ({"creative__videoSpecs__format": "21:9"}, "creative.videoSpecs.format"),
    ({"creative__assets": [{"assetId": "nothing"}]}, "creative.assets.0.assetId"),
    ({"creative__assets": [{}]}, "creative.assets.0"),
    ({"creative__assets": [{"url": "https://a.example", "assetId": "x"}]}, "creative.assets.0"),
    ({"creative__assets": [{"url": ""}]}, "creative.assets.0.url"),
    ({"creative__assets": [{"url": "https://a.example", "role": "hero"}]}, "creative.assets.0.role"),
    ({"creative__assets": [{"url": "https://a.example", "type": "hologram"}]}, "creative.assets.0.type"),
    ({"creative__assets": [{"url": f"https://a.example/{n}"} for n in range(101)]}, "creative.assets"),
    ({"advanced__numScenes": 2}, "advanced.numScenes"),
    ({"advanced__numScenes": 8}, "advanced.numScenes"),
    ({"advanced__numScenes": 7, "creative__videoSpecs__duration": 5}, "advanced.numScenes"),
    ({"advanced__numScenes": 3.5}, "advanced.numScenes"),
    ({"advanced__language": "tlh"}, "advanced.language"),
    ({"advanced__seed": 1}, "advanced.seed"),
    ({"title": "x" * 161}, "title"),
    ({"colour": "red"}, "colour"),
]


@pytest.mark.parametrize("path", ["/jobs", "/jobs/dry-run"])
def test_what_is_wrong_is_named_by_its_path_and_leaves_nothing_behind(api, eve, fjell, path):
    program, links = api(eve), {"creative__assets": [{"url": "https://a.example/1.png"}]}
    for changes, field in WRONG:
        answer = program.post(path, json=brief(fjell, **(links | changes)), headers=ASYNC)
        assert (answer.status_code, list(answer.json["meta"]["fields"])) == (422, [field]), (changes, answer.data)
        assert answer.json["meta"]["code"] == "validation_failed"
    assert rows() == [0, 0, 0]


def test_assets_and_campaigns_of_other_clients_are_unknown_and_good_links_beside_them_are_not_kept(api, eve, fjell):
    other = factories.client("Other")
    theirs, mine = factories.asset(other), factories.asset(fjell)
    body = brief(fjell, {"url": "https://a.example/1.png"}, {"assetId": theirs.id}, {"assetId": mine.id})
    answer = api(eve).post("/jobs", json=body)
    assert (answer.status_code, list(answer.json["meta"]["fields"])) == (422, ["creative.assets.1.assetId"])
    answer = api(eve).post("/jobs", json=brief(fjell, context__campaignId=factories.campaign(other).id))
    assert (answer.status_code, list(answer.json["meta"]["fields"])) == (422, ["context.campaignId"])
    assert rows() == [0, 2, 0]


def test_an_archived_client_gets_no_new_jobs(api, eve):
    from webapp.services import clients

    put_away = factories.client()
    clients.archive(put_away)
    answer = api(eve).post("/jobs", json=brief(put_away))
    assert list(answer.json["meta"]["fields"]) == ["context.clientId"]


@pytest.mark.parametrize("path", ["/jobs", "/jobs/dry-run"])
def test_of_client_and_campaign_only_the_one_that_is_wrong_is_named(api, eve, fjell, path):
    known, unknown, theirs = factories.campaign(fjell).id, "nowhere", factories.campaign(factories.client("Other")).id
    wrong = {
        ("nowhere", known): {"context.clientId"},
        ("nowhere", unknown): {"context.clientId", "context.campaignId"},
        (fjell.id, unknown): {"context.campaignId"},
        (fjell.id, theirs): {"context.campaignId"},
    }
    for (client, campaign), fields in wrong.items():
        answer = api(eve).post(path, json=brief(client, context__campaignId=campaign))
        assert (answer.status_code, set(answer.json["meta"]["fields"])) == (422, fields)


def test_links_become_assets_in_their_order_with_names_and_roles(api, eve, fjell):
    known = factories.asset(fjell, "Our own name", source_url="https://a.example/known.png")
    body = brief(
        fjell,
        {"url": "https://a.example/1.png", "name": "The bottle", "role": "product_shot", "type": "image"},
        {"assetId": known.id, "role": "subject"},
        {"url": "https://a.example/2.mp4"},
        {"url": "https://a.example/known.png", "name": "Another name"},
        {"url": " see <https://A.example/1.png#top> ", "role": "background"},
    )
    said = api(eve).post("/jobs", json=body, headers=ASYNC).json["data"]
    assert [(each["url"], each["name"], each["role"]) for each in said["creative"]["assets"]] == [
        ("https://a.example/1.png", "The bottle", "product_shot"),
        ("https://a.example/known.png", "Our own name", "subject"),
        ("https://a.example/2.mp4", "2.mp4", None),
    ]
    assert [each["status"] for each in said["assets"]] == ["waiting", "ready", "waiting"]
    assert db.session.get(Asset, said["assetIds"][0]).declared_kind == "image"


@pytest.mark.parametrize(
    "url",
    ["no link at all", "ftp://a.example/x", "http://127.0.0.1/x", "https://", "x\ny\u0000z", "https://" + "y" * 9000],
)
def test_a_bad_link_is_an_asset_with_its_error_and_not_the_jobs_failure(api, eve, fjell, url):
    body = brief(fjell, {"url": "https://a.example/1.png"}, {"url": url, "name": "Bad"})
    answer = api(eve).post("/jobs", json=body, headers=ASYNC)
    assert answer.status_code == 202, answer.data
    good, bad = answer.json["data"]["assets"]
    assert (bad["status"], bad["name"], good["status"]) == ("refused", "Bad", "waiting")
    assert bad["error"]


# what is waited for


@pytest.fixture
def host():
    """A web server with one picture; everything else is missing."""

    def serve(connection):
        found = b"/bottle.png" in read_request(connection).split(b"\r\n")[0]
        status, body = (b"200 OK", saved(scenery(64, 48), "PNG")) if found else (b"404 Not Found", b"")
        head = b"HTTP/1.1 %s\r\nContent-Type: image/png\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        connection.sendall(head % (status, len(body)) + body)

    with Server(serve) as server:
        yield server


def test_by_default_the_answer_has_the_scenes_and_links_that_failed_stand_beside_them(
    app, settings, api, eve, fjell, host
):
    allowed = {"fetch_allow": "127.0.0.0/8", "fetch_ports": f"80,443,{host.port}"}
    app.extensions["settings"] = replace(settings, **allowed)
    place = f"http://127.0.0.1:{host.port}"
    body = brief(fjell, {"url": f"{place}/bottle.png"}, {"url": f"{place}/missing.png"}, {"url": "nonsense"})
    with working(settings, **{name.upper(): value for name, value in allowed.items()}):
        answer = api(eve).post("/jobs", json=body)
    assert answer.status_code == 201, answer.data
    assert "Preference-Applied" not in answer.headers
    said = answer.json["data"]
    assert answer.headers["Location"] == f"/api/v3/jobs/{said['id']}"
    assert (said["status"], said["progress"]["stage"], said["progress"]["percent"]) == (
        "storyboard_ready",
        "ready",
        100,
    )
    assert [each["sceneNumber"] for each in said["scenes"]] == [1, 2, 3]
    assert sum(each["duration"] for each in said["scenes"]) == 15
    assert [each["status"] for each in said["assets"]] == ["ready", "refused", "refused"]
    assert all(each["error"] for each in said["assets"][1:])
    assert any(said["assetIds"][0] in each["assets"] for each in said["scenes"])
    old = [
        {"image_url": each["frameUrl"], "description": each["description"], "scene_idx": number}
        for number, each in enumerate(said["scenes"])
    ]
    assert said["storyboard"] == {"scenes": old}
    assert all(each["image_url"] for each in old)
    assert api(eve).get(old[0]["image_url"]).status_code == 200
    assert api(eve).get(answer.headers["Location"]).json["data"] == said


def test_who_prefers_not_to_wait_is_answered_at_once(api, eve, fjell):
    begun = time.monotonic()
    answer = api(eve).post("/jobs", json=brief(fjell), headers=ASYNC)
    assert time.monotonic() - begun < 1
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "respond-async")
    said = answer.json["data"]
    assert (said["status"], said["scenes"], said["storyboard"]) == ("storyboard_processing", [], {"scenes": []})


def test_when_the_wait_runs_out_the_answer_is_202(api, eve, fjell):
    begun = time.monotonic()
    answer = api(eve).post("/jobs", json=brief(fjell), headers={"Prefer": "wait=1"})
    assert 0.9 < time.monotonic() - begun < 3
    assert (answer.status_code, answer.json["data"]["status"]) == (202, "storyboard_processing")


def test_a_writer_that_fails_meanwhile_is_told_with_the_job(app, settings, api, eve, fjell):
    with FakeProvider() as provider:
        provider.script = [OpenAIWire().error(401)]
        model = {"ai_provider": "openai", "openai_api_key": KEY, "openai_base_url": provider.url + "/v1"}
        app.extensions["settings"] = replace(settings, **model)
        with working(settings, **{name.upper(): value for name, value in model.items()}):
            answer = api(eve).post("/jobs", json=brief(fjell))
    assert answer.status_code == 201, answer.data
    said = answer.json["data"]
    assert (said["status"], said["progress"]["stage"]) == ("failed", "failed")
    assert said["error"]
    assert said["hint"]
    assert KEY not in answer.text


def test_a_job_that_is_deleted_while_it_is_waited_for_is_gone(app, api, eve, fjell):
    def delete():
        with app.app_context():
            until(lambda: db.session.scalar(select(Job.id)))
            job = db.session.scalar(select(Job))
            assert not archive.delete(db.session.get(User, job.user_id), job)
            db.session.remove()

    program, body = api(eve), brief(fjell)
    thread = threading.Thread(target=delete)
    thread.start()
    answer = program.post("/jobs", json=body, headers={"Prefer": "wait=20"})
    thread.join()
    assert answer.status_code == 404


# sent again


def test_the_same_request_twice_is_one_job_and_one_answer(api, eve, fjell):
    program, body = api(eve), brief(fjell, {"url": "https://a.example/1.png"})
    first, second = (program.post("/jobs", json=body, headers={**ASYNC, "Idempotency-Key": "k"}) for _ in range(2))
    assert first.data == second.data
    assert (first.status_code, second.status_code) == (202, 202)
    assert rows() == [1, 1, 1]
    assert program.post("/jobs", json=body, headers=ASYNC).json["data"]["id"] != first.json["data"]["id"]


def test_a_repeated_answer_has_the_headers_of_the_first(api, eve, fjell):
    program, job = api(eve), factories.job(fjell)
    asked = {"/jobs": brief(fjell), f"/jobs/{job.id}/scenes": {"description": "Steam."}}
    wanted = {"/jobs": {"Location", "Preference-Applied"}, f"/jobs/{job.id}/scenes": {"Location", "ETag"}}
    for path, body in asked.items():
        headers = ASYNC | {"Idempotency-Key": path}
        first, again = (program.post(path, json=body, headers=headers) for _ in range(2))
        said = [{name: each.headers[name] for name in wanted[path] if name in each.headers} for each in (first, again)]
        assert set(said[0]) == wanted[path]
        assert said[1] == said[0]
        assert (again.headers["Idempotency-Replayed"], again.data) == ("true", first.data)


def test_its_twin_at_the_same_moment_makes_no_second_job(app, api, eve, fjell):
    program, body, answers = api(eve), brief(fjell), []
    start = threading.Barrier(4)

    def send():
        start.wait()
        headers = {"Prefer": "wait=1", "Idempotency-Key": "k"}
        answers.append(program.post("/jobs", json=body, headers=headers).status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [202, 409, 409, 409]
    assert rows()[0] == 1


CLIENT = """
import sys
from webapp import create_app
from webapp.config import load
app = create_app(load({"SLATE_DATA": sys.argv[1], "WRITING_PACE": "0"}))
headers = {"Authorization": "Bearer " + sys.argv[2], "Idempotency-Key": "k", "Content-Type": "application/json"}
app.test_client().post("/api/v3/jobs", data=sys.argv[3], headers=headers)
"""


def test_killed_between_the_job_and_its_answer_it_is_the_same_job_when_sent_again(settings, api, eve, fjell):
    import json

    program, body = api(eve), brief(fjell, {"url": "https://a.example/1.png"})
    text = json.dumps(body)
    env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    child = subprocess.Popen([sys.executable, "-c", CLIENT, str(settings.data), program.key, text], env=env)
    until(lambda: db.session.scalar(select(func.count()).select_from(Job)))
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    made = now(lambda: db.session.scalar(select(Job.id)))
    headers = {**ASYNC, "Idempotency-Key": "k", "Content-Type": "application/json"}
    assert program.post("/jobs", data=text, headers=headers).status_code == 409, "it may still be at work"
    with transaction():
        db.session.scalar(select(KeptAnswer)).created_at -= idempotency.LONGEST_WORK + timedelta(seconds=1)
    answer = program.post("/jobs", data=text, headers=headers)
    assert (answer.status_code, answer.json["data"]["id"]) == (202, made)
    assert rows() == [1, 1, 1]


def test_a_day_later_the_same_key_and_body_are_a_new_job(api, eve, fjell):
    program, body = api(eve), brief(fjell)
    first = program.post("/jobs", json=body, headers={**ASYNC, "Idempotency-Key": "k"})
    with transaction():
        db.session.scalar(select(KeptAnswer)).created_at -= idempotency.KEPT + timedelta(seconds=1)
    second = program.post("/jobs", json=body, headers={**ASYNC, "Idempotency-Key": "k"})
    assert first.json["data"]["id"] != second.json["data"]["id"]
    assert {each.status for each in db.session.scalars(select(Job))} == {JobStatus.PENDING}
