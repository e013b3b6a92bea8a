"""What a Host header may decide: which pages are answered, never where a link to another person leads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import factories
from webapp.views import security


def answer(app, public_url, host):
    app.extensions["settings"] = replace(app.extensions["settings"], public_url=public_url)
    return factories.signed_in(app, None).get("/sign-in", headers={"Host": host}).status_code


@pytest.mark.parametrize(
    "host", ["slate.example.com", "slate.example.com:8443", "SLATE.example.com:9", "localhost:8000"]
)
@pytest.mark.parametrize(
    "public_url", ["https://slate.example.com:8443", "https://slate.example.com", "http://slate.example.com:8080/"]
)
def test_a_public_address_is_compared_by_its_name_alone(app, public_url, host):
    assert answer(app, public_url, host) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "slate.example.com.evil.example", "evil.example:8443", "slate.example.com@evil.example", "[", ""],
)
def test_another_name_is_refused(app, host):
    assert answer(app, "https://slate.example.com:8443", host) == 400


def invitation(app, host, public_url=""):
    app.extensions["settings"] = replace(app.extensions["settings"], public_url=public_url)
    with app.test_request_context("/people", base_url=f"http://{host}"):
        return security.absolute("/invitations/x").removesuffix("/invitations/x")


@pytest.mark.parametrize(
    "host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "192.168.1.20:8000", "10.0.0.5", "[fd00::7]:8000"]
)
def test_an_invitation_follows_a_host_that_nobody_else_can_own(app, host):
    assert invitation(app, host) == f"http://{host}"


@pytest.mark.parametrize(
    "host", ["evil.example", "192.168.1.20.evil.example", "203.0.114.9:8000", "localhost.evil.example"]
)
def test_an_invitation_never_follows_a_claimed_name(app, host):
    assert invitation(app, host) == "http://127.0.0.1:8000"


def test_with_a_public_address_an_invitation_has_that(app):
    assert invitation(app, "localhost", "https://slate.example.com:8443") == "https://slate.example.com:8443"
