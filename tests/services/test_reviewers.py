"""Guests: let in by a link, known again, shut out at the very next request, forgotten when they said nothing."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import factories
from webapp.errors import Invalid, LinkClosed, LinkNeeded, LinkUnknown, NameNeeded, TooMany
from webapp.extensions import db, transaction
from webapp.models import Event, Notice, Reviewer, ReviewerBrowser, Throttle, utcnow
from webapp.schemas.review_links import ReviewLinkChange, ReviewLinkDraft
from webapp.services import review_links, reviewers, throttles
from webapp.views.forms import parse

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"
PASSWORD = "tram bell"


@pytest.fixture
def job(ada):
    return factories.job(factories.client(), user_id=ada.id)


@pytest.fixture
def make(ada, job):
    def make(**values):
        return review_links.create(ada, job, parse(ReviewLinkDraft, {"name": "Fjell", **values}))

    return make


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def chosen(link, name):
    return next(each for each in reviewers.on_list(link) if each.name == name)


# --- in, and known again


def test_a_guest_is_known_by_the_cookie(make):
    link, token = make()
    came, cookie = reviewers.enter(token, address=HERE)
    assert len(cookie) == 43
    assert cookie != token
    assert reviewers.find(link.id, cookie) is came
    assert db.session.scalar(select(ReviewerBrowser.token_hash)) != cookie


@pytest.mark.parametrize("token", ["", "x", "ü" * 50, "0" * 43, "x" * 10_000, "\udcff", "%00"])
def test_an_address_that_was_never_given_leads_nowhere(make, token):
    make()
    with pytest.raises(LinkUnknown):
        reviewers.enter(token)
    assert count(Reviewer) == 0


@pytest.mark.parametrize("cookie", ["", "x", "0" * 43, "\udcff" * 40])
def test_a_cookie_that_was_never_given_is_nobody(make, cookie):
    link, _ = make()
    with pytest.raises(LinkNeeded):
        reviewers.find(link.id, cookie)


def test_neither_the_token_nor_another_links_cookie_opens_a_review(make):
    link, token = make()
    other, other_token = make()
    _, cookie = reviewers.enter(other_token)
    for wrong in (cookie, token, other_token):
        with pytest.raises(LinkNeeded):
            reviewers.find(link.id, wrong)
    reviewers.find(other.id, cookie)


def test_opening_the_address_again_is_the_same_person(make):
    link, token = make()
    came, cookie = reviewers.enter(token)
    assert reviewers.is_inside(link, cookie)
    again, fresh = reviewers.enter(token, cookie=cookie)
    assert again is came
    with pytest.raises(LinkNeeded):
        reviewers.find(link.id, cookie)
    assert reviewers.find(link.id, fresh) is came
    assert count(Reviewer) == count(ReviewerBrowser) == 1


# --- out, at the very next request


def test_a_revoked_link_stops_at_the_next_request(ada, make):
    link, token = make()
    _, cookie = reviewers.enter(token)
    reviewers.find(link.id, cookie)
    review_links.revoke(ada, link)
    with pytest.raises(LinkClosed):
        reviewers.find(link.id, cookie)
    with pytest.raises(LinkClosed):
        reviewers.enter(token, cookie=cookie)


def test_an_expired_link_stops_at_the_next_request(make):
    link, token = make(expires="7")
    _, cookie = reviewers.enter(token)
    with transaction():
        link.expires_at = utcnow()
    with pytest.raises(LinkClosed, match="expired"):
        reviewers.find(link.id, cookie)


def test_a_renewed_link_stops_and_comes_back_as_the_same_person(ada, make):
    link, old = make()
    came, cookie = reviewers.enter(old)
    reviewers.introduce(came, "Maya Lund")
    new = review_links.renew(ada, link)
    with pytest.raises(LinkClosed):
        reviewers.find(link.id, cookie)
    with pytest.raises(LinkUnknown):
        reviewers.enter(old, cookie=cookie)
    again, fresh = reviewers.enter(new, cookie=cookie)
    assert again.id == came.id
    assert reviewers.find(link.id, fresh).name == "Maya Lund"


def test_another_password_sends_everybody_back_to_the_door(ada, make):
    link, token = make()
    came, cookie = reviewers.enter(token)
    review_links.change(ada, link, parse(ReviewLinkChange, {"name": "Fjell", "password": PASSWORD}))
    with pytest.raises(LinkClosed):
        reviewers.find(link.id, cookie)
    with pytest.raises(Invalid):
        reviewers.enter(token, cookie=cookie)
    assert reviewers.enter(token, PASSWORD, cookie=cookie)[0].id == came.id


def test_nothing_can_be_said_through_a_link_that_closed_meanwhile(ada, make):
    link, token = make()
    came, _ = reviewers.enter(token)
    review_links.revoke(ada, link)
    with pytest.raises(LinkClosed):
        reviewers.introduce(came, "Maya Lund")
    assert came.name == ""


# --- passwords


def test_the_password_is_needed_and_enough(make):
    _, token = make(password=PASSWORD)
    for wrong in ("", "tram", PASSWORD + " ", PASSWORD.upper()):
        with pytest.raises(Invalid) as refused:
            reviewers.enter(token, wrong, HERE)
        assert set(refused.value.fields) == {"password"}
    assert count(Reviewer) == 0
    reviewers.enter(token, PASSWORD, ELSEWHERE)
    assert count(Reviewer) == 1


def test_tries_are_limited_by_place_and_a_guesser_does_not_lock_out_others(make):
    _, token = make(password=PASSWORD)
    for _ in range(throttles.FREE_TRIES):
        with pytest.raises(Invalid):
            reviewers.enter(token, "wrong password", HERE)
    with pytest.raises(TooMany) as refused:
        reviewers.enter(token, PASSWORD, HERE)
    assert 0 < refused.value.retry_after <= 2
    assert "Whoever sent you the link" in refused.value.hint
    reviewers.enter(token, PASSWORD, ELSEWHERE)


def test_the_wait_doubles(make):
    _, token = make(password=PASSWORD)
    waits = []
    for _ in range(10):
        with pytest.raises(Invalid):
            reviewers.enter(token, "wrong password", HERE)
        with transaction():
            for row in db.session.scalars(select(Throttle)):
                if row.blocked_until:
                    waits.append(round((row.blocked_until - utcnow()).total_seconds()))
                    row.blocked_until = None
    assert waits == [2, 4, 8, 16, 32, 64]


def test_tries_of_many_workers_count_together(app, make):
    """Twelve tries at the same moment: no more get to look at the password than one after the other would."""
    _, token = make(password=PASSWORD)
    found, gate = [], threading.Barrier(12)

    def guess():
        with app.app_context():
            gate.wait()
            try:
                reviewers.enter(token, "wrong password", HERE)
            except Exception as refusal:  # noqa: BLE001 - which one is what is asked
                found.append(type(refusal))
            db.session.remove()

    guesses = [threading.Thread(target=guess) for _ in range(12)]
    for each in guesses:
        each.start()
    for each in guesses:
        each.join()
    assert found.count(Invalid) == throttles.FREE_TRIES
    assert found.count(TooMany) == 12 - throttles.FREE_TRIES


def test_guesses_at_a_link_do_not_keep_anybody_from_signing_in(make):
    _, token = make(password=PASSWORD)
    for _ in range(8):
        with pytest.raises((Invalid, TooMany)):
            reviewers.enter(token, "wrong password", HERE)
    throttles.check("ada@example.com", HERE)


def test_one_place_cannot_fill_the_table(make, monkeypatch):
    monkeypatch.setattr(reviewers, "ARRIVALS", throttles.Budget(3, 3600))
    _, token = make()
    for _ in range(3):
        reviewers.enter(token, address=HERE)
    with pytest.raises(TooMany):
        reviewers.enter(token, address=HERE)
    reviewers.enter(token, address=ELSEWHERE)
    assert count(Reviewer) == 4


# --- named reviewers

NAMED = {"who": "named", "reviewers": ["Maya Lund, maya@fjell.example", "Legal"]}


def test_named_reviewers_have_to_say_who_they_are(make):
    link, token = make(**NAMED)
    visitor, cookie = reviewers.enter(token)
    with pytest.raises(NameNeeded):
        reviewers.find(link.id, cookie)
    assert reviewers.find(link.id, cookie, unnamed=True) is visitor
    reviewers.choose(visitor, cookie, chosen(link, "Legal").id)
    assert reviewers.find(link.id, cookie).name == "Legal"
    assert count(Reviewer) == 2  # the visitor is nobody any more


@pytest.mark.parametrize("email", ["", "maya@fjell.exampl", "legal@fjell.example", "*", "' OR 1=1 --"])
def test_an_email_that_was_noted_must_match(make, email):
    link, token = make(**NAMED)
    visitor, cookie = reviewers.enter(token)
    with pytest.raises(Invalid) as refused:
        reviewers.choose(visitor, cookie, chosen(link, "Maya Lund").id, email, HERE)
    assert set(refused.value.fields) == {"email"}
    assert "fjell" not in refused.value.fields["email"]
    with pytest.raises(NameNeeded):
        reviewers.find(link.id, cookie)


def test_letter_case_of_an_email_does_not_matter(make):
    link, token = make(**NAMED)
    visitor, cookie = reviewers.enter(token)
    reviewers.choose(visitor, cookie, chosen(link, "Maya Lund").id, " Maya@FJELL.example ", HERE)
    assert reviewers.find(link.id, cookie).is_known


def test_guessing_an_email_is_slowed_down(make):
    link, token = make(**NAMED)
    visitor, cookie = reviewers.enter(token)
    maya = chosen(link, "Maya Lund")
    for _ in range(throttles.FREE_TRIES):
        with pytest.raises(Invalid):
            reviewers.choose(visitor, cookie, maya.id, "guess@fjell.example", HERE)
    with pytest.raises(TooMany):
        reviewers.choose(visitor, cookie, maya.id, "maya@fjell.example", HERE)


def test_somebody_of_another_links_list_cannot_be_chosen(make):
    _, token = make(**NAMED)
    other, _ = make(who="named", reviewers=["Jonas"])
    visitor, cookie = reviewers.enter(token)
    for wrong in (chosen(other, "Jonas").id, visitor.id, "nobody"):
        with pytest.raises(Invalid):
            reviewers.choose(visitor, cookie, wrong)


def test_phone_and_desk_are_one_person(make):
    link, token = make(**NAMED)
    legal = chosen(link, "Legal")
    cookies = []
    for _ in range(2):
        visitor, cookie = reviewers.enter(token)
        reviewers.choose(visitor, cookie, legal.id)
        cookies.append(cookie)
    assert {reviewers.find(link.id, cookie).id for cookie in cookies} == {legal.id}


def test_somebody_taken_off_the_list_is_out_at_the_next_request(ada, make):
    link, token = make(**NAMED)
    visitor, cookie = reviewers.enter(token)
    reviewers.choose(visitor, cookie, chosen(link, "Legal").id)
    reviewers.find(link.id, cookie)
    review_links.change(ada, link, parse(ReviewLinkChange, {"name": "Fjell", "who": "named", "reviewers": ["Maya"]}))
    with pytest.raises(LinkNeeded):
        reviewers.find(link.id, cookie)


def test_a_list_made_later_asks_those_who_are_in(ada, make):
    link, token = make()
    guest, cookie = reviewers.enter(token)
    reviewers.introduce(guest, "Mallory")
    review_links.change(ada, link, parse(ReviewLinkChange, {"name": "Fjell", **NAMED}))
    with pytest.raises(NameNeeded):
        reviewers.find(link.id, cookie)
    reviewers.choose(reviewers.find(link.id, cookie, unnamed=True), cookie, chosen(link, "Legal").id)
    assert db.session.get(Reviewer, guest.id) is not None  # what Mallory said before keeps its author


# --- who they say they are


def test_a_name_is_remembered(make):
    link, token = make()
    guest, cookie = reviewers.enter(token)
    assert not guest.is_known
    reviewers.introduce(guest, "Maya Lund")
    assert reviewers.find(link.id, cookie).name == "Maya Lund"
    assert guest.is_known


def test_an_email_is_needed_where_the_link_asks_for_it(make):
    _, token = make(asks_email=True)
    guest, _ = reviewers.enter(token)
    with pytest.raises(Invalid) as refused:
        reviewers.introduce(guest, "Maya Lund")
    assert set(refused.value.fields) == {"email"}
    assert not guest.name
    reviewers.introduce(guest, "Maya Lund", "maya@fjell.example")
    assert guest.is_known


def test_a_named_reviewer_cannot_take_another_name(make):
    link, token = make(**NAMED)
    visitor, cookie = reviewers.enter(token)
    legal = reviewers.choose(visitor, cookie, chosen(link, "Legal").id)
    reviewers.introduce(legal, "Maya Lund")
    assert legal.name == "Legal"


def test_the_same_words_do_not_make_two_browsers_one_person(make):
    """Anybody can type any name and address: it must not open what somebody else wrote."""
    _, token = make(asks_email=True)
    first, second = (reviewers.enter(token)[0] for _ in range(2))
    for each in (first, second):
        reviewers.introduce(each, "Maya Lund", "maya@fjell.example")
    assert first.id != second.id


# --- what the team learns


def told(job):
    return db.session.scalars(select(Event.text).where(Event.job_id == job.id, Event.kind == "opened")).all()


def test_the_first_opening_is_told_once(ada, job, make):
    link, token = make()
    _, cookie = reviewers.enter(token)
    assert link.opened_at is None  # a robot gets as far as this
    reviewers.find(link.id, cookie)
    assert link.opened_at is not None
    reviewers.find(link.id, cookie)
    reviewers.find(link.id, reviewers.enter(token)[1])
    assert told(job) == ["saw the review link “Fjell” opened for the first time"]
    assert [each.user_id for each in db.session.scalars(select(Notice))] == [ada.id]


def test_each_named_reviewer_is_told_of(job, make):
    link, token = make(**NAMED)
    for name, email in (("Legal", ""), ("Maya Lund", "maya@fjell.example")):
        visitor, cookie = reviewers.enter(token)
        reviewers.choose(visitor, cookie, chosen(link, name).id, email)
        reviewers.find(link.id, cookie)
    actors = db.session.scalars(select(Event.actor).where(Event.kind == "opened").order_by(Event.id)).all()
    assert actors == ["Legal", "Maya Lund"]
    assert set(told(job)) == {"opened the review link “Fjell” for the first time"}


def test_the_team_looking_through_a_link_does_not_count_as_an_opening(eve, job, make):
    link, token = make()
    came, cookie = reviewers.enter(token, member=eve)
    assert (came.name, came.user_id) == (eve.name, eve.id)
    reviewers.find(link.id, cookie)
    assert link.opened_at is None
    assert told(job) == []


def test_a_visit_is_written_down_now_and_then(make):
    link, token = make()
    guest, cookie = reviewers.enter(token)
    reviewers.find(link.id, cookie)
    first = guest.last_seen_at
    reviewers.find(link.id, cookie)
    assert guest.last_seen_at == first
    with transaction():
        guest.last_seen_at = first - reviewers.SEEN_EVERY
    reviewers.find(link.id, cookie)
    assert guest.last_seen_at >= first


# --- forgetting


def aged(reviewer, **ages):
    with transaction():
        for name, age in ages.items():
            setattr(reviewer, name, utcnow() - age)


def test_robots_and_passers_by_are_forgotten(make):
    _, token = make()
    robot, fresh, passer_by, regular = (reviewers.enter(token)[0] for _ in range(4))
    aged(robot, created_at=timedelta(days=2))
    aged(passer_by, created_at=timedelta(days=60), last_seen_at=timedelta(days=31))
    aged(regular, created_at=timedelta(days=60), last_seen_at=timedelta(days=29))
    assert reviewers.purge() == 2
    left = set(db.session.scalars(select(Reviewer.id)))
    assert left == {fresh.id, regular.id}
    assert count(ReviewerBrowser) == 2


def test_who_said_a_name_or_was_named_is_never_forgotten(make):
    _, token = make()
    guest, _ = reviewers.enter(token)
    reviewers.introduce(guest, "Maya Lund")
    aged(guest, created_at=timedelta(days=900), last_seen_at=timedelta(days=900))
    named, _ = make(**NAMED)
    for each in reviewers.on_list(named):
        aged(each, created_at=timedelta(days=900))
    assert reviewers.purge() == 0
