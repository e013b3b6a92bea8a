"""What goes wrong with disks and database files, told as refusals."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

from webapp.errors import Damaged, DiskFull

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.errors import Refusal

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""A full disk, a used-up quota, a file larger than the system lets this process write."""


class _Code(IntEnum):
    """Name SQLite's result codes (https://sqlite.org/rescode.html); extended ones have them in their low byte."""

    READONLY = 8
    IOERR = 10
    CORRUPT = 11
    FULL = 13
    CANTOPEN = 14
    NOTADB = 26


_SENTENCES = {
    "disk I/O error": _Code.IOERR,
    "disk image is malformed": _Code.CORRUPT,
    "disk is full": _Code.FULL,
    "not a database": _Code.NOTADB,
}


def refusal_of(error: BaseException) -> Refusal | None:
    """Return what a failure of the disk or of a database file means for a person; None for any other failure.

    Takes an OSError, or an exception of a SQLite driver, bare or wrapped by SQLAlchemy. SQLite says "disk I/O error"
    for a used-up quota as well as for a failing disk, so its sentence names both.
    """
    if isinstance(error, OSError):
        return DiskFull() if error.errno in NO_ROOM else None
    driver = getattr(error, "orig", None) or error
    match _code(driver):
        case _Code.FULL:
            return DiskFull()
        case _Code.IOERR:
            return DiskFull(
                "The server's disk is full or failing. Nothing was saved just now.",
                hint="Whoever runs this Slate should look at its disk: is there room, and are there errors?",
            )
        case _Code.CORRUPT | _Code.NOTADB:
            return Damaged(
                f"A database of this Slate is damaged: {driver}.",
                hint="Stop Slate, keep a copy of the data folder, and restore a backup with `slate restore`. "
                "`slate doctor` names the file.",
            )
        case _Code.READONLY | _Code.CANTOPEN:
            return Damaged(
                f"A database of this Slate cannot be used: {driver}.",
                hint="Check that SLATE_DATA is right, and that Slate's user may read and write what is in it.",
            )
    return None


def _code(error: BaseException) -> int:
    """Return the result code of an exception of a SQLite driver; copying databases gives a sentence alone."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF
    if not type(error).__module__.partition(".")[0].endswith("sqlite3"):
        return 0
    return next((code for sentence, code in _SENTENCES.items() if sentence in str(error)), 0)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn failures of the disk and of database files inside the block into refusals."""
    try:
        yield
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
