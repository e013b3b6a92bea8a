"""The doctor finds what is broken, says what to do, and stays quiet where all is well."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from tests.services.receivers import PostOffice
from webapp.extensions import db, transaction
from webapp.models import Delivery, Worker, utcnow
from webapp.services import doctor


@pytest.fixture
def report(app):
    """Examine the app, with these settings instead, and return the findings by topic."""

    def examine(*, call_writer=False, **changes):
        app.extensions["settings"] = replace(app.extensions["settings"], **changes)
        return {each.topic: each for each in doctor.examine(app, call_writer=call_writer)}

    return examine


def test_a_good_installation_is_well(report, settings):
    settings.data.chmod(0o700)
    with transaction():
        db.session.add(Worker(id="worker-1", pid=1, started_at=utcnow(), seen_at=utcnow()))
    found = report()
    assert "Latin, Vietnamese, Greek, Cyrillic" in found.pop("Fonts").text  # its state depends on the machine, as does:
    found.pop("SQLite")
    assert {each.state for each in found.values()} == {doctor.OK}
    assert {"Integrity of slate.db", "Integrity of workflows.db"} <= set(found)


def test_whatever_is_not_well_comes_with_advice(report, settings):
    (settings.data / "slate.db").chmod(0o644)
    settings.data.chmod(0o755)
    found = report(
        min_free_disk_mb=10**9,
        host="0.0.0.0",
        ai_provider="openai",
        openai_base_url="http://127.0.0.1:1/v1",
        call_writer=True,
    )
    assert {topic for topic, each in found.items() if each.state == doctor.FAIL} == {"Disk", "Writer"}
    assert {topic for topic, each in found.items() if each.state == doctor.WARN} >= {"Data folder", "Worker", "Address"}
    assert all(bool(each.advice) == (each.state != doctor.OK) for each in found.values())


def test_a_scarce_disk_is_said_before_it_is_full(report, settings):
    import shutil

    free_mb = shutil.disk_usage(settings.data).free // 2**20
    assert report(min_free_disk_mb=free_mb // 3)["Disk"].state == doctor.WARN


def test_a_damaged_database_is_found(report, settings, app):
    with sqlite3.connect(settings.workflows_path) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = file.execute("PRAGMA page_size").fetchone()[0]
    with settings.workflows_path.open("r+b") as file:
        file.seek(page)
        file.write(b"\xff" * page)
    assert report()["Integrity of workflows.db"].state == doctor.FAIL


def test_a_database_of_an_older_slate_is_found(report, settings):
    with sqlite3.connect(settings.data / "slate.db") as file:
        file.execute("UPDATE alembic_version SET version_num = '0000'")
    found = report()["Database"]
    assert found.state == doctor.FAIL
    assert "slate migrate" in found.advice


def test_an_old_sqlite_is_warned_of(report, monkeypatch):
    monkeypatch.setattr(doctor, "SAFE_SQLITE", (99, 0, 0))
    assert report()["SQLite"].state == doctor.WARN


def test_the_built_in_writer_can_be_called(report):
    found = report(call_writer=True)["Writer"]
    assert found.state == doctor.OK
    assert "builtin" in found.text


def test_a_model_is_only_called_when_asked(report):
    found = report(ai_provider="openai", openai_base_url="http://127.0.0.1:1/v1", ai_model="m")["Writer"]
    assert found.state == doctor.OK
    assert "not called" in found.text
    assert "--writer" in found.advice


def test_a_real_mail_is_sent_when_asked_and_a_dead_server_named(app, settings):
    def mail(to="", **changed):
        app.extensions["settings"] = replace(settings, **changed)
        return next(each for each in doctor.examine(app, mail_to=to) if each.topic == "Mail")

    assert (mail().state, mail("you@example.com").state) == (doctor.OK, doctor.FAIL)
    with PostOffice() as office:
        server = {"smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none"}
        server |= {"mail_from": "slate@agency.example", "public_url": "https://slate.example"}
        assert "not called" in mail(**server).text
        assert office.mails == []
        assert "took a mail to you@example.com" in mail("you@example.com", **server).text
        assert (office.recipients, office.mails[0]["Subject"]) == (["you@example.com"], "A test from Slate")
    broken = mail("you@example.com", **server)
    assert (broken.state, broken.advice) == (doctor.FAIL, "Check SMTP_HOST and SMTP_PORT.")


def test_messages_that_were_given_up_are_said(app, settings):
    with transaction():
        db.session.add(Delivery(channel="webhook", state="failed", error="The address answered 500."))
    found = next(each for each in doctor.examine(app) if each.topic == "Webhooks")
    assert found.state == doctor.WARN
    assert "The address answered 500." in found.text
