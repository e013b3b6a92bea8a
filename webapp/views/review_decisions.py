"""Deciding through a review link: approve, request changes, reject; asked once more, thanked for, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from webapp.errors import Conflict, Invalid, TooMany, VersionNeeded
from webapp.models import Allows
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.review_links import Introduction
from webapp.services import decisions, review_board, reviewers
from webapp.views import guests, review_forms, review_pages
from webapp.views.forms import parse
from webapp.views.guests import guest
from webapp.views.security import public

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Reviewer
    from webapp.views.review_forms import Typed
    from webapp.views.review_pages import Page

blueprint = Blueprint("review_decisions", __name__, url_prefix="/review/<link_id>/decision")

KINDS = ("approve", "request_changes", "reject")
OWN_FIELDS = {"name": "signature"}
"""Where an approval asks for a name: what is typed under it."""


@blueprint.get("")
@public
def show(link_id: str) -> str:
    """Ask once more before a decision (`kind`), with what it is about; without `kind` say what was decided."""
    page = _open(guest(link_id))
    kind = request.args.get("kind", "")
    if kind in KINDS and page.may_decide:
        return render_template("review/decision.html", page=page, kind=kind)
    return render_template("review/decided.html", page=page)


@blueprint.post("")
@public
def decide(link_id: str) -> BaseResponse | tuple[str, int]:
    """Record a decision; what is missing comes back with nothing lost, and so does one about an older version."""
    page = review_pages.must_open(guest(link_id))
    page.link.must_allow(Allows.DECIDE)
    typed = review_forms.typed("decision", "kind", "reason", "seen", "signature", "name", "email", "version")
    try:
        _decide(page.reviewer, typed)
    except (Invalid, Conflict, TooMany, VersionNeeded) as refusal:
        return _back(page, typed, refusal)
    return redirect(url_for(".show", link_id=link_id), 303)


def _open(reviewer: Reviewer) -> Page:
    page = review_pages.must_open(reviewer)
    page.view = ""  # none of the views is the present one
    return page


def _decide(reviewer: Reviewer, typed: Typed) -> None:
    version = review_board.seen(reviewer, typed.values["version"])
    draft = parse(DecisionDraft, typed.values)
    if draft.kind == "approve":
        _sign(reviewer, typed)
    else:
        _explain(reviewer, typed, draft)
    decisions.decide_as_guest(reviewer, version, draft, user_agent=request.user_agent.string)


def _sign(reviewer: Reviewer, typed: Typed) -> None:
    """Take the name under an approval for an introduction as well, when the guest is not known yet."""
    if reviewer.is_known:
        return
    given = {"name": typed.values["signature"], "email": typed.values["email"]}
    try:
        who = parse(Introduction, given)
        reviewers.introduce(reviewer, who.name, who.email, again=False)
    except Invalid as refusal:
        raise Invalid(fields={OWN_FIELDS.get(name, name): why for name, why in refusal.fields.items()}) from refusal


def _explain(reviewer: Reviewer, typed: Typed, draft: DecisionDraft) -> None:
    """Ask for words and a name together, so that everything that is missing is said at once."""
    wrong = {} if draft.reason else {"reason": "Say what should be different, one line is enough."}
    try:
        review_forms.check(reviewer, typed, DecisionDraft)
        if not wrong:
            guests.introduce(reviewer)
    except Invalid as refusal:
        wrong |= refusal.fields
    if wrong:
        raise Invalid(fields=wrong)


def _back(page: Page, typed: Typed, refusal: Invalid | Conflict | TooMany | VersionNeeded) -> tuple[str, int]:
    again = _open(page.reviewer)
    if isinstance(refusal, Invalid):
        typed.errors = refusal.fields
    else:
        again.alert = f"{refusal.message} {refusal.hint}".strip()
    typed.is_open = True
    again.kept = typed
    kind = typed.values["kind"] if typed.values["kind"] in KINDS else "request_changes"
    template = "review/decision.html" if again.may_decide else "review/decided.html"
    status = 422 if isinstance(refusal, VersionNeeded) else refusal.status
    return render_template(template, page=again, kind=kind), status
