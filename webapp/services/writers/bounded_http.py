"""The HTTP client of the model writers: one deadline and one byte cap that no server can talk its way around."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx2

from webapp.services.backed_transport import BackedTransport

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

# What may come over the wire for one answer. A storyboard is 10 kB of text; as one event per token that is about
# 100 times as much, and a model that thinks aloud first doubles it.
MAX_WIRE_BYTES = 8 * 1024 * 1024


class Bounds:
    """Hold what one call may take: seconds by the wall clock, retries included, and bytes of each answer."""

    def __init__(self, seconds: float, max_bytes: int = MAX_WIRE_BYTES) -> None:
        self.seconds = seconds
        self.max_bytes = max_bytes
        self.received_bytes = 0
        self._deadline = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Return the seconds left, never below 0."""
        return max(0.0, self._deadline - time.monotonic())

    @property
    def too_late(self) -> bool:
        """Tell whether the deadline has passed."""
        return self.remaining <= 0

    @property
    def too_large(self) -> bool:
        """Tell whether the present answer went over the cap."""
        return self.received_bytes > self.max_bytes

    def start_answer(self) -> None:
        """Count the bytes of a new answer from zero."""
        self.received_bytes = 0


class _BoundedStream(httpcore2.NetworkStream):
    """Cut every wait on a socket to what is left of the deadline, and stop reading at the cap.

    httpx's own `timeout=` is per read: a server that drips one byte a second holds it for ever.
    """

    def __init__(self, inner: httpcore2.NetworkStream, bounds: Bounds) -> None:
        self._inner = inner
        self._bounds = bounds

    def _wait(self, timeout: float | None) -> float:
        if self._bounds.too_late:
            raise httpcore2.ReadTimeout("the deadline has passed")
        remaining = self._bounds.remaining
        return remaining if timeout is None else min(timeout, remaining)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received = self._inner.read(max_bytes, self._wait(timeout))
        self._bounds.received_bytes += len(received)
        if self._bounds.too_large:
            raise httpcore2.ReadError("the answer is over the byte cap")
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._wait(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._wait(timeout))
        return _BoundedStream(secured, self._bounds)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _BoundedBackend(httpcore2.SyncBackend):
    """Open sockets that keep to the bounds."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        patience = min(timeout or CONNECT_SECONDS, max(self._bounds.remaining, 0.001))
        stream = super().connect_tcp(host, port, patience, local_address, socket_options)
        return _BoundedStream(stream, self._bounds)


class _BoundedTransport(BackedTransport):
    """Refuse what could unfold behind the cap of the sockets below it."""

    def __init__(self, bounds: Bounds) -> None:
        # A call is rare and long: a kept connection saves little, and one closed meanwhile costs a try.
        super().__init__(_BoundedBackend(bounds), _tls_context(), max_connections=2)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        # A compressed answer could unfold to any size behind the cap; we asked for none.
        if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            response.close()
            raise httpx2.DecodingError("the answer is compressed although that was not asked for", request=request)
        return response


CONNECT_SECONDS = 10.0


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    """Make the TLS context of this process, once: loading the certificates takes longer than the rest."""
    return httpx2.create_ssl_context(trust_env=False)


def bounded_client(bounds: Bounds, stall_seconds: float) -> httpx2.Client:
    """Make a client for one call: no redirects, no proxy variables, no silence longer than `stall_seconds`."""
    return httpx2.Client(
        transport=_BoundedTransport(bounds),
        timeout=httpx2.Timeout(stall_seconds, connect=min(CONNECT_SECONDS, stall_seconds)),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity"},
    )
