"""transaction(): what a rule reads inside is what is there now."""

from __future__ import annotations

import threading

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Job


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
