"""/api/v3/clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, url_for
from orjson import Fragment

from webapp.services import clients
from webapp.views.api import envelope
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import clients as resources
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from webapp.views.api.v3.resources.clients import ClientBody, ClientChangeBody, ClientQuery

blueprint = Blueprint("api_clients", __name__, url_prefix="/api/v3/clients")
TAG = "v3-clients"


@blueprint.get("")
@operation(TAG, query=resources.ClientQuery, answers={200: list[resources.ClientResource]}, is_list=True)
def index(query: ClientQuery) -> Response:
    """List clients by name; archived ones only when asked for."""
    found, total = clients.rows(person(), resources.SHAPE, **query.filters(), limit=query.limit, offset=query.offset)
    return envelope.page([Fragment(each) for each in found], total, limit=query.limit, offset=query.offset)


@blueprint.post("")
@editors
@operation(TAG, body=resources.ClientBody, answers={201: resources.ClientResource})
def create(body: ClientBody) -> Response:
    """Make a client."""
    made = clients.create(person(), body.draft())
    return envelope.answer(resources.client(made), 201, location=url_for(".show", client_id=made.id))


@blueprint.get("/<client_id>")
@operation(TAG, answers={200: resources.ClientResource}, refuses=(404,))
def show(client_id: str) -> Response:
    """Return a client."""
    return envelope.answer(resources.client(clients.find(person(), client_id)))


@blueprint.put("/<client_id>")
@editors
@operation(TAG, body=resources.ClientChangeBody, answers={200: resources.ClientResource}, refuses=(404,))
def change(client_id: str, body: ClientChangeBody) -> Response:
    """Change the fields given of a client; null clears one."""
    return envelope.answer(resources.client(clients.change(clients.find(person(), client_id), body.change())))


@blueprint.delete("/<client_id>")
@editors
@operation(TAG, answers={200: None}, refuses=(404, 409))
def delete(client_id: str) -> Response:
    """Delete a client with its campaigns, jobs and assets.

    A client with jobs that somebody decided on stays, archived ones included (409; `error` says how many).
    """
    clients.delete(clients.find(person(), client_id))
    return envelope.answer(None)


@blueprint.get("/<client_id>/stats")
@operation(TAG, answers={200: resources.ClientStatsResource}, refuses=(404,))
def stats(client_id: str) -> Response:
    """Count what a client has and what it cost."""
    found = clients.find(person(), client_id)
    return envelope.answer(resources.stats(clients.stats([found.id])[found.id]))
