"""What the demo's people ask for: three briefs, each of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Asset
from webapp.schemas.jobs import JobDraft

if TYPE_CHECKING:
    from webapp.models import Campaign, Client

ROLES = {
    "Bottle, front.png": "product_shot",
    "Fjell logo.png": "brand_logo",
    "Morning light.jpg": "background",
    "The Velo, side.png": "product_shot",
}
"""What each picture is for, by its name."""


def cold_brew(client: Client, campaign: Campaign) -> JobDraft:
    """Brief a problem-and-solution ad of 15 seconds."""
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
    ).model_copy(update=_with_assets(client, "Bottle, front.png", "Fjell logo.png", "Morning light.jpg"))


def slow_mornings(client: Client, campaign: Campaign) -> JobDraft:
    """Brief a calm documentary of 20 seconds for the square feed."""
    return JobDraft(
        client_id=client.id,
        campaign_id=campaign.id,
        title="Slow mornings",
        product="Fjell Cold Brew",
        audience="People who work from home",
        key_message="Eighteen hours of patience in every bottle",
        call_to_action="Try a week at fjell.example",
        style="Documentary",
        tone="Calm",
        visual_elements=["Steam on a window", "Hands"],
        music_style="One quiet piano",
        ratio="1:1",
        seconds=20,
        num_scenes=4,
    ).model_copy(update=_with_assets(client, "Bottle, front.png", "Fjell logo.png"))


def ride(client: Client, campaign: Campaign) -> JobDraft:
    """Brief a playful demonstration of 30 seconds for phones."""
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
        music_style="Hand claps and a bass",
        ratio="9:16",
        seconds=30,
        num_scenes=5,
    ).model_copy(update=_with_assets(client, "The Velo, side.png"))


def _with_assets(client: Client, *names: str) -> dict[str, Any]:
    """Find the client's assets by name and say what each is for."""
    found = db.session.scalars(select(Asset).where(Asset.client_id == client.id, Asset.name.in_(names))).all()
    return {"asset_ids": [asset.id for asset in found], "roles": {asset.id: ROLES[asset.name] for asset in found}}
