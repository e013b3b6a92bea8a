"""Whether a name exists on the network behind the server is not told to whoever may add a link."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests import factories
from webapp.extensions import db
from webapp.models import Asset
from webapp.services import asset_intake

if TYPE_CHECKING:
    from webapp.models import User

ASYNC = {"Prefer": "respond-async"}
INSIDE = {
    "wiki.corp.example": "10.0.0.5",
    "printer.lan.example": "192.168.1.9",
    "here.example": "127.0.0.1",
    "six.example": "fd00::5",
}


@pytest.fixture
def names(monkeypatch):
    """Answer look-ups as the name server of an office does."""

    def getaddrinfo(host, port, *_, **__):
        if host not in INSIDE:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (INSIDE[host], port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.usefixtures("names")
def test_known_and_unknown_names_are_refused_alike(api, eve: User):
    program, fjell = api(eve), factories.client("Fjell Coffee")

    def answered(host: str) -> tuple:
        body = {"url": f"http://{host}/logo.png", "clientId": fjell.id}
        asset_id = program.post("/assets", json=body, headers=ASYNC).json["data"]["id"]
        asset_intake.take_in(asset_id, 1)
        db.session.expire_all()
        row = db.session.get(Asset, asset_id)
        said = program.get(f"/assets/{asset_id}").json["data"]
        texts = {key: str(value).replace(host, "HOST") for key, value in said.items() if key in FACTS}
        return texts, row.error.replace(host, "HOST"), row.hint, row.error_code, row.can_retry

    nobody = answered("nobody.corp.example")
    assert "does not lead to an address on the public internet" in nobody[1]
    for host in INSIDE:
        assert answered(host) == nobody


FACTS = {"status", "error", "hint", "canRetry", "name", "type", "format", "finalUrl", "sizeBytes"}
