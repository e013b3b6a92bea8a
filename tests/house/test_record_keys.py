"""Nothing that is deleted takes a record along: no cascade leads to its tables, and the database refuses the rest."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Allows, Base, Reviewer, ReviewLink, SceneVerdict, Verdict, VersionKind
from webapp.schemas.comments import CommentDraft
from webapp.services import comments, decisions, jobs, versions

RECORD = {
    "jobs", "events", "decisions", "versions", "version_scenes", "scenes", "takes", "frames", "comments",
    "review_links", "reviewers", "scene_verdicts", "purges",
}  # fmt: skip
"""What somebody decided on, what happened, and who was asked."""


def cascades(metadata):
    """Return the tables of the record that a DELETE somewhere else empties, over any number of tables."""
    edges = [
        (key.column.table.name, table.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.ondelete in ("CASCADE", "SET DEFAULT")
    ]
    reached = {target for _, target in edges}
    return reached & RECORD


def test_no_cascade_leads_to_the_record():
    assert cascades(Base.metadata) == set()
    assert set(Base.metadata.tables) >= RECORD


def test_no_cascade_leads_to_the_record_in_the_database_either(app):
    """The migrations made it so, whatever the models say."""
    found = sa.MetaData()
    found.reflect(db.engine)
    assert cascades(found) == set()


@pytest.mark.parametrize("table", sorted(RECORD - {"jobs", "frames", "purges"}))
def test_a_cascade_that_somebody_adds_would_show(table):
    """The control."""
    changed = sa.MetaData()
    for each in Base.metadata.tables.values():
        each.to_metadata(changed)
    column = sa.Column("other_id", sa.ForeignKey("users.id", ondelete="CASCADE"))
    changed.tables[table].append_column(column)
    assert cascades(changed) == {table}


@pytest.fixture
def job(app, ada, ben):
    """A storyboard with a whole record: scenes, comments, a guest's verdict, decisions of a guest and an account."""
    job = factories.job(factories.client(), campaign_id=None)
    for number in (1, 2):
        factories.scene(job, number)
    with transaction():
        link = ReviewLink(job_id=job.id, name="Legal", token_hash="x", allows=Allows.DECIDE)
        db.session.add(link)
        db.session.flush()
        cleo = Reviewer(link_id=link.id, name="Cleo")
        db.session.add(cleo)
        sent = versions.keep(job, VersionKind.SENT, by=ada)
        job.sent_version_id = sent.id
    scene = jobs.scenes(job)[0]
    with transaction():
        db.session.add(
            SceneVerdict(version_id=sent.id, scene_id=scene.id, reviewer_id=cleo.id, verdict=Verdict.CHANGES)
        )
    comments.add(cleo, job, CommentDraft(text="Old label?", scene_id=scene.id))
    asked = factories.decision(job, "request_changes", "Shorter.", seen=sent.content_hash)
    decisions.decide_as_guest(cleo, sent, asked)
    decisions.decide(ben, job, factories.decision(job, kind="approve"))
    return job


def rows(connection):
    """Return every row of the record, as text."""
    tables = [Base.metadata.tables[name] for name in sorted(RECORD)]
    return {table.name: sorted(map(repr, connection.execute(sa.select(table)).all())) for table in tables}


BARE = {"events", "decisions", "version_scenes", "comments", "scene_verdicts", "purges"}
"""Tables of the record that nothing refers to: what is deleted in them by hand is found by `slate verify`."""


def test_a_stray_delete_in_any_table_leaves_the_record_whole(job):
    refused = set()
    with db.engine.connect() as connection:
        before = rows(connection)
        for table in set(Base.metadata.tables) - BARE:
            try:
                connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - names of our tables
            except sa.exc.IntegrityError:
                refused.add(table)
            after = rows(connection)
            connection.rollback()
            assert {name: len(after[name]) for name in RECORD} == {name: len(before[name]) for name in RECORD}, table
            if table != "users":  # names are kept when an account goes, its id is not
                same = ("events", "decisions", "versions", "version_scenes", "takes")
                assert {name: after[name] for name in same} == {name: before[name] for name in same}, table
    assert refused >= {"clients", "jobs", "versions", "scenes", "takes", "review_links", "reviewers"}
