"""Requests that are not quite HTTP, or not quite a form, get an answer like any other."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys

CONTENTS = {"words": b"A brief of a few words.", "nothing": b"", "a picture": b"\x89PNG\r\n\x1a\n" + bytes(50)}
NAMELESS = (
    'name="file"; filename=""',
    'filename=""',
    'filename="a.txt"',
    "name=file; filename=''",
    'name="file"; filename',
)


@pytest.fixture
def client(app):
    app.testing = False  # what breaks is an answer, as for people
    return factories.client()


def form(client, disposition, content, field="clientId"):
    start = f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{client.id}\r\n'
    return f"{start}--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n--b--\r\n"


@pytest.mark.parametrize("what", CONTENTS)
def test_a_file_without_a_name_is_taken_or_refused(browse, eve, client, what):
    key = api_keys.create(eve, ApiKeyDraft(name="a program"))[1]
    for disposition in NAMELESS:
        body, kind = form(client, disposition, CONTENTS[what]), "multipart/form-data; boundary=b"
        headers = {"Authorization": f"Bearer {key}", "Prefer": "respond-async"}
        said = browse(None).post("/api/v3/assets", data=body, content_type=kind, headers=headers)
        assert said.status_code in (202, 400, 422)
        assert said.get_json()["success"] is (said.status_code == 202)
        page = form(client, disposition, CONTENTS[what], field="other")
        for more in ({}, {"HX-Request": "true"}):
            shown = browse(eve).post(f"/clients/{client.id}/assets", data=page, content_type=kind, headers=more)
            assert shown.status_code in (200, 303, 400, 422)


def test_bytes_that_came_without_a_name_are_kept(browse, eve, client):
    key = api_keys.create(eve, ApiKeyDraft(name="a program"))[1]
    body, kind = form(client, 'name="file"; filename=""', CONTENTS["words"]), "multipart/form-data; boundary=b"
    headers = {"Authorization": f"Bearer {key}", "Prefer": "respond-async"}
    said = browse(None).post("/api/v3/assets", data=body, content_type=kind, headers=headers)
    assert (said.status_code, said.get_json()["data"]["name"]) == (202, "Upload.txt")
    page = browse(eve).post(f"/clients/{client.id}/assets", data=body, content_type=kind)
    assert page.status_code == 303


QUERIES = ["q=\xff", "\xff=1&a=\xfe\xff", "q=%ff", "q=\x00", "q=é", "&=&;;=", "q=" + "\xff" * 3000]
PATHS = ["/", "/api/v3/clients", "/sign-in", "/nowhere", "/healthz"]


def test_bytes_a_query_may_not_have(browse, eve, client):
    browser = browse(eve)
    for path in PATHS:
        for query in QUERIES:
            answer = browser.get(path, environ_overrides={"QUERY_STRING": query})
            assert answer.status_code < 500, (path, query[:20])


NO_HOSTS = [
    "a" * 300,
    "a" * 64,
    "a..b",
    "[::1",
    "a b",
    "user@a",
    "\xff",
    "",
    "a:b",
    "a:999999",
    "../x",
    "<b>",
    ".",
    "-",
]
HOSTS = ["localhost", "slate.example.com:8443", "10.0.0.7", "[::1]:80", "xn--mnchen-3ya.example", "my_box", "a.b."]


def test_a_host_that_is_none_is_refused_with_a_page(browse, client):
    browser = browse(None)
    for path in PATHS:
        for host in NO_HOSTS:
            answer = browser.get(path, environ_overrides={"HTTP_HOST": host})
            assert answer.status_code == 400, (path, host[:20])
    for host in HOSTS:
        assert browser.get("/sign-in", environ_overrides={"HTTP_HOST": host}).status_code == 200, host
