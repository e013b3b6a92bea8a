"""Lengths in seconds as people type them: a decimal comma is fine, a wrong one gets a sentence with the limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(what: str, low: float, high: float) -> Callable[[Any], float]:
    """Return a validator for a length of `what` ("A video") from `low` to `high` seconds; it raises ValueError."""

    def check(typed: Any) -> float:
        try:
            value = float(str(typed).strip().replace(",", "."))
        except ValueError:
            raise ValueError("The length must be a number of seconds, such as 3.5.") from None
        if not math.isfinite(value) or not low <= value <= high:
            raise ValueError(f"{what} is {low:g} to {high:g} seconds long.")
        return value

    return check
