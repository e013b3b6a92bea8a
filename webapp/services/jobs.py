"""Jobs: ask for a storyboard, change its brief, find it."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import load_only

from webapp.errors import Invalid, NotFound
from webapp.extensions import db, transaction
from webapp.models import (
    Asset,
    Campaign,
    Client,
    Job,
    JobAsset,
    JobStatus,
    Scene,
    new_id,
)
from webapp.services import briefs, costs, events, frame_store, generations, throttles, timing, writers
from webapp.services.writers.base import ASSET_ROLES, AssetNote, Brand, Brief
from webapp.services.writers.builtin.restrictions import Forbidden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import User
    from webapp.schemas.jobs import JobChange, JobDraft


BRIEF = (
    "title", "product", "audience", "key_message", "call_to_action", "style", "tone", "visual_elements", "music_style",
    "language", "ratio", "duration_ms",
)  # fmt: skip
"""The columns that people edit as the brief."""


def find(person: User, job_id: str) -> Job:
    """Return a job this person may see.

    Raises:
        NotFound: there is no such job.
    """
    job = db.session.get(Job, job_id) if person.is_active else None
    if job is None or job.purged_at is not None:
        raise NotFound("This storyboard does not exist any more.", hint="It may have been deleted.")
    return job


def revision(job_id: str) -> int | None:
    """Return how often a job has changed visibly; the cheapest question a page can ask. None: it is gone."""
    return db.session.scalar(select(Job.revision).where(Job.id == job_id))


def is_running(job_id: str) -> bool:
    """Say whether a writer is at work on a job, or is asked to be; False when it is gone."""
    status = db.session.scalar(select(Job.status).where(Job.id == job_id))
    return status in (JobStatus.PENDING, JobStatus.STORYBOARD_PROCESSING)


def scenes(job: Job) -> Sequence[Scene]:
    """Return a job's scenes in order, each with its take and frame, in one query."""
    return db.session.scalars(
        select(Scene).where(Scene.job_id == job.id, Scene.deleted_at.is_(None)).order_by(Scene.position)
    ).all()


def assets(job: Job) -> Sequence[JobAsset]:
    """Return the assets of a job's brief in the order they were added, each with its role."""
    return db.session.scalars(select(JobAsset).where(JobAsset.job_id == job.id).order_by(JobAsset.id)).all()


def all_assets(links: Sequence[JobAsset], board: Sequence[Scene]) -> dict[str, Asset]:
    """Return the assets of a brief and of its scenes by id: a scene keeps what it shows when the brief lets it go."""
    found = {link.asset_id: link.asset for link in links}
    shown = {asset_id for scene in board if scene.take for asset_id in scene.take.asset_ids}
    if more := shown - set(found):
        found |= {asset.id: asset for asset in db.session.scalars(select(Asset).where(Asset.id.in_(more)))}
    return found


def estimate(draft: JobDraft) -> costs.Estimate:
    """Say what this request would cost and how long it would take."""
    return costs.estimate(_brief(draft))


def forbidden_words(draft: JobDraft) -> list[str]:
    """Return sentences about words of this brief that the client never says: no scene will carry them."""
    client = db.session.get(Client, draft.client_id)
    rules = Forbidden(client.restrictions if client else ())
    parts = {"product": draft.product, "message": draft.key_message, "call to action": draft.call_to_action}
    name = client.name if client else ""
    return [
        f"The {part} has words that {name} never says; no scene will carry them."
        for part, said in parts.items()
        if not rules.allows(said)
    ]


def estimate_anew(job: Job, board: Sequence[Scene]) -> costs.Estimate:
    """Say what new takes of all scenes would cost with the writer in force."""
    lengths = [scene.take.duration_ms for scene in board if scene.take] or [job.duration_ms]
    return costs.estimate(briefs.of(job, lengths))


def create(person: User, draft: JobDraft) -> Job:
    """Keep a new job and ask for its storyboard; answers at once, the writing goes on in the worker.

    Raises:
        Invalid: the client, the campaign, an asset or the number of scenes is not one that exists or is allowed.
    """
    settings = costs.settings()
    if (twin := _asked_already(person, draft)) is not None:
        return twin
    throttles.spend(f"generations:{person.id}", *throttles.GENERATIONS)
    writer, model = writers.label(settings)
    with transaction():
        if (twin := _asked_already(person, draft)) is not None:
            return twin
        price = estimate(draft).cost_micros
        client, campaign, chosen = belongings(draft)
        job = Job(
            id=draft.key or new_id(),
            client_id=client.id,
            campaign_id=campaign.id if campaign else None,
            user_id=person.id,
            title=draft.title or _title(draft.product),
            **draft.model_dump(
                include={"product", "audience", "key_message", "call_to_action", "style", "tone", "visual_elements"}
            ),
            music_style=draft.music_style,
            language=draft.language,
            ratio=draft.ratio,
            duration_ms=round(draft.seconds * 1000),
            num_scenes=draft.num_scenes,
            writer=writer,
            model=model,
            seed=secrets.randbelow(2**31),
            estimated_cost_micros=price,
            extra=draft.extra,
        )
        db.session.add(job)
        db.session.flush()
        for asset in chosen:
            role = draft.roles.get(asset.id, "")
            db.session.add(JobAsset(job_id=job.id, asset_id=asset.id, role=role if role in ASSET_ROLES else ""))
        events.record(job, "created", "asked for a storyboard", by=person)
        generations.begin(job, "storyboard")
    return job


def _asked_already(person: User, draft: JobDraft) -> Job | None:
    """Return the job that the same request made before, None when it is new."""
    job = db.session.get(Job, draft.key) if draft.key else None
    return job if job is not None and job.user_id == person.id else None


def change(person: User, job: Job, draft: JobChange) -> Job:
    """Change what the brief says; scenes stay as they are, frames follow when format or brand need it."""
    given = {name: value for name in draft.model_fields_set - {"seen"} if (value := getattr(draft, name)) is not None}
    with transaction():
        job.must_be_open()
        if draft.seen and draft.seen != brief_hash(job):
            raise Invalid(
                "Somebody else changed the brief meanwhile. Your words are still here: save again to keep them."
            )
        if "ratio" in given or "seconds" in given:
            job.must_be_idle()
        if "seconds" in given:
            job.duration_ms = round(given.pop("seconds") * 1000)
        if "extra" in given:
            job.extra = {name: value for name, value in (job.extra | given.pop("extra")).items() if value is not None}
        for name, value in given.items():
            setattr(job, name, value)
        events.record(job, "brief", "changed the brief", by=person)
        frame_store.refresh(job, scenes(job))
        job.touch(layout=True)
    return job


def brief_hash(job: Job) -> str:
    """Return the SHA-256 of what a brief says, so that a form can tell whether it changed meanwhile."""
    said = [getattr(job, name) for name in BRIEF]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def set_assets(person: User, job: Job, roles: dict[str, str]) -> None:
    """Make exactly these assets (id → role) the brief's; scenes keep what they show."""
    with transaction():
        job.must_be_open()
        known = {link.asset_id: link for link in assets(job)}
        for asset in _assets(list(roles), job.client_id):
            role = roles[asset.id] if roles[asset.id] in ASSET_ROLES else ""
            if asset.id in known:
                known[asset.id].role = role
            else:
                db.session.add(JobAsset(job_id=job.id, asset_id=asset.id, role=role))
        for asset_id, link in known.items():
            if asset_id not in roles:
                db.session.delete(link)
        events.record(job, "assets", "changed the brief's assets", by=person)
        job.touch()


def belongings(draft: JobDraft) -> tuple[Client, Campaign | None, Sequence[Asset]]:
    """Return what a draft names. Raises Invalid for what does not exist, or is not allowed together."""
    settings, wrong = costs.settings(), {}
    low, high = settings.scenes_per_video_min, settings.scenes_per_video_max
    client = db.session.get(Client, draft.client_id)
    if client is None or client.archived_at is not None:
        wrong["client_id"] = "Pick one of the clients."
    campaign = db.session.get(Campaign, draft.campaign_id) if draft.campaign_id else None
    # whether a campaign is the client's can only be said of a client that exists
    if draft.campaign_id and (campaign is None or (client is not None and campaign.client_id != client.id)):
        wrong["campaign_id"] = "Pick one of this client's campaigns."
    if draft.num_scenes is not None and not low <= draft.num_scenes <= high:
        wrong["num_scenes"] = f"Between {low} and {high} scenes, or let Slate decide."
    elif draft.num_scenes and draft.num_scenes > draft.seconds:
        wrong["num_scenes"] = f"{draft.seconds:g} s are too short for {draft.num_scenes} scenes of at least 1 s."
    if wrong or client is None:
        raise Invalid(fields=wrong)
    return client, campaign, _assets(draft.asset_ids, client.id)


def _assets(ids: list[str], client_id: str) -> Sequence[Asset]:
    found = {
        asset.id: asset
        for asset in db.session.scalars(select(Asset).where(Asset.id.in_(ids), Asset.client_id == client_id))
    }
    if len(found) != len(set(ids)):
        raise Invalid(
            fields={"asset_ids": "One of the assets was deleted or belongs to another client. Remove it and try again."}
        )
    return [found[each] for each in dict.fromkeys(ids)]


def _brief(draft: JobDraft) -> Brief:
    """Return the brief this draft would become, as far as its price depends on it."""
    settings = costs.settings()
    count = timing.scene_count(
        draft.seconds, draft.num_scenes, low=settings.scenes_per_video_min, high=settings.scenes_per_video_max
    )
    client = db.session.get(Client, draft.client_id)
    ids = (
        select(Asset)
        .where(Asset.id.in_(draft.asset_ids))
        .options(load_only(Asset.name, Asset.kind, Asset.thumbnail_blob_id))
    )
    return Brief(
        **draft.model_dump(
            include={"product", "audience", "key_message", "call_to_action", "style", "tone", "music_style"}
        ),
        visual_elements=tuple(draft.visual_elements),
        language=draft.language,
        words_per_minute=timing.words_per_minute(draft.language, client.speaking_rates if client else None),
        ratio=draft.ratio,
        scene_seconds=tuple(ms / 1000 for ms in timing.plan(round(draft.seconds * 1000), count)),
        brand=briefs.brand(client) if client else Brand(),
        assets=tuple(
            AssetNote(
                id=asset.id,
                name=asset.name,
                kind=asset.kind or "image",
                thumbnail=b"?" if asset.thumbnail_blob_id else b"",
            )
            for asset in db.session.scalars(ids)
        ),
    )


def _title(product: str) -> str:
    """Name a job after its product: the first words, at most 60 characters."""
    line = product.strip().splitlines()[0]
    return line if len(line) <= 60 else line[:60].rsplit(" ", 1)[0] + "…"


def planned_count(job: Job) -> int:
    """Return how many scenes the length and the choice of a job ask for."""
    settings = costs.settings()
    return timing.scene_count(
        job.duration_ms / 1000, job.num_scenes, low=settings.scenes_per_video_min, high=settings.scenes_per_video_max
    )


def scene_choices() -> list[tuple[int, int]]:
    """Return the numbers of scenes a person may choose, as (value, label) pairs."""
    settings = costs.settings()
    return [(count, count) for count in range(settings.scenes_per_video_min, settings.scenes_per_video_max + 1)]
