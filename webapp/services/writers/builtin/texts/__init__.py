"""The stock of pictures and lines, a module per language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services.writers.builtin.texts import de, en, es, fr

if TYPE_CHECKING:
    from webapp.services.writers.builtin.texts.base import Texts

_BY_LANGUAGE = {"en": en.TEXTS, "de": de.TEXTS, "es": es.TEXTS, "fr": fr.TEXTS}


def language_of(tag: str) -> str:
    """Return the language the built-in writer will use for a BCP 47 tag; English when it does not know it."""
    primary = tag.strip().replace("_", "-").split("-")[0].lower()
    return primary if primary in _BY_LANGUAGE else "en"


def texts_for(language: str) -> Texts:
    """Return the stock of one of the languages `language_of` gives."""
    return _BY_LANGUAGE[language]
