"""A client's library in the browser: add links and files, watch them come in, change them; and the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from webapp.errors import Invalid, NotFound
from webapp.models import utcnow
from webapp.schemas.assets import TAGS, AssetChange
from webapp.services import assets, blobs, clients
from webapp.services.asset_library import KINDS
from webapp.services.sniff import FORMATS
from webapp.views import hypermedia
from webapp.views.blobs import INLINE, blob_response
from webapp.views.filters import file_size, plural
from webapp.views.forms import Form
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from werkzeug.datastructures import FileStorage
    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Asset, Blob, Client

blueprint = Blueprint("assets", __name__)

PARTIALS = {"tile": "assets/_tile.html", "row": "assets/_row.html", "state": "assets/_row_state.html"}


@blueprint.get("/clients/<client_id>/assets")
def index(client_id: str) -> str:
    """Show a client's library, filtered by kind, tag and words."""
    return _index(clients.find(person(), client_id))


@blueprint.post("/clients/<client_id>/assets")
@editors
def add(client_id: str) -> BaseResponse | tuple[str, int]:
    """Add links and files, or choose assets that are there; `?as=` says whether htmx gets tiles or rows of a form."""
    client, started = clients.find(person(), client_id), utcnow()
    try:
        found = _added(client)
    except Invalid as refusal:
        if hypermedia.wants_fragment():
            raise
        return _index(client, links=request.form.get("links", ""), error=refusal.message), 422
    if not hypermedia.wants_fragment():
        flash(f"{plural(len(found), 'asset')} added", "ok")
        return redirect(url_for(".index", client_id=client_id), 303)
    if request.args.get("as") == "row":
        listed = set(request.form.getlist("asset_ids"))
        return _parts("row", found, [asset for asset in found if asset.id not in listed])
    return _parts("tile", found, [asset for asset in found if asset.created_at >= started])


@blueprint.get("/clients/<client_id>/assets/choose")
@editors
def choose(client_id: str) -> str:
    """Offer what is ready in the library, for the form of a storyboard."""
    client = clients.find(person(), client_id)
    shelf = assets.library(person(), client, query=request.args.get("q", ""), ready=True)
    return render_template("assets/_choices.html", shelf=shelf, chosen=request.args.getlist("asset_ids"))


@blueprint.get("/assets/<asset_id>")
def show(asset_id: str) -> str:
    """Show one asset: preview, facts, where it came from, where it is used."""
    return _show(assets.find(person(), asset_id))[0]


@blueprint.post("/assets/<asset_id>")
@editors
def change(asset_id: str) -> BaseResponse | tuple[str, int]:
    """Rename an asset and tag it."""
    asset, form = assets.find(person(), asset_id), Form(AssetChange)
    if form.submit(lambda draft: assets.change(asset, draft.name, draft.all_tags)) is None:
        return _show(asset, form)
    flash("Saved.", "ok")
    return redirect(url_for(".show", asset_id=asset_id), 303)


@blueprint.get("/assets/<asset_id>/<any(tile, row):kind>")
def watch(asset_id: str, kind: str) -> Response | str | tuple[str, int]:
    """Answer a poll: 204 when nothing changed since `v`, the new tile or row otherwise, nothing when it was deleted."""
    try:
        asset = assets.find(person(), asset_id)
    except NotFound:
        return ""  # replaces the tile: it goes
    if request.args.get("v") == version(asset):
        return "", 204
    if kind == "row":
        return render_template(PARTIALS["state"], asset=asset)
    return _parts("tile", [asset], [asset])


@blueprint.post("/assets/<asset_id>/retry")
@editors
def retry(asset_id: str) -> BaseResponse | str:
    """Try a refused asset again."""
    asset = assets.retry(assets.find(person(), asset_id))
    if hypermedia.wants_fragment():
        return render_template(PARTIALS["state" if request.args.get("as") == "row" else "tile"], asset=asset)
    return redirect(url_for(".show", asset_id=asset_id), 303)


@blueprint.post("/assets/<asset_id>/delete")
@editors
def delete(asset_id: str) -> BaseResponse | str:
    """Delete an asset no scene shows; htmx gets nothing in place of the tile."""
    asset = assets.find(person(), asset_id)
    name, client_id = asset.name, asset.client_id
    assets.delete(asset)
    if hypermedia.wants_fragment():
        return ""
    flash(f"“{name}” deleted", "ok")
    return redirect(url_for(".index", client_id=client_id), 303)


@blueprint.get("/assets/<asset_id>/data")
def data(asset_id: str) -> Response:
    """Send the original bytes: as a download, or in place with `?inline=1` for the types that are safe to show."""
    asset = assets.find_ready(person(), asset_id)
    kind = FORMATS[asset.format].content_type
    inline = request.args.get("inline") == "1"
    return blob_response(_blob(asset.blob_id), filename=file_name(asset), inline=inline, content_type=kind)


@blueprint.get("/assets/<asset_id>/thumbnail")
def thumbnail(asset_id: str) -> Response:
    """Send the small picture that pages show."""
    asset = assets.find_ready(person(), asset_id)
    return blob_response(_blob(asset.thumbnail_blob_id), filename=f"{asset.name}.webp", inline=True)


@blueprint.get("/assets/<asset_id>/picture")
def picture(asset_id: str) -> Response:
    """Send the re-encoded picture that frames are cropped from, at most 2,048 px."""
    asset = assets.find_ready(person(), asset_id)
    return blob_response(_blob(asset.picture_blob_id), filename=f"{asset.name}.webp", inline=True)


@blueprint.app_template_filter("asset_version")
def version(asset: Asset) -> str:
    """Name the state a tile shows; a poll with the same name is answered 204."""
    return f"{asset.attempt}-{asset.status}-{asset.received_bytes}"


@blueprint.app_template_filter("asset_facts")
def facts(asset: Asset) -> str:
    """Say what a ready file is in a line, such as 0:12, MP3, 2.3 MB; pictures begin with their size in pixels."""
    parts = [
        f"{asset.width} \N{MULTIPLICATION SIGN} {asset.height}" if asset.width and asset.height else "",
        clock(asset.duration_ms) if asset.duration_ms else "",
        plural(asset.page_count, "page") if asset.page_count else "",
        asset.format.upper(),
        file_size(asset.received_bytes) if asset.received_bytes else "",
    ]
    return ", ".join(filter(None, parts))


@blueprint.app_template_filter("clock")
def clock(duration_ms: int) -> str:
    """Write a length as a player does: 0:12, 1:04:30; what is shorter than a second as 0.4 s."""
    if duration_ms < 1000:
        return f"{duration_ms / 1000:.1f} s"
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@blueprint.app_template_global("asset_roles")
def roles() -> tuple[str, ...]:
    """Return the roles an asset can play in a storyboard: the tags that writers understand."""
    return TAGS


@blueprint.app_template_global("max_asset_mb")
def max_asset_mb() -> int:
    """Return how large one file may be, in MB."""
    return int(current_app.extensions["settings"].max_asset_download_size_mb)


def file_name(asset: Asset) -> str:
    """Name the download: the asset's name, with the extension of what the file really is."""
    return asset.name if asset.name.lower().endswith(f".{asset.format}") else f"{asset.name}.{asset.format}"


def _index(client: Client, links: str = "", error: str = "") -> str:
    asked = {name: request.args.get(name, "") for name in ("kind", "tag", "q")}
    shelf = assets.library(
        person(),
        client,
        kind=asked["kind"],
        tag=asked["tag"],
        query=asked["q"],
        page=request.args.get("page", 1, type=int),
    )
    return render_template("assets/index.html", client=client, shelf=shelf, asked=asked, links=links, error=error)


def _show(asset: Asset, form: Form[AssetChange] | None = None) -> tuple[str, int]:
    known = [tag for tag in asset.tags if tag in TAGS]
    free = ", ".join(tag for tag in asset.tags if tag not in TAGS)
    form = form or Form(AssetChange, {"name": asset.name, "tags": known, "other_tags": free})
    return form.page(
        "assets/show.html",
        asset=asset,
        blob=blobs.find(asset.blob_id),
        client=clients.find(person(), asset.client_id),
        uses=assets.used_in(asset),
        tags=[(tag, tag.replace("_", " ")) for tag in TAGS],
        plays=asset.format in FORMATS and FORMATS[asset.format].content_type in INLINE,
    )


def _added(client: Client) -> list[Asset]:
    """Add what the form brings: chosen ids, links, files. Raises Invalid when there is nothing at all."""
    found = assets.of_client(client, request.form.getlist("choose"))
    files = [file for file in request.files.getlist("file") if file.filename or _has_bytes(file)]
    links = request.form.get("links", "").strip()
    for file in files:
        try:
            found.append(assets.add_file(person(), client, file.stream, file.filename or ""))
        except Invalid as refusal:
            found.append(assets.add_refused(person(), client, file.filename or "", refusal))
    if links or not found:
        found += assets.add_links(person(), client, links)
    return found


def _has_bytes(file: FileStorage) -> bool:
    """Tell a file without a name from a field in which none was chosen."""
    begins = bool(file.stream.read(1))
    file.stream.seek(0)
    return begins


def _parts(kind: str, found: Sequence[Asset], fresh: Sequence[Asset]) -> Response:
    """Render what is new; say by a toast what was there before, and renew it where it is on the page."""
    parts = [render_template(PARTIALS[kind], asset=asset) for asset in fresh]
    known = [asset for asset in found if asset not in fresh]
    if known:
        names = ", ".join(asset.name for asset in known[:3]) + (" and others" if len(known) > 3 else "")
        words = f"Already {'in the library' if kind == 'tile' else 'in the list'}: {names}"
        parts.append(hypermedia.partial("#toasts", "assets/_toast.html", swap="beforeend", text=words))
    if kind == "tile" and not all(asset.is_open for asset in fresh):
        shelf = assets.library(person(), clients.find(person(), found[0].client_id))
        parts.append(hypermedia.partial("#library-meta", "assets/_meta.html", swap="outerHTML", shelf=shelf))
        # only the words of the filter: what is chosen in it stays chosen
        parts += [
            hypermedia.partial(f"#kind-{each}", "assets/_kind.html", "innerHTML", kind=each, shelf=shelf)
            for each in KINDS
        ]
    return hypermedia.answer(*parts)


def _blob(blob_id: str | None) -> Blob:
    blob = blobs.find(blob_id)
    if blob is None:
        raise NotFound("There is no picture of this file.")
    return blob
