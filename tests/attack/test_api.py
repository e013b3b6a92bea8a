"""Attacks on the JSON API and the animatic: malicious key holders, foreign pages, strangers, clients gone wrong."""

from __future__ import annotations

import io
import json
import re
import threading
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.api.conftest import ROOT, Program
from tests.services import media_files
from webapp.extensions import db, transaction
from webapp.models import Client, Comment, Decision, Job, KeptAnswer, Role, Scene, Take
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.decisions import DecisionDraft
from webapp.services import (
    animatics,
    api_keys,
    blobs,
    comments,
    decisions,
    integrity,
    jobs,
    json_rows,
    media,
    people,
)
from webapp.services.frames import captions
from webapp.views.api import waiting

ASYNC = {"Prefer": "respond-async"}
SECRET = "the budget is forty thousand"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


@pytest.fixture
def api(app):
    def program(who):
        return Program(app, api_keys.create(who, ApiKeyDraft(name="x"))[1] if who else "")

    return program


@pytest.fixture
def board(app):
    """A job of two scenes."""
    job = factories.job(factories.client())
    return SimpleNamespace(job=job, scenes=[factories.scene(job), factories.scene(job, 2)], path=f"/jobs/{job.id}")


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def is_whole(job):
    db.session.rollback()
    return integrity.report(db.session.get(Job, job.id)).faults == ()


# what is only for the team


@pytest.fixture
def secret(ada, board):
    thread = comments.add(ada, board.job, CommentDraft(text=SECRET, is_internal=True, scene_id=board.scenes[0].id))
    comments.reply(ada, thread, CommentText(text=SECRET))
    return thread


def test_a_reviewer_reads_nothing_that_is_for_the_team_anywhere(app, api, eve, ben, board, secret):
    """Not in threads, counts, history, takes it asked for, searches, or the answers to what they may not do."""
    asked = {"commentIds": [secret.id]}
    answer = api(eve).post(f"{board.path}/scenes/1/regenerate", json=asked, headers=ASYNC)
    assert answer.status_code == 202, answer.json
    program = api(ben)
    places = [rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.rule.startswith(ROOT)]
    told = {"<job_id>": board.job.id, "<scene_id>": board.scenes[0].id, "<comment_id>": secret.id}
    told |= {"<take_id>": "1", "<int:number>": "1", "<client_id>": board.job.client_id}
    said = ""
    for place in places:
        path = re.sub(r"<[^>]+>", lambda found: told.get(found[0], "1"), place)
        said += program.get(path).get_data(as_text=True)
    assert board.job.id in said
    assert SECRET not in said
    listed = program.get(f"{board.path}/comments").json
    assert (listed["data"], listed["meta"]["total"]) == ([], 0)
    own = f"{board.path}/comments/{secret.id}"
    for method, path in (("PUT", own), ("DELETE", own), ("POST", f"{own}/replies"), ("POST", f"{own}/close")):
        answer = program.open(method, path, json={"text": "x"})
        assert (answer.status_code, SECRET in answer.text) == (404, False), path


def seen(board):
    """Name the storyboard as it is, as a decision does."""
    return {"contentHash": decisions.content_hash(jobs.scenes(board.job))}


def test_a_reviewer_has_nothing_written_by_any_action_however_it_is_spelled(api, ben, board):
    program, before = api(ben), board.job.revision
    for action in ("regenerate_scene", "REGENERATE-SCENE", "Regenerate All Scenes", "retry", "c_a_n_c_e_l"):
        for body in ({"sceneIdx": 0}, {"payload": {"sceneNumber": 1}}, {}):
            answer = program.post(f"{board.path}/actions", json={"action": action} | body)
            assert answer.status_code in (403, 422), (action, answer.json)
    rejected = program.post(f"{board.path}/actions", json={"action": "reject", "feedback": "No."} | seen(board))
    assert rejected.status_code == 200
    job = db.session.get(Job, board.job.id, populate_existing=True)
    assert (job.status, job.attempt_token, job.actual_cost_micros) == ("storyboard_ready", "", 0)
    assert job.revision > before
    assert not db.session.scalars(select(Scene).where(Scene.redo_token != "")).all()
    assert count(Take) == 2
    assert is_whole(job)


# asking twice


def test_a_kept_answer_is_not_said_again_to_whoever_lost_the_right_to_it(api, ada, eve, board, secret):
    """An editor closes a thread of the team, becomes a reviewer, and repeats the request."""
    program, named = api(eve), {"Idempotency-Key": "again"}
    closing = f"{board.path}/comments/{secret.id}/close"
    first = program.post(closing, headers=named)
    assert first.status_code == 200
    assert SECRET in first.text
    assert SECRET in program.post(closing, headers=named).text
    people.change_role(ada, eve, Role.REVIEWER)
    again = program.post(closing, headers=named)
    assert (again.status_code, SECRET in again.text) == (422, False)
    assert program.post(closing, headers={"Idempotency-Key": "new"}).status_code == 404


def test_a_kept_answer_is_for_one_person_and_a_key_that_works(api, ada, eve):
    named, body = {"Idempotency-Key": "1"}, {"name": "Fjell"}
    hers, his = api(eve), api(ada)
    first = hers.post("/clients", json=body, headers=named).json["data"]["id"]
    assert api(eve).post("/clients", json=body, headers=named).json["data"]["id"] == first  # another key of hers
    assert his.post("/clients", json=body, headers=named).json["data"]["id"] != first
    assert api(None).post("/clients", json=body, headers=named).status_code == 401
    people.deactivate(ada, eve)
    assert hers.post("/clients", json=body, headers=named).status_code == 401
    assert count(Client) == 2


def test_a_kept_answer_is_for_one_method_path_query_and_body(api, eve, board):
    program, named = api(eve), {"Idempotency-Key": "1"}
    assert program.post("/clients", json={"name": "Fjell"}, headers=named).status_code == 201
    for path, body in (
        ("/clients", {"name": "Other"}),
        ("/clients?x=1", {"name": "Fjell"}),
        (f"{board.path}/versions", {"name": "Fjell"}),
        ("/campaigns", {"name": "Fjell", "clientId": board.job.client_id}),
    ):
        assert program.post(path, json=body, headers=named).status_code == 422, path
    assert program.put(f"{board.path}/scenes/1", json={"title": "New"}, headers=named).status_code == 200


@pytest.mark.parametrize("key", ["k" * 200, "\xff" * 200, "'; DROP TABLE kept_answers --", "%00", "a\tb"])
def test_odd_idempotency_keys_are_keys_like_others(api, eve, key):
    program = api(eve)
    answers = [program.post("/clients", json={"name": "x"}, headers={"Idempotency-Key": key}) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert count(Client) == 1


def test_a_huge_idempotency_key_is_refused(api, eve):
    headers = {"Idempotency-Key": "k" * 60_000}
    assert api(eve).post("/clients", json={"name": "x"}, headers=headers).status_code == 422
    assert (count(Client), count(KeptAnswer)) == (0, 0)


def test_many_at_once_with_one_key_make_one(app, api, eve):
    program, codes = api(eve), []
    barrier = threading.Barrier(6)

    def ask():
        own = Program(app, program.key)
        barrier.wait()
        codes.append(own.post("/clients", json={"name": "x"}, headers={"Idempotency-Key": "1"}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {201, 409}
    assert count(Client) == 1


def test_a_body_that_nobody_asked_for_is_not_read_into_memory(api, ben, board):
    """Some routes take no body; a key to ask twice must not have them hold a film in memory to compare it."""
    closing = f"{board.path}/comments/x/close"
    huge = {"data": bytes(2_000_000), "headers": {"Idempotency-Key": "1", "Content-Type": "application/x"}}
    assert api(ben).post(closing, **huge).status_code == 413
    assert count(KeptAnswer) == 0


# foreign pages


@pytest.mark.parametrize(
    "where", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}, {}]
)
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json", ""]
)
def test_a_foreign_page_changes_nothing_with_the_cookies_of_its_visitor(browse, eve, board, where, kind):
    browser = browse(eve)
    browser.environ_base.pop("HTTP_SEC_FETCH_SITE")
    body = json.dumps({"action": "approve", "name": "x"})
    for path in ("/clients", f"{board.path}/actions", f"{board.path}/versions/1/restore", f"{board.path}/send"):
        answer = browser.post(ROOT + path, data=body, headers=where | {"Content-Type": kind})
        assert answer.status_code == 403, path
    override = where | {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    assert browser.get(f"{ROOT}{board.path}?_method=DELETE", headers=override).status_code == 200
    assert (count(Decision), count(Client), count(Job)) == (0, 1, 1)


def test_a_body_has_to_say_that_it_is_json(api, eve):
    for kind in ("text/plain", "text/plain; application/json", "application/x-www-form-urlencoded", ""):
        answer = api(eve).post("/clients", data='{"name": "x"}', headers={"Content-Type": kind})
        assert answer.status_code == 415, kind
    assert count(Client) == 0


# bombs


@pytest.mark.parametrize(
    "body",
    [
        b'{"metadata":' + b'{"a":' * 900 + b"1" + b"}" * 901,
        b"[" * 200_000,
        b'{"name": "\\ud800"}',
        b'{"name": "\xff"}',
        b'{"name": NaN}',
        b'{"name": "x", "metadata": {"a": NaN}}',
        b'{"name": "x", "metadata": {"a": 1e999}}',
        b'{"name": "x", "metadata": {"a": 1' + b"0" * 5000 + b"}}",
        b'{"name": "x", "metadata": {"\\ud800": 1}}',
        b'{"name": "x", "__proto__": {"isAdmin": true}}',
        '{"name": "x"}'.encode("utf-16"),
        b"\x00",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_json_that_is_no_client_is_refused_in_words(api, eve, body):
    answer = api(eve).post("/clients", data=body, content_type="application/json")
    assert answer.status_code in (400, 422), answer.text[:200]
    assert answer.json["error"]
    assert count(Client) == 0


def test_the_deepest_metadata_that_is_taken_is_said_again_everywhere(api, eve, board):
    """What can be put in must come out, however deep: in lists, versions, repetitions, and in the exact words."""
    program, deepest = api(eve), 0
    for depth in (60, 120, 180, 190, 200, 250):
        sent = b'{"metadata":' + b'{"a":' * depth + b"1" + b"}" * (depth + 1)
        named = {"Idempotency-Key": str(depth), "Content-Type": "application/json"}
        put = program.put(f"{board.path}/scenes/1", data=sent, content_type="application/json")
        assert put.status_code in (200, 400, 422), (depth, put.text[:200])
        if put.status_code != 200:
            break
        deepest = depth
        for path in (board.path, "/jobs", f"{board.path}/scenes", f"{board.path}/scenes/1/takes"):
            assert program.get(path).status_code == 200, (depth, path)
        kept = program.post(f"{board.path}/versions", data=b'{"name":"x"}', headers=named)
        assert kept.status_code == 201, (depth, kept.text[:200])
        number = kept.json["data"]["number"]
        for path in (f"versions/{number}", f"versions/{number}/compare", f"storyboard.json?version={number}"):
            assert program.get(f"{board.path}/{path}").status_code == 200, (depth, path)
        assert is_whole(board.job)
    assert deepest >= 60


def test_of_a_name_said_twice_the_last_counts_for_the_check_too(api, eve):
    """A check that saw the first and a service that took the last would be a way around the check."""
    long = json.dumps("x" * 5000)
    answer = api(eve).post("/clients", data=f'{{"name": "x", "name": {long}}}', content_type="application/json")
    assert answer.status_code == 422
    answer = api(eve).post("/clients", data=f'{{"name": {long}, "name": "x"}}', content_type="application/json")
    assert (answer.status_code, answer.json["data"]["name"]) == (201, "x")


def test_large_pages_are_not_kept_in_memory(api, eve):
    """64 pages of a thousand clients with 64 KB each would be 4 GB."""
    program = api(eve)
    for number in range(10):
        body = {"name": f"Client {number}", "metadata": {"a": "x" * 60_000}}
        assert program.post("/clients", json=body).status_code == 201
    json_rows._kept.clear()
    assert program.get("/clients").json["meta"]["total"] == 10
    assert program.get("/clients?limit=1").json["meta"]["total"] == 10
    kept = [sum(map(len, rows)) for _, rows in json_rows._kept.values()]
    assert kept
    assert max(kept) <= json_rows.LONGEST_KEPT


@pytest.mark.parametrize(
    "text", ["%00", "a%00b", "%ff", "%ED%A0%80", "9" * 30, "-1", "%2e%2e%2fclients", "%0d%0aX-Evil:%201", "x" * 5000]
)
def test_odd_addresses_lead_nowhere_and_into_no_header(api, ada, board, text):
    program = api(ada)
    for place in (
        "/clients/{}", "/jobs/{}", board.path + "/scenes/{}", board.path + "/versions/{}", "/assets/{}/data",
        board.path + "/scenes/1/takes/{}/frame", board.path + "/comments/{}", "/webhooks/{}",
    ):  # fmt: skip
        answer = program.get(place.format(text))
        assert answer.status_code == 404, (place, answer.text[:200])
        assert "X-Evil" not in str(answer.headers)
    for query in ("limit", "offset", "search", "client_id"):
        assert program.get(f"/assets?{query}={text}").status_code in (200, 422)


def test_a_long_user_agent_is_cut(api, ben, board):
    approve = {"json": {"action": "approve"} | seen(board), "headers": {"User-Agent": "<script>" * 5000}}
    assert api(ben).post(f"{board.path}/actions", **approve).status_code == 200
    assert len(db.session.scalars(select(Decision)).one().user_agent) < 1000
    assert is_whole(board.job)


# those who wait


def test_whoever_takes_all_places_to_wait_keeps_nobody_from_being_answered(api, eve):
    places = [owner for owner in "ab" * waiting.MOST_OF_ONE if waiting._places.take(owner)]
    assert len(places) == waiting.MOST_WAITERS
    try:
        body = {"url": "https://fjell.example/a.png", "clientId": factories.client().id}
        assert api(eve).post("/assets/from-url", json=body).status_code == 202
    finally:
        for owner in places:
            waiting._places.give_back(owner)


@pytest.mark.parametrize("prefer", ["wait=99999999", "wait=-1", "wait=²", "wait=1e9", "wait=", "=;,,", "x" * 9000])
def test_nobody_waits_longer_than_the_patience_there_is(app, api, eve, prefer):
    with app.test_request_context("/api/v3/jobs", headers={"Prefer": prefer, "X-API-Key": api(eve).key}):
        assert not waiting.until(lambda: False, seconds=0.02)


# files


def upload(program, content, filename, kind="image/png", **fields):
    data = fields | {"file": (io.BytesIO(content), filename, kind)}
    return program.post("/assets", data=data, content_type="multipart/form-data", headers=ASYNC)


def test_active_content_is_never_shown_in_place_whatever_it_was_called(api, eve, ben):
    client = factories.client()
    made = upload(api(eve), SVG, "a.png", clientId=client.id)
    page = upload(api(eve), b"<!doctype html><script>alert(1)</script>", "a.png", clientId=client.id)
    for answer in (made, page):
        assert answer.status_code in (202, 422)
        if answer.status_code == 202:
            sent = api(ben).get(f"/assets/{answer.json['data']['id']}/data")
            assert sent.status_code == 404  # not before it was read
    for kind, content in (("svg", SVG), ("pdf", media_files.MAKERS["pdf"]())):
        with transaction():
            blob = blobs.put(content, "text/html")  # as if what is stored lied
        asset = factories.asset(client, 'x"\r\nSet-Cookie: a=b\u202e.html', format=kind, blob_id=blob.id)
        sent = api(ben).get(f"/assets/{asset.id}/data")
        assert sent.status_code == 200
        assert sent.headers["Content-Disposition"].startswith("attachment; ")
        assert "sandbox" in sent.headers["Content-Security-Policy"]
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
        assert "html" not in sent.content_type
        assert "Set-Cookie" not in sent.headers
        assert "\r" not in sent.headers["Content-Disposition"]


def test_forms_gone_wrong_are_refused_in_words(api, eve):
    program, client = api(eve), factories.client().id
    png = media_files.MAKERS["png"]()
    for data in (
        {"clientId": client},
        {"clientId": client, "file": "text"},
        {"clientId": client, "other": (io.BytesIO(png), "a.png")},
        {"clientId": [client, client], "file": (io.BytesIO(png), "a.png")},
        {"clientId": client, "isAdmin": "1", "file": (io.BytesIO(png), "a.png")},
        {"clientId": client, "tags": "[" * 5000, "file": (io.BytesIO(png), "a.png")},
    ):
        answer = program.post("/assets", data=data, content_type="multipart/form-data")
        assert answer.status_code == 422, data
    for kind in ("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\xff"):
        answer = program.post("/assets", data=b"--x\r\nnonsense", headers={"Content-Type": kind})
        assert answer.status_code in (400, 422), (kind, answer.text)
    many = {f"f{number}": "x" for number in range(600)}
    answer = program.post("/assets", data=many | {"file": (io.BytesIO(png), "a")}, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert count(Job) == 0


def test_a_hundred_hostile_links_are_a_hundred_answers(api, eve):
    hostile = [
        "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "ftp://x/", "javascript:alert(1)", "data:,x",
        "http://user:pw@example.com/", "http://", "//example.com", "http://exa mple.com/", "http://example.com:99999/",
        "x" * 9000, "", "http://[::1", "ＨＴＴＰ://x",
    ]  # fmt: skip
    tidied = ["http://\x00example.com/", "http://example.com/\r\nHost: evil"]  # read as the plain link they hold
    links = [*(hostile * 7)[:98], *tidied]
    body = {"clientId": factories.client().id, "assets": [{"url": each} for each in links]}
    answer = api(eve).post("/assets/from-urls", json=body, headers=ASYNC)
    assert answer.status_code in (200, 202, 422), answer.json
    assert "passwd" not in json.dumps(answer.json["meta"])
    results = answer.json["data"]["results"]
    assert [each["asset"]["sourceUrl"] for each in results if each["asset"]] == ["http://example.com/"] * 2
    assert answer.json["data"]["summary"]["failed"] == 98


def test_ranges_of_a_film_are_one_or_the_whole(api, ada, board):
    with transaction():
        board.job.video_blob_id = blobs.put(b"0123456789", "video/mp4").id
    program, film = api(ada), f"{board.path}/video"
    for asked, expected in (
        ("bytes=0-0", 206), ("bytes=-0", 416), ("bytes=9-99999999999999999999", 206), ("bytes=10-", 416),
        ("bytes=5-1", 200), ("bytes=0-1,3-4", 200), ("bytes=" + "0-1," * 900, 200), ("bytes=--1", 200),
        ("bytes=" + "9" * 300 + "-", 200), ("items=0-1", 200), ("bytes=²-", 200), ("bytes=", 200),
    ):  # fmt: skip
        assert program.get(film, headers={"Range": asked}).status_code == expected, asked


# the animatic


HOSTILE = [
    "", " ", "x" * 2000, "W " * 1000, "." * 2000, "! " * 1000, "\u202eevil", "مرحبا بالعالم", "👩‍👩‍👧‍👦" * 300,
    "e" + "\u0301" * 1999, "\ufdfa" * 500, "%s {0} {{x}} $(id) ' \" \\ ;", "[in]drawtext=file=/etc/passwd", "a\u2028b",
    "\ue000" * 99, "\U0010ffff" * 99, "1" * 2000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_captions_of_hostile_words_stay_in_the_picture(text):
    width, height = 720, 1280
    label = captions.title(text[:500], width, height)
    for strip in (*captions.spoken(text, width, height), *([label] if label else [])):
        assert strip.x >= 0
        assert strip.y >= 0
        assert strip.weight > 0


def test_an_animatic_of_hostile_words_is_as_long_as_its_scenes(ada, app):
    """More subtitles than there is time for pictures, and words that look like commands."""
    job = factories.job(factories.client())
    for number, text in enumerate(("! " * 900, "x" * 2000, "[in]drawtext=file=/etc/passwd '%{pts}'"), 1):
        factories.scene(job, number, script=text, on_screen=text[:500], duration_ms=1000, transition="wipe")
    decisions.decide(ada, job, DecisionDraft(kind="approve"))
    animatics.draw(job.id, job.video_token)
    animatics.render(job.id, job.video_token)
    db.session.refresh(job)
    assert (job.status, job.video_error) == ("completed", "")
    assert is_whole(job)


def test_a_render_that_was_overtaken_gives_its_film_to_nobody(ada, board):
    """Approve, reopen, change a word, approve: the first render shows words that nobody approved."""
    decisions.decide(ada, board.job, DecisionDraft(kind="approve"))
    first = board.job.video_token
    decisions.reopen(ada, board.job)
    assert board.job.video_token == ""
    decisions.decide(ada, board.job, DecisionDraft(kind="approve"))
    second = board.job.video_token
    assert second != first
    with pytest.raises(animatics.Superseded):
        animatics._keep(board.job.id, first, media.Film(mp4=b"old", duration_ms=6000, silent=""))
    animatics.fail(board.job.id, second, "x")
    with pytest.raises(animatics.Superseded):
        animatics.fail(board.job.id, first, "y")
    assert (board.job.video_blob_id, board.job.video_error) == (None, "x")
    assert is_whole(board.job)


def test_deciding_over_and_over_leaves_one_render_and_a_whole_record(api, ben, board):
    program, named = api(ben), seen(board)
    for _ in range(6):
        for action in ("approve", "approve", "reopen", "reopen"):
            body = {"action": action} | (named if action == "approve" else {})
            answer = program.post(f"{board.path}/actions", json=body)
            assert answer.status_code in (200, 202, 409), answer.json
    assert program.post(f"{board.path}/actions", json={"action": "approve"} | named).status_code == 200
    assert is_whole(board.job)
    job = jobs.find(ben, board.job.id)
    assert (job.approval, job.status) == ("approved", "video_processing")


def test_two_decide_at_the_same_moment_and_one_counts(app, api, ada, ben, board):
    keys, codes, named = [api(ada).key, api(ben).key], [], seen(board)
    barrier = threading.Barrier(2)

    def ask(key, action):
        program = Program(app, key)
        barrier.wait()
        sent = {"action": action, "feedback": "No."} | named
        codes.append(program.post(f"{board.path}/actions", json=sent).status_code)

    threads = [threading.Thread(target=ask, args=each) for each in zip(keys, ("approve", "reject"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 500 not in codes
    assert min(codes) in (200, 202)
    assert is_whole(board.job)


# two programs, one scene


@pytest.mark.parametrize("asked", ['"0"', '"²"', "nonsense", '""', '"' + "9" * 40 + '"', 'W/"x", "y"', ","])
def test_an_if_match_that_names_no_present_version_changes_nothing(api, eve, board, asked):
    answer = api(eve).put(f"{board.path}/scenes/1", json={"title": "New"}, headers={"If-Match": asked})
    assert answer.status_code == 409, answer.json
    assert answer.json["meta"]["current"]["title"] == "One twist"


# the pages about the API


def test_the_documents_pages_show_a_forged_host_as_text(app):
    stranger = app.test_client(use_cookies=False)
    for path in ("/docs", "/docs/clients", "/docs/<script>", "/docs/%00", "/api/v3/openapi.json"):
        page = stranger.get(path, headers={"Host": "x'><script>alert(1)</script>"})
        assert "<script>alert(1)" not in page.get_data(as_text=True), path
        assert page.status_code in (200, 400, 404)


def test_client_names_are_not_in_the_document(app, eve):
    factories.client("<script>alert(1)</script>")
    stranger = app.test_client(use_cookies=False)
    assert "alert(1)" not in stranger.get("/api/v3/openapi.json").get_data(as_text=True)
    assert count(Comment) == 0
