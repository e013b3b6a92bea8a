"""Who has a board open: told by polls, written rarely, forgotten soon."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Presence, utcnow
from webapp.services import archive, presence


@pytest.fixture
def job(app):
    return factories.job(factories.client())


def names(found):
    return [each.user.name for each in found]


def age(seconds):
    """Let everybody have been seen so long ago."""
    with transaction():
        for each in db.session.scalars(select(Presence)):
            each.seen_at = utcnow() - timedelta(seconds=seconds)


@contextmanager
def writes():
    found = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


def test_everybody_who_looks_is_there(job, ada, eve):
    presence.visit(eve, job.id)
    assert names(presence.at(job.id)) == ["Eve Holt"]
    presence.visit(ada, job.id)
    assert names(presence.at(job.id)) == ["Ada Byron", "Eve Holt"]
    assert names(presence.others(presence.at(job.id), ada)) == ["Eve Holt"]
    assert names(presence.at(factories.job(job.client).id)) == []


@pytest.mark.parametrize(("seconds", "is_written"), [(0, False), (9, False), (11, True), (60, True)])
def test_a_visit_is_written_at_most_every_ten_seconds(job, eve, seconds, is_written):
    presence.visit(eve, job.id)
    age(seconds)
    with writes() as found:
        presence.visit(eve, job.id)
    assert names(presence.at(job.id)) == ["Eve Holt"]
    assert bool([each for each in found if each.startswith("UPDATE")]) == is_written
    assert len(found) <= 2  # the row itself, and the rows of those who went long ago


@pytest.mark.parametrize(("seconds", "is_there"), [(20, True), (26, False)])
def test_who_is_not_seen_any_more_is_gone(job, ada, eve, seconds, is_there):
    presence.visit(eve, job.id)
    age(seconds)
    presence.visit(ada, job.id)
    assert ("Eve Holt" in names(presence.at(job.id))) == is_there


def test_old_rows_are_deleted_by_the_next_write(job, ada, eve):
    presence.visit(eve, job.id)
    age(600)
    presence.visit(ada, factories.job(job.client).id)
    assert db.session.scalar(select(func.count()).select_from(Presence)) == 1


def test_a_fingerprint_changes_when_somebody_comes_goes_or_types(job, ada, eve):
    marks = [presence.fingerprint(presence.at(job.id))]
    presence.visit(eve, job.id)
    marks.append(presence.fingerprint(presence.at(job.id)))
    presence.typing(eve, job.id, "scene-1")
    marks.append(presence.fingerprint(presence.at(job.id)))
    presence.visit(ada, job.id)
    marks.append(presence.fingerprint(presence.at(job.id)))
    assert len(set(marks)) == 4
    presence.visit(ada, job.id)
    assert presence.fingerprint(presence.at(job.id)) == marks[-1]
    assert presence.visit(ada, job.id) == presence.fingerprint(presence.others(presence.at(job.id), ada))


def test_typing_is_forgotten_a_while_after_the_last_word(job, eve):
    presence.typing(eve, job.id, "scene-1")
    presence.visit(eve, job.id)
    assert presence.at(job.id)[0].scene_id == "scene-1"
    age(11)
    presence.visit(eve, job.id)
    assert presence.at(job.id)[0].scene_id is None


def test_typing_on_writes_at_most_every_five_seconds(job, eve):
    presence.typing(eve, job.id, "scene-1")
    with writes() as found:
        presence.typing(eve, job.id, "scene-1")
    assert found == []
    age(6)
    with writes() as found:
        presence.typing(eve, job.id, "scene-1")
    assert found


def test_a_job_that_was_deleted_has_no_visitors(job, ada, eve):
    gone = job.id
    presence.visit(eve, gone)
    archive.delete(ada, job)
    presence.visit(eve, gone)
    assert presence.at(gone) == []
