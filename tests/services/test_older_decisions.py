"""Decisions, versions and storyboards of Slate 0.1.0 stay what they are under the newest migrations."""

from __future__ import annotations

from datetime import UTC, datetime

import flask_migrate
import pytest
import sqlalchemy as sa

from webapp import create_app
from webapp.config import load
from webapp.extensions import db
from webapp.models import Decision, Job, Version
from webapp.services import upkeep

OLD = {
    "id": "1" * 36,
    "job_id": "1" * 36,
    "client_id": "1" * 36,
    "version_id": "1" * 36,
    "content_hash": "a" * 64,
    "ratio": "16:9",
}


@pytest.fixture
def older(tmp_path):
    """The database of 0.1.0 with one decision, brought up to date."""
    app = create_app(load({"SLATE_DATA": str(tmp_path / "instance")}))
    with app.app_context():
        flask_migrate.upgrade(directory=f"{app.root_path}/migrations", revision="0001")
        tables = sa.MetaData()
        tables.reflect(db.engine)
        with db.engine.begin() as connection:
            for name in ("clients", "jobs", "versions", "decisions"):
                connection.execute(tables.tables[name].insert().values(_row(tables.tables[name])))
        upkeep.migrate(app)
        yield app
        db.session.remove()
        db.engine.dispose()


def _row(table):
    """Fill every column that has to be filled."""
    blank = {int: 0, str: "", bool: False, float: 0.0, datetime: datetime(2026, 11, 23, tzinfo=UTC)}
    row = {column.name: blank.get(column.type.python_type, {}) for column in table.columns if not column.nullable}
    return {name: OLD.get(name, value) for name, value in row.items()}


def test_what_an_old_decision_named_is_unknown(older):
    decision, version, job = (
        db.session.query(Decision).one(),
        db.session.query(Version).one(),
        db.session.query(Job).one(),
    )
    assert (decision.named_version, decision.content_hash) == (None, "a" * 64)
    assert (version.named_ratio, job.named_ratio, job.first_ratio) == ("", "", None)
