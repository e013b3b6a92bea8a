"""Examine an installation: what is well, what is doubtful, what is broken, and what to do about it."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webapp import storage
from webapp.errors import DeliveryFailed, Refusal, WriterError
from webapp.extensions import db, sqlite_module
from webapp.models import new_id
from webapp.services import blob_checks, blobs, deliveries, mail, smtp, typefaces, upkeep, worker, writers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from flask import Flask

    from webapp.config import Settings

OK, WARN, FAIL = "ok", "warn", "fail"
SAFE_SQLITE = (3, 51, 3)
"""Older ones have a rare corruption when a write-ahead log is reset (https://sqlite.org/wal.html#walresetbug)."""
RESTORE = "Stop Slate, keep a copy of the data folder, and restore a backup with `slate restore`."
NAMED = 20
"""So many damaged files are named; the rest is counted."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: `advice` says what to do when the state is not ok."""

    state: str
    topic: str
    text: str
    advice: str = ""


def examine(app: Flask, *, call_writer: bool = False, mail_to: str = "", read_bytes: bool = False) -> Iterator[Finding]:
    """Yield one finding after the other.

    `call_writer` makes a real call to the model, `mail_to` gets a real mail, `read_bytes` hashes all that is stored.
    """
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        yield _data_folder(settings.data)
        yield _guarded("Disk", lambda: _disk(settings))
        yield _sqlite()
        yield (reachable := _database(app))
        for path in (settings.database_path, settings.blobs_path, settings.workflows_path):
            if path.exists():
                yield _integrity(path)
        if reachable.state != FAIL:
            yield _guarded("Files", lambda: _files(read_bytes=read_bytes))
            yield _guarded("Worker", _worker)
            yield _guarded("Webhooks", _webhooks)
        yield _mail(settings, mail_to, can_count=reachable.state != FAIL)
        yield _fonts()
        yield _address(settings)
        yield _writer(settings, call=call_writer)
        db.session.remove()


def _data_folder(folder: Path) -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding(
            FAIL,
            "Data folder",
            f"{folder} cannot be written: {error.strerror}.",
            "Give Slate's user the right to write there, or set SLATE_DATA.",
        )
    open_to_all = [path.name for path in folder.glob("*.db") if path.stat().st_mode & 0o004]
    if open_to_all and folder.stat().st_mode & 0o001:
        advice = f"It holds password hashes and people's files. Shut others out: chmod -R o-rwx {folder}"
        return Finding(
            WARN, "Data folder", f"everybody on this machine can read {', '.join(sorted(open_to_all))}.", advice
        )
    return Finding(OK, "Data folder", f"{folder} can be written.")


def _disk(settings: Settings) -> Finding:
    free = blobs.free_bytes() if settings.blobs_path.exists() else shutil.disk_usage(settings.data).free
    free_mb = free // 2**20
    said = f"{free_mb:,} MB are free."
    if free_mb < settings.min_free_disk_mb:
        return Finding(
            FAIL,
            "Disk",
            said,
            f"Below {settings.min_free_disk_mb} MB (MIN_FREE_DISK_MB) uploads are refused. Make room.",
        )
    if free_mb < 5 * settings.min_free_disk_mb:
        return Finding(WARN, "Disk", said, f"Uploads are refused below {settings.min_free_disk_mb} MB. Make room soon.")
    return Finding(OK, "Disk", said)


def _sqlite() -> Finding:
    module = sqlite_module()
    said = f"version {module.sqlite_version}, by {module.__name__.partition('.')[0]}."
    if tuple(int(part) for part in module.sqlite_version.split(".")) < SAFE_SQLITE:
        safe = ".".join(map(str, SAFE_SQLITE))
        advice = (
            f"Before {safe} it can, very rarely, damage a database under load. Install pysqlite3, or a newer Python."
        )
        return Finding(WARN, "SQLite", said, advice)
    return Finding(OK, "SQLite", said)


def _database(app: Flask) -> Finding:
    try:
        db.session.execute(text("SELECT 1"))
        db.session.rollback()
        current = upkeep.is_current(app)
    except SQLAlchemyError as error:
        return Finding(
            FAIL,
            "Database",
            f"cannot be read ({type(error).__name__}).",
            "Check DATABASE_URL and SLATE_DATA; restore a backup if the file is damaged.",
        )
    if not current:
        return Finding(
            FAIL, "Database", "is not up to date.", "Run `slate migrate`; `slate serve` does it at its start."
        )
    return Finding(OK, "Database", "reachable and up to date.")


def _integrity(path: Path) -> Finding:
    connect: Any = sqlite_module().connect
    topic = f"Integrity of {path.name}"
    try:
        with closing(connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as file:
            said = [row[0] for row in file.execute("PRAGMA integrity_check(3)")]
    except sqlite_module().Error as error:
        said = [str(error)]
    if said == ["ok"]:
        return Finding(OK, topic, "every page is whole.")
    return Finding(FAIL, topic, "; ".join(said), RESTORE)


def _guarded(topic: str, look: Callable[[], Finding]) -> Finding:
    """Look, also into a database of which only some pages are damaged."""
    try:
        return look()
    except (SQLAlchemyError, Refusal) as error:
        db.session.rollback()
        refusal = error if isinstance(error, Refusal) else storage.refusal_of(error)
        what = refusal.message if refusal else f"{type(error).__name__}."
        return Finding(FAIL, topic, f"cannot be looked at: {what}", RESTORE)


def _files(*, read_bytes: bool) -> Finding:
    found = blob_checks.described()
    wrong = blob_checks.changed(found) if read_bytes else blob_checks.lost(found)
    if not wrong:
        what = "all bytes are what was stored." if read_bytes else "all bytes are there."
        return Finding(OK, "Files", f"{len(found):,} looked at, {what}")
    whose = list(dict.fromkeys(name for blob in wrong for name in blob_checks.owners(blob)))
    more = f" and {len(whose) - NAMED:,} more" if len(whose) > NAMED else ""
    state = "lost or changed bytes" if read_bytes else "lost bytes"
    said = f"{len(wrong):,} of {len(found):,} have {state}: {', '.join(whose[:NAMED]) or 'nothing shows them'}{more}."
    return Finding(FAIL, "Files", said, f"{RESTORE} Without a backup add those assets again.")


def _worker() -> Finding:
    if worker.alive():
        return Finding(OK, "Worker", "alive.")
    return Finding(
        WARN,
        "Worker",
        "none has shown a sign of life in the last 20 s.",
        "Nothing is fetched, written or drawn. Run `slate serve`, or `slate worker` beside `slate serve --no-worker`.",
    )


def _webhooks() -> Finding:
    count, last = deliveries.given_up(deliveries.WEBHOOK)
    if not count:
        return Finding(OK, "Webhooks", "no message was given up in the last 30 days.")
    return Finding(
        WARN,
        "Webhooks",
        f"{count:,} messages were given up in the last 30 days, the last one because: {last}",
        "The Webhooks page shows them and sends them again.",
    )


def _mail(settings: Settings, mail_to: str, *, can_count: bool) -> Finding:
    if not settings.mails:
        state, advice = (FAIL, "Set SMTP_HOST, MAIL_FROM and PUBLIC_URL (see the README).") if mail_to else (OK, "")
        return Finding(state, "Mail", "not set up; what happens is in people's inboxes.", advice)
    server = f"{settings.smtp_host}, {settings.smtp_security}"
    if mail_to:
        try:
            smtp.send(settings, _test_mail(settings, mail_to))
        except DeliveryFailed as failure:
            return Finding(FAIL, "Mail", f"{server}: {failure.message}", failure.hint or "Check the SMTP settings.")
        return Finding(OK, "Mail", f"{server}: took a mail to {mail_to}. Look whether it arrived.")
    count, last = deliveries.given_up(mail.MAIL) if can_count else (0, "")
    if count:
        said = f"{server}: {count:,} mails were given up in the last 30 days, the last one because: {last}"
        return Finding(WARN, "Mail", said, "`slate doctor --mail you@example.com` sends a real one.")
    return Finding(OK, "Mail", f"{server}, not called. `slate doctor --mail you@example.com` sends a real one.")


def _test_mail(settings: Settings, to: str) -> EmailMessage:
    words = f"This is the mail that was asked for by “slate doctor --mail”, from {settings.public_url}."
    return smtp.message(settings, to, "A test from Slate", words, f"<p>{words}</p>", message_id=new_id())


def _fonts() -> Finding:
    shown, missing = typefaces.scripts()
    text = f"films and pictures can show {', '.join(shown)}."
    if missing:
        fonts = "fonts-noto-core, fonts-noto-cjk, fonts-symbola"
        text += f" For {', '.join(missing)} install a font (Debian: {fonts}) where your boards use them."
    if typefaces.can_shape():
        return Finding(OK, "Fonts", text)
    advice = "Hebrew, Arabic, Thai and the scripts of India are boxes in films. Install FriBiDi (Debian: libfribidi0)."
    return Finding(WARN, "Fonts", text, advice)


def _address(settings: Settings) -> Finding:
    if settings.public_url and not settings.trusted_proxies and settings.host in LOOPBACK:
        return Finding(
            WARN,
            "Address",
            f"{settings.public_url}, but no proxy is trusted: everybody seems to come from this machine.",
            "One person who mistypes a password makes all wait. Set TRUSTED_PROXIES (see the README).",
        )
    if settings.https:
        return Finding(OK, "Address", f"{settings.public_url}, with https.")
    if settings.host in LOOPBACK and not settings.public_url:
        return Finding(OK, "Address", f"{settings.host}:{settings.port}, for this machine only.")
    return Finding(
        WARN,
        "Address",
        "people come in over plain http, so passwords can be read on the way.",
        "Put a reverse proxy with https in front and set PUBLIC_URL and TRUSTED_PROXIES (see the README).",
    )


def _writer(settings: Settings, *, call: bool) -> Finding:
    name, model = writers.label(settings)
    if name == "builtin" and not call:
        return Finding(OK, "Writer", "the built-in one, which needs no model.")
    if name != "builtin" and importlib.util.find_spec(name) is None:
        return Finding(
            FAIL, "Writer", f"the Python package {name} is not installed.", f"Run: .venv/bin/pip install {name}"
        )
    if not call:
        return Finding(
            OK,
            "Writer",
            f"{name} with {model}, not called.",
            "`slate doctor --writer` makes a real call, the smallest there is.",
        )
    try:
        return Finding(OK, "Writer", f"{name}: {writers.current(settings).check()}")
    except WriterError as error:
        return Finding(
            FAIL,
            "Writer",
            f"{name} with {model}: {error.message}",
            error.hint or "Check the key, the address and the model's name.",
        )
