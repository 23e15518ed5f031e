"""The connections of one destination: opened to checked addresses, kept a while for the next."""

from __future__ import annotations

import asyncio
import ssl
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aiohappyeyeballs import start_connection

from router.engine.out.connection import Connection
from router.engine.out.egress import CheckedResolver

if TYPE_CHECKING:
    import socket
    from ipaddress import IPv4Network, IPv6Network

PORTS = {"http": 80, "https": 443}
SECOND_ADDRESS_AFTER = 0.25
"""Seconds until a host's next address is tried beside a silent one (RFC 8305's own choice)."""


class NoTls(OSError):  # noqa: N818 - it names what happened
    """The host was connected to, and did not come to speak TLS with us."""


class SilentTls(NoTls):
    """The same, because it said nothing in time."""


class Place(NamedTuple):
    """Where a connection leads: only requests to the same place share one."""

    scheme: str
    host: str
    port: int


class Pool:
    """Connections that rest until somebody needs one: at most `most` to the same place."""

    def __init__(self, allowed: tuple[IPv4Network | IPv6Network, ...], most: int) -> None:
        self._resolver = CheckedResolver(allowed)
        self._most = most
        self._resting: dict[Place, list[Connection]] = {}

    async def take(self, place: Place, within: float) -> Connection:
        """Return a connection that carries nothing.

        Raises EgressRefused, TimeoutError after so many seconds, NoTls, or OSError.
        """
        resting = self._resting.get(place)
        while resting:
            connection = resting.pop()
            if connection.is_open:
                connection.wake()
                return connection
        until = asyncio.get_running_loop().time() + within
        async with asyncio.timeout_at(until):
            reached = await self._reach(place)
        if place.scheme != "https":
            return await _carrying(reached)
        try:
            async with asyncio.timeout_at(until):
                return await _carrying(reached, place.host.rstrip("."))
        except TimeoutError:
            raise SilentTls from None
        except OSError as error:
            raise NoTls from error

    def give(self, place: Place, connection: Connection) -> None:
        """Keep a connection for the next request, unless it was closed."""
        if not connection.is_open:
            return
        resting = self._resting.setdefault(place, [])
        if len(resting) >= self._most:
            resting[:] = [one for one in resting if one.is_open]
        if len(resting) >= self._most:
            connection.abort()
            return
        connection.rest()
        resting.append(connection)

    async def _reach(self, place: Place) -> socket.socket:
        """Connect to one of the very addresses that were checked."""
        addresses = await self._resolver.resolve(place.scheme, place.host, place.port)
        return await start_connection(addresses, happy_eyeballs_delay=SECOND_ADDRESS_AFTER)

    def close(self) -> None:
        """Close all connections that rest."""
        for connection in (one for resting in self._resting.values() for one in resting):
            connection.abort()
        self._resting.clear()


async def _carrying(reached: socket.socket, host: str | None = None) -> Connection:
    """Make a connection of a socket, encrypted where it must prove to be a host."""
    try:
        _, connection = await asyncio.get_running_loop().create_connection(
            Connection, sock=reached, ssl=trust() if host else None, server_hostname=host
        )
    except BaseException:
        reached.close()
        raise
    return connection


@lru_cache(maxsize=1)
def trust() -> ssl.SSLContext:
    """Return whom an encrypted connection trusts: the system's authorities, names compared."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
