"""`slate verify` and `slate hash`, as a script sees them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from tests import factories
from webapp.extensions import db, transaction
from webapp.schemas.scenes import SceneChange
from webapp.services import decisions, events, jobs, scenes


@pytest.fixture
def slate(app, settings):
    """Run `slate` with these words on the test's data folder."""

    def run(*words):
        env = {"PATH": os.environ["PATH"], "SLATE_DATA": str(settings.data)}
        command = [sys.executable, "-m", "webapp.cli", *words]
        done = subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)
        assert b"Traceback" not in done.stderr, done.stderr[-3000:]
        db.session.rollback()
        return done.returncode, done.stdout

    return run


@pytest.fixture
def job(app, ada, ben):
    job = factories.job(factories.client(), "Cold brew")
    factories.scene(job, 1, script="Ünïcode “words”")
    factories.scene(job, 2)
    decisions.decide(ben, job, factories.decision(job, kind="request_changes", reason="Shorter."))
    scenes.edit(ada, job, jobs.scenes(job)[1], SceneChange(script="Short."))
    decisions.decide(ben, job, factories.decision(job, kind="approve"))
    return job


def test_a_whole_record_passes_with_a_summary(slate, job):
    factories.job(job.client, "Another, with nothing in it")
    assert slate("verify") == (
        0, b"Looked at 2 storyboards, 3 lines of history, 2 decisions: all as they were written.\n",
    )  # fmt: skip
    assert slate("verify", job.id)[1].startswith(b"Looked at 1 storyboard, 3 lines")


def test_a_fault_names_the_storyboard_the_line_and_what_differs(slate, job):
    event = events.of_job(job)[1].id
    with transaction():
        db.session.execute(text("UPDATE events SET text = 'nothing' WHERE id = :id"), {"id": event})
    code, said = slate("verify")
    assert code == 1
    assert f"{job.id} “Cold brew”: line 2 (event {event}, edited) does not say what was written" in said.decode()
    assert said.decode().splitlines()[-1].endswith("1 not as written.")


def test_what_no_longer_can_be_read_is_a_fault_and_no_stack_trace(slate, job):
    with transaction():
        db.session.execute(text("UPDATE events SET details = '{', created_at = 'yesterday'"))
    code, said = slate("verify")
    assert (code, b"cannot be read" in said) == (1, True)


def test_a_printed_hash_is_found_again_or_missed(slate, job):
    head = job.event_head
    assert slate("verify", job.id, "--head", head)[0] == 0
    code, said = slate("verify", job.id, "--head", "0" * 64)
    assert (code, b"no line of the history has the hash 000" in said) == (1, True)


def test_the_hash_of_a_board_and_of_a_version(slate, job):
    first, second = (each.content_hash for each in reversed(decisions.history(job)))
    assert slate("hash", job.id) == (0, f"{second}\n".encode())
    assert slate("hash", job.id, "--version", "1") == (0, f"{first}\n".encode())
    code, document = slate("hash", job.id, "--version", "1", "--document")
    assert (code, hashlib.sha256(document).hexdigest()) == (0, first)
    assert "Ünïcode “words”".encode() in document


@pytest.mark.parametrize("words", [("hash", "nope"), ("verify", "nope"), ("verify", "--head", "0")])
def test_what_is_not_there_is_said(slate, words):
    assert slate(*words)[0] in (1, 2)


def test_an_unknown_version_is_said(slate, job):
    assert slate("hash", job.id, "--version", "9")[0] == 1
