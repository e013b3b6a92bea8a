"""One-time links: who gets what, how often, how long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import factories
from webapp.errors import NotFound
from webapp.extensions import db, transaction
from webapp.models import AccessLink, LinkKind, Role, utcnow
from webapp.services import access_links, people


def test_redeemed_once(ben):
    token = access_links.issue(LinkKind.RESET, ben)
    assert access_links.find(LinkKind.RESET, token).user == ben
    assert access_links.redeem(LinkKind.RESET, token).user == ben
    for again in (access_links.find, access_links.redeem):
        with pytest.raises(NotFound) as refused:
            again(LinkKind.RESET, token)
        assert "Ask an admin" in refused.value.hint


def test_of_many_who_redeem_at_the_same_moment_one_gets_it(app, ben):
    token = access_links.issue(LinkKind.SIGN_IN, ben)

    def redeem(_):
        with app.app_context():
            try:
                access_links.redeem(LinkKind.SIGN_IN, token)
            except NotFound:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(redeem, range(16))) == 1


def test_a_new_link_replaces_the_old_of_its_kind_and_person(ben, eve):
    old, other_kind = access_links.issue(LinkKind.RESET, ben), access_links.issue(LinkKind.SIGN_IN, ben)
    hers = access_links.issue(LinkKind.RESET, eve)
    new = access_links.issue(LinkKind.RESET, ben)
    with pytest.raises(NotFound):
        access_links.find(LinkKind.RESET, old)
    for kind, token in ((LinkKind.RESET, new), (LinkKind.SIGN_IN, other_kind), (LinkKind.RESET, hers)):
        access_links.find(kind, token)


def test_links_of_a_deactivated_person_are_dead(ben):
    token = access_links.issue(LinkKind.RESET, ben)
    with transaction():
        ben.deactivated_at = utcnow()
    with pytest.raises(NotFound):
        access_links.redeem(LinkKind.RESET, token)


@pytest.mark.parametrize("token", ["", "x", "\udcff", "' OR 1=1 --"])
def test_made_up_tokens_find_nothing(ben, token):
    access_links.issue(LinkKind.RESET, ben)
    with pytest.raises(NotFound):
        access_links.find(LinkKind.RESET, token)


def test_only_the_hash_is_kept(ben):
    token = access_links.issue(LinkKind.RESET, ben)
    assert len(token) == 43
    with db.engine.connect() as connection:
        assert token not in repr(connection.exec_driver_sql("SELECT * FROM access_links").all())


def test_the_start_link_is_offered_until_an_admin_can_sign_in(app):
    path, kind = access_links.start_link()
    assert path.startswith("/set-up/")
    assert kind == LinkKind.SET_UP
    people.add("eve@example.com", "Eve", Role.EDITOR, factories.PASSWORD)
    people.add("ada@example.com", "Ada", Role.ADMIN)
    assert access_links.start_link() is not None, "an admin without a password cannot sign in"
    assert db.session.query(AccessLink).count() == 1, "the links printed before are gone"
    people.add("boss@example.com", "Boss", Role.ADMIN, factories.PASSWORD)
    assert access_links.start_link() is None
