"""The demo's world with ids that are the same each time: what the document's examples speak of and are asked of."""

from __future__ import annotations

import re
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from tests import factories
from webapp.demo import world as demo
from webapp.extensions import db
from webapp.models import AssetStatus, Base, Client, Role
from webapp.models.base import Identified
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.schemas.webhooks import WebhookDraft
from webapp.services import api_keys, frame_store, webhooks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from webapp.models import User

FIRST = {
    "Client": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a7e11",
    "Campaign": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a7f11",
    "Asset": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a8011",
    "Job": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a8111",
    "Scene": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a8211",
    "Take": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a8311",
    "Comment": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a8411",
    "ReviewLink": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a8511",
    "Decision": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a8611",
    "Webhook": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a8711",
    "Delivery": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a8811",
}
"""The id of the first row of each kind; the next ones count on. Examples of bodies name these."""
PLACES = {
    "clientId": FIRST["Client"],
    "campaignId": FIRST["Campaign"],
    "assetId": FIRST["Asset"],
    "jobId": FIRST["Job"],
    "sceneId": FIRST["Scene"],
    "commentId": FIRST["Comment"],
    "linkId": FIRST["ReviewLink"],
    "decisionId": FIRST["Decision"],
    "webhookId": FIRST["Webhook"],
    "deliveryId": FIRST["Delivery"],
    "number": "1",
}
"""What stands in the addresses of examples."""


@dataclass(frozen=True, slots=True)
class World:
    """An app with the demo in it, the key of an admin, and the state it can go back to."""

    app: Flask
    ada: User
    key: str
    places: dict[str, str]
    kept: Path

    def address(self, path: str, instead: dict[str, str]) -> str:
        """Return an address of the document with its ids filled in."""
        return re.sub(r"\{([^}]+)\}", lambda part: (self.places | instead)[part[1]], path)

    def go_back(self) -> None:
        """Make everything as it was when the world was made."""
        db.session.rollback()
        copy(self.kept, database(self.app))
        db.session.expire_all()


def make(app: Flask, kept: Path) -> World:
    """Build the demo's world in an app without one, in its app context."""
    ada = factories.person("Ada Byron", "ada@example.com", Role.ADMIN)
    ben = factories.person("Ben Berg", "ben@example.com", Role.REVIEWER)
    with counted_ids():
        demo.build(ada, ben)
        hook = webhooks.add(ada, WebhookDraft(url="https://hooks.fjell.example/slate"))
        webhooks.send_test(ada, hook)
        client = db.session.get_one(Client, FIRST["Client"])
        failed = {
            "status": AssetStatus.REFUSED,
            "source_url": "https://fjell.example/gone.png",
            "error": "It is gone.",
            "can_retry": True,
        }
        factories.asset(client, "gone.png", **failed)
    for job_id in (FIRST["Job"], numbered("Job", 1)):
        frame_store.draw_missing(job_id)
    _, key = api_keys.create(ada, ApiKeyDraft(name="Examples"))
    scene_takes = db.session.execute(db.text("select take_id from scenes where id = :id"), {"id": FIRST["Scene"]})
    places = PLACES | {"takeId": str(scene_takes.scalar_one())}
    db.session.rollback()
    copy(database(app), kept)
    return World(app, ada, key, places, kept)


def database(app: Flask) -> Path:
    """Return the file the app's database is in."""
    return app.extensions["settings"].data / "slate.db"


def copy(source: Path, target: Path) -> None:
    """Copy a database, also over one in use. By the app's own SQLite: two libraries drop each other's file locks."""
    connect = db.engine.dialect.dbapi.connect
    with closing(connect(str(source))) as there, closing(connect(str(target))) as here:
        there.backup(here)


@contextmanager
def counted_ids() -> Iterator[None]:
    """Number what is made, one kind after the other."""
    counts: dict[str, int] = {}

    def name(row: Any, _args: Any, values: dict[str, Any]) -> None:
        if isinstance(row, Identified):
            kind = type(row).__name__
            counts[kind] = counts.get(kind, -1) + 1
            values["id"] = numbered(kind, counts[kind])

    event.listen(Base, "init", name, propagate=True)
    try:
        yield
    finally:
        event.remove(Base, "init", name)


def numbered(kind: str, count: int) -> str:
    """Return the id of a kind's row, counted from 0."""
    first = uuid.UUID(FIRST[kind]) if kind in FIRST else uuid.uuid5(uuid.NAMESPACE_OID, kind)
    return str(uuid.UUID(int=first.int + count))
