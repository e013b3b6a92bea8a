"""Thieves of API keys, and people who try to get further with one than its owner could."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests import factories
from webapp import create_app
from webapp.extensions import db, transaction
from webapp.models import ApiKey, Client, Role, utcnow
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys, people, throttles

CLIENTS = "/api/v3/clients"
WRONG = "slate_" + "x" * 43


@pytest.fixture
def key(eve):
    return api_keys.create(eve, ApiKeyDraft(name="Import"))[1]


@pytest.fixture
def stranger(app):
    return app.test_client(use_cookies=False)


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def test_a_key_is_taken_from_both_headers_however_bearer_is_written(stranger, key):
    for headers in (
        {"Authorization": f"Bearer {key}"},
        {"Authorization": f"bearer {key}"},
        {"Authorization": f"BEARER   {key} "},
        {"X-API-Key": key},
        {"x-api-key": f" {key} "},
        {"Authorization": "Basic ZXZlOnB3", "X-API-Key": key},  # what a proxy asks for is its own matter
    ):
        assert stranger.get(CLIENTS, headers=headers).status_code == 200, headers


def test_a_key_is_taken_from_nowhere_else(stranger, key):
    """Addresses end in logs and histories, cookies come along by themselves, bodies are content."""
    assert stranger.get(f"{CLIENTS}?api_key={key}").status_code == 401
    assert stranger.get(f"{CLIENTS}?key={key}&access_token={key}&X-API-Key={key}").status_code == 401
    assert stranger.post(CLIENTS, json={"name": "x", "apiKey": key}).status_code == 401
    assert stranger.post(CLIENTS, data={"access_token": key}).status_code == 401
    assert stranger.get(CLIENTS, headers={"Cookie": f"slate_session={key}"}).status_code == 401
    assert stranger.get(CLIENTS, headers={"Authorization": key}).status_code == 401
    assert stranger.get(CLIENTS, headers={"Authorization": f"Token {key}"}).status_code == 401
    assert stranger.get(CLIENTS, auth=("eve@example.com", key)).status_code == 401


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "slate_",
        "é",
        "\u2028".encode().decode("latin-1"),
        "x" * 50_000,
        "' OR 1=1 --",
        "None",
        "null",
        "*",
        "%",
    ],
)
def test_nonsense_for_a_key_is_refused_in_the_envelope(stranger, eve, key, text):
    for headers in (bearer(text), {"X-API-Key": text}):
        answer = stranger.get(CLIENTS, headers=headers)
        assert answer.status_code == 401
        assert answer.json["meta"]["code"] == "unauthorized"


def test_a_hash_is_not_a_key(stranger, key):
    """Whoever reads the database has no keys."""
    kept = db.session.query(ApiKey).one()
    for text in (kept.key_hash, f"slate_{kept.key_hash}", kept.id, kept.start, key.upper(), key[:-1], f"{key}x"):
        assert stranger.get(CLIENTS, headers=bearer(text)).status_code == 401
        with transaction():
            db.session.execute(db.text("DELETE FROM throttles"))


def test_a_key_opens_no_page(app, stranger, key):
    """Pages are for people who signed in; a key that got lost does not change passwords or make further keys."""
    headers = bearer(key) | {"X-API-Key": key, "Sec-Fetch-Site": "same-origin"}
    pages = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments and not rule.rule.startswith("/api/")
    ]
    open_pages = [path for path in pages if stranger.get(path).status_code == 200]
    assert len(pages) > 10
    assert [path for path in pages if stranger.get(path, headers=headers).status_code == 200] == open_pages
    assert "/account" not in open_pages
    for path in ("/account", "/account/api-keys", "/clients", "/"):
        assert stranger.get(path, headers=headers).status_code == 303
    for path in ("/account/api-keys", "/account/password", "/account/name", "/clients", "/sign-out"):
        stranger.post(path, headers=headers, data={"name": "Mallory", "days": "0", "password": "gravel otter 42"})
    assert db.session.query(ApiKey).count() == 1
    assert db.session.query(Client).count() == 0
    assert people.by_email("eve@example.com").name == "Eve Holt"


@pytest.mark.parametrize("path", ["/api/v3/../../account", "/API/v3/clients", "//api/v3/clients", "/api/v3//clients"])
def test_a_key_opens_nothing_by_a_trick_of_the_address(stranger, key, path):
    answer = stranger.get(path, headers=bearer(key))
    assert answer.status_code in (303, 308, 404)
    assert "Eve Holt" not in answer.text


def test_a_bad_key_beside_good_cookies_is_refused(browse, eve, ada):
    """Whoever sends a key means it: nobody works on in somebody else's name when it stops working."""
    browser = browse(ada)
    assert browser.get(CLIENTS).status_code == 200
    revoked, text = api_keys.create(eve, ApiKeyDraft(name="x"))
    api_keys.revoke(eve, revoked.id)
    for wrong in (WRONG, text):
        for headers in (bearer(wrong), {"X-API-Key": wrong}):
            assert browser.get(CLIENTS, headers=headers).status_code == 401
            assert browser.post(CLIENTS, headers=headers, json={"name": "x"}).status_code == 401
    assert db.session.query(Client).count() == 0
    assert browser.get(CLIENTS).status_code == 200


def test_an_empty_key_is_none_so_cookies_count_and_so_does_where_they_come_from(app, browse, ada):
    browser = browse(ada)
    browser.environ_base.pop("HTTP_SEC_FETCH_SITE")
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    for headers in ({"Authorization": "Bearer "}, {"X-API-Key": ""}, {"Authorization": "Basic x"}):
        answer = browser.post(CLIENTS, headers=foreign | headers, json={"name": "x"})
        assert answer.status_code == 403
    assert db.session.query(Client).count() == 0


def test_revoking_expiring_and_a_new_role_count_at_the_next_request(stranger, ada, eve):
    made, text = api_keys.create(eve, ApiKeyDraft(name="x", days=30))

    def post():
        return stranger.post(CLIENTS, headers=bearer(text), json={"name": "Fjell"}).status_code

    assert post() == 201
    people.change_role(ada, eve, Role.REVIEWER)
    assert post() == 403
    assert stranger.get(CLIENTS, headers=bearer(text)).status_code == 200
    people.change_role(ada, eve, Role.EDITOR)
    assert post() == 201
    people.deactivate(ada, eve)
    assert post() == 401
    people.reactivate(ada, eve)
    with transaction():
        made.expires_at = utcnow()
    assert post() == 401
    with transaction():
        made.expires_at = None
    assert post() == 201
    api_keys.revoke(eve, made.id)
    assert post() == 401
    assert db.session.query(Client).count() == 3


def test_one_request_asks_once_who_is_there(app, stranger, eve, key):
    """One SELECT for the key, whatever else is asked; nobody's cookies are looked at."""
    from tests.house.test_queries import counted

    stranger.get(CLIENTS, headers=bearer(key))  # its use is noted now, and not again within five minutes
    with counted() as statements:
        assert stranger.get(CLIENTS, headers=bearer(key) | {"Cookie": "slate_session=x"}).status_code == 200
    asked = [each for each in statements if "api_keys" in each or "users" in each or "sign_ins" in each]
    assert len(asked) == 1
    assert asked[0].startswith("SELECT")
    assert not [each for each in statements if each.split()[0] in ("UPDATE", "INSERT", "DELETE")]


def test_guessing_is_slowed_down_by_address_and_the_office_works_on(stranger, key):
    there = {"REMOTE_ADDR": "203.0.113.9"}
    answers = [stranger.get(CLIENTS, headers=bearer(WRONG)) for _ in range(throttles.FREE_TRIES + 1)]
    assert [each.status_code for each in answers] == [401] * throttles.FREE_TRIES + [429]
    refused = answers[-1]
    assert 1 <= int(refused.headers["Retry-After"]) <= 15 * 60
    assert refused.json["meta"]["code"] == "rate_limited"
    assert refused.json["data"] is None
    assert stranger.get(CLIENTS, headers=bearer(key)).status_code == 200
    assert stranger.get(CLIENTS, headers=bearer(WRONG), environ_overrides=there).status_code == 401
    assert stranger.get(CLIENTS, headers={"X-API-Key": WRONG}).status_code == 429  # the same door


def test_a_forged_address_does_not_help_a_guesser(stranger):
    codes = [
        stranger.get(CLIENTS, headers=bearer(WRONG) | {"X-Forwarded-For": f"203.0.{number}.1"}).status_code
        for number in range(throttles.FREE_TRIES + 1)
    ]
    assert codes[-1] == 429


def test_guessing_keys_does_not_shut_people_out_of_signing_in(app, browse, stranger):
    people.add("kim@example.com", "Kim", Role.EDITOR, factories.PASSWORD)
    for _ in range(throttles.FREE_TRIES + 3):
        stranger.get(CLIENTS, headers=bearer(WRONG))
    typed = {"email": "kim@example.com", "password": factories.PASSWORD}
    assert browse(None).post("/sign-in", data=typed).location == "/"


def test_refusals_repeat_nothing_of_a_key(stranger, eve):
    made, text = api_keys.create(eve, ApiKeyDraft(name="x"))
    api_keys.revoke(eve, made.id)
    for wrong in (text, WRONG):
        answer = stranger.get(CLIENTS, headers=bearer(wrong))
        assert wrong[:10] not in answer.text + str(answer.headers)


def test_logs_never_hold_a_key(settings, eve, caplog):
    """At the chattiest, with good and bad keys in every place, refusals and a failure."""
    text = api_keys.create(eve, ApiKeyDraft(name="x"))[1]
    chatty = create_app(replace(settings, log_level="DEBUG"))
    chatty.testing = False

    @chatty.get("/api/v3/broken")
    def broken():
        raise RuntimeError("broken")

    caplog.set_level(logging.DEBUG)
    client = chatty.test_client()
    for path in (CLIENTS, "/api/v3/broken", "/api/v3/nothing", "/clients", f"{CLIENTS}?api_key={text}"):
        for sent in (text, WRONG):
            client.get(path, headers=bearer(sent))
            client.post(path, headers={"X-API-Key": sent, "Origin": "https://evil.example"}, json={"name": 1})
    assert "broken" in caplog.text  # the control: we do hear what is logged
    assert "cross-site" in caplog.text
    for secret in (text, WRONG):
        assert secret[10:] not in caplog.text
    with chatty.app_context():
        db.engine.dispose()


def test_a_running_slate_with_debug_logs_writes_no_key(settings, eve):
    """The real server, its worker left out: what it prints and writes to its folder, but for the database's hash."""
    text = api_keys.create(eve, ApiKeyDraft(name="x"))[1]
    db.session.remove()
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {"PATH": os.environ["PATH"], "SLATE_DATA": str(settings.data), "PORT": str(port), "LOG_LEVEL": "DEBUG"}
    command = [sys.executable, "-m", "webapp.cli", "serve", "--no-worker"]
    running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        codes = [fetch(port, CLIENTS, sent) for sent in (text, WRONG)]
        codes.append(fetch(port, f"{CLIENTS}?api_key={text}", ""))
        codes.append(fetch(port, "/account", text))
    finally:
        running.terminate()
        said = running.communicate(timeout=30)[0]
    assert codes[:3] == [200, 401, 401]
    assert "Slate is at" in said
    for secret in (text, WRONG):
        assert secret[10:] not in said
        assert not [
            path for path in settings.data.rglob("*") if path.is_file() and secret[10:].encode() in path.read_bytes()
        ]


def fetch(port, path, key):
    """Ask a Slate that is starting."""
    request = Request(f"http://127.0.0.1:{port}{path}", headers=bearer(key) if key else {})
    for _ in range(150):
        try:
            with urlopen(request, timeout=10) as answer:
                return answer.status
        except HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.2)
    pytest.fail("Slate did not start.")


def test_pages_never_show_a_key_again(app, browse, ada, eve):
    text = api_keys.create(eve, ApiKeyDraft(name="x"))[1]
    rest = text[api_keys.START :]
    for who in (eve, ada):
        browser = browse(who)
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and not rule.arguments:
                page = browser.get(rule.rule, buffered=True)
                assert rest not in page.get_data(as_text=True), rule.rule


def test_a_key_made_by_a_foreign_page_is_never_made(browse, eve):
    browser = browse(eve)
    browser.environ_base.pop("HTTP_SEC_FETCH_SITE")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://localhost:8001"}, {}):
        assert browser.post("/account/api-keys", data={"name": "x"}, headers=headers).status_code == 403
    assert db.session.query(ApiKey).count() == 0


def test_a_page_with_a_key_is_kept_by_no_cache(browse, eve):
    answer = browse(eve).post("/account/api-keys", data={"name": "x", "days": "30"})
    assert re.search(r"slate_[\w-]{43}", answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_answers_to_a_key_are_kept_by_no_shared_cache(stranger, key):
    answer = stranger.get(CLIENTS, headers=bearer(key))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert json.loads(answer.text)["success"]


def test_a_foreign_pages_script_may_not_ask_with_a_key(stranger, key):
    """No CORS: a browser asks first, and is not told that it may."""
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Headers": "authorization"}
    answer = stranger.options(CLIENTS, headers=headers | {"Access-Control-Request-Method": "GET"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Headers" not in answer.headers
