"""Bodies on their way in: nothing large from strangers, and of everybody's together no more than there is room for."""

from __future__ import annotations

import itertools
import json
import tempfile
from contextlib import ExitStack, suppress

import pytest

from tests import factories
from tests.raw_server import ask, connect, head, open_files, receive, running, until
from tests.test_slow_clients import key_of
from webapp import request_bodies
from webapp.config import MB
from webapp.models import Asset
from webapp.services import sign_ins, tokens
from webapp.views import bodies

ALIKE = tokens.fresh()
"""A token as long and as random as a real one."""
STRANGERS = {
    "nothing": {},
    "a made-up cookie": {"Cookie": f"slate_session={ALIKE}"},
    "a made-up key": {"Authorization": f"Bearer slate_{ALIKE}"},
    "a made-up guest": {"Cookie": f"slate_guest_abc={ALIKE}"},
    "a made-up key elsewhere": {"X_API_Key": f"slate_{ALIKE}"},
    "nonsense": {"Cookie": "slate_session=\xff\xfe;;=,\x01", "Authorization": "Bearer \xff"},
    "says it is another address": {"X_Forwarded_For": "127.0.0.1", "Cookie": "slate_session=x"},
}
PATHS = ["/sign-in", "/clients/abc/assets", "/api/v3/assets", "/review/abc/comments", "/nowhere", "/healthz"]


@pytest.fixture(autouse=True)
def in_the_data_folder(settings, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(settings.temporary))


def unfinished(stack, server, path, piece=3 * MB, **headers):
    """Send the beginning of a body of 50 MB."""
    client = stack.enter_context(connect(server))
    client.sendall(head("POST", path, Content_Length=str(50 * MB), Sec_Fetch_Site="same-origin", **headers))
    with suppress(ConnectionError):
        client.sendall(bytes(piece))
    return client


def test_of_a_strangers_body_nothing_is_kept(app, settings):
    with running(app) as server, ExitStack() as stack:
        for path, who in itertools.product(PATHS, STRANGERS):
            client = unfinished(stack, server, path, **STRANGERS[who])
            answer = receive(client)
            assert 300 <= answer.status < 500, (path, who)
            assert answer.headers["connection"] == "close"
        assert open_files(settings.temporary) == 0
        assert server.room._places.taken == 0


def test_the_control_waitress_alone_keeps_it(app, settings):
    with running(app, naive=True) as server, ExitStack() as stack:
        for path in PATHS:
            unfinished(stack, server, path)
        until(lambda: open_files(settings.temporary) >= len(PATHS) * 2 * MB)


def test_of_a_strangers_chunks_neither(app, settings):
    with running(app) as server:
        for headers in STRANGERS.values():
            with connect(server) as client:
                client.sendall(head("POST", "/api/v3/assets", Transfer_Encoding="chunked", **headers))
                with suppress(ConnectionError):
                    for _ in range(40):
                        client.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")
                assert 400 <= receive(client).status < 500
        assert open_files(settings.temporary) == 0


def test_a_stranger_hears_the_reason_with_each_face(app):
    with running(app) as server:
        large = {"Content_Length": str(50 * MB), "Sec_Fetch_Site": "same-origin"}
        said = ask(server, "POST", "/api/v3/assets", **large)
        assert (said.status, json.loads(said.body)["meta"]["code"]) == (401, "unauthorized")
        page = ask(server, "POST", "/sign-in", **large)
        assert page.status == 413
        assert "64 KB without signing in" in page.body.decode()


def test_expect_100_continue_is_not_invited(app):
    with running(app) as server, connect(server) as client:
        client.sendall(head("POST", "/sign-in", Content_Length=str(50 * MB), Expect="100-continue"))
        assert receive(client).status in (403, 413)


def test_what_follows_a_refused_body_is_no_request(app):
    """A body may look like a request; it must never be read as one."""
    inside = head("GET", "/healthz")
    with running(app) as server, connect(server) as client:
        client.sendall(head("POST", "/sign-in", Content_Length=str(50 * MB), Sec_Fetch_Site="same-origin") + inside)
        first = receive(client)
        assert first.status == 413
        client.sendall(inside)
        assert client.recv(1000) == b""


def test_a_client_that_sends_on_can_still_read_the_answer(app):
    with running(app) as server, connect(server) as client:
        client.sendall(head("POST", "/sign-in", Content_Length=str(5 * MB), Sec_Fetch_Site="same-origin"))
        client.sendall(bytes(5 * MB))  # no reset while it is sent
        assert receive(client).status == 413


def test_people_and_programs_send_large_files(app, eve, settings):
    client, token = factories.client(), sign_ins.begin(eve, address="127.0.0.1", user_agent="a browser")
    content = b"\x89PNG\r\n\x1a\n" + bytes(3 * MB)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="clientId"\r\n\r\n' + client.id.encode() + b"\r\n"
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + content + b"\r\n--b--\r\n"
    )
    sender = {"Content_Type": "multipart/form-data; boundary=b", "Prefer": "respond-async"}
    for way in ({"Authorization": key_of(eve)}, {"Cookie": f"slate_session={token}", "Sec_Fetch_Site": "same-origin"}):
        for chunked in (False, True):
            size = {"Transfer_Encoding": "chunked"} if chunked else {"Content_Length": str(len(body))}
            with running(app) as server, connect(server) as program:
                sent = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if chunked else body
                program.sendall(head("POST", "/api/v3/assets", **sender, **way, **size) + sent)
                assert receive(program).status == 202
                until(lambda: server.room._places.taken == 0)
    assert app.extensions["sqlalchemy"].session.query(Asset).count() == 4


def test_bodies_lie_in_the_data_folder_and_are_counted_until_they_end(app, eve, ada, settings, monkeypatch):
    monkeypatch.setattr(request_bodies, "UPLOADS_AT_ONCE", 2)
    eves, adas = {"Authorization": key_of(eve)}, {"Authorization": key_of(ada)}
    with running(app, max_asset_download_size_mb=60) as server, ExitStack() as stack:
        first = unfinished(stack, server, "/api/v3/assets", **eves)
        until(lambda: open_files(settings.temporary) >= 2 * MB)
        assert server.room._places.taken == 50 * MB
        again = receive(unfinished(stack, server, "/api/v3/assets", **eves))
        assert (again.status, again.headers["retry-after"]) == (503, "10")
        others = unfinished(stack, server, "/api/v3/assets", **adas)
        until(lambda: server.room._places.taken == 100 * MB)
        first.close()
        others.close()
        until(lambda: server.room._places.taken == 0)
        assert open_files(settings.temporary) == 0


def test_a_body_there_is_no_room_for_is_refused_before_it_comes(app, eve):
    with running(app, min_free_disk_mb=10**9) as server, ExitStack() as stack:
        refused = receive(unfinished(stack, server, "/api/v3/assets", Authorization=key_of(eve)))
        assert refused.status == 507
        assert json.loads(refused.body)["meta"]["code"] == "disk_full"


def test_more_than_one_file_may_have_is_refused_from_its_length(app, eve):
    with running(app) as server:
        large = {"Authorization": key_of(eve), "Content_Length": str(500 * MB)}
        refused = ask(server, "POST", "/api/v3/assets", **large)
        assert (refused.status, json.loads(refused.body)["meta"]["code"]) == (413, "too_large")
        assert "100 MB" in refused.body.decode()


def test_keys_and_cookies_count_while_they_work(app, eve, ada, browse):
    """The gate knows exactly those whom the app lets in."""
    key, token = key_of(eve), sign_ins.begin(ada, address="127.0.0.1", user_agent="a browser")
    environ = {"REQUEST_METHOD": "POST", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
    with_key = environ | {"PATH_INFO": "/api/v3/assets", "HTTP_AUTHORIZATION": key}
    with_cookie = environ | {"PATH_INFO": "/clients/x/assets", "HTTP_COOKIE": f"slate_session={token}"}
    assert bodies.sender(app, with_key) == f"person:{eve.id}"
    assert bodies.sender(app, with_key | {"PATH_INFO": "/clients/x/assets"}) == "", "keys open the API only"
    assert bodies.sender(app, with_cookie) == f"person:{ada.id}"
    sign_ins.end(token)
    assert bodies.sender(app, with_cookie) == ""
    from webapp.services import people

    people.deactivate(ada, eve)
    assert bodies.sender(app, with_key) == ""
