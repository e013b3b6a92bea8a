"""Temporary files: those of a killed process are cleared, those of a living one are not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from webapp.services import scratch

AT_WORK = """
import sys, time
from flask import Flask
from webapp import config
from webapp.services import scratch

app = Flask("at work")
app.extensions["settings"] = config.load({"SLATE_DATA": sys.argv[1]})
with app.app_context(), scratch.folder() as folder:
    (folder / "film").write_bytes(b"half of it")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def at_work(settings, tmp_path):
    """Another process that is in the middle of something; returns it and its folder."""
    script = tmp_path / "at_work.py"
    script.write_text(AT_WORK)
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, script, settings.data], stdout=subprocess.PIPE, text=True, env=env
    ) as process:
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_process_left_goes_and_what_a_living_one_uses_stays(app, at_work):
    process, folder = at_work
    with scratch.folder() as own:
        scratch.clear_dead()
        assert (folder / "film").exists()
        assert own.exists()
        process.kill()
        process.wait()
        scratch.clear_dead()
        assert not folder.exists()
        assert own.exists()
    assert list(own.parent.iterdir()) == []


def test_loose_files_of_0_1_0_go_after_a_day(app, settings):
    old, young = settings.temporary / "fetch-old.part", settings.temporary / "upload-young"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 2 * 24 * 3600,) * 2)
    scratch.clear_dead()
    assert list(settings.temporary.iterdir()) == [young]


@pytest.mark.prove
def test_a_starting_worker_clears_what_the_killed_one_left(app, settings, at_work, record_property):
    process, folder = at_work
    process.kill()
    process.wait()
    env = {"PATH": os.environ["PATH"], "SLATE_DATA": str(settings.data)}
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "-m", "webapp.cli", "worker"], env=env) as worker:
        while folder.exists() and time.monotonic() < began + 60:
            time.sleep(0.05)
        worker.terminate()
    assert not folder.exists()
    record_property(
        "seconds until a starting worker had cleared a killed one's files", f"{time.monotonic() - began:.1f}"
    )
