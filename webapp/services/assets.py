"""What people do with assets: add links and files, retry, rename, tag, delete, find."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from flask import current_app

from webapp.config import MB
from webapp.errors import Conflict, InUse, Invalid, NotFound, TooLarge
from webapp.extensions import after_commit, db, transaction
from webapp.models import Asset, AssetStatus
from webapp.schemas.assets import MAX_LINKS, clean_tags, split_links
from webapp.services import asset_links, asset_rows, blobs, scratch, sniff, tasks
from webapp.services.asset_intake import check_kind, file_name, refuse
from webapp.services.asset_library import Use, check_quota, library, of_client, used_in
from webapp.services.asset_links import NewLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from webapp.errors import Refusal
    from webapp.models import Campaign, Client, User

__all__ = [
    "add_file", "add_links", "add_refused", "change", "delete", "find", "find_ready", "library", "of_client",
    "purge_orphans", "retry", "tag", "used_in",
]  # fmt: skip

COPY_BYTES = 256 * 1024


def add_links(
    person: User, client: Client, links: str | Iterable[str], campaign: Campaign | None = None
) -> list[Asset]:
    """Add assets by links, given as a text that holds them or as a list of one each, at most 100; one asset for each.

    A link this client already has is not added again; a refused one is tried again. A link that will never be fetched
    becomes a refused asset with the reason, so that one bad link never blocks the rest.

    Raises:
        Invalid: no link, or more than 100.
        TooMany: this person adds links faster than anybody can mean to.
        TooLarge: the client's library is full.
    """
    urls = split_links(links) if isinstance(links, str) else list(dict.fromkeys(links))
    if not urls:
        raise Invalid("Paste at least one link.", fields={"links": "Paste at least one link."})
    if len(urls) > MAX_LINKS:
        sentence = f"At most {MAX_LINKS} links at once; these are {len(urls)}."
        raise Invalid(sentence, fields={"links": sentence})
    added = asset_links.add(person, [NewLink(client=client, url=url, campaign=campaign) for url in urls])
    return list(dict.fromkeys(asset for asset, _ in added))


def add_file(  # noqa: PLR0913 - each is a fact about the upload
    person: User,
    client: Client,
    stream: IO[bytes],
    filename: str,
    campaign: Campaign | None = None,
    *,
    name: str = "",
    kind: str = "",
    tags: Sequence[str] = (),
) -> Asset:
    """Take in an uploaded file, open for reading: its bytes are stored at once, reading them goes on in the background.

    Raises:
        TooLarge: over the limit for one file, or the client's library is full.
        Invalid: empty, no kind of file that Slate takes, or not of the `kind` it was said to be.
        DiskFull: the server's disk is nearly full.
    """
    asset_rows.may_add(person, client)
    blobs.ensure_room(0)
    size, sha256 = _measured(stream)
    if not size:
        raise Invalid("The file is empty.", hint="Choose another file.")
    check_quota(client, size)
    stream.seek(0)
    sniffed = sniff.sniff(stream.read(sniff.HEAD_BYTES), cast("BinaryIO", stream))
    check_kind(kind, sniffed.kind, sniffed.format)
    stored = blobs.write(stream, sha256)
    with transaction():
        asset_rows.may_add(person, client)  # again, as the quota: somebody may have changed either meanwhile
        check_quota(client, size)
        asset = asset_rows.new(person, client, campaign, name or file_name(filename) or f"Upload.{sniffed.format}")
        asset.status = AssetStatus.READING
        asset.kind, asset.format, asset.declared_kind = sniffed.kind, sniffed.format, kind
        asset.tags = clean_tags(list(tags))
        asset.received_bytes = asset.expected_bytes = size
        asset.blob_id = blobs.describe(stored, sniffed.content_type).id
        db.session.flush()
        tasks.take_in(asset)
    return asset


def add_refused(person: User, client: Client, filename: str, refusal: Refusal) -> Asset:
    """Keep an upload that was refused as a tile with the reason, so that nobody wonders where it went."""
    with transaction():
        asset = asset_rows.new(person, client, None, file_name(filename) or "Upload")
        refuse(asset, refusal)
    return asset


def retry(asset: Asset) -> Asset:
    """Try a refused asset again, from its link or its stored bytes.

    Raises:
        Conflict: it was not refused, or trying again cannot help.
    """
    with transaction():
        asset = asset_rows.present(asset)
        if asset.status != AssetStatus.REFUSED or not asset.can_retry:
            raise Conflict("There is nothing to try again here.", hint="Add the link or the file once more.")
        asset_rows.begin_again(asset)
    return asset


def find(person: User, asset_id: str) -> Asset:
    """Return an asset this person may see. Raises NotFound."""
    asset = db.session.get(Asset, asset_id)
    if asset is None or not person.is_active:
        raise NotFound("There is no such asset.")
    return asset


def find_ready(person: User, asset_id: str) -> Asset:
    """Return an asset whose bytes can be had. Raises NotFound, also while it is on its way or when it was refused."""
    asset = find(person, asset_id)
    if not asset.is_ready:
        raise NotFound("This asset has no bytes yet." if asset.is_open else "This asset was refused.")
    return asset


def change(asset: Asset, name: str | None = None, tags: Sequence[str] | None = None) -> Asset:
    """Give an asset a new name, new tags, or both; None leaves what is there. Raises Invalid for a wrong name."""
    if name is not None and not 0 < len(name := name.strip()) <= 200:
        raise Invalid(fields={"name": "Between 1 and 200 characters."})
    with transaction():
        asset = asset_rows.present(asset)
        asset.name = asset.name if name is None else name
        asset.tags = asset.tags if tags is None else clean_tags(list(tags))
    return asset


def tag(asset: Asset, tags: Sequence[str]) -> Asset:
    """Give an asset these tags in place of its own."""
    return change(asset, tags=tags)


def delete(asset: Asset) -> None:
    """Delete an asset, and its bytes when nothing else has the same.

    Raises:
        InUse: a scene shows it; the sentence names the scenes.
    """
    with transaction():
        asset = asset_rows.present(asset)
        uses = used_in(asset)
        if uses:
            raise InUse(_names(uses), hint="Take it out of the scene first, or delete the scene.")
        db.session.delete(asset)
        after_commit(blobs.purge_orphans)


def purge_orphans() -> int:
    """Delete bytes and temporary files nothing refers to any more; returns how many blobs went."""
    scratch.clear_dead()
    return blobs.purge_orphans()


def _measured(stream: IO[bytes]) -> tuple[int, str]:
    """Read an upload once; returns its bytes and their hash. What is read lies on the disk already, uncopied."""
    limit_mb = current_app.extensions["settings"].max_asset_download_size_mb
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while piece := stream.read(COPY_BYTES):
        size += len(piece)
        if size > limit_mb * MB:
            raise TooLarge(
                f"The file is larger than {limit_mb:,} MB, the most one may have.", hint="Add a smaller version of it."
            )
        digest.update(piece)
    return size, digest.hexdigest()


def _names(uses: Sequence[Use]) -> str:
    """Name the scenes that use an asset: Scenes 2 and 3 of “Cold brew” and scene 1 of “Morning” use it."""
    by_job: dict[str, list[Use]] = {}
    for use in uses:
        by_job.setdefault(use.job_id, []).append(use)
    parts = []
    for found in by_job.values():
        numbers = [str(use.scene_number) for use in found]
        listed = " and ".join(filter(None, [", ".join(numbers[:-1]), numbers[-1]]))
        parts.append(f"scene{'s' if len(numbers) > 1 else ''} {listed} of “{found[0].job_title}”")
    sentence = " and ".join(filter(None, ["; ".join(parts[:-1]), parts[-1]]))
    return f"{sentence[0].upper()}{sentence[1:]} {'uses' if len(uses) == 1 else 'use'} it."
