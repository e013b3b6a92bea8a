"""The review page: what a guest with a review link sees and says, complete without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request

from webapp.errors import Conflict, Invalid, NotFound, TooMany
from webapp.models import Allows, Verdict
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.review import VerdictDraft
from webapp.services import comments, review_board, verdicts
from webapp.views import guests, review_forms, review_pages
from webapp.views.blobs import blob_response
from webapp.views.forms import parse
from webapp.views.guests import guest
from webapp.views.security import public

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Comment
    from webapp.views.review_forms import Typed
    from webapp.views.review_pages import Page

blueprint = Blueprint("review", __name__, url_prefix="/review/<link_id>")


@blueprint.get("")
@public
def show(link_id: str) -> str:
    """Show the version sent last: one scene large, all as cards, the words, or one after the other in time."""
    reviewer = guest(link_id)
    page = review_pages.open_page(reviewer, request.args.get("view", "frames"))
    if page is None:
        return render_template("review/nothing.html", reviewer=reviewer)
    page.is_paused, page.asks_words = "paused" in request.args, "say" in request.args
    return page.render()


@blueprint.get("/frames/<int:position>")
@public
def frame(link_id: str, position: int) -> Response:
    """Answer with a scene's picture; asked for again each time, so that a closed link shows nothing more."""
    board = review_board.look(guest(link_id))
    if board is None:
        raise NotFound("Nothing was sent for review yet.")
    blob = review_board.picture(board, position, request.args.get("variant", "board"))
    response = blob_response(blob, filename=f"scene-{position}.webp", inline=True)
    response.headers["Content-Type"] = blob.content_type  # a 304 says it as well, or it would be taken for a page
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/state")
@public
def state(link_id: str) -> tuple[str, int]:
    """Answer 204 as long as `version` is still the one that was sent last, 200 when there is a newer one."""
    sent_id = guest(link_id).link.job.sent_version_id or ""
    return ("", 204) if request.args.get("version", "") == sent_id else ("A newer version was sent.", 200)


@blueprint.post("/verdicts")
@public
def judge(link_id: str) -> BaseResponse | tuple[str, int]:
    """Note what the guest thinks of one scene; a wish for changes leads to the comment field."""
    page = review_pages.must_open(guest(link_id))
    typed = review_forms.typed("verdict", "version", "scene_id", "verdict", "text", "pin_x", "pin_y", "name", "email")
    page.link.must_allow(Allows.COMMENT)
    try:
        guests.introduce(page.reviewer)
    except Invalid as refusal:
        typed.errors = refusal.fields if "asked" in request.form else {}
        page.kept = typed
        return render_template("review/who.html", page=page), 422 if typed.errors else 200
    draft = parse(VerdictDraft, typed.values)
    verdict = None if draft.verdict == "none" else Verdict(draft.verdict)
    try:
        verdicts.give(page.reviewer, review_board.seen(page.reviewer, draft.version), draft.scene_id, verdict)
    except (Conflict, TooMany) as refusal:
        return _back(page, review_forms.renamed(typed, "new"), refusal)
    if typed.values["text"]:  # not posted by this button, and not lost either
        page = review_pages.must_open(page.reviewer)
        page.kept = review_forms.renamed(typed, "new")
        return page.render(), 200
    # no fragment where a field has autofocus: browsers follow one of them only
    return redirect(page.url(say=1) if verdict == Verdict.CHANGES else f"{page.url()}#shot", 303)


@blueprint.post("/comments")
@public
def say(link_id: str) -> BaseResponse | tuple[str, int]:
    """Begin a thread about the scene, a point in its picture, or the board; or choose that point first."""
    page = review_pages.must_open(guest(link_id))
    typed = review_forms.typed("new", "text", "name", "email", "version", "scene_id", "pin_x", "pin_y", "after")
    act = request.form.get("act", "")
    if act:
        page.link.must_allow(Allows.COMMENT)
        page.kept = review_forms.pinned(typed, act)
        return (render_template("review/pin.html", page=page) if act == "place" else page.render()), 200

    def add() -> Comment:
        version = review_board.seen(page.reviewer, typed.values["version"])
        return comments.add(page.reviewer, page.job, parse(CommentDraft, typed.values), version=version)

    return _keep(page, typed, CommentDraft, add)


@blueprint.post("/comments/<comment_id>/replies")
@public
def reply(link_id: str, comment_id: str) -> BaseResponse | tuple[str, int]:
    """Reply in a thread."""
    page = review_pages.must_open(guest(link_id))
    comment = comments.find(page.reviewer, page.job, comment_id)
    typed = review_forms.typed(f"reply-{comment_id}", "text", "name", "email", "after")
    return _keep(
        page, typed, CommentText, lambda: comments.reply(page.reviewer, comment, parse(CommentText, typed.values))
    )


@blueprint.post("/comments/<comment_id>")
@public
def edit(link_id: str, comment_id: str) -> BaseResponse | tuple[str, int]:
    """Correct one's own words."""
    page = review_pages.must_open(guest(link_id))
    comment = comments.find(page.reviewer, page.job, comment_id)
    typed = review_forms.typed(f"edit-{comment_id}", "text")
    return _keep(
        page, typed, CommentText, lambda: comments.edit(page.reviewer, comment, parse(CommentText, typed.values))
    )


@blueprint.post("/comments/<comment_id>/delete")
@public
def delete(link_id: str, comment_id: str) -> BaseResponse:
    """Take back one's own words."""
    page = review_pages.must_open(guest(link_id))
    comments.delete(page.reviewer, comments.find(page.reviewer, page.job, comment_id))
    flash("Comment deleted", "ok")
    return redirect(page.url() + "#notes", 303)


def _keep(
    page: Page, typed: Typed, schema: type[BaseModel], use_case: Callable[[], Comment]
) -> BaseResponse | tuple[str, int]:
    """Keep what was written and show where it stands; what is refused comes back with the reason, nothing lost."""
    page.link.must_allow(Allows.COMMENT)
    try:
        review_forms.check(page.reviewer, typed, schema)
        guests.introduce(page.reviewer)
        comment = use_case()
    except (Invalid, Conflict, NotFound, TooMany) as refusal:
        return _back(page, typed, refusal)
    return redirect(f"{page.url()}#comment-{comment.id}", 303)


def _back(page: Page, typed: Typed, refusal: Invalid | Conflict | NotFound | TooMany) -> tuple[str, int]:
    again = review_pages.must_open(page.reviewer)
    typed.errors = refusal.fields if isinstance(refusal, Invalid) else {}
    typed.is_open = True
    again.kept = typed
    if not typed.errors:
        again.alert = f"{refusal.message} {refusal.hint}".strip()
    return again.render(), refusal.status
