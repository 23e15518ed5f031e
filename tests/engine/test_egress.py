"""Where requests may go: the table of addresses, and hosts as they are really resolved."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_network
from typing import TYPE_CHECKING

import httpx
import pytest

from router.engine.out.egress import CheckedResolver, EgressRefused, refusal
from router.engine.out.lookup import Lookup
from router.engine.out.transport import Transport

if TYPE_CHECKING:
    from aiohappyeyeballs import AddrInfoType as Address

LOOPBACK = (ip_network("127.0.0.0/8"),)
PRIVATE = {
    "loopback": "127.0.0.1",
    "loopback6": "::1",
    "any": "0.0.0.0",
    "any6": "::",
    "ten": "10.1.2.3",
    "one-seven-two": "172.16.0.1",
    "one-nine-two": "192.168.1.1",
    "carrier-grade": "100.64.0.1",
    "link-local": "169.254.0.9",
    "metadata": "169.254.169.254",
    "link-local6": "fe80::1%eth0",
    "unique-local": "fd00::1",
    "site-local": "fec0::1",
    "multicast": "224.0.0.1",
    "multicast6": "ff02::1",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
    "documentation": "192.0.2.1",
    "benchmark": "198.18.0.1",
    "mapped": "::ffff:10.0.0.1",
    "mapped-metadata": "::ffff:169.254.169.254",
    "compatible": "::127.0.0.1",
    "nat64": "64:ff9b::7f00:1",
    "nat64-local": "64:ff9b:1::a00:1",
    "6to4": "2002:7f00:1::",
    "teredo": "2001:0:4136:e378:8000:63bf:80ff:fffe",
}


@pytest.mark.parametrize("address", PRIVATE.values(), ids=PRIVATE.keys())
def test_private_addresses_are_refused(address: str) -> None:
    """Nothing that is not the public internet may be connected to, however it is written."""
    assert "egress_private_address" == refusal(address, (), "https")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111"])
def test_public_addresses_pass(address: str) -> None:
    """The public internet may be connected to, with encryption."""
    assert refusal(address, (), "https") is None


def test_plain_http_needs_an_allowed_network() -> None:
    """Without encryption only the operator's own networks may be connected to."""
    assert "egress_plain_http" == refusal("93.184.216.34", LOOPBACK, "http")
    assert refusal("127.0.0.1", LOOPBACK, "http") is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_an_allowed_network_is_allowed_in_every_disguise(address: str) -> None:
    """What the operator allowed is allowed, mapped or translated as well."""
    assert refusal(address, LOOPBACK, "https") is None
    assert refusal("10.0.0.1", LOOPBACK, "https") is not None


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "2130706433", "0x7f000001", "0x7f.1", "127.1", "017700000001",
     "0", "localhost", "[::ffff:127.0.0.1]"],
)  # fmt: skip
async def test_no_spelling_of_a_host_gets_around(host: str) -> None:
    """A host written as a number, in hexadecimal or octal, is judged by where it leads."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        transport = Transport((), connections=1, timeout=2.0)
        request = httpx.Request("GET", f"https://{host}:{port}/")
        try:
            with pytest.raises((EgressRefused, httpx.ConnectError)):
                await transport.handle_async_request(request)
        finally:
            await transport.aclose()
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


class Answering(CheckedResolver):
    """A resolver that asks nobody: it finds these addresses, and notes for which."""

    def __init__(self, *hosts: str) -> None:
        super().__init__(())
        self._lookup = Answers(*hosts)

    @property
    def asked(self) -> list[str]:
        """What was looked up."""
        assert isinstance(self._lookup, Answers)
        return self._lookup.asked


class Answers(Lookup):
    """Finds these addresses, whatever is asked for."""

    def __init__(self, *hosts: str) -> None:
        super().__init__()
        self._hosts = hosts
        self.asked: list[str] = []

    async def addresses(self, host: str, port: int) -> list[Address]:
        """Find them."""
        self.asked.append(host)
        await asyncio.sleep(0)
        kind = socket.SOCK_STREAM
        return [(socket.AF_INET, kind, 6, "", (found, port)) for found in self._hosts]


async def test_of_a_names_addresses_only_the_public_ones_are_used() -> None:
    """A name that also points inside is connected to outside alone."""
    found = await Answering("10.0.0.1", "93.184.216.34").resolve("https", "vendor.test", 443)

    assert ["93.184.216.34"] == [one[4][0] for one in found]


async def test_a_name_that_points_inside_is_refused() -> None:
    """A name with private addresses alone is refused, with the reason."""
    with pytest.raises(EgressRefused, match="egress_private_address"):
        await Answering("10.0.0.1").resolve("https", "vendor.test", 443)


async def test_a_host_is_looked_up_once_for_many_connections() -> None:
    """What is known of a host serves the connections that follow for a while."""
    resolver = Answering("93.184.216.34")
    for _ in range(10):
        await resolver.resolve("https", "vendor.test", 443)

    assert ["vendor.test"] == resolver.asked
