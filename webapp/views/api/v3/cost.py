"""/api/v3/jobs/dry-run."""

from __future__ import annotations

from flask import Blueprint, Response

from webapp.services import commissions
from webapp.views.api import envelope
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import costs as resources
from webapp.views.api.v3.resources.job_bodies import JobBody
from webapp.views.security import editors, person

blueprint = Blueprint("api_cost", __name__, url_prefix="/api/v3/jobs")
TAG = "v3-cost"


@blueprint.post("/dry-run")
@editors
@operation(TAG, body=JobBody, answers={200: resources.EstimateResource}, refuses=(413,))
def dry_run(body: JobBody) -> Response:
    """Say what a job would cost.

    Takes the body of `POST /jobs` and refuses what that would refuse. Nothing is made, no link is fetched. The estimate
    is the one that the job itself will carry; the built-in writer and its sketches cost nothing.
    """
    return envelope.answer(resources.estimate(commissions.estimate(person(), body.draft(), body.wanted())))
