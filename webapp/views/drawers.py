"""What the comments drawer shows one person, read in a handful of queries; its page shows the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import request, url_for

from webapp.models import CommentState
from webapp.services import comment_rights, jobs, threads
from webapp.views import hypermedia
from webapp.views.security import person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from webapp.models import Comment, Job, Scene
    from webapp.services.threads import Thread
    from webapp.views.forms import Form

LONGEST_ID = 36
TYPED_IN = 20
"""Threads that one page may ask to keep in view because somebody types there."""


@dataclass
class Drawer:
    """A job's comments as somebody looks at them: which state, about what, by whom."""

    job: Job
    state: str = CommentState.OPEN
    scene: str = ""
    """The id of a scene, "board" for what is about the whole board; empty: all."""
    author: str = ""
    comment: str = ""
    """The comment somebody came to see; its thread is marked."""
    form: Form[Any] | None = None
    """What was typed and refused."""
    form_of: str = ""
    """Where it was typed: "new", "reply-<id>" or "edit-<id>"."""

    @property
    def is_live(self) -> bool:
        """Say whether it stands beside the board, where htmx keeps it up to date."""
        return hypermedia.wants_fragment()

    @property
    def sees_internal(self) -> bool:
        """Say whether the person who looks belongs to the team."""
        return comment_rights.sees_internal(person())

    @cached_property
    def scenes(self) -> dict[str, Scene]:
        """Return the scenes of the board by id, in order."""
        return {scene.id: scene for scene in jobs.scenes(self.job)}

    @cached_property
    def threads(self) -> list[Thread]:
        """Return the threads to show, the one in which somebody spoke last first."""
        found = threads.threads(
            self.job,
            with_internal=self.sees_internal,
            state=self.state,
            scene_id=self.scene or None,
            author_id=self.author or None,
            also=request.args.getlist("keep")[:TYPED_IN],
        )
        return sorted(found, key=lambda each: each.last_at, reverse=True)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Return how many threads are open, answered and closed."""
        return threads.states(self.job, with_internal=self.sees_internal)

    @cached_property
    def authors(self) -> list[tuple[str, str]]:
        """Return who began threads: (id, name)."""
        return threads.authors(self.job, with_internal=self.sees_internal)

    @property
    def more(self) -> int:
        """Return how many threads of this state are not listed because there are too many."""
        is_all = not self.scene and not self.author
        return max(0, self.counts[self.state] - len(self.threads)) if is_all else 0

    @property
    def can_redo(self) -> bool:
        """Say whether comments can become the instruction of a redo."""
        return bool(person().may_edit) and not self.job.is_frozen and not self.job.is_archived

    @property
    def query(self) -> dict[str, str]:
        """Return what the list is narrowed to, for addresses."""
        asked = {"scene": self.scene, "author": self.author}
        return {"state": str(self.state)} | {name: value for name, value in asked.items() if value}

    def url(self, **other: str) -> str:
        """Return the address of the list, with other choices where they are given."""
        asked = {name: value for name, value in (self.query | other).items() if value}
        return url_for("comments.index", job_id=self.job.id, **asked)  # type: ignore[arg-type]  # names of the query

    def action(self, endpoint: str, comment: Comment) -> str:
        """Return where a form about a comment goes; it comes back to the same list."""
        return url_for(f"comments.{endpoint}", job_id=self.job.id, comment_id=comment.id, **self.query)  # type: ignore[arg-type]

    def number(self, thread: Thread) -> int | None:
        """Return the number of the scene a thread is about; None: the whole board, or a scene that was deleted."""
        scene = self.scenes.get(thread.comment.scene_id or "")
        return scene.position if scene else None

    def place(self, thread: Thread) -> str:
        """Say what a thread is about."""
        if thread.comment.scene_id is None:
            return "Whole storyboard"
        number = self.number(thread)
        return f"Scene {number}" if number else "Deleted scene"

    def older(self, thread: Thread) -> bool:
        """Say whether the take a comment was about is not the one that is shown any more."""
        scene = self.scenes.get(thread.comment.scene_id or "")
        return scene is not None and thread.take_number is not None and scene.take_id != thread.comment.take_id

    def may_close(self, thread: Thread) -> bool:
        """Say whether the person who looks may close and reopen a thread."""
        return not self.job.is_archived and comment_rights.may_close(person(), thread.comment)

    def may_edit(self, thread: Thread, comment: Comment) -> bool:
        """Say whether the person who looks may correct a comment."""
        return comment_rights.may_edit(person(), comment, thread.messages)

    def may_delete(self, comment: Comment) -> bool:
        """Say whether the person who looks may take a comment back."""
        return not self.job.is_archived and comment_rights.may_delete(person(), comment)

    def typed(self, where: str, field: str, otherwise: str = "") -> str:
        """Return what stands in a field: what was typed there, when it came back to be corrected."""
        if self.form is None or self.form_of != where:
            return otherwise
        return str(self.form.values.get(field, ""))

    def error(self, where: str) -> str:
        """Return what is wrong with what was typed."""
        if self.form is None or self.form_of != where:
            return ""
        return next(iter(self.form.errors.values()), self.form.message)


def asked(job: Job) -> Drawer:
    """Return the drawer that the address asks for."""
    state = request.args.get("state", "")
    return Drawer(
        job,
        state=state if state in set(CommentState) else CommentState.OPEN,
        scene=request.args.get("scene", "")[:LONGEST_ID],
        author=request.args.get("author", "")[:LONGEST_ID],
        comment=request.args.get("comment", "")[:LONGEST_ID],
    )
