"""Fetch in a test: from a stand-in that answers what it is told, on loopback only."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from tests.services.harbour import TLS, Names, Server, read_request
from webapp.errors import FetchRefused
from webapp.services.asset_downloader import FetchPolicy, fetch

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8ffff3f0005fe02fea7"
    "35814e0000000049454e44ae426082"
)
QUICK = FetchPolicy(max_bytes=1_000_000, timeout_seconds=5)
LINK = "http://cdn.example.com/pictures/logo.png"


def answering(
    answers: bytes | Callable[[str, str], bytes], seen: list[str] | None = None, *, tls: bool = False
) -> Server:
    """Serve the same bytes to everybody, or what `answers(url, cookies)` makes of a request; note the requests."""

    def serve(connection: socket.socket) -> None:
        request = read_request(connection).decode("latin-1")
        if seen is not None:
            seen.append(request)
        head, *lines = request.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        url = f"http://{headers.get('host', '')}{head.split(' ')[1]}"
        connection.sendall(answers if isinstance(answers, bytes) else answers(url, headers.get("cookie", "")))

    return Server(serve, tls=tls)


def trusting_all() -> ssl.SSLContext:
    """Trust the stand-in under every name: these tests are about links, not about certificates."""
    context = ssl.create_default_context(cafile=TLS / "certificate.pem")
    context.check_hostname = False
    return context


def fetched(server, folder, url=LINK, policy=QUICK, **more):
    more.setdefault("resolve", Names({}))
    return fetch(url, policy, folder, lambda *_: None, dial=server.dial, **more)


def refused(server, folder, **more) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        fetched(server, folder, **more)
    assert list(folder.iterdir()) == []
    return caught.value
