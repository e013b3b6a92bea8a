"""The programs that docs/api.md prints, run as they stand there against a whole Slate with a worker and real links."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.browser.running import Slate
from tests.services import media_files
from webapp.extensions import db
from webapp.models import ApiKey, Asset, Job, Role
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
MOST_LINES = 40


def program(language):
    """Return the longest program in this language: the other blocks are single commands."""
    return max(re.findall(rf"```{language}\n(.*?)```", DOCUMENT.read_text(), re.DOTALL), key=len)


class Quiet(SimpleHTTPRequestHandler):
    """Serve files without a word."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def links(tmp_path_factory):
    """Three links to real files on a real server."""
    folder = tmp_path_factory.mktemp("links")
    (folder / "bottle.png").write_bytes(media_files.saved(media_files.scenery(640, 360), "PNG"))
    (folder / "cup.jpg").write_bytes(media_files.saved(media_files.scenery(480, 480), "JPEG"))
    (folder / "song.wav").write_bytes(media_files.wav(1.0))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield [f"http://127.0.0.1:{server.server_port}/{name}" for name in ("bottle.png", "cup.jpg", "song.wav")]
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def slate(migrated, links, tmp_path_factory):
    port = links[0].split(":")[2].split("/")[0]
    settings = {"WRITING_PACE": "0", "FETCH_ALLOW": "127.0.0.0/8", "FETCH_PORTS": port}
    with Slate(migrated, tmp_path_factory.mktemp("slate") / "instance", **settings) as running:
        yield running


@pytest.fixture
def run(slate, tmp_path):
    """Run a program of the document as an editor's; returns what it prints."""

    def run(*command, **env):
        _, key = api_keys.create(slate.person("Eve Holt", Role.EDITOR), ApiKeyDraft(name="worked client"))
        env = {"PATH": os.environ["PATH"], "SLATE_URL": slate.url, "SLATE_KEY": key, **env}
        done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def last_job(slate):
    return slate.now(lambda: db.session.scalars(select(Job).order_by(Job.created_at.desc())).first())


def test_forty_lines_of_python(slate, run, links, tmp_path):
    written = program("python")
    assert len(written.splitlines()) <= MOST_LINES
    said = run(sys.executable, "-W", "ignore::ResourceWarning", "-c", written, *links)
    job = last_job(slate)
    document = (tmp_path / "storyboard.json").read_bytes()
    assert hashlib.sha256(document).hexdigest() in said
    assert "Scene 2 says now: " in said
    assert "completed" in said
    assert job.approval == "approved"
    assert (tmp_path / "animatic.mp4").stat().st_size > 1000
    assert set(db.session.scalars(select(Asset.kind).where(Asset.client_id == job.client_id))) == {"image", "audio"}
    assert db.session.scalar(select(ApiKey.last_used_at).where(ApiKey.name == "worked client")) is not None


def test_the_same_with_curl(slate, run, links):
    said = run("bash", "-euc", program("sh"), LINK=links[0]).splitlines()
    job = last_job(slate)
    assert said[-2] == "approved"
    assert re.fullmatch(r"[0-9a-f]{64}  -", said[-1])
    assert job.approval == "approved"
