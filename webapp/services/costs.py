"""What a storyboard costs: the same functions price the estimate and the booking, in micro-dollars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from webapp.services import writers
from webapp.services.writers import prices

if TYPE_CHECKING:
    from webapp.config import Settings
    from webapp.services.writers.base import Brief, Usage

MODEL_SECONDS_PER_SCENE = 4.0
"""Wall-clock seconds a model takes for one scene, a cautious middle of what current small models need."""
FRAME_SECONDS = 0.6
"""Seconds to draw one frame on one core (make bench)."""
BUILTIN_SECONDS_PER_SCENE = 0.9
"""Seconds the built-in writer lets one scene's words appear at WRITING_PACE 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What one request will cost and take, before it is made."""

    scenes: int
    wall_seconds: int
    cost_micros: int
    price_known: bool
    input_tokens: int
    output_tokens: int
    writer: str
    model: str


def settings() -> Settings:
    """Return the app's settings."""
    found: Settings = current_app.extensions["settings"]
    return found


def estimate(brief: Brief) -> Estimate:
    """Price exactly this brief with the writer in force: tokens from its words and pictures, time from its scenes."""
    name, model = writers.label(settings())
    count = len(brief.scene_seconds)
    if name == "builtin":
        tokens, seconds = (0, 0), count * (BUILTIN_SECONDS_PER_SCENE * settings().writing_pace + FRAME_SECONDS)
    else:
        tokens, seconds = prices.estimate_tokens(brief), 3 + count * (MODEL_SECONDS_PER_SCENE + FRAME_SECONDS / 2)
    cost = price(name, model, *tokens)
    return Estimate(
        scenes=count,
        wall_seconds=max(2, round(seconds)),
        cost_micros=cost or 0,
        price_known=cost is not None,
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        writer=name,
        model=model,
    )


def price(writer: str, model: str, input_tokens: int, output_tokens: int) -> int | None:
    """Return the price of tokens in micro-dollars: 0 for the built-in writer, None where no price is known."""
    if writer == "builtin":
        return 0
    config = settings()
    own = config.ai_price_input_per_mtok, config.ai_price_output_per_mtok
    if prices.rate(model, *own) is None:
        return None
    return prices.price_micros(model, input_tokens, output_tokens, *own)


def booked(writer: str, usage: Usage) -> int:
    """Return what one call cost, from the usage its provider reported, in micro-dollars (0 where no price is known)."""
    return price(writer, usage.model, usage.input_tokens, usage.output_tokens) or 0
