"""/api/v3/jobs/{id}/comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, url_for

from webapp.errors import Invalid, NotFound
from webapp.services import comment_rights, comments, jobs, records, threads
from webapp.views.api import envelope
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import comments as resources
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Comment, Job
    from webapp.services.threads import Thread
    from webapp.views.api.v3.resources.comments import (
        CommentBody,
        CommentQuery,
        CommentResource,
        CommentTextBody,
        ReplyResource,
    )

blueprint = Blueprint("api_comments", __name__, url_prefix="/api/v3/jobs/<job_id>/comments")
TAG = "v3-review"


@blueprint.get("")
@operation(
    TAG, query=resources.CommentQuery, answers={200: list[resources.CommentResource]}, is_list=True, refuses=(404,)
)
def index(job_id: str, query: CommentQuery) -> Response:
    """List the threads of a job, the one begun last first.

    What is only for the team exists for nobody else.
    """
    job = jobs.find(person(), job_id)
    found, total = threads.page(
        job,
        with_internal=comment_rights.sees_internal(person()),
        state=query.state,
        scene_id=query.scene,
        limit=query.limit,
        offset=query.offset,
    )
    return envelope.page(_said(job, found), total, limit=query.limit, offset=query.offset)


@blueprint.post("")
@operation(
    TAG,
    body=resources.CommentBody,
    answers={201: resources.CommentResource},
    refuses=(403, 404),
)
def add(job_id: str, body: CommentBody) -> Response:
    """Begin a thread about the board, a scene, or a point in its picture.

    Possible on an approved board, too: a decision forbids changes, not words.
    """
    job = jobs.find(person(), job_id)
    if body.is_internal:
        comment_rights.must_see_internal(person())
    try:
        made = comments.add(person(), job, body.draft())
    except NotFound as gone:
        raise Invalid(fields={"scene_id": gone.message}) from None
    return envelope.answer(_thread(job, made), 201, location=_url(made))


@blueprint.get("/<comment_id>")
@operation(TAG, answers={200: resources.CommentResource}, refuses=(404,))
def show(job_id: str, comment_id: str) -> Response:
    """Return a thread; the id of a reply leads to the thread it is in."""
    return envelope.answer(_thread(*_find(job_id, comment_id)))


@blueprint.put("/<comment_id>")
@operation(TAG, body=resources.CommentTextBody, answers={200: resources.CommentResource}, refuses=(403, 404, 409))
def edit(job_id: str, comment_id: str, body: CommentTextBody) -> Response:
    """Correct one's own words, until somebody else went on from them.

    Answers with the thread.
    """
    job, comment = _find(job_id, comment_id)
    return envelope.answer(_thread(job, comments.edit(person(), comment, body.words())))


@blueprint.delete("/<comment_id>")
@operation(TAG, answers={200: None}, refuses=(403, 404, 409))
def delete(job_id: str, comment_id: str) -> Response:
    """Take back one's own words.

    Where others replied, the thread stays and says that they were deleted.
    """
    _, comment = _find(job_id, comment_id)
    comments.delete(person(), comment)
    return envelope.answer(None)


@blueprint.post("/<comment_id>/replies")
@operation(
    TAG,
    body=resources.CommentTextBody,
    answers={201: resources.ReplyResource},
    refuses=(404,),
)
def reply(job_id: str, comment_id: str, body: CommentTextBody) -> Response:
    """Reply in a thread.

    What somebody outside the team adds to an answered or closed thread opens it again.
    """
    job, comment = _find(job_id, comment_id)
    made = comments.reply(person(), comment, body.words())
    return envelope.answer(_message(job, made), 201, location=_url(made))


@blueprint.post("/<comment_id>/answer")
@editors
@operation(
    TAG,
    body=resources.CommentTextBody,
    answers={201: resources.CommentResource},
    refuses=(404,),
)
def answer(job_id: str, comment_id: str, body: CommentTextBody) -> Response:
    """Answer a thread: the words become a reply, and whoever asked sees that it is answered."""
    job, comment = _find(job_id, comment_id)
    made = comments.answer(person(), comment, body.words())
    return envelope.answer(_thread(job, made), 201, location=_url(made))


@blueprint.post("/<comment_id>/close")
@operation(TAG, answers={200: resources.CommentResource}, refuses=(403, 404))
def close(job_id: str, comment_id: str) -> Response:
    """Close a thread: nothing is left to do about it. For the team, and for whoever began it."""
    job, comment = _find(job_id, comment_id)
    comments.close(person(), comment)
    return envelope.answer(_thread(job, comment))


@blueprint.post("/<comment_id>/reopen")
@operation(TAG, answers={200: resources.CommentResource}, refuses=(403, 404))
def reopen(job_id: str, comment_id: str) -> Response:
    """Open an answered or closed thread again. For the team, and for whoever began it."""
    job, comment = _find(job_id, comment_id)
    comments.reopen(person(), comment)
    return envelope.answer(_thread(job, comment))


def _find(job_id: str, comment_id: str) -> tuple[Job, Comment]:
    job = jobs.find(person(), job_id)
    return job, comments.find(person(), job, comment_id)


def _url(comment: Comment) -> str:
    return url_for(".show", job_id=comment.job_id, comment_id=comment.id)


def _said(job: Job, found: Sequence[Thread]) -> list[CommentResource]:
    scenes, versions = records.scene_numbers(job), records.version_numbers(job)
    return [resources.comment(person(), each, scenes, versions) for each in found]


def _read(job: Job, comment: Comment) -> Thread:
    """Read the thread a comment is in, with its authors. Raises NotFound when it was deleted this very moment."""
    found = threads.threads(job, ids=[comment.parent_id or comment.id])
    if not found:
        raise NotFound("This comment is not here any more.")
    return found[0]


def _thread(job: Job, comment: Comment) -> CommentResource:
    return _said(job, [_read(job, comment)])[0]


def _message(job: Job, comment: Comment) -> ReplyResource:
    said = next(each for each in _read(job, comment).messages if each.id == comment.id)
    return resources.reply(person(), said)
