"""`slate verify` and `slate hash`, as a script sees them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from tests import factories
from webapp.errors import NotFound
from webapp.extensions import db, transaction
from webapp.schemas.scenes import SceneChange
from webapp.services import decisions, events, integrity, jobs, purges, scenes


@pytest.fixture
def slate(app, settings):
    """Run `slate` with these words on the test's data folder."""

    def run(*words, typed=""):
        env = {"PATH": os.environ["PATH"], "SLATE_DATA": str(settings.data)}
        command = [sys.executable, "-m", "webapp.cli", *words]
        done = subprocess.run(command, env=env, capture_output=True, timeout=60, check=False, input=typed.encode())
        assert b"Traceback" not in done.stderr, done.stderr[-3000:]
        db.session.rollback()
        return done.returncode, done.stdout + done.stderr

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


@pytest.mark.parametrize(
    "words",
    [
        ("hash", "nope"),
        ("verify", "nope"),
        ("verify", "--head", "0"),
        ("purge", "nope", "--by", "ada@example.com", "--reason", "x"),
    ],
)
def test_what_is_not_there_is_said(slate, words):
    assert slate(*words)[0] in (1, 2)


def test_an_unknown_version_is_said(slate, job):
    assert slate("hash", job.id, "--version", "9")[0] == 1


def test_an_erased_person_is_counted_and_the_record_passes(slate, job, ben):
    code, printed = slate("user", "erase", "BEN@example.com", "--yes")
    assert (code, printed) == (0, b"Erased BEN@example.com: 4 lines of the record in 1 storyboard.\n")
    looked = b"Looked at 1 storyboard, 4 lines of history, 2 decisions, 4 names in them erased"
    assert slate("verify") == (0, looked + b": all as they were written.\n")
    assert slate("user", "erase", "ben@example.com", "--yes")[0] == 1


def test_purging_asks_for_the_title_and_leaves_a_line_that_verify_counts(slate, job, ada):
    head, job_id = job.event_head, job.id
    words = ("purge", job_id, "--by", ada.email, "--reason", "The client left.")
    code, output = slate(*words, "--title", "Warm brew")
    assert (code, "Type the title exactly as it is: Cold brew" in output.decode()) == (1, True)
    code, output = slate(*words, typed="Cold brew\n")
    assert code == 0, output
    line = purges.everything()[0]
    assert (line.head, line.title, line.actor, line.decisions) == (head, "Cold brew", "Ada Byron", 2)
    assert output.decode().strip().endswith(f"The line that stays has the hash {line.hash}")
    assert slate("verify", "--head", line.hash) == (
        0, b"Looked at 0 storyboards, 0 lines of history, 0 decisions, 1 purged: all as they were written.\n",
    )  # fmt: skip
    with transaction():
        db.session.execute(text("UPDATE purges SET reason = 'No reason'"))
    code, output = slate("verify")
    assert (code, "purge 1 (“Cold brew”) does not say what was written" in output.decode()) == (1, True)
    with pytest.raises(NotFound, match=r"The record of “Cold brew” was purged on .*: No reason"):
        integrity.find(job_id)
