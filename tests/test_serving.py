"""`slate serve` for real: it starts a worker beside itself, keeps it, and leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from webapp.extensions import db
from webapp.models import Worker


class Served:
    """A running `slate serve` and what it printed so far."""

    def __init__(self, settings, *words):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.log = settings.data.parent / "serve.log"
        env = {"PATH": os.environ["PATH"], "SLATE_DATA": str(settings.data), "PORT": str(self.port)}
        command = [sys.executable, "-m", "webapp.cli", "serve", *words]
        with self.log.open("w") as out:
            self.process = subprocess.Popen(command, env=env, stdout=out, stderr=out, start_new_session=True)
        until(self.answers)

    def answers(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    @property
    def said(self):
        return self.log.read_text()


@contextmanager
def served(settings, *words):
    running = Served(settings, *words)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.terminate()
            running.process.wait(20)
        until(lambda: not alive(worker_pid()))


def until(truth, seconds=40.0):
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def worker_pid():
    """Return the process id of the worker that showed itself last, 0 for none."""
    db.session.rollback()
    db.session.expire_all()
    row = db.session.query(Worker).first()
    return row.pid if row else 0


def alive(pid):
    if not pid:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_both_in_good_time(app, settings, name):
    with served(settings) as slate:
        until(lambda: alive(worker_pid()))
        worker = worker_pid()
        began = time.monotonic()
        slate.process.send_signal(name)
        assert slate.process.wait(20) == 0
        assert time.monotonic() - began < 14
        assert not alive(worker)
        assert "Traceback" not in slate.said
        assert slate.said.endswith("Slate has stopped.\n")


def test_it_prints_a_set_up_link_that_works(app, settings):
    with served(settings, "--no-worker") as slate:
        until(lambda: "/set-up/" in slate.said)
        link = re.search(r"http://127\.0\.0\.1:\d+/set-up/[\w-]{22,}", slate.said)[0]
        with urllib.request.urlopen(link, timeout=10) as page:
            assert "password" in page.read().decode()
        lines = slate.said.splitlines()
        assert not [line for line in lines if re.search(r"alembic|dbos|INFO|WARNING", line)]


def test_a_killed_worker_is_started_again(app, settings):
    with served(settings):
        until(lambda: alive(worker_pid()))
        first = worker_pid()
        os.kill(first, signal.SIGKILL)
        until(lambda: alive(worker_pid()) and worker_pid() != first)


def test_a_killed_serve_takes_its_worker_along_and_the_next_one_goes_on(app, settings):
    with served(settings) as slate:
        until(lambda: alive(worker_pid()))
        first = worker_pid()
        slate.process.kill()
        slate.process.wait()
        with served(settings) as again:
            until(lambda: not alive(first))
            until(lambda: alive(worker_pid()) and worker_pid() != first)
            assert again.answers()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "0.0.0.0", "port": 80}, "http://localhost:80"),
        ({"host": "::1"}, "http://[::1]:8000"),
        ({"public_url": "https://slate.example.com/"}, "https://slate.example.com"),
    ],
)
def test_the_address_is_one_a_browser_takes(settings, changes, expected):
    assert replace(settings, **changes).address == expected
