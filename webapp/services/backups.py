"""Makes backups while Slate runs (see `snapshots` for what they look like)."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from webapp import storage
from webapp.errors import Conflict, Damaged, DiskFull, NotFound
from webapp.extensions import sqlite_module
from webapp.services import chunks, snapshots
from webapp.services.snapshots import BLOBS, DATABASE, SECRET, SETTINGS, UNFINISHED, WORKFLOWS, Manifest, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from webapp.config import Settings

KNOWN = {"snapshots", "blobs", "lock", "lost+found"}
"""What may lie in the folder of a backup; anything else makes it somebody's other folder."""


@dataclass(frozen=True, slots=True)
class Made:
    """Say what a backup holds: bytes as the databases and files have them, and how many of them were new."""

    snapshot: Snapshot
    blobs: int
    size_bytes: int
    new_bytes: int
    missing: tuple[str, ...]
    is_private: bool
    """Whether the file system keeps others from reading it."""


def make(settings: Settings, target: Path, *, keep: int = 0) -> Made:
    """Add a snapshot of everything that was acknowledged so far; then delete all but the newest `keep` (0: none).

    Slate may run meanwhile. The order matters: no chunk is deleted from before the first copy to the end, and slate.db
    is copied after workflows.db, so that no row waits for a task under a name that is taken already, and before the
    bytes, so that every byte it names is there.

    Raises:
        Conflict: the folder cannot be used, or another backup uses it.
        NotFound: there is no data.
        Damaged: a database is damaged; what is in `target` stays as it was.
        DiskFull: there is no room in `target`; what is in it stays as it was.
    """
    target = target.resolve()
    snapshots.must_be_apart(target, settings.data)
    if not settings.database_path.exists():
        raise NotFound(f"There is nothing to back up: {settings.database_path} is not there.", hint="Check SLATE_DATA.")
    _prepare(target)
    with _only_one(target), _telling(target), chunks.keeping(settings.data):
        made = _build(settings, target)
        _prune(target, keep)
    return made


def _prepare(target: Path) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
        strangers = sorted(path.name for path in target.iterdir() if path.name not in KNOWN)
        if strangers:
            raise Conflict(
                f"{target} holds other things, such as {strangers[0]}.",
                hint="Name a new folder, an empty one, or one that holds a backup.",
            )
        target.chmod(0o700)
        for name in ("snapshots", "blobs"):
            (target / name).mkdir(mode=0o700, exist_ok=True)
    except (NotADirectoryError, FileExistsError) as error:
        raise Conflict(f"{target} is a file, not a folder.", hint="Name a folder.") from error
    except OSError as error:
        if error.errno in storage.NO_ROOM:
            raise _no_room(target) from error
        raise Conflict(f"{target} cannot be written: {error.strerror}.", hint="Name another folder.") from error


@contextlib.contextmanager
def _only_one(target: Path) -> Iterator[None]:
    with (target / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(f"Another backup to {target} is being made.", hint="Wait for it to end.") from error
        yield


@contextlib.contextmanager
def _telling(target: Path) -> Iterator[None]:
    """Take an unfinished snapshot away, and say in words what went wrong with the disk or a database."""
    try:
        yield
    except BaseException as error:
        shutil.rmtree(target / "snapshots" / UNFINISHED, ignore_errors=True)
        refusal = storage.refusal_of(error)
        if isinstance(refusal, DiskFull):
            raise _no_room(target) from error
        if isinstance(error, OSError):
            raise Conflict(f"{error.filename or target}: {error.strerror}.", hint="No backup was made.") from error
        raise


def _no_room(target: Path) -> DiskFull:
    return DiskFull(
        f"There is no room in {target} for the backup. Earlier ones there are as they were.",
        hint="Free some space, name a folder on another disk, or keep fewer with --keep.",
    )


def _build(settings: Settings, target: Path) -> Made:
    folder = target / "snapshots" / UNFINISHED
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    created_at = datetime.now(UTC).isoformat(timespec="seconds")
    if settings.workflows_path.exists():
        _copy_database(settings.workflows_path, folder / WORKFLOWS)
    _copy_database(settings.database_path, folder / DATABASE)
    for name in (SECRET, SETTINGS):
        if (settings.data / name).exists():
            shutil.copyfile(settings.data / name, folder / name)
    schema, blobs = _described(folder / DATABASE)
    new_bytes, missing = _store(settings.blobs_path, target, blobs)
    lines = (f"{sha256} {size}\n" for sha256, size in blobs.items() if sha256 not in missing)
    (folder / BLOBS).write_text("".join(lines), encoding="ascii")
    files = {path.name: snapshots.measured(path) for path in sorted(folder.iterdir())}
    made_by = version("slate-storyboards")
    Manifest(slate=made_by, schema=schema, created_at=created_at, files=files, missing=missing).write(folder)
    for path in folder.iterdir():
        path.chmod(0o600)
        snapshots.sync(path)
    snapshots.sync(folder)
    last = snapshots.all_of(target)
    snapshot = Snapshot(target, last[-1].number + 1 if last else 1)
    folder.rename(snapshot.folder)
    snapshots.sync(target / "snapshots")
    size = sum(file.size_bytes for file in files.values())
    is_private = not (snapshot.folder / DATABASE).stat().st_mode & 0o077
    return Made(snapshot, len(blobs), size + sum(blobs.values()), size + new_bytes, missing, is_private)


def _copy_database(source: Path, copy: Path) -> None:
    """Copy a database as it is at one moment, while others write to it, and look whether the copy is whole."""
    module = sqlite_module()
    with _opened(source, "rw") as original, contextlib.closing(module.connect(copy)) as file:
        try:
            file.execute("PRAGMA synchronous=OFF")  # all of it is synced before the snapshot gets its number
            original.backup(file)
            said = file.execute("PRAGMA quick_check(1)").fetchone()[0]
        except module.DatabaseError as error:
            if not isinstance(storage.refusal_of(error), Damaged):
                raise
            said = str(error)
    if said != "ok":
        raise Damaged(
            f"{source} is damaged, so no backup was made: {said}.",
            hint="Earlier backups are as they were. Stop Slate, keep a copy of the data folder, and restore one.",
        )


@contextlib.contextmanager
def _opened(path: Path, mode: str) -> Iterator[Any]:
    uri = f"{path.as_uri()}?mode={mode}"
    with contextlib.closing(sqlite_module().connect(uri, uri=True, timeout=30, isolation_level=None)) as connection:
        yield connection


def _described(database: Path) -> tuple[str, dict[str, int]]:
    """Return the copy's schema and the hashes of the bytes that it names, each with its size, the oldest first."""
    with _opened(database, "rw") as file:
        tables = {row[0] for row in file.execute("SELECT name FROM sqlite_master")}
        if not {"alembic_version", "asset_blobs"} <= tables:
            raise NotFound(f"There is nothing to back up: {DATABASE} is empty.", hint="Start Slate first.")
        schema = file.execute("SELECT version_num FROM alembic_version").fetchone()
        blobs = dict(file.execute("SELECT sha256, size_bytes FROM asset_blobs ORDER BY created_at, id").fetchall())
    return schema[0] if schema else "", blobs


def _store(source: Path, target: Path, blobs: dict[str, int]) -> tuple[int, tuple[str, ...]]:
    """Put the bytes of these hashes into the backup; returns how many bytes were new, and the hashes without bytes."""
    new_bytes, missing, folders = 0, [], {target / "blobs"}
    for path in (target / "blobs").glob(f"*/*{UNFINISHED}"):
        path.unlink()
    with _opened(source, "rw") if source.exists() else contextlib.nullcontext() as chunk_file:
        for sha256, size in blobs.items():
            path = snapshots.blob_path(target, sha256)
            if path.exists() and snapshots.measured(path) == snapshots.File(size, sha256):
                continue
            folders.add(path.parent)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            if chunk_file and _copy_blob(chunk_file, sha256, path):
                new_bytes += size
            else:
                missing.append(sha256)
    for folder in folders:
        snapshots.sync(folder)
    return new_bytes, tuple(missing)


def _copy_blob(chunk_file: Any, sha256: str, path: Path) -> bool:
    """Copy one blob under another name, and give it its own when it is on the disk; False when its bytes are lost."""
    unfinished, digest = path.with_name(path.name + UNFINISHED), hashlib.sha256()
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with contextlib.suppress(sqlite_module().DatabaseError):  # damaged: what can be read is a part, if that
                for (piece,) in chunk_file.execute("SELECT data FROM chunks WHERE sha256 = ? ORDER BY seq", (sha256,)):
                    digest.update(piece)
                    file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        is_whole = digest.hexdigest() == sha256
        if is_whole:
            unfinished.rename(path)
        return is_whole
    finally:
        unfinished.unlink(missing_ok=True)


def _prune(target: Path, keep: int) -> None:
    """Delete all snapshots but the newest ones, then the bytes that none of them names."""
    found = snapshots.all_of(target)
    if not keep or len(found) <= keep:
        return
    for snapshot in found[:-keep]:
        gone = snapshot.folder.with_name(UNFINISHED)
        snapshot.folder.rename(gone)  # at once: what is half deleted must not pass for a snapshot
        shutil.rmtree(gone)
    try:
        needed = {sha256 for snapshot in found[-keep:] for sha256 in snapshot.blobs()}
    except (OSError, ValueError):  # an older one is damaged: what it needs is not known, so nothing goes
        return
    for path in (target / "blobs").glob("*/*"):
        if path.name not in needed:
            path.unlink()
