"""Run migrations on the app's own engine; SQLite alters tables by copying them (batch mode)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from alembic import context
from flask import current_app
from sqlalchemy import text

from webapp.extensions import db
from webapp.models import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection


def _skip_empty(context, revision, directives):  # noqa: ARG001
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _run() -> None:
    if context.is_offline_mode():
        raise RuntimeError("Slate migrates a database it can reach: run `slate migrate`.")
    with db.engine.connect().execution_options(slate_writing=True) as connection:
        sqlite = connection.dialect.name == "sqlite"
        try:
            if sqlite:
                _enforce_foreign_keys(connection, "OFF")
            with connection.begin():  # one transaction: a process that is killed leaves the old schema or the new one
                broken = _broken_references(connection) if sqlite else Counter()
                _migrate(connection, batch=sqlite)
                if sqlite and (more := _broken_references(connection) - broken):
                    raise RuntimeError(f"The migration would leave rows without the rows they belong to: {dict(more)}.")
        finally:
            if sqlite:
                _enforce_foreign_keys(connection, "ON")


def _migrate(connection: Connection, *, batch: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=batch,
        compare_type=True,
        user_module_prefix="webapp.models.base.",
        process_revision_directives=_skip_empty,
    )
    with context.begin_transaction():
        context.run_migrations()


def _enforce_foreign_keys(connection: Connection, state: str) -> None:
    """Switch foreign keys on or off, which SQLite does outside of transactions only.

    A table is altered by copying it and dropping the old one, and DROP TABLE first deletes all rows. With foreign keys
    on, ON DELETE CASCADE would take their children along; `defer_foreign_keys` defers the check, not the deleting.
    """
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={state}")


def _broken_references(connection: Connection) -> Counter[tuple[str, str]]:
    """Count the rows that refer to a row that is not there, by their table and the one referred to."""
    rows = connection.execute(text("PRAGMA foreign_key_check")).all()
    return Counter((row[0], row[2]) for row in rows)


assert current_app, "Migrations run inside the app: use `slate migrate`."  # noqa: S101
_run()
