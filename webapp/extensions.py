"""The things create_app plugs in, and `transaction()`: the one way to write."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from htmx_flask import Htmx
from sqlalchemy import delete, event, select

from webapp import write_queue
from webapp.models import Base
from webapp.storage import refusing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from flask import Flask
    from sqlalchemy import ColumnElement, Connection, Engine

    from webapp.config import Settings

log = logging.getLogger(__name__)

BATCH_ROWS = 200
"""So many rows are deleted in one transaction: it takes a few milliseconds."""

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
migrate = Migrate()
login = LoginManager()
htmx = Htmx()

SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout=30000",  # first: two first connections may switch to WAL at the same moment
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA journal_size_limit=67108864",
)


def init_app(app: Flask, settings: Settings) -> None:
    """Connect the database, migrations, sign-in and htmx to the app."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database, settings.web_threads)
    db.init_app(app)
    migrate.init_app(app, db, directory=f"{app.root_path}/migrations", render_as_batch=True)
    login.init_app(app)
    htmx.init_app(app)
    with app.app_context():
        set_up_engine(db.engine)


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """Return create_engine's options: one connection a thread, and the newest SQLite where its wheel exists.

    SQLite before 3.51.3 has a rare WAL-reset corruption (https://sqlite.org/wal.html); pysqlite3 brings 3.53.
    """
    options: dict[str, Any] = {"pool_size": threads + 8}
    if url.startswith("sqlite"):
        options["module"] = sqlite_module()
    return options


def sqlite_module() -> Any:
    """Return pysqlite3 where it is installed, else Python's own sqlite3."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - only where its wheel exists
    except ImportError:
        import sqlite3 as dbapi2  # noqa: PLC0415
    return dbapi2


def set_up_engine(engine: Engine) -> None:
    """Make SQLite safe for many threads and processes: WAL, and BEGIN said by us.

    Python's sqlite3 begins late and deferred by itself; two such writers end in "database is locked" or lost updates
    (304 of 400 in our measurement). Readers say BEGIN, writers BEGIN IMMEDIATE (see `transaction`).
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("slate_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def transaction() -> Iterator[None]:
    """Run a use case: all of it is committed or none of it. Inside another transaction, join that one.

    What was read before is forgotten first, so that rules are checked against the present and not against a snapshot.
    Nothing in here may wait for a network, a decoder or a model: SQLite has one writer at a time, first come, first
    served.

    Raises:
        DiskFull, Damaged: the disk or the database failed; nothing was written.
    """
    session = db.session()
    if session.info.get("writing"):
        yield
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Rows were changed outside a transaction().")
    session.rollback()
    session.expire_all()  # a rollback forgets only what was read since the last commit
    with turn_to_write(db.engine):
        session.info["writing"] = True
        try:
            with refusing():
                session.connection(execution_options={"slate_writing": True})
                yield
                session.commit()
        except BaseException:
            session.info.pop("after_commit", None)
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)
    for call in session.info.pop("after_commit", []):
        try:
            call()
        except Exception:  # what was asked for is committed: a page that says otherwise would be a lie
            log.exception("what follows a commit failed")


def turn_to_write(engine: Engine) -> AbstractContextManager[None]:
    """Wait until it is our turn to write to this database; the turn ends with the block, which holds the commit."""
    return write_queue.turn(engine.url.database if engine.dialect.name == "sqlite" else None)


def after_commit(call: Callable[[], object]) -> None:
    """Call this once the transaction is committed, at once when there is none: a task must never outrun its row."""
    session = db.session()
    if session.info.get("writing"):
        session.info.setdefault("after_commit", []).append(call)
    else:
        call()


def delete_rows(model: type[Base], condition: ColumnElement[bool]) -> int:
    """Delete the rows of a model with an `id` that meet a condition; returns how many. Not inside a transaction.

    They are looked for outside the write lock and deleted in short transactions, each of which asks the condition
    again: a large library keeps nobody else waiting, and what came into use meanwhile stays.
    """
    key = model.__table__.c.id
    let_go()
    found = db.session.scalars(select(key).where(condition)).all()
    let_go()
    gone = 0
    for start in range(0, len(found), BATCH_ROWS):
        with transaction():
            some = delete(model).where(key.in_(found[start : start + BATCH_ROWS]), condition)
            result = db.session.execute(some, execution_options={"synchronize_session": False})
        gone += result.rowcount  # type: ignore[attr-defined]  # a DELETE's result has it
    return gone


def let_go() -> None:
    """End the read transaction before something slow, so that no snapshot and no connection is held meanwhile."""
    db.session.rollback()
