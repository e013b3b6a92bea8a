"""Two people in one scene: both texts beside each other, a choice for each field, on the card or as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from webapp.errors import Invalid, StaleVersion
from webapp.schemas.scenes import SceneChange
from webapp.services import merging, scenes
from webapp.views import boards, hypermedia
from webapp.views.forms import parse
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Job, Scene

blueprint = Blueprint("merging", __name__, url_prefix="/jobs/<job_id>/scenes/<scene_id>")

FIELDS = {
    "title": "title", "beat": "beat", "shot_type": "shot_type", "camera_move": "camera_move",
    "transition": "transition", "seconds": "duration_ms", "description": "description", "script": "script",
    "on_screen": "on_screen",
}  # fmt: skip
"""What a field of the card is called → the column of a take that holds it."""
LABELS = {
    "title": "Title", "beat": "Beat", "shot_type": "Shot", "camera_move": "Camera", "transition": "Transition",
    "duration_ms": "Seconds", "description": "Action", "script": "Voice-over", "on_screen": "On screen",
}  # fmt: skip
ALL = -1
"""The version before all others: whatever differs is asked about once more."""
NAMES = {column: name for name, column in FIELDS.items()}


@blueprint.post("/merge")
@editors
def merge(job_id: str, scene_id: str) -> BaseResponse | tuple[str, int]:
    """Save each field as chosen: mine, theirs or merged."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before, version = job.revision, request.form.get("version", type=int)
    mine = _sent("mine-")
    chosen = {name: said for name in mine if (said := _chosen(name, mine[name])) is not None}
    try:
        texts = parse(SceneChange, mine), parse(SceneChange, chosen)
        merging.settle(person(), job, scene, *texts, version=version, tab=hypermedia.tab())
    except Invalid as refusal:
        return question(job, scene, mine, ALL, refusal=refusal)
    except StaleVersion:
        return question(*scenes.find(person(), job_id, scene_id), mine, ALL)
    response = boards.changed(job, before, "", scene_id)
    if not hypermedia.wants_fragment():
        return response
    board = boards.Board(job)
    return hypermedia.answer(
        render_template("scenes/_saved.html", board=board, scene=scene), response.get_data(as_text=True)
    )


def question(
    job: Job, scene: Scene, typed: Mapping[str, str], version: int | None, *, refusal: Invalid | None = None
) -> tuple[str, int]:
    """Ask which text to keep: on the card for htmx, as a page that holds everything typed for a plain browser."""
    began_at = request.form.get("began_at", "")
    conflict = merging.compare(scene, parse(SceneChange, typed), version, hypermedia.tab(), began_at=began_at)
    asked = {each.column for each in conflict.questions}
    html = render_template(
        "scenes/_conflict.html" if hypermedia.wants_fragment() else "scenes/conflict.html",
        board=boards.Board(job),
        scene=scene,
        conflict=conflict,
        free={name: text for name, text in typed.items() if FIELDS.get(name) in set(conflict.touched) - asked},
        merged=_sent("merged-"),
        labels=LABELS,
        names=NAMES,
        reason=next(iter(refusal.fields.values()), refusal.message) if refusal else "",
    )
    return html, 422 if refusal else 409


def _chosen(name: str, mine: str) -> str | None:
    """Return what a field shall say, None for what it says now."""
    if f"choice-{name}" not in request.form:
        return mine
    how = request.form.get("all") or request.form[f"choice-{name}"]
    return {"theirs": None, "merged": _clean(request.form.get(f"merged-{name}", mine))}.get(how, mine)


def _sent(prefix: str) -> dict[str, str]:
    return {name: _clean(request.form[prefix + name]) for name in FIELDS if prefix + name in request.form}


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n")
