"""Writers take turns: first come, first served, whoever is killed, stopped or never heard of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import factories
from webapp import write_queue
from webapp.extensions import db, transaction
from webapp.models import Job

ROOT = Path(__file__).parents[1]
HOLDER = (
    "import sys; from webapp.write_queue import turn\nwith turn(sys.argv[1]):\n print('mine', flush=True)\n input()"
)


def numbers_taken(database):
    return int.from_bytes(Path(f"{database}.queue").read_bytes()[:8], sys.byteorder)


def until(truth, seconds=60.0):
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.002)


@contextmanager
def another_process(database):
    """A process that wants a turn; `stdout` says when it has it, and it holds it until it is told or killed."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", HOLDER, database], cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def database(tmp_path):
    return str(tmp_path / "some.db")


def test_turns_come_in_the_order_in_which_they_were_asked_for(database):
    came, threads = [], []

    def work(number):
        with write_queue.turn(database):
            came.append(number)
            time.sleep(0.001)

    with write_queue.turn(database):
        for number in range(20):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            until(lambda: numbers_taken(database) == len(threads) + 1)
        assert came == []
    for thread in threads:
        thread.join()
    assert came == list(range(20))


def test_another_process_stands_in_the_same_line(database):
    came = []

    def work():
        with write_queue.turn(database):
            came.append("behind it")

    with another_process(database) as other:
        assert other.stdout.readline() == "mine\n"
        behind = threading.Thread(target=work)
        behind.start()
        until(lambda: numbers_taken(database) == 2)
        time.sleep(0.2)
        assert came == []
        other.stdin.write("\n")
        other.stdin.flush()
        behind.join()
    assert came == ["behind it"]


def test_whoever_is_killed_holds_nobody_up(database):
    with another_process(database) as holder, another_process(database) as waiter:
        until(lambda: Path(f"{database}.queue").exists() and numbers_taken(database) == 2)
        waiter.kill()
        holder.kill()
        with write_queue.turn(database):
            assert numbers_taken(database) == 3


def test_a_stopped_process_does_not_hold_everybody_up(database, monkeypatch):
    monkeypatch.setattr(write_queue, "STANDSTILL_SECONDS", 0.3)
    with another_process(database) as holder:
        assert holder.stdout.readline() == "mine\n"
        holder.send_signal(signal.SIGSTOP)
        with write_queue.turn(database):  # SQLite itself decides then
            assert numbers_taken(database) == 2


@pytest.mark.parametrize("content", [b"", b"x", b"not numbers at all, and long", b"\xff" * 16, b"\x7f" * 16])
def test_nonsense_in_its_file_stops_nobody(database, content):
    Path(f"{database}.queue").write_bytes(content)
    for _ in range(2):
        with write_queue.turn(database):
            pass


def test_without_a_file_of_its_own_it_goes_on(database):
    Path(f"{database}.queue").mkdir()
    with write_queue.turn(database), write_queue.turn(None):
        pass


def test_a_transaction_takes_one_turn_and_joins_take_none(app, settings):
    job = factories.job(factories.client())
    before = numbers_taken(settings.data / "slate.db")
    with transaction():
        with transaction():
            job.touch()
        assert numbers_taken(settings.data / "slate.db") == before + 1
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError
    with transaction():  # the turn of the one that failed is over
        job.touch()


def test_readers_do_not_queue(app, settings):
    job = factories.job(factories.client())
    before = numbers_taken(settings.data / "slate.db")
    with write_queue.turn(str(settings.data / "slate.db")):
        db.session.expire_all()
        assert db.session.get_one(Job, job.id).revision == 0
    assert numbers_taken(settings.data / "slate.db") == before + 1


def crowd(folder, *mode, processes=4, writers=8, seconds=8):
    """Let processes save at the same moment; return the seconds of each save, sorted."""
    command = [sys.executable, "-m", "tests.crowd", str(folder), str(writers), str(seconds), *mode]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) for _ in range(processes)]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("\n")
        process.stdin.flush()
    return sorted(took for process in running for took in json.loads(process.communicate()[0]))


@pytest.mark.prove
def test_no_save_waits_long_among_32_writers(app, settings, record_property):
    factories.job(factories.client())
    found = {}
    for name, mode in (("SQLite alone", ["naive"]), ("in turn", [])):
        took = found[name] = crowd(settings.data, *mode)
        p99 = took[int(len(took) * 0.99)]
        record_property(f"{name}: saves, p99 s, longest s", f"{len(took)}, {p99:.2f}, {took[-1]:.2f}")
        found[name] = p99, took[-1]
    assert found["in turn"][0] <= 1
    assert found["in turn"][1] < found["SQLite alone"][1], "SQLite alone is as fair here, so this shows nothing"


@pytest.mark.prove
def test_kills_leave_the_line_moving(app, settings, record_property):
    """Processes are killed in the middle of everything, and the others go on as if they had never been there."""
    factories.job(factories.client())
    command = [sys.executable, "-m", "tests.crowd", str(settings.data), "4", "600"]
    kills = 25
    for _ in range(kills):
        victim = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert victim.stdout.readline() == "ready\n"
        victim.stdin.write("\n")
        victim.stdin.flush()
        time.sleep(0.05 + os.urandom(1)[0] / 1000)
        victim.kill()
        victim.communicate()
        began = time.monotonic()
        with transaction():
            db.session.query(Job).first().touch()
        assert time.monotonic() - began < write_queue.STANDSTILL_SECONDS
    record_property("kills", kills)
