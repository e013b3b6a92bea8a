"""transaction(): what a rule reads inside is what is there now."""

from __future__ import annotations

import threading

from sqlalchemy import event

from tests import factories
from webapp.extensions import BATCH_ROWS, after_commit, db, delete_rows, transaction
from webapp.models import Blob, Job


def test_what_was_read_before_is_forgotten_even_right_after_a_commit(app):
    job = factories.job(factories.client())

    def elsewhere():
        with app.app_context(), transaction():
            db.session.get_one(Job, job.id).touch()

    with transaction():
        job.touch()
    other = threading.Thread(target=elsewhere)
    other.start()
    other.join()
    with transaction():
        job.touch()
    assert db.session.get_one(Job, job.id).revision == 3


def test_one_failure_after_a_commit_neither_stops_the_rest_nor_denies_the_commit(app, caplog):
    job, said = factories.job(factories.client()), []
    with transaction():
        job.touch()
        after_commit(lambda: 1 / 0)
        after_commit(lambda: said.append("the second"))
    assert said == ["the second"]
    assert "ZeroDivisionError" in caplog.text
    db.session.expire_all()
    assert job.revision == 1


def test_many_rows_are_deleted_in_short_transactions(app):
    with transaction():
        db.session.add_all(Blob(sha256=str(n), content_type="x", size_bytes=0) for n in range(2 * BATCH_ROWS + 1))
    commits = []

    def note(connection):
        commits.append(connection)

    event.listen(db.engine, "commit", note)
    try:
        assert delete_rows(Blob, Blob.sha256 != "7") == 2 * BATCH_ROWS
        assert len(commits) == 2
    finally:
        event.remove(db.engine, "commit", note)
    assert [blob.sha256 for blob in db.session.query(Blob)] == ["7"]
