"""Every route of the API as a request that means something: real ids in its path, its own example as its body."""

from __future__ import annotations

import io
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image
from pydantic.alias_generators import to_snake
from werkzeug.routing.converters import NumberConverter

from tests import factories
from webapp.extensions import db, sqlite_module, transaction
from webapp.models import Delivery, Frame, TakeSource, Webhook
from webapp.schemas.comments import CommentDraft
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.sending import SendDraft
from webapp.services import blobs, comments, decisions, review_links, scenes, sending, storyboards, takes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.routing import Rule

    from webapp.models import Blob, User

SAFE = {"GET", "HEAD"}
UNKNOWN = "ffffffff-ffff-4fff-8fff-ffffffffffff"
NO_NUMBER = "999"
UNTOLD = {"throttles", "kept_answers", "api_keys.last_used_at", "api_keys.updated_at", "sign_ins.last_seen_at"}
"""Tables and columns that say that somebody asked, whatever the answer was."""
PNG = io.BytesIO()
Image.new("RGB", (64, 36), "#1f7a63").save(PNG, "PNG")


def grow(by: User, editor: User, *, versions: int = 1) -> dict[str, str]:
    """Make one of each thing below a client of its own, and return the ids by the names they have in paths.

    `by` says what reviewers say as well; the editor does the rest. The job's newest version has the number `versions`.
    """
    client = factories.client()
    campaign = factories.campaign(client)
    with transaction():
        blob = blobs.put(PNG.getvalue(), "image/png")
    asset = factories.asset(client, blob_id=blob.id, thumbnail_blob_id=blob.id)
    job = factories.job(client, campaign_id=campaign.id)
    scene = factories.scene(job)
    other = factories.scene(job, 2)
    with transaction():
        scene.frame_id = draw(scene.id, blob).id
        words = storyboards.content(scene.take) | {"script": "Another way to say it."}
        take = takes.propose(job, scene, words, TakeSource.REDO, by=editor)
        draw(take.frame_key, blob)
    deleted = factories.scene(job, 3)
    scenes.delete(editor, job, deleted)
    hook = Webhook(url="https://example.com/hook", secret="whsec_of-a-webhook")
    with transaction():
        db.session.add(hook)
        db.session.flush()
        db.session.add(Delivery(channel="webhook", webhook_id=hook.id, subject="webhook.test"))
    for _ in range(versions):
        sending.send(editor, job, SendDraft())
    return {
        "client_id": client.id,
        "campaign_id": campaign.id,
        "asset_id": asset.id,
        "job_id": job.id,
        "scene_id": scene.id,
        "other_scene_id": other.id,
        "deleted_scene_id": deleted.id,
        "take_id": take.id,
        "comment_id": comments.add(by, job, CommentDraft(text="Warmer?", scene_id=scene.id)).id,
        "link_id": review_links.create(editor, job, ReviewLinkDraft(name="Fjell"))[0].id,
        "decision_id": decisions.decide(editor, job, DecisionDraft(kind="request_changes", reason="Shorter")).id,
        "number": str(versions),
        "webhook_id": hook.id,
    }


def draw(key: str, blob: Blob) -> Frame:
    """Keep a picture under a key, inside the caller's transaction."""
    frame = Frame(key=key, source="sketch", board_blob_id=blob.id, plain_blob_id=blob.id, thumbnail_blob_id=blob.id)
    db.session.add(frame)
    db.session.flush()
    return frame


@dataclass(frozen=True)
class Route:
    """A method of a route, and what its operation says of it."""

    rule: Rule
    method: str
    view: Any

    @property
    def endpoint(self) -> str:
        return self.rule.endpoint

    @property
    def names(self) -> list[str]:
        """Return the names of the ids in its path, in order."""
        return [name for is_id, name in self.rule._trace if is_id]

    @property
    def needs(self) -> str:
        return getattr(self.view, "needs", "")

    @property
    def is_public(self) -> bool:
        return getattr(self.view, "is_public", False)

    def path(self, ids: dict[str, str]) -> str:
        """Write its address with these ids; one it knows nothing of is a KeyError: teach `grow` what it is."""
        return "".join(ids[part] if is_id else part for is_id, part in self.rule._trace).removeprefix("|")

    def meant(self, ids: dict[str, str]) -> dict[str, str]:
        """Return the ids that this route is about: what is brought back was deleted before."""
        return ids | {"scene_id": ids["deleted_scene_id"]} if self.endpoint == "api_scenes.restore" else ids

    def unknown(self, name: str) -> str:
        return NO_NUMBER if isinstance(self.rule._converters[name], NumberConverter) else UNKNOWN

    def options(self, ids: dict[str, str]) -> dict[str, Any]:
        """Return what goes along: the example of its body, in which our ids stand. Nothing is waited for."""
        found: dict[str, Any] = {"headers": {"Prefer": "respond-async"}}
        body = getattr(getattr(self.view, "operation", None), "body", None)
        if self.method not in SAFE and body is not None:
            found["json"] = filled(deepcopy(body.model_config["json_schema_extra"]["examples"][0]), ids)
        return found


def routes(app: Flask) -> Iterator[Route]:
    """List every route of the API, with HEAD where there is GET."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if rule.rule.startswith("/api/"):
            for method in sorted(rule.methods - {"OPTIONS"}):
                yield Route(rule, method, app.view_functions[rule.endpoint])


def filled(value: Any, ids: dict[str, str], name: str = "") -> Any:
    """Put our ids where an example has ids of its own."""
    if isinstance(value, dict):
        return {key: filled(each, ids, key) for key, each in value.items()}
    if isinstance(value, list):
        if name == "sceneIds":
            return [ids["other_scene_id"], ids["scene_id"]]
        return [filled(each, ids, name.removesuffix("s")) for each in value]
    known = to_snake(name).removeprefix("after_")
    return ids[known] if isinstance(value, str) and known.endswith("_id") and known in ids else value


class Snapshot:
    """The database as it was, to go back to."""

    def __init__(self) -> None:
        self.rows = dump()
        self.copy = sqlite_module().connect(":memory:")
        self._copy(to_present=False)

    def go_back(self) -> None:
        """Make everything as it was."""
        self._copy(to_present=True)

    def _copy(self, *, to_present: bool) -> None:
        db.session.rollback()
        with closing(db.engine.raw_connection()) as present:
            if to_present:
                self.copy.backup(present.driver_connection)
            else:
                present.driver_connection.backup(self.copy)
        db.session.expire_all()


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Read every row there is, but for what counts requests and when keys and browsers were seen."""
    db.session.rollback()
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name not in UNTOLD:
            columns = [each for each in table.c if f"{table.name}.{each.name}" not in UNTOLD]
            found[table.name] = sorted(map(repr, db.session.execute(db.select(*columns))))
    db.session.rollback()
    return found
