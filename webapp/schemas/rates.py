"""Speaking rates as people type them: words a minute for each language, nothing where the usual one will do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

LANGUAGES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French"}
"""In the order of the form's fields."""
SLOWEST, FASTEST = 60, 300
"""Words a minute: a solemn reading, an auctioneer."""


def rates(value: Any) -> dict[str, int]:
    """Read language → words a minute, or the fields of a form in the order of LANGUAGES; blanks are left out."""
    if isinstance(value, Mapping):
        given = dict(value)
    elif isinstance(value, list) and len(value) <= len(LANGUAGES):
        given = dict(zip(LANGUAGES, value, strict=False))
    else:
        raise ValueError("Write the words a minute of each language.")
    if strange := [str(each)[:20] for each in given if each not in LANGUAGES]:
        raise ValueError(f"There is no voice for “{strange[0]}”.")
    return {language: _rate(language, said) for language, said in given.items() if str(said or "").strip()}


def _rate(language: str, said: Any) -> int:
    try:
        rate = int(said) if isinstance(said, float) and said.is_integer() else int(str(said).strip())
    except ValueError:
        rate = 0
    if not SLOWEST <= rate <= FASTEST:
        raise ValueError(
            f"{LANGUAGES[language]}: a whole number from {SLOWEST} to {FASTEST} words a minute, or nothing."
        )
    return rate


Rates = Annotated[dict[str, int], BeforeValidator(rates)]
