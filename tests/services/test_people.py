"""People: who may do what to whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import TypeAdapter, ValidationError

from tests import factories
from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import LinkKind, Role
from webapp.schemas.people import Email
from webapp.services import access_links, auth, people, sign_ins

PLACE = {"address": "10.1.2.3", "user_agent": ""}
NEW_PASSWORD = "gravel otter lantern 42"


@pytest.fixture
def boss(app):
    """An admin who can sign in."""
    return people.add("boss@example.com", "Boss", Role.ADMIN, factories.PASSWORD)


def test_add_keeps_addresses_in_one_spelling(app):
    user = people.add("  Ada@Example.COM ", " Ada Byron ", Role.ADMIN, factories.PASSWORD)
    assert (user.email, user.name, user.role) == ("ada@example.com", "Ada Byron", Role.ADMIN)
    assert people.by_email("ADA@example.com") == user
    with pytest.raises(Invalid) as refused:
        people.add("ada@EXAMPLE.com", "Other", Role.EDITOR)
    assert "email" in refused.value.fields


def test_add_without_a_name_uses_the_address(app):
    assert people.add("ada@example.com", "", Role.EDITOR).name == "ada"


def test_add_refuses_weak_passwords(app):
    with pytest.raises(Invalid):
        people.add("ada@example.com", "Ada", Role.ADMIN, "password1234")
    assert people.by_email("ada@example.com") is None


def test_only_admins_see_and_change_people(boss, eve, ben):
    assert people.find(boss, eve.id) == eve
    assert people.find(eve, eve.id) == eve
    for use_case, *arguments in (
        (people.find, boss.id),
        (people.everyone,),
        (people.invite, "x@example.com", "X", Role.ADMIN),
        (people.way_in, boss),
        (people.change_role, eve, Role.ADMIN),
        (people.deactivate, boss),
        (people.reactivate, boss),
    ):
        for stranger in (eve, ben):
            with pytest.raises(NotFound):
                use_case(stranger, *arguments)
    assert (eve.role, ben.role, boss.is_active) == (Role.EDITOR, Role.REVIEWER, True)
    assert people.by_email("x@example.com") is None


def test_the_list_says_who_is_in_invited_or_out(boss, eve, ben):
    sign_ins.begin(eve, **PLACE)
    people.deactivate(boss, ben)
    people.invite(boss, "new@example.com", "New", Role.EDITOR)
    listed = people.everyone(boss)
    assert [(each.user.name, each.state) for each in listed] == [
        ("Boss", "active"),
        ("Eve Holt", "active"),
        ("New", "invited"),
        ("Ben Berg", "inactive"),
    ]
    assert [each.last_seen_at is not None for each in listed] == [False, True, False, False]


def test_deactivating_ends_sign_ins_and_links_at_once(boss, ben):
    token = sign_ins.begin(ben, **PLACE)
    link = access_links.issue(LinkKind.INVITE, ben)
    people.deactivate(boss, ben)
    assert sign_ins.find(token) is None
    with pytest.raises(NotFound):
        access_links.find(LinkKind.INVITE, link)
    for refused in (people.way_in, lambda _boss, user: people.sign_in_link(user)):
        with pytest.raises(Conflict):
            refused(boss, ben)
    people.reactivate(boss, ben)
    assert sign_ins.find(token) is None, "what ended stays ended"
    assert people.way_in(boss, ben).startswith("/invitations/")


def test_the_last_admin_who_can_sign_in_stays(boss, ada):
    """Ada is an admin too, but has no password yet: without Boss nobody could get in."""
    for refused in (lambda: people.deactivate(boss, boss), lambda: people.change_role(boss, boss, Role.EDITOR)):
        with pytest.raises(Conflict) as conflict:
            refused()
        assert conflict.value.hint
    people.change_role(boss, boss, Role.ADMIN)
    auth.join(access_links.issue(LinkKind.INVITE, ada), name="Ada", password=NEW_PASSWORD)
    people.change_role(boss, boss, Role.EDITOR)
    with pytest.raises(Conflict):
        people.deactivate(ada, ada)


def test_two_admins_who_demote_each_other_at_once_leave_one(app, boss):
    other = people.add("other@example.com", "Other", Role.ADMIN, factories.PASSWORD)

    def demote(ids):
        with app.app_context():
            who, whom = (people.find(boss, each) for each in ids)
            try:
                people.change_role(who, whom, Role.EDITOR)
            except (Conflict, NotFound):
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, [(boss.id, other.id), (other.id, boss.id)]))
    assert sum(done) == 1
    assert access_links.is_set_up()


def test_changing_ones_password_needs_the_old_one_and_ends_the_others(boss):
    here, there = sign_ins.begin(boss, **PLACE), sign_ins.begin(boss, **PLACE)
    link = access_links.issue(LinkKind.RESET, boss)
    for current, new, field in (("wrong", NEW_PASSWORD, "current"), (factories.PASSWORD, "short", "password")):
        with pytest.raises(Invalid) as refused:
            people.change_password(boss, current, new, keep_token=here, address="10.1.2.3")
        assert field in refused.value.fields
    assert sign_ins.find(there) is not None
    people.change_password(boss, factories.PASSWORD, NEW_PASSWORD, keep_token=here, address="10.1.2.3")
    assert sign_ins.find(here) is not None
    assert sign_ins.find(there) is None
    with pytest.raises(NotFound):
        access_links.find(LinkKind.RESET, link)
    assert auth.authenticate("boss@example.com", NEW_PASSWORD, address="10.1.2.3") == boss


def test_a_reset_link_is_for_who_has_a_password_an_invitation_for_who_has_none(boss, ben):
    assert people.way_in(boss, boss).startswith("/reset/")
    assert people.way_in(boss, ben).startswith("/invitations/")


def test_setting_up_with_a_known_address_makes_that_person_the_admin(ben):
    before = sign_ins.begin(ben, **PLACE)
    token = access_links.issue(LinkKind.SET_UP)
    made = auth.set_up(token, name="Ben B", email="BEN@example.com", password=NEW_PASSWORD)
    assert made == ben
    assert (ben.role, ben.name) == (Role.ADMIN, "Ben B")
    assert sign_ins.find(before) is None


VALID = {
    "pat.o'brien@example.com": "pat.o'brien@example.com",
    "Ada+board@Example.com": "ada+board@example.com",
    "a!#$%&'*+-/=?^_`{|}~b@example.com": "a!#$%&'*+-/=?^_`{|}~b@example.com",
    "ada@intranet": "ada@intranet",
    "ada@münchen.example": "ada@münchen.example",
    "ada@xn--mnchen-3ya.example": "ada@münchen.example",
    "jörg@münchen.example": "jörg@münchen.example",
    "x@sub.sub.example.co.uk": "x@sub.sub.example.co.uk",
}
INVALID = ("ada", "ada@", "@example.com", "ada@@example.com", "ada @example.com", "a..b@example.com", ".a@example.com",
           "a.@example.com", "ada@example..com", "ada@-example.com", "Ada <ada@example.com>", "ada@example.com,b@x.de",
           "ada\n@example.com", "a\u202eb@example.com", "ada@exa mple.com")  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), VALID.items())
def test_every_valid_address_is_taken_and_found_again(app, typed, kept):
    assert TypeAdapter(Email).validate_python(f" {typed} ") == kept
    user = people.add(typed, "Somebody", Role.EDITOR)
    assert people.by_email(typed) == people.by_email(kept) == user


@pytest.mark.parametrize("typed", INVALID)
def test_what_is_no_address_is_refused_with_a_sentence(typed):
    with pytest.raises(ValidationError, match="An e-mail address looks like"):
        TypeAdapter(Email).validate_python(typed)
