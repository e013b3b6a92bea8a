"""The command `slate`: serve, worker, migrate, demo, user, doctor."""

from __future__ import annotations

import logging
import sys

import click
from flask import Flask

from webapp import config, create_app


@click.group()
@click.version_option(package_name="slate-storyboards", prog_name="slate")
def main() -> None:
    """Slate turns a brief and a handful of asset URLs into an approved storyboard for a video ad."""


def make_app() -> Flask:
    """Build the app, or say in one sentence which setting is wrong and leave."""
    try:
        settings = config.load()
    except config.SettingsError as error:
        raise click.ClickException(str(error)) from error
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("httpx", "dbos", "alembic", "waitress"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return create_app(settings)


@main.command()
@click.option("--worker/--no-worker", default=True, help="Also run the worker process (the default).")
@click.option("--demo/--no-demo", "with_demo", default=False, help="Make the demo world on a first start.")
def serve(*, worker: bool, with_demo: bool) -> None:
    """Serve the pages, and do the background work beside."""
    from webapp import demo, serving  # noqa: PLC0415
    from webapp.services import access_links, clients, upkeep  # noqa: PLC0415

    app = make_app()
    settings = app.extensions["settings"]
    upkeep.migrate(app)
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo(f"Slate is at {address}")
    with app.app_context():
        if with_demo and not clients.any_yet():
            click.echo("Making the demo world …")
            demo.make()
        link = access_links.start_link()
    if link:
        click.echo(f"Set it up with this one-time link (24 hours): {address}{link[0]}")
    demo.welcome(app)
    serving.serve(app, settings, with_worker=worker)


@main.command("demo")
def make_demo() -> None:
    """Make the demo world: two clients, three campaigns, storyboards in three states. Its notice deletes it again."""
    from webapp import demo  # noqa: PLC0415

    app = make_app()
    with app.app_context():
        if demo.exists():
            raise click.ClickException("The demo world is there already.")
        demo.make()
    click.echo("The demo world is there. The worker draws its pictures now.")


@main.command()
def migrate() -> None:
    """Bring the databases up to date; safe to run again."""
    from webapp.services import upkeep  # noqa: PLC0415 - heavy imports only where they are needed

    upkeep.migrate(make_app())
    click.echo("The databases are up to date.")


@main.command()
def worker() -> None:
    """Do the background work of this data folder: fetch, write, draw. One per data folder."""
    from webapp.services import worker as work  # noqa: PLC0415

    app = make_app()
    try:
        work.run(app, app.extensions["settings"])
    except work.WorkerRuns as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
