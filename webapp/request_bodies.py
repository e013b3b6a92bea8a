"""Bodies of requests on their way in: nothing large from strangers, and no more than there is room for.

waitress keeps a body in a file until it is complete. Here its parser first asks whose it is and takes room for it; a
body for which there is none is never kept, and the app answers for it (`views/bodies.py`).
"""

from __future__ import annotations

import shutil
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from waitress.parser import HTTPRequestParser

from webapp.config import MB
from webapp.services.places import Places
from webapp.views import bodies

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from waitress.adjustments import Adjustments

    from webapp.config import Settings

UPLOADS_AT_ONCE = 10
"""Bodies of the largest size that may be on their way at a time, half of them from one person."""
STEP_BYTES = MB
"""A body whose length nobody said takes room in steps of this."""


class Room:
    """The room there is for large bodies, and who holds how much of it."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.most = settings.max_asset_bytes + MB  # the file and the fields around it
        self._app = app
        self._folder, self._reserve = settings.data, settings.min_free_disk_mb * MB
        self._places = Places(UPLOADS_AT_ONCE * self.most)

    def sender(self, headers: dict[str, str], path: str) -> str:
        """Name who sends a request; empty for a stranger."""
        environ: dict[str, Any] = {f"HTTP_{name}": value for name, value in headers.items()}
        needed = {"REQUEST_METHOD": "POST", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
        return bodies.sender(self._app, environ | needed | {"PATH_INFO": path})

    def take(self, sender: str, size: int) -> HTTPStatus | None:
        """Take room for so many bytes; the status of the refusal when there is none."""
        if shutil.disk_usage(self._folder).free - self._places.taken - size < self._reserve:
            return HTTPStatus.INSUFFICIENT_STORAGE
        return None if self._places.take(sender, size) else HTTPStatus.SERVICE_UNAVAILABLE

    def give_back(self, sender: str, size: int) -> None:
        """Give room back."""
        self._places.give_back(sender, size)


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Read a request as waitress does, but decide at the end of the headers whether its body is read at all.

    `admit` is called with this parser when its headers are there, and may refuse all of it with a status.
    """

    refused: HTTPStatus | None = None
    """Why the body was not read; the connection ends after the answer."""

    def __init__(self, room: Room, admit: Callable[[Parser], HTTPStatus | None], adj: Adjustments) -> None:
        super().__init__(adj)
        self._room, self._admit = room, admit
        self._sender, self._taken = "", 0

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and say what becomes of the body."""
        super().parse_header(header_plus)
        if (status := self._admit(self) or self._judge_body()) is not None:
            self._refuse(status)

    def received(self, data: bytes) -> int:
        """Take in what came. Of a refused request all that follows is dropped: it is no other request."""
        consumed = int(super().received(data))
        if self.chunked and self.body_rcv is not None and (status := self._judge_growth()) is not None:
            self._refuse(status)
        return len(data) if self.refused else consumed

    def close(self) -> None:
        """Let go of the body and of the room it took."""
        super().close()
        taken, self._taken = self._taken, 0
        if taken:
            self._room.give_back(self._sender, taken)

    def _judge_body(self) -> HTTPStatus | None:
        if not self.chunked and self.content_length <= bodies.SMALL_BYTES:
            return None
        if self.content_length > self._room.most:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        self._sender = self._room.sender(self.headers, self.path)
        if self.chunked:
            return None
        return self._take(self.content_length) if self._sender else HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def _judge_growth(self) -> HTTPStatus | None:
        size = self.body_bytes_received  # with the lines between the chunks
        if size > (self._room.most if self._sender else bodies.SMALL_BYTES):
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        while self._sender and self._taken < size - bodies.SMALL_BYTES:
            if (status := self._take(STEP_BYTES)) is not None:
                return status
        return None

    def _take(self, size: int) -> HTTPStatus | None:
        status = self._room.take(self._sender, size)
        self._taken += 0 if status else size
        return status

    def _refuse(self, status: HTTPStatus) -> None:
        """Go on as if there were no body; the app says why."""
        self.close()
        self.refused, self.error, self.body_rcv = status, None, None
        self.chunked, self.content_length, self.expect_continue = False, 0, False
        self.headers.pop("CONTENT_LENGTH", None)
        self.headers["CONNECTION"] = "close"
        self.completed = True
