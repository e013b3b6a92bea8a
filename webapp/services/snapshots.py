"""The format of a backup: numbered snapshots in a folder, and the bytes they share, each file named by its SHA-256.

    TARGET/snapshots/000001/   slate.db, workflows.db, secret.key, settings.toml, blobs.txt, manifest.json and .sha256
    TARGET/blobs/ab/abcd…      the bytes of one asset or picture; every snapshot names those it needs in blobs.txt

A snapshot is built under another name and renamed when all of it is on the disk, so what has a number is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from webapp.errors import Conflict, Damaged, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
"""Grows when an older Slate could no longer restore a backup."""
MANIFEST, SEAL, BLOBS = "manifest.json", "manifest.sha256", "blobs.txt"
DATABASE, WORKFLOWS, SECRET, SETTINGS = "slate.db", "workflows.db", "secret.key", "settings.toml"
UNFINISHED = ".unfinished"
"""What a backup that was killed leaves in place of a number."""
PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """Say what a file of a snapshot must be."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Say what a snapshot is: who made it, when, of which schema, with which files."""

    slate: str
    schema: str
    created_at: str
    files: dict[str, File]
    missing: tuple[str, ...] = ()
    """Hashes of bytes that were lost or damaged already when the snapshot was made."""
    format: int = field(default=FORMAT)

    def write(self, folder: Path) -> None:
        """Write the manifest and its seal, a line that `sha256sum --check` understands."""
        text = json.dumps(asdict(self), indent=1).encode()
        (folder / MANIFEST).write_bytes(text)
        (folder / SEAL).write_bytes(_seal(text))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Name a snapshot that is whole, as far as its number says."""

    target: Path
    number: int

    @property
    def folder(self) -> Path:
        """Return where its files are."""
        return self.target / "snapshots" / f"{self.number:06}"

    def manifest(self) -> Manifest:
        """Read what it is.

        Raises:
            Damaged: the manifest is missing, changed, or of a newer format.
        """
        try:
            text = (self.folder / MANIFEST).read_bytes()
            is_sealed = (self.folder / SEAL).read_bytes() == _seal(text)
        except OSError as error:
            raise self.damaged(f"{MANIFEST} or {SEAL} cannot be read: {error.strerror}") from error
        try:
            facts = json.loads(text)
            if isinstance(facts, dict) and isinstance(facts.get("format"), int) and facts["format"] > FORMAT:
                raise Damaged(
                    f"Snapshot {self.number} has format {facts['format']}, and this Slate knows {FORMAT}.",
                    hint="Restore it with the release that made it, or a newer one.",
                )
            if not is_sealed:
                raise self.damaged(f"{MANIFEST} is not what its seal says")
            files = {name: File(**facts) for name, facts in facts.pop("files").items()}
            return Manifest(**facts | {"files": files, "missing": tuple(facts["missing"])})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self.damaged(f"{MANIFEST} is not what Slate writes") from error

    def blobs(self) -> dict[str, int]:
        """Return the hashes whose bytes it needs, each with its size in bytes."""
        lines = (self.folder / BLOBS).read_text(encoding="ascii").splitlines()
        return {sha256: int(size) for sha256, size in (line.split() for line in lines)}

    def damaged(self, what: str) -> Damaged:
        """Say what is wrong with it and what else there may be."""
        others = [str(each.number) for each in all_of(self.target) if each.number != self.number]
        hint = f"Other snapshots there: {', '.join(others)}; take one with --snapshot." if others else ""
        return Damaged(f"Snapshot {self.number} in {self.target} is damaged: {what}.", hint=hint)


def all_of(target: Path) -> list[Snapshot]:
    """Return the snapshots in a folder, the oldest first."""
    folder = target / "snapshots"
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return [Snapshot(target, int(name)) for name in sorted(names) if name.isdecimal() and len(name) >= 6]


def find(target: Path, number: int | None) -> Snapshot:
    """Return one snapshot, the newest when none is named.

    Raises:
        NotFound: there is no such snapshot, or none at all.
    """
    found = all_of(target)
    chosen = next((each for each in reversed(found) if number in (None, each.number)), None)
    if chosen is not None:
        return chosen
    if found:
        there = ", ".join(str(each.number) for each in found)
        raise NotFound(f"There is no snapshot {number} in {target}.", hint=f"These are there: {there}.")
    if (target / "snapshots" / UNFINISHED).exists():
        raise NotFound(
            f"The backup in {target} was never finished.", hint="Run `slate backup` again where the data is."
        )
    raise NotFound(f"There is no backup in {target}.", hint="Name the folder that `slate backup` was given.")


def blob_path(target: Path, sha256: str) -> Path:
    """Return where the bytes of a hash are kept."""
    return target / "blobs" / sha256[:2] / sha256


def pieces(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def measured(path: Path) -> File:
    """Return a file's size and hash."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces(path):
        digest.update(piece)
        size += len(piece)
    return File(size, digest.hexdigest())


def sync(path: Path) -> None:
    """Wait until a file or a folder's entries are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def must_be_apart(target: Path, data: Path) -> None:
    """Refuse a backup inside the data folder, or around it: losing the one would be losing both. Raises Conflict."""
    if target == data or data in target.parents or target in data.parents:
        raise Conflict(
            f"{target} and the data folder {data} lie in each other.",
            hint="Name a folder somewhere else, best on another disk.",
        )


def _seal(text: bytes) -> bytes:
    return f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode()
