"""Links as people paste them are read alike wherever one is typed: on pages, and in all bodies of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests import factories
from tests.api.v3.briefs import brief
from tests.views.test_jobs import BRIEF
from webapp.extensions import db
from webapp.models import Asset, Campaign, Webhook
from webapp.models import Client as ClientRow

if TYPE_CHECKING:
    from webapp.models import Client, User

LINK = "https://files.example/a_(1).png"
ASYNC = {"Prefer": "respond-async"}
PASTED = (
    f"{LINK}\u200b", f"\ufeff{LINK}\u00a0", f"See “{LINK}”", f"«{LINK}».", f"<{LINK}>", f"[logo]({LINK})", f"({LINK}),",
    "https://files.example/\n a_(1).png", f"HTTPS{LINK[5:]}", f"\u202a{LINK}\u202c;", f"“{LINK}”",
)  # fmt: skip


@pytest.fixture
def fjell(app) -> Client:
    return factories.client("Fjell Coffee")


def source() -> str:
    db.session.rollback()
    return db.session.scalars(select(Asset.source_url)).one()


@pytest.mark.parametrize("pasted", PASTED)
def test_assets_by_link(pasted: str, api, browse, eve: User, fjell: Client):
    program, browser = api(eve), browse(eve)
    ways = (
        lambda: program.post("/assets", json={"url": pasted, "clientId": fjell.id}, headers=ASYNC),
        lambda: program.post("/assets/from-url", json={"url": pasted, "clientId": fjell.id}, headers=ASYNC),
        lambda: program.post(
            "/assets/from-urls", json={"clientId": fjell.id, "assets": [{"url": pasted}]}, headers=ASYNC
        ),
        lambda: browser.post(f"/clients/{fjell.id}/assets", data={"links": pasted}),
        lambda: browser.post("/jobs", data=BRIEF | {"client_id": fjell.id, "links": pasted}),
        lambda: program.post("/jobs", json=brief(fjell, {"url": pasted}), headers=ASYNC),
    )
    for way in ways:
        assert way().status_code < 400
        assert source() == LINK, "each is the one asset of the one link"


@pytest.mark.parametrize("pasted", PASTED)
def test_homepages_product_pages_and_webhooks(pasted: str, api, browse, ada: User, eve: User, fjell: Client):
    program, browser = api(ada), browse(ada)
    assert program.post("/clients", json={"name": "One", "homepage": pasted}).status_code == 201
    assert browser.post("/clients/new", data={"name": "Two", "homepage": pasted}).status_code == 303
    assert (
        program.post("/campaigns", json={"clientId": fjell.id, "name": "One", "productUrl": pasted}).status_code == 201
    )
    assert (
        browser.post(f"/clients/{fjell.id}/campaigns/new", data={"name": "Two", "product_url": pasted}).status_code
        == 303
    )
    assert program.post("/webhooks", json={"url": pasted}).status_code == 201
    assert browser.post("/webhooks", data={"url": pasted}).status_code == 200
    db.session.rollback()
    homepages = db.session.scalars(select(ClientRow.homepage).where(ClientRow.id != fjell.id)).all()
    found = [*homepages, *db.session.scalars(select(Campaign.product_url)), *db.session.scalars(select(Webhook.url))]
    assert len(found) == 6
    assert {address.replace("HTTPS:", "https:") for address in found} == {LINK}
