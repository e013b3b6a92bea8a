"""One deadline and one cap for a whole call, and what the naive client would have done instead."""

from __future__ import annotations

import gzip
import itertools
import time

import httpx2
import pytest

from tests.services.writers.provider_server import Answer, FakeProvider
from webapp.services.writers.bounded_http import Bounds, bounded_client

SECONDS = 0.4


def dripping() -> Answer:
    return Answer(itertools.repeat(b"."), delay=SECONDS / 8)


def read_for(client: httpx2.Client, url: str, seconds: float) -> float:
    """Read until an error, or until so many seconds are over; return how long it went."""
    started = time.monotonic()
    with client, client.stream("POST", url, json={}) as response:
        for _ in response.iter_raw():
            if time.monotonic() - started > seconds:
                break
    return time.monotonic() - started


def test_a_drip_ends_at_the_deadline(provider: FakeProvider):
    provider.script = [dripping()]
    started = time.monotonic()
    with pytest.raises(httpx2.TimeoutException):
        read_for(bounded_client(Bounds(SECONDS), stall_seconds=SECONDS), provider.url, 5)
    assert time.monotonic() - started < SECONDS + 1


def test_control_a_timeout_per_read_is_held_by_a_drip(provider: FakeProvider):
    # two seconds, not SECONDS: on a busy machine a drip may come late, and that is not what is shown here
    provider.script = [dripping()]
    assert read_for(httpx2.Client(timeout=2, trust_env=False), provider.url, 2.5) > 2.5


def test_an_endless_body_ends_at_the_cap(provider: FakeProvider):
    provider.script = [Answer(itertools.repeat(b"x" * 10_000))]
    bounds = Bounds(10, max_bytes=1_000_000)
    with pytest.raises(httpx2.ReadError):
        read_for(bounded_client(bounds, stall_seconds=5), provider.url, 5)
    assert 1_000_000 < bounds.received_bytes < 1_200_000


def test_a_compressed_body_is_refused(provider: FakeProvider):
    provider.script = [Answer([gzip.compress(b"x" * 5_000_000)], headers={"Content-Encoding": "gzip"})]
    with pytest.raises(httpx2.DecodingError), bounded_client(Bounds(10), stall_seconds=5) as client:
        client.post(provider.url, json={})


def test_control_a_plain_client_unfolds_it(provider: FakeProvider):
    provider.script = [Answer([gzip.compress(b"x" * 5_000_000)], headers={"Content-Encoding": "gzip"})]
    with httpx2.Client(trust_env=False) as client:
        assert len(client.post(provider.url, json={}).content) == 5_000_000


def test_a_late_connection_is_not_opened(provider: FakeProvider):
    bounds = Bounds(0)
    with pytest.raises(httpx2.TimeoutException), bounded_client(bounds, stall_seconds=5) as client:
        client.post(provider.url, json={})
    assert provider.requests == []
