"""The team's side of review links: make one, see who came, change, renew and revoke it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, url_for

from webapp.models import Allows
from webapp.schemas.review_links import Expiry, ReviewLinkChange, ReviewLinkDraft
from webapp.services import jobs, review_links, reviewers, versions
from webapp.views import hypermedia
from webapp.views.forms import Form
from webapp.views.security import absolute, editors, person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.models import Job, ReviewLink

blueprint = Blueprint("share", __name__, url_prefix="/jobs/<job_id>/share")

ALLOWS = [(Allows.VIEW, "View"), (Allows.COMMENT, "Comment"), (Allows.DECIDE, "Decide")]
EXPIRES = [
    (Expiry.NEVER, "Never"),
    (Expiry.WEEK, "7 days"),
    (Expiry.FORTNIGHT, "14 days"),
    (Expiry.MONTH, "30 days"),
    (Expiry.DATE, "On a day"),
]
WHO = [("anybody", "Anybody with the link"), ("named", "Only these people")]
NEW = {"allows": Allows.COMMENT, "expires": Expiry.MONTH, "who": "anybody"}


@blueprint.get("")
@editors
def show(job_id: str) -> ResponseReturnValue:
    """List the links of a storyboard, with a form to make one: a dialog for htmx, a page for a plain browser."""
    return _page(jobs.find(person(), job_id), Form(ReviewLinkDraft, NEW))


@blueprint.post("")
@editors
def create(job_id: str) -> ResponseReturnValue:
    """Make a link and show its address, this once."""
    job, form = jobs.find(person(), job_id), Form(ReviewLinkDraft)
    made = form.submit(lambda draft: review_links.create(person(), job, draft))
    return _page(job, form) if made is None else _address(job, *made)


@blueprint.route("/<link_id>", methods=["GET", "POST"])
@editors
def edit(job_id: str, link_id: str) -> ResponseReturnValue:
    """Change what a link is called, allows and asks for."""
    job, link = _find(job_id, link_id)
    form = Form(ReviewLinkChange, _present(link))
    if form.submit(lambda change: review_links.change(person(), link, change)):
        return _done(job, f"“{link.name}” is changed")
    return form.page("share/edit.html", job=job, link=link, **_choices([(Expiry.KEEP, "As it is"), *EXPIRES]))


@blueprint.post("/<link_id>/address")
@editors
def renew(job_id: str, link_id: str) -> ResponseReturnValue:
    """Give a link a new address and show it, this once."""
    job, link = _find(job_id, link_id)
    return _address(job, link, review_links.renew(person(), link), renewed=True)


@blueprint.post("/<link_id>/revocation")
@editors
def revoke(job_id: str, link_id: str) -> ResponseReturnValue:
    """Close a link for good."""
    job, link = _find(job_id, link_id)
    review_links.revoke(person(), link)
    return _done(job, f"“{link.name}” is closed, from now on")


def _find(job_id: str, link_id: str) -> tuple[Job, ReviewLink]:
    job = jobs.find(person(), job_id)
    return job, review_links.find(job, link_id)


def _page(job: Job, form: Form[ReviewLinkDraft]) -> ResponseReturnValue:
    template = "share/_dialog.html" if hypermedia.wants_fragment() else "share/show.html"
    links, sent = review_links.listed(job), versions.sent(job)
    return form.page(template, job=job, links=links, sent=sent, **_choices(EXPIRES))


def _address(job: Job, link: ReviewLink, token: str, *, renewed: bool = False) -> ResponseReturnValue:
    url = absolute(review_links.path(token))
    template = "share/_address.html" if hypermedia.wants_fragment() else "share/address.html"
    qr = review_links.qr_code(url)
    return render_template(template, job=job, link=link, url=url, qr=qr, renewed=renewed, sent=job.sent_version_id)


def _present(link: ReviewLink) -> dict[str, Any]:
    """Return what the form of a link shows at first."""
    named = [f"{each.name}, {each.email}" if each.email else each.name for each in reviewers.on_list(link)]
    return {
        "name": link.name,
        "allows": link.allows,
        "who": "named" if link.named_only else "anybody",
        "reviewers": named,
        "asks_email": link.asks_email,
        "expires": Expiry.KEEP,
    }


def _choices(expires: list[tuple[Expiry, str]]) -> dict[str, Any]:
    return {"allows": ALLOWS, "expires": expires, "who": WHO}


def _done(job: Job, text: str) -> ResponseReturnValue:
    flash(text, "ok")
    return redirect(url_for(".show", job_id=job.id), 303)
