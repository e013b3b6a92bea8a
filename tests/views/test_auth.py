"""Come in and leave, as a browser sees it."""

from __future__ import annotations

import logging
from datetime import timedelta

import argon2
import pytest
from bs4 import BeautifulSoup

from tests import factories
from webapp import create_app
from webapp.extensions import db, transaction
from webapp.models import AccessLink, Base, LinkKind, Role, SignIn, User, utcnow
from webapp.services import access_links, passwords, people, sign_ins

PASSWORD = factories.PASSWORD
NEW_PASSWORD = "gravel otter lantern 42"


@pytest.fixture
def cleo(app):
    """A stranger's browser."""
    return factories.signed_in(app, None)


@pytest.fixture
def with_password(app):
    """Ada as she is after set-up, with a password."""
    return people.add("ada@example.com", "Ada Byron", Role.ADMIN, PASSWORD)


def sign_in(browser, email="ada@example.com", password=PASSWORD, url="/sign-in", **options):
    return browser.post(url, data={"email": email, "password": password}, **options)


def is_signed_in(browser):
    return browser.get("/account").status_code == 200


def token_of(browser):
    return browser.get_cookie("slate_session").value


def text_of(response):
    return BeautifulSoup(response.text, "html.parser").get_text(" ", strip=True)


# --- set up


def test_before_the_first_admin_every_page_leads_to_the_explanation(cleo):
    response = cleo.get("/people", follow_redirects=True)
    assert response.status_code == 200
    assert "Look at the terminal" in text_of(response)
    assert not BeautifulSoup(response.text, "html.parser").select("input[type=password]")


def test_the_set_up_link_makes_the_first_admin_and_signs_them_in(cleo):
    path, kind = access_links.start_link()
    assert kind == LinkKind.SET_UP
    assert cleo.get(path).status_code == 200
    response = cleo.post(path, data={"name": "Ada Byron", "email": " Ada@Example.com ", "password": NEW_PASSWORD})
    assert (response.status_code, response.location) == (303, "/")
    assert is_signed_in(cleo)
    ada = people.by_email("ada@example.com")
    assert (ada.name, ada.role) == ("Ada Byron", Role.ADMIN)
    assert access_links.start_link() is None


def test_the_set_up_link_works_once_and_only_the_newest(app, cleo):
    old, _ = access_links.start_link()
    path, _ = access_links.start_link()
    facts = {"name": "Ada", "email": "ada@example.com", "password": NEW_PASSWORD}
    assert cleo.get(old).status_code == 404
    assert cleo.post(old, data=facts).status_code == 404
    assert cleo.post(path, data=facts).status_code == 303
    thief = factories.signed_in(app, None)
    assert thief.post(path, data=facts | {"email": "eve@example.com"}).status_code == 404
    assert people.by_email("eve@example.com") is None


def test_a_set_up_link_is_worth_nothing_once_there_is_an_admin(cleo):
    path, _ = access_links.start_link()
    people.add("ada@example.com", "Ada Byron", Role.ADMIN, PASSWORD)
    assert cleo.get(path).status_code == 404
    facts = {"name": "Eve", "email": "eve@example.com", "password": NEW_PASSWORD}
    assert cleo.post(path, data=facts).status_code == 404


def test_set_up_says_what_is_wrong_beside_the_field_and_keeps_the_link_and_what_was_typed(cleo):
    path, _ = access_links.start_link()
    response = cleo.post(path, data={"name": "Ada Byron", "email": "nonsense", "password": NEW_PASSWORD})
    page = BeautifulSoup(response.text, "html.parser")
    assert response.status_code == 422
    assert "name@example.com" in page.select_one("#f-email-error").text
    assert page.select_one("[name=name]")["value"] == "Ada Byron"
    assert NEW_PASSWORD not in response.text
    weak = cleo.post(path, data={"name": "Ada Byron", "email": "ada@example.com", "password": "adabyron1815"})
    assert "easy to guess" in BeautifulSoup(weak.text, "html.parser").select_one("#f-password-error").text
    assert cleo.get(path).status_code == 200


# --- sign in and out


def test_sign_in_and_out(cleo, with_password):
    response = sign_in(cleo)
    assert (response.status_code, response.location) == (303, "/")
    assert is_signed_in(cleo)
    token = token_of(cleo)
    response = cleo.post("/sign-out")
    assert (response.status_code, response.location) == (303, "/sign-in")
    assert not is_signed_in(cleo)
    assert sign_ins.find(token) is None


def test_a_copied_cookie_is_worth_nothing_after_sign_out(app, cleo, with_password):
    sign_in(cleo)
    copy = factories.signed_in(app, None)
    copy.set_cookie("slate_session", token_of(cleo))
    assert is_signed_in(copy)
    cleo.post("/sign-out")
    assert not is_signed_in(copy)


@pytest.mark.parametrize("typed", ["ADA@example.com", "  ada@example.com "])
def test_letter_case_and_spaces_around_an_address_do_not_matter(cleo, with_password, typed):
    assert sign_in(cleo, typed).status_code == 303


def test_wrong_passwords_unknown_people_and_deactivated_ones_read_the_same(app, cleo, with_password):
    people.add("off@example.com", "Off", Role.EDITOR, PASSWORD)
    with transaction():
        people.by_email("off@example.com").deactivated_at = utcnow()
    answers = set()
    for email, password in [
        ("ada@example.com", "wrong password entirely"),
        ("nobody@example.com", PASSWORD),
        ("off@example.com", PASSWORD),
    ]:
        response = sign_in(cleo, email, password)
        assert response.status_code == 422
        answers.add(response.text.replace(email, "…"))
    assert len(answers) == 1
    assert not cleo.get_cookie("slate_session")


def test_unknown_people_cost_a_hash_as_well(cleo, with_password, monkeypatch):
    """Counted where the library calls argon2's C code; a clock would only measure this machine."""
    counted = []
    real = argon2._password_hasher.verify_secret
    monkeypatch.setattr(argon2._password_hasher, "verify_secret", lambda *given: counted.append(given) or real(*given))
    sign_in(cleo, "nobody@example.com", "some long password")
    assert len(counted) == 1
    sign_in(cleo, "ada@example.com", "some long password")
    assert len(counted) == 2


def test_a_sign_in_never_continues_what_the_browser_came_with(app, cleo, with_password):
    cleo.set_cookie("slate_session", "planted-by-somebody-else")
    sign_in(cleo)
    first = token_of(cleo)
    assert first != "planted-by-somebody-else"
    assert sign_ins.find("planted-by-somebody-else") is None
    sign_in(cleo)
    assert token_of(cleo) != first
    assert sign_ins.find(first) is None


def test_the_cookie_is_for_this_site_and_not_for_scripts(cleo, with_password):
    header = sign_in(cleo).headers["Set-Cookie"]
    assert header.startswith("slate_session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(header.split("; "))
    assert "Secure" not in header
    assert "Domain" not in header


def test_on_https_the_cookie_is_secure_and_bound_to_the_host(settings, with_password):
    import dataclasses

    other = create_app(dataclasses.replace(settings, public_url="https://slate.example.com"))
    browser = other.test_client()
    browser.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    response = sign_in(browser, base_url="https://slate.example.com")
    header = response.headers["Set-Cookie"]
    assert header.startswith("__Host-slate_session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(header.split("; "))
    assert "max-age=" in response.headers["Strict-Transport-Security"]
    assert browser.get("/account", base_url="https://slate.example.com").status_code == 200
    with other.app_context():
        db.engine.dispose()


def test_old_parameters_are_replaced_at_the_next_sign_in(cleo, with_password):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with transaction():
        with_password.password_hash = old
    assert sign_in(cleo).status_code == 303
    assert with_password.password_hash != old
    assert not passwords.outdated(with_password.password_hash)
    assert sign_in(cleo).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/clients?q=a%20b", "/clients?q=a%20b"),
        ("/clients?", "/clients"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("///evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("\\\\evil.example/", "/"),
        ("/%09/evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("\t//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("clients", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ],
)
def test_after_sign_in_one_goes_on_inside_slate_only(cleo, with_password, wanted, location):
    from urllib.parse import urlencode

    query = f"next={wanted}" if "%" in wanted and "clients" not in wanted else urlencode({"next": wanted})
    assert sign_in(cleo, url=f"/sign-in?{query}").location == location
    assert cleo.get(f"/sign-in?{query}").location == location


def test_a_stranger_is_sent_to_sign_in_and_back(cleo, with_password):
    response = cleo.get("/account?x=1")
    assert response.status_code == 303
    assert response.location == "/sign-in?next=/account?x%3D1" or "next=" in response.location
    assert sign_in(cleo, url=response.location).location == "/account?x=1"


def test_the_dashboard_is_where_one_goes_anyway(cleo, with_password):
    assert cleo.get("/").location == "/sign-in"


def test_a_strangers_fragment_is_refused_with_an_alert(cleo, with_password):
    response = cleo.get("/account", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert "data-alert" in response.text


def test_a_strangers_form_is_refused_and_says_that_nothing_was_saved(cleo, with_password):
    response = cleo.post("/account/name", data={"name": "Mallory"})
    assert response.status_code == 401
    assert "not saved" in text_of(response)


# --- throttles


def test_guessing_is_slowed_down_and_says_for_how_long(cleo, with_password):
    codes = [sign_in(cleo, password=f"a wrong password {n}").status_code for n in range(7)]
    assert codes == [422] * 5 + [429] * 2
    response = sign_in(cleo)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 4
    assert "Try again in" in text_of(response)


def test_the_real_person_is_not_locked_out_from_elsewhere(cleo, with_password):
    for n in range(8):
        sign_in(cleo, password=f"a wrong password {n}", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    near = {"REMOTE_ADDR": "203.0.113.200"}
    assert sign_in(cleo, environ_overrides=near).status_code == 429, "the same network waits"
    assert sign_in(cleo, environ_overrides={"REMOTE_ADDR": "198.51.100.7"}).status_code == 303


def test_tries_are_counted_across_web_processes(settings, app, cleo, with_password):
    other = create_app(settings)
    with other.app_context():
        db.engine.dispose()
    second = factories.signed_in(other, None)
    codes = []
    for n in range(4):
        codes += [sign_in(browser, password=f"a wrong password {n}").status_code for browser in (cleo, second)]
    assert codes == [422] * 5 + [429] * 3
    with other.app_context():
        db.engine.dispose()


# --- links


def test_joining_sets_the_password_and_the_name(app, cleo, with_password):
    _, path = people.invite(with_password, "ben@example.com", "Ben", Role.REVIEWER)
    page = BeautifulSoup(cleo.get(path).text, "html.parser")
    assert page.select_one("[name=name]")["value"] == "Ben"
    response = cleo.post(path, data={"name": "Ben Berg", "password": NEW_PASSWORD})
    assert response.status_code == 303
    ben = people.by_email("ben@example.com")
    assert (ben.name, ben.role) == ("Ben Berg", Role.REVIEWER)
    assert is_signed_in(cleo)
    again = factories.signed_in(app, None)
    assert again.get(path).status_code == 404
    assert sign_in(again, "ben@example.com", NEW_PASSWORD).status_code == 303


def test_a_reset_signs_everybody_else_out(app, cleo, with_password):
    old = factories.signed_in(app, with_password)
    path = people.way_in(with_password, with_password)
    assert path.startswith("/reset/")
    assert cleo.get(path).status_code == 200
    assert cleo.post(path, data={"password": "short"}).status_code == 422
    assert cleo.post(path, data={"password": NEW_PASSWORD}).status_code == 303
    assert is_signed_in(cleo)
    assert not is_signed_in(old)
    assert cleo.post(path, data={"password": NEW_PASSWORD + "!"}).status_code == 404
    assert sign_in(cleo, password=PASSWORD).status_code == 422
    assert sign_in(cleo, password=NEW_PASSWORD).status_code == 303


def test_looking_at_a_sign_in_link_does_not_use_it_up(app, cleo, ben):
    path = people.sign_in_link(ben)
    assert path.startswith("/enter/")
    for _ in range(3):
        assert cleo.get(path).status_code == 200
        assert cleo.head(path).status_code == 200
    assert not is_signed_in(cleo)
    assert cleo.post(path).status_code == 303
    assert is_signed_in(cleo)
    thief = factories.signed_in(app, None)
    assert thief.post(path).status_code == 404
    assert not is_signed_in(thief)


@pytest.mark.parametrize("kind", list(LinkKind))
def test_links_end_and_are_no_good_for_anything_else(cleo, ben, kind):
    token = access_links.issue(kind, None if kind == LinkKind.SET_UP else ben)
    facts = {"name": "Ben", "email": "ben@example.com", "password": NEW_PASSWORD}
    for other in set(LinkKind) - {kind}:
        assert cleo.get(access_links.path(other, token)).status_code == 404
        assert cleo.post(access_links.path(other, token), data=facts).status_code == 404
    assert cleo.get(access_links.path(kind, token)).status_code == 200
    with transaction():
        link = db.session.query(AccessLink).one()
        assert link.expires_at - utcnow() <= access_links.LIFETIMES[kind]
        link.expires_at = utcnow() - timedelta(seconds=1)
    assert cleo.get(access_links.path(kind, token)).status_code == 404
    assert cleo.post(access_links.path(kind, token), data=facts).status_code == 404
    assert db.session.query(SignIn).count() == 0


def test_link_pages_keep_their_token_to_themselves(cleo, ben):
    path = people.sign_in_link(ben)
    headers = cleo.get(path).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"


def test_link_pages_work_over_plain_http_where_only_origin_tells(app, ben):
    """There `no-referrer` would turn the form's own Origin into "null", which the guard refuses."""
    browser = app.test_client()
    lan = "http://192.168.7.5:8000"
    path = people.sign_in_link(ben)
    assert browser.get(path, base_url=lan).headers["Referrer-Policy"] == "strict-origin"
    assert browser.post(path, base_url=lan, headers={"Origin": "null"}).status_code == 403
    assert browser.post(path, base_url=lan, headers={"Origin": lan}).status_code == 303


def test_tokens_and_passwords_stay_out_of_logs_and_database(app, cleo, caplog):
    caplog.set_level(logging.DEBUG)
    path, _ = access_links.start_link()
    cleo.get(path)
    cleo.post(path, data={"name": "Ada", "email": "ada@example.com", "password": NEW_PASSWORD})
    ada = people.by_email("ada@example.com")
    _, invitation = people.invite(ada, "b@example.com", "B", Role.EDITOR)
    paths = [path, people.way_in(ada, ada), people.sign_in_link(ada), invitation]
    for each in paths:
        cleo.get(each)
        cleo.post(each, headers={"Sec-Fetch-Site": "cross-site"})
        cleo.get(each + "x")
    sign_in(cleo, password="my secret in the wrong field")
    secrets = [each.rsplit("/", 1)[1] for each in paths]
    secrets += [token_of(cleo), NEW_PASSWORD, "my secret in the wrong field"]
    tables = [Base.metadata.tables[name] for name in ("users", "sign_ins", "access_links", "throttles")]
    with db.engine.connect() as connection:
        kept = repr([connection.execute(table.select()).all() for table in tables])
    assert caplog.text
    for secret in secrets:
        assert secret not in caplog.text
        assert secret not in kept


def test_nobody_without_a_password_signs_in_with_an_empty_one(cleo, with_password, ben):
    assert db.session.query(User).filter_by(email="ben@example.com").one().password_hash is None
    for password in ("", " ", "None"):
        assert sign_in(cleo, "ben@example.com", password).status_code == 422
