"""The command `slate`: serve, worker, migrate, demo, user, key, backup, restore, doctor, verify, hash, purge."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp import config, storage
from webapp.errors import Invalid, Refusal

if TYPE_CHECKING:
    from flask import Flask

    from webapp.models import User

# What a command needs is imported inside it: `slate --help` answers at once, and the web process never loads what only
# the worker needs.
# ruff: noqa: PLC0415

log = logging.getLogger(__name__)

LOCK_PAUSE = 0.5
"""Seconds between two looks whether the worker of a killed `slate serve` has ended."""


class WrongSetting(click.ClickException):
    """Say which setting is wrong and leave with 2, as for a wrong option."""

    exit_code = 2


class Commands(click.Group):
    """Turn every refusal into its sentence and its next step."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it refuses is shown as a person reads it, with exit code 1 (2 for a wrong setting)."""
        try:
            return super().invoke(ctx)
        except config.SettingsError as error:
            raise WrongSetting(str(error)) from error
        except Invalid as error:
            raise click.ClickException(" ".join(error.fields.values()) or error.message) from error
        except Refusal as error:
            raise click.ClickException(_sentence(error)) from error
        except Exception as error:
            refusal = storage.refusal_of(error)
            if refusal is None:
                raise
            raise click.ClickException(_sentence(refusal)) from error


def _sentence(refusal: Refusal) -> str:
    return f"{refusal.message} {refusal.hint}".strip()


@click.group(cls=Commands)
@click.version_option(package_name="slate-storyboards", prog_name="slate")
def main() -> None:
    """Slate turns a brief and a handful of asset URLs into an approved storyboard for a video ad.

    Settings come from the environment and from settings.toml in the data folder; the README lists them.
    """


@main.command()
@click.option("--worker/--no-worker", default=True, help="Also run the worker process (the default).")
@click.option(
    "--demo/--no-demo", "with_demo", default=False, help="Make the demo world when Slate starts for the first time."
)
def serve(*, worker: bool, with_demo: bool) -> None:
    """Serve the pages, and do the background work beside.

    HOST and PORT say where (127.0.0.1:8000), SLATE_DATA where everything is kept (instance/). Ctrl-C or SIGTERM ends
    both processes; what was being written goes on at the next start.
    """
    from webapp import demo, serving
    from webapp.services import access_links, upkeep

    app = make_app()
    settings = app.extensions["settings"]
    try:
        opened = serving.listen(settings)
    except serving.PortTaken as error:
        raise click.ClickException(str(error)) from error
    click.get_current_context().call_on_close(opened.close)
    upkeep.migrate(app)
    if with_demo and demo.is_wanted(app):
        _make_demo_beside()
    with app.app_context():
        link = access_links.start_link()
    address = settings.address
    click.echo(f"Slate is at {address} (Ctrl-C stops it)")
    if link:
        click.echo(f"Set it up with this one-time link, good for 24 hours:\n\n    {address}{link[0]}\n")
    demo.welcome(app)
    serving.serve(app, settings, opened, with_worker=worker)
    click.echo("Slate has stopped.")


@main.command()
@click.option("--beside", type=int, hidden=True, help="End when the other end of this pipe closes.")
def worker(*, beside: int | None) -> None:
    """Do the background work of this data folder: fetch, write, draw.

    One per data folder. `slate serve` runs it beside itself; run it by hand next to `slate serve --no-worker`.
    """
    from webapp import serving
    from webapp.services import upkeep
    from webapp.services import worker as work

    if beside is not None:
        serving.follow_parent(beside)
    app = make_app()
    upkeep.check(app)
    waiting = False
    while True:
        try:
            work.run(app, app.extensions["settings"])
        except work.WorkerRuns as error:
            if beside is None:
                raise click.ClickException(str(error)) from error
            if not waiting:
                log.warning("another worker has this data folder; waiting for it to end")
            waiting = True
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, signal.SIG_DFL)
            time.sleep(LOCK_PAUSE)
        else:
            # what did not end in its time goes on at the next start: waiting for its thread would only hold us up
            logging.shutdown()
            os._exit(0)


@main.command()
def migrate() -> None:
    """Bring the databases up to date; safe to run again. `slate serve` does it by itself."""
    from webapp.services import upkeep

    upkeep.migrate(make_app())
    click.echo("The databases are up to date.")


@main.command("demo")
def make_demo() -> None:
    """Make the demo world: two clients, three campaigns, storyboards in three states.

    The notice on the dashboard deletes it again.
    """
    from webapp import demo
    from webapp.services import upkeep

    app = make_app()
    upkeep.migrate(app)
    with app.app_context():
        if demo.exists():
            raise click.ClickException("The demo world is there already.")
        demo.make()
    click.echo("The demo world is there. The worker draws its pictures.")


@main.command()
@click.option("--writer", is_flag=True, help="Also make a real call to the model, the smallest there is.")
@click.option("--mail", default="", metavar="ADDRESS", help="Also send a real mail to this address.")
@click.option(
    "--bytes", "read_bytes", is_flag=True, help="Also read all bytes of all files and compare them with their hashes."
)
def doctor(*, writer: bool, mail: str, read_bytes: bool) -> None:
    """Check the data folder, the databases, the files, the worker, the disk, mail and the writer; say what to do.

    Leaves with 1 when something has to be put right before Slate works.
    """
    from webapp.services import doctor as checks

    if mail and not _is_address(mail):
        raise click.BadParameter("an e-mail address looks like name@example.com", param_hint="--mail")
    colours = {checks.OK: "green", checks.WARN: "yellow", checks.FAIL: "red"}
    failed = False
    for finding in checks.examine(make_app(), call_writer=writer, mail_to=mail, read_bytes=read_bytes):
        failed = failed or finding.state == checks.FAIL
        click.echo(f"{click.style(f'{finding.state:4}', fg=colours[finding.state])}  {finding.topic}: {finding.text}")
        if finding.advice:
            click.echo(f"      → {finding.advice}")
    sys.exit(1 if failed else 0)


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="Then delete all but this many of the newest snapshots there.")
def backup(*, target: Path, keep: int | None) -> None:
    """Back up everything to the folder TARGET, while Slate runs or not; each run adds a snapshot.

    Bytes that are there already are checked and not copied again. It holds the signing key and password hashes: keep
    it where only you can read it.
    """
    from webapp.services import backups

    os.umask(0o077)
    made = backups.make(config.load(), target, keep=keep or 0)
    click.echo(
        f"Snapshot {made.snapshot.number} in {made.snapshot.target} is whole: {made.size_bytes / config.MB:,.1f} MB "
        f"with {made.blobs:,} files, of which {made.new_bytes / config.MB:,.1f} MB are new."
    )
    if not made.is_private:
        click.echo("Others can read it: this disk keeps no permissions. Shut them out another way.", err=True)
    if made.missing:
        raise click.ClickException(
            f"The bytes of {len(made.missing):,} files were damaged or gone already, and are not in it. "
            "`slate doctor --bytes` names them."
        )


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--snapshot", "number", type=int, help="Which one; otherwise the newest.")
def restore(*, target: Path, number: int | None) -> None:
    """Fill an empty data folder (SLATE_DATA) from the backup in the folder TARGET, checking every byte.

    It never replaces anything: stop Slate and move the data folder away first. A backup of an older release is brought
    up to date at the next start.
    """
    from webapp.services import restores

    os.umask(0o077)
    settings = config.load()
    restored = restores.restore(settings, target, number, Path(__file__).with_name("migrations"))
    manifest = restored.manifest()
    click.echo(f"{settings.data} is as it was on {manifest.created_at} (snapshot {restored.number}). Start Slate.")
    if manifest.missing:
        click.echo(f"{len(manifest.missing):,} files have no bytes: they were lost before the backup.", err=True)
    if config.load().database_path != settings.database_path:
        click.echo("settings.toml in it names another database: take DATABASE_URL out of it.", err=True)


@main.command()
@click.argument("job", default="")
@click.option("--head", default="", help="A hash you wrote down: is it still a line of the history, or of a purge?")
def verify(*, job: str, head: str) -> None:
    """Check the record of one storyboard, or of all: histories, decisions, approved boards, purges (docs/record.md).

    JOB is the id in a storyboard's address, after /jobs/. Leaves with 1 when anything is not as it was written.
    """
    from webapp.services import integrity, purges

    with _migrated_app().app_context():
        found = list(integrity.reports(job))
        known = not head or integrity.contains(head, integrity.find(job) if job else None)
        purged, wrong = (0, []) if job else (purges.count(), list(purges.faults()))
    faults = [f"{report.job_id} “{report.title}”: {fault}" for report in found for fault in report.faults] + wrong
    for fault in faults:
        click.echo(fault)
    if not known:
        click.echo(f"{job or 'all'}: no line of the history has the hash {head}")
    erased = sum(report.erased for report in found)
    counted = (
        f"{len(found):,} {'storyboard' if len(found) == 1 else 'storyboards'}, "
        f"{sum(report.lines for report in found):,} lines of history, "
        f"{sum(report.decisions for report in found):,} decisions"
        f"{f', {erased:,} names in them erased' if erased else ''}"
        f"{f', {purged:,} purged' if purged else ''}"
    )
    if faults or not known:
        click.echo(f"Looked at {counted}: {len(faults) + (not known):,} not as written.")
        sys.exit(1)
    click.echo(f"Looked at {counted}: all as they were written.")


@main.command()
@click.argument("job")
@click.option("--by", "email", required=True, metavar="EMAIL", help="The admin who stands on the line that stays.")
@click.option("--reason", required=True, help="Why the record ends; it stays on that line.")
@click.option("--title", help="The storyboard's title, to be sure; asked for otherwise.")
def purge(*, job: str, email: str, reason: str, title: str | None) -> None:
    """End the record of a storyboard that was decided on: decisions, history, versions, all of it.

    One line stays for good: title, last hash of the history, who, when, why. `slate verify` counts and checks it.
    """
    from webapp.schemas.purges import PurgeDraft
    from webapp.services import archive, integrity, purges
    from webapp.views.forms import parse

    with _migrated_app().app_context():
        by, found = _person(email), integrity.find(job)
        purges.must_be_allowed(by)
        if title is None:
            click.echo(f"This ends the record of “{found.title}” with {archive.count_decisions(found)} decisions.")
            title = click.prompt("Type its title to be sure", default="", show_default=False)
        line = purges.purge(by, found, parse(PurgeDraft, {"title": title, "reason": reason}))
        click.echo(f"Purged. The line that stays has the hash {line.hash}")


@main.command("hash")
@click.argument("job")
@click.option("--version", "number", type=int, help="A version, by its number; otherwise the board as it stands.")
@click.option("--document", is_flag=True, help="Print the canonical storyboard itself instead of its hash.")
def print_hash(*, job: str, number: int | None, document: bool) -> None:
    """Print the SHA-256 of a storyboard's words, as decisions and certificates name it (see docs/record.md)."""
    import hashlib

    from webapp.services import integrity

    with _migrated_app().app_context():
        words = integrity.document(integrity.find(job), number)
    if document:
        sys.stdout.buffer.write(words)
    else:
        click.echo(hashlib.sha256(words).hexdigest())


@main.group()
def user() -> None:
    """Add people, list them, let somebody in who is locked out."""


@user.command("add")
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice(["admin", "editor", "reviewer"]),
    required=True,
    help="Reviewers read and decide, editors make, admins manage.",
)
@click.option("--name", default="", help="How the person is called; otherwise the first part of the address.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of printing a link."
)
def add_user(*, email: str, role: str, name: str, password_stdin: bool) -> None:
    """Add a person. Without a password this prints a link with which they choose one (7 days)."""
    from webapp.models import LinkKind, Role
    from webapp.services import access_links, people

    if not _is_address(email):
        raise click.BadParameter("an e-mail address looks like name@example.com", param_hint="EMAIL")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    app = _migrated_app()
    with app.app_context():
        made = people.add(email, name, Role(role), password)
        click.echo(f"Added {made.name} ({made.email}) as {made.role}.")
        if password is None:
            path = access_links.path(LinkKind.INVITE, access_links.issue(LinkKind.INVITE, made))
            click.echo(f"They choose a password here, within 7 days:\n\n    {_full(app, path)}\n")


@user.command("link")
@click.argument("email")
@click.option(
    "--reset", is_flag=True, help="A link to set a new password (24 hours) instead of one that signs in (15 minutes)."
)
def link_user(*, email: str, reset: bool) -> None:
    """Print a one-time link that lets a person in who is locked out."""
    from webapp.models import LinkKind
    from webapp.services import access_links, people

    app = _migrated_app()
    with app.app_context():
        found = _person(email)
        if reset and found.is_active:
            path = access_links.path(LinkKind.RESET, access_links.issue(LinkKind.RESET, found))
        else:
            path = people.sign_in_link(found)
        click.echo(_full(app, path))


@user.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_user(*, email: str, yes: bool) -> None:
    """Erase a person's name, e-mail and browsers for good: an account, or a guest of review links.

    What they made and decided stays, under “Erased person”; `slate verify` still passes and counts it.
    """
    from webapp.services import erasure

    if not yes:
        click.confirm(f"Erase everything personal about {email}? This cannot be undone.", abort=True)
    with _migrated_app().app_context():
        erased = erasure.by_email(email)
        rows = f"{erased.rows:,} {'line' if erased.rows == 1 else 'lines'} of the record"
        boards = f"{erased.jobs:,} {'storyboard' if erased.jobs == 1 else 'storyboards'}"
        click.echo(f"Erased {email}: {rows} in {boards}. {erased.sentence}".strip())


@user.command("list")
def list_users() -> None:
    """List everybody with their role and state."""
    from webapp.models import Role, User
    from webapp.services import people

    with _migrated_app().app_context():
        for each in people.everyone(User(role=Role.ADMIN)):
            click.echo(f"{each.user.email:40} {each.user.role:9} {each.state:9} {each.user.name}")


@main.group()
def key() -> None:
    """Make, list and revoke API keys."""


@key.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Which program it is for.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it works; otherwise until it is revoked.")
def add_key(*, email: str, name: str, days: int | None) -> None:
    """Make an API key for a person and print it: KEY=$(slate key add EMAIL --name NAME).

    It may do what the person may. It is printed this once; only its hash is kept.
    """
    from pydantic import ValidationError

    from webapp.schemas.api_keys import ApiKeyDraft
    from webapp.services import api_keys

    try:
        draft = ApiKeyDraft(name=name, days=days)
    except ValidationError as error:
        raise click.BadParameter("between 1 and 120 characters", param_hint="--name") from error
    with _migrated_app().app_context():
        made, text = api_keys.create(_person(email), draft)
        ends = f"until {made.expires_at:%Y-%m-%d}" if made.expires_at else "until it is revoked"
        click.echo(f"This key works {ends}:", err=True)
        click.echo(text)


@key.command("list")
@click.argument("email")
def list_keys(*, email: str) -> None:
    """List a person's API keys that were not revoked: first characters, made, last used, end, name."""
    from webapp.services import api_keys

    with _migrated_app().app_context():
        for each in api_keys.list_for(_person(email)):
            used = f"{each.last_used_at:%Y-%m-%d}" if each.last_used_at else "never used"
            end = "no end" if each.expires_at is None else f"{each.expires_at:%Y-%m-%d}"
            state = "expired" if each.is_expired else end
            click.echo(f"{each.start}  {each.created_at:%Y-%m-%d}  {used:10}  {state:10}  {each.name}")


@key.command("revoke")
@click.argument("email")
@click.argument("which", metavar="KEY")
def revoke_key(*, email: str, which: str) -> None:
    """Revoke an API key at once. KEY: its first characters as `slate key list` prints them, or all of it."""
    from webapp.services import api_keys

    with _migrated_app().app_context():
        found = _person(email)
        ended = api_keys.revoke(found, api_keys.find_own(found, which).id)
        click.echo(f"{ended.name} ({ended.start}…) is revoked.")


def make_app() -> Flask:
    """Build the app with quiet logs. Raises SettingsError with a sentence for a wrong setting."""
    settings = config.load()
    level = settings.log_level.upper()
    logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("webapp").setLevel(level)
    logging.getLogger("waitress.queue").setLevel("ERROR")  # it warns of every request that waits for a thread
    if level == "DEBUG":
        logging.getLogger().setLevel(level)
    from webapp import create_app

    os.umask(0o077)  # databases and files are for Slate's own user
    try:
        return create_app(settings)
    except OSError as error:
        raise config.SettingsError(
            f"SLATE_DATA is {settings.data}, where Slate may not write: {error.strerror}."
        ) from error


def _migrated_app() -> Flask:
    from webapp.services import upkeep

    app = make_app()
    if not upkeep.is_current(app):
        upkeep.migrate(app)
    return app


def _full(app: Flask, path: str) -> str:
    settings: config.Settings = app.extensions["settings"]
    return settings.address + path


def _is_address(typed: str) -> bool:
    from pydantic import TypeAdapter, ValidationError

    from webapp.schemas.people import Email

    try:
        TypeAdapter(Email).validate_python(typed)
    except ValidationError:
        return False
    return True


def _person(email: str) -> User:
    from webapp.services import people

    found = people.by_email(email)
    if found is None:
        raise click.ClickException(f"Nobody has the e-mail address {email}. `slate user list` shows who is there.")
    return found


def _make_demo_beside() -> None:
    """Make the demo world in a process of its own: drawing its assets needs libraries the web process never loads."""
    click.echo("Making the demo world …")
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "demo"],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "WRITING_PACE": "0"},
        check=False,
    )
    if done.returncode:
        log.warning("the demo world could not be made; Slate works without it, `slate demo` tries again")


if __name__ == "__main__":
    main()
