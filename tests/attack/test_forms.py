"""Nonsense in every form and address: a clear answer each time, never a 500, never Python's own words on a page."""

from __future__ import annotations

import random
import re

import pytest
from sqlalchemy import delete

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Throttle
from webapp.schemas.comments import CommentDraft
from webapp.services import comments

ROUNDS = 6
"""Requests for each route and method."""
LEAKS = re.compile(rb"NoneType|Traceback|=None\b|None None|<class '|object at 0x|sqlalchemy|pydantic")
VALUES = (
    "", " ", "\x00", "a\x00b", "None", "NaN", "inf", "-1", "0", "1.5", "1,5", "9" * 30, "9223372036854775808",
    "-9223372036854775809", "\u0661\u0662", "{{7*7}}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "\u202e\u2066abc", "\ufffe\uffff", "\U0001f600" * 50, "a" * 121, "a" * 10_001, "a\r\nSet-Cookie: x=1", "http://[",
    "https://example.com:99999/", "javascript:alert(1)", "#zzzzzz", "approve", "reject", "request_changes", "en",
    "16:9", "admin", "@@", "%", "_", "\\", "' OR 1=1--", "[]", "true",
)  # fmt: skip
FIELDS = (
    "name", "description", "homepage", "colors", "fonts", "tone", "restrictions", "logo_asset_id", "goal", "status",
    "product_url", "brief", "product", "audience", "key_message", "call_to_action", "style", "visual_elements",
    "language", "client_id", "campaign_id", "title", "ratio", "num_scenes", "asset_ids", "reason", "seen", "feedback",
    "parts", "must_include_asset_ids", "after", "position", "locked", "version", "script", "shot_type", "picture",
    "email", "password", "current", "role", "links", "choose", "tags", "other_tags", "q", "page", "state", "before",
    "v", "inline", "variant", "seconds", "kind", "text", "scene_id", "pin_x", "pin_y", "is_internal", "comment_ids",
    "keep", "author", "comment", "answer",
)  # fmt: skip


@pytest.fixture
def world(app, ada, eve):
    client = factories.client()
    job = factories.job(client)
    scene = factories.scene(job)
    factories.scene(job, 2)
    return {
        "client_id": client.id,
        "campaign_id": factories.campaign(client).id,
        "asset_id": factories.asset(client).id,
        "job_id": job.id,
        "scene_id": scene.id,
        "take_id": scene.take_id,
        "user_id": eve.id,
        "kind": "tile",
        "token": "t" * 43,
        "sign_in_id": "none",
        "comment_id": comments.add(ada, job, CommentDraft(text="Warmer?", scene_id=scene.id)).id,
    }


def _routes(app):
    # what deletes is left out: nothing would be there for the next request
    return [
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and "delete" not in rule.rule and "end" not in rule.rule.split("/")
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"})
    ]


def _address(rule, world):
    return re.sub(r"<(?:[^>]*:)?(\w+)>", lambda found: world.get(found[1], "1"), rule)


def _form(dice):
    chosen = dice.sample(FIELDS, dice.randint(0, 14))
    return {name: [dice.choice(VALUES) for _ in range(dice.choice((1, 1, 2)))] for name in sorted(chosen)}


def test_no_nonsense_breaks_a_page(app, ada, browse, world):
    dice, count = random.Random(20261122), 0
    browser, faults = browse(ada), []
    routes = _routes(app)
    for rule, method in routes * ROUNDS:
        with transaction():
            db.session.execute(delete(Throttle))
        answer = browser.open(
            _address(rule, world),
            method=method,
            query_string={dice.choice(FIELDS): dice.choice(VALUES)},
            data=None if method == "GET" else _form(dice),
            headers={"HX-Request": "true"} if dice.random() < 0.4 else {},
        )
        count += 1
        if answer.status_code >= 500 or (answer.mimetype == "text/html" and LEAKS.search(answer.data)):
            faults.append((method, rule, answer.status_code))
    assert count > 300
    assert not faults


@pytest.mark.parametrize("number", ["9223372036854775808", "-9223372036854775809", "9" * 4000, "-1", "x", ""])
def test_no_number_in_an_address_breaks_a_page(ada, browse, world, number):
    browser, job, client = browse(ada), world["job_id"], world["client_id"]
    for path in (
        f"/jobs/{job}/activity?before={number}",
        f"/jobs/{job}/changes?after={number}",
        f"/jobs/{job}/card?v={number}",
        f"/?page={number}",
        f"/clients?page={number}",
        f"/clients/{client}?page={number}",
        f"/clients/{client}/assets?page={number}",
        f"/search?q=a&page={number}",
    ):
        assert browser.get(path).status_code in (200, 204), path


def test_python_s_own_words_would_be_found():
    assert LEAKS.search(b"<p>'NoneType' object has no attribute 'title'</p>")
    assert not LEAKS.search(b"<p>None yet</p>")
