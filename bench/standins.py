"""What Slate talks to in a measurement: a model of 50 tokens a second and a host of assets, both on this machine."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKENS_PER_SECOND = 50
LETTERS_PER_TOKEN = 4
"""English text, the usual rule of thumb."""


class StandIn:
    """A server whose pace and latency the measurement sets."""

    def __init__(self) -> None:
        self.tokens_per_second: float = TOKENS_PER_SECOND
        self.latency = 0.0
        self.files: dict[str, bytes] = {}
        self.began = self.ended = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.write(self, asked)

            def do_GET(self) -> None:
                outer.give(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def seconds(self) -> float:
        """Return how long the model took for its last storyboard."""
        return self.ended - self.began

    def write(self, handler: BaseHTTPRequestHandler, asked: dict[str, object]) -> None:
        """Stream a storyboard of five scenes, token by token."""
        del asked
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        self.began = time.monotonic()
        frame = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "stand-in"}
        text = story(5)
        for at in range(0, len(text), LETTERS_PER_TOKEN):
            # against the clock, not piece by piece: sleeping too long once must not add up
            due = self.began + at / LETTERS_PER_TOKEN / self.tokens_per_second
            time.sleep(max(0.0, due - time.monotonic()))
            choice = {"index": 0, "delta": {"content": text[at : at + LETTERS_PER_TOKEN]}}
            handler.wfile.write(b"data: " + json.dumps(frame | {"choices": [choice]}).encode() + b"\n\n")
            handler.wfile.flush()
        end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        handler.wfile.write(b"data: " + json.dumps(frame | end).encode() + b"\n\ndata: [DONE]\n\n")
        handler.close_connection = True
        self.ended = time.monotonic()

    def give(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a file after the latency."""
        time.sleep(self.latency)
        content = self.files[handler.path]
        handler.send_response(200)
        handler.send_header("Content-Type", "application/octet-stream")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        for at in range(0, len(content), 65536):
            handler.wfile.write(content[at : at + 65536])


def story(count: int) -> str:
    """Return a storyboard as a model writes it, about 110 tokens a scene."""
    return json.dumps({"scenes": list(_scenes(count))})


def _scenes(count: int) -> Iterator[dict[str, object]]:
    for number in range(1, count + 1):
        yield {
            "number": number,
            "title": f"Morning {number}",
            "beat": "hook" if number == 1 else "cta" if number == count else "product",
            "description": f"Scene {number}: a kitchen at dawn, steam rises from a blue cup, the radio plays softly.",
            "script": "A line that somebody speaks over the picture, short enough to fit.",
            "on_screen": "Ready before you are" if number == 1 else "",
            "shot_type": "wide" if number % 2 else "close-up",
            "camera_move": "static",
            "transition": "cut",
            "seconds": 3,
            "assets": [],
        }
