"""Comments on a board: say, reply, correct, take back, answer, close. `threads` reads them.

Who may what. The team is everybody who may edit; guests are reviewers of a link that lets them comment. People with an
account who only review stand between: they see and write what guests do, with their own name.

    see and reply         everybody; threads that are only for the team: the team alone
    begin for the team    the team
    answer                the team
    close, open again     the team any thread, others those they began; a reply of theirs opens an answered one again
    correct               one's own: guests for ten minutes, people with an account until somebody else went on
    take back             one's own: guests for ten minutes, people with an account at any time
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete as delete_from
from sqlalchemy import select

from webapp.errors import Forbidden, NotFound
from webapp.extensions import db, transaction
from webapp.models import Comment, CommentState, Job, Reviewer, Scene, User, VersionScene, utcnow
from webapp.services import comment_notices, comment_rights, events, throttles, versions
from webapp.services.threads import Thread, marks, threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Take, Version
    from webapp.schemas.comments import CommentDraft, CommentText

__all__ = [
    "Thread", "add", "answer", "answered_by_take", "close", "delete", "edit", "find", "marks", "reopen",
    "reply", "threads",
]  # fmt: skip

OF_A_GUEST = throttles.Budget(60, 3600)
"""Comments of one guest in an hour: more than anybody types who reads."""
OF_A_LINK = throttles.Budget(300, 3600)
"""Comments of all guests of one link in an hour: who has the link can come as somebody else again and again."""


def find(by: User | Reviewer, job: Job, comment_id: str) -> Comment:
    """Return one comment of a job, a reply as well.

    Raises:
        NotFound: the job has no such comment, or this person may not see it.
    """
    found = db.session.get(Comment, comment_id)
    hidden = found is not None and found.is_internal and not comment_rights.sees_internal(by)
    if found is None or found.job_id != job.id or hidden:
        raise NotFound("This comment is not here any more.", hint="Its author may have taken it back.")
    return found


def add(by: User | Reviewer, job: Job, draft: CommentDraft, *, version: Version | None = None) -> Comment:
    """Begin a thread about the board, a scene, or a point in its picture.

    `version` is the sent version a guest looks at (the one sent last when it is not given): the comment belongs to the
    take that it shows. Possible on a frozen board, too: a decision forbids changes, not words.

    Raises:
        NotFound: the scene is not part of what this person sees, or the link ended.
        Forbidden, Invalid: the link is for looking only; the guest has no name yet.
        TooMany, Conflict: the guest, or all of them, said enough.
    """
    _spend(by)
    with transaction():
        comment_rights.must_be_welcome(by, job)
        comment_rights.must_have_room(by, job)
        if version is None and isinstance(by, Reviewer):
            version = versions.sent(job)
        if (twin := _sent_before(by, job, draft, None, draft.scene_id)) is not None:
            return twin
        scene, take_id = _subject(by, job, draft.scene_id, version)
        comment = Comment(
            job_id=job.id,
            scene_id=scene.id if scene else None,
            version_id=version.id if version else None,
            take_id=take_id,
            pin_x=draft.pin_x,
            pin_y=draft.pin_y,
            is_internal=draft.is_internal and comment_rights.sees_internal(by),
            **_signed(by, draft),
        )
        _keep(job, comment, scene)
        did = f"commented on {_name(scene)}"
        _record(job, comment, "commented", did, by=by)
        comment_notices.tell(job, comment, did, by=by)
    return comment


def reply(by: User | Reviewer, comment: Comment, draft: CommentText) -> Comment:
    """Reply in a comment's thread; the reply shares its scene, version and who may see it.

    What somebody outside the team adds to an answered or closed thread opens it again, so that it is not overlooked.

    Raises:
        NotFound, Forbidden, Invalid, TooMany, Conflict: as for `add`.
    """
    _spend(by)
    with transaction():
        job, root = _thread(by, comment)
        comment_rights.must_have_room(by, job)
        if (twin := _sent_before(by, job, draft, root.id, root.scene_id)) is not None:
            return twin
        said = _reply(by, job, root, draft)
        if not comment_rights.sees_internal(by):
            _open(root)
        comment_notices.tell(job, said, f"replied on {_name(_scene(root))}", by=by)
    return said


def answer(person: User, comment: Comment, draft: CommentText) -> Comment:
    """Answer a thread with words: they become a reply, and whoever asked sees that it is answered.

    Raises:
        NotFound: the comment is not there, or not for this person.
        Forbidden: this person does not edit.
    """
    with transaction():
        job, root = _thread(person, comment)
        if not person.may_edit:
            raise Forbidden("Only people who edit the storyboard answer comments.", hint="Write a reply instead.")
        if (twin := _sent_before(person, job, draft, root.id, root.scene_id)) is not None:
            return twin
        said = _reply(person, job, root, draft)
        _answered(root, by=person)
        did = f"answered a comment on {_name(_scene(root))}"
        _record(job, root, "answered", did, by=person)
        comment_notices.tell(job, said, did, by=person)
    return said


def edit(by: User | Reviewer, comment: Comment, draft: CommentText) -> Comment:
    """Correct one's own words; the page says that they were edited.

    Raises:
        NotFound: they were taken back, or the link ended.
        Forbidden: they are somebody else's.
        Conflict: it is too late.
    """
    _spend(by)
    with transaction():
        job, root = _thread(by, comment)
        comment_rights.must_be_own(by, comment)
        if not comment_rights.may_edit(by, comment, [root, *_replies(root)]):
            raise comment_rights.too_late(by, "corrected")
        if (before := comment.text) != draft.text:
            comment.text, comment.edited_at = draft.text, utcnow()
            _touch(job, _scene(root))
            did = f"commented on {_name(_scene(root))}"
            comment_notices.tell_mentioned(job, comment, did, by=by, before=before)
    return comment


def delete(by: User | Reviewer, comment: Comment) -> None:
    """Take back one's own words. Where others replied, the thread stays and says that they were deleted.

    Raises:
        NotFound: they were taken back already, or the link ended.
        Forbidden: they are somebody else's.
        Conflict: it is too late.
    """
    with transaction():
        job, root = _thread(by, comment)
        comment_rights.must_be_own(by, comment)
        if not comment_rights.may_delete(by, comment):
            raise comment_rights.too_late(by, "deleted")
        scene = _scene(root)
        others = [each for each in _replies(root) if each is not comment]
        if comment is root and others:
            root.text, root.deleted_at = "", utcnow()
        else:
            gone = root if root.deleted_at is not None and not others else comment  # a reply goes with its thread
            thread = (Comment.id == gone.id) | (Comment.parent_id == gone.id)
            db.session.execute(delete_from(Comment).where(thread))
        _touch(job, scene)


def close(by: User | Reviewer, comment: Comment) -> None:
    """Close a thread: nothing is left to do about it.

    Raises:
        NotFound: the comment is not there, or not for this person.
        Forbidden: this person neither edits nor began it.
    """
    _turn(by, comment, CommentState.CLOSED, "closed")


def reopen(by: User | Reviewer, comment: Comment) -> None:
    """Open an answered or closed thread again. Raises as `close` does."""
    _turn(by, comment, CommentState.OPEN, "reopened")


def answered_by_take(job: Job, scene: Scene, take: Take, *, by: User | None = None) -> int:
    """Mark the comments that asked for a take as answered by it, now that it is used; returns how many.

    Inside the caller's transaction. Comments of other scenes or jobs and closed ones are left alone.
    """
    if not take.comment_ids:
        return 0
    asked = select(Comment).where(
        Comment.id.in_(take.comment_ids),
        Comment.job_id == job.id,
        Comment.scene_id == scene.id,
        Comment.parent_id.is_(None),
        Comment.state != CommentState.CLOSED,
    )
    found = db.session.scalars(asked.order_by(Comment.created_at, Comment.id)).all()
    for root in found:
        _answered(root, by=by, take=take)
        did = f"answered a comment on scene {scene.position} with take {take.number}"
        _record(job, root, "answered", did, by=by, take=take.number)
        comment_notices.tell_answered(job, root, did, by=by, scene=scene)
    if found:
        _touch(job, scene)
    return len(found)


def _turn(by: User | Reviewer, comment: Comment, state: CommentState, word: str) -> None:
    with transaction():
        job, root = _thread(by, comment)
        if not comment_rights.may_close(by, root):
            raise Forbidden("Only the team and whoever began a thread may do that.", hint="Write a reply instead.")
        if root.state == state:  # two people clicked
            return
        if state == CommentState.OPEN:
            _open(root)
        root.state = state
        _touch(job, _scene(root))
        _record(job, root, word, f"{word} a comment on {_name(_scene(root))}", by=by)


def _open(root: Comment) -> None:
    root.state, root.answered_take_id, root.answered_by, root.answered_at = CommentState.OPEN, None, "", None


def _answered(root: Comment, *, by: User | None, take: Take | None = None) -> None:
    root.state, root.answered_take_id = CommentState.ANSWERED, take.id if take else None
    root.answered_by, root.answered_at = by.name if by else "", utcnow()


def _spend(by: User | Reviewer) -> None:
    """Count what guests say; the budgets hold across processes."""
    if isinstance(by, Reviewer):
        throttles.spend(f"comments:{by.id}", *OF_A_GUEST)
        throttles.spend(f"comments-link:{by.link_id}", *OF_A_LINK)


def _thread(by: User | Reviewer, comment: Comment) -> tuple[Job, Comment]:
    """Return the job and the first comment of a comment's thread as they are now, for somebody who may write there."""
    job = db.session.get_one(Job, comment.job_id)
    comment_rights.must_be_welcome(by, job)
    find(by, job, comment.id)
    return job, db.session.get_one(Comment, comment.parent_id) if comment.parent_id else comment


def _replies(root: Comment) -> Sequence[Comment]:
    return db.session.scalars(select(Comment).where(Comment.parent_id == root.id)).all()


def _subject(
    by: User | Reviewer, job: Job, scene_id: str | None, version: Version | None
) -> tuple[Scene | None, str | None]:
    """Return the scene a comment is about and the take its author looks at; none for the whole board."""
    if version is None and isinstance(by, Reviewer):
        raise NotFound("Nothing was sent for review yet.")
    if version is not None and version.job_id != job.id:
        raise NotFound("This version does not belong to this storyboard.")
    if scene_id is None:
        return None, None
    scene = db.session.get(Scene, scene_id)
    if scene is None or scene.job_id != job.id or (version is None and scene.deleted_at is not None):
        raise NotFound("This scene is not on the board any more.", hint="Comment on the whole board instead.")
    if version is None:
        return scene, scene.take_id
    shown = select(VersionScene.take_id).where(VersionScene.version_id == version.id, VersionScene.scene_id == scene_id)
    take_id = db.session.scalar(shown)
    if take_id is None:
        raise NotFound("This scene is not part of the version you are looking at.")
    return scene, take_id


def _signed(by: User | Reviewer, draft: CommentText) -> dict[str, str | None]:
    is_user = isinstance(by, User)
    return {
        "text": draft.text,
        "author": by.name,
        "user_id": by.id if is_user else None,
        "reviewer_id": None if is_user else by.id,
    }


def _reply(by: User | Reviewer, job: Job, root: Comment, draft: CommentText) -> Comment:
    shared = {"scene_id": root.scene_id, "version_id": root.version_id, "is_internal": root.is_internal}
    said = Comment(job_id=job.id, parent_id=root.id, **shared, **_signed(by, draft))
    _keep(job, said, _scene(root))
    return said


def _keep(job: Job, comment: Comment, scene: Scene | None) -> None:
    db.session.add(comment)
    comment.revision = _touch(job, scene)
    db.session.flush()


def _sent_before(
    by: User | Reviewer, job: Job, draft: CommentText, parent_id: str | None, scene_id: str | None
) -> Comment | None:
    """Return the comment that the same form made already: a double click, or a request that was sent again.

    The form says what the board's revision was when it was shown; the same words of the same author at the same place
    that came later can only be from it.
    """
    if draft.after is None:
        return None
    own = Comment.user_id == by.id if isinstance(by, User) else Comment.reviewer_id == by.id
    place = (Comment.parent_id == parent_id, Comment.scene_id == scene_id)
    same = (Comment.job_id == job.id, own, *place, Comment.text == draft.text, Comment.revision > draft.after)
    return db.session.scalars(select(Comment).where(*same, Comment.deleted_at.is_(None)).limit(1)).first()


def _touch(job: Job, scene: Scene | None) -> int:
    """Let open pages know: the drawer, and the card with its count and pins. Returns the job's new revision."""
    revision = job.touch(comments=True)
    if scene is not None:
        scene.revision = revision
    return revision


def _scene(root: Comment) -> Scene | None:
    return db.session.get(Scene, root.scene_id) if root.scene_id else None


def _name(scene: Scene | None) -> str:
    return f"scene {scene.position}" if scene else "the storyboard"


def _record(job: Job, root: Comment, kind: str, did: str, *, by: User | Reviewer | None, **details: int) -> None:
    """Note it in the job's history, without the words: they may be taken back. What only the team sees is not noted."""
    if not root.is_internal:
        events.record(job, kind, did, by=by, scene=_scene(root), comment=root.id, **details)
