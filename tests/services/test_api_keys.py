"""API keys: made at random, kept as a hash, found by one look-up, over when they should be."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from pydantic import ValidationError
from sqlalchemy import event
from sqlalchemy import text as sql

from tests import factories
from webapp.errors import Conflict, Invalid, KeyRefused, NotFound, TooMany
from webapp.extensions import db, transaction
from webapp.models import ApiKey, Role, utcnow
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys, passwords, people, throttles

HERE, THERE = "198.51.100.7", "203.0.113.9"


def make(person, name="Import", days=None):
    return api_keys.create(person, ApiKeyDraft(name=name, days=days))


def find(text, address=HERE):
    db.session.rollback()
    db.session.expire_all()  # a new request knows nothing of what was read before
    return api_keys.find(text, address)


def move(key, **times):
    with transaction():
        for name, value in times.items():
            setattr(key, name, value)


def statements(work):
    """Collect the statements sent meanwhile, each with its parameters."""
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return [each for each in sent if not each[0].startswith("BEGIN")]


def test_a_key_is_256_random_bits_and_only_its_hash_is_kept(eve):
    key, text = make(eve)
    assert re.fullmatch(r"slate_[A-Za-z0-9_-]{43}", text)  # 43 characters of 6 bits hold 256
    assert key.key_hash == sha256(text.encode()).hexdigest()
    assert key.start == text[:10]
    assert len({make(eve, f"Key {number}")[1] for number in range(20)}) == 20
    for row in db.session.execute(sql("SELECT * FROM api_keys")).mappings():
        assert text not in map(str, row.values())


def test_the_database_file_does_not_hold_a_key(eve, settings):
    _, text = make(eve)
    find(text)
    rest = text[len(key_start := text[:10]) :].encode()
    files = [path for path in settings.data.rglob("*") if path.is_file()]
    assert any(key_start.encode() in path.read_bytes() for path in files)  # the control: we do look at the right files
    assert not [path for path in files if rest in path.read_bytes()]


def test_finding_is_one_look_up_by_a_unique_index(eve):
    key, text = make(eve)
    move(key, last_used_at=utcnow())
    db.session.remove()
    sent = statements(lambda: api_keys.find(text, HERE))
    assert [statement.split()[0] for statement, _ in sent] == ["SELECT"]
    ((statement, parameters),) = sent
    plan = [row[-1] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert len(plan) == 2
    assert re.match(r"SEARCH api_keys USING INDEX sqlite_autoindex_api_keys_\d \(key_hash=\?\)", plan[0])
    assert plan[1].startswith("SEARCH users USING INDEX")


def test_use_is_written_at_most_every_five_minutes(eve):
    key, text = make(eve)

    def used_at():
        db.session.expire_all()
        return db.session.get(ApiKey, key.id).last_used_at

    def writes():
        return [each for each, _ in statements(lambda: find(text)) if each.startswith("UPDATE")]

    assert used_at() is None
    assert len(writes()) == 1
    first = used_at()
    assert utcnow() - first < timedelta(seconds=10)
    assert writes() == []
    almost = utcnow() - api_keys.USED_EVERY + timedelta(seconds=5)
    move(db.session.get(ApiKey, key.id), last_used_at=almost)
    assert writes() == []
    assert used_at() == almost
    move(db.session.get(ApiKey, key.id), last_used_at=utcnow() - api_keys.USED_EVERY)
    assert len(writes()) == 1
    assert used_at() >= first


def test_a_key_works_until_its_last_moment(eve):
    key, text = make(eve, days=30)
    assert timedelta(days=29, hours=23) < key.expires_at - utcnow() <= timedelta(days=30)
    assert not key.is_expired
    assert find(text).person.id == eve.id
    move(db.session.get(ApiKey, key.id), expires_at=utcnow())
    assert db.session.get(ApiKey, key.id).is_expired
    with pytest.raises(KeyRefused, match="expired"):
        find(text)


def test_without_days_a_key_has_no_end(eve):
    key, _ = make(eve)
    assert key.expires_at is None
    assert not key.is_expired


@pytest.mark.parametrize("said", ["", "0", None])
def test_no_days_are_said_in_several_ways(said):
    assert ApiKeyDraft(name="x", days=said).days is None


@pytest.mark.parametrize("days", ["-1", "3651", "1.5", "soon", "1e3", "٣"])
def test_days_out_of_bounds(days):
    with pytest.raises(ValidationError):
        ApiKeyDraft(name="x", days=days)


def test_a_revoked_key_is_over_at_once(eve):
    key, text = make(eve)
    _, other = make(eve, "Other")
    api_keys.revoke(eve, key.id)
    with pytest.raises(KeyRefused, match="revoked"):
        find(text)
    assert find(other).person.id == eve.id
    first = db.session.get(ApiKey, key.id).revoked_at
    api_keys.revoke(eve, key.id)
    assert db.session.get(ApiKey, key.id).revoked_at == first


def test_a_key_ends_with_its_owners_account(ada, eve):
    _, text = make(eve)
    people.deactivate(ada, eve)
    with pytest.raises(KeyRefused):
        find(text)
    people.reactivate(ada, eve)
    assert find(text).person.name == "Eve Holt"


def test_a_key_carries_the_role_its_owner_has_now(ada, eve):
    _, text = make(eve)
    assert find(text).person.may_edit
    people.change_role(ada, eve, Role.REVIEWER)
    assert not find(text).person.may_edit


def test_a_new_password_leaves_keys_in_force(app):
    kim = people.add("kim@example.com", "Kim", Role.EDITOR, factories.PASSWORD)
    _, text = make(kim)
    people.change_password(kim, factories.PASSWORD, "gravel otter lantern 42", keep_token="", address=HERE)
    assert passwords.matches(kim.password_hash, "gravel otter lantern 42")
    assert find(text).person.id == kim.id


def test_wrong_keys_are_throttled_by_address_and_right_ones_go_on(eve):
    _, text = make(eve)
    for _ in range(throttles.FREE_TRIES):
        with pytest.raises(KeyRefused, match="unknown"):
            find("slate_" + "x" * 43)
    with pytest.raises(TooMany) as refused:
        find("slate_" + "y" * 43)
    assert 0 < refused.value.retry_after <= 15 * 60
    assert find(text, HERE).person.id == eve.id
    with pytest.raises(KeyRefused, match="unknown"):
        find("slate_" + "z" * 43, THERE)


def test_keys_are_listed_and_revoked_by_their_owner_only(ada, eve):
    key, text = make(eve)
    assert [each.id for each in api_keys.list_for(eve)] == [key.id]
    assert api_keys.list_for(ada) == []
    with pytest.raises(NotFound):
        api_keys.revoke(ada, key.id)
    with pytest.raises(NotFound):
        api_keys.find_own(ada, text)
    assert find(text).person.id == eve.id


def test_ones_own_key_is_found_by_what_one_has_of_it(eve):
    key, text = make(eve)
    make(eve, "Other")
    for said in (key.id, text, text[:10]):
        assert api_keys.find_own(eve, said).id == key.id
    for said in ("", "slate_", text[:9], "nonsense"):
        with pytest.raises(NotFound):
            api_keys.find_own(eve, said)
    twin = make(eve, "Twin")[0]
    move(twin, start=key.start)
    with pytest.raises(Conflict):
        api_keys.find_own(eve, text[:10])
    api_keys.revoke(eve, twin.id)
    assert api_keys.find_own(eve, text[:10]).id == key.id


def test_nobody_hoards_keys(eve, monkeypatch):
    monkeypatch.setattr(api_keys, "MOST", 3)
    keys = [make(eve, f"Key {number}")[0] for number in range(3)]
    with pytest.raises(Invalid) as refused:
        make(eve)
    assert "Revoke one" in refused.value.fields["name"]
    api_keys.revoke(eve, keys[0].id)
    assert make(eve)[0].name == "Import"


def test_a_key_whose_time_is_over_takes_nobodys_place(eve, monkeypatch):
    monkeypatch.setattr(api_keys, "MOST", 2)
    keys = [make(eve, f"Key {number}", days=1)[0] for number in range(2)]
    with pytest.raises(Invalid):
        make(eve)
    move(keys[0], expires_at=utcnow())
    assert make(eve)[0].name == "Import"
    with pytest.raises(Invalid):
        make(eve)


def test_a_deactivated_person_gets_no_key(ada, eve):
    people.deactivate(ada, eve)
    with pytest.raises(Conflict, match="Eve Holt is deactivated"):
        make(eve)


def test_keys_go_with_their_owner(eve):
    make(eve)
    with transaction():
        db.session.delete(eve)
    assert db.session.query(ApiKey).count() == 0
