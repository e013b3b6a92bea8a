"""What a board shows, read in a handful of queries, and which of its parts changed since a page last looked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from flask import flash, redirect, url_for
from flask_login import current_user

from webapp.models import Asset, CommentState, JobAsset
from webapp.services import (
    animatics,
    attempts,
    checks,
    comment_rights,
    costs,
    decisions,
    events,
    fit,
    jobs,
    outcomes,
    presence,
    progress,
    sending,
    takes,
    threads,
    undo,
    verdicts,
    versions,
    worker,
)
from webapp.services.writers import base
from webapp.views import hypermedia
from webapp.views.security import person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from markupsafe import Markup
    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Event, Job, Presence, Scene, Version

RUNNING_POLL = "500ms"
"""While words come: twice a second (the limit we set ourselves is four)."""
IDLE_POLL = "1500ms"
"""So that two people see each other's changes within two seconds; the answer is an empty 204 nearly always."""
EVENTS_SHOWN = 5
VERSIONS_SHOWN = 5
FIELD_IDS = {"description": "d", "script": "v", "on_screen": "o"}
"""Field of a scene → what the id of its control on the card begins with."""
LEADS = {"scene": "board", "assets": "job-brief", "length": "job-meter"}
"""What a check is about, where it is no scene → the part of the page."""


@dataclass
class Board:
    """One job as its page shows it."""

    job: Job
    shot_types: ClassVar = base.SHOT_TYPES
    camera_moves: ClassVar = base.CAMERA_MOVES
    transitions: ClassVar = base.TRANSITIONS

    @cached_property
    def scenes(self) -> Sequence[Scene]:
        """Return the scenes in order."""
        return jobs.scenes(self.job)

    @cached_property
    def links(self) -> Sequence[JobAsset]:
        """Return the brief's assets with their roles."""
        return jobs.assets(self.job)

    @cached_property
    def assets(self) -> dict[str, Asset]:
        """Return the brief's assets by id, and those that scenes still use though the brief has let them go."""
        return jobs.all_assets(self.links, self.scenes)

    @cached_property
    def used(self) -> dict[str, list[int]]:
        """Return the numbers of the scenes that use each asset."""
        found: dict[str, list[int]] = {}
        for scene in self.scenes:
            for asset_id in scene.take.asset_ids if scene.take else []:
                found.setdefault(asset_id, []).append(scene.position)
        return found

    @cached_property
    def running_ms(self) -> int:
        """Return how long the scenes take together, in milliseconds."""
        return sum(scene.take.duration_ms for scene in self.scenes if scene.take)

    @property
    def left_ms(self) -> int:
        """Return how much of the brief's length is not used; negative when the scenes are too long."""
        return self.job.duration_ms - self.running_ms

    @property
    def ruler(self) -> list[str]:
        """Return the marks under the timeline, six of them at most: 0:00 … 0:15."""
        total = max(self.job.duration_ms, self.running_ms) / 1000
        return [f"{int(total * i / 5) // 60}:{round(total * i / 5) % 60:02d}" for i in range(6)]

    @cached_property
    def words_fit(self) -> fit.Fit:
        """Return how all that is said fits the length the brief asks for."""
        return fit.of_board(self.job, self.scenes)

    def fit_of(self, scene: Scene) -> fit.Fit:
        """Return how the voice-over of a scene fits its seconds."""
        return fit.of_scene(scene, self.words_fit.rate)

    @property
    def overfull(self) -> list[Scene]:
        """Return the scenes with more words than seconds."""
        return [scene for scene in self.scenes if self.fit_of(scene).over]

    @cached_property
    def report(self) -> checks.Report:
        """Return what to look at before it goes out; nothing while scenes are being written."""
        return checks.Report() if self.job.is_running else checks.run(self.job, self.scenes, self.links, self.assets)

    @property
    def unshown(self) -> list[checks.Check]:
        """Return the checks that say which letters the animatic cannot show, for whoever is about to approve it."""
        return [check for check in self.report.checks if check.code == checks.letters.CODE]

    def lead(self, check: checks.Check) -> str:
        """Return the address of where a check can be cured: a field of a scene, the brief's assets, its length."""
        if check.about == "assets" and self.is_writable:
            return url_for("jobs.edit_assets", job_id=self.job.id)
        field = FIELD_IDS.get(check.field) if self.is_writable else None
        anchor = f"{field or 'scene'}-{check.leads_to}" if check.leads_to else LEADS[check.about]
        return url_for("jobs.show", job_id=self.job.id, _anchor=anchor)

    @cached_property
    def sent(self) -> sending.Sent | None:
        """Return what was sent for review last, and what changed since."""
        return sending.latest(self.job, self.scenes)

    @property
    def is_sendable(self) -> bool:
        """Say whether it could go out now: an editor looks, and nothing is being written."""
        return self.is_movable and bool(self.scenes) and not any(scene.is_redoing for scene in self.scenes)

    @cached_property
    def others(self) -> Sequence[Presence]:
        """Return who else has it open."""
        return presence.others(presence.at(self.job.id), person())

    @property
    def here(self) -> str:
        """Return a word that changes when somebody else comes, goes, or types in another scene."""
        return presence.fingerprint(self.others)

    @cached_property
    def typing(self) -> dict[str, list[Presence]]:
        """Return who else types in which scene."""
        found: dict[str, list[Presence]] = {}
        for each in self.others:
            if each.scene_id:
                found.setdefault(each.scene_id, []).append(each)
        return found

    @cached_property
    def marks(self) -> list[threads.Mark]:
        """Return the threads that are open, as far as the person who looks may see them."""
        found = threads.marks(self.job, with_internal=comment_rights.sees_internal(person()))
        return [mark for mark in found if mark.state == CommentState.OPEN]

    @cached_property
    def open_comments(self) -> Counter[str | None]:
        """Return how many open threads each scene has, by id; None stands for the whole board."""
        return Counter(mark.scene_id for mark in self.marks)

    @cached_property
    def pins(self) -> dict[str | None, list[threads.Mark]]:
        """Return the open threads that are pinned to a point of a picture, by the id of the scene."""
        found: dict[str | None, list[threads.Mark]] = {}
        for mark in self.marks:
            if mark.pin:
                found.setdefault(mark.scene_id, []).append(mark)
        return found

    @cached_property
    def verdicts(self) -> dict[str, verdicts.Tally]:
        """Return what reviewers say of the scenes of the version sent last, by scene id."""
        return verdicts.of_job(self.job)

    @cached_property
    def outcome(self) -> outcomes.Outcome:
        """Return where the decision stands."""
        return outcomes.of(self.job, self.scenes)

    @cached_property
    def content_hash(self) -> str:
        """Return the hash of the storyboard as it is."""
        return decisions.content_hash(self.scenes, self.job.named_ratio)

    @cached_property
    def events(self) -> Sequence[Event]:
        """Return the latest lines of the history."""
        return events.of_job(self.job, limit=EVENTS_SHOWN)

    @cached_property
    def worker_alive(self) -> bool:
        """Say whether anybody is there to do the work."""
        return worker.alive()

    @property
    def total_scenes(self) -> int:
        """Return how many scenes the storyboard will have when it is written."""
        return progress.planned(self.job, self.scenes)

    @property
    def fresh(self) -> int:
        """Return how many scenes were written in the present (or last) generation."""
        return progress.fresh(self.job, self.scenes)

    @property
    def percent(self) -> int:
        """Return how far the writing is, 0–100."""
        return progress.percent(self.job, self.scenes)

    @cached_property
    def waiting(self) -> dict[str, list[int]]:
        """Return the numbers of the candidates that wait, by the id of their scene."""
        return takes.waiting(self.job)

    @cached_property
    def versions(self) -> Sequence[Version]:
        """Return the latest versions."""
        return versions.of_job(self.job, VERSIONS_SHOWN)

    @cached_property
    def history(self) -> undo.Offer:
        """Return what the person who looks could undo and do again."""
        return undo.offer(person(), self.job)

    @cached_property
    def estimate(self) -> costs.Estimate:
        """Return what writing all scenes anew would cost now, with the writer in force."""
        return jobs.estimate_anew(self.job, self.scenes)

    @property
    def is_rendering(self) -> bool:
        """Say whether the animatic is on its way."""
        return animatics.is_rendering(self.job)

    @property
    def shows_film(self) -> bool:
        """Say whether there is an animatic to play."""
        return animatics.has_film(self.job)

    @property
    def film_percent(self) -> int:
        """Return how far the animatic is, 0–100."""
        return progress.film_percent(self.job, self.scenes)

    @property
    def is_busy(self) -> bool:
        """Say whether something is going on that a page should follow closely."""
        return (
            self.job.is_running
            or self.is_rendering
            or any(scene.is_redoing or not progress.is_drawn(scene) for scene in self.scenes)
            or any(link.asset.is_open for link in self.links)
        )

    @property
    def is_editable(self) -> bool:
        """Say whether the person who looks may do anything to it: an editor, and not in the archive."""
        return bool(current_user.may_edit) and not self.job.is_archived

    @property
    def is_writable(self) -> bool:
        """Say whether the person who looks may change words: an editor, and no final decision in force."""
        return self.is_editable and not self.job.is_frozen

    @property
    def is_decidable(self) -> bool:
        """Say whether somebody may decide on it: no final decision is in force, and it is not in the archive."""
        return not self.job.is_frozen and not self.job.is_archived

    @property
    def is_movable(self) -> bool:
        """Say whether scenes may be added, moved and deleted: not while a writer is at work."""
        return self.is_writable and not self.job.is_running

    @property
    def poll(self) -> str:
        """Return how often the page asks for changes."""
        return RUNNING_POLL if self.is_busy else IDLE_POLL

    @property
    def can_reopen(self) -> bool:
        """Say whether the person who looks may take the final decision back."""
        is_settled = self.job.is_frozen and not self.job.is_archived
        return is_settled and decisions.may_reopen(person(), decisions.latest(self.job))

    @property
    def can_retry(self) -> bool:
        """Say whether writing can go on."""
        return attempts.is_incomplete(self.job)


PARTS = (
    ("#job-head", "jobs/_head.html"),
    ("#job-tools", "jobs/_tools.html"),
    ("#job-progress", "jobs/_progress.html"),
    ("#job-film", "jobs/_animatic.html"),
    ("#job-timeline", "jobs/_timeline.html"),
    ("#job-brief", "jobs/_brief.html"),
    ("#job-dock", "jobs/_dock.html"),
    ("#approving", "jobs/_approving.html"),
    ("#job-checks", "jobs/_checks.html"),
    ("#job-send", "sending/_button.html"),
    ("#job-faces", "jobs/_faces.html"),
    ("#notes-button", "comments/_button.html"),
)
"""Small parts of the page that are sent whenever anything changed."""


def changes(job: Job, after: int, *parts: Markup | str, event: str = "") -> Response:
    """Send what changed since revision `after` as partials, the poll itself with the new revision first."""
    board = Board(job)
    out: list[Markup | str] = list(parts)
    out.append(hypermedia.partial("#job-live", "jobs/_live.html", "outerHTML", board=board))
    out.extend(hypermedia.partial(target, template, board=board) for target, template in PARTS)
    if job.layout_revision > after:
        out.append(hypermedia.partial("#board", "scenes/_board.html", board=board))
    else:
        fresh = [scene for scene in board.scenes if scene.revision > after]
        out.extend(
            hypermedia.partial(f"#scene-{scene.id}", "scenes/_scene.html", board=board, scene=scene) for scene in fresh
        )
        if job.is_running:
            out.append(hypermedia.partial("#scene-writing", "scenes/_writing.html", board=board))
        out.extend(_marks(board, without=fresh))
    return hypermedia.answer(*out, event=event)


def company(job: Job, after: int) -> Response:
    """Send who else is there: faces, who types where, and the poll that knows it now."""
    board = Board(job)
    live = hypermedia.partial("#job-live", "jobs/_live.html", "outerHTML", board=board, after=after)
    return hypermedia.answer(live, hypermedia.partial("#job-faces", "jobs/_faces.html", board=board), *_marks(board))


def _marks(board: Board, without: Sequence[Scene] = ()) -> list[Markup]:
    """Render what stands on the cards beside their words: one scene can change the checks of another."""
    return [
        hypermedia.partial(f"#marks-{scene.id}", "scenes/_checks.html", board=board, scene=scene)
        for scene in board.scenes
        if scene not in without
    ]


def changed(job: Job, before: int, said: str, scene_id: str = "", undo_url: str = "") -> Response | BaseResponse:
    """Answer an action: htmx gets what changed and a toast, a plain browser goes back to the scene (or the board)."""
    if not hypermedia.wants_fragment():
        if said:
            flash({"text": said, "undo": undo_url} if undo_url else said, "ok")  # type: ignore[arg-type]  # layout.html reads both
        return to_scene(job.id, scene_id)
    response = changes(jobs.find(person(), job.id), before)
    return hypermedia.with_toast(response, said, undo_url) if said else response


def to_scene(job_id: str, scene_id: str = "") -> BaseResponse:
    """Send a plain browser to a scene of the board."""
    return redirect(url_for("jobs.show", job_id=job_id, _anchor=f"scene-{scene_id}" if scene_id else None), 303)


def undo_url(job: Job) -> str:
    """Return where the Undo of a toast posts to: it takes back exactly what was just done."""
    action = undo.offer(person(), job).undo
    return url_for("undo.undo", job_id=job.id, action=action.id) if action else ""
