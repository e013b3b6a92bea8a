"""Keep the databases in shape: migrate all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask_migrate

if TYPE_CHECKING:
    from flask import Flask


def migrate(app: Flask) -> None:
    """Bring the main database and the one of the background work up to date; safe to run again."""
    from dbos.cli.migration import run_dbos_database_migrations  # noqa: PLC0415 - DBOS costs half a second

    settings = app.extensions["settings"]
    with app.app_context():
        flask_migrate.upgrade(directory=f"{app.root_path}/migrations")
    run_dbos_database_migrations(f"sqlite:///{settings.workflows_path}")
