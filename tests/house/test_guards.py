"""Every route of the app by every kind of person: nothing is open that should not be, whatever is added later.

The routes are read from the app itself. What is public and what a reviewer may change are the two lists below: a new
route that belongs to neither fails here until somebody decides. Here browsers ask, for pages and, with their cookies,
for the JSON API; programs with keys ask in tests/api/test_access.py.
"""

from __future__ import annotations

from collections import defaultdict

import pytest
from werkzeug.routing import AnyConverter
from werkzeug.routing.converters import NumberConverter

from tests import factories
from webapp.extensions import db
from webapp.models import AccessLink, SignIn, User
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys, sign_ins

PUBLIC = {
    "api_document.show",
    "auth.enter",
    "auth.join",
    "auth.reset",
    "auth.set_up",
    "auth.sign_in",
    "auth.sign_in_again",
    "auth.sign_out",
    "docs.index",
    "docs.show",
    "health.healthz",
    "sheets.show",
    "inbox.unsubscribe",
    "review.delete",
    "review.edit",
    "review.frame",
    "review.judge",
    "review.reply",
    "review.say",
    "review.show",
    "review.state",
    "review_decisions.decide",
    "review_decisions.show",
    "review_door.enter",
    "review_door.who",
    "static",
    "wellknown.favicon",
    "wellknown.robots",
}
FROM_ANYWHERE = {"inbox.unsubscribe"}
"""Forms that other machines send: a mail reader ends our mails by a signed link (RFC 8058), whoever is signed in."""
REVIEWERS_CHANGE = {
    "account.change_mails",
    "account.change_password",
    "account.end_others",
    "account.end_sign_in",
    "account.rename",
    "api_keys.add",
    "api_keys.revoke",
    "comments.add",
    "comments.delete",
    "comments.edit",
    "comments.reply",
    "comments.turn",
    "inbox.read_all",
    "decisions.create",
}
SAFE = {"GET", "HEAD", "OPTIONS"}
FOREIGN = {
    "from another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    "from another port of this host": {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8001"},
    "without saying from where": {},
    "with another origin": {"Origin": "http://evil.example"},
    "with an opaque origin": {"Origin": "null"},
}


@pytest.fixture
def world(app, ada, eve, ben):
    """One of each thing, and the ids that stand for them in paths."""
    client = factories.client()
    campaign = factories.campaign(client)
    job = factories.job(client, campaign_id=campaign.id)
    scene = factories.scene(job)
    ids = defaultdict(lambda: "unknown")
    ids.update(
        client_id=client.id,
        campaign_id=campaign.id,
        job_id=job.id,
        scene_id=scene.id,
        take_id=scene.take_id,
        asset_id=factories.asset(client).id,
        user_id=ben.id,
        sign_in_id="unknown",
        filename="icon.svg",
    )
    return ids


def fitting(converter, value):
    """Return the value, or one that fits where a path takes only a number or one of some words."""
    if isinstance(converter, NumberConverter):
        return 1
    return min(converter.items) if isinstance(converter, AnyConverter) else value


def is_api(rule):
    return rule.rule.startswith("/api/")


def routes(app, world, *, api=False):
    """List (endpoint, method, path) of pages or of the API, what deletes last so that the others find something."""
    found = []
    for rule in app.url_map.iter_rules():
        if is_api(rule) != api:
            continue
        values = {name: fitting(converter, world[name]) for name, converter in rule._converters.items()}
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        found += [(rule.endpoint, method, path) for method in rule.methods - {"HEAD", "OPTIONS"}]
    return sorted(found, key=lambda each: (each[1] not in SAFE, "delete" in each[0] or "deactivate" in each[0], each))


def is_enveloped(response):
    said = response.get_json(silent=True) or {}
    return said.get("success") is False and bool(said["error"]) and said["data"] is None and bool(said["meta"]["code"])


def needs(app, endpoint):
    return getattr(app.view_functions[endpoint], "needs", "")


def walk(app, world, who, expected, *, api=False, public=False, only_unsafe=False, **options):
    """Ask for every route as this person and return those that did not answer as expected."""
    browser = factories.signed_in(app, who)
    if "headers" in options:
        browser.environ_base.pop("HTTP_SEC_FETCH_SITE")
    odd = []
    for endpoint, method, path in routes(app, world, api=api):
        if (endpoint in PUBLIC and not public) or (only_unsafe and method in SAFE):
            continue
        response = browser.open(path, method=method, buffered=True, **options)
        fine = expected(endpoint, method, response.status_code)
        if not fine or (api and response.status_code >= 400 and not is_enveloped(response)):
            odd.append(f"{response.status_code} {method} {path} ({endpoint})")
    return odd


def test_what_is_public_was_decided(app):
    found = {each for each, view in app.view_functions.items() if getattr(view, "is_public", False)} | {"static"}
    assert found == PUBLIC


def test_what_may_come_from_anywhere_was_decided(app):
    found = {each for each, view in app.view_functions.items() if getattr(view, "is_from_anywhere", False)}
    assert found == FROM_ANYWHERE


def test_what_reviewers_change_was_decided(app):
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods - SAFE and not needs(app, rule.endpoint) and rule.endpoint not in PUBLIC and not is_api(rule)
    }
    assert found == REVIEWERS_CHANGE


def test_strangers_get_nothing(app, world):
    """Pages send them to sign in, everything else is refused; the same through htmx."""
    assert not walk(app, world, None, lambda _e, method, code: code == (303 if method in SAFE else 401))
    fragment = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
    assert not walk(app, world, None, lambda _e, _m, code: code == 401, headers=fragment)


def test_strangers_get_nothing_from_the_api(app, world):
    """Never a page to sign in on, whatever the method: 401 in the envelope."""
    assert not walk(app, world, None, lambda _e, _m, code: code == 401, api=True)


def test_without_the_guard_strangers_get_in(app, world):
    """The control: the walk does notice open doors."""
    guards = app.before_request_funcs[None]
    app.before_request_funcs[None] = [each for each in guards if each.__name__ != "_signed_in"]
    odd = walk(app, world, None, lambda _e, method, code: code == (303 if method in SAFE else 401))
    assert len(odd) > 5


@pytest.mark.parametrize("origin", FOREIGN)
def test_nothing_is_changed_from_elsewhere(app, world, ada, origin):
    """Sign-in, sign-out and the one-time links included, signed in or not."""

    def refused(endpoint, _method, code):
        return code == 403 or (endpoint in FROM_ANYWHERE and code == 404)  # there is no such link

    there = {"only_unsafe": True, "headers": FOREIGN[origin]}
    for who in (ada, None):
        assert not walk(app, world, who, refused, public=True, **there)
    assert not walk(app, world, ada, lambda _e, _m, code: code == 403, api=True, **there)
    # without cookies there is nothing to misuse: a program that forgot its key is told so
    assert not walk(app, world, None, lambda _e, _m, code: code == 401, api=True, **there)


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_key_may_come_from_anywhere_and_the_cookies_beside_it_count_for_nothing(app, world, ada, ben, origin):
    """A program has no pages to come from. What counts is the key: here a reviewer's, beside an admin's cookies."""

    def expected(endpoint, _method, code):
        refused = {"manage": code == 404, "edit": code == 403}
        return refused.get(needs(app, endpoint), code < 500 and code not in (401, 403))

    headers = FOREIGN[origin] | {"Authorization": f"Bearer {api_keys.create(ben, ApiKeyDraft(name='A program'))[1]}"}
    assert not walk(app, world, ada, expected, api=True, headers=headers)


def test_without_the_guard_things_are_changed_from_elsewhere(app, world, ada):
    """The control: the same walk without the cross-site guard gets through nearly everywhere."""
    guards = app.before_request_funcs[None]
    app.before_request_funcs[None] = [each for each in guards if each.__name__ != "_own_pages"]
    headers = FOREIGN["from another port of this host"]
    odd = walk(app, world, ada, lambda _e, _m, code: code == 403, public=True, only_unsafe=True, headers=headers)
    assert len(odd) > 10


def test_our_own_pages_over_plain_http_get_through(app, world):
    """The other control: with only a right Origin nothing is refused as foreign."""
    origin = {"Origin": "http://localhost"}
    for api in (False, True):
        assert not walk(app, world, None, lambda _e, _m, code: code == 401, api=api, only_unsafe=True, headers=origin)


def test_reviewers_see_and_decide_but_change_nothing_else(app, world, ben):
    def expected(endpoint, _method, code):
        refused = {"manage": code == 404, "edit": code == 403}
        return refused.get(needs(app, endpoint), code < 500 and code not in (401, 403))

    for api in (False, True):
        assert not walk(app, world, ben, expected, api=api)


def test_editors_make_everything_but_people(app, world, eve):
    def expected(endpoint, _method, code):
        return code == 404 if needs(app, endpoint) == "manage" else code < 500 and code not in (401, 403)

    for api in (False, True):
        assert not walk(app, world, eve, expected, api=api)


def test_admins_reach_everything(app, world, ada):
    for api in (False, True):
        assert not walk(app, world, ada, lambda _e, _m, code: code < 500 and code not in (401, 403), api=api)


def test_the_walk_meets_real_things(app, world, ada):
    """A walk that only met 404 would prove nothing: most pages answer an admin with 200."""
    browser = factories.signed_in(app, ada)
    pages = [path for endpoint, method, path in routes(app, world) if method == "GET" and endpoint not in PUBLIC]
    codes = [browser.get(path, buffered=True).status_code for path in pages]
    assert codes.count(200) > len(codes) / 2


def test_people_of_a_deactivated_account_are_strangers(app, world, eve):
    browser = factories.signed_in(app, eve)
    assert browser.get("/account").status_code == 200
    from webapp.extensions import transaction
    from webapp.models import utcnow

    with transaction():
        eve.deactivated_at = utcnow()
    assert browser.get("/account").status_code == 303
    assert sign_ins.find(browser.get_cookie("slate_session").value) is None


def test_strangers_leave_no_trace(app, world):
    before = [db.session.query(table).count() for table in (User, SignIn, AccessLink)]
    for api in (False, True):
        walk(app, world, None, lambda *_: True, api=api, public=True)
    assert [db.session.query(table).count() for table in (User, SignIn, AccessLink)] == before
