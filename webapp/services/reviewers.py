"""Reviewers: people without an account who come through a review link, and how they are known again."""

from __future__ import annotations

import hmac
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from webapp.errors import DiskFull, Invalid, LinkClosed, LinkNeeded, LinkUnknown, NameNeeded
from webapp.extensions import db, delete_rows, transaction
from webapp.models import Comment, Decision, Reviewer, ReviewerBrowser, ReviewLink, SceneVerdict, User, utcnow
from webapp.services import events, notices, passwords, throttles, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.schemas.review_links import Named

log = logging.getLogger(__name__)

SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down that somebody is there: seldom enough that reading pages does not become writing."""
ARRIVALS = throttles.Budget(200, 3600)
"""New browsers that may come through one link from one place in an hour: a whole office, but no flood of rows."""
INTRODUCTIONS = throttles.Budget(30, 3600)
"""How often one guest may say who they are in an hour: to put it right, not to appear as a crowd."""
KEPT_UNSEEN = timedelta(days=1)
"""Robots that preview a link open its address and go no further."""
KEPT_NAMELESS = timedelta(days=30)
"""Somebody who looked and never said a name is forgotten so long after the last visit."""
NOT_THEIRS = "That does not match what was noted for this name."


def link_of(token: str) -> ReviewLink:
    """Return the link an address stands for.

    Raises:
        LinkUnknown: there is none, or none any more.
        LinkClosed: it was revoked, or has expired.
    """
    link = db.session.scalar(select(ReviewLink).where(ReviewLink.token_hash == tokens.digest(token)))
    if link is None:
        raise LinkUnknown
    link.must_be_open()
    return link


def enter(
    token: str, password: str = "", address: str = "", *, cookie: str = "", member: User | None = None
) -> tuple[Reviewer, str]:
    """Let a browser in through a link's address; returns the reviewer and the new token for the browser's cookie.

    `cookie` is what the browser sent: whoever was there before stays the same person, also when the address or the
    password has changed since. `member` is somebody of the team who is signed in and looks how it looks.

    Raises:
        LinkUnknown, LinkClosed: as `link_of`.
        Invalid: on `password` when it is not the link's.
        TooMany: too many tries, or too many new browsers from one place.
    """
    link = link_of(token)
    kept = link.password_hash
    if kept is not None:
        _check_password(link, kept, password, address)
    if not _browser(link.id, cookie):
        place = throttles.prefix(address)
        throttles.spend(f"arrivals:{link.id}:{place}", *ARRIVALS, message="Many people came from here just now.")
    fresh = tokens.fresh()
    with transaction():
        link = link_of(token)
        if link.password_hash != kept:
            raise LinkClosed("Its password was changed this very moment.", hint="Open the link once more.")
        browser = _browser(link.id, cookie) or _arrive(link, member)
        browser.token_hash, browser.door = tokens.digest(fresh), link.door
    return browser.reviewer, fresh


def find(link_id: str, cookie: str, *, unnamed: bool = False) -> Reviewer:
    """Return who a guest's cookie stands for. Asked at every request: a link stops at the very next one.

    Raises:
        LinkNeeded: the browser is not known here (or there is no such link, which is not told apart).
        LinkClosed: the link was revoked, has expired, or got another address or password since.
        NameNeeded: the link is for named reviewers, and they have not said which (not with `unnamed`).
    """
    browser = _browser(link_id, cookie)
    if browser is None:
        raise LinkNeeded
    reviewer, link = browser.reviewer, browser.reviewer.link
    link.must_be_open()
    if browser.door != link.door:
        raise LinkClosed("It was changed since you came in.", hint="Open the newest link you were sent.")
    if link.named_only and not reviewer.is_named:
        if not unnamed:
            raise NameNeeded(link_id)
        return reviewer  # at the door: not a visit yet
    if reviewer.last_seen_at is None or utcnow() - reviewer.last_seen_at >= SEEN_EVERY:
        _note_visit(reviewer)
    return reviewer


def is_known(link_id: str, cookie: str) -> bool:
    """Say whether a guest's cookie is good for a link, without noting a visit."""
    browser = _browser(link_id, cookie)
    return browser is not None and browser.reviewer.link.is_open and browser.door == browser.reviewer.link.door


def is_inside(link: ReviewLink, cookie: str) -> bool:
    """Say whether a browser came in through this link before and needs nothing more."""
    browser = _browser(link.id, cookie)
    return browser is not None and browser.door == link.door


def introduce(reviewer: Reviewer, name: str, email: str = "", *, again: bool = True) -> Reviewer:
    """Keep what a guest says about who they are; whom the team named, and who has an account, keeps that name.

    Without `again` so does who gave a name before.

    Raises:
        Invalid: on `email` when the link asks for one.
        LinkClosed: the link is over.
        TooMany: thirty times within an hour.
    """
    throttles.spend(f"introductions:{reviewer.id}", *INTRODUCTIONS)
    with transaction():
        reviewer.link.must_be_open()
        if reviewer.is_named or (reviewer.user_id and reviewer.name):
            return reviewer
        if reviewer.link.asks_email and not email:
            raise Invalid(fields={"email": "Please give your e-mail address: this link asks for it."})
        reviewer.name = name if again or not reviewer.name else reviewer.name
        reviewer.email = email
    return reviewer


def on_list(link: ReviewLink) -> Sequence[Reviewer]:
    """Return the reviewers named beforehand, by name."""
    query = select(Reviewer).where(Reviewer.link_id == link.id, Reviewer.is_named)
    return sorted(db.session.scalars(query), key=lambda each: each.name.casefold())


def choose(visitor: Reviewer, cookie: str, reviewer_id: str, email: str = "", address: str = "") -> Reviewer:
    """Let a visitor be one of the named reviewers; where an e-mail address was noted it has to be given.

    The browser belongs to that reviewer from now on, beside others they came with.

    Raises:
        Invalid: on `reviewer_id` for nobody of the list, on `email` when it does not match.
        TooMany: too many tries.
    """
    link = visitor.link
    chosen = db.session.get(Reviewer, reviewer_id)
    if chosen is None or chosen.link_id != link.id or not chosen.is_named:
        raise Invalid(fields={"reviewer_id": "Pick your name."})
    noted = chosen.email
    if noted:
        _check_email(chosen, email, address)
    with transaction():
        link.must_be_open()
        browser = _browser(link.id, cookie)
        if browser is None or not chosen.is_named or chosen.email != noted:
            raise LinkNeeded
        browser.reviewer_id = chosen.id
        db.session.flush()
        db.session.expire(browser)
        if visitor.id != chosen.id and not visitor.name:
            db.session.delete(visitor)
    return chosen


def put_on_list(link: ReviewLink, named: Sequence[Named]) -> None:
    """Make the list of a link be this one (inside the caller's transaction); an empty one lets anybody come.

    Who is on it already is known by name. Who is not on it any more has to say who they are at the next request.
    """
    link.named_only = bool(named)
    before = {each.name.casefold(): each for each in on_list(link)}
    for name, email in named:
        there = before.pop(name.casefold(), None)
        if there is None:
            db.session.add(Reviewer(link_id=link.id, name=name, email=email, is_named=True))
            continue
        if email and there.email and email != there.email:
            _shut_out(there)
        there.name, there.email = name, email
    for gone in before.values():
        if named:
            _shut_out(gone)
        gone.is_named = False
        if gone.last_seen_at is None:
            db.session.delete(gone)


def purge() -> int:
    """Forget robots, and guests who never said who they are and did not come again; returns how many."""
    now = utcnow()
    robots = Reviewer.last_seen_at.is_(None) & (Reviewer.created_at < now - KEPT_UNSEEN)
    nameless = Reviewer.last_seen_at < now - KEPT_NAMELESS
    said = [
        Reviewer.id.in_(select(table.reviewer_id).where(table.reviewer_id.is_not(None)))
        for table in (SceneVerdict, Comment, Decision)
    ]
    quiet = ~said[0] & ~said[1] & ~said[2]
    return delete_rows(Reviewer, (Reviewer.name == "") & ~Reviewer.is_named & (robots | nameless) & quiet)


def _browser(link_id: str, cookie: str) -> ReviewerBrowser | None:
    if not cookie:
        return None
    found = db.session.scalar(select(ReviewerBrowser).where(ReviewerBrowser.token_hash == tokens.digest(cookie)))
    return found if found is not None and found.reviewer.link_id == link_id else None


def _arrive(link: ReviewLink, member: User | None) -> ReviewerBrowser:
    """Make the rows of somebody new; the caller writes the token."""
    reviewer = Reviewer(link_id=link.id)
    if member is not None and not link.named_only:
        reviewer.name, reviewer.email, reviewer.user_id = member.name, member.email, member.id
    db.session.add(reviewer)
    db.session.flush()
    browser = ReviewerBrowser(reviewer_id=reviewer.id, token_hash="", door="", reviewer=reviewer)
    db.session.add(browser)
    return browser


def _shut_out(reviewer: Reviewer) -> None:
    db.session.execute(delete(ReviewerBrowser).where(ReviewerBrowser.reviewer_id == reviewer.id))


def _check_password(link: ReviewLink, kept: str, password: str, address: str) -> None:
    """Count the try first, so that tries at the same moment in several workers count as well."""
    if not password:
        raise Invalid(fields={"password": "This link asks for a password."})
    throttles.check(link.id, address, area="review-password", hint="Whoever sent you the link has the password.")
    if not passwords.matches(kept, password):
        raise Invalid(fields={"password": "That is not the password of this link."})
    throttles.forgive(link.id, address, area="review-password")


def _check_email(chosen: Reviewer, email: str, address: str) -> None:
    throttles.check(chosen.id, address, area="review-name", hint="Whoever sent you the link can tell what was noted.")
    given, noted = (text.strip().casefold().encode() for text in (email, chosen.email))
    if not hmac.compare_digest(given, noted):
        raise Invalid(fields={"email": NOT_THEIRS})
    throttles.forgive(chosen.id, address, area="review-name")


def _note_visit(reviewer: Reviewer) -> None:
    """Write down that somebody is there. A full disk must not turn anybody away."""
    try:
        with transaction():
            now, link = utcnow(), reviewer.link
            if reviewer.user_id is None:
                if reviewer.last_seen_at is None and (reviewer.is_named or link.opened_at is None):
                    _tell_of_first_visit(reviewer)
                link.opened_at = now
            reviewer.last_seen_at = now
    except (OperationalError, DiskFull) as error:
        log.warning("could not note a visit: %s", error)


def _tell_of_first_visit(reviewer: Reviewer) -> None:
    link = reviewer.link
    who = reviewer if reviewer.name else None
    text = f"{'opened' if who else 'saw'} the review link “{link.name}”{'' if who else ' opened'} for the first time"
    events.record(link.job, "opened", text, by=who)
    maker = db.session.get(User, link.user_id) if link.user_id else None
    if maker is not None:
        notices.tell(link.job, notices.REVIEW, text, by=who, to=[maker])
