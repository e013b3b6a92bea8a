"""A whole Slate: the web server in a thread, the worker in a process of its own, a data folder of its own."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import make_server

from tests import factories
from webapp import create_app
from webapp.config import load
from webapp.extensions import db
from webapp.models import Role
from webapp.services import jobs, tasks, worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from webapp.models import Client, Job, User

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
"""What the worker sees of this machine's environment: no key of a model, no setting of the developer's."""


class Slate:
    """Slate as people run it, at `url`; services are called in its app context."""

    def __init__(self, migrated: Path, folder: Path, *, with_worker: bool = True, **settings: str) -> None:
        shutil.copytree(migrated, folder)
        self.environment = {"SLATE_DATA": str(folder), "AI_PROVIDER": "builtin", "LOG_LEVEL": "WARNING", **settings}
        self.app = create_app(load(self.environment))
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.with_worker = with_worker
        self.child: subprocess.Popen[bytes] | None = None
        self.delays: dict[str, float] = {}
        self.app.before_request(self._delay)

    def __enter__(self) -> Self:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.context = self.app.app_context()
        self.context.push()
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        if self.with_worker:
            self.start_worker()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.stop_worker()
        db.session.remove()
        db.engine.dispose()
        tasks.forget(self.app.extensions["settings"].workflows_path)
        self.context.pop()

    def start_worker(self) -> None:
        """Start the worker and wait until it shows itself."""
        env = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | self.environment
        self.child = subprocess.Popen([sys.executable, "-m", "webapp.cli", "worker"], env=env, start_new_session=True)
        self.until(worker.alive, 60)

    def stop_worker(self) -> None:
        """End the worker the polite way, the hard way when it does not listen."""
        if self.child is None:
            return
        self.child.terminate()
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.child = None

    def slow_down(self, method: str, seconds: float) -> None:
        """Let requests of this method take so much longer; 0 makes them quick again."""
        self.delays[method] = seconds

    def _delay(self) -> None:
        from flask import request

        time.sleep(self.delays.get(request.method, 0))

    def until(self, truth: Callable[[], Any], seconds: float = 30) -> None:
        """Wait until something is so in the database."""
        end = time.monotonic() + seconds
        while not self.now(truth):
            assert time.monotonic() < end, "it did not come true in time"
            time.sleep(0.05)

    def now(self, read: Callable[[], Any]) -> Any:
        """Read from the database what is there now."""
        db.session.rollback()
        db.session.expire_all()
        return read()

    def person(self, name: str, role: Role = Role.ADMIN) -> User:
        """Make a person with an address of their own."""
        count = threading.active_count() + time.monotonic_ns()
        return factories.person(name, f"{name.split(maxsplit=1)[0].lower()}-{count}@example.com", role)

    def client(self, **facts: Any) -> Client:
        """Make a client."""
        return factories.client(**facts)

    def texts(self, job: Job) -> list[dict[str, Any]]:
        """Return what every scene says now, in order."""
        from webapp.services.scenes import content

        return self.now(lambda: [content(scene.take) for scene in jobs.scenes(job) if scene.take])
