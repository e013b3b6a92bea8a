"""What the review page shows one guest, read in a handful of queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from webapp.errors import Conflict
from webapp.services import comment_rights, comments, decisions, review_board, review_news, typefaces, verdicts
from webapp.views.review_forms import Typed

if TYPE_CHECKING:
    from webapp.models import Comment, Decision, Job, Reviewer, ReviewLink, Version
    from webapp.services.review_board import ReviewBoard, Shot
    from webapp.services.review_news import News
    from webapp.services.standings import Standing
    from webapp.services.threads import Thread

VIEWS = {
    "frames": "review/frames.html",
    "board": "review/board.html",
    "script": "review/script.html",
    "play": "review/play.html",
}
"""One scene large, all scenes as cards, the words as a table, one scene after the other in time."""
RATIOS = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1), "4:5": (4, 5)}
THREADS = 500
"""Of one storyboard that its guests are shown, the newest: each scene shows its own, so a page stays short."""
PICTURE_WIDTHS = {"16:9": 1280, "9:16": 720, "1:1": 900, "4:5": 864}
PIN_PAGE_WIDTH = 320
"""CSS pixels of the picture in which a pin is placed without JavaScript: it fits the narrowest phone."""


@dataclass
class Page:
    """One guest, the version they look at, and which part of it."""

    reviewer: Reviewer
    board: ReviewBoard
    view: str = "frames"
    number: int = 1
    is_paused: bool = False
    """The slideshow stands still."""
    kept: Typed | None = None
    """What came back to be corrected."""
    alert: str = ""
    """Why what was asked for was not done."""
    asks_words: bool = False
    """The comment field has the focus: a scene needs changes, and which is not said yet."""

    def render(self) -> str:
        """Render the view."""
        return render_template(VIEWS[self.view], page=self)

    @property
    def link(self) -> ReviewLink:
        """Return the link the guest came through."""
        return self.reviewer.link

    @property
    def job(self) -> Job:
        """Return the job that is reviewed."""
        return self.reviewer.link.job

    @property
    def version(self) -> Version:
        """Return the version that is reviewed."""
        return self.board.version

    @property
    def shot(self) -> Shot:
        """Return the scene that is shown large."""
        return self.board.shot(self.number)

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return all scenes in order."""
        return self.board.shots

    @property
    def boxed(self) -> list[int]:
        """Return the numbers of scenes whose words the animatic cannot show whole."""
        return [each.number for each in self.shots if typefaces.missing(f"{each.take.on_screen} {each.take.script}")]

    @property
    def ratio(self) -> str:
        """Return the shape of the pictures, such as 16:9."""
        return self.version.ratio if self.version.ratio in RATIOS else "16:9"

    @property
    def width(self) -> int:
        """Return how wide a picture is, in pixels."""
        return PICTURE_WIDTHS[self.ratio]

    @property
    def height(self) -> int:
        """Return how high a picture is, in pixels."""
        across, down = RATIOS[self.ratio]
        return self.width * down // across

    def url(self, view: str = "", number: int = 0, **more: int) -> str:
        """Return the address of a view, of a scene in it."""
        view = view or self.view
        number = number or (self.number if view == "frames" else 0)
        asked: dict[str, Any] = {"view": None if view == "frames" else view, "scene": number or None, **more}
        return url_for("review.show", link_id=self.link.id, **asked)

    def frame(self, shot: Shot, variant: str = "board") -> str:
        """Return the address of a scene's picture; `k` changes with the picture, so that no old one is shown."""
        return url_for("review.frame", link_id=self.link.id, position=shot.number, variant=variant, k=shot.frame_id[:8])

    @property
    def may_comment(self) -> bool:
        """Say whether the guest may say something."""
        return self.link.may_comment

    @property
    def may_judge(self) -> bool:
        """Say whether the guest may say that scenes look good: not about a board that is decided on for good."""
        return self.link.may_comment and not self.job.is_frozen

    @cached_property
    def tallies(self) -> dict[str, verdicts.Tally]:
        """Return what everybody said of each scene."""
        return verdicts.of_version(self.version.id)

    @cached_property
    def mine(self) -> dict[str, str]:
        """Return what this guest said of each scene."""
        return verdicts.of_reviewer(self.reviewer, self.version)

    def verdict(self, shot: Shot) -> str:
        """Return the verdict that the strip shows: the guest's own, else everybody's; empty: none."""
        tally = self.tallies.get(shot.scene_id)
        return self.mine.get(shot.scene_id) or (tally.verdict if tally else "")

    @cached_property
    def all_threads(self) -> list[Thread]:
        """Return everything that was said about this version's scenes and about the board."""
        here = {shot.scene_id for shot in self.shots} | {None}
        found = comments.threads(self.job, for_guest=self.reviewer, limit=THREADS)
        return [each for each in found if each.comment.scene_id in here]

    @property
    def threads(self) -> list[Thread]:
        """Return what was said about the scene that is shown; about the whole board where all are."""
        about = self.shot.scene_id if self.view == "frames" else None
        return [each for each in self.all_threads if each.comment.scene_id == about]

    @cached_property
    def _counts(self) -> Counter[str | None]:
        return Counter(each.comment.scene_id for each in self.all_threads)

    def count(self, shot: Shot) -> int:
        """Return how many threads a scene has."""
        return self._counts[shot.scene_id]

    @property
    def subject(self) -> str:
        """Say what is commented on here: scene 3, the board."""
        return f"scene {self.number}" if self.view == "frames" else "the board as a whole"

    def may_edit(self, comment: Comment) -> bool:
        """Say whether the guest may still correct a comment."""
        return comment_rights.may_edit(self.reviewer, comment, ())

    def may_delete(self, comment: Comment) -> bool:
        """Say whether the guest may still take a comment back."""
        return comment_rights.may_delete(self.reviewer, comment)

    def typed(self, target: str) -> Typed:
        """Return what was typed into a form and came back; nothing for the others."""
        return self.kept if self.kept is not None and self.kept.target == target else Typed(target)

    @property
    def pin(self) -> tuple[int, int] | None:
        """Return where the comment that is being written is pinned, in thousandths of the picture."""
        values = self.typed("new").values
        x, y = _thousandths(values.get("pin_x", "")), _thousandths(values.get("pin_y", ""))
        return None if x is None or y is None else (x, y)

    @property
    def pin_size(self) -> tuple[int, int]:
        """Return width and height of the picture one places a pin in, in CSS pixels."""
        across, down = RATIOS[self.ratio]
        return PIN_PAGE_WIDTH, PIN_PAGE_WIDTH * down // across

    @cached_property
    def news(self) -> News:
        """Return what changed since the version the guest looked at before."""
        return review_news.for_reviewer(self.reviewer, self.board, self.all_threads)

    @cached_property
    def standing(self) -> Standing:
        """Return who has approved and who is waited for."""
        return decisions.standing(self.job)

    @cached_property
    def decision(self) -> Decision | None:
        """Return what this guest decided last about this version."""
        mine = (each for each in decisions.history(self.job) if each.reviewer_id == self.reviewer.id)
        return next((each for each in mine if each.version_id == self.version.id), None)

    @property
    def may_decide(self) -> bool:
        """Say whether the guest may decide, or change their mind: until everybody has approved."""
        return self.link.may_decide and not self.job.is_frozen

    @property
    def next_url(self) -> str:
        """Return where the slideshow goes on without JavaScript: the next scene, the board after the last one."""
        return self.url("play", self.number + 1) if self.number < len(self.shots) else self.url("board")


def _thousandths(typed: str) -> int | None:
    """Return a place in a picture; None for what is none, numbers of thousands of digits among it."""
    return int(typed) if typed.isdecimal() and len(typed) <= 4 and int(typed) <= 1000 else None


def open_page(reviewer: Reviewer, view: str = "frames") -> Page | None:
    """Open the page for a guest at the scene the address names, and note that they looked; None: nothing was sent."""
    review_board.note_look(reviewer)
    board = review_board.look(reviewer)
    if board is None:
        return None
    number = board.shot(request.args.get("scene", 1, type=int)).number
    return Page(reviewer, board, view if view in VIEWS else "frames", number)


def must_open(reviewer: Reviewer) -> Page:
    """Open the page for what a guest sends, at the view and scene they were looking at.

    Raises:
        Conflict: nothing was sent for review yet.
    """
    page = open_page(reviewer, request.args.get("view", "frames"))
    if page is None:
        raise Conflict("Nothing was sent for review yet.", hint="You will be told when it is.")
    return page
