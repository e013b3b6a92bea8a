"""Which addresses count as public, and what an operator's networks open."""

from __future__ import annotations

import ipaddress

import pytest

from tests.services.hostile_links import PRIVATE_V4, PRIVATE_V6, PUBLIC_V4, PUBLIC_V6
from webapp.services.fetching.addresses import is_public, reason_not_public, reason_refused


@pytest.mark.parametrize(
    "text", [PUBLIC_V4, PUBLIC_V6, "1.1.1.1", "8.8.8.8", "2a00:1450:4001:80f::2004", "64:ff9b::808:808"]
)
def test_public_addresses_pass(text):
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", [*PRIVATE_V4, *PRIVATE_V6])
def test_other_addresses_are_refused_with_a_reason(text):
    assert len(reason_not_public(ipaddress.ip_address(text))) > 5


@pytest.mark.parametrize("v4", PRIVATE_V4)
@pytest.mark.parametrize(
    "form",
    [
        "::ffff:{}",
        "::{}",
        "64:ff9b::{}",
        "2606:2800::5efe:{}",
        "2606:2800::200:5efe:{}",
        "::ffff:0:{}",
        "fe80::5efe:{}",
    ],
)
def test_private_addresses_inside_ipv6_are_refused(v4, form):
    assert not is_public(ipaddress.ip_address(form.format(v4)))


def test_the_whole_edges_of_refused_ranges():
    for network in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"):
        edges = ipaddress.ip_network(network)
        assert not is_public(edges[0])
        assert not is_public(edges[-1])
    assert is_public(ipaddress.ip_address("100.63.255.255"))
    assert is_public(ipaddress.ip_address("100.128.0.0"))
    assert is_public(ipaddress.ip_address("172.32.0.0"))


def test_zones_and_6to4_are_refused():
    assert not is_public(ipaddress.ip_address(f"{PUBLIC_V6}%eth0"))
    assert not is_public(ipaddress.ip_address("2002:0808:0808::1"))


def test_the_standard_library_alone_would_pass_some_of_them():
    """Negative control: `is_global` is the naive rule."""
    refused = ("64:ff9b::7f00:1", "224.0.0.1", "::127.0.0.1", "2606:2800::5efe:10.0.0.1", "168.63.129.16")
    passed = [text for text in refused if ipaddress.ip_address(text).is_global]
    assert len(passed) >= 3


@pytest.mark.parametrize(
    ("text", "allow", "opened"),
    [
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("10.1.2.3", ("10.2.0.0/16",), False),
        ("192.168.1.1", ("10.0.0.0/8",), False),
        ("fd12::1", ("fc00::/7",), True),
        ("127.0.0.1", ("127.0.0.0/8",), True),
        ("127.0.0.1", ("0.0.0.0/0",), False),
        ("::1", ("::/0",), False),
        ("::1", ("::1/128",), True),
        ("169.254.169.254", ("169.254.0.0/16",), False),
        ("169.254.169.254", ("0.0.0.0/0",), False),
        ("169.254.169.254", ("169.254.169.254/32",), True),
        ("169.254.169.254", ("169.254.169.254",), True),
        ("168.63.129.16", ("168.0.0.0/8",), False),
        ("100.100.100.200", ("100.64.0.0/10",), False),
        ("100.64.1.1", ("100.64.0.0/10",), True),
        ("fd00:ec2::254", ("fc00::/7",), False),
        ("fe80::1", ("fe80::/10",), False),
        ("::ffff:169.254.169.254", ("::/0",), False),
        ("64:ff9b::a9fe:a9fe", ("64:ff9b::/96",), False),
        ("64:ff9b::7f00:1", ("64:ff9b::/96",), False),
        ("2002:7f00:1::1", ("2002::/16",), False),
        ("224.0.0.1", ("0.0.0.0/0",), False),
        ("0.0.0.0", ("0.0.0.0/0",), False),
    ],
)
def test_an_operators_networks_open_what_they_name_and_no_more(text, allow, opened):
    assert (reason_refused(ipaddress.ip_address(text), allow) == "") is opened
