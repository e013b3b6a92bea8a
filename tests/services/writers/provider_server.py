"""FakeProvider: a local HTTP server that speaks OpenAI's and Anthropic's wire formats, faults included."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

KEY = "sk-test-4f9a1c7e2b8d6053"


def scene(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": f"Morning {number}",
        "beat": "hook" if number == 1 else "product",
        "description": f"Scene {number}: a kitchen at dawn, steam rises from a blue cup while the radio plays.",
        "script": f"Line {number}, spoken over the picture.",
        "on_screen": "",
        "shot_type": "wide",
        "camera_move": "static",
        "transition": "cut",
        "seconds": 5,
        "assets": [],
    } | changes


def story(count: int = 3, first: int = 1, **changes: Any) -> str:
    return json.dumps({"scenes": [scene(n, **changes) for n in range(first, first + count)]})


@dataclass
class Answer:
    """One answer of the server: bytes in pieces, each after `delay` seconds; `cut` closes without an ending."""

    pieces: Iterable[bytes]
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False
    raw: bool = False
    """The pieces are the whole answer, status line and headers included."""


class FakeProvider:
    """Answer each request with the next answer of the script, the last one for ever, and remember what was asked."""

    def __init__(self) -> None:
        self.script: list[Answer | Callable[[dict[str, Any]], Answer]] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.asked_at: list[float] = []
        self.stopping = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                provider.asked_at.append(time.monotonic())
                provider.requests.append(body)
                provider.headers.append({name.lower(): value for name, value in self.headers.items()})
                step = provider.script[min(len(provider.requests), len(provider.script)) - 1]
                with contextlib.suppress(OSError):
                    provider.send(self, step if isinstance(step, Answer) else step(body))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        handler.close_connection = True
        if not answer.raw:
            handler.send_response(answer.status)
            handler.send_header("Content-Type", answer.content_type)
            handler.send_header("Transfer-Encoding", "chunked")
            for name, value in answer.headers.items():
                handler.send_header(name, value)
            handler.end_headers()
        for piece in answer.pieces:
            if answer.delay and self.stopping.wait(answer.delay):
                break
            handler.wfile.write(piece if answer.raw else f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if not (answer.cut or answer.raw):
            handler.wfile.write(b"0\r\n\r\n")


def body(value: object, status: int = 200, **more: Any) -> Answer:
    return Answer([json.dumps(value).encode()], status=status, **more)


def pieces_of(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


class OpenAIWire:
    """Answers as OpenAI's chat completions give them."""

    name = "openai"

    def stream(
        self,
        text: str,
        *,
        ending: str = "stop",
        usage: bool = True,
        size: int = 16,
        stop_after: int | None = None,
        refusal: str = "",
        **more: Any,
    ) -> Answer:
        events: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}]
        events += [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces_of(text, size)]
        events += [{"choices": [{"index": 0, "delta": {"refusal": piece}}]} for piece in pieces_of(refusal, size)]
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": ending}]})
        if usage:
            events.append(
                {"choices": [], "usage": {"prompt_tokens": 700, "completion_tokens": 300, "total_tokens": 1000}}
            )
        frame = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        lines = [b"data: " + json.dumps(frame | event).encode() + b"\n\n" for event in events[:stop_after]]
        if stop_after is None:
            lines.append(b"data: [DONE]\n\n")
        return Answer(lines, content_type="text/event-stream", cut=stop_after is not None, **more)

    def whole(self, text: str | None, ending: str = "stop", **more: Any) -> Answer:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": ending}
        usage = {"prompt_tokens": 700, "completion_tokens": 300, "total_tokens": 1000}
        return body({"id": "c1", "object": "chat.completion", "choices": [choice], "usage": usage}, **more)

    def refusal(self, sentence: str) -> Answer:
        return self.stream("", refusal=sentence)

    def error(self, status: int, message: str = "It failed.", code: str = "", **more: Any) -> Answer:
        return body({"error": {"message": message, "type": code or "error", "code": code or None}}, status, **more)

    def error_in_stream(self) -> Answer:
        line = b'data: {"error": {"message": "The server is busy", "type": "server_error", "code": "server_error"}}\n\n'
        return Answer([line], content_type="text/event-stream")

    length, filtered = "length", "content_filter"


class AnthropicWire:
    """Answers as Anthropic's messages give them, the scenes as the input of a tool."""

    name = "anthropic"

    def stream(
        self,
        text: str,
        *,
        ending: str = "tool_use",
        usage: bool = True,
        size: int = 16,
        stop_after: int | None = None,
        as_text: bool = False,
        **more: Any,
    ) -> Answer:
        begin: dict[str, Any] = {"id": "m1", "type": "message", "role": "assistant", "content": [], "model": "m"}
        begin |= {"usage": {"input_tokens": 700, "output_tokens": 1}} if usage else {}
        tool = {"type": "tool_use", "id": "t1", "name": "write_scenes", "input": {}}
        events: list[dict[str, Any]] = [{"type": "message_start", "message": begin}]
        block = {"type": "text", "text": ""} if as_text else tool
        events += [{"type": "ping"}, {"type": "content_block_start", "index": 0, "content_block": block}]
        for piece in pieces_of(text, size):
            kind = {"type": "text_delta", "text": piece}
            delta = kind if as_text else {"type": "input_json_delta", "partial_json": piece}
            events.append({"type": "content_block_delta", "index": 0, "delta": delta})
        events.append({"type": "content_block_stop", "index": 0})
        end: dict[str, Any] = {"type": "message_delta", "delta": {"stop_reason": ending, "stop_sequence": None}}
        events.append(end | ({"usage": {"output_tokens": 300}} if usage else {}))
        events.append({"type": "message_stop"})
        lines = [self._line(event) for event in events[:stop_after]]
        return Answer(lines, content_type="text/event-stream", cut=stop_after is not None, **more)

    def refusal(self, sentence: str) -> Answer:
        return self.stream(sentence, ending="refusal", as_text=True)

    def error(self, status: int, message: str = "It failed.", code: str = "api_error", **more: Any) -> Answer:
        return body({"type": "error", "error": {"type": code, "message": message}}, status, **more)

    def error_in_stream(self) -> Answer:
        event = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
        return Answer([self._line(event)], content_type="text/event-stream")

    length, filtered = "max_tokens", "refusal"

    @staticmethod
    def _line(event: dict[str, Any]) -> bytes:
        return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
