"""What is said about the demo's storyboard: a reviewer with a link, four threads, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Comment, Reviewer
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.scenes import RedoRequest
from webapp.schemas.sending import SendDraft
from webapp.services import comment_wishes, comments, jobs, review_links, scenes, sending

if TYPE_CHECKING:
    from webapp.models import Job, Scene, User

HOOK = "It takes too long until we know what time it is."
SECOND = "Shorter, please: she misses the tram, that is all we need to hear."


def begin(ada: User, job: Job) -> None:
    """Send the storyboard to Maya, who comments on three of its scenes; the team has a question of its own."""
    sending.send(ada, job, SendDraft(note="First round: the story, not the pictures."))
    who = ReviewLinkDraft(name="Fjell, marketing", who="named", reviewers=["Maya Lund, maya@fjell.example"])
    link, _ = review_links.create(ada, job, who)
    maya = db.session.scalars(select(Reviewer).where(Reviewer.link_id == link.id)).one()
    first, second, third = jobs.scenes(job)[:3]
    comments.add(maya, job, _about(first, HOOK))
    comments.add(maya, job, _about(second, SECOND))
    words = "Love this one. Can the label be a little larger? Legal wants to read the “0 sugar”."
    label = comments.add(maya, job, _about(third, words, pin_x=500, pin_y=620))
    comments.reply(ada, label, CommentText(text="Yes. I keep the light, and go closer."))
    comments.add(ada, job, _about(None, "Ask Fjell which cap it is this spring, green or black.", is_internal=True))


def go_on(ada: User, job: Job) -> Scene:
    """Answer the first comment by hand, and ask for a redo with the second; returns the scene to be written."""
    comments.answer(ada, _saying(job, HOOK), CommentText(text="Now the voice and the screen begin with it."))
    (wish,) = comment_wishes.of(job, [_saying(job, SECOND).id])
    return scenes.redo(ada, job, wish.scene, RedoRequest(feedback=wish.feedback, comment_ids=wish.comment_ids))


def _about(scene: Scene | None, text: str, **facts: int | bool) -> CommentDraft:
    return CommentDraft(text=text, scene_id=scene.id if scene else None, **facts)  # type: ignore[arg-type]


def _saying(job: Job, text: str) -> Comment:
    return db.session.scalars(select(Comment).where(Comment.job_id == job.id, Comment.text == text)).one()
