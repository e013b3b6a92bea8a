"""What tokens cost: list prices of known models, and how many tokens a storyboard is likely to take.

The table holds the providers' public list prices (OpenAI: openai.com/api/pricing, Anthropic:
claude.com/pricing) for standard, uncached requests, as republished by price trackers and looked up on 22 November 2026.
They are defaults: providers change prices, and gateways add theirs. AI_PRICE_INPUT_PER_MTOK and
AI_PRICE_OUTPUT_PER_MTOK override them. A model that is not listed counts as 0 and `known` says so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from webapp.services.writers import pictures, prompt

if TYPE_CHECKING:
    from webapp.services.writers.base import Brief


class Rate(NamedTuple):
    """Dollars per million tokens, which is the same number in micro-dollars per token."""

    input: float
    output: float


# The longest prefix that fits wins, so "gpt-5.4-mini-2026-03-17" is priced as "gpt-5.4-mini".
RATES = {
    "gpt-6-astra": Rate(10.0, 50.0),
    "gpt-6-sol": Rate(2.0, 10.0),
    "gpt-6-luna": Rate(0.1, 0.5),
    "gpt-6.1-sol": Rate(2.0, 10.0),
    "gpt-6.1-terra": Rate(1.0, 5.0),
    "gpt-5.6-terra": Rate(2.0, 12.0),
    "gpt-5.6-luna": Rate(0.2, 1.2),
    "gpt-5.5": Rate(5.0, 30.0),
    "gpt-5.5-pro": Rate(30.0, 180.0),
    "gpt-5.4": Rate(2.5, 15.0),
    "gpt-5.4-pro": Rate(30.0, 180.0),
    "gpt-5.4-mini": Rate(0.75, 4.5),
    "gpt-5.4-nano": Rate(0.2, 1.25),
    "gpt-5.2": Rate(1.75, 14.0),
    "gpt-5.2-pro": Rate(21.0, 168.0),
    "gpt-5.1": Rate(1.25, 10.0),
    "gpt-5-": Rate(1.25, 10.0),
    "gpt-5-pro": Rate(15.0, 120.0),
    "gpt-5-mini": Rate(0.25, 2.0),
    "gpt-5-nano": Rate(0.05, 0.4),
    "gpt-4.1": Rate(2.0, 8.0),
    "gpt-4.1-mini": Rate(0.4, 1.6),
    "gpt-4.1-nano": Rate(0.1, 0.4),
    "gpt-4o": Rate(2.5, 10.0),
    "gpt-4o-mini": Rate(0.15, 0.6),
    "claude-fable-5": Rate(10.0, 50.0),
    "claude-opus-5-5": Rate(4.0, 20.0),
    "claude-opus-5": Rate(5.0, 25.0),
    "claude-opus-4": Rate(5.0, 25.0),
    "claude-opus-4-1": Rate(15.0, 75.0),
    "claude-sonnet-5": Rate(2.0, 10.0),
    "claude-sonnet-4": Rate(3.0, 15.0),
    "claude-haiku-5-5": Rate(0.1, 0.5),
    "claude-haiku-4": Rate(1.0, 5.0),
    "built-in 1": Rate(0.0, 0.0),
}

CHARS_PER_TOKEN = 4
"""A usual figure for English text with today's tokenizers; other languages take up to a third more."""
TOKENS_PER_SCENE = 190
"""One scene as JSON: about 60 words of picture, 15 of voice-over, and the names of the fields."""
TOKENS_PER_PICTURE = 260
"""A thumbnail of at most 512 px: 85 (low detail) to about 350 tokens, depending on the provider."""


def rate(model: str, own_input: float = -1.0, own_output: float = -1.0) -> Rate | None:
    """Find the price of a model; `own_…` (dollars per million tokens) come first unless negative. None: not known."""
    name = model.lower().rsplit("/", 1)[-1]
    fits = [prefix for prefix in RATES if (name + "-").startswith(prefix.rstrip("-") + "-")]
    listed = RATES[max(fits, key=len)] if fits else None
    if own_input < 0 and own_output < 0:
        return listed
    base = listed or Rate(0.0, 0.0)
    return Rate(own_input if own_input >= 0 else base.input, own_output if own_output >= 0 else base.output)


def known(model: str, own_input: float = -1.0, own_output: float = -1.0) -> bool:
    """Tell whether there is a price for the model, so that a page may say "price not known" instead of $0."""
    return rate(model, own_input, own_output) is not None


def price_micros(
    model: str, input_tokens: int, output_tokens: int, own_input: float = -1.0, own_output: float = -1.0
) -> int:
    """Price a call in micro-dollars, rounded up; 0 for a model that is not known."""
    found = rate(model, own_input, own_output) or Rate(0.0, 0.0)
    # Rounded to a thousandth first: 3 * 0.1 is a hair above 0.3 in binary and must not cost one more.
    return math.ceil(round(input_tokens * found.input + output_tokens * found.output, 3))


def estimate_tokens(brief: Brief) -> tuple[int, int]:
    """Estimate (input, output) tokens of writing the whole storyboard, from the very prompt that would be sent."""
    question = prompt.storyboard(brief)
    chars = len(question.system) + len(question.user)
    # Counted by kind: thumbnails may still be on their way when the price is asked.
    visual = sum(asset.kind in ("image", "video") for asset in brief.assets)
    seen = min(visual, pictures.MAX_PICTURES)
    return text_tokens(chars) + TOKENS_PER_PICTURE * seen, TOKENS_PER_SCENE * len(brief.scene_seconds)


def text_tokens(chars: int) -> int:
    """Estimate the tokens of a text of so many characters."""
    return -(-chars // CHARS_PER_TOKEN)
