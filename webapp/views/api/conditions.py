"""If-Match, read as RFC 9110 (13.1.1) says: which state of a thing a program means to change or to decide on."""

from __future__ import annotations

from flask import request

from webapp.errors import Invalid

NAME = "If-Match"


def tags() -> set[str] | None:
    """Return the tags that If-Match names, without their quotes; None where it is not sent or takes any state (*).

    Weak tags (W/"…") are left out: they match nothing here.
    """
    if NAME not in request.headers or request.if_match.star_tag:
        return None
    return {tag.strip() for tag in request.if_match.as_set() if tag}


def one_tag() -> str:
    """Return the one tag that If-Match names, "" where it is not sent or takes any state (*).

    Raises:
        Invalid: it names several, none, or a weak one.
    """
    found = tags()
    if found is None:
        return ""
    is_weak = any(request.if_match.is_weak(tag) for tag in request.if_match.as_set(include_weak=True))
    if len(found) != 1 or is_weak:
        raise Invalid(fields={NAME: 'Name exactly one, by its strong tag: If-Match: "<hash>".'})
    return found.pop()
