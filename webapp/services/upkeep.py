"""Keep the databases in shape: migrate all of them, say whether the main one answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from webapp.extensions import db
from webapp.services import tasks
from webapp.storage import refusing

if TYPE_CHECKING:
    from flask import Flask


def migrate(app: Flask) -> None:
    """Bring the main database and the one of the background work up to date; safe to run again."""
    from dbos import DBOS  # noqa: PLC0415 - it costs half a second

    settings = app.extensions["settings"]
    if not is_current(app):
        with app.app_context():
            flask_migrate.upgrade(directory=f"{app.root_path}/migrations")
    DBOS.migrate(f"sqlite:///{settings.workflows_path}")
    engine = tasks.engine(settings.workflows_path)
    with engine.connect():
        pass  # the first connection makes it a WAL file, which needs it alone: two processes at once would collide
    engine.dispose()


def check(app: Flask) -> None:
    """Look into the databases before long work begins. Raises Damaged for one that cannot be read."""
    path = app.extensions["settings"].workflows_path
    with refusing(), app.app_context():
        db.session.execute(text("SELECT count(*) FROM sqlite_master"))
        db.session.remove()
        if path.exists():
            with tasks.engine(path).connect() as connection:
                connection.execute(text("SELECT count(*) FROM sqlite_master"))


def is_current(app: Flask) -> bool:
    """Say whether the main database has every migration. A data folder of an older Slate has not."""
    newest = ScriptDirectory(f"{app.root_path}/migrations").get_heads()
    with app.app_context():
        try:
            connection = db.session.connection()
            return set(MigrationContext.configure(connection).get_current_heads()) == set(newest)
        finally:
            db.session.remove()


def ping() -> None:
    """Ask the main database for something trivial; raises what its driver raises when it does not answer."""
    db.session.execute(text("SELECT 1"))
