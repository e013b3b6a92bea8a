"""Every route of the API by every kind of person, with real ids and bodies: who gets in, and what a refusal leaves.

The routes are read from the app itself, so that one added tomorrow is judged tomorrow. What nobody has classified
fails here: what a reviewer may change, what is public, what is not there yet are the lists below.
"""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from itertools import product

import pytest

from tests import factories
from tests.api.conftest import Program
from tests.api.twins import SAFE, Snapshot, dump, grow, routes
from webapp.extensions import db, transaction
from webapp.models import ApiKey, Role, utcnow
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys, people

PUBLIC = {"api_document.show"}
REVIEWERS_CHANGE = {
    "api_actions.perform",
    "api_comments.add",
    "api_comments.close",
    "api_comments.delete",
    "api_comments.edit",
    "api_comments.reopen",
    "api_comments.reply",
}
NOT_THERE_YET = {"api_video.show"}
"""What a fresh job does not have: 404 with a sentence, until it was made."""


@pytest.fixture
def world(ada, eve):
    """One of each thing."""
    return grow(ada, eve)


def closed(app):
    return [each for each in routes(app) if not each.is_public]


def ask(program, route, ids, number=0):
    """Send the request; each from a network of its own, since wrong keys are throttled by address."""
    address = {"REMOTE_ADDR": f"10.{number // 250}.{number % 250}.1"}
    return program.open(route.method, route.path(ids), environ_overrides=address, **route.options(ids))


def is_refusal(route, answer):
    if route.method == "HEAD":
        return not answer.data
    said = answer.json
    return said["success"] is False and said["data"] is None and bool(said["error"]) and bool(said["meta"]["code"])


def why(answer):
    said = answer.get_json(silent=True) or {}
    return f"{said.get('error')} {(said.get('meta') or {}).get('fields', '')}"


def lost_keys(app, ada, eve):
    """Return keys that stand for nobody, by why."""
    made = {name: api_keys.create(eve, ApiKeyDraft(name=name)) for name in ("revoked", "expired")}
    api_keys.revoke(eve, made["revoked"][0].id)
    with transaction():
        made["expired"][0].expires_at = utcnow() - timedelta(seconds=1)
    gone = factories.person("Kim Lund", "kim@example.com", Role.EDITOR)
    made["of somebody deactivated"] = api_keys.create(gone, ApiKeyDraft(name="x"))
    people.deactivate(ada, gone)
    found = {name: text for name, (_, text) in made.items()}
    right = api_keys.create(eve, ApiKeyDraft(name="right"))[1]
    return found | {"": "", "unknown": "slate_" + "x" * 43, "nearly right": right[:-1] + "-", "its start": right[:10]}


def test_what_is_public_was_decided(app):
    assert {each.endpoint for each in routes(app) if each.is_public} <= PUBLIC


def test_what_reviewers_change_was_decided(app):
    found = {each.endpoint for each in closed(app) if each.method not in SAFE and not each.needs}
    assert found == REVIEWERS_CHANGE


def test_without_a_key_that_works_nothing_is_read_or_changed(app, world, ada, eve):
    keys = lost_keys(app, ada, eve)
    before = dump()
    odd = []
    for number, route in enumerate(closed(app)):
        for name, text in keys.items():
            answer = ask(Program(app, text), route, world, number)
            if answer.status_code != 401 or not is_refusal(route, answer) or "WWW-Authenticate" not in answer.headers:
                odd.append(f"{answer.status_code} {route.method} {route.rule} with {name or 'no'} key")
    assert not odd, "\n".join(odd)
    assert dump() == before


@pytest.mark.parametrize("role", list(Role))
def test_everybody_gets_as_far_as_their_role(app, ada, eve, role):
    """What somebody may do is done to things made for it; what they may not do changes nothing at all."""
    who = factories.person("Kim Lund", "kim@example.com", role)
    program = Program(app, api_keys.create(who, ApiKeyDraft(name="x"))[1])
    refused = {"manage": {Role.REVIEWER: 404, Role.EDITOR: 404}, "edit": {Role.REVIEWER: 403}}
    world, odd, allowed, changed = grow(who, eve), [], 0, 0
    start = Snapshot()
    for route in closed(app):
        expected = refused.get(route.needs, {}).get(role)
        answer = ask(program, route, route.meant(world))
        code = answer.status_code
        if expected:
            fine = code == expected and is_refusal(route, answer)
        elif route.method in SAFE:
            fine = code in (200, 206) or (code == 404 and route.endpoint in NOT_THERE_YET)
        else:
            fine = code in (200, 201, 202, 409)
            allowed += 1
        if route.method not in SAFE and dump() != start.rows:
            fine = fine and not expected
            changed += 1
            start.go_back()
        if not fine:
            odd.append(f"{code} {route.method} {route.rule}: {why(answer)}")
    assert not odd, "\n".join(odd)
    assert changed > allowed * 0.6  # the control: these requests do change things where they are let through


def test_without_its_guard_a_route_is_noticed(app, ben, eve, monkeypatch):
    """The control: with the guards of roles taken away, a reviewer's program changes things, and the dump shows it."""
    for view in app.view_functions.values():
        if hasattr(view, "needs"):
            monkeypatch.delattr(view, "needs")
    program = Program(app, api_keys.create(ben, ApiKeyDraft(name="x"))[1])
    world = grow(ben, eve)
    before = dump()
    route = next(each for each in routes(app) if (each.endpoint, each.method) == ("api_clients.change", "PUT"))
    assert ask(program, route, world).status_code == 200
    assert dump() != before


def test_ids_of_different_parents_never_meet(app, eve):
    """A scene of another job, a take of another scene, …: every mixture of two families is a 404."""
    one, other = grow(eve, eve), grow(eve, eve, versions=2)
    program = Program(app, api_keys.create(eve, ApiKeyDraft(name="x"))[1])
    before, odd, mixed = dump(), [], 0
    for route in closed(app):
        if len(route.names) < 2:
            continue
        for families in product((one, other), repeat=len(route.names)):
            if all(each is families[0] for each in families):
                continue
            ids = one | {name: route.meant(each)[name] for name, each in zip(route.names, families, strict=True)}
            if "number" in route.names and ids["job_id"] == other["job_id"]:
                continue  # every number of the first one's versions is a number of the other's, too
            mixed += 1
            answer = ask(program, route, ids)
            if answer.status_code != 404 or not is_refusal(route, answer):
                odd.append(f"{answer.status_code} {route.method} {route.rule}: {why(answer)}")
    assert not odd, "\n".join(odd)
    assert mixed > 40
    assert dump() == before


def test_bodies_cannot_name_what_belongs_elsewhere(app, eve):
    """A path of one family with a body that names another's scenes, takes or comments changes nothing."""
    one, other = grow(eve, eve), grow(eve, eve)
    program = Program(app, api_keys.create(eve, ApiKeyDraft(name="x"))[1])
    before, odd, met = dump(), [], 0
    for route in closed(app):
        if not route.names or route.options(one) == route.options(other):
            continue
        met += 1
        answer = program.open(route.method, route.path(route.meant(one)), **route.options(other))
        if answer.status_code not in (404, 422) or not is_refusal(route, answer):
            odd.append(f"{answer.status_code} {route.method} {route.rule}: {why(answer)}")
    assert not odd, "\n".join(odd)
    assert met
    assert dump() == before


def test_ids_that_nothing_has_are_404(app, eve):
    world = grow(eve, eve)
    program = Program(app, api_keys.create(eve, ApiKeyDraft(name="x"))[1])
    before, odd = dump(), []
    for route in closed(app):
        for name in route.names:
            answer = ask(program, route, route.meant(world) | {name: route.unknown(name)})
            if answer.status_code != 404 or not is_refusal(route, answer):
                odd.append(f"{answer.status_code} {route.method} {route.rule} without {name}: {why(answer)}")
    assert not odd, "\n".join(odd)
    assert dump() == before


def asks_for_whom(view):
    """Say whether a view, or a function of its module that it calls, names the person who asks."""
    module = inspect.getmodule(inspect.unwrap(view))
    seen, left = set(), [inspect.unwrap(view)]
    while left:
        source = inspect.getsource(left.pop())
        if re.search(r"\bperson\(\)", source):
            return True
        for name in set(re.findall(r"\b(\w+)\(", source)) - seen:
            seen.add(name)
            found = getattr(module, name, None)
            if inspect.isfunction(found) and found.__module__.startswith("webapp.views.api"):
                left.append(found)
    return False


def test_every_record_is_found_as_its_owner_sees_it(app):
    """Each view asks services in somebody's name; none looks anything up by itself."""
    assert not [each.endpoint for each in closed(app) if not asks_for_whom(each.view)]


def test_a_view_that_asks_in_nobodys_name_is_noticed():
    def view():
        return api_keys.find("slate_", "")

    assert not asks_for_whom(view)


def test_what_is_the_teams_alone_is_not_said_to_reviewers(app, ada, ben, eve):
    """Internal comments, and the secrets nobody is told again: no answer to anybody's GET has them."""
    from webapp.schemas.comments import CommentDraft
    from webapp.services import comments, jobs

    world = grow(eve, eve)
    job = jobs.find(eve, world["job_id"])
    comments.add(eve, job, CommentDraft(text="kumquat", scene_id=world["scene_id"], is_internal=True))
    world["comment_id"] = comments.add(eve, job, CommentDraft(text="kumquat", is_internal=True)).id
    with transaction():
        eve.password_hash = "a-hash-of-a-password"
    hashes = [each for (each,) in db.session.execute(db.text("SELECT token_hash FROM review_links"))]
    found = {}
    for who in (ben, eve, ada):
        program = Program(app, api_keys.create(who, ApiKeyDraft(name="x"))[1])
        asked = [each for each in closed(app) if each.method == "GET" and not is_file(each)]
        found[who.name] = "".join(ask(program, each, world).text for each in asked)
    keys = [each.key_hash for each in db.session.query(ApiKey)]
    assert len(hashes) == 1
    for text in found.values():
        assert not [
            secret for secret in ("a-hash-of-a-password", "whsec_of-a-webhook", *hashes, *keys) if secret in text
        ]
    assert "kumquat" not in found["Ben Berg"]
    assert "kumquat" in found["Eve Holt"]


def is_file(route):
    return "file" in map(str, route.view.operation.answers.values())
