"""/api/v3/assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, url_for
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from webapp.errors import Invalid, NotFound, Refusal
from webapp.services import asset_library, asset_orders, assets, blobs
from webapp.services.asset_links import About, NewLink
from webapp.services.asset_orders import Entered
from webapp.services.sniff import FORMATS
from webapp.views.api import envelope, waiting
from webapp.views.api.spec import FILE, operation
from webapp.views.api.v3.resources import asset_bodies as bodies
from webapp.views.api.v3.resources import assets as resources
from webapp.views.assets import file_name
from webapp.views.blobs import blob_response
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

    from webapp.views.api.v3.resources.asset_bodies import (
        AssetChangeBody,
        AssetForm,
        AssetLinkBody,
        AssetLinksBody,
        AssetQuery,
    )
    from webapp.views.api.v3.resources.assets import AssetResource

blueprint = Blueprint("api_assets", __name__, url_prefix="/api/v3/assets")
TAG = "v3-assets"
MADE = {200: resources.AssetResource, 201: resources.AssetResource, 202: resources.AssetResource}
BYTES = {200: FILE, 206: FILE, 304: None}


@blueprint.get("")
@operation(TAG, query=bodies.AssetQuery, answers={200: list[resources.AssetResource]}, is_list=True)
def index(query: AssetQuery) -> Response:
    """List assets, the newest first; those that are still on their way and refused ones as well."""
    found, total = asset_library.found(person(), **query.filters(), limit=query.limit, offset=query.offset)
    return envelope.page(resources.several(found), total, limit=query.limit, offset=query.offset)


@blueprint.post("")
@editors
@operation(
    TAG,
    body=bodies.AssetLinkBody,
    form=bodies.AssetForm,
    file_field="file",
    answers=MADE,
    refuses=(409, 413, 502, 507),
    headers=waiting.HEADERS,
)
def create(
    body: AssetLinkBody | None = None, form: AssetForm | None = None, file: FileStorage | None = None
) -> Response:
    """Add an asset: a file as multipart/form-data, or a link as JSON.

    Waits up to 30 s until the file is fetched and read, and answers 201; 202 when that takes longer, then `status`
    tells how far it is. A link that the client has already is answered with the asset there is: 200. What is refused
    leaves nothing behind: 422 for a file or link that Slate does not take or that is not of the `type` named, 413 when
    it is too large, 502 when its host failed.
    """
    if form is not None and file is not None:  # a file without a name counts as False
        return _answered(_uploaded(form, file))
    return _answered(_linked(cast("AssetLinkBody", body)))


@blueprint.post("/from-url")
@editors
@operation(TAG, body=bodies.AssetLinkBody, answers=MADE, refuses=(409, 413, 502, 507), headers=waiting.HEADERS)
def create_from_url(body: AssetLinkBody) -> Response:
    """Add an asset by its link, as `POST /assets` with JSON does."""
    return _answered(_linked(body))


@blueprint.post("/from-urls")
@editors
@operation(
    TAG,
    body=bodies.AssetLinksBody,
    answers={200: resources.AssetResults, 202: resources.AssetResults},
    headers=waiting.HEADERS,
)
def create_from_urls(body: AssetLinksBody) -> Response:
    """Add up to 100 assets by their links; one that fails does not stand in the way of the others.

    Waits up to 30 s until all are fetched and read. Those that are still on their way then count as successful and as
    pending, and the answer is 202. A link that fails leaves nothing behind but its sentence.
    """
    entered = asset_orders.add_links(person(), _links(body))
    waiting.until(lambda: asset_orders.are_done([each.asset_id for each in entered if isinstance(each, Entered)]))
    settled = {each: _settled(each) for each in dict.fromkeys(entered)}
    said = resources.results([settled[each] for each in entered])
    return envelope.answer(said, 202 if said["summary"]["pending"] else 200)


@blueprint.get("/<asset_id>")
@operation(TAG, answers={200: resources.AssetResource}, refuses=(404,))
def show(asset_id: str) -> Response:
    """Return an asset."""
    return envelope.answer(resources.asset(assets.find(person(), asset_id)))


@blueprint.put("/<asset_id>")
@editors
@operation(TAG, body=bodies.AssetChangeBody, answers={200: resources.AssetResource}, refuses=(404,))
def change(asset_id: str, body: AssetChangeBody) -> Response:
    """Change name and tags of an asset, those given; null clears the tags."""
    asset = assets.find(person(), asset_id)
    tags = (body.tags or []) if "tags" in body.model_fields_set else None
    return envelope.answer(resources.asset(assets.change(asset, body.name or None, tags)))


@blueprint.delete("/<asset_id>")
@editors
@operation(TAG, answers={200: None}, refuses=(404, 409))
def delete(asset_id: str) -> Response:
    """Delete an asset, and its bytes when nothing else has the same.

    409 while a scene shows it; the sentence names the scenes.
    """
    assets.delete(assets.find(person(), asset_id))
    return envelope.answer(None)


@blueprint.post("/<asset_id>/retry")
@editors
@operation(TAG, answers={200: MADE[200], 202: MADE[202]}, refuses=(404, 409, 413, 502, 507), headers=waiting.HEADERS)
def retry(asset_id: str) -> Response:
    """Try a refused asset again, from its link or its stored bytes.

    Waits as `POST /assets` does. 409 when it was not refused, or when trying again cannot help (`canRetry`).
    """
    tried = assets.retry(assets.find(person(), asset_id))
    return _answered(Entered(tried.id, is_new=False, field="url" if tried.source_url else "file"))


@blueprint.get("/<asset_id>/data")
@operation(
    TAG, answers=BYTES, refuses=(404, 416), media=tuple(sorted({each.content_type for each in FORMATS.values()}))
)
def data(asset_id: str) -> Response:
    """Return the bytes of an asset as they came.

    `Content-Type` says what they were found to be, whatever their host said. One range can be asked for and is
    answered with at most 4 MiB; `ETag` is the SHA-256 of the whole.
    """
    asset = assets.find_ready(person(), asset_id)
    return _bytes(asset.blob_id, file_name(asset), FORMATS[asset.format].content_type)


@blueprint.get("/<asset_id>/thumbnail")
@operation(TAG, answers=BYTES, refuses=(404, 416), media=("image/webp",))
def thumbnail(asset_id: str) -> Response:
    """Return a small picture of an asset: WebP, at most 640 pixels wide and high."""
    asset = assets.find_ready(person(), asset_id)
    return _bytes(asset.thumbnail_blob_id, f"{asset.name}.webp")


def _linked(body: AssetLinkBody) -> Entered:
    about = asset_orders.place(person(), body.client_id or "", body.campaign_id or "")
    return asset_orders.add_link(person(), NewLink(**about._asdict(), **body.said(), url=body.url))


def _uploaded(form: AssetForm, file: FileStorage) -> Entered:
    about = asset_orders.place(person(), form.client_id or "", form.campaign_id or "")
    said = About(**about._asdict(), **form.said())
    return asset_orders.add_file(person(), said, file.stream, file.filename or "")


def _links(body: AssetLinksBody) -> list[NewLink]:
    """Find whose each of the links is going to be. Raises Invalid, naming which link is nobody's."""
    places: dict[tuple[str, str], asset_orders.Place] = {}
    found = []
    for number, link in enumerate(body.assets):
        own = (link.client_id or "", link.campaign_id or "")
        where = own if any(own) else (body.client_id or "", body.campaign_id or "")
        try:
            places[where] = places.get(where) or asset_orders.place(person(), *where)
        except Invalid as refusal:
            if any(own):
                refusal.fields = {f"assets.{number}.{name}": why for name, why in refusal.fields.items()}
            raise
        found.append(NewLink(**places[where]._asdict(), **link.said(), url=link.url))
    return found


def _answered(entered: Entered) -> Response:
    """Wait for an asset and answer with it; raises why it was refused."""
    waiting.until(lambda: asset_orders.are_done([entered.asset_id]))
    asset = asset_orders.settle(person(), entered)
    status = 202 if asset.is_open else 201 if entered.is_new else 200
    return envelope.answer(resources.asset(asset), status, location=url_for(".show", asset_id=asset.id))


def _settled(entered: Entered | Refusal) -> AssetResource | str:
    """Return what became of one of many: the asset, or a sentence."""
    try:
        if isinstance(entered, Refusal):
            raise entered
        return resources.asset(asset_orders.settle(person(), entered))
    except Refusal as refusal:
        return f"{refusal.message} {refusal.hint}".strip()


def _bytes(blob_id: str | None, name: str, content_type: str = "") -> Response:
    blob = blobs.find(blob_id)
    if blob is None:
        raise NotFound("There is no picture of this file.")
    response = blob_response(blob, filename=name, content_type=content_type)
    if response.status_code == 416:
        raise RequestedRangeNotSatisfiable(blob.size_bytes)
    return response
