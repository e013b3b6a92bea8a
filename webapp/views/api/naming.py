"""Ids that a body names: what is not there is a wrong field of the body, not a wrong address."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from webapp.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def named(field: str) -> Iterator[None]:
    """Find what a field of the body names: NotFound inside becomes Invalid with this path, such as context.clientId."""
    try:
        yield
    except NotFound as error:
        raise Invalid(fields={field: error.message}) from error
