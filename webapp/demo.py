"""One believable world for newcomers: two clients, three campaigns, assets made here, storyboards in three states.

Nothing leaves the machine and nothing is canned: the assets are drawn and read, the scenes written and the decisions
made by the same services that people use. Its people have no account, only names.
"""

from __future__ import annotations

import io
import math
import struct
import threading
import wave
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from webapp.extensions import db, transaction
from webapp.models import Asset, Campaign, CampaignStatus, Client, Job, Role, User
from webapp.schemas.jobs import JobDraft
from webapp.schemas.scenes import DecisionDraft, SceneChange
from webapp.services import access_links, asset_intake, assets, clients, decisions, generations, jobs, scene_generator, scenes

if TYPE_CHECKING:
    from flask import Flask

ADA = User(name="Ada Byron", email="ada@demo.invalid", role=Role.ADMIN)
BEN = User(name="Ben Berg", email="ben@demo.invalid", role=Role.REVIEWER)
LOOK_EVERY = 1.0
"""Seconds between two looks whether somebody has arrived to see the third storyboard being written."""


def exists() -> bool:
    """Say whether the demo world is there."""
    return bool(clients.demo(ADA))


def make() -> None:
    """Make the demo world, unless it is there already."""
    if exists():
        return
    fjell, velo = _clients()
    launch = _campaign(fjell, "Spring launch", "Trial orders from commuters", "https://fjell.example/cold-brew")
    _campaign(fjell, "Office subscriptions", "A cold brew tap in fifty offices", "https://fjell.example/office")
    city = _campaign(velo, "City summer", "Test rides in June", "https://velo.example/one")
    bottle = _asset(fjell, "Bottle, front.png", _bottle(), ["product_shot"])
    logo = _asset(fjell, "Fjell logo.png", _mountain(), ["brand_logo"])
    morning = _asset(fjell, "Morning light.jpg", _morning(), ["background"])
    _asset(fjell, "Two soft chords.wav", _chords(), ["use_full_audio"])
    _asset(fjell, "Voice of the brand.txt", _voice(), [])
    with transaction():
        fjell.logo_asset_id = logo.id
    roles = {bottle.id: "product_shot", logo.id: "brand_logo", morning.id: "background"}
    _reviewed(_write(_cold_brew(fjell, launch, roles)))
    _approved(_write(_winter(fjell, launch, roles)))
    if access_links.is_set_up():
        jobs.create(ADA, _ride(velo, city))


def welcome(app: Flask) -> None:
    """Start writing the demo's third storyboard once somebody has set Slate up, so that they see it happen."""

    def wait() -> None:
        while not stopped.wait(LOOK_EVERY):
            with app.app_context():
                if access_links.is_set_up():
                    _begin_ride()
                    return

    stopped = threading.Event()
    with app.app_context():
        if access_links.is_set_up() or not exists():
            return
    threading.Thread(target=wait, name="demo", daemon=True).start()


def _begin_ride() -> None:
    velo = next((client for client in clients.demo(ADA) if client.name == "Velo Nord"), None)
    if velo is None or db.session.query(Job).filter_by(client_id=velo.id).count():
        return
    city = db.session.query(Campaign).filter_by(client_id=velo.id).first()
    if city is not None:
        jobs.create(ADA, _ride(velo, city))


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


def _asset(client: Client, name: str, content: bytes, tags: list[str]) -> Asset:
    """Upload a file as a person would and read it here and now instead of in the worker."""
    asset = assets.add_file(ADA, client, io.BytesIO(content), name)
    assets.tag(asset, tags)
    asset_intake.take_in(asset.id, asset.attempt)
    return asset


def _cold_brew(client: Client, campaign: Campaign, roles: dict[str, str]) -> JobDraft:
    return JobDraft(
        client_id=client.id,
        campaign_id=campaign.id,
        title="Cold brew in one twist",
        product="Fjell Cold Brew",
        audience="Commuters, 20 to 35",
        key_message="Real cold brew, ready before you are",
        call_to_action="Order at fjell.example",
        style="Problem and solution",
        tone="Dry, Warm",
        visual_elements=["Morning light", "The green bottle"],
        music_style="Soft brushed drums",
        seconds=15,
        num_scenes=5,
        asset_ids=list(roles),
        roles=roles,
    )


def _winter(client: Client, campaign: Campaign, roles: dict[str, str]) -> JobDraft:
    return _cold_brew(client, campaign, roles).model_copy(
        update={
            "title": "Slow mornings",
            "key_message": "Eighteen hours of patience in every bottle",
            "style": "Documentary",
            "seconds": 20,
            "num_scenes": 4,
        }
    )


def _ride(client: Client, campaign: Campaign) -> JobDraft:
    return JobDraft(
        client_id=client.id,
        campaign_id=campaign.id,
        title="Lighter than your luggage",
        product="The Velo Nord city bicycle",
        audience="People who take the tram two stops",
        key_message="A bicycle you carry up the stairs with one hand",
        call_to_action="Book a test ride at velo.example",
        style="Demonstration",
        tone="Playful",
        visual_elements=["Stairs", "Evening sun"],
        ratio="9:16",
        seconds=30,
        num_scenes=5,
    )


def _write(draft: JobDraft) -> Job:
    """Write a storyboard here and now; its frames are drawn by the worker."""
    job = jobs.create(ADA, draft)
    job_id, token = job.id, job.attempt_token
    scene_generator.write(job_id, token)
    scene_generator.settle_assets(job_id, token, 0)
    generations.finish(job_id, token)
    return db.session.get_one(Job, job_id)


def _reviewed(job: Job) -> None:
    """Leave a storyboard in the middle of its second round."""
    decisions.decide(BEN, job, DecisionDraft(kind="request_changes", reason="Shorter hook, and show the bottle earlier."))
    first = jobs.scenes(job)[0]
    scenes.edit(ADA, job, first, SceneChange(on_screen="6:42"))


def _approved(job: Job) -> None:
    decisions.decide(BEN, job, DecisionDraft(kind="approve", reason="Lovely. Go."))


def _bottle() -> bytes:
    """Draw a bottle on a transparent ground."""
    image = Image.new("RGBA", (900, 1600))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((330, 120, 570, 260), 30, fill="#22252e")
    draw.polygon([(350, 260), (550, 260), (690, 520), (690, 1440), (210, 1440), (210, 520)], fill="#1f7a63")
    draw.rounded_rectangle((210, 1300, 690, 1500), 90, fill="#1f7a63")
    draw.polygon([(250, 540), (300, 540), (300, 1380), (250, 1380)], fill="#3c9a80")
    draw.rounded_rectangle((210, 760, 690, 1160), 8, fill="#faf8f3")
    draw.polygon([(330, 1060), (430, 880), (500, 980), (540, 920), (620, 1060)], fill="#1f7a63")
    draw.ellipse((540, 820, 590, 870), fill="#eba23b")
    return _encoded(image, "PNG")


def _mountain() -> bytes:
    image = Image.new("RGBA", (640, 640), "#1f7a63")
    draw = ImageDraw.Draw(image)
    draw.polygon([(96, 464), (248, 208), (330, 345), (384, 272), (544, 464)], fill="#ffffff")
    draw.ellipse((424, 136, 504, 216), fill="#eba23b")
    return _encoded(image, "PNG")


def _morning() -> bytes:
    """Draw a window full of early light."""
    image = Image.new("RGB", (1600, 1000))
    draw = ImageDraw.Draw(image)
    for y in range(1000):
        glow = y / 1000
        draw.line([(0, y), (1600, y)], fill=(int(250 - 30 * glow), int(214 - 60 * glow), int(160 - 50 * glow)))
    draw.ellipse((980, 420, 1240, 680), fill="#fff3d6")
    for left in (0, 510, 1060, 1560):
        draw.rectangle((left, 0, left + 40, 1000), fill="#5a4636")
    draw.rectangle((0, 480, 1600, 512), fill="#5a4636")
    draw.rectangle((0, 820, 1600, 1000), fill="#8a6a50")
    return _encoded(image, "JPEG")


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _chords() -> bytes:
    """Play two chords of two seconds each, 16-bit mono at 22,050 Hz."""
    rate, out = 22_050, io.BytesIO()
    frames = bytearray()
    for chord in ((261.63, 329.63, 392.0), (220.0, 261.63, 329.63)):
        for i in range(rate * 2):
            fade = min(1.0, i / 800) * math.exp(-i / rate)
            value = sum(math.sin(2 * math.pi * note * i / rate) for note in chord) / 3
            frames += struct.pack("<h", int(9000 * fade * value))
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(frames))
    return out.getvalue()


def _voice() -> bytes:
    return (
        b"Fjell speaks like a friend who has been up for an hour already.\n\n"
        b"Short sentences. No exclamation marks. We never promise, we describe.\n"
        b"We say bottle, not product; morning, not moment of consumption.\n"
    )
