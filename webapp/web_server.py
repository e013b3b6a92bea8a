"""waitress with limits: how long a connection may take for what, and how many of them one client may hold.

Everything is read and sent by waitress's one main loop; threads only work. So no slow client holds a thread, and what
is left to limit is connections, time, and bodies (`request_bodies.py`).
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import time
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from webapp.config import MB
from webapp.request_bodies import Parser, Room
from webapp.services.places import Places
from webapp.views.bodies import REFUSED

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Settings

CONNECTIONS = 1000
"""Open connections. When there are more, the one on which nothing happened for longest makes way."""
CONNECTIONS_OF_ONE = 256
"""Of one address: an office of forty browsers with six each. Not proxies are counted, but whom they name."""
LOOK_SECONDS = 2
"""How often overdue connections are looked for."""

HEADER_SECONDS = 20
"""From the first byte of a request to the end of its headers."""
IDLE_SECONDS = 20
"""Without a request, before the first one or after the last."""
PROXY_IDLE_SECONDS = 75
"""The same from a proxy: more than the 60 s after which nginx itself closes, so that no request meets a closed door."""
STALLED_SECONDS = 30
"""Without a byte of a body that is being sent to us."""
UNREAD_SECONDS = 90
"""Without a byte of an answer being taken: the system's buffers are megabytes, a minute's worth for a slow reader."""
SLOWEST_BYTES_PER_SECOND = 1024
"""Bodies and answers that are slower than this on average, after the time above, are given up."""
SLICE_BYTES = 1024 * 1024
"""The most that one connection sends before the main loop looks at the next."""
LINGER_SECONDS = 30
"""How long what is left of a refused body is thrown away: a client that is still sending would not read the answer."""

TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 10\r\n"
    b"Connection: close\r\nContent-Length: 69\r\n\r\n"
    b"Too many connections from your network are open. Try again in 10 s.\r\n"
)


def one_client(address: str) -> str:
    """Name whom an address belongs to: itself, but of IPv6 the network of 64 bits, which one machine has for itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:  # whatever a proxy said
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Tell the app why a body is missing."""

    def get_environment(self) -> dict[str, Any]:
        """Return the WSGI environ."""
        environ: dict[str, Any] = super().get_environment()
        if self.request.refused:
            environ[REFUSED] = self.request.refused
        return environ


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection, with a clock."""

    task_class = Task

    def __init__(self, server: Server, connection: socket.socket, address: Any, adj: Adjustments, map: Any) -> None:  # noqa: A002 - waitress's own name
        self.parser_class = partial(Parser, server.room, self._admit)
        self.owner = ""  # whose place this connection holds
        self.moved_at = self.began_at = time.monotonic()
        self.bytes = 0  # read of this request, or sent of this answer, since began_at
        self.will_linger = self.is_lingering = False
        self.left = SLICE_BYTES  # of what may be sent before others have their turn
        super().__init__(server, connection, address, adj, map=map)

    def received(self, data: bytes) -> bool:
        """Take in bytes of a request."""
        if self.request is None:
            self._begin()
        self._moved(len(data))
        return bool(super().received(data))

    def send(self, data: bytes, do_close: bool = True) -> int:  # noqa: FBT001, FBT002 - waitress's own signature
        """Send what the client takes right now; returns how much that is."""
        if self.left <= 0:
            return 0
        sent = int(super().send(data[: self.left], do_close=do_close))
        if sent:
            self.left -= sent
            self._moved(sent)
        return sent

    def service(self) -> None:
        """Answer a request, in a thread."""
        self._begin()
        self.left = SLICE_BYTES
        self.will_linger = bool(self.requests[0].refused or self.requests[0].error)
        super().service()
        if not self.total_outbufs_len:
            self._moved(0)
            self._answered()

    def readable(self) -> bool:
        """Say whether to read: also what is thrown away."""
        return self.is_lingering or bool(super().readable())

    def handle_read(self) -> None:
        """Read a piece of a request, or throw away a piece of one that was refused."""
        if not self.is_lingering:
            super().handle_read()
        elif not self.recv(self.adj.recv_bytes):
            self.handle_close()

    def handle_write(self) -> None:
        """Send a piece of an answer; behind that to a refused body wait until the client has seen it."""
        self.left = SLICE_BYTES
        if self.close_when_flushed and self.will_linger and not self.will_close:
            self._flush_exception(self._flush_some)
            if self.total_outbufs_len or self.will_close:
                return
            self._linger()
        else:
            super().handle_write()
        if not self.total_outbufs_len and not self.requests:
            self._answered()

    def handle_close(self) -> None:
        """End the connection, and let go of what it held."""
        super().handle_close()
        if self.request is not None:
            self.request.close()

    def del_channel(self, map: Any = None) -> None:  # noqa: A002 - waitress's own name
        """Forget the connection, however it ended."""
        super().del_channel(map)
        self._answered(for_good=True)

    def is_overdue(self, now: float) -> bool:
        """Say whether the client takes too long for whatever it is at."""
        still, took = now - self.moved_at, now - self.began_at
        if self.is_lingering:
            return took > LINGER_SECONDS
        if self.total_outbufs_len:
            return still > UNREAD_SECONDS or self._is_too_slow(took, UNREAD_SECONDS)
        if self.requests:
            return False  # a thread is at it
        if self.request is None:
            return still > (PROXY_IDLE_SECONDS if self.server.is_behind_proxy else IDLE_SECONDS)
        if not self.request.headers_finished:
            return took > HEADER_SECONDS
        return still > STALLED_SECONDS or self._is_too_slow(took, STALLED_SECONDS)

    @property
    def is_waiting(self) -> bool:
        """Say whether it has asked for nothing yet: such a connection makes way for another."""
        return not (self.requests or self.total_outbufs_len or (self.request and self.request.headers_finished))

    def _admit(self, request: Parser) -> HTTPStatus | None:
        """Behind a proxy count the request for whom it is sent on; returns the status of a refusal."""
        if not self.server.is_behind_proxy or self.owner:
            return None
        named = request.headers.get("X_FORWARDED_FOR", "").split(",")
        owner = one_client(named[-min(self.server.proxies, len(named))].strip() or self.addr[0])
        if not self.server.clients.take(owner):
            return HTTPStatus.TOO_MANY_REQUESTS
        self.owner = owner
        return None

    def _answered(self, *, for_good: bool = False) -> None:
        """Give back the place of a request, or at the end that of the connection."""
        if self.owner and (for_good or self.server.is_behind_proxy):
            owner, self.owner = self.owner, ""
            self.server.clients.give_back(owner)

    def _linger(self) -> None:
        """Tell the client that nothing more comes, and read on for a while."""
        self.close_when_flushed, self.is_lingering = False, True
        self._begin()
        with contextlib.suppress(OSError):  # it is gone already
            self.socket.shutdown(socket.SHUT_WR)

    def _begin(self) -> None:
        self.began_at = self.moved_at = time.monotonic()
        self.bytes = 0

    def _moved(self, count: int) -> None:
        self.moved_at = time.monotonic()
        self.bytes += count

    def _is_too_slow(self, took: float, grace: float) -> bool:
        return took > grace and self.bytes < took * SLOWEST_BYTES_PER_SECOND


class Server(TcpWSGIServer):  # type: ignore[misc]
    """The web server on a socket that listens already."""

    def __init__(self, app: Flask, settings: Settings, opened: socket.socket) -> None:
        self.room = Room(app, settings)
        self.proxies = settings.trusted_proxies
        self.clients = Places(2 * CONNECTIONS, CONNECTIONS_OF_ONE)
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(settings.web_threads)
        adjustments = Adjustments(
            sockets=[opened],
            threads=settings.web_threads,
            connection_limit=CONNECTIONS + 50,  # beyond this it does not even listen
            asyncore_use_poll=True,  # select() ends at 1,024 files
            cleanup_interval=LOOK_SECONDS,
            recv_bytes=65536,
            max_request_header_size=65536,
            max_request_body_size=settings.max_asset_bytes + 2 * MB,
            ident=None,
            clear_untrusted_proxy_headers=False,
        )
        where = (opened.family, opened.type, opened.proto, opened.getsockname())
        super().__init__(
            app,
            {},
            _start=True,
            _sock=opened,
            dispatcher=dispatcher,
            adj=adjustments,
            sockinfo=where,
            bind_socket=False,
        )

    @property
    def is_behind_proxy(self) -> bool:
        """Say whether connections come from proxies that name in X-Forwarded-For whom a request is from."""
        return self.proxies > 0

    def handle_accept(self) -> None:
        """Take a connection, unless its address has too many already."""
        try:
            accepted = self.accept()
            if accepted is None:
                return
            connection, address = accepted
            self.set_socket_options(connection)
        except OSError:  # it was gone before we came to it
            return
        owner = "" if self.is_behind_proxy else one_client(address[0])
        if owner and not self.clients.take(owner):
            _turn_away(connection)
            return
        if len(self.active_channels) >= CONNECTIONS:
            self._make_way()
        Channel(self, connection, address, self.adj, self._map).owner = owner

    def maintenance(self, _now: float) -> None:
        """Close connections on which nothing happens, or too little."""
        now = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now):
                channel.handle_close()  # `will_close` would wait until the client takes something

    def _make_way(self) -> None:
        waiting = [channel for channel in self.active_channels.values() if channel.is_waiting]
        if waiting:
            min(waiting, key=lambda channel: channel.moved_at).handle_close()


def _turn_away(connection: socket.socket) -> None:
    """Say in a sentence why a connection is closed, if there is room for it in the system's buffer."""
    with contextlib.suppress(OSError), connection:
        connection.setblocking(False)  # noqa: FBT003 - a method of Python's
        connection.send(TOO_MANY)
