"""Comments in the browser, the team's side: the drawer beside the board, its page, and redos that comments ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request

from webapp.errors import Invalid, NotFound
from webapp.models import CommentState
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.scenes import RedoRequest
from webapp.services import comment_wishes, comments, jobs
from webapp.views import boards, drawers, hypermedia
from webapp.views.forms import Form
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Comment, Job
    from webapp.views.drawers import Drawer

blueprint = Blueprint("comments", __name__, url_prefix="/jobs/<job_id>/comments")

MOST_TICKED = 50
"""Comments one redo takes as its instruction."""


@blueprint.get("")
def index(job_id: str) -> str:
    """Show the comments: the drawer for htmx, a page for a plain browser. `comment` leads to the thread it is in."""
    drawer = drawers.asked(jobs.find(person(), job_id))
    if drawer.comment:
        try:
            found = comments.find(person(), drawer.job, drawer.comment)
            drawer.state = comments.find(person(), drawer.job, found.parent_id or found.id).state
        except NotFound:
            drawer.comment = ""
    return _page(drawer)


@blueprint.post("")
def add(job_id: str) -> BaseResponse | tuple[str, int]:
    """Begin a thread."""
    job = jobs.find(person(), job_id)
    return _said(job, "new", CommentDraft, lambda draft: comments.add(person(), job, draft))


@blueprint.post("/<comment_id>/replies")
def reply(job_id: str, comment_id: str) -> BaseResponse | tuple[str, int]:
    """Reply; or answer, with the words as the reply."""
    job, comment = _find(job_id, comment_id)
    say = comments.answer if request.form.get("answer") else comments.reply
    return _said(job, f"reply-{comment_id}", CommentText, lambda draft: say(person(), comment, draft))


@blueprint.post("/<comment_id>")
def edit(job_id: str, comment_id: str) -> BaseResponse | tuple[str, int]:
    """Correct one's own words."""
    job, comment = _find(job_id, comment_id)
    return _said(job, f"edit-{comment_id}", CommentText, lambda draft: comments.edit(person(), comment, draft))


@blueprint.post("/<comment_id>/delete")
def delete(job_id: str, comment_id: str) -> BaseResponse:
    """Take back one's own words."""
    job, comment = _find(job_id, comment_id)
    before = job.revision
    comments.delete(person(), comment)
    return _changed(drawers.asked(job), before, "Comment deleted")


@blueprint.post("/<comment_id>/state")
def turn(job_id: str, comment_id: str) -> BaseResponse:
    """Close a thread, or open it again."""
    job, comment = _find(job_id, comment_id)
    before = job.revision
    if request.form.get("state") == CommentState.CLOSED:
        comments.close(person(), comment)
        return _changed(drawers.asked(job), before, "Thread closed")
    comments.reopen(person(), comment)
    return _changed(drawers.asked(job), before, "Thread open again")


@blueprint.get("/redo")
@editors
def redo(job_id: str) -> str | tuple[str, int]:
    """Show the redo form with the words of the ticked comments; for several scenes, one redo each to choose from."""
    job = jobs.find(person(), job_id)
    job.must_be_open()
    wishes = comment_wishes.of(job, request.args.getlist("comment_ids")[:MOST_TICKED])
    if not wishes:
        raise Invalid("Tick at least one comment about a scene.", hint="Those about the whole board have no scene.")
    fragment = hypermedia.wants_fragment()
    if len(wishes) > 1:
        template = "comments/_redo_choice.html" if fragment else "comments/redo_choice.html"
        return render_template(template, job=job, wishes=wishes)
    initial = {"feedback": wishes[0].feedback, "comment_ids": wishes[0].comment_ids, "parts": []}
    template = "scenes/_redo.html" if fragment else "scenes/redo.html"
    return Form(RedoRequest, initial).page(template, board=boards.Board(job), scene=wishes[0].scene, wish=wishes[0])


def _find(job_id: str, comment_id: str) -> tuple[Job, Comment]:
    job = jobs.find(person(), job_id)
    return job, comments.find(person(), job, comment_id)


def _page(drawer: Drawer) -> str:
    return render_template("comments/_drawer.html" if drawer.is_live else "comments/index.html", drawer=drawer)


def _said(
    job: Job, where: str, schema: type[BaseModel], use_case: Callable[[Any], Comment]
) -> BaseResponse | tuple[str, int]:
    """Keep what was written; what is refused comes back with the reason, nothing lost."""
    before = job.revision
    form: Form[Any] = Form(schema)
    comment = form.submit(use_case)
    drawer = drawers.asked(jobs.find(person(), job.id))
    if comment is None:
        drawer.form, drawer.form_of = form, where
        return _page(drawer), 422
    if where == "new":
        drawer.state = CommentState.OPEN
    return _changed(drawer, before, "", comment)


def _changed(drawer: Drawer, before: int, said: str, comment: Comment | None = None) -> BaseResponse:
    """Answer with the drawer as it is now, and the board's cards with it; a plain browser goes back to the list."""
    if not hypermedia.wants_fragment():
        if said:
            flash(said, "ok")
        anchor = f"#comment-{comment.id}" if comment else ""
        return redirect(drawer.url() + anchor, 303)
    response = boards.changes(jobs.find(person(), drawer.job.id), before, _page(drawer))
    return hypermedia.with_toast(response, said) if said else response
