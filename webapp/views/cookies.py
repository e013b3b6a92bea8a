"""The cookie that holds a sign-in, and the key that signs the other one."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from flask import Response, current_app, request
from flask.sessions import SecureCookieSessionInterface

from webapp.config import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask, Request
    from flask.sessions import SecureCookieSession, SessionMixin

    from webapp.config import Settings

KEY_BYTES = 32
KEPT_SECONDS = 400 * 24 * 3600
"""The longest browsers keep a cookie (RFC 6265bis, 5.6.2). When a sign-in ends is decided by its row, not here."""


class _Notes(SecureCookieSessionInterface):
    """Flask's own cookie, which files neither read nor depend on: `Vary: Cookie` would fetch them again at sign-in."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return self.session_class() if _is_file(request) else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not _is_file(request):
            super().save_session(app, session, response)


def _is_file(asked: Request) -> bool:
    return asked.path.startswith("/static/")


def init_app(app: Flask, settings: Settings) -> None:
    """Set up Flask's own cookie, which only carries notes like "Saved" from one page to the next."""
    app.session_interface = _Notes()
    app.config.update(
        SECRET_KEY=secret_key(settings.data / "secret.key"),
        SESSION_COOKIE_NAME="__Host-slate_notes" if settings.https else "slate_notes",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_PATH="/",
    )


def name() -> str:
    """Name the cookie; browsers accept a `__Host-` cookie only over https and only from this very host."""
    return "__Host-slate_session" if _over_https() else "slate_session"


def token() -> str:
    """Return the token this browser sent, empty when it sent none."""
    return request.cookies.get(name(), "")


def give(response: Response, fresh: str) -> Response:
    """Put a sign-in's token into the answer's cookie."""
    response.set_cookie(
        name(), fresh, max_age=KEPT_SECONDS, path="/", secure=_over_https(), httponly=True, samesite="Lax"
    )
    return response


def take(response: Response) -> Response:
    """Make the browser forget its sign-in."""
    response.delete_cookie(name(), path="/", secure=_over_https(), httponly=True, samesite="Lax")
    return response


def secret_key(path: Path) -> bytes:
    """Return the signing key kept in a file, made at the first start and readable for its owner only.

    Raises:
        SettingsError: the file cannot be read, or is not as Slate wrote it.
    """
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read or made: {error.strerror}. Slate signs with it; give its user the right to read it."
        ) from error
    if len(key) < KEY_BYTES or not any(key):
        raise SettingsError(
            f"{path} is empty or cut short, so Slate cannot sign with it. Restore it from a backup. If there is none, "
            "delete the file: Slate makes a new one, and the links that end mails stop working in mails already sent."
        )
    return key


def _make_key(path: Path) -> None:
    """Write a new key whole or not at all, and onto the disk: web and worker may start together, and power may fail."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _over_https() -> bool:
    settings: Settings = current_app.extensions["settings"]
    return settings.https
