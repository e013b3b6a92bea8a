"""A closed harbour for fetches: scripted names, a stand-in for the public internet, a watch on every connect."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

from tests.services.hostile_links import PUBLIC_V4, PUBLIC_V6
from webapp.services.fetching.backend import dial_tcp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TLS = Path(__file__).with_name("tls")
PUBLIC = {ipaddress.ip_address(PUBLIC_V4), ipaddress.ip_address(PUBLIC_V6)}


class Watch:
    """Note every address that Python connects to, and stop what would leave this machine."""

    def __init__(self) -> None:
        self.seen: list[tuple] | None = None
        sys.addaudithook(self._hear)  # a hook stays for the life of the process; `seen` switches it

    def _hear(self, event: str, args: tuple) -> None:
        if event != "socket.connect" or self.seen is None:
            return
        address = args[1]
        self.seen.append(address)
        if not isinstance(address, tuple) or not ipaddress.ip_address(address[0].partition("%")[0]).is_loopback:
            raise PermissionError("these tests stay on this machine")

    @contextlib.contextmanager
    def watching(self) -> Iterator[list[tuple]]:
        """Collect the addresses connected to inside the block."""
        self.seen = seen = []
        try:
            yield seen
        finally:
            self.seen = None


watch = Watch()


class Names:
    """Answer look-ups from a script and count them; a name's answers are used up one by one, the last stays."""

    def __init__(self, script: dict[str, tuple[tuple[str, ...], ...]], default: tuple[str, ...] = (PUBLIC_V4,)) -> None:
        self._left = {name: list(answers) for name, answers in script.items()}
        self._default = default
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self._left.get(host)
        if not answers:
            return self._default
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Posing(socket.socket):
    """A loopback socket that says it is connected to the address it stands for."""

    posed = ("", 0)

    def getpeername(self) -> tuple:
        return self.posed


class Server:
    """Listen on loopback and hand every connection to `serve` in a thread of its own."""

    def __init__(self, serve: Callable[[socket.socket], None], *, tls: bool = False) -> None:
        self._serve = serve
        self._context = None
        if tls:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.served = 0
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listener.settimeout(0.05)
        accepting = threading.Thread(target=self._accept)
        accepting.start()
        self._threads.append(accepting)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.served += 1
            thread = threading.Thread(target=self._one, args=(connection,))
            thread.start()
            self._threads.append(thread)

    def _one(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            with contextlib.closing(connection):
                self._serve(connection)

    def dial(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int, timeout: float) -> socket.socket:
        """Stand in for the public addresses of these tests; every other address is dialled in earnest."""
        if address not in PUBLIC:
            return dial_tcp(address, port, timeout)
        sock = Posing(socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(timeout)
        try:
            sock.connect(("127.0.0.1", self.port))
        except OSError:
            sock.close()
            raise
        sock.posed = (str(address), port)
        return sock


def read_request(connection: socket.socket) -> bytes:
    """Read a request up to its empty line."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65_536)
        if not piece:
            break
        received += piece
    return received


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Write a whole HTTP answer; header names use _ for -."""
    lines = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def redirecting(body: bytes) -> Callable[[socket.socket], None]:
    """Serve `body` everywhere, except that /to?URL redirects to that URL."""

    def serve(connection: socket.socket) -> None:
        target = read_request(connection).split(b" ")[1].decode()
        if target.startswith("/to?"):
            location = unquote(target[4:]).encode().decode("latin-1")
            connection.sendall(answer(b"", "302 Found", Location=location))
        else:
            connection.sendall(answer(body))

    return serve
