"""A Slate for measurements: `slate serve` in a folder of its own, and a person who asks it things over HTTP."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from webapp import create_app
from webapp.config import load
from webapp.extensions import db, transaction
from webapp.models import Client, Role, User
from webapp.services import sign_ins, upkeep

if TYPE_CHECKING:
    from collections.abc import Callable

BRIEF = {
    "product": "Fjell Cold Brew",
    "audience": "Commuters",
    "key_message": "Ready before you are",
    "call_to_action": "Order at fjell.example",
    "style": "Documentary",
    "seconds": "15",
    "num_scenes": "5",
    "ratio": "16:9",
    "language": "en",
}


class Slate:
    """A running `slate serve`; `app` is the same folder seen from here, with its context pushed."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = {"SLATE_DATA": str(folder), "PORT": str(self.port), **settings}
        self.process: subprocess.Popen[bytes] | None = None
        self.cold_start_seconds = 0.0
        self.token = ""

    def __enter__(self) -> Self:
        began = time.monotonic()
        self._start()
        while not self.answers():
            time.sleep(0.02)
        self.cold_start_seconds = time.monotonic() - began
        self.app = create_app(load(self.environment))
        self.context = self.app.app_context()
        self.context.push()
        upkeep.migrate(self.app)
        ada, self.client = (
            User(name="Ada", email="ada@example.com", role=Role.ADMIN),
            Client(name="Fjell", colors=["#1f7a63"]),
        )
        with transaction():
            db.session.add_all([ada, self.client])
        self.ada = ada
        self.token = sign_ins.begin(ada, address="127.0.0.1", user_agent="bench")
        self.until(self.worker_is_ready)
        return self

    def __exit__(self, *_: object) -> None:
        db.session.remove()
        db.engine.dispose()
        self.context.pop()
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def _start(self) -> None:
        env = {"PATH": os.environ["PATH"], **self.environment}
        command = [sys.executable, "-m", "webapp.cli", "serve"]
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, start_new_session=True)

    def answers(self) -> bool:
        """Say whether the sign-in page comes."""
        try:
            return self.ask("GET", "/sign-in")[0] == 200
        except OSError:
            return False

    def worker_is_ready(self) -> bool:
        """Say whether the worker has shown itself."""
        from webapp.services import worker  # noqa: PLC0415

        return worker.alive()

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask as the signed-in person and return status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Cookie": f"slate_session={self.token}", "Sec-Fetch-Site": "same-origin", **headers}
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body=urlencode(form) if form is not None else None, headers=sent)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), body

    def times(self, count: int, method: str, path: str, **headers: str) -> list[float]:
        """Ask so often and return the milliseconds of each answer; a failure counts as a minute."""
        found = []
        for _ in range(count):
            began = time.perf_counter()
            status = self.ask(method, path, **headers)[0]
            found.append((time.perf_counter() - began) * 1000 if status < 400 else 60_000)
        return found

    def new_job(self, **more: str) -> tuple[str, float]:
        """Ask for a storyboard by the form and return its id and the milliseconds the answer took."""
        began = time.perf_counter()
        status, headers, _ = self.ask("POST", "/jobs", BRIEF | {"client_id": self.client.id} | more)
        took = (time.perf_counter() - began) * 1000
        if status != 303:
            raise RuntimeError(f"POST /jobs answered {status}")
        return headers["Location"].rsplit("/", 1)[-1], took

    def until(self, truth: Callable[[], Any], seconds: float = 120) -> float:
        """Wait until something is so in the database and return the moment."""
        end = time.monotonic() + seconds
        while True:
            db.session.rollback()
            db.session.expire_all()
            if truth():
                db.session.rollback()
                return time.monotonic()
            if time.monotonic() > end:
                raise TimeoutError("it did not come true in time")
            time.sleep(0.01)

    def memory_mb(self) -> float:
        """Return what the web process has in memory now, in MB."""
        return _rss_mb(self.process.pid) if self.process else 0.0

    def worker_memory_mb(self) -> float:
        """Return what the worker has in memory now, in MB, without the readers it starts."""
        return sum(_rss_mb(pid) for pid in _children(self.process.pid)) if self.process else 0.0


def median(values: list[float]) -> float:
    """Return the middle of some measurements."""
    return statistics.median(values)


def p99(values: list[float]) -> float:
    """Return the value that 99 of 100 measurements stay within."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def _rss_mb(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0.0
    return int(words[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _children(pid: int) -> list[int]:
    return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]
