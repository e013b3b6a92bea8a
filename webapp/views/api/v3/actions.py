"""/api/v3/jobs/{id}/actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from webapp.errors import Invalid, StaleBoard, VersionNeeded
from webapp.services import job_actions, jobs
from webapp.views.api import conditions, envelope, waiting
from webapp.views.api.spec import operation
from webapp.views.api.v3 import redos
from webapp.views.api.v3.resources import actions as resources
from webapp.views.api.v3.resources import jobs as job_resources
from webapp.views.api.v3.resources.base import Paged
from webapp.views.security import person

if TYPE_CHECKING:
    from flask import Response

    from webapp.views.api.v3.resources.actions import ActionBody

blueprint = Blueprint("api_actions", __name__, url_prefix="/api/v3/jobs/<job_id>/actions")
TAG = "v3-jobs"
IF_MATCH = {
    conditions.NAME: 'For a decision, the `contentHash` as a strong tag: "<hash>". One tag; a weak one (W/) is '
    "refused, and * names no storyboard."
}


@blueprint.get("")
@operation(TAG, query=Paged, answers={200: list[resources.ActionResource]}, is_list=True, refuses=(404,))
def index(job_id: str, query: Paged) -> Response:
    """List the actions that are possible now, for you.

    Exactly these succeed; every other one is refused. What a rejection does depends on who asks, and its label says it.
    """
    found = job_actions.possible(person(), jobs.find(person(), job_id))
    rows = [resources.action(each) for each in found[query.offset : query.offset + query.limit]]
    return envelope.page(rows, len(found), limit=query.limit, offset=query.offset)


@blueprint.post("")
@operation(
    TAG,
    body=resources.ActionBody,
    answers={200: resources.ActionResult, 202: resources.ActionResult},
    refuses=(403, 404, 409, 428, 502),
    headers=IF_MATCH | waiting.HEADERS,
)
def perform(job_id: str, body: ActionBody) -> Response:
    """Decide on a storyboard, have scenes written again, stop or retry the work.

    `approve`, `reject` and `request_changes` name what they are about: `contentHash`, or If-Match, is the
    `approval.hash` of the job as you looked at it. When the storyboard is another one by now the answer is a 409, and
    `meta.current` has the present `contentHash` and the `changedScenes`: look at it, then decide about that one. With
    an editor's or admin's key it may be left out; the record says “named no version” then. With a reviewer's key that
    is a 428 with the present hash in `meta.current`.

    - `approve` freezes the storyboard and renders its animatic.
    - `reject` with `feedback`: an editor's rejection is recorded and the scenes that are not locked are written anew;
      the board is kept as a version first and stays open. When all scenes are locked it is recorded, nothing more.
      A reviewer's rejection freezes the storyboard, as on the pages, and has nothing written.
    - `request_changes` with `feedback` is recorded; nothing is written.
    - `regenerate_scene` of `sceneId`, `sceneNumber` or `sceneIdx`: a new take of one scene, shown at once unless
      `select` is false. It is waited for, up to 30 s.
    - `regenerate_all_scenes`: new takes of all unlocked scenes; number, order and lengths stay.
    - `retry` goes on with a storyboard that failed or was stopped, writes scenes again whose redo failed, or renders
      the animatic again. What is finished is kept.
    - `cancel` stops the writing, redos of scenes, and the rendering. What is finished stays.
    - `reopen` lets an approved or rejected storyboard be changed again. The decision stays on record.

    Reviewers decide, and reopen what they decided themselves. 202 says that a writer is at work. An action that the
    state forbids answers 409, naming the state and what is possible in it.
    """
    job, asked = jobs.find(person(), job_id), body.request(request.user_agent.string, conditions.one_tag())
    try:
        done = job_actions.perform(person(), job, asked)
    except StaleBoard as refusal:
        refusal.current = resources.present(job, refusal)
        raise
    except VersionNeeded as refusal:
        refusal.hint = "Look at it as it is now, then name its contentHash, in the body or as If-Match."
        refusal.current = {"contentHash": refusal.content_hash, "format": job.ratio}
        raise
    except Invalid as refusal:
        refusal.fields = body.placed(refusal.fields)
        raise
    if done.scene is not None:
        return redos.awaited(job.id, done.scene.id, done.scene.redo_token)
    data = {"message": done.message, "job": job_resources.job(person(), job)}
    return envelope.answer(data, 202 if job.is_running else 200)
