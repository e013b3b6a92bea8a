"""The worker's side of an asset: fetch it, read it, store it; or refuse it with the reason."""

from __future__ import annotations

import logging
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select, update

from webapp.errors import FetchRefused, Invalid, Refusal
from webapp.extensions import db, let_go, transaction
from webapp.models import Asset, AssetStatus, Blob, Client, Job, JobAsset, utcnow
from webapp.services import blobs, heart, media, notices, sniff
from webapp.services.asset_library import check_quota
from webapp.services.fetching import file_names
from webapp.services.fetching.policy import NOWHERE_SECONDS, FetchPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Update

    from webapp.services.media import Probed
    from webapp.services.sniff import Sniffed

log = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.25
"""A page polls every 0.7 s; four writes a second are as smooth as anybody can see."""
TEMPORARY_SECONDS = 24 * 3600
"""Temporary files older than this were left behind by a killed process."""
OTHER_KIND = "other_kind"
"""The `error_code` of bytes that are not of the kind they were said to be."""
NAMED = {"image": "an image", "video": "a video", "audio": "an audio file", "document": "a document"}


class _Superseded(Exception):
    """Say that the asset was deleted or tried again meanwhile: this attempt has nothing to do any more."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Name the attempt that is at work, and what it starts from."""

    asset_id: str
    number: int
    source_url: str
    declared_kind: str
    blob: Blob | None

    def write(self, **facts: Any) -> None:
        """Write facts into the row, if it is still this attempt's. Raises _Superseded otherwise."""
        with transaction():
            done = db.session.execute(self._update().values(heartbeat_at=utcnow(), **facts))
        let_go()
        if not done.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            raise _Superseded

    def beat(self) -> None:
        """Show that this attempt is still at work."""
        with transaction():
            db.session.execute(self._update().values(heartbeat_at=utcnow(), updated_at=Asset.updated_at))

    def _update(self) -> Update:
        mine = (Asset.id == self.asset_id, Asset.attempt == self.number, Asset.status.not_in(_FINAL))
        return update(Asset).where(*mine)


@dataclass(frozen=True, slots=True)
class _File:
    """A file on disk that is about to be read, and what is known of it."""

    path: Path
    sha256: str
    sniffed: Sniffed
    facts: dict[str, Any]


_FINAL = (AssetStatus.READY, AssetStatus.REFUSED)


def take_in(asset_id: str, attempt: int) -> None:
    """Fetch an asset (when it has a link and no bytes yet), read it and store it; refuse it with the reason otherwise.

    Never raises. It may run twice, late or in two places at once: each write first checks that the row still waits for
    this attempt. No transaction is open while the network or a decoder is at work.
    """
    try:
        work = _begin(asset_id, attempt)
        with heart.beating(work.beat), _file(work) as file:
            probed = media.probe(file.path, file.sniffed)
            check_kind(work.declared_kind, probed.sniffed.kind, probed.sniffed.format, is_read=True)
            _store(work, file, probed)
    except _Superseded:
        return
    except Refusal as refusal:
        _give_up(asset_id, attempt, refusal)
    except Exception:
        log.exception("asset %s could not be taken in", asset_id)
        _give_up(asset_id, attempt, FetchRefused("Something broke on our side.", permanent=False, hint="Try again."))
    finally:
        let_go()


def refuse(asset: Asset, refusal: Refusal) -> None:
    """Mark an asset as refused with the reason; the caller holds the transaction.

    A file that could not be read gets one more try by hand: the same bytes fail again, unless memory was short.
    """
    if isinstance(refusal, FetchRefused):
        can_retry = not refusal.permanent
    elif isinstance(refusal, Invalid):
        by_hand = (asset.attempt or 1) - (asset.take_overs or 0)  # what the sweep began anew was nobody's try
        can_retry = bool(asset.blob_id or asset.received_bytes) and by_hand == 1
    else:
        can_retry = bool(asset.blob_id or asset.source_url)
    asset.status = AssetStatus.REFUSED
    asset.error, asset.hint, asset.can_retry = refusal.message, refusal.hint, can_retry
    by_rule = isinstance(refusal, FetchRefused) and refusal.permanent  # the link itself, not the host, is at fault
    is_other_kind = isinstance(refusal, Invalid) and "type" in refusal.fields
    asset.error_code = OTHER_KIND if is_other_kind else Invalid.code if by_rule else refusal.code


def check_kind(declared: str, kind: str, form: str, *, is_read: bool = False) -> None:
    """Refuse bytes of another kind than somebody said they are; nothing said (empty) is fine.

    What looks like a video may turn out to hold only sound, so that one is judged when it `is_read`. Raises Invalid.
    """
    may_be_sound = kind == "video" and declared == "audio" and not is_read
    if declared not in ("", kind) and not may_be_sound:
        sentence = f"This is {NAMED[kind]} ({form}), not {NAMED[declared]}."
        raise Invalid(sentence, fields={"type": sentence}, hint="Leave the type out: Slate reads it from the file.")


def give_up(asset: Asset, refusal: Refusal) -> None:
    """Refuse an asset in the worker, where nobody looks on: whoever made a job with it is told."""
    refuse(asset, refusal)
    text = f"could not read the asset “{asset.name}”: {refusal.message}"
    for job in db.session.scalars(select(Job).join(JobAsset).where(JobAsset.asset_id == asset.id)).all():
        notices.tell(job, notices.FAILURE, text, to=notices.maker(job))


def fetch_policy() -> FetchPolicy:
    """Say what a fetch may do, from the settings."""
    settings = current_app.extensions["settings"]
    return FetchPolicy(
        max_bytes=settings.max_asset_bytes,
        timeout_seconds=float(settings.asset_download_timeout_seconds),
        allowed_domains=_listed(settings.allowed_asset_domains),
        fetch_allow=_listed(settings.fetch_allow),
        ports=tuple(int(port) for port in _listed(settings.fetch_ports)),
        nowhere_seconds=NOWHERE_SECONDS,
    )


def file_name(path: str) -> str:
    """Keep the last part of what somebody calls a file, without what cannot be shown; empty when nothing is left."""
    last = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip(" .")[-200:]


def link_name(url: str) -> str:
    """Name an asset after its link until its host says better: the last part of the path, else the host."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return url
    return file_names.file_name("", url) or host or url


def sweep_temporary() -> None:
    """Delete temporary files that a killed process left behind more than a day ago."""
    for path in current_app.extensions["settings"].temporary.iterdir():
        with suppress(OSError):
            if path.is_file() and path.stat().st_mtime < time.time() - TEMPORARY_SECONDS:
                path.unlink()


def _listed(typed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in typed.split(",") if part.strip())


def _begin(asset_id: str, number: int) -> _Attempt:
    """Take the row over for this attempt. Raises _Superseded when there is nothing to do."""
    with transaction():
        asset = db.session.get(Asset, asset_id)
        if asset is None or asset.attempt != number or not asset.is_open:
            raise _Superseded
        asset.status = AssetStatus.READING if asset.blob_id else AssetStatus.DOWNLOADING
        asset.heartbeat_at = utcnow()
        blob = blobs.find(asset.blob_id)
        work = _Attempt(asset_id, number, asset.source_url, asset.declared_kind, blob)
    let_go()
    return work


@contextmanager
def _file(work: _Attempt) -> Iterator[_File]:
    """Give the asset's bytes as a file: fetched from its link, or copied from its blob. The file is gone afterwards."""
    from webapp.services import asset_downloader  # noqa: PLC0415  loads the HTTP library; the web process never fetches

    folder = current_app.extensions["settings"].temporary
    if work.blob is None:
        blobs.ensure_room(0)
        fetched = asset_downloader.fetch(work.source_url, fetch_policy(), folder, _progress(work))
        path = fetched.path
    else:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="read-", delete=False) as opened:
            path = Path(opened.name)
    try:
        if work.blob is None:
            facts = {"final_url": fetched.final_url, "fetched_at": utcnow(), "received_bytes": fetched.size_bytes}
            work.write(status=AssetStatus.READING, kind=fetched.sniffed.kind, format=fetched.sniffed.format, **facts)
            check_kind(work.declared_kind, fetched.sniffed.kind, fetched.sniffed.format)
            yield _File(path, fetched.sha256, fetched.sniffed, facts | {"name": fetched.file_name_hint})
        else:
            blobs.copy_to(work.blob, path)
            yield _File(path, work.blob.sha256, sniff.sniff_file(path), {})
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def _progress(work: _Attempt) -> Callable[[int, int | None], None]:
    """Tell the row how far the download is, at most four times a second; stop it when the library is full."""
    last, checked = 0.0, False

    def tell(received: int, total: int | None) -> None:
        nonlocal last, checked
        if total and not checked:
            checked = True
            _check_quota(work, total)
        now = time.monotonic()
        if now - last >= PROGRESS_SECONDS:
            last = now
            work.write(received_bytes=received, expected_bytes=total)

    return tell


def _check_quota(work: _Attempt, more_bytes: int) -> None:
    try:
        theirs = select(Client).join(Asset, Asset.client_id == Client.id).where(Asset.id == work.asset_id)
        client = db.session.scalar(theirs)
        if client is None:
            raise _Superseded
        check_quota(client, more_bytes)
    finally:
        let_go()


def _store(work: _Attempt, file: _File, probed: Probed) -> None:
    """Store bytes and pictures, then make the asset ready: all of it in one short transaction at the end."""
    size = file.path.stat().st_size
    if work.blob is None:
        _check_quota(work, size)  # before the bytes are written; and below again, for what came in beside us
    original = blobs.write(file.path, file.sha256)
    thumbnail = blobs.write(probed.thumbnail_webp) if probed.thumbnail_webp else None
    picture = blobs.write(probed.picture_webp) if probed.picture_webp else None
    with transaction():
        asset = db.session.get(Asset, work.asset_id)
        if asset is None or asset.attempt != work.number or not asset.is_open:
            raise _Superseded
        if work.blob is None:
            check_quota(db.session.get_one(Client, asset.client_id), size)
        asset.blob_id = blobs.describe(original, probed.sniffed.content_type).id
        asset.thumbnail_blob_id = blobs.describe(thumbnail, "image/webp").id if thumbnail else None
        asset.picture_blob_id = blobs.describe(picture, "image/webp").id if picture else None
        asset.kind, asset.format = probed.sniffed.kind, probed.sniffed.format
        asset.width, asset.height = probed.width, probed.height
        asset.duration_ms, asset.page_count = probed.duration_ms, probed.page_count
        asset.palette, asset.excerpt = list(probed.palette), probed.excerpt[:2000]
        asset.received_bytes = asset.expected_bytes = size
        asset.fetched_at = file.facts.get("fetched_at", asset.fetched_at)
        asset.final_url = file.facts.get("final_url", asset.final_url)
        if file.facts.get("name") and asset.name == link_name(asset.source_url)[:200]:  # nobody renamed it meanwhile
            asset.name = file.facts["name"]
        asset.status, asset.error, asset.hint, asset.can_retry = AssetStatus.READY, "", "", False


def _give_up(asset_id: str, attempt: int, refusal: Refusal) -> None:
    """Write the reason into the row, if it still waits for this attempt."""
    try:
        with transaction():
            asset = db.session.get(Asset, asset_id)
            if asset is not None and asset.attempt == attempt and asset.is_open:
                give_up(asset, refusal)
    except Exception:  # the row stays open; the sweep tries it again
        log.exception("asset %s could not be refused", asset_id)
