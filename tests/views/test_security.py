"""The guards in front of every route, one by one; tests/house/test_guards.py walks all routes through them."""

from __future__ import annotations

import dataclasses
import os
import stat

import pytest

from tests import factories
from webapp import create_app
from webapp.config import SettingsError
from webapp.extensions import db
from webapp.models import Role
from webapp.services import sign_ins
from webapp.views import cookies
from webapp.views.security import CONTENT_SECURITY_POLICY, absolute

LAN = "http://192.168.7.5:8000"


@pytest.fixture
def with_settings(settings, app):
    """Another app on the same data with other settings."""
    made = []

    def make(**changes):
        made.append(create_app(dataclasses.replace(settings, **changes)))
        return made[-1]

    yield make
    for each in made:
        with each.app_context():
            db.engine.dispose()


# --- cross-site requests: 28 cases, and the naive way beside them

CASES = [
    # method, Sec-Fetch-Site, Origin, our address, allowed
    ("POST", "same-origin", "http://localhost", "http://localhost", True),
    ("POST", "same-origin", None, "http://localhost", True),
    ("POST", "none", None, "http://localhost", True),
    ("POST", "cross-site", "https://evil.example", "http://localhost", False),
    ("POST", "cross-site", "http://localhost", "http://localhost", False),
    ("POST", "cross-site", None, "http://localhost", False),
    ("POST", "same-site", "http://localhost:8001", "http://localhost", False),
    ("POST", "same-site", None, "http://localhost", False),
    ("POST", "", None, "http://localhost", False),
    ("POST", "Same-Origin, cross-site", None, "http://localhost", False),
    ("POST", "nonsense", "http://localhost", "http://localhost", False),
    ("POST", None, None, "http://localhost", False),
    ("POST", None, "http://localhost", "http://localhost", True),
    ("POST", None, "http://localhost:8001", "http://localhost", False),
    ("POST", None, "https://localhost", "http://localhost", False),
    ("POST", None, "http://localhost.evil.example", "http://localhost", False),
    ("POST", None, "http://evil.example", "http://localhost", False),
    ("POST", None, "null", "http://localhost", False),
    ("POST", None, "", "http://localhost", False),
    ("POST", None, "file://", "http://localhost", False),
    ("POST", None, LAN, LAN, True),
    ("POST", None, "http://192.168.7.5", LAN, False),
    ("POST", None, "http://192.168.7.6:8000", LAN, False),
    ("POST", None, None, LAN, False),
    ("DELETE", "cross-site", None, "http://localhost", False),
    ("PATCH", "same-site", None, "http://localhost", False),
    ("PUT", None, None, "http://localhost", False),
    ("PROPFIND", None, None, "http://localhost", False),
]


def ask(browser, method, site, origin, base_url):
    headers = {"Sec-Fetch-Site": site, "Origin": origin}
    given = {name: value for name, value in headers.items() if value is not None}
    return browser.open("/account/name", method=method, base_url=base_url, data={"name": "Mallory"}, headers=given)


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_only_our_own_pages_may_change_things(app, ada, case):
    method, site, origin, base_url, allowed = case
    browser = app.test_client()
    host = base_url.removeprefix("http://").partition(":")[0]
    browser.set_cookie("slate_session", sign_ins.begin(ada, address="", user_agent=""), domain=host)
    assert browser.get("/account", base_url=base_url).status_code == 200
    response = ask(browser, method, site, origin, base_url)
    assert response.status_code == (303 if allowed else 403)
    assert (ada.name == "Mallory") is allowed


def test_without_the_guard_the_same_requests_go_through(app, ada):
    """The control: a Lax cookie alone does not stop another port of the same host, nor any of these."""
    guards = app.before_request_funcs[None]
    app.before_request_funcs[None] = [each for each in guards if each.__name__ != "_own_pages"]
    browser = factories.signed_in(app, ada)
    refused = [case for case in CASES if not case[4] and case[0] == "POST" and case[3] == "http://localhost"]
    codes = {ask(browser, *case[:4]).status_code for case in refused}
    assert codes == {303}
    assert ada.name == "Mallory"


def test_a_cross_site_answer_says_so_in_words(app, ada):
    browser = factories.signed_in(app, ada)
    response = ask(browser, "POST", "cross-site", None, "http://localhost")
    assert "did not come from one of Slate" in response.text


def test_behind_a_public_address_its_origin_counts(with_settings, ada):
    """As behind a proxy that ends TLS and is not in TRUSTED_PROXIES: we see http, the browser https."""
    app = with_settings(public_url="https://slate.example.com")
    browser = app.test_client()
    token = sign_ins.begin(ada, address="", user_agent="")
    browser.set_cookie("__Host-slate_session", token, domain="slate.example.com")
    for origin, code in [("https://slate.example.com", 303), ("https://evil.example", 403)]:
        response = browser.post(
            "/account/name",
            base_url="http://slate.example.com",
            data={"name": "Ada"},
            headers={"Origin": origin},
        )
        assert response.status_code == code


# --- hosts


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("slate.example.com", 200),
        ("SLATE.example.com", 200),
        ("slate.example.com:443", 200),
        ("localhost", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("slate.example.com.evil.example", 400),
        ("slate.example.com:8443", 200),  # names are compared: proxies leave ports out
        ("localhost.evil.example", 400),
        ("192.168.7.5:8000", 400),
    ],
)
def test_with_a_public_address_only_that_host_is_answered(with_settings, host, code):
    app = with_settings(public_url="https://slate.example.com")
    assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == code
    assert app.test_client().get("/healthz", headers={"Host": host}).status_code == 200


def test_without_a_public_address_any_host_of_the_network_is_answered(app):
    for host in ("localhost:8000", "192.168.7.5:8000", "slate.lan"):
        assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == 200


def test_links_for_other_people_never_come_from_the_host_header(with_settings, ada):
    app = with_settings(public_url="https://slate.example.com/")
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert absolute("/reset/x") == "https://slate.example.com/reset/x"
    plain = with_settings()
    with plain.test_request_context("/", base_url=LAN):
        assert absolute("/reset/x") == LAN + "/reset/x"


# --- headers


@pytest.mark.parametrize("path", ["/sign-in", "/no-such-page", "/healthz", "/account", "/static/icon.svg", "/boom"])
def test_every_answer_carries_the_security_headers(app, path):
    @app.get("/boom")
    def boom():
        raise RuntimeError("secret detail")

    boom.is_public = True
    response = app.test_client().get(path, buffered=True)
    assert response.status_code == {"/no-such-page": 404, "/account": 303, "/boom": 500}.get(path, 200)
    headers = response.headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "manifest-src 'self'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert "secret detail" not in response.text
    if path != "/static/icon.svg":
        assert headers["Cache-Control"] == "no-store"


def test_a_view_may_be_stricter(app):
    @app.get("/original")
    def original():
        stricter = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, immutable"}
        return "bytes", stricter

    original.is_public = True
    headers = app.test_client().get("/original").headers
    assert headers.getlist("Content-Security-Policy") == ["default-src 'none'; sandbox"]
    assert headers["Cache-Control"] == "private, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_with_their_version_are_kept_for_good_others_are_asked_for_again(app):
    def kept(path):
        return app.test_client().get(path, buffered=True).headers["Cache-Control"]

    assert kept("/static/icon.svg?v=abc") == "public, max-age=31536000, immutable"
    assert kept("/static/icon.svg") == "no-cache"
    assert kept("/static/missing.svg?v=abc") == "no-store"


def test_no_page_needs_what_the_policy_forbids():
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY


# --- roles


def test_roles_open_what_they_should(app, ada, eve, ben):
    from webapp.views import security

    for name, guard in (("edit", security.editors), ("manage", security.admins), ("read", lambda view: view)):
        app.add_url_rule(f"/try/{name}", f"try_{name}", guard(lambda: "in"))
    expected = {"read": (200, 200, 200), "edit": (200, 200, 403), "manage": (200, 404, 404)}
    for name, codes in expected.items():
        assert tuple(factories.signed_in(app, who).get(f"/try/{name}").status_code for who in (ada, eve, ben)) == codes
        assert factories.signed_in(app, None).get(f"/try/{name}").status_code == 303


def test_a_change_of_role_counts_at_the_next_request(app, ada):
    eve = factories.person("Eve", "eve2@example.com", Role.ADMIN)
    browser = factories.signed_in(app, eve)
    assert browser.get("/people").status_code == 200
    from webapp.extensions import transaction

    with transaction():
        eve.role = Role.REVIEWER
    assert browser.get("/people").status_code == 404


def test_two_browsers_on_one_app_are_two_people(app, ada, eve):
    hers, his = factories.signed_in(app, ada), factories.signed_in(app, eve)
    for _ in range(2):
        assert "ada@example.com" in hers.get("/account").text
        assert "eve@example.com" in his.get("/account").text


# --- the signing key


def test_the_signing_key_is_made_once_and_for_its_owner_only(settings, app):
    path = settings.data / "secret.key"
    kept = path.read_bytes()
    assert len(kept) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert cookies.secret_key(path) == kept == app.config["SECRET_KEY"]
    assert list(settings.data.glob("secret.key*")) == [path]


def test_two_processes_that_start_together_agree_on_the_key(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: cookies.secret_key(tmp_path / "secret.key"), range(64)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32


def test_notes_between_pages_travel_in_a_cookie_no_script_reads(app, ada):
    browser = factories.signed_in(app, ada)
    header = browser.post("/account/name", data={"name": "Ada B"}).headers["Set-Cookie"]
    assert header.startswith("slate_notes=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(header.split("; "))


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 31, bytes(32)], ids=["empty", "one byte", "short", "zeros"])
def test_a_signing_key_that_is_not_whole_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "secret.key"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"is empty or cut short.*Restore it from a backup"):
        cookies.secret_key(path)
    assert path.read_bytes() == content, "nobody's key is replaced in silence"


def test_a_signing_key_that_cannot_be_read_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "secret.key").mkdir()
    with pytest.raises(SettingsError, match=r"secret\.key cannot be read"):
        cookies.secret_key(tmp_path / "secret.key")
    with pytest.raises(SettingsError, match=r"secret\.key cannot be read"):
        cookies.secret_key(tmp_path / "no folder" / "secret.key")


def test_a_new_signing_key_is_on_the_disk_before_it_is_used(tmp_path, monkeypatch):
    synced, fsync = [], os.fsync

    def noted(descriptor):
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    cookies.secret_key(tmp_path / "secret.key")
    assert synced == [(tmp_path / "secret.key").stat().st_ino, tmp_path.stat().st_ino]
