"""Fills an empty data folder from a backup: all of it or nothing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from typing import TYPE_CHECKING

from alembic.script import ScriptDirectory

from webapp import storage
from webapp.errors import Conflict, Damaged, DiskFull
from webapp.services import chunks, snapshots
from webapp.services.snapshots import BLOBS, DATABASE, MANIFEST, SECRET, SETTINGS, WORKFLOWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from webapp.config import Settings
    from webapp.services.snapshots import Manifest, Snapshot

IGNORED = {".gitignore"}
"""What an empty data folder of a fresh checkout holds."""
RESTORED = (DATABASE, WORKFLOWS, SECRET, SETTINGS)


def restore(settings: Settings, target: Path, number: int | None, migrations: Path) -> Snapshot:
    """Fill the data folder from a snapshot, the newest one unless `number` names another; returns which one it was.

    It is built beside the data folder, checked byte by byte on the way, and renamed when all of it is on the disk.

    Raises:
        Conflict: the data folder is in use or not empty.
        NotFound: there is no such snapshot.
        Damaged: anything of it is not what was written, or a newer Slate made it.
        DiskFull: there is no room for it.
    """
    target, data = target.resolve(), settings.data
    snapshots.must_be_apart(target, data)
    _must_be_empty(settings)
    snapshot = snapshots.find(target, number)
    manifest = snapshot.manifest()
    _must_be_known(manifest, migrations)
    building = data.with_name(f".{data.name}.restoring")
    with _only_one(building):
        try:
            _build(snapshot, manifest, building)
            _put_in_place(building, data)
        except OSError as error:
            if error.errno in storage.NO_ROOM:
                raise _no_room(data) from error
            raise Conflict(f"{error.filename or data}: {error.strerror}.", hint="Nothing was restored.") from error
        except DiskFull as error:
            raise _no_room(data) from error
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return snapshot


def _no_room(data: Path) -> DiskFull:
    return DiskFull(f"There is no room for the backup beside {data}. Nothing was restored.", hint="Free some space.")


def _must_be_empty(settings: Settings) -> None:
    data = settings.data
    if settings.database_path != data / DATABASE:
        raise Conflict("DATABASE_URL names another file than the one that is restored.", hint="Unset it, then restore.")
    if data.exists() and not data.is_dir():
        raise Conflict(f"{data} is a file, not a folder.", hint="Set SLATE_DATA to a folder.")
    if data.is_mount():
        raise Conflict(f"{data} is a disk of its own.", hint=f"Set SLATE_DATA to a folder on it, such as {data}/slate.")
    if _is_locked(data / "worker.lock"):
        raise Conflict(f"Slate is running on {data}.", hint="Stop it, and move that folder away: nothing is replaced.")
    found = sorted(path.name for path in data.iterdir() if path.name not in IGNORED) if data.exists() else []
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise Conflict(
            f"{data} is not empty: {', '.join(found[:3])}{more}.",
            hint=f"Stop Slate and move that folder away first: mv {data} {data}.before",
        )


def _is_locked(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _must_be_known(manifest: Manifest, migrations: Path) -> None:
    known = {revision.revision for revision in ScriptDirectory(str(migrations)).walk_revisions()}
    if manifest.schema not in known:
        raise Damaged(
            f"The backup was made by Slate {manifest.slate}, which is newer than this one.",
            hint="Restore it with that release.",
        )


@contextlib.contextmanager
def _only_one(building: Path) -> Iterator[None]:
    """Make the folder to build in, empty; what a killed restore left in it goes."""
    try:
        building.parent.mkdir(parents=True, exist_ok=True)
        building.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(building, os.O_RDONLY)
    except OSError as error:
        if error.errno in storage.NO_ROOM:
            raise _no_room(building.parent) from error
        raise Conflict(f"{building} cannot be made: {error.strerror}.", hint="Check SLATE_DATA.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for path in building.iterdir():
            path.unlink()
        yield
    except BlockingIOError as error:
        raise Conflict("Another restore into this folder is going on.", hint="Wait for it to end.") from error
    finally:
        os.close(lock)


def _build(snapshot: Snapshot, manifest: Manifest, building: Path) -> None:
    for name, file in manifest.files.items():
        try:
            if name in RESTORED:
                shutil.copyfile(snapshot.folder / name, building / name)
            found = snapshots.measured(building / name if name in RESTORED else snapshot.folder / name)
        except FileNotFoundError as error:
            raise snapshot.damaged(f"{name} is missing") from error
        if found != file:
            raise snapshot.damaged(f"{name} is not what {MANIFEST} says")
    needed = {DATABASE, BLOBS} - manifest.files.keys()
    if needed:
        raise snapshot.damaged(f"{', '.join(sorted(needed))} is missing")
    wrong = chunks.fill(building / "blobs.db", _blobs(snapshot))
    if wrong:
        raise snapshot.damaged(f"blobs/{wrong[:2]}/{wrong} is not what its name says")
    for path in building.iterdir():
        path.chmod(0o600)
        snapshots.sync(path)
    snapshots.sync(building)


def _blobs(snapshot: Snapshot) -> Iterator[tuple[str, Iterator[bytes]]]:
    for sha256, size in snapshot.blobs().items():
        path = snapshots.blob_path(snapshot.target, sha256)
        if not path.is_file():
            raise snapshot.damaged(f"blobs/{sha256[:2]}/{sha256} is missing")
        if path.stat().st_size != size:
            raise snapshot.damaged(f"blobs/{sha256[:2]}/{sha256} is not what {BLOBS} says")
        yield sha256, snapshots.pieces(path)


def _put_in_place(building: Path, data: Path) -> None:
    owner = (data if data.exists() else data.parent).stat()
    for name in IGNORED:
        if (data / name).exists():
            shutil.copyfile(data / name, building / name)
            (data / name).unlink()
    if os.geteuid() == 0:  # root restores for the user whose folder it is
        for path in (*building.iterdir(), building):
            os.chown(path, owner.st_uid, owner.st_gid)
    building.rename(data)  # over an empty folder only: had somebody started Slate meanwhile, this would fail
    snapshots.sync(data.parent)
