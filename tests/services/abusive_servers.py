"""Servers that misbehave on purpose, each in one way."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import socket
import struct
import time
from typing import TYPE_CHECKING

from tests.services.harbour import Server, answer, read_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 3.0  # how long a patient abuser goes on; the fetches under test have one second
OK = b"HTTP/1.1 200 OK\r\n"


def _pieces(connection: socket.socket, pieces: Iterator[bytes], pause: float) -> None:
    end = time.monotonic() + SECONDS
    for piece in pieces:
        connection.sendall(piece)
        if pause:
            time.sleep(pause)
        if time.monotonic() > end:
            break


def _says(*head: bytes, then: Callable[[], Iterator[bytes]] = lambda: iter(()), pause: float = 0.0):
    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"".join(head))
        _pieces(connection, then(), pause)

    return serve


def _silent(connection: socket.socket) -> None:
    read_request(connection)
    _wait_for_close(connection)


def _wait_for_close(connection: socket.socket) -> None:
    connection.settimeout(SECONDS)
    with contextlib.suppress(OSError):
        while connection.recv(65_536):
            pass


def _reset(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(OK + b"Content-Length: 900\r\n\r\n" + b"\x89PNG\r\n\x1a\n")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _drip_handshake(connection: socket.socket) -> None:
    connection.recv(65_536)
    _pieces(connection, itertools.chain([b"\x16\x03\x03\x40\x00"], itertools.repeat(b"\x02")), 0.05)


def _repeat(piece: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: itertools.repeat(piece)


ABUSES: dict[str, Callable[[socket.socket], None]] = {
    "silence": _silent,
    "handshake never answered": _wait_for_close,
    "handshake dripping": _drip_handshake,
    "slow headers": _says(OK, then=lambda: (b"X-%d: y\r\n" % number for number in itertools.count()), pause=0.05),
    "dripping header byte by byte": _says(OK + b"X-Name: ", then=_repeat(b"y"), pause=0.02),
    "dripping body": _says(OK + b"Content-Length: 900000\r\n\r\n", then=_repeat(b"\x89"), pause=0.02),
    "endless body": _says(OK + b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n", then=_repeat(b"\0" * 65_536)),
    "endless chunks": _says(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", then=_repeat(b"10000\r\n" + b"\xff" * 65_536 + b"\r\n")
    ),
    "chunks of one byte": _says(OK + b"Transfer-Encoding: chunked\r\n\r\n", then=_repeat(b"1\r\n\xff\r\n" * 5000)),
    "chunk extension without end": _says(OK + b"Transfer-Encoding: chunked\r\n\r\n1;", then=_repeat(b"x" * 65_536)),
    "chunked garbage": _says(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello"),
    "length too large": _says(OK + b"Content-Length: 99999999999999\r\n\r\n"),
    "length too short for the body": _says(answer(b"\x89PNG\r\n\x1a\n", Content_Length="900")),
    "lengths that disagree": _says(OK + b"Content-Length: 5\r\nContent-Length: 900\r\n\r\nhello"),
    "length that is no number": _says(OK + b"Content-Length: -5\r\n\r\nhello"),
    "gzip bomb": _says(answer(gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip")),
    "header bomb": _says(OK, then=lambda: (b"X-%d: %s\r\n" % (number, b"y" * 900) for number in itertools.count())),
    "huge header": _says(OK + b"X-Name: ", then=_repeat(b"y" * 65_536)),
    "informational for ever": _says(then=_repeat(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100)),
    "redirect loop": _says(answer(b"", "302 Found", Location="http://cdn.example.com/a.png")),
    "redirect to a file": _says(answer(b"", "302 Found", Location="file:///etc/passwd")),
    "redirect with an endless body": _says(
        b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n", then=_repeat(b"x" * 65_536)
    ),
    "reset in the middle": _reset,
    "closed at once": socket.socket.close,
    "not HTTP at all": _says(b"\x00\x01\x02" * 5000),
    "upgrade nobody asked for": _says(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", then=_repeat(b"\0" * 4096)
    ),
    "trailers without end": _says(
        OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n\xff\r\n0\r\n", then=_repeat(b"X: y\r\n" * 1000)
    ),
}


@contextlib.contextmanager
def never_accepting() -> Iterator[Server]:
    """Listen with a full queue, so that connecting itself hangs."""
    server = Server(_silent)
    server._listener.listen(0)
    waiting = []
    for _ in range(4):
        sock = socket.socket()
        sock.setblocking(False)  # noqa: FBT003  its signature
        with contextlib.suppress(BlockingIOError):
            sock.connect(("127.0.0.1", server.port))
        waiting.append(sock)
    time.sleep(0.05)
    try:
        yield server
    finally:
        for sock in (*waiting, server._listener):
            sock.close()
