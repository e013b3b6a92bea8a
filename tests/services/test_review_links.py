"""Review links: made, changed, renewed, revoked; what is kept of them and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import segno
from sqlalchemy import select

from tests import factories
from webapp.errors import Conflict, Invalid, LinkClosed, LinkUnknown, NotFound
from webapp.extensions import db, transaction
from webapp.models import Allows, Event, Reviewer, ReviewLink, utcnow
from webapp.schemas.review_links import ReviewLinkChange, ReviewLinkDraft
from webapp.services import archive, review_links, reviewers
from webapp.views.forms import parse


@pytest.fixture
def job(app):
    return factories.job(factories.client())


def draft(**values):
    return parse(ReviewLinkDraft, {"name": "Fjell, marketing", **values})


def errors(schema=ReviewLinkDraft, **values):
    with pytest.raises(Invalid) as refused:
        parse(schema, {"name": "Fjell", **values})
    return refused.value.fields


def lines(job):
    return db.session.scalars(select(Event.text).where(Event.job_id == job.id).order_by(Event.id)).all()


# --- making


def test_the_token_is_long_and_nowhere_in_the_database(app, ada, job):
    link, token = review_links.create(ada, job, draft(password="tram bell"))
    assert len(token) == 43  # 256 bits in base64
    assert reviewers.link_of(token).id == link.id
    db.session.rollback()
    with db.engine.connect() as connection:
        everything = repr([connection.execute(select(table)).all() for table in db.metadata.sorted_tables])
    assert link.token_hash in everything
    assert token not in everything
    assert "tram bell" not in everything


def test_tokens_are_all_different(app, ada, job):
    assert len({review_links.create(ada, job, draft())[1] for _ in range(20)}) == 20


def test_what_was_made_is_what_was_asked_for(app, ada, job):
    link, _ = review_links.create(ada, job, draft(allows="decide", expires="7", asks_email=True))
    assert (link.name, link.allows, link.asks_email, link.named_only) == ("Fjell, marketing", "decide", True, False)
    assert timedelta(days=6, hours=23) < link.expires_at - utcnow() <= timedelta(days=7)
    assert link.password_hash is None
    assert lines(job) == ["made the review link “Fjell, marketing” to view, comment and decide"]


def test_a_chosen_day_ends_with_the_day(app):
    day = (utcnow() + timedelta(days=3)).date()
    ends = draft(expires="date", expires_on=day.isoformat()).expires_at(utcnow())
    assert ends == datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("offset", "minutes"),
    [
        ("120", 120), ("-300", -300), ("+60", 60), ("840", 840), ("-720", -720), ("", 0), ("0", 0), ("345", 345),
        ("x", 0), ("900", 0), ("-721", 0), ("1e3", 0), ("99999", 0),
    ],
)  # fmt: skip
def test_a_chosen_day_ends_where_its_maker_is(app, offset, minutes):
    day = (utcnow() + timedelta(days=3)).date()
    ends = draft(expires="date", expires_on=day.isoformat(), utc_offset=offset).expires_at(utcnow())
    assert ends == datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC) - timedelta(minutes=minutes)


def test_today_is_a_day_where_the_maker_is(app):
    there = (utcnow() + timedelta(hours=14)).date().isoformat()
    assert draft(expires="date", expires_on=there, utc_offset="840").expires_on.isoformat() == there
    before = (utcnow() - timedelta(hours=12)).date().isoformat()
    assert draft(expires="date", expires_on=before, utc_offset="-720").expires_on.isoformat() == before


@pytest.mark.parametrize("day", ["", "yesterday", "2001-01-01", "2999-01-01"])
def test_a_wrong_day_is_refused_beside_its_field(app, day):
    assert set(errors(expires="date", expires_on=day)) == {"expires_on"}


def test_a_day_left_in_the_field_of_another_choice_does_not_matter(app):
    assert draft(expires="never", expires_on="2001-01-01").expires_at(utcnow()) is None


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Maya Lund", ("Maya Lund", "")),
        ("  Maya   Lund ", ("Maya Lund", "")),
        ("Maya Lund, Maya@Fjell.example", ("Maya Lund", "maya@fjell.example")),
        ("Maya Lund <maya@fjell.example>", ("Maya Lund", "maya@fjell.example")),
        ("Maya Lund; maya@fjell.example", ("Maya Lund", "maya@fjell.example")),
        ("Lund, Maya", ("Lund, Maya", "")),
    ],
)
def test_a_line_of_the_list_is_read_as_people_write_it(app, line, named):
    assert draft(who="named", reviewers=[line]).named == [named]


@pytest.mark.parametrize(
    "lines",
    ["", "\n \n", "maya@fjell.example", "Maya, maya@", "Maya\nMAYA", "A" * 121, "\n".join(f"P{i}" for i in range(51))],
)
def test_a_list_nobody_can_choose_from_is_refused(app, lines):
    assert set(errors(who="named", reviewers=[lines])) == {"reviewers"}


def test_a_list_is_not_used_where_anybody_may_come(app, ada, job):
    link, _ = review_links.create(ada, job, draft(who="anybody", reviewers=["Maya"]))
    assert not link.named_only
    assert not reviewers.on_list(link)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"allows": "own"}, "allows"),
        ({"who": "everybody"}, "who"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"expires": "3"}, "expires"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(app, values, field):
    assert set(errors(**values)) == {field}


def test_a_hundred_links_are_enough(app, ada, job, monkeypatch):
    monkeypatch.setattr(review_links, "MOST_OPEN", 2)
    first, _ = review_links.create(ada, job, draft())
    review_links.create(ada, job, draft())
    with pytest.raises(Conflict):
        review_links.create(ada, job, draft())
    review_links.revoke(ada, first)
    review_links.create(ada, job, draft())


# --- changing


def change(**values):
    return parse(ReviewLinkChange, {"name": "Fjell", **values})


def test_a_change_keeps_what_is_not_named(app, ada, job):
    link, token = review_links.create(ada, job, draft(password="tram bell", expires="7"))
    before = (link.password_hash, link.expires_at, link.token_hash)
    review_links.change(ada, link, change(name="Legal", allows="view"))
    assert (link.name, link.allows) == ("Legal", "view")
    assert (link.password_hash, link.expires_at, link.token_hash) == before
    assert reviewers.link_of(token) is link


def test_a_password_can_be_taken_away(app, ada, job):
    link, token = review_links.create(ada, job, draft(password="tram bell"))
    review_links.change(ada, link, change(no_password=True))
    assert link.password_hash is None
    reviewers.enter(token)


def test_renewing_ends_the_old_address(app, ada, job):
    link, old = review_links.create(ada, job, draft())
    new = review_links.renew(ada, link)
    assert reviewers.link_of(new) is link
    with pytest.raises(LinkUnknown):
        reviewers.link_of(old)


def test_a_revoked_link_stays_closed(app, ada, job):
    link, token = review_links.create(ada, job, draft())
    review_links.revoke(ada, link)
    at = link.revoked_at
    review_links.revoke(ada, link)
    assert link.revoked_at == at
    with pytest.raises(LinkClosed):
        reviewers.link_of(token)
    for forbidden in (lambda: review_links.renew(ada, link), lambda: review_links.change(ada, link, change())):
        with pytest.raises(Conflict):
            forbidden()
    assert lines(job)[1:] == ["revoked the review link “Fjell, marketing”"]


def test_an_expired_link_is_closed_and_can_be_given_more_time(app, ada, job):
    link, token = review_links.create(ada, job, draft(expires="7"))
    with transaction():
        link.expires_at = utcnow() - timedelta(seconds=1)
    assert link.state == "expired"
    with pytest.raises(LinkClosed):
        reviewers.link_of(token)
    review_links.change(ada, link, change(expires="7"))
    assert reviewers.link_of(token).state == "active"


@pytest.mark.parametrize("allows", list(Allows))
def test_each_kind_of_link_includes_the_one_before(app, ada, job, allows):
    link, _ = review_links.create(ada, job, draft(allows=allows))
    ranks = list(Allows)
    for what in ranks:
        if ranks.index(what) <= ranks.index(allows):
            link.must_allow(what)
        else:
            with pytest.raises(Exception, match="does not let you"):
                link.must_allow(what)
    assert link.may_comment is (allows != Allows.VIEW)
    assert link.may_decide is (allows == Allows.DECIDE)


def test_the_list_of_named_reviewers_is_changed_by_name(app, ada, job):
    link, _ = review_links.create(ada, job, draft(who="named", reviewers=["Maya, maya@fjell.example", "Legal", "Kim"]))
    there = {each.name: each.id for each in reviewers.on_list(link)}
    with transaction():
        db.session.get(Reviewer, there["Kim"]).last_seen_at = utcnow()
    review_links.change(ada, link, change(who="named", reviewers=["maya, m@fjell.example", "Jonas"]))
    assert {each.name: each.email for each in reviewers.on_list(link)} == {"maya": "m@fjell.example", "Jonas": ""}
    assert reviewers.on_list(link)[1].id == there["Maya"]
    assert db.session.get(Reviewer, there["Legal"]) is None  # never came
    assert not db.session.get(Reviewer, there["Kim"]).is_named  # came: what they said keeps its author


# --- finding


def test_a_link_of_another_job_is_not_found(app, ada, job):
    other = factories.job(factories.client("Other"))
    link, _ = review_links.create(ada, other, draft())
    with pytest.raises(NotFound):
        review_links.find(job, link.id)
    assert review_links.of_job(job) == []


def test_links_that_work_are_listed_first(app, ada, job):
    closed, _ = review_links.create(ada, job, draft(name="Closed"))
    first, _ = review_links.create(ada, job, draft(name="First"))
    last, _ = review_links.create(ada, job, draft(name="Last"))
    review_links.revoke(ada, closed)
    assert [each.link for each in review_links.listed(job)] == [last, first, closed]


def test_links_go_with_their_job(app, ada, job):
    review_links.create(ada, job, draft(who="named", reviewers=["Maya"]))
    assert not archive.delete(ada, job)
    assert db.session.query(ReviewLink).count() == db.session.query(Reviewer).count() == 0


def test_the_qr_code_is_black_on_white_with_its_quiet_zone(app):
    url = "https://slate.example.com/r/" + "x" * 43
    start, _, body = review_links.qr_code(url).partition(",")
    svg = unquote(body).replace("'", '"')
    size = len(segno.make(url, error="m", micro=False).matrix) + 2 * 4
    assert start.startswith("data:image/svg+xml")
    assert f'viewBox="0 0 {size} {size}"' in svg
    assert f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/>' in svg
    assert 'stroke="#000" d="M4 4.5h7' in svg  # the first finder pattern, four modules from each edge
