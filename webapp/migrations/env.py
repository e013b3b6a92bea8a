"""Run migrations on the app's own engine; SQLite alters tables by copying them (batch mode)."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import text

from webapp.extensions import db
from webapp.models import Base


def _skip_empty(context, revision, directives):  # noqa: ARG001
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _run() -> None:
    if context.is_offline_mode():
        raise RuntimeError("Slate migrates a database it can reach: run `slate migrate`.")
    engine = db.engine
    with engine.connect().execution_options(slate_writing=True) as connection:
        sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=sqlite,
            compare_type=True,
            user_module_prefix="webapp.models.base.",
            process_revision_directives=_skip_empty,
        )
        with context.begin_transaction():
            if sqlite:  # a copied table must not take its children with it
                connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            context.run_migrations()


assert current_app, "Migrations run inside the app: use `slate migrate`."  # noqa: S101
_run()
