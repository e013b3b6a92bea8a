"""Who writes to an SQLite file next: first come, first served, across threads and processes.

SQLite has one writer at a time and lets the others sleep and look again, longer each time, so that whoever came last
often goes first (one save in a thousand waited 13 s among 32 writers). Here everybody takes a number first.

A number is a byte of the file `<database>.queue`, locked by whoever holds the number (an open file description lock,
Linux). One's turn has come when no smaller byte is locked. The kernel unlocks the bytes of a killed process, so nobody
waits for the dead. Nothing but fairness depends on it: SQLite's own lock still keeps writers apart.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import struct
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

STANDSTILL_SECONDS = 2.0
"""A queue that has not moved for so long has a stopped process in it: go on without a turn, and let SQLite decide."""
PAUSE_SECONDS = 0.0003
"""Time between two looks for whoever is next; those behind look as many times less often as they have before them."""
LONGEST_PAUSE_SECONDS = 0.01

_COUNTER = 1 << 62
"""The byte that is locked while a number is taken: far behind all numbers."""
_NUMBERS = struct.Struct("=qq")
"""What the file holds: the last number taken and the number whose turn it is."""
_FLOCK = struct.Struct("@hhqqixxxx")
"""C's `struct flock` on 64-bit Linux: type, whence, start, length, pid."""


@contextmanager
def turn(database: str | None) -> Iterator[None]:
    """Wait for one's turn to write to an SQLite file, and hold it until the block ends. Never take two turns at once.

    Args:
        database: the path of the file; without one (another kind of database) there is nothing to wait for.
    """
    place = _take(database) if database and sys.platform == "linux" else None
    try:
        yield
    finally:
        if place is not None:
            os.close(place)  # which unlocks its bytes


def _take(database: str) -> int | None:
    """Take a number, wait until its turn has come, and return the open file that holds it; None without a queue."""
    place = None
    try:
        place = os.open(f"{database}.queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _wait(place, _take_number(place))
    except OSError as error:  # such as ENOLCK on a network file system
        log.debug("no queue of writers at %s: %s", database, error)
        if place is not None:
            os.close(place)
        return None
    return place


def _take_number(place: int) -> int:
    """Lock the byte behind the last one that was taken. Killed in between, it takes nothing."""
    _lock(place, fcntl.F_OFD_SETLKW, fcntl.F_WRLCK, _COUNTER, 1)
    try:
        number = _read(place)[0] + 1
        _lock(place, fcntl.F_OFD_SETLK, fcntl.F_WRLCK, number, 1)
        os.pwrite(place, number.to_bytes(8, sys.byteorder), 0)
    finally:
        _lock(place, fcntl.F_OFD_SETLK, fcntl.F_UNLCK, _COUNTER, 1)
    return number


def _wait(place: int, number: int) -> None:
    """Return when nobody with a smaller number is there, or when the queue stands still."""
    shown, since = -1, 0.0
    while not _is_first(place, number):
        present = _read(place)[1]
        if present != shown:
            shown, since = present, time.monotonic()
        elif time.monotonic() - since > STANDSTILL_SECONDS:
            return
        before = max(1, min(number - present, 100))
        time.sleep(min(before * PAUSE_SECONDS, LONGEST_PAUSE_SECONDS))
    os.pwrite(place, number.to_bytes(8, sys.byteorder), 8)


def _read(place: int) -> tuple[int, int]:
    """Return the last number taken and the one whose turn it is; zeros for a new file or one with nonsense in it."""
    content = os.pread(place, _NUMBERS.size, 0).ljust(_NUMBERS.size, b"\0")
    last, present = _NUMBERS.unpack(content)
    return (last, present) if 0 <= last < _COUNTER - 2 else (0, 0)


def _is_first(place: int, number: int) -> bool:
    return _lock(place, fcntl.F_OFD_GETLK, fcntl.F_RDLCK, 0, number) == fcntl.F_UNLCK


def _lock(place: int, command: int, kind: int, start: int, length: int) -> int:
    """Ask the kernel for a lock and return the type of lock that it answers with."""
    asked = _FLOCK.pack(kind, os.SEEK_SET, start, length, 0)
    while True:
        try:
            return int(_FLOCK.unpack(fcntl.fcntl(place, command, asked))[0])
        except OSError as error:
            if error.errno != errno.EINTR:
                raise
