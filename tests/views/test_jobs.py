"""The new-storyboard form, the board and its changes, decisions: as pages and as fragments."""

from __future__ import annotations

import time

import pytest
from bs4 import BeautifulSoup

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Job, JobStatus
from webapp.services import decisions, jobs, scenes, takes

FRAGMENT = {"HX-Request": "true"}
BRIEF = {
    "product": "Fjell Cold Brew", "audience": "commuters", "key_message": "Ready before you are",
    "call_to_action": "Order at fjell.coffee",
    "seconds": "15", "ratio": "16:9", "language": "en", "num_scenes": "auto",
}  # fmt: skip


def soup(response):
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


@pytest.fixture
def client(app):
    return factories.client()


@pytest.fixture
def job(client):
    job = factories.job(client)
    for number in (1, 2, 3):
        factories.scene(job, number, title=f"Scene {number} title")
    return job


def test_the_form_without_a_client_teaches_the_first_step(ada, browse):
    page = soup(browse(ada).get("/jobs/new"))
    assert page.find("a", href="/clients/new")


def test_the_form_has_every_part_of_a_brief(ada, browse, client):
    page = soup(browse(ada).get(f"/jobs/new?client={client.id}"))
    names = {each.get("name") for each in page.select("#new-storyboard [name]")}
    assert names >= {
        "client_id", "campaign_id", "links", "product", "audience", "key_message", "call_to_action", "style", "tone",
        "visual_elements", "music_style", "language", "ratio", "seconds", "num_scenes",
    }  # fmt: skip


def test_asking_answers_at_once_with_the_board(ada, browse, client):
    browser = browse(ada)
    browser.post("/jobs", data=BRIEF | {"client_id": client.id})  # the first one loads what every other finds loaded
    begun = time.perf_counter()
    answer = browser.post("/jobs", data=BRIEF | {"client_id": client.id, "tone": ["Dry", "Warm"]})
    took = time.perf_counter() - begun
    assert answer.status_code == 303
    job = db.session.get(Job, answer.location.rsplit("/", 1)[-1])
    assert (job.status, job.tone, job.duration_ms) == (JobStatus.PENDING, "Dry, Warm", 15_000)
    assert took < 5, "far above the goal even on a busy machine; make bench measures the goal of 50 ms"


def test_a_double_click_makes_one_job(ada, browse, client):
    browser = browse(ada)
    key = soup(browser.get(f"/jobs/new?client={client.id}")).select_one("[name=key]")["value"]
    answers = [browser.post("/jobs", data=BRIEF | {"client_id": client.id, "key": key}) for _ in range(2)]
    assert {answer.location for answer in answers} == {f"/jobs/{key}"}
    assert db.session.query(Job).count() == 1


def test_links_left_in_the_field_are_taken_in(ada, browse, client):
    data = BRIEF | {"client_id": client.id, "links": "https://cdn.example.com/bottle.png"}
    answer = browse(ada).post("/jobs", data=data)
    job = db.session.get(Job, answer.location.rsplit("/", 1)[-1])
    assert [link.asset.source_url for link in jobs.assets(job)] == ["https://cdn.example.com/bottle.png"]


def test_who_decided_may_take_it_back_and_an_editor_too_but_no_other_reviewer(ada, ben, browse, job):
    decisions.decide(ada, job, factories.decision(job, kind="approve"))
    assert browse(ben).post(f"/jobs/{job.id}/decisions", data={"kind": "reopen"}).status_code == 403
    assert browse(ada).post(f"/jobs/{job.id}/decisions", data={"kind": "reopen"}).status_code == 303
    decisions.decide(ben, job, factories.decision(job, kind="approve"))
    assert browse(ben).post(f"/jobs/{job.id}/decisions", data={"kind": "reopen"}).status_code == 303


def test_errors_stand_beside_their_field_and_nothing_typed_is_lost(ada, browse, client):
    answer = browse(ada).post(
        "/jobs",
        data=BRIEF | {"client_id": client.id, "product": "", "audience": "night owls", "seconds": "3", "tone": ["Dry"]},
    )
    page = soup(answer)
    assert answer.status_code == 422
    assert page.find(id="f-product-error").get_text(strip=True) == "Please fill this in."
    assert "5 to 180 seconds" in page.find(id="f-seconds-error").get_text()
    assert page.find(id="f-audience")["value"] == "night owls"
    assert page.select_one('[name=tone][value="Dry"]').has_attr("checked")
    assert db.session.query(Job).count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("product", "x" * 1001), ("seconds", "181"), ("seconds", "soon"), ("seconds", "NaN"),
        ("ratio", "2:1"), ("language", "tlh"),
        ("num_scenes", "2"), ("num_scenes", "99"), ("num_scenes", "many"),
        ("client_id", "nobody"), ("campaign_id", "none-such"),
        ("asset_ids", "none-such"), ("visual_elements", "\n".join("abcdefghijklmnopqrstuvwxyz")),
    ],
)  # fmt: skip
def test_bad_input_is_a_sentence_and_never_a_500(ada, browse, client, field, value):
    answer = browse(ada).post("/jobs", data=BRIEF | {"client_id": client.id} | {field: value})
    assert answer.status_code == 422
    assert soup(answer).select(".error")
    assert "None" not in soup(answer).select_one(".error").get_text()


def test_the_estimate_follows_the_request(ada, browse, client):
    browser = browse(ada)
    short = browser.post("/jobs/estimate", data=BRIEF | {"client_id": client.id, "product": ""}, headers=FRAGMENT)
    long = browser.post("/jobs/estimate", data=BRIEF | {"client_id": client.id, "seconds": "60"}, headers=FRAGMENT)
    assert "3 scenes" in short.text
    assert "Free" in short.text
    assert "6 scenes" in long.text


def test_the_board_shows_brief_scenes_timeline_and_decisions(ada, browse, job):
    page = soup(browse(ada).get(f"/jobs/{job.id}"))
    assert [h1.get_text() for h1 in page.select("h1")] == ["Cold brew in one twist"]
    assert [card["id"] for card in page.select("#board > .scene")] == [
        f"scene-{scene.id}" for scene in jobs.scenes(job)
    ]
    assert "9.0 s" in page.select_one("#job-meter").get_text()
    assert "6.0 s unused" in page.select_one("#job-meter").get_text()
    assert len(page.select("#job-timeline li[data-grow]")) == 4
    assert page.select_one("#job-dock form, #job-dock a[href*=decisions]")


def test_nothing_changed_answers_204_and_a_change_only_what_changed(ada, browse, job):
    browser = browse(ada)
    assert browser.get(f"/jobs/{job.id}/changes?after={job.revision}").status_code == 204
    before = job.revision
    scene = jobs.scenes(job)[1]
    browser.patch(f"/jobs/{job.id}/scenes/{scene.id}", data={"script": "New words", "version": 1}, headers=FRAGMENT)
    answer = browser.get(f"/jobs/{job.id}/changes?after={before}", headers=FRAGMENT)
    targets = [part["hx-target"] for part in soup(answer).select("hx-partial")]
    assert f"#scene-{scene.id}" in targets
    assert not [target for target in targets if target.startswith("#scene-") and target != f"#scene-{scene.id}"]
    assert "#board" not in targets


def test_each_component_stands_verbatim_in_the_page(ada, browse, job):
    browser = browse(ada)
    page = browser.get(f"/jobs/{job.id}").text
    answer = browser.get(f"/jobs/{job.id}/changes?after=-1", headers=FRAGMENT)
    for part in soup(answer).select("hx-partial"):
        if part["hx-target"] != "#board":
            assert part.decode_contents().strip() in BeautifulSoup(page, "html.parser").decode(), part["hx-target"]


def test_a_save_says_saved_with_the_new_version(ada, browse, job):
    scene = jobs.scenes(job)[0]
    answer = browse(ada).patch(
        f"/jobs/{job.id}/scenes/{scene.id}", data={"title": "Wake up", "version": 1}, headers=FRAGMENT
    )
    page = soup(answer)
    assert page.select_one(f"#save-{scene.id}")["data-s"] == "saved"
    assert page.select_one(f"#ver-{scene.id}")["value"] == "2"


def test_a_stale_save_is_a_conflict_that_shows_both(ada, eve, browse, job):
    scene = jobs.scenes(job)[0]
    browse(eve).patch(f"/jobs/{job.id}/scenes/{scene.id}", data={"script": "Theirs", "version": 1}, headers=FRAGMENT)
    answer = browse(ada).patch(
        f"/jobs/{job.id}/scenes/{scene.id}", data={"script": "Mine", "version": 1}, headers=FRAGMENT
    )
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    db.session.expire_all()
    assert jobs.scenes(job)[0].take.script == "Theirs"


@pytest.mark.parametrize(
    ("field", "value"), [("seconds", "0"), ("seconds", "soon"), ("script", "x" * 2001), ("shot_type", "selfie")]
)
def test_what_cannot_be_saved_says_why(ada, browse, job, field, value):
    scene = jobs.scenes(job)[0]
    answer = browse(ada).patch(f"/jobs/{job.id}/scenes/{scene.id}", data={field: value, "version": 1}, headers=FRAGMENT)
    assert answer.status_code == 422
    assert "Not saved" in answer.text


def shown(browser, job, kind):
    """Return what the form of a decision says that it shows."""
    return soup(browser.get(f"/jobs/{job.id}/decisions/new?kind={kind}")).select_one("[name=seen]")["value"]


def test_everything_works_without_javascript(ada, browse, job):
    browser = browse(ada)
    first, second, third = (scene.id for scene in jobs.scenes(job))
    url = f"/jobs/{job.id}/scenes"
    for path, data in [
        (f"{url}/{first}", {"title": "By hand", "version": "1"}),
        (f"{url}/{first}/copies", {}),
        (f"{url}/{second}/position", {"position": "1"}),
        (f"{url}/{third}/delete", {}),
        (f"{url}/{third}/restore", {}),
        (f"{url}/{third}/lock", {"locked": "1"}),
        (f"{url}/{third}/takes", {"feedback": "shorter"}),
        (f"{url}/{third}/takes/stop", {}),
        (url, {"description": ""}),
        (f"/jobs/{job.id}/decisions", {"kind": "request_changes", "reason": "Shorter", "seen": None}),
        (f"/jobs/{job.id}/decisions", {"kind": "approve", "seen": None}),
        (f"/jobs/{job.id}/decisions", {"kind": "reopen"}),
        (f"/jobs/{job.id}/edit", {"title": "New title"}),
    ]:
        if "seen" in data:
            data["seen"] = shown(browser, job, data["kind"])
        answer = browser.post(path, data=data)
        assert answer.status_code == 303, (path, answer.text[:400])
        assert browser.get(answer.location).status_code == 200
    for page in (
        f"{url}/{first}/takes",
        f"{url}/{first}/takes/new",
        f"{url}/{first}/assets",
        f"/jobs/{job.id}/activity",
        f"/jobs/{job.id}/assets",
        f"/jobs/{job.id}/decisions/new",
    ):
        assert soup(browser.get(page)).find("h1"), page


def test_a_reviewer_decides_but_does_not_change(ben, browse, job):
    browser = browse(ben)
    page = soup(browser.get(f"/jobs/{job.id}"))
    assert not page.select("form.script")
    assert page.select("#job-dock .acts a")
    scene = jobs.scenes(job)[0]
    assert browser.post(f"/jobs/{job.id}/scenes/{scene.id}", data={"title": "x"}).status_code == 403
    answer = browser.post(
        f"/jobs/{job.id}/decisions",
        data={"kind": "approve", "reason": "Lovely", "seen": shown(browser, job, "approve")},
    )
    assert answer.status_code == 303
    assert decisions.latest(job).decided_by == "Ben Berg"


def test_an_approved_board_has_no_fields(ada, browse, job):
    decisions.decide(ada, job, factories.decision(job, kind="approve"))
    page = soup(browse(ada).get(f"/jobs/{job.id}"))
    assert not page.select("form.script")
    assert "Approved by Ada Byron" in " ".join(page.select_one("#job-dock").get_text(" ").split())
    assert "Reopen" in page.select_one("#job-dock").get_text()


def test_what_is_not_there_is_404_for_everybody(ada, browse, job):
    browser = browse(ada)
    other = factories.job(job.client)
    for path in (
        "/jobs/none",
        f"/jobs/{job.id}/scenes/none/takes",
        f"/jobs/{other.id}/scenes/{jobs.scenes(job)[0].id}/takes",
    ):
        assert browser.get(path).status_code == 404


def test_a_failure_names_cause_and_next_step(ada, browse, job):
    with transaction():
        job.status, job.error, job.hint = JobStatus.FAILED, "The model refused.", "Check AI_MODEL."
    page = soup(browse(ada).get(f"/jobs/{job.id}"))
    text = page.select_one("#job-progress").get_text(" ", strip=True)
    assert "The model refused. Check AI_MODEL." in text
    assert page.select_one("#job-progress button").get_text(strip=True) == "Try again"


def test_the_words_so_far_are_shown(ada, browse, client):
    job = factories.job(
        client,
        status=JobStatus.STORYBOARD_PROCESSING,
        stage="Writing scene 1 of 3",
        partial={"number": 1, "title": "Dawn", "description": "The city al", "script": ""},
    )
    page = soup(browse(ada).get(f"/jobs/{job.id}"))
    assert "The city al" in page.select_one("#scene-writing").get_text()
    assert page.select_one("#job-live")["hx-trigger"] == "every 500ms"


def test_hostile_words_stay_words(ada, browse, job):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    scene = jobs.scenes(job)[0]
    browser = browse(ada)
    browser.patch(
        f"/jobs/{job.id}/scenes/{scene.id}",
        data={"title": evil[:80], "description": evil, "script": evil, "version": 1},
        headers=FRAGMENT,
    )
    page = soup(browser.get(f"/jobs/{job.id}"))
    assert not page.select("#board script, #board img[src=x]")
    assert evil in page.select_one(f"#d-{scene.id}").get_text()


def test_deleting_a_scene_offers_undo(ada, browse, job):
    scene = jobs.scenes(job)[1]
    answer = browse(ada).post(f"/jobs/{job.id}/scenes/{scene.id}/delete", headers=FRAGMENT)
    assert f"/jobs/{job.id}/undo?action=" in answer.headers["HX-Trigger"]
    assert len(soup(answer).select("#board > .scene, .board > .scene")) == 2
    assert scenes.find(ada, job.id, scene.id, deleted=True)


def test_a_brief_that_somebody_else_changed_is_not_overwritten_unseen(ada, eve, browse, job):
    seen = soup(browse(ada).get(f"/jobs/{job.id}/edit")).select_one("[name=seen]")["value"]
    browse(eve).post(f"/jobs/{job.id}/edit", data={"product": "Theirs"})
    answer = browse(ada).post(
        f"/jobs/{job.id}/edit", data={"product": "Mine", "title": "T", "seconds": "15", "seen": seen}
    )
    assert answer.status_code == 422
    assert "Somebody else changed the brief" in answer.text
    assert soup(answer).find(id="f-product")["value"] == "Mine"
    again = soup(answer).select_one("[name=seen]")["value"]
    assert browse(ada).post(f"/jobs/{job.id}/edit", data={"product": "Mine", "seen": again}).status_code == 303


def test_scenes_can_be_fitted_to_the_brief(ada, browse, job):
    browser = browse(ada)
    assert "Fit scenes to 15 s" in browser.get(f"/jobs/{job.id}").text
    assert browser.post(f"/jobs/{job.id}/fit").status_code == 303
    db.session.expire_all()
    assert sum(scene.take.duration_ms for scene in jobs.scenes(job)) == 15_000
    assert all(len(takes.of_scene(scene)) == 2 for scene in jobs.scenes(job))
    assert "Fit scenes" not in browser.get(f"/jobs/{job.id}").text


def test_what_a_button_costs_stands_beside_it(ada, browse, job):
    browser = browse(ada)
    assert "Free, written by Slate itself" in soup(browser.get(f"/jobs/{job.id}")).select_one("#anew footer").get_text()
    scene = jobs.scenes(job)[0]
    assert "Free" in soup(browser.get(f"/jobs/{job.id}/scenes/{scene.id}/takes/new")).select_one("footer").get_text()


def test_words_the_client_never_says_are_named_before_the_button(ada, browse, app):
    strict = factories.client(name="Strict", restrictions=["cheap"])
    data = BRIEF | {"client_id": strict.id, "key_message": "The cheapest coffee"}
    answer = browse(ada).post("/jobs/estimate", data=data, headers=FRAGMENT)
    assert "message has words that Strict never says" in answer.text
