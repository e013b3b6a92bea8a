"""What things cost, as the API says it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from webapp.models import utcnow

if TYPE_CHECKING:
    from webapp.services.costs import Estimate

VALID = timedelta(hours=24)
"""How long an estimate is worth reading: prices and writers are changed by people, not by the hour."""


class Breakdown(TypedDict):
    """What it is for, USD."""

    storyboard_generation: float
    image_generation: Annotated[float, Field(description="Sketches are drawn here and cost nothing.")]
    video_rendering: Annotated[float, Field(description="The animatic is rendered here and costs nothing.")]


class Tokens(TypedDict):
    """What a model is likely to read and write; 0 for the built-in writer."""

    input: int
    output: int


class EstimateResource(TypedDict):
    """What a job would cost."""

    estimatedCost: Annotated[float, Field(description="USD, exactly what the job itself will say.")]
    currency: Literal["USD"]
    breakdown: Breakdown
    tokens: Tokens
    priceKnown: Annotated[bool, Field(description="False: nobody told Slate what this model costs; it says 0.")]
    model: str
    validUntil: datetime


def estimate(found: Estimate) -> EstimateResource:
    """Say an estimate."""
    cost = found.cost_micros / 1_000_000
    return {
        "estimatedCost": cost,
        "currency": "USD",
        "breakdown": {"storyboard_generation": cost, "image_generation": 0.0, "video_rendering": 0.0},
        "tokens": {"input": found.input_tokens, "output": found.output_tokens},
        "priceKnown": found.price_known,
        "model": found.model,
        "validUntil": utcnow() + VALID,
    }
