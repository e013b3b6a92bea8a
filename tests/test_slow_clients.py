"""Slow, idle and greedy clients: everybody else is answered, and what they held comes back."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack

import pytest

from tests import factories
from tests.raw_server import ask, connect, head, receive, running, until
from webapp import web_server
from webapp.config import MB
from webapp.extensions import transaction
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys, blobs
from webapp.views import blobs as blob_views

LARGE = random.Random(5).randbytes(8 * MB)


@pytest.fixture
def film(app):
    """The path of a file of 8 MB."""
    with transaction():
        blob = blobs.put(LARGE, "video/mp4")
    asset = factories.asset(factories.client(), "film.mp4", kind="video", format="mp4", blob_id=blob.id)
    return f"/api/v3/assets/{asset.id}/data"


def key_of(person):
    return f"Bearer {api_keys.create(person, ApiKeyDraft(name='a program'))[1]}"


def slow_reader(server, path, **headers):
    client = connect(server, receive_buffer=4096)
    client.sendall(head("GET", path, **headers))
    return client


def test_slow_readers_hold_no_thread_and_get_half_of_the_places(app, ben, eve, film):
    bens, eves = key_of(ben), key_of(eve)
    with running(app) as server:
        readers = [slow_reader(server, film, Authorization=bens) for _ in range(40)]
        until(lambda: blob_views._large.taken == blob_views.LARGE_AT_ONCE // 2)
        assert ask(server, "GET", "/healthz").status == 200
        refused = ask(server, "GET", film, Authorization=bens)
        assert (refused.status, refused.headers["retry-after"]) == (503, "10")
        assert b"Many large files" in refused.body
        assert ask(server, "GET", film, Authorization=eves).body == LARGE, "others have the other half"
        part = ask(server, "GET", film, Authorization=bens, Range="bytes=0-")
        assert (part.status, len(part.body)) == (206, 4 * MB), "players ask like this"
        assert ask(server, "HEAD", film, Authorization=bens).status == 200
        answers = [client.recv(12) for client in readers]
        assert sorted(answers) == sorted([b"HTTP/1.1 200"] * 16 + [b"HTTP/1.1 503"] * 24)
        for client in readers:
            client.close()
        until(lambda: blob_views._large.taken == 0)
        assert ask(server, "GET", film, Authorization=bens).body == LARGE
        until(lambda: blob_views._large.taken == 0)


def test_the_control_pieces_in_threads_stop_all_answers(app, ben, monkeypatch):
    """As many slow readers as threads, of more than waitress keeps in its buffers."""
    with transaction():
        blob = blobs.put(bytes(24 * MB), "video/mp4")
    asset = factories.asset(factories.client(), "film.mp4", kind="video", format="mp4", blob_id=blob.id)
    path, bens = f"/api/v3/assets/{asset.id}/data", key_of(ben)
    for naive in (True, False):
        with running(app, naive=naive, web_threads=4) as server, ExitStack() as stack:
            for _ in range(4):
                stack.enter_context(slow_reader(server, path, Authorization=bens))
            until(lambda: blob_views._large.taken == 4)
            with connect(server) as another:
                another.settimeout(3 if naive else 60)
                another.sendall(head("GET", "/healthz"))
                if naive:
                    with pytest.raises(TimeoutError):
                        receive(another)
                else:
                    assert receive(another).status == 200
        until(lambda: blob_views._large.taken == 0)


def test_a_reader_who_leaves_or_whose_answer_fails_gives_the_place_back(app, eve, film, browse):
    @app.after_request
    def fail(response):
        if response.headers.get("X-Fail") or (response.status_code == 200 and app.config.get("FAILS")):
            raise ZeroDivisionError
        return response

    path = film.removeprefix("/api/v3").replace("/api", "")
    browser = browse(eve)
    app.testing, app.config["FAILS"] = False, True
    assert browser.get(path).status_code == 500
    app.config["FAILS"] = False
    with browser.get(path) as answer:
        assert answer.status_code == 200
        assert blob_views._large.taken == 1
    assert blob_views._large.taken == 0
    assert browser.head(path).status_code == 200
    assert blob_views._large.taken == 0


def test_one_address_holds_no_more_than_its_connections(app, monkeypatch):
    monkeypatch.setattr(web_server, "CONNECTIONS_OF_ONE", 20)
    with running(app) as server, ExitStack() as idle:
        for _ in range(20):
            idle.enter_context(connect(server))
        turned_away = receive(idle.enter_context(connect(server)))
        assert (turned_away.status, turned_away.headers["retry-after"]) == (503, "10")
        with socket.create_connection(("127.0.0.1", server.port), source_address=("127.0.0.3", 0)) as other:
            other.sendall(head("GET", "/healthz"))
            assert receive(other).status == 200
        idle.close()
        until(lambda: not server.clients.taken)
        assert ask(server, "GET", "/healthz").status == 200


def test_offices_fit_and_a_thousand_idle_connections_do_not_shut_others_out(app):
    assert web_server.CONNECTIONS_OF_ONE >= 200
    assert web_server.CONNECTIONS >= 3 * web_server.CONNECTIONS_OF_ONE


def test_behind_a_proxy_whom_it_names_is_counted_and_itself_is_not(app, monkeypatch):
    monkeypatch.setattr(web_server, "CONNECTIONS_OF_ONE", 20)
    slow = {"Content_Length": "100", "Sec_Fetch_Site": "same-origin"}
    with running(app, trusted_proxies=1) as server, ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(connect(server))  # a proxy's own, without a request
        bodies = [stack.enter_context(connect(server)) for _ in range(20)]
        for number, client in enumerate(bodies):
            client.sendall(head("POST", "/sign-in", X_Forwarded_For=f"198.51.100.{number}, 203.0.113.7", **slow))
        until(lambda: server.clients.taken == 20)
        refused = ask(server, "GET", "/healthz", X_Forwarded_For="203.0.113.7")
        assert (refused.status, refused.headers["retry-after"]) == (429, "10")
        assert ask(server, "GET", "/healthz", X_Forwarded_For="203.0.113.7, 203.0.113.8").status == 200
        for client in bodies[:10]:
            client.sendall(b"x" * 100)
            assert receive(client)
        until(lambda: server.clients.taken == 10)
        with connect(server) as kept:  # many requests of many people over one connection of the proxy
            for number in range(30):
                kept.sendall(head("GET", "/healthz", X_Forwarded_For=f"203.0.113.{number}"))
                assert receive(kept).status == 200
        until(lambda: server.clients.taken == 10)


@pytest.mark.parametrize(
    ("limit", "sent"),
    [
        ("IDLE_SECONDS", b""),
        ("HEADER_SECONDS", b"GET / HTTP/1.1\r\nHost: loc"),
        ("STALLED_SECONDS", head("POST", "/sign-in", Content_Length="100") + b"half"),
        ("IDLE_SECONDS", head("GET", "/healthz")),
    ],
)
def test_whoever_stops_halfway_is_let_go(app, monkeypatch, limit, sent):
    """With the one limit at a moment and the others out of reach: each is for its own trouble."""
    for name in ("IDLE_SECONDS", "HEADER_SECONDS", "STALLED_SECONDS", "UNREAD_SECONDS"):
        monkeypatch.setattr(web_server, name, 0.2 if name == limit else 1000)
    monkeypatch.setattr(web_server, "LOOK_SECONDS", 0)
    with running(app) as server, connect(server) as client:
        client.sendall(sent)
        while client.recv(65536):
            continue
        until(lambda: not server.clients.taken)


def test_a_reader_who_stops_is_let_go_and_one_who_reads_is_not(app, eve, film, monkeypatch):
    monkeypatch.setattr(web_server, "UNREAD_SECONDS", 0.5)
    monkeypatch.setattr(web_server, "LOOK_SECONDS", 0)
    key = key_of(eve)
    with running(app) as server, slow_reader(server, film, Authorization=key):
        until(lambda: blob_views._large.taken == 1)
        assert ask(server, "GET", film, Authorization=key).body == LARGE
        until(lambda: blob_views._large.taken == 0)


@pytest.mark.parametrize("drips", [b"x", b"X-Drip: y\r\n"])
def test_drops_at_a_time_do_not_keep_a_connection(app, monkeypatch, drips):
    monkeypatch.setattr(web_server, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(web_server, "STALLED_SECONDS", 0.3)
    monkeypatch.setattr(web_server, "LOOK_SECONDS", 0)
    first = head("POST", "/sign-in", Content_Length="9000") if drips == b"x" else b"GET / HTTP/1.1\r\n"
    with running(app) as server, connect(server) as client:
        client.sendall(first)
        client.settimeout(0.05)
        while _is_open(client):
            try:
                client.sendall(drips)
            except ConnectionError:
                break


def _is_open(client):
    try:
        return bool(client.recv(10))
    except TimeoutError:
        return True
    except ConnectionError:
        return False


def test_the_idlest_makes_way_when_there_is_no_room(app, monkeypatch):
    monkeypatch.setattr(web_server, "CONNECTIONS", 10)
    with running(app) as server, ExitStack() as stack:
        busy = stack.enter_context(connect(server))
        busy.sendall(head("POST", "/sign-in", Content_Length="100"))
        until(lambda: len(server.active_channels) == 1)
        idle = [stack.enter_context(connect(server)) for _ in range(30)]
        assert ask(server, "GET", "/healthz").status == 200
        assert len(server.active_channels) <= 11
        assert idle[0].recv(1) == b""
        busy.sendall(b"x" * 100)
        assert receive(busy)
