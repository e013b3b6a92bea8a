"""Why a call to a model failed, in plain words and with a next step: every SDK exception becomes one WriterError."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2

from webapp.services.writers.base import WriterError
from webapp.services.writers.calls import dig, quote, retry_after_seconds
from webapp.services.writers.error_sentences import provider_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from webapp.services.writers.bounded_http import Bounds

# Errors that a provider sends inside a stream carry no HTTP status of their own; these are what they would be.
_STATUS_OF_TYPE = {
    "overloaded_error": 529,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "insufficient_quota": 429,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "invalid_request_error": 400,
}


_HINTS = (
    (r"memory|vram|\bram\b|cuda|\boom\b", "Choose a smaller model in AI_MODEL, or free memory on the server."),
    (
        r"context.(length|window|size)|too many tokens|prompt.*too long|maximum.*tokens",
        "Raise the context length on the server, or choose a model with a longer one in AI_MODEL.",
    ),
    (r"loading model|model is loading|warming up", "Wait until the model is loaded, then try again."),
)
"""What to do about sentences that servers of one's own say, by a pattern in them."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Name a provider and the settings that a person would correct."""

    title: str
    key_setting: str
    base_url_setting: str
    top_up: str
    """Where money is added."""


def status_error(  # noqa: PLR0911, PLR0913 - one return per cause
    status: int, body: object, headers: Mapping[str, str], *, provider: Provider, model: str, secrets: tuple[str, ...]
) -> WriterError:
    """Say what an HTTP error status of a model server means and what to do about it."""
    said = quote(provider_sentence(body), *secrets)
    kinds = (dig(body, *path) for path in (("error", "code"), ("error", "type"), ("code",), ("type",)))
    words = " ".join(str(kind) for kind in (*kinds, said)).lower()
    again = retry_after_seconds(headers)
    if "insufficient_quota" in words or "billing" in words or "credit balance" in words or status == 402:
        return WriterError(
            _quoting(f"The {provider.title} account has no credit left", said),
            permanent=True,
            hint=f"Add credit at {provider.top_up}.",
        )
    if status in (401, 403):
        return WriterError(
            _quoting(f"{provider.title} refused the key", said),
            permanent=True,
            hint=f"Check {provider.key_setting} in the settings.",
        )
    if status == 404:
        return WriterError(
            _quoting(f"{provider.title} does not know the model “{model}”", said),
            permanent=True,
            hint=f"Check AI_MODEL (and {provider.base_url_setting}, if it is set).",
        )
    if 300 <= status < 400:
        return WriterError(
            "The model server answers with a redirect, which is not followed.",
            permanent=True,
            hint=f"Put the final address into {provider.base_url_setting}.",
        )
    if status == 429:
        return WriterError(
            _quoting(f"{provider.title} is limiting requests just now", said),
            retry_after=again,
            hint="Try again in a minute.",
        )
    own_hint = next((hint for pattern, hint in _HINTS if re.search(pattern, words)), "")
    if status in (408, 409, 425) or status >= 500:
        cause = "is overloaded" if status in (503, 529) else "had an error"
        what = f"{provider.title} {cause}" + ("" if said or status in (503, 529) else f" (HTTP {status})")
        return WriterError(_quoting(what, said), retry_after=again, hint=own_hint or "Try again in a few minutes.")
    return WriterError(
        _quoting(f"{provider.title} refused the request" + ("" if said else f" (HTTP {status})"), said),
        permanent=True,
        hint=own_hint or "Check AI_MODEL, or change the brief if the sentence is about its content.",
    )


def _quoting(cause: str, said: str) -> str:
    """Add the server's own sentence to a cause, where it has one."""
    return f"{cause}: “{said}”" if said else f"{cause}."


def broken_answer(provider: Provider, detail: str = "") -> WriterError:
    """Say that an answer made no sense; worth another try."""
    return WriterError(
        f"{provider.title} gave an answer that is no storyboard" + (f": “{detail}”" if detail else "."),
        hint=f"Try again; if it stays so, check AI_MODEL and {provider.base_url_setting}.",
    )


def broken_off(provider: Provider) -> WriterError:
    """Say that an answer ended before it was whole."""
    return WriterError(
        f"The connection to {provider.title} broke off in the middle of the answer.", hint="Try again in a minute."
    )


def too_long(provider: Provider) -> WriterError:
    """Say that an answer is far longer than any storyboard."""
    return WriterError(
        f"{provider.title} answered with far more text than a storyboard has.",
        permanent=True,
        hint=f"Check {provider.base_url_setting}, or choose another model in AI_MODEL.",
    )


def refused(model: str, sentence: str, *secrets: str) -> WriterError:
    """Say that the model will not write this, in its own words."""
    said = quote(sentence, *secrets)
    return WriterError(
        f"{model} refused to write this" + (f": “{said}”" if said else "."),
        permanent=True,
        hint="Change the brief, or choose another model in AI_MODEL.",
    )


def explained(  # noqa: PLR0911, PLR0913 - one return per cause
    error: Exception, *, sdk: ModuleType, bounds: Bounds, provider: Provider, model: str, secrets: tuple[str, ...]
) -> WriterError:
    """Turn any exception of a call into the WriterError that names its cause."""
    if isinstance(error, WriterError):
        return error
    if bounds.too_large:
        return too_long(provider)
    if bounds.too_late:
        return WriterError(
            f"{model} did not finish within {bounds.seconds:g} seconds.",
            hint="Try again, choose a faster model in AI_MODEL, or raise WRITER_TIMEOUT_SECONDS.",
        )
    if isinstance(error, sdk.APIStatusError | sdk.APIError) and not isinstance(error, sdk.APIConnectionError):
        response = getattr(error, "response", None)
        headers: Mapping[str, str] = getattr(response, "headers", {})
        status = getattr(error, "status_code", 200)
        body = error.body
        if status < 300:
            status = _status_of(body)
        return status_error(status, body, headers, provider=provider, model=model, secrets=secrets)
    if isinstance(error, httpx2.TimeoutException | sdk.APITimeoutError):
        return WriterError(f"{provider.title} did not answer in time.", hint="Try again in a minute.")
    if isinstance(error, httpx2.DecodingError):
        return broken_answer(provider)
    if isinstance(error, httpx2.RequestError | sdk.APIConnectionError):
        return _unreachable(error, provider)
    if isinstance(error, httpx2.InvalidURL):
        return WriterError(
            f"{provider.base_url_setting} is not an address.", permanent=True, hint="It looks like http://host:port/v1."
        )
    return broken_answer(provider)


def _unreachable(error: Exception, provider: Provider) -> WriterError:
    chain: BaseException | None = error
    while chain and not isinstance(chain, httpx2.RequestError):
        chain = chain.__cause__
    if isinstance(chain, httpx2.ConnectError | httpx2.UnsupportedProtocol):
        return WriterError(
            f"{provider.title} could not be reached.",
            hint=f"Check the network, and {provider.base_url_setting} if it is set.",
        )
    if isinstance(chain, httpx2.DecodingError):
        return broken_answer(provider)
    return broken_off(provider)


def _status_of(body: object) -> int:
    for path in (("error", "type"), ("error", "code"), ("type",), ("code",)):
        kind = dig(body, *path)
        if kind in _STATUS_OF_TYPE:
            return _STATUS_OF_TYPE[kind]
        if isinstance(kind, int) and 400 <= kind < 600:
            return kind
    return 500
