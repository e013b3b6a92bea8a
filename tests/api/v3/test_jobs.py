"""/api/v3/jobs: read, list, change, delete; never a stale word, never a query for each row."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import func, select, update

from tests import factories
from tests.api.v3.briefs import brief, now
from tests.house.test_queries import counted
from webapp.extensions import db, transaction
from webapp.models import (
    Approval,
    Asset,
    AssetStatus,
    Campaign,
    Event,
    Frame,
    Job,
    JobAsset,
    JobStatus,
    Scene,
    Take,
    User,
)
from webapp.schemas.clients import ClientChange
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.jobs import JobChange
from webapp.schemas.scenes import NewScene, RedoRequest, SceneChange
from webapp.services import assets, campaigns, clients, decisions, dossiers, generations, jobs, scenes
from webapp.services.writers.base import Usage
from webapp.views.api import envelope
from webapp.views.api.v3.resources import jobs as resources


@pytest.fixture
def fjell(app):
    return factories.client()


@pytest.fixture
def board(fjell):
    """A storyboard of three scenes with an asset."""
    facts = {"attempt": 1, "actual_cost_micros": 1_250_000, "estimated_cost_micros": 2_000_000}
    job = factories.job(fjell, campaign_id=factories.campaign(fjell).id, **facts)
    for number in (1, 2, 3):
        factories.scene(job, number, title=f"Scene {number}")
    shelf, cleo = factories.campaign(fjell, "Shelf"), factories.person("Cleo Stern", "cleo@example.com")
    origin = {"source_url": "https://fjell.example/bottle.png", "campaign_id": shelf.id, "user_id": cleo.id}
    bottle = factories.asset(fjell, **origin)
    with transaction():
        db.session.add(JobAsset(job_id=job.id, asset_id=bottle.id, role="product_shot"))
    return job


def test_a_job_says_all_of_it(api, ben, board):
    said = api(ben).get(f"/jobs/{board.id}").json["data"]
    assert said["status"] == "storyboard_ready"
    assert said["progress"] == {
        "stage": "ready", "percent": 100, "message": "The storyboard is ready.", "currentStep": 3, "totalSteps": 3,
    }  # fmt: skip
    assert (said["estimatedCost"], said["actualCost"]) == (2.0, 1.25)
    assert said["cost"] == {"estimated": 2.0, "actual": 1.25, "currency": "USD"}
    assert [each["sceneNumber"] for each in said["scenes"]] == [1, 2, 3]
    first = {"image_url": None, "description": "The bottle turns into light.", "scene_idx": 0}
    assert said["storyboard"]["scenes"][0] == first
    assert said["assetIds"] == [said["assets"][0]["id"]]
    assert said["approval"]["state"] == "none"
    assert said["approval"]["hash"] == decisions.content_hash(jobs.scenes(board))
    assert (said["videoUrl"], said["error"], said["hint"]) == (None, None, None)
    assert said["createdAt"].endswith("Z")


def test_progress_counts_words_and_pictures(api, ben, board):
    with transaction():
        board.status, board.num_scenes, board.stage = JobStatus.STORYBOARD_PROCESSING, 4, "Writing scene 4 of 4"
    said = api(ben).get(f"/jobs/{board.id}").json["data"]["progress"]
    assert said == {
        "stage": "writing", "percent": 50, "message": "Writing scene 4 of 4", "currentStep": 3, "totalSteps": 4,
    }  # fmt: skip


def test_the_approval_names_what_changed_since(api, ada, board):
    decisions.decide(ada, board, DecisionDraft(kind="request_changes", reason="More steam"))
    program = api(ada)
    assert program.get(f"/jobs/{board.id}").json["data"]["approval"]["changedScenes"] == []
    second = jobs.scenes(board)[1]
    scenes.edit(ada, board, second, SceneChange(script="Another line."))
    said = program.get(f"/jobs/{board.id}").json["data"]["approval"]
    assert (said["state"], said["changedScenes"]) == ("changes_requested", [2])
    assert said["decisions"][0]["kind"] == "request_changes"
    assert said["decisions"][0]["contentHash"] != said["hash"]


def test_unknown_jobs_are_404(api, ada):
    program = api(ada)
    for method in ("GET", "PUT", "DELETE"):
        answer = program.open(method, "/jobs/nothing", json={} if method == "PUT" else None)
        assert (answer.status_code, answer.json["meta"]["code"]) == (404, "not_found")


# what is kept in the process is never stale


def first_scene(job):
    return jobs.scenes(job)[0]


def own_asset(job):
    return jobs.assets(job)[0].asset


def frame_arrives(_person, job):
    with transaction():
        frame = Frame(key="f" * 64, source="sketch", **dict.fromkeys(("board_blob_id", "plain_blob_id"), blob()))
        frame.thumbnail_blob_id = frame.board_blob_id
        db.session.add(frame)
        db.session.flush()
        scene = first_scene(job)
        scene.frame_key, scene.frame_id = frame.key, frame.id
        scene.revision = job.touch()


def blob():
    from webapp.models import Blob

    made = Blob(sha256="a" * 64, content_type="image/webp", size_bytes=1)
    db.session.add(made)
    db.session.flush()
    return made.id


def candidate_waits(_person, job):
    with transaction():
        scene = first_scene(job)
        db.session.add(Take(scene_id=scene.id, number=2, source="redo", duration_ms=3000, waiting=True))
        scene.revision = job.touch()


def asset_arrives(_person, job):
    with transaction():
        asset = own_asset(job)
        asset.status, asset.width = AssetStatus.READY, 640


def delete_person(person_id):
    with transaction():
        db.session.delete(db.session.get(User, person_id))


CHANGES = {
    "words": lambda who, job: scenes.edit(who, job, first_scene(job), SceneChange(script="Other words.")),
    "a lock": lambda who, job: scenes.lock(who, job, first_scene(job), locked=True),
    "a redo": lambda who, job: scenes.redo(who, job, first_scene(job), RedoRequest()),
    "a scene more": lambda who, job: scenes.add(who, job, NewScene()),
    "a scene less": lambda who, job: scenes.delete(who, job, first_scene(job)),
    "an order": lambda who, job: scenes.move(who, job, first_scene(job), 3),
    "a frame": frame_arrives,
    "a candidate": candidate_waits,
    "a decision": lambda who, job: decisions.decide(who, job, factories.decision(job, kind="approve")),
    "the brief": lambda who, job: jobs.change(who, job, JobChange(product="Tea")),
    "what is only kept": lambda who, job: jobs.change(who, job, JobChange(extra={"userId": "7"})),
    "the assets": lambda who, job: jobs.set_assets(who, job, {own_asset(job).id: "subject"}),
    "an asset's name": lambda _who, job: assets.change(own_asset(job), "Renamed", ["logo"]),
    "an asset's bytes": asset_arrives,
    "an asset gone": lambda _who, job: assets.delete(own_asset(job)),
    "a cost": lambda _who, job: generations.book(job.id, Usage(input_tokens=10, output_tokens=5, model="m"), "builtin"),
    "a campaign gone": lambda _who, job: campaigns.delete(job.campaign),
    "the campaign of an asset gone": lambda _who, job: campaigns.delete(
        db.session.get(Campaign, own_asset(job).campaign_id)
    ),
    "the maker of an asset gone": lambda _who, job: delete_person(own_asset(job).user_id),
    "a pace": lambda _who, job: clients.change(job.client, ClientChange(speaking_rates={"en": 60})),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_seen_at_once(api, ada, board, name):
    program = api(ada)

    def ask():
        return program.get(f"/jobs/{board.id}").json["data"], program.get("/jobs").json["data"][0]

    before = ask()
    assert before[0] == before[1]
    now(lambda: CHANGES[name](ada, board))
    said, listed = ask()
    fresh = now(lambda: orjson.loads(orjson.dumps(resources.job(ada, board), option=envelope.OPTIONS)))
    assert said == listed == fresh
    changed = {key for key in fresh if fresh[key] != before[0][key]}
    assert changed - {"updatedAt"} or name == "a cost"


def test_what_the_session_still_holds_is_not_said_under_a_newer_stamp(ada, board):
    held = jobs.change(ada, board, JobChange(product="Tea"))
    with db.engine.begin() as somebody_else:
        said = {"product": "Cocoa", "revision": Job.revision + 1}
        somebody_else.execute(update(Job).where(Job.id == held.id).values(said))
    stamp = dossiers.stamp(ada, held.id)
    dossier = dossiers.of([held.id])[held.id]
    assert (dossier.job.revision, dossier.job.product) == (stamp.revision, "Cocoa")


def test_what_is_unchanged_is_not_read_again(api, ada, board):
    program = api(ada)
    program.get(f"/jobs/{board.id}")
    with counted() as statements:
        assert program.get(f"/jobs/{board.id}").status_code == 200
    asked = [each for each in statements if each.startswith("SELECT")]
    assert len(asked) == 2, "who asks, and whether it changed"


# lists


def test_a_list_is_filtered_and_counted(api, ben, fjell):
    other, spring = factories.client("Harbour Tea"), factories.campaign(fjell)
    made = {
        "ready": factories.job(fjell, "Cold brew", campaign_id=spring.id),
        "failed": factories.job(fjell, "Failed", status=JobStatus.FAILED),
        "approved": factories.job(other, "Tea time", approval=Approval.APPROVED),
    }
    program = api(ben)
    for query, expected in {
        "": {"ready", "failed", "approved"},
        f"client_id={fjell.id}": {"ready", "failed"},
        f"campaign_id={spring.id}": {"ready"},
        "status=failed": {"failed"},
        "status=storyboard_ready": {"ready", "approved"},
        "approval=approved": {"approved"},
        "search=harbour": {"approved"},
        "search=time tea": {"approved"},
        "search=brew": {"ready", "failed", "approved"},
        f"client_id={other.id}&status=failed": set(),
        "client_id=nobody": set(),
    }.items():
        answer = program.get(f"/jobs?{query}")
        assert {each["id"] for each in answer.json["data"]} == {made[name].id for name in expected}, query
        assert answer.json["meta"]["total"] == len(expected)
    for query in ("status=done", "approval=maybe", "limit=0", "limit=1001", "offset=-1", "colour=red"):
        assert program.get(f"/jobs?{query}").status_code == 422


def test_pages_of_a_list_hold_every_job_once_the_newest_first(api, ben, fjell):
    made = [factories.job(fjell, f"Job {number}").id for number in range(5)]
    program, found = api(ben), []
    for offset in (0, 2, 4):
        answer = program.get(f"/jobs?limit=2&offset={offset}").json
        found += [each["id"] for each in answer["data"]]
        assert (answer["meta"]["total"], answer["meta"]["page"]) == (5, offset // 2 + 1)
    assert found == made[::-1]


def test_queries_do_not_grow_with_the_rows(api, ada, fjell):
    def grow():
        job = factories.job(fjell)
        factories.scene(job, 1)
        factories.scene(job, 2)
        for _ in range(2):
            asset = factories.asset(fjell)
            with transaction():
                db.session.add(JobAsset(job_id=job.id, asset_id=asset.id))
        decisions.decide(ada, job, factories.decision(job, kind="request_changes", reason="More"))

    program = api(ada)
    program.get("/jobs")
    counts = []
    for rows in (1, 6):
        for _ in range(rows):
            grow()
        db.session.remove()
        with counted() as statements:
            program.get("/jobs?limit=50")
        counts.append(len([each for each in statements if each.startswith("SELECT")]))
    # the second page finds one job of the first among those that are kept
    assert counts[0] == counts[1] <= 10


# changes


def test_a_change_touches_what_is_given_and_null_clears(api, eve, board):
    program = api(eve)
    path = f"/jobs/{board.id}"
    program.put(path, json={"creative": {"direction": {"tone": "Dry", "visualElements": ["Steam, low"]}}})
    before = program.get(path).json["data"]
    change = {
        "title": "New title",
        "context": {"userId": "7"},
        "adBasics": {"callToAction": "Taste it"},
        "creative": {"videoSpecs": {"duration": 20.5, "resolution": "4k"}, "direction": {"tone": None}},
        "advanced": {"modelPreferences": ["slow"]},
    }
    answer = program.put(path, json=change)
    assert answer.status_code == 200, answer.data
    said = answer.json["data"]
    assert (said["title"], said["context"]["userId"]) == ("New title", "7")
    assert said["adBasics"] == before["adBasics"] | {"callToAction": "Taste it"}
    assert said["creative"]["videoSpecs"] == {"duration": 20.5, "format": "16:9", "resolution": "4k"}
    expected = {"tone": None, "visualElements": ["Steam, low"]}
    assert said["creative"]["direction"] == before["creative"]["direction"] | expected
    assert said["advanced"]["modelPreferences"] == ["slow"]
    assert said["assetIds"] == before["assetIds"]
    cleared = {"creative": {"videoSpecs": {"resolution": None}, "direction": {"visualElements": None}}}
    said = program.put(path, json=cleared | {"advanced": {"modelPreferences": None}}).json["data"]
    assert (said["creative"]["videoSpecs"]["resolution"], said["context"]["userId"]) == (None, "7")
    assert (said["creative"]["direction"]["visualElements"], said["advanced"]["modelPreferences"]) == ([], [])
    assert program.put(path, json={}).json["data"] == said


def test_assets_are_replaced_as_a_whole(api, eve, board):
    program, other = api(eve), factories.asset(board.client, "cup.png")
    path, own = f"/jobs/{board.id}", own_asset(board).id
    wanted = [{"assetId": other.id, "role": "subject"}, {"assetId": own}, {"url": "not a link"}]
    said = program.put(path, json={"creative": {"assets": wanted}}).json["data"]
    assert {each["assetId"]: each["role"] for each in said["creative"]["assets"][:2]} == {
        own: None,
        other.id: "subject",
    }
    assert said["assets"][2]["status"] == "refused"
    assert program.put(path, json={"creative": {"assets": []}}).json["data"]["assetIds"] == []


def test_a_refused_change_changes_nothing(api, eve, board):
    program, path = api(eve), f"/jobs/{board.id}"
    before = program.get(path).json["data"]
    count = now(lambda: db.session.scalar(select(func.count()).select_from(Asset)))
    for change, field in (
        ({"title": None}, "title"),
        ({"adBasics": {"product": ""}}, "adBasics.product"),
        ({"context": {"clientId": "x"}}, "context.clientId"),
        ({"creative": {"videoSpecs": {"duration": 200}}}, "creative.videoSpecs.duration"),
        (
            {"title": "x", "creative": {"assets": [{"url": "https://a.example/1.png"}, {"assetId": "nothing"}]}},
            "creative.assets.1.assetId",
        ),
    ):
        answer = program.put(path, json=change)
        assert (answer.status_code, list(answer.json["meta"]["fields"])) == (422, [field])
    assert program.get(path).json["data"] == before
    assert now(lambda: db.session.scalar(select(func.count()).select_from(Asset))) == count


@pytest.mark.parametrize("change", [{"title": "x"}, {"creative": {"assets": [{"url": "https://a.example/1.png"}]}}, {}])
def test_a_frozen_storyboard_is_409(api, eve, board, change):
    with transaction():
        board.approval = Approval.APPROVED
    answer = api(eve).put(f"/jobs/{board.id}", json=change)
    assert (answer.status_code, answer.json["meta"]["code"]) == (409, "conflict")
    assert now(lambda: db.session.scalar(select(func.count()).select_from(Asset))) == 1


def test_length_and_format_wait_for_the_writer_and_assets_given_beside_them_too(api, eve, fjell):
    program = api(eve)
    said = program.post("/jobs", json=brief(fjell), headers={"Prefer": "respond-async"}).json["data"]
    links = [{"url": "https://a.example/1.png"}]
    change = {"creative": {"videoSpecs": {"format": "1:1"}, "assets": links}}
    assert program.put(f"/jobs/{said['id']}", json=change).status_code == 409
    assert now(lambda: db.session.scalar(select(func.count()).select_from(Asset))) == 0
    assert program.put(f"/jobs/{said['id']}", json={"title": "Fine"}).json["data"]["title"] == "Fine"


def test_deleting_takes_scenes_and_takes_along_and_leaves_the_clients_assets(api, eve, board):
    program, path = api(eve), f"/jobs/{board.id}"
    assert program.get(path).status_code == 200
    answer = program.delete(path)
    assert (answer.status_code, answer.json["data"]) == (200, None)
    for model, left in ((Job, 0), (Scene, 0), (Take, 0), (JobAsset, 0), (Event, 0), (Asset, 1)):
        assert now(lambda model=model: db.session.scalar(select(func.count()).select_from(model))) == left
    assert program.get(path).status_code == 404
    assert program.delete(path).status_code == 404


def test_reviewers_read_and_change_nothing(api, ben, board):
    program = api(ben)
    assert program.get(f"/jobs/{board.id}").status_code == 200
    assert program.post("/jobs", json=brief(board.client)).status_code == 403
    assert program.put(f"/jobs/{board.id}", json={"title": "x"}).status_code == 403
    assert program.delete(f"/jobs/{board.id}").status_code == 403


def test_texts_that_are_not_asked_for_go_first():
    from webapp.views.api.kept_texts import KeptTexts

    texts, made = KeptTexts(most_bytes=10), []

    def make(stamps):
        made.extend(stamps)
        return dict.fromkeys(stamps, b"xxxx")

    for wanted in (["a"], ["b"], ["a"], ["c"], ["a"], ["b"]):
        assert texts.all(wanted, make) == [b"xxxx"]
    assert made == ["a", "b", "c", "b"]
    assert texts.bytes <= 10
    assert texts.all(["huge", "gone"], lambda _: {"huge": b"y" * 50}) == [b"y" * 50]
    assert texts.bytes <= 10
