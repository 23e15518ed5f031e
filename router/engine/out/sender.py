"""A destination's way out: its rate, the lease that must outlive the request, its connections."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

import httpx
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from router.engine.deliver.exchange import NotStarted
from router.store.connection import UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.store.store import Store

HICCUP = 1.5
"""Seconds within which a refused connection is tried again inside one attempt."""
LONGEST_RATE_WAIT = 5.0
"""Seconds that an attempt waits for its rate before it lets go of its turns."""


class Held(Protocol):
    """A share of users that this process owns."""

    @property
    def remaining(self) -> float:
        """Seconds for which nobody else can own it."""


class Sender:
    """Sends the requests of one destination; each ends within `timeout`, as the transport's do."""

    def __init__(
        self,
        store: Store,
        lane: str,
        transport: httpx.AsyncBaseTransport,
        *,
        timeout: float,
        rate: float | None,
    ) -> None:
        self._store = store
        self._lane = lane
        self._transport = transport
        self._timeout = timeout
        self._rate = rate

    async def send(self, request: httpx.Request, homes: Iterable[Held]) -> httpx.Response:
        """Send one request that carries deliveries of some homes, once they are admitted.

        Raises httpx.TransportError, EgressRefused, or NotStarted when a home's lease would not
        outlive the request.
        """
        require_lease(homes, self._timeout)
        try:
            return await self._transport.handle_async_request(request)
        except httpx.ConnectError:
            return await self._again(request, homes)

    async def admit(self, events: int) -> None:
        """Wait until the destination's rate lets so many events go; raises NotStarted."""
        if self._rate is None:
            return
        waited = 0.0
        while wait := await self._wait(self._rate, events):
            waited += wait
            if waited > LONGEST_RATE_WAIT:
                raise NotStarted("rate")
            await asyncio.sleep(wait)

    async def _wait(self, rate: float, events: int) -> float:
        try:
            return await self._store.rate_wait(self._lane, rate, events)
        except UNREACHABLE:
            raise NotStarted("store") from None

    async def _again(self, request: httpx.Request, homes: Iterable[Held]) -> httpx.Response:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(httpx.ConnectError),
            wait=wait_random_exponential(multiplier=0.05, max=0.5),
            stop=stop_after_delay(HICCUP),
            reraise=True,
        ):
            with attempt:
                require_lease(homes, self._timeout)
                return await self._transport.handle_async_request(request)
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


def require_lease(homes: Iterable[Held], timeout: float) -> None:
    """Raise NotStarted when a lease might end before a request that starts now."""
    if any(home.remaining <= timeout for home in homes):
        raise NotStarted("lease")
