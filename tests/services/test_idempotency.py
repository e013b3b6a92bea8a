"""A request that is sent again is answered again and done once, whoever was killed or quicker in between."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select, text

from tests import factories
from webapp.errors import Conflict, Invalid
from webapp.extensions import db, transaction
from webapp.models import Client, KeptAnswer, utcnow
from webapp.services import idempotency
from webapp.services.idempotency import Answer, Work

ANSWER = Answer(201, {"Location": "/api/v3/clients/1", "ETag": '"3"'}, b'{"data": "1\n2"}')


def age(by):
    """Let everything that is kept be so much older."""
    with transaction():
        for kept in db.session.scalars(select(KeptAnswer)):
            kept.created_at -= by


def count(model=KeptAnswer):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_first_is_worked_on_and_the_second_gets_its_answer(ada):
    work = idempotency.begin(ada, "k", "f")
    assert isinstance(work, Work)
    with pytest.raises(Conflict, match="still being worked on"):
        idempotency.begin(ada, "k", "f")
    idempotency.finish(ada, "k", work, ANSWER)
    assert idempotency.begin(ada, "k", "f") == ANSWER
    assert idempotency.begin(ada, "k", "f") == ANSWER
    assert count() == 1


def test_another_request_under_the_same_key_is_refused_in_the_middle_and_after(ada):
    work = idempotency.begin(ada, "k", "f")
    with pytest.raises(Invalid, match="another request"):
        idempotency.begin(ada, "k", "other")
    idempotency.finish(ada, "k", work, ANSWER)
    with pytest.raises(Invalid, match="another request"):
        idempotency.begin(ada, "k", "other")


def test_people_do_not_meet_in_their_keys(ada, eve):
    idempotency.finish(ada, "k", idempotency.begin(ada, "k", "f"), ANSWER)
    mine = idempotency.begin(eve, "k", "f")
    assert isinstance(mine, Work)
    assert idempotency.begin(ada, "k", "f") == ANSWER


def test_without_an_answer_it_is_forgotten(ada):
    work = idempotency.begin(ada, "k", "f")
    idempotency.finish(ada, "k", work, None)
    assert count() == 0
    again = idempotency.begin(ada, "k", "f")
    assert isinstance(again, Work)
    assert again.token != work.token


def test_one_that_was_cut_off_goes_on_under_its_own_name(ada):
    work = idempotency.begin(ada, "k", "f")
    age(idempotency.LONGEST_WORK + timedelta(seconds=1))
    with pytest.raises(Invalid):
        idempotency.begin(ada, "k", "other")
    again = idempotency.begin(ada, "k", "f")
    assert again.token == work.token
    with pytest.raises(Conflict):
        idempotency.begin(ada, "k", "f")
    idempotency.finish(ada, "k", work, None)  # the first one was slow and not dead: it has nothing to say any more
    idempotency.finish(ada, "k", again, ANSWER)
    assert idempotency.begin(ada, "k", "f") == ANSWER


def test_after_a_day_a_key_is_free_again_for_anything(ada):
    work = idempotency.begin(ada, "k", "f")
    idempotency.finish(ada, "k", work, ANSWER)
    age(idempotency.KEPT + timedelta(seconds=1))
    again = idempotency.begin(ada, "k", "other")
    assert isinstance(again, Work)
    assert again.token != work.token
    assert count() == 1
    idempotency.finish(ada, "k", again, ANSWER)
    age(idempotency.KEPT + timedelta(seconds=1))
    idempotency.purge()
    assert count() == 0


def test_of_many_at_the_same_moment_one_is_worked_on(app, ada):
    person_id, outcomes, start = ada.id, [], threading.Barrier(8)

    def ask():
        with app.app_context():
            from webapp.models import User

            who = db.session.get(User, person_id)
            start.wait()
            try:
                outcomes.append(idempotency.begin(who, "k", "f"))
            except Conflict:
                outcomes.append(None)
            db.session.remove()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 8
    assert sum(isinstance(each, Work) for each in outcomes) == 1


# the same through the door


@pytest.fixture
def post(app, browse):
    """Send a JSON body as a browser of a person would, with a key."""

    def send(who, key, path="/api/v3/clients", **options):
        options.setdefault("json", {"name": "Fjell"})
        return browse(who).post(path, headers={"Idempotency-Key": key}, **options)

    return send


def test_sent_twice_it_makes_one_row_and_says_the_same(ada, post):
    first, second = post(ada, "k"), post(ada, "k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert first.headers["Location"] == second.headers["Location"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert count(Client) == 1


def test_another_key_and_no_key_are_other_requests(ada, browse, post):
    post(ada, "k")
    post(ada, "l")
    browse(ada).post("/api/v3/clients", json={"name": "Fjell"})
    assert count(Client) == 3


def test_another_body_or_path_under_the_key_is_refused_by_name(ada, post):
    post(ada, "k")
    for path, body in (("/api/v3/clients", {"name": "Other"}), ("/api/v3/clients?x=1", {"name": "Fjell"})):
        answer = post(ada, "k", path, json=body)
        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.json["meta"]["fields"]
    assert count(Client) == 1


def test_two_people_with_one_key_make_one_each(ada, eve, post):
    assert post(ada, "k").json["data"]["id"] != post(eve, "k").json["data"]["id"]
    assert count(Client) == 2


def test_a_refusal_is_not_kept(ada, post):
    assert post(ada, "k", json={"name": ""}).status_code == 422
    assert count() == 0
    assert post(ada, "k").status_code == 201


@contextmanager
def broken_table(name):
    """Let the database refuse every new row of a table, as a bug of ours would."""
    with transaction():
        refuse = f"CREATE TRIGGER broken BEFORE INSERT ON {name} BEGIN SELECT RAISE(ABORT, 'broken'); END"
        db.session.execute(text(refuse))
    yield
    with transaction():
        db.session.execute(text("DROP TRIGGER broken"))


def test_a_failure_of_ours_leaves_the_key_free(ada, post):
    with broken_table("clients"):
        assert post(ada, "k").status_code == 500
    assert count() == 0
    assert post(ada, "k").status_code == 201


def test_who_may_not_make_it_does_not_get_a_kept_answer(ada, ben, post):
    post(ada, "k")
    assert post(ben, "k").status_code == 403
    assert post(None, "k").status_code in (401, 403)


@pytest.mark.parametrize("key", ["x" * 201, "y" * 5000])
def test_an_endless_key_is_refused(ada, post, key):
    answer = post(ada, key)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json["meta"]["fields"]


@pytest.mark.parametrize("key", ["ä", "a b", "' OR 1=1", "😀", "x" * 200])
def test_any_other_text_is_a_key(ada, post, key):
    key = key.encode().decode("latin-1")
    assert post(ada, key).data == post(ada, key).data
    assert count(Client) == 1


def upload(app, content, name="a.png", key="k", fields=None):
    from webapp.views.api import spec

    form = {**(fields or {"name": "x"}), "file": (BytesIO(content), name)}
    with app.test_request_context("/api/v3/assets", method="POST", data=form, headers={"Idempotency-Key": key}):
        from flask import request

        print_ = spec._fingerprint("editor")
        assert request.files["file"].read() == content, "the file can still be read"
        return print_


def test_uploads_are_told_apart_by_their_bytes_and_fields_not_by_how_they_were_wrapped(app):
    same = upload(app, b"one"), upload(app, b"one")
    assert same[0] == same[1], "each has a boundary of its own"
    others = [upload(app, b"two"), upload(app, b"one", "b.png"), upload(app, b"one", fields={"name": "y"})]
    assert len({same[0], *others}) == 4


def test_a_key_goes_with_its_person(ada, eve):
    work = idempotency.begin(eve, "k", "f")
    idempotency.finish(eve, "k", work, ANSWER)
    with transaction():
        db.session.delete(eve)
    assert count() == 0


def test_what_is_kept_names_no_key(ada):
    factories.client()
    idempotency.begin(ada, "my-secret-order-4711", "f")
    kept = db.session.scalar(select(KeptAnswer))
    assert "4711" not in kept.key + kept.fingerprint + kept.token
    assert kept.created_at <= utcnow()
