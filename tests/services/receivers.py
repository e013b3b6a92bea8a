"""Where messages go in tests: an HTTP server that answers by a script, and a mail server that keeps what it gets."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from email.message import EmailMessage


class Receiver:
    """Take webhooks' messages on loopback; `script` holds the answers in turn, the last one stays.

    An answer is a status, or one of: "slow" (says nothing for 4 s), "redirect", "huge" (200 and a body without end),
    "garbage" (no HTTP).
    """

    def __init__(self, *script: int | str) -> None:
        self.script: list[int | str] = list(script) or [204]
        self.got: list[tuple[dict[str, str], bytes]] = []
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver._take(self, {name.lower(): value for name, value in self.headers.items()}, body)

            def do_GET(self) -> None:
                receiver.got.append(({"method": "GET"}, b""))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/slate?room=1"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Return what was sent, parsed."""
        return [json.loads(body) for _, body in self.got]

    def _take(self, handler: BaseHTTPRequestHandler, headers: dict[str, str], body: bytes) -> None:
        with self._lock:
            self.got.append((headers, body))
            answer = self.script[0] if len(self.script) == 1 else self.script.pop(0)
        if answer == "slow":
            time.sleep(4)
        elif answer == "garbage":
            handler.wfile.write(b"not http at all\r\n\r\n")
        elif answer == "redirect":
            handler.send_response(302)
            handler.send_header("Location", self.url)
            handler.end_headers()
        elif answer == "huge":
            handler.send_response(200)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(b"x" * 65_536)
            except OSError:
                self.hung_up = True
        else:
            handler.send_response(int(answer))
            handler.end_headers()


class PostOffice:
    """Take mails on loopback; `refuse` answers every recipient with this line instead."""

    def __init__(self, refuse: str = "") -> None:
        self.refuse = refuse
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self._loop = asyncio.new_event_loop()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own spelling
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's own spelling
        self.recipients += envelope.rcpt_tos
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def __enter__(self) -> Self:
        # in a thread from the start: where a browser was driven before, this thread has a running loop already
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = self._loop.create_server(
            lambda: SMTP(self, hostname="post.example", loop=self._loop), "127.0.0.1", 0
        )
        self._server = asyncio.run_coroutine_threadsafe(_awaited(listening), self._loop).result(5)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)


async def _awaited(awaitable: Any) -> Any:
    return await awaitable
