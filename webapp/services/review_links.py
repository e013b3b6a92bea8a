"""Review links: made, changed, given a new address, revoked; who came through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno
from sqlalchemy import func, select

from webapp.errors import Conflict, NotFound
from webapp.extensions import db, transaction
from webapp.models import Allows, Reviewer, ReviewLink, utcnow
from webapp.services import events, passwords, reviewers, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, User
    from webapp.schemas.review_links import ReviewLinkChange, ReviewLinkDraft, ReviewLinkPart

MOST_OPEN = 100
"""Links of one storyboard that work at the same time."""
MOST_LISTED = 200
QUIET_ZONE = 4
"""Modules of white around a QR code: what the standard (ISO/IEC 18004) asks for."""
DOES = {Allows.VIEW: "view", Allows.COMMENT: "view and comment", Allows.DECIDE: "view, comment and decide"}


@dataclass(frozen=True)
class Listed:
    """One link as the team sees it, with those who are on its list or came and said their name."""

    link: ReviewLink
    people: Sequence[Reviewer]
    nameless: int
    """How many more looked without saying who they are."""

    @property
    def came(self) -> Sequence[Reviewer]:
        """Return those who were there."""
        return [each for each in self.people if each.last_seen_at]

    @property
    def awaited(self) -> Sequence[Reviewer]:
        """Return those on the list who never came."""
        return [each for each in self.people if not each.last_seen_at]


def path(token: str) -> str:
    """Return the path of a link's address, without scheme and host."""
    return f"/r/{token}"


def qr_code(url: str) -> str:
    """Return an address as a QR code: a data URI of an SVG, black on white with its quiet zone."""
    code = segno.make(url, error="m", micro=False)
    return code.svg_data_uri(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True)


def find(job: Job, link_id: str) -> ReviewLink:
    """Return a link of a job. Raises NotFound when it is none of this job's."""
    found = db.session.get(ReviewLink, link_id)
    if found is None or found.job_id != job.id:
        raise NotFound("This storyboard has no such link.", hint="It may belong to another one.")
    return found


def of_job(job: Job) -> Sequence[ReviewLink]:
    """Return a job's links, the newest first; 200 at most."""
    query = select(ReviewLink).where(ReviewLink.job_id == job.id)
    return db.session.scalars(query.order_by(ReviewLink.created_at.desc(), ReviewLink.id).limit(MOST_LISTED)).all()


def page(job: Job, *, limit: int, offset: int) -> tuple[list[Listed], int]:
    """Return a page of a job's links, the newest first, each with its people, and how many links there are."""
    theirs = select(ReviewLink).where(ReviewLink.job_id == job.id)
    newest = theirs.order_by(ReviewLink.created_at.desc(), ReviewLink.id).limit(limit).offset(offset)
    total = db.session.scalar(select(func.count()).where(ReviewLink.job_id == job.id)) or 0
    return with_people(db.session.scalars(newest).all()), total


def listed(job: Job) -> Sequence[Listed]:
    """Return a job's links, those that work first, each with its people."""
    return sorted(with_people(of_job(job)), key=lambda each: not each.link.is_open)


def with_people(links: Sequence[ReviewLink]) -> list[Listed]:
    """Return links with their people, read in one query."""
    people: dict[str, list[Reviewer]] = {link.id: [] for link in links}
    query = select(Reviewer).where(Reviewer.link_id.in_(people)).order_by(Reviewer.created_at, Reviewer.id)
    for each in db.session.scalars(query):
        people[each.link_id].append(each)
    return [
        Listed(
            link,
            [each for each in people[link.id] if each.name and (each.is_named or each.last_seen_at)],
            sum(1 for each in people[link.id] if not each.name and each.last_seen_at),
        )
        for link in links
    ]


def create(person: User, job: Job, draft: ReviewLinkDraft) -> tuple[ReviewLink, str]:
    """Make a link and return it with its token: only the hash is kept, so this is the only time it is known.

    Raises:
        Conflict: the storyboard has a hundred links that work.
    """
    token, secret = tokens.fresh(), _secret(draft.password)
    with transaction():
        job.must_be_in_use()
        _must_have_room(job)
        link = ReviewLink(
            job_id=job.id,
            name=draft.name,
            token_hash=tokens.digest(token),
            allows=draft.allows,
            asks_email=draft.asks_email,
            password_hash=secret,
            expires_at=draft.expires_at(utcnow()),
            user_id=person.id,
        )
        db.session.add(link)
        db.session.flush()
        reviewers.put_on_list(link, draft.named)
        events.record(job, "shared", f"made the review link “{link.name}” to {DOES[draft.allows]}", by=person)
    return link, token


def change(person: User, link: ReviewLink, change: ReviewLinkChange | ReviewLinkPart) -> ReviewLink:
    """Change what is said of what a link is called, allows and asks for.

    Whoever it does not fit any more is out at the next request.
    Another password means that everybody has to come in again; they stay who they were.

    Raises:
        Conflict: it was revoked.
    """
    secret = _secret(change.password)
    with transaction():
        _must_not_be_revoked(link)
        values = change.columns(utcnow())
        if "people" in values:
            reviewers.put_on_list(link, values.pop("people"))
        if secret or change.no_password:
            values["password_hash"] = secret
        for name, value in values.items():
            setattr(link, name, value)
        events.record(link.job, "shared", f"changed the review link “{link.name}”", by=person)
    return link


def renew(person: User, link: ReviewLink) -> str:
    """Give a link a new address and return its token; the old address and every browser that used it stop at once.

    Raises:
        Conflict: it was revoked.
    """
    token = tokens.fresh()
    with transaction():
        _must_not_be_revoked(link)
        link.token_hash = tokens.digest(token)
        events.record(link.job, "shared", f"gave the review link “{link.name}” a new address", by=person)
    return token


def revoke(person: User, link: ReviewLink) -> None:
    """Close a link for good, from the very next request on; what came through it stays. Twice is once."""
    with transaction():
        link.job.must_be_in_use()
        if link.revoked_at is None:
            link.revoked_at = utcnow()
            events.record(link.job, "revoked", f"revoked the review link “{link.name}”", by=person)


def _secret(password: str) -> str | None:
    """Hash a password before the transaction begins: it takes a while."""
    return passwords.hashed(password) if password else None


def _must_have_room(job: Job) -> None:
    count = db.session.scalar(select(func.count()).where(ReviewLink.job_id == job.id, ReviewLink.open_ones())) or 0
    if count >= MOST_OPEN:
        raise Conflict(
            f"This storyboard has {count} review links that work.", hint="Revoke those that nobody needs any more."
        )


def _must_not_be_revoked(link: ReviewLink) -> None:
    link.job.must_be_in_use()
    if link.revoked_at is not None:
        raise Conflict("This link was revoked.", hint="Make a new one.")
