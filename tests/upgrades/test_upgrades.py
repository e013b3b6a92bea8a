"""Data folders of all releases come up to date whole, also when the migration is killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from tests import factories, quick
from tests.upgrades import releases
from webapp import create_app
from webapp.config import load
from webapp.extensions import db, sqlite_module
from webapp.models import Decision, Job, User
from webapp.services import integrity, purges, upkeep

STEPS = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from webapp import create_app
from webapp.config import load
from webapp.services import upkeep

step, last, words = 0, int(sys.argv[1]), sys.argv[2]

def count(_connection, _cursor=None, statement="COMMIT", *_):
    global step
    step += words in statement
    if step == last:
        os.kill(os.getpid(), signal.SIGKILL)

app = create_app(load())
event.listen(Engine, "before_cursor_execute", count)
event.listen(Engine, "commit", count)
upkeep.migrate(app)
print(step)
"""
"""Migrates SLATE_DATA, killed just before its n-th statement or commit with these words; says how many it saw."""


@pytest.fixture(scope="module", params=releases.RELEASES, ids=lambda release: release.name)
def release(request):
    """The stored data folder of a release."""
    return request.param


@pytest.fixture
def folder(release, tmp_path):
    """A data folder of a release, as it was left."""
    return releases.unpack(release, tmp_path / "instance")


@pytest.fixture(scope="module")
def upgraded(release, tmp_path_factory):
    """An app on a migrated data folder of a release, and how many rows each table had before and right after."""
    folder = releases.unpack(release, tmp_path_factory.mktemp("upgraded") / "instance")
    before = releases.counts(folder)
    app = create_app(load({"SLATE_DATA": str(folder), "WRITING_PACE": "0"}))
    app.testing = True
    quick.share_templates(app)
    upkeep.migrate(app)
    after = releases.counts(folder)
    with app.app_context():
        yield app, folder, before, after
        db.session.remove()
        db.engine.dispose()


MOMENTS = 50
"""At so many a long migration is killed, beside its last six steps."""


def migrate(folder, *, killed_at=0, words=""):
    """Migrate in a process of its own, killed at a step (0: never); returns its exit code and how many it took."""
    environment = {"PATH": os.environ["PATH"], "SLATE_DATA": str(folder)}
    command = [sys.executable, "-c", STEPS, str(killed_at), words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.returncode, int(done.stdout or 0)


def test_every_row_is_there_and_every_record_passes(upgraded):
    _, folder, before, after = upgraded
    assert before["decisions"] >= 5
    assert {table: after[table] for table in before} == before
    assert releases.read(folder, "PRAGMA foreign_key_check") == []
    found = list(integrity.reports())
    assert [report.faults for report in found] == [()] * before["jobs"]
    assert sum(report.decisions for report in found) == before["decisions"]
    assert list(purges.faults()) == []


def test_every_storyboard_and_certificate_opens(upgraded):
    app = upgraded[0]
    browser = factories.signed_in(app, db.session.query(User).filter_by(email="ada@example.com").one())
    jobs, decided = db.session.query(Job).all(), db.session.query(Decision).all()
    for job in jobs:
        for page in ("", "/activity", "/versions", "/share", "/comments"):
            assert browser.get(f"/jobs/{job.id}{page}").status_code == 200, (job.title, page)
    for decision in decided:
        address = f"/jobs/{decision.job_id}/decisions/{decision.id}"
        assert browser.get(f"{address}/certificate").status_code == 200
        assert browser.get(f"{address}/frames/1").content_type == "image/webp"
    film = next(job for job in jobs if job.video_blob_id)
    assert browser.get(f"/jobs/{film.id}/animatic").content_type == "video/mp4"
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("rows", ["jobs", "clients", "takes WHERE id IN (SELECT take_id FROM version_scenes)"])
def test_the_database_itself_refuses_a_stray_delete_then(upgraded, rows):
    folder = upgraded[1]
    before = releases.counts(folder)
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.text(f"DELETE FROM {rows}"))  # noqa: S608
    assert releases.counts(folder) == before


def test_foreign_keys_are_enforced_again_on_every_connection(upgraded):
    with db.engine.connect() as one, db.engine.connect() as other:
        assert [each.scalar(sa.text("PRAGMA foreign_keys")) for each in (one, other)] == [1, 1]


def test_with_foreign_keys_on_the_same_migration_would_lose_rows(folder):
    """The control: what env.py did in 0.1.0, on the newest migrations."""
    before = releases.counts(folder)
    scripts = ScriptDirectory("webapp/migrations")
    engine = sa.create_engine(f"sqlite:///{folder}/slate.db", module=sqlite_module())
    with engine.connect() as connection:
        connection.connection.driver_connection.isolation_level = None
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        with Operations.context(context):
            for script in reversed(list(scripts.iterate_revisions("head", "0001"))):
                script.module.upgrade()
        connection.exec_driver_sql("COMMIT")
    engine.dispose()
    after = releases.counts(folder)
    assert after["decisions"] < before["decisions"]
    assert after["takes"] < before["takes"]


def is_whole(folder, old, before):
    """Say whether the schema is the old one to the letter or the newest, and every row is there."""
    assert releases.read(folder, "PRAGMA integrity_check") == [("ok",)]
    now = releases.counts(folder)
    assert {table: now[table] for table in before} == before
    revision = releases.read(folder, "SELECT version_num FROM alembic_version")[0][0]
    heads = ScriptDirectory("webapp/migrations").get_heads()
    return (revision == "0001" and releases.schema(folder) == old) or ([revision] == heads and "purges" in now)


def kill_at(release, folder, moments, words=""):
    """Kill a migration at these moments, each on a fresh copy that is migrated to the end afterwards."""
    untouched = releases.unpack(release, folder / "untouched")
    old, before = releases.schema(untouched), releases.counts(untouched)
    for moment in moments:
        copy = releases.unpack(release, folder / f"killed-{moment}")
        assert migrate(copy, killed_at=moment, words=words)[0] == -signal.SIGKILL, moment
        assert is_whole(copy, old, before), moment
        app = create_app(load({"SLATE_DATA": str(copy)}))
        upkeep.migrate(app)
        assert upkeep.is_current(app)
        with app.app_context():
            db.engine.dispose()
        now = releases.counts(copy)
        assert {table: now[table] for table in before} == before


def test_a_migration_killed_while_it_copies_tables_leaves_the_old_schema(release, tmp_path):
    kill_at(release, tmp_path, [7], words="DROP TABLE")


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_a_migration_killed_at_any_moment_leaves_the_old_schema_or_the_new(release, tmp_path, record_property):
    steps = migrate(releases.unpack(release, tmp_path / "counted"))[1]
    moments = [*range(1, steps - 5, steps // MOMENTS), *range(steps - 5, steps + 1)]
    kill_at(release, tmp_path, moments)
    record_property("migrations killed, of so many steps", f"{len(moments)} of {steps}")
    record_property("rows lost, schemas between old and new", 0)
