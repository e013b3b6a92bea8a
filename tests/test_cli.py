"""The command line as a script sees it: what it prints, with which code it leaves, and never a stack trace."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys

import pytest

from tests import factories
from webapp.extensions import db
from webapp.models import Role, User
from webapp.services import passwords, people


@pytest.fixture
def slate(app, settings):
    """Run `slate` with these words on the test's data folder."""

    def run(*words, stdin="", **environment):
        env = {"PATH": os.environ["PATH"], "SLATE_DATA": str(settings.data), **environment}
        command = [sys.executable, "-m", "webapp.cli", *words]
        done = subprocess.run(command, env=env, input=stdin, capture_output=True, text=True, timeout=60, check=False)
        assert "Traceback" not in done.stderr + done.stdout, done.stderr[-3000:]
        db.session.rollback()
        return done

    return run


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["serve"],
        ["worker"],
        ["migrate"],
        ["demo"],
        ["doctor"],
        ["user"],
        ["user", "add"],
        ["user", "link"],
        ["user", "list"],
        ["key"],
        ["key", "add"],
        ["key", "list"],
        ["key", "revoke"],
    ],
)
def test_every_command_explains_itself(command):
    from click.testing import CliRunner

    from webapp.cli import main

    said = CliRunner().invoke(main, [*command, "--help"])
    assert said.exit_code == 0
    assert said.output.startswith("Usage: ")
    assert len(said.output) > 100


def test_migrate_may_run_again(slate):
    done = slate("migrate")
    assert (done.returncode, done.stdout, done.stderr) == (0, "The databases are up to date.\n", "")


def test_a_person_with_a_password_for_scripts(slate):
    done = slate(
        "user",
        "add",
        "Mia@Example.com",
        "--role",
        "editor",
        "--name",
        "Mia Sol",
        "--password-stdin",
        stdin="wandering purple tram\n",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Added Mia Sol (mia@example.com) as editor.\n"
    mia = people.by_email("mia@example.com")
    assert mia.role == Role.EDITOR
    assert passwords.matches(mia.password_hash, "wandering purple tram")


def test_a_person_without_a_password_gets_a_link_that_works(slate, browse):
    done = slate("user", "add", "mia@example.com", "--role", "reviewer", PUBLIC_URL="https://slate.example.com/")
    link = re.search(r"https://slate\.example\.com(/invitations/\S+)", done.stdout)
    assert link, done.stdout
    assert browse(None).get(link[1]).status_code == 200


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (["mia@example.com", "--role", "editor", "--password-stdin"], "short\n", "12"),
        (["not an address", "--role", "editor"], "", "name@example.com"),
        (["mia@example.com", "--role", "king"], "", "'king' is not one of"),
        (["mia@example.com"], "", "--role"),
        (["ada@example.com", "--role", "editor"], "", "Somebody has this e-mail address already."),
    ],
)
def test_what_cannot_be_added_is_refused_with_a_sentence(slate, ada, words, stdin, said):
    before = db.session.query(User).count()
    done = slate("user", "add", *words, stdin=stdin)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert db.session.query(User).count() == before


def test_somebody_locked_out_gets_in(slate, ada, browse):
    path = slate("user", "link", "ADA@example.com").stdout.strip().removeprefix("http://127.0.0.1:8000")
    browser = browse(None)
    assert path.startswith("/enter/")
    assert browser.post(path).status_code == 303
    assert browser.get("/account").status_code == 200
    path = slate("user", "link", "ada@example.com", "--reset").stdout.strip().removeprefix("http://127.0.0.1:8000")
    assert path.startswith("/reset/")
    assert browser.get(path).status_code == 200


def test_a_link_for_nobody(slate):
    done = slate("user", "link", "who@example.com")
    assert done.returncode == 1
    assert "slate user list" in done.stderr


def test_the_list_shows_everybody(slate, ada, ben):
    lines = slate("user", "list").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["ada@example.com", "admin"], ["ben@example.com", "reviewer"]]


def test_the_doctor_leaves_with_1_only_when_something_is_broken(slate):
    done = slate("doctor", "--writer")
    assert done.returncode == 0, done.stdout
    assert "ok    Database:" in done.stdout
    done = slate("doctor", MIN_FREE_DISK_MB="999999999")
    assert done.returncode == 1
    assert "fail  Disk:" in done.stdout
    assert "--mail" in slate("doctor", "--mail", "nobody").stderr


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["migrate"], ["doctor"], ["user", "list"]])
def test_a_wrong_setting_is_a_sentence_and_2(slate, command):
    done = slate(*command, PORT="eighty")
    assert done.returncode == 2
    assert done.stderr == "Error: PORT must be a whole number, not 'eighty'.\n"


def test_a_folder_that_cannot_be_made_is_a_sentence(slate, tmp_path):
    (tmp_path / "file").write_text("")
    done = slate("migrate", SLATE_DATA=str(tmp_path / "file" / "data"))
    assert done.returncode == 2
    assert "SLATE_DATA" in done.stderr


def test_a_port_that_is_taken_is_a_sentence(slate):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = slate("serve", PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "choose another port" in done.stderr


def test_an_address_of_another_machine_is_a_sentence(slate):
    done = slate("serve", HOST="192.0.2.1")
    assert done.returncode == 1
    assert "HOST" in done.stderr


def test_the_demo_is_made_once(slate):
    assert slate("demo").returncode == 0
    done = slate("demo")
    assert done.returncode == 1
    assert "there already" in done.stderr


def test_a_client_of_ones_own_is_no_demo(slate, app):
    factories.client()
    assert slate("demo").returncode == 0


def test_a_key_is_printed_alone_and_revoked(slate, app, eve):
    """A script captures it: KEY=$(slate key add …)."""

    def asks(text):
        return app.test_client().get("/api/v3/clients", headers={"X-API-Key": text}).status_code

    made = slate("key", "add", "Eve@example.com", "--name", "Nightly import", "--days", "30")
    text = made.stdout.removesuffix("\n")
    assert re.fullmatch(r"slate_[\w-]{43}", text)
    assert text not in made.stderr
    assert asks(text) == 200
    (line,) = slate("key", "list", eve.email).stdout.splitlines()
    assert line.startswith(text[:10] + "  ")
    assert line.endswith("  Nightly import")
    assert text not in line
    done = slate("key", "revoke", eve.email, text[:10])
    assert done.stdout == f"Nightly import ({text[:10]}…) is revoked.\n"
    assert asks(text) == 401
    assert slate("key", "list", eve.email).stdout == ""


def test_keys_are_refused_in_words(slate, eve):
    from webapp.services import people

    assert "Nobody has the e-mail address" in slate("key", "add", "who@example.com", "--name", "x").stderr
    assert slate("key", "add", eve.email, "--name", " ").returncode == 2
    assert slate("key", "add", eve.email, "--name", "x", "--days", "0").returncode == 2
    missing = slate("key", "revoke", eve.email, "slate_0000")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "There is no such key." in missing.stderr
    people.deactivate(factories.person("Boss", "boss@example.com", Role.ADMIN), eve)
    gone = slate("key", "add", eve.email, "--name", "x")
    assert (gone.returncode, gone.stdout) == (1, "")
    assert "Eve Holt is deactivated" in gone.stderr
