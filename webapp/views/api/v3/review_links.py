"""/api/v3/jobs/{id}/review-links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, url_for

from webapp.services import jobs, review_links
from webapp.views.api import envelope
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import review_links as resources
from webapp.views.api.v3.resources.base import Paged
from webapp.views.security import absolute, editors, person

if TYPE_CHECKING:
    from webapp.models import ReviewLink
    from webapp.views.api.v3.resources.review_links import ReviewLinkBody, ReviewLinkChangeBody

blueprint = Blueprint("api_review_links", __name__, url_prefix="/api/v3/jobs/<job_id>/review-links")
TAG = "v3-review"
SAID_ONCE = ("url", "token")


@blueprint.get("")
@editors
@operation(TAG, query=Paged, answers={200: list[resources.ReviewLinkResource]}, is_list=True, refuses=(404,))
def index(job_id: str, query: Paged) -> Response:
    """List the review links of a job, the newest first.

    With who is on their lists and who came. Their addresses are not known any more: only hashes are kept.
    """
    found, total = review_links.page(jobs.find(person(), job_id), limit=query.limit, offset=query.offset)
    rows = [resources.review_link(each) for each in found]
    return envelope.page(rows, total, limit=query.limit, offset=query.offset)


@blueprint.post("")
@editors
@operation(
    TAG,
    body=resources.ReviewLinkBody,
    answers={201: resources.AddressedReviewLinkResource},
    said_once=SAID_ONCE,
    refuses=(404, 409),
)
def create(job_id: str, body: ReviewLinkBody) -> Response:
    """Make a review link.

    Whoever opens its `url` sees the version that was sent last, without an account. The url is said in this answer and
    nowhere else; `renew` gives the link a new one.
    """
    job = jobs.find(person(), job_id)
    link, token = review_links.create(person(), job, body.draft())
    return _addressed(link, token, 201, url_for(".show", job_id=job.id, link_id=link.id))


@blueprint.get("/<link_id>")
@editors
@operation(TAG, answers={200: resources.ReviewLinkResource}, refuses=(404,))
def show(job_id: str, link_id: str) -> Response:
    """Return a review link, without its address."""
    return _answer(_find(job_id, link_id))


@blueprint.put("/<link_id>")
@editors
@operation(TAG, body=resources.ReviewLinkChangeBody, answers={200: resources.ReviewLinkResource}, refuses=(404, 409))
def change(job_id: str, link_id: str, body: ReviewLinkChangeBody) -> Response:
    """Change the fields given of a review link.

    It holds at once: whoever it does not fit any more is out at the next request.
    """
    link = _find(job_id, link_id)
    return _answer(review_links.change(person(), link, body.change()))


@blueprint.delete("/<link_id>")
@editors
@operation(TAG, answers={200: resources.ReviewLinkResource}, refuses=(404,))
def revoke(job_id: str, link_id: str) -> Response:
    """Revoke a review link for good, from the very next request on.

    It stays in the list, and so does what came through it. Twice is once.
    """
    link = _find(job_id, link_id)
    review_links.revoke(person(), link)
    return _answer(link)


@blueprint.post("/<link_id>/renew")
@editors
@operation(TAG, answers={200: resources.AddressedReviewLinkResource}, said_once=SAID_ONCE, refuses=(404, 409))
def renew(job_id: str, link_id: str) -> Response:
    """Give a review link a new address, said this once.

    The old one stops at once. Those who came in with it stay who they were once they use the new one.
    """
    link = _find(job_id, link_id)
    return _addressed(link, review_links.renew(person(), link), 200, "")


def _find(job_id: str, link_id: str) -> ReviewLink:
    return review_links.find(jobs.find(person(), job_id), link_id)


def _answer(link: ReviewLink) -> Response:
    return envelope.answer(resources.review_link(review_links.with_people([link])[0]))


def _addressed(link: ReviewLink, token: str, status: int, location: str) -> Response:
    said = review_links.with_people([link])[0]
    url = absolute(review_links.path(token))
    return envelope.answer(resources.addressed(said, url, token), status, location=location)
