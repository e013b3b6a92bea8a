"""Review links over the API: made, listed, changed, renewed, revoked; the address is said once and kept nowhere."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.api.at_once import at_once
from tests.house.test_queries import counted
from webapp.errors import LinkClosed, LinkUnknown
from webapp.extensions import db, transaction
from webapp.models import Reviewer, ReviewLink, utcnow
from webapp.schemas.sending import SendDraft
from webapp.services import reviewers, sending


@pytest.fixture
def job(app, ada):
    made = factories.job(factories.client(), user_id=ada.id)
    factories.scene(made)
    return made


@pytest.fixture
def path(job):
    return f"/jobs/{job.id}/review-links"


def make(program, path, **body):
    response = program.post(path, json={"name": "Fjell, marketing", **body})
    assert response.status_code == 201, response.text
    return response.json["data"]


def wrong(program, path, **body):
    response = program.post(path, json={"name": "Fjell, marketing", **body})
    assert response.status_code == 422, response.text
    return response.json["meta"]["fields"]


def everything_kept():
    db.session.rollback()
    with db.engine.connect() as connection:
        return repr([connection.execute(select(table)).all() for table in db.metadata.sorted_tables])


# ---- making ---------------------------------------------------------------------------------------------------------


def test_a_link_is_made_with_an_address_that_opens(api, eve, job, path, browse):
    sending.send(eve, job, SendDraft())
    made = make(api(eve), path)
    assert made["url"] == f"http://localhost/r/{made['token']}"
    assert reviewers.link_of(made["token"]).id == made["id"]
    assert browse(None).get(f"/r/{made['token']}", follow_redirects=True).status_code == 200
    assert (made["allows"], made["state"], made["namedOnly"], made["hasPassword"]) == (
        "comment",
        "active",
        False,
        False,
    )
    assert (made["expiresAt"], made["revokedAt"], made["openedAt"], made["reviewers"]) == (None, None, None, [])


def test_the_place_of_a_new_link_is_told_and_shows_it_without_its_address(api, eve, path):
    response = api(eve).post(path, json={"name": "Legal"})
    shown = api(eve).get(response.headers["Location"]).json["data"]
    assert shown == {name: said for name, said in response.json["data"].items() if name not in ("url", "token")}


def test_everything_a_link_can_be_is_heard(api, eve, path):
    made = make(
        api(eve),
        path,
        allows="decide",
        reviewers=[{"name": "Maya Lund", "email": "maya@fjell.example"}, {"name": "Legal"}],
        asksEmail=True,
        password=" tram bell ",
        days=14,
    )
    link = db.session.get(ReviewLink, made["id"])
    assert (link.allows, link.named_only, link.asks_email) == ("decide", True, True)
    assert timedelta(days=13, hours=23) < link.expires_at - utcnow() <= timedelta(days=14)
    assert [(each["name"], each["email"], each["isNamed"], each["lastSeenAt"]) for each in made["reviewers"]] == [
        ("Maya Lund", "maya@fjell.example", True, None),
        ("Legal", None, True, None),
    ]
    visitor, cookie = reviewers.enter(made["token"], " tram bell ")
    assert (visitor.link_id, bool(cookie)) == (link.id, True)


def test_an_end_is_kept_to_the_second(api, eve, path):
    moment = (utcnow() + timedelta(hours=3)).replace(microsecond=0)
    assert make(api(eve), path, expiresAt=moment.isoformat())["expiresAt"] == moment.isoformat().replace("+00:00", "Z")


def test_an_end_said_in_another_zone_is_answered_in_utc(api, eve, path):
    ends = (utcnow() + timedelta(hours=3)).replace(microsecond=0)
    said, heard = (ends.astimezone(timezone(timedelta(hours=5))).isoformat(), ends.isoformat().replace("+00:00", "Z"))
    made = make(api(eve), path, expiresAt=said)
    changed = api(eve).put(f"{path}/{made['id']}", json={"expiresAt": said}).json["data"]
    assert [made["expiresAt"], changed["expiresAt"]] == [heard, heard]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": None}, "name"),
        ({"allows": "own"}, "allows"),
        ({"asksEmail": "yes"}, "asksEmail"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"days": 0}, "days"),
        ({"days": 2000}, "days"),
        ({"days": 1.5}, "days"),
        ({"days": 3, "expiresAt": "2999-01-01T00:00:00Z"}, "expiresAt"),
        ({"days": 3, "expiresAt": (utcnow() + timedelta(days=2)).isoformat()}, "days"),
        ({"expiresAt": "2001-01-01T00:00:00Z"}, "expiresAt"),
        ({"expiresAt": "0001-01-01T00:00:00+14:00"}, "expiresAt"),
        ({"expiresAt": "9999-12-31T23:59:59-14:00"}, "expiresAt"),
        ({"expiresAt": (utcnow() + timedelta(days=2)).replace(tzinfo=None).isoformat()}, "expiresAt"),
        ({"reviewers": "Maya"}, "reviewers"),
        ({"reviewers": [{"name": "Maya"}, {"name": "MAYA"}]}, "reviewers"),
        ({"reviewers": [{"name": f"Reviewer {number}"} for number in range(51)]}, "reviewers"),
        ({"reviewers": [{"email": "maya@fjell.example"}]}, "reviewers.0.name"),
        ({"reviewers": [{"name": "Maya", "email": "not an address"}]}, "reviewers.0.email"),
        ({"reviewers": [{"name": "Maya", "phone": "1"}]}, "reviewers.0.phone"),
        ({"ask_email": True}, "ask_email"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_makes_nothing(api, eve, path, body, field):
    assert set(wrong(api(eve), path, **body)) == {field}
    assert db.session.scalar(select(func.count()).select_from(ReviewLink)) == 0


# ---- the address is said once ---------------------------------------------------------------------------------------


def test_neither_address_nor_password_is_said_again_or_kept(api, eve, path):
    program = api(eve)
    made = make(program, path, password="tram bell six")
    again = program.post(f"{path}/{made['id']}/renew").json["data"]
    kept = db.session.get(ReviewLink, made["id"])
    secrets = [made["token"], again["token"], kept.token_hash, kept.password_hash, "tram bell six"]
    answers = [
        program.get(path),
        program.get(f"{path}/{made['id']}"),
        program.put(f"{path}/{made['id']}", json={"name": "Fjell"}),
        program.get(f"/jobs/{kept.job_id}/history"),
        program.get(f"/jobs/{kept.job_id}/standing"),
        program.delete(f"{path}/{made['id']}"),
    ]
    assert {each.status_code for each in answers} == {200}
    assert [each for each in answers for secret in secrets if secret in each.text] == []
    assert kept.token_hash not in str(made) + str(again)
    assert kept.password_hash not in str(made) + str(again)
    everything = everything_kept()
    assert made["id"] in everything
    assert [secret for secret in (made["token"], again["token"], "tram bell six") if secret in everything] == []


def test_a_repeated_request_makes_one_link_and_does_not_say_its_address_again(api, eve, path):
    program, headers = api(eve), {"Idempotency-Key": "link-1"}
    first = program.post(path, json={"name": "Legal"}, headers=headers)
    second = program.post(path, json={"name": "Legal"}, headers=headers)
    assert (second.status_code, second.headers["Idempotency-Replayed"]) == (201, "true")
    assert second.json["data"] == first.json["data"] | {"url": None, "token": None}
    assert second.headers["Location"] == first.headers["Location"]
    assert program.get(path).json["meta"]["total"] == 1
    assert first.json["data"]["token"] not in everything_kept()


def test_a_repeated_renewal_leaves_the_first_new_address_in_force(api, eve, path):
    program, headers = api(eve), {"Idempotency-Key": "renew-1"}
    made = make(program, path)
    fresh = program.post(f"{path}/{made['id']}/renew", headers=headers).json["data"]
    again = program.post(f"{path}/{made['id']}/renew", headers=headers).json["data"]
    assert (again["url"], again["token"]) == (None, None)
    assert reviewers.link_of(fresh["token"]).id == made["id"]


# ---- changing, renewing, revoking -----------------------------------------------------------------------------------


def test_changes_at_the_same_moment_are_all_kept(api, eve, path):
    program = api(eve)
    link = f"{path}/{make(program, path)['id']}"
    asked = {"name": "Fjell, all", "allows": "decide", "asksEmail": True, "days": 3, "reviewers": [{"name": "Maya"}]}
    asks = [lambda name=name, value=value: program.put(link, json={name: value}) for name, value in asked.items()]
    assert at_once(*asks) == [200] * len(asked)
    made = program.get(link).json["data"]
    assert (made["name"], made["allows"], made["asksEmail"]) == ("Fjell, all", "decide", True)
    assert made["expiresAt"]
    assert [each["name"] for each in made["reviewers"]] == ["Maya"]


def test_a_change_touches_only_what_is_given(api, eve, path):
    program = api(eve)
    made = make(
        program, path, allows="decide", reviewers=[{"name": "Maya"}], password="tram bell", days=3, asksEmail=True
    )
    before = program.get(f"{path}/{made['id']}").json["data"]
    after = program.put(f"{path}/{made['id']}", json={"name": "Fjell, all"}).json["data"]
    assert after == before | {"name": "Fjell, all"}
    assert program.put(f"{path}/{made['id']}", json={}).json["data"] == after
    assert reviewers.enter(made["token"], "tram bell")[1]


def test_null_clears_what_may_be_nothing(api, eve, path):
    program = api(eve)
    made = make(program, path, reviewers=[{"name": "Maya"}], password="tram bell", days=3)
    cleared = {"reviewers": None, "password": None, "expiresAt": None}
    after = program.put(f"{path}/{made['id']}", json=cleared).json["data"]
    assert (after["namedOnly"], after["hasPassword"], after["expiresAt"], after["reviewers"]) == (
        False,
        False,
        None,
        [],
    )
    assert reviewers.enter(made["token"])[1]


def test_what_may_not_be_nothing_is_refused(api, eve, path):
    made = make(api(eve), path)
    for field in ("name", "allows", "asksEmail"):
        response = api(eve).put(f"{path}/{made['id']}", json={field: None})
        assert (response.status_code, set(response.json["meta"]["fields"])) == (422, {field})


def test_a_renewed_link_has_another_address(api, eve, path):
    program = api(eve)
    made = make(program, path)
    fresh = program.post(f"{path}/{made['id']}/renew").json["data"]
    assert fresh["id"] == made["id"]
    assert reviewers.link_of(fresh["token"]).id == made["id"]
    with pytest.raises(LinkUnknown):
        reviewers.link_of(made["token"])


def test_a_revoked_link_stays_listed_opens_nothing_and_does_not_change(api, eve, path):
    program = api(eve)
    made = make(program, path)
    first = program.delete(f"{path}/{made['id']}").json["data"]
    assert (first["state"], bool(first["revokedAt"])) == ("revoked", True)
    assert program.delete(f"{path}/{made['id']}").json["data"] == first
    assert program.get(path).json["data"] == [first]
    with pytest.raises(LinkClosed):
        reviewers.link_of(made["token"])
    for response in (
        program.put(f"{path}/{made['id']}", json={"name": "Again"}),
        program.post(f"{path}/{made['id']}/renew"),
    ):
        assert (response.status_code, response.json["meta"]["code"]) == (409, "conflict")


# ---- lists and people -----------------------------------------------------------------------------------------------


def test_lists_come_by_the_page_the_newest_first(api, eve, path):
    program = api(eve)
    names = [make(program, path, name=f"Link {number}")["name"] for number in range(5)]
    answer = program.get(f"{path}?limit=2&offset=2").json
    assert [each["name"] for each in answer["data"]] == [names[2], names[1]]
    assert (answer["meta"]["total"], answer["meta"]["page"], answer["meta"]["limit"]) == (5, 2, 2)


def test_a_list_asks_no_more_questions_when_it_is_longer(app, api, eve, path):
    program = api(eve)
    program.get(path)  # the first request of a key notes its use
    make(program, path, reviewers=[{"name": "Maya"}])
    with counted() as one:
        program.get(path)
    for number in range(4):
        make(program, path, reviewers=[{"name": f"Maya {number}"}, {"name": "Legal"}])
    with counted() as many:
        assert len(program.get(path).json["data"]) == 5
    assert len(many) == len(one)


def test_who_came_is_told(api, eve, path):
    program = api(eve)
    made = make(program, path)
    with transaction():
        db.session.add(Reviewer(link_id=made["id"], name="Tor", email="tor@fjell.example", last_seen_at=utcnow()))
        db.session.add(Reviewer(link_id=made["id"], last_seen_at=utcnow()))
        db.session.add(Reviewer(link_id=made["id"]))  # a robot
    shown = program.get(f"{path}/{made['id']}").json["data"]
    assert [(each["name"], each["email"], each["isNamed"]) for each in shown["reviewers"]] == [
        ("Tor", "tor@fjell.example", False)
    ]
    assert shown["namelessVisitors"] == 1


# ---- who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "tail"),
    [("GET", ""), ("POST", ""), ("GET", "/L"), ("PUT", "/L"), ("DELETE", "/L"), ("POST", "/L/renew")],
)
def test_links_are_the_teams(api, eve, ben, path, method, tail):
    made = make(api(eve), path)
    where = path + tail.replace("L", made["id"])
    body = {"json": {"name": "Mine"}} if method in ("POST", "PUT") else {}
    assert api(None).open(method, where, **body).status_code == 401
    assert api(ben).open(method, where, **body).status_code == 403
    assert reviewers.link_of(made["token"]).name == "Fjell, marketing"


def test_a_link_of_another_job_is_not_there(api, eve, job, path):
    made = make(api(eve), path)
    other = f"/jobs/{factories.job(job.client).id}/review-links/{made['id']}"
    for response in (api(eve).get(other), api(eve).put(other, json={}), api(eve).delete(other)):
        assert (response.status_code, response.json["meta"]["code"]) == (404, "not_found")
    assert api(eve).get("/jobs/nowhere/review-links").status_code == 404
