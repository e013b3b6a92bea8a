"""`slate serve`: one web server and one worker process, started together, stopped together."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import waitress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from flask import Flask

    from webapp.config import Settings

log = logging.getLogger(__name__)

CONNECTIONS = 1000
"""Open connections waitress keeps: a hundred slow clients must not shut anybody out (measured, see STYLE.md)."""
PATIENCE = 12
"""Seconds the worker gets to finish what it is doing before it is killed; the rest goes on at the next start."""


class Stop(BaseException):
    """Leave the web server's loop: the process was asked to end."""


def serve(app: Flask, settings: Settings, *, with_worker: bool = True) -> None:
    """Serve pages until SIGINT or SIGTERM, with a worker beside unless told otherwise."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    with contextlib.suppress(Stop), _worker() if with_worker else contextlib.nullcontext():
        waitress.serve(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.web_threads,
            connection_limit=CONNECTIONS,
            channel_timeout=60,
            ident=None,
            max_request_body_size=settings.max_asset_bytes + 2 * 1024 * 1024,
            clear_untrusted_proxy_headers=False,
        )


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stop


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    """Keep a worker process running: start it again when it dies, end it with us."""
    ending = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ending.is_set():
            child = subprocess.Popen([sys.executable, "-m", "webapp.cli", "worker"], start_new_session=True, env=os.environ)  # noqa: S603 - our own module
            running[:] = [child]
            child.wait()
            if not ending.wait(1):
                log.warning("the worker ended (%s), starting it again", child.returncode)

    thread = threading.Thread(target=keep, name="worker keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        for child in running:
            child.terminate()
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
