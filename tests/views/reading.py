"""The words of a page as people read them."""

from __future__ import annotations

import re


def words(element):
    """Return the words of an element in one line; a comma stays with its word, whatever elements both are in."""
    line = " ".join(element.get_text(" ", strip=True).split())
    return re.sub(r"(?<=[“(]) | (?=[,.:;)”?!’])", "", line)
