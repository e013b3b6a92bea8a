"""The connection of a fetch: names resolved once, every answer vetted, one deadline for everything."""

# ruff: noqa: ARG002  the signatures are httpcore's; its per-read timeouts give way to the deadline

from __future__ import annotations

import ipaddress
import logging
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import httpcore2

from webapp.errors import FetchRefused
from webapp.services.fetching.addresses import Address, reason_refused
from webapp.services.fetching.heads import MendedStream
from webapp.services.fetching.links import refuse_address

if TYPE_CHECKING:
    from webapp.services.fetching.policy import FetchPolicy

Resolve = Callable[[str, int], Sequence[str]]
Dial = Callable[[Address, int, float], socket.socket]

RESOLVE_SECONDS = 5.0
CONNECT_SECONDS = 10.0
MAX_ADDRESSES_TRIED = 4
# Head, chunk sizes and trailers come on top of the body; a server that sends more than this of them is not honest.
OVERHEAD_BYTES = 1024 * 1024
# A look-up cannot be stopped, only abandoned: this many may hang before further ones are refused.
_lookups = threading.BoundedSemaphore(64)


log = logging.getLogger(__name__)


class _NowhereError(Exception):
    """Say inside this module why a name leads nowhere; only the log is told."""


class Deadline:
    """Hold the moment at which a whole fetch must be over."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left; raises FetchRefused when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> FetchRefused:
        """Build the refusal for a fetch that took too long."""
        return FetchRefused(
            f"The server took longer than {self.seconds:g} seconds.",
            permanent=False,
            hint="Try again later, or upload the file.",
        )


def resolve_name(host: str, port: int) -> list[str]:
    """Ask the system for the numeric addresses of `host`; raises OSError when it has none."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def dial_tcp(address: Address, port: int, timeout: float) -> socket.socket:
    """Open a TCP connection to a numeric address within `timeout` seconds; raises OSError."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect((str(address), port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


class VettedStream(httpcore2.NetworkStream):
    """Read and write a socket until the deadline, and not more than `budget` bytes of it."""

    def __init__(self, sock: socket.socket, deadline: Deadline, budget_bytes: int) -> None:
        self._sock = sock
        self._deadline = deadline
        self._budget_bytes = budget_bytes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read up to `max_bytes`; the caller's per-read timeout is ignored, the deadline holds instead."""
        try:
            self._sock.settimeout(self._deadline.remaining())
            received = self._sock.recv(max_bytes)
        except TimeoutError:
            raise self._deadline.passed() from None
        except OSError as error:
            raise httpcore2.ReadError(str(error)) from error
        self._budget_bytes -= len(received)
        if self._budget_bytes < 0:
            raise FetchRefused("The server sends more than a file of the allowed size can need.", permanent=False)
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of `buffer` before the deadline."""
        try:
            while buffer:
                self._sock.settimeout(self._deadline.remaining())
                buffer = buffer[self._sock.send(buffer) :]
        except TimeoutError:
            raise self._deadline.passed() from None
        except OSError as error:
            raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Shake hands within the deadline (Python holds the whole handshake to the socket's timeout)."""
        try:
            self._sock.settimeout(self._deadline.remaining())
            wrapped = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname)
        except BaseException as error:
            self._sock.close()
            if isinstance(error, TimeoutError):
                raise self._deadline.passed() from None
            if isinstance(error, ssl.SSLCertVerificationError):
                raise FetchRefused(
                    f"The certificate of this site is not valid: {error.verify_message}.",
                    permanent=False,
                    hint="Upload the file instead.",
                ) from None
            if isinstance(error, OSError | ValueError):
                raise FetchRefused("A secure connection to this site could not be set up.", permanent=False) from None
            raise
        return VettedStream(wrapped, self._deadline, self._budget_bytes)

    def get_extra_info(self, info: str) -> Any:
        """Tell httpcore about the TLS object (it asks for the protocol) and nothing else."""
        if info == "ssl_object" and isinstance(self._sock, ssl.SSLSocket):
            return self._sock
        if info == "is_readable":
            return True  # an idle connection is never used again
        return None


class VettedBackend(httpcore2.NetworkBackend):
    """Connect only to addresses that were vetted, at the moment of connecting.

    A check before the request and a second look-up inside the library would be two look-ups, and a name server may
    answer them differently (DNS rebinding). Here the address that was vetted is the address that is dialled. The URL,
    the Host header, SNI and the certificate check keep the name.
    """

    def __init__(self, policy: FetchPolicy, deadline: Deadline, resolve: Resolve, dial: Dial) -> None:
        self._policy = policy
        self._deadline = deadline
        self._resolve = resolve
        self._dial = dial

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Resolve `host` once, refuse it if any answer is bad, and connect to one of the answers."""
        addresses = self._vetted(host, port)
        for address in addresses[:MAX_ADDRESSES_TRIED]:
            try:
                sock = self._dial(address, port, min(CONNECT_SECONDS, self._deadline.remaining()))
            except OSError:
                continue
            self._check_peer(sock, address)
            return MendedStream(VettedStream(sock, self._deadline, self._policy.max_bytes + OVERHEAD_BYTES))
        self._deadline.remaining()
        raise FetchRefused("The server does not answer.", permanent=False, hint="Check the link, or try again later.")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        """Refuse: a link never means a socket on this machine."""
        raise refuse_address("a socket on this machine")

    def _vetted(self, host: str, port: int) -> list[Address]:
        try:
            literal = ipaddress.ip_address(host)
        except ValueError:
            return self._looked_up(host, port)
        reason = reason_refused(literal, self._policy.fetch_allow)
        if reason:
            raise refuse_address(reason)
        return [literal]

    def _looked_up(self, host: str, port: int) -> list[Address]:
        """Resolve a name and vet every answer. Raises FetchRefused, in the same words and at the same pace for each no.

        Whether a name of the network behind this server exists is nobody's business who may paste a link: an unknown
        name, one with a private address and one that hangs look alike. The log says which it was.
        """
        began = time.monotonic()
        try:
            return self._answers(host, port)
        except _NowhereError as error:
            log.warning("no fetch from %s: %s", host, error)
        grain = self._policy.nowhere_seconds
        if grain:
            took = time.monotonic() - began
            time.sleep(min(grain - took % grain, self._deadline.remaining()))
        raise FetchRefused(
            f"The name {host} does not lead to an address on the public internet.",
            permanent=False,
            hint="Check the link for a typing mistake, use one that works on the public internet, or upload the file.",
        )

    def _answers(self, host: str, port: int) -> list[Address]:
        addresses = []
        for answer in self._resolved(host, port):
            try:
                address = ipaddress.ip_address(answer)
            except ValueError:
                raise _NowhereError("the name server answered something that is no address") from None
            reason = reason_refused(address, self._policy.fetch_allow)
            if reason:
                raise _NowhereError(f"it leads to {address}, which is {reason}")
            addresses.append(address)
        return addresses

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        """Resolve in a thread that can be left behind; no answer, no connection."""
        if not _lookups.acquire(blocking=False):
            raise FetchRefused("Too many name look-ups are hanging.", permanent=False, hint="Try again in a minute.")
        answered: queue.SimpleQueue[Sequence[str] | None] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answered.put(self._resolve(host, port))
            except Exception:  # noqa: BLE001  whatever went wrong, the answer is "no address"
                answered.put(None)
            finally:
                _lookups.release()

        threading.Thread(target=ask, name="resolve", daemon=True).start()
        try:
            answers = answered.get(timeout=min(RESOLVE_SECONDS, self._deadline.remaining()))
        except queue.Empty:
            raise _NowhereError("the name server does not answer") from None
        if not answers:
            raise _NowhereError("the name is unknown")
        return answers

    def _check_peer(self, sock: socket.socket, address: Address) -> None:
        """Make sure that the socket ended where it was sent."""
        try:
            peer = ipaddress.ip_address(sock.getpeername()[0])
        except (OSError, ValueError, IndexError):
            peer = None
        if peer != address:
            sock.close()
            raise FetchRefused("The connection ended at another address than the one that was checked.")
