"""`slate serve`: one web server and one worker process, started together, stopped together."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING

from webapp import web_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from flask import Flask

    from webapp.config import Settings

log = logging.getLogger(__name__)

FILES = 8192
"""Open files the web process may have: connections, bodies on their way, databases."""
BACKLOG = 1024
"""Connections the system holds while the databases are brought up to date; one does not turn people away meanwhile."""
PATIENCE = 12.0
"""Seconds the worker gets to end by itself (it gives its steps 8); what is open then goes on at the next start."""
SHORT_LIFE = 10.0
"""A worker that ends sooner than this many seconds after its start has a lasting trouble: the next try waits longer."""
LONGEST_PAUSE = 30.0


class PortTaken(Exception):
    """Say that the address cannot be listened on, and what to do."""


def listen(settings: Settings) -> socket.socket:
    """Take HOST and PORT, before anything that takes time.

    Raises:
        PortTaken: somebody else has the port, or this machine does not have the address.
    """
    where = f"{settings.host}:{settings.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Another program listens on {where} already. Stop it, or choose another port: PORT=8001 make run"
            raise PortTaken(message) from error
        message = f"Slate cannot listen on {where}: {error.strerror}. Check HOST and PORT."
        raise PortTaken(message) from error
    return opened


def serve(app: Flask, settings: Settings, opened: socket.socket, *, with_worker: bool = True) -> None:
    """Serve pages until SIGINT or SIGTERM, with a worker beside unless told otherwise; then end both."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    _allow_files()
    tempfile.tempdir = str(settings.temporary)  # bodies lie there, on the disk whose room is counted
    with contextlib.suppress(KeyboardInterrupt), _worker() if with_worker else contextlib.nullcontext():
        web_server.Server(app, settings, opened).run()


def _allow_files() -> None:
    """Let this process have as many files open as connections and bodies may need; many systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def follow_parent(pipe: int) -> None:
    """End this process when the one that started it is gone, however it went: the other end of `pipe` closes then.

    Without this the worker of a killed `slate serve` would live on and keep the next one from starting its own.
    """

    def wait() -> None:
        while os.read(pipe, 1):
            continue
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(PATIENCE)
        os._exit(1)  # it did not end in time; what was open goes on at the next start

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not interrupt the ending. waitress ends its threads on KeyboardInterrupt.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    """Keep a worker process running: start it again when it dies, end it with us."""
    keeper = _Keeper()
    thread = threading.Thread(target=keeper.keep, name="worker keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        keeper.end()
        thread.join(PATIENCE)


class _Keeper:
    """Start the worker process as often as it takes."""

    def __init__(self, start: Callable[[int], subprocess.Popen[bytes]] | None = None) -> None:
        self._start = start or _start_worker
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Run one worker after the other until told to end; the pauses grow while they die young."""
        ours, theirs = os.pipe()  # closes with this process, however it ends
        pause = 1.0
        while True:
            with self._lock:
                if self._ending.is_set():
                    break
                began = time.monotonic()
                child = self._child = self._start(ours)
            code = child.wait()
            if self._ending.is_set():
                break
            pause = min(pause * 2, LONGEST_PAUSE) if time.monotonic() - began < SHORT_LIFE else 1.0
            log.warning("the worker ended with code %s; starting it again in %.0f s", code, pause)
            self._ending.wait(pause)
        os.close(ours)
        os.close(theirs)

    def end(self) -> None:
        """Ask the worker to end, and kill it when it does not."""
        with self._lock:
            self._ending.set()
            child = self._child
        if child is None:
            return
        child.terminate()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            log.warning("the worker did not end within %.0f s; what it was at goes on at the next start", PATIENCE)
            child.kill()


def _start_worker(pipe: int) -> subprocess.Popen[bytes]:
    # a session of its own: Ctrl-C in the terminal is for us, and we tell the worker
    command = [sys.executable, "-m", "webapp.cli", "worker", "--beside", str(pipe)]
    return subprocess.Popen(command, start_new_session=True, pass_fds=[pipe])  # noqa: S603 - our own module
