"""Databases are brought up to date, from nothing and again."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa

from webapp import create_app
from webapp.config import load
from webapp.extensions import db
from webapp.services import tasks, upkeep


@pytest.fixture
def fresh(tmp_path):
    """An app whose data folder is empty."""
    made = create_app(load({"SLATE_DATA": str(tmp_path / "data")}))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    tasks.forget(made.extensions["settings"].workflows_path)


def test_an_empty_folder_becomes_a_working_one(fresh):
    assert not upkeep.is_current(fresh)
    upkeep.migrate(fresh)
    assert upkeep.is_current(fresh)
    with fresh.app_context():
        assert {"users", "jobs", "scenes"} <= set(sa.inspect(db.engine).get_table_names())
    settings = fresh.extensions["settings"]
    with sqlite3.connect(settings.workflows_path) as file:
        assert file.execute("SELECT count(*) FROM workflow_status").fetchone() == (0,)
    for name in ("slate.db", "workflows.db"):
        with sqlite3.connect(settings.data / name) as file:
            assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_again_changes_nothing(fresh):
    upkeep.migrate(fresh)

    def schema():
        with sqlite3.connect(fresh.extensions["settings"].data / "slate.db") as file:
            return file.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()

    before = schema()
    upkeep.migrate(fresh)
    assert schema() == before


def test_an_older_database_is_noticed(app):
    assert upkeep.is_current(app)
    with sqlite3.connect(app.extensions["settings"].data / "slate.db") as file:
        file.execute("UPDATE alembic_version SET version_num = '0000'")
    assert not upkeep.is_current(app)
