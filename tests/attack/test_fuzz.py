"""Nothing that anybody sends is answered with a failure of ours."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress

import pytest

from tests import factories
from tests.api import world
from tests.attack.fuzzing import Fuzz
from webapp.extensions import db, transaction
from webapp.models import Comment, Delivery, Notice, SignIn
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.schemas.comments import CommentDraft
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.sending import SendDraft
from webapp.schemas.webhooks import WebhookDraft
from webapp.services import api_keys, blobs, comments, review_links, reviewers, sending, sign_ins, webhooks

AGAIN_EVERY = 200
"""Requests after which everything is as it was: they delete, sign out, deactivate."""
ALLOWED = {501, 502, 507}
"""501 and 502 name another machine, 507 a full disk; a 503 says when to try again."""
SEED = 20261129


@pytest.fixture
def fuzz(app, ada, eve, ben, tmp_path):
    """Something of every kind, and everybody who may ask."""
    with transaction():
        picture = blobs.put(b"\x89PNG\r\n\x1a\n" + bytes(1000), "image/png")
    client, other = factories.client(), factories.client("Another")
    campaign = factories.campaign(client)
    asset = factories.asset(client, blob_id=picture.id, thumbnail_blob_id=picture.id, received_bytes=1008)
    refused = factories.asset(other, "gone.png", status="refused", error="It is gone.", can_retry=True)
    job, draft = factories.job(client), factories.job(other, "A draft", campaign_id=None)
    found = [factories.scene(job, number, duration_ms=5000) for number in (1, 2, 3)] + [factories.scene(draft)]
    sending.send(ada, job, SendDraft())
    link, token = review_links.create(ada, job, ReviewLinkDraft(name="Fjell", allows="decide"))
    guest = reviewers.enter(token)[1]
    remark = comments.add(eve, job, CommentDraft(text="Shorter?"))
    hook = webhooks.add(ada, WebhookDraft(url="https://hooks.fjell.example/slate"))
    webhooks.send_test(ada, hook)
    keys = {who: api_keys.create(who, ApiKeyDraft(name="a program")) for who in (ada, eve, ben)}
    tokens = {who: sign_ins.begin(who, address="127.0.0.1", user_agent="fuzz") for who in (ada, eve, ben)}
    people = {
        "a stranger": {},
        "a guest": {"Cookie": f"slate_guest_{link.id.replace('-', '')}={guest}"},
        "a program of a reviewer": {"Authorization": f"Bearer {keys[ben][1]}"},
        "a program of an editor": {"X-API-Key": keys[eve][1]},
        "a program of an admin": {"Authorization": f"Bearer {keys[ada][1]}"},
        "a reviewer": {"Cookie": f"slate_session={tokens[ben]}"},
        "an editor": {"Cookie": f"slate_session={tokens[eve]}"},
        "an admin": {"Cookie": f"slate_session={tokens[ada]}"},
    }
    ids = {
        "client_id": [client.id, other.id],
        "campaign_id": [campaign.id],
        "asset_id": [asset.id, refused.id],
        "job_id": [job.id, draft.id],
        "scene_id": [scene.id for scene in found],
        "take_id": [scene.take_id for scene in found],
        "comment_id": [remark.id],
        "link_id": [link.id],
        "token": [token],
        "webhook_id": [hook.id],
        "delivery_id": [each.id for each in db.session.query(Delivery)],
        "notice_id": [each.id for each in db.session.query(Notice)] or ["none"],
        "sign_in_id": [each.id for each in db.session.query(SignIn)],
        "key_id": [key.id for key, _ in keys.values()],
        "user_id": [ada.id, eve.id, ben.id],
        "number": ["1", "2"],
        "position": ["1", "3"],
        "kind": ["tile", "row"],
        "group": ["scenes"],
        "filename": ["app.js"],
    }
    assert db.session.query(Comment).count()
    app.testing = False  # what breaks is an answer with 500, as for people
    db.session.rollback()
    kept = tmp_path / "kept.db"
    world.copy(world.database(app), kept)
    document = json.loads(app.test_client().get("/api/v3/openapi.json").data)

    def run(count, seed):
        requests, answers, failures = Fuzz(app, seed, ids, people, document), Counter(), []
        for number in range(count):
            if number % AGAIN_EVERY == 0:
                db.session.remove()
                world.copy(kept, world.database(app))
            asked = requests.make()
            try:
                status, headers = _answered(app, asked.environ(number))
            except Exception as error:  # noqa: BLE001 - what even the error page could not say
                status, headers = 599, {"what": repr(error)}
            answers[status] += 1
            is_fine = status < 500 or status in ALLOWED or (status == 503 and "Retry-After" in headers)
            if not is_fine:
                failures.append(f"{status} {headers.get('what', '')} {asked}")
        return answers, failures

    yield run
    world.copy(kept, world.database(app))


def _answered(app, environ):
    said = []

    def start(status, headers, exc_info=None):
        said.append((int(status.split()[0]), dict(headers)))
        return lambda _data: None

    body = app.wsgi_app(environ, start)
    try:
        for _ in body:
            continue
    finally:
        with suppress(AttributeError):
            body.close()
    return said[-1]


@pytest.mark.filterwarnings(
    "ignore:Unclosed file:ResourceWarning"
)  # half a form: werkzeug leaves it to Python to close
def test_three_hundred_odd_requests(fuzz):
    answers, failures = fuzz(300, SEED)
    assert not failures, "\n".join(failures)
    assert {200, 303, 401, 403, 404, 422} <= set(answers), answers


@pytest.mark.prove
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_ten_thousand_odd_requests(fuzz, record_property):
    answers, failures = fuzz(12_000, SEED + 1)
    record_property("answers", ", ".join(f"{count} × {status}" for status, count in sorted(answers.items())))
    record_property("failures", len(failures))
    assert not failures, "\n".join(failures[:50])
