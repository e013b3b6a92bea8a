"""The web server of `slate serve` in a thread, spoken to over raw sockets."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import waitress
from waitress import wasyncore

from webapp import web_server


@contextmanager
def running(app, *, naive=False, **settings):
    """Yield the server; `port` says where. `settings` differ from the app's, for the server alone.

    `naive` is the control: waitress as it is, with a few threads and an app that hands out pieces, not files.
    """
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    if naive:
        server = waitress.create_server(_without_files(app), sockets=[listening], threads=4, asyncore_use_poll=True)
    else:
        server = web_server.Server(app, replace(app.extensions["settings"], **settings), listening)
    server.port = listening.getsockname()[1]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.trigger.pull_trigger(lambda: _end(server))
        thread.join(20)
        server.task_dispatcher.shutdown()
        listening.close()
        assert not thread.is_alive()


def _end(server):
    for channel in list(server.active_channels.values()):
        if channel.request is not None:
            channel.request.close()  # waitress alone leaves that to the garbage collector
        channel.handle_close()
    wasyncore.close_all(server._map, ignore_all=True)


def _without_files(app):
    def call(environ, start_response):
        del environ["wsgi.file_wrapper"]
        return app(environ, start_response)

    return call


def connect(server, receive_buffer=0):
    """Open a connection; a small receive buffer makes a slow reader."""
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(60)
    client.connect(("127.0.0.1", server.port))
    return client


def head(method, path, **headers):
    """Return the head of a request; underscores in names become hyphens."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", "")).encode()


class Answer:
    """An answer with its status, headers (in lower case) and body."""

    def __init__(self, raw):
        top, _, self.body = raw.partition(b"\r\n\r\n")
        lines = top.decode("latin-1").split("\r\n")
        self.status = int(re.match(r"HTTP/1\.\d (\d{3})", lines[0])[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}


def receive(client, *, without_body=False):
    """Read one answer that names its length; None when the connection ends without one."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        try:
            piece = client.recv(65536)
        except ConnectionResetError:
            return None
        if not piece:
            return None
        raw += piece
    found = re.search(rb"(?i)\r\ncontent-length: (\d+)", raw)
    length = raw.index(b"\r\n\r\n") + 4 + int(found[1] if found and not without_body else 0)
    while len(raw) < length:
        piece = client.recv(65536)
        if not piece:
            break
        raw += piece
    return Answer(raw)


def ask(server, method, path, **headers):
    """Ask once on a connection of its own."""
    with connect(server) as client:
        client.sendall(head(method, path, **headers))
        return receive(client, without_body=method == "HEAD")


def until(truth, seconds=60.0):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.01)


def open_files(folder):
    """Return the bytes of the files in a folder that this process has open, those without a name as well."""
    total = 0
    for link in Path("/proc/self/fd").iterdir():
        try:
            if str(link.readlink()).startswith(str(folder)):
                total += link.stat().st_size
        except OSError:
            continue
    return total
