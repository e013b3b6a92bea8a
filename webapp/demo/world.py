"""Build the demo world with the services that people use."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import current_app

from webapp.demo import briefs, drawings, talk
from webapp.extensions import db, transaction
from webapp.models import Asset, Campaign, CampaignStatus, Client, Job
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.scenes import SceneChange
from webapp.services import asset_intake, assets, decisions, generations, jobs, scene_generator, scene_rewriter, scenes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from webapp.models import User
    from webapp.schemas.jobs import JobDraft

SEEDS = (6, 1)
"""What the built-in writer makes of the two briefs: picked by reading, so that the edit below fits the first scene."""
READERS = 2
"""Files read at once, as many as services.media lets."""


def build(ada: User, ben: User) -> None:
    """Make clients, campaigns and assets, then two storyboards and what was decided about them."""
    fjell, velo = _clients()
    launch = _campaign(fjell, "Spring launch", "Trial orders from commuters", "https://fjell.example/cold-brew")
    _campaign(fjell, "Office subscriptions", "A cold brew tap in fifty offices", "https://fjell.example/office")
    _campaign(velo, "City summer", "Test rides in June", "https://velo.example/one")
    logo = _upload(ada, fjell, "Fjell logo.png", drawings.mountain(), "brand_logo")
    _upload(ada, fjell, "Bottle, front.png", drawings.bottle(), "product_shot")
    _upload(ada, fjell, "Morning light.jpg", drawings.morning(), "background")
    _upload(ada, fjell, "Two soft chords.wav", drawings.chords(), "use_full_audio")
    _upload(ada, fjell, "Voice of the brand.txt", drawings.voice())
    _upload(ada, velo, "The Velo, side.png", drawings.bicycle(), "product_shot")
    _read_assets()
    with transaction():
        fjell.logo_asset_id = logo.id
    with _without_pace():
        _ask_for_changes(ada, ben, _write(ada, briefs.cold_brew(fjell, launch), SEEDS[0]))
        _approve(ben, _write(ada, briefs.slow_mornings(fjell, launch), SEEDS[1]))


@contextmanager
def _without_pace() -> Iterator[None]:
    """Write as fast as it goes: nobody watches."""
    settings = current_app.extensions["settings"]
    current_app.extensions["settings"] = replace(settings, ai_provider="builtin", writing_pace=0.0)
    try:
        yield
    finally:
        current_app.extensions["settings"] = settings


def _clients() -> tuple[Client, Client]:
    fjell = Client(
        name="Fjell Coffee",
        description="Cold brew from Oslo, steeped eighteen hours, sold by subscription and in two cafés.",
        homepage="https://fjell.example",
        colors=["#1f7a63", "#eba23b", "#faf8f3", "#22252e"],
        fonts=["Inter"],
        tone="Dry, warm, a little sleepy",
        restrictions=["cheap", "guaranteed", "the best coffee in the world"],
        examples=["Mornings don’t wait. Good coffee does."],
        disclaimer="Contains caffeine.",
        is_demo=True,
    )
    velo = Client(
        name="Velo Nord",
        description="City bicycles that weigh less than a suitcase.",
        homepage="https://velo.example",
        colors=["#28407a", "#e5673f", "#f2efe8"],
        fonts=["Inter"],
        tone="Playful",
        restrictions=["unbreakable"],
        is_demo=True,
    )
    with transaction():
        db.session.add_all([fjell, velo])
    return fjell, velo


def _campaign(client: Client, name: str, goal: str, url: str) -> Campaign:
    campaign = Campaign(client_id=client.id, name=name, goal=goal, product_url=url, status=CampaignStatus.ACTIVE)
    with transaction():
        db.session.add(campaign)
    return campaign


def _upload(ada: User, client: Client, name: str, content: bytes, *tags: str) -> Asset:
    asset = assets.add_file(ada, client, io.BytesIO(content), name)
    return assets.tag(asset, tags)


def _read_assets() -> None:
    """Read the uploads here and now: the storyboards below want to know them."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - for other threads

    def read(asset_id: str, attempt: int) -> None:
        with app.app_context():
            asset_intake.take_in(asset_id, attempt)

    waiting = [(asset.id, asset.attempt) for asset in db.session.query(Asset) if asset.is_open]
    db.session.rollback()
    with ThreadPoolExecutor(READERS) as readers:
        list(readers.map(lambda each: read(*each), waiting))
    db.session.expire_all()


def _write(ada: User, draft: JobDraft, seed: int) -> Job:
    """Write a storyboard here and now; its frames are drawn by the worker."""
    with transaction():
        job = jobs.create(ada, draft)
        job.seed = seed
    job_id, token = job.id, job.attempt_token
    scene_generator.write(job_id, token)
    scene_generator.settle_assets(job_id, token, 0)
    generations.finish(job_id, token)
    return db.session.get_one(Job, job_id)


def _ask_for_changes(ada: User, ben: User, job: Job) -> None:
    """Leave a storyboard in the middle of its second round, with comments open and answered."""
    talk.begin(ada, job)
    words = "Shorter hook, and show the bottle earlier."
    decisions.decide(ben, job, DecisionDraft(kind="request_changes", reason=words, seen=_seen(job)))
    first = jobs.scenes(job)[0]
    scenes.edit(ada, job, first, SceneChange(title="6:42", script="6:42. Awake is a strong word.", on_screen="6:42"))
    second = talk.go_on(ada, job)
    scene_rewriter.rewrite(second.id, second.redo_token)


def _approve(ben: User, job: Job) -> None:
    decisions.decide(ben, job, DecisionDraft(kind="approve", reason="Lovely. Go.", seen=_seen(job)))


def _seen(job: Job) -> str:
    return decisions.content_hash(jobs.scenes(job))
