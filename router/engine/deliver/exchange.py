"""One attempt of an adapter on some deliveries: drives its generator, contains its failures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import httpx

from destinations import Adapter, Delivery, Held, Outcome, Outcomes, Rejected, Unknown
from destinations.contract import speaks_http
from router.engine.out.egress import EgressRefused
from router.observe.reasons import DeadReason

_log = logging.getLogger("router.engine")

Send: TypeAlias = Callable[[httpx.Request, int], Awaitable[httpx.Response]]
"""Sends a request that carries so many deliveries; raises httpx.TransportError, EgressRefused,
or NotStarted."""


NOT_STARTED_WAIT = 0.2
"""Seconds until what could not be started (rate, lease) is looked at again."""


class NotStarted(Exception):  # noqa: N818 - it names what happened
    """The request did not leave, for a reason that is nobody's fault; nothing is burned.

    It is looked at again in `wait` seconds.
    """

    def __init__(self, why: str = "", wait: float = NOT_STARTED_WAIT) -> None:
        super().__init__(why)
        self.wait = wait


async def attempt(
    adapter: Adapter[Any], deliveries: Sequence[Delivery], send: Send, within: float
) -> Outcomes:
    """Return an outcome for each delivery. Raises NotStarted.

    An adapter that raises on a batch is asked again with each delivery alone, so that a bad one
    dies alone; a delivery whose turn did not come then has no outcome.
    """
    try:
        if speaks_http(adapter):
            said = await _drive(adapter, deliveries, send)
        else:
            said = await _call(adapter, deliveries, within)
        return {one: _outcome(said.get(one)) for one in deliveries}
    except EgressRefused as refused:
        return dict.fromkeys(deliveries, Held(refused.reason))
    except (NotStarted, asyncio.CancelledError):
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an author's code may raise anything
        return await _contained(adapter, deliveries, send, within, error)


def _outcome(said: object) -> Outcome:
    """Return what an adapter said of a delivery, if it is an outcome."""
    if said is None:
        return Rejected(DeadReason.NOT_CARRIED)
    return said if isinstance(said, Outcome) else Rejected(f"{DeadReason.ADAPTER_ERROR}.no_outcome")


async def _drive(adapter: Adapter[Any], deliveries: Sequence[Delivery], send: Send) -> Outcomes:
    exchange = adapter.exchange(deliveries)
    try:
        call = next(exchange)
        while True:
            try:
                response = await send(call.request, len(call.deliveries))
            except httpx.TransportError as error:
                call = exchange.throw(error)
            else:
                call = exchange.send(response)
    except StopIteration as stop:
        outcomes: Outcomes = stop.value
        return outcomes
    finally:
        exchange.close()


async def _call(adapter: Adapter[Any], deliveries: Sequence[Delivery], within: float) -> Outcomes:
    try:
        async with asyncio.timeout(within):
            return await adapter.send(deliveries)
    except TimeoutError:
        return dict.fromkeys(deliveries, Unknown("timeout"))


async def _contained(
    adapter: Adapter[Any],
    deliveries: Sequence[Delivery],
    send: Send,
    within: float,
    error: BaseException,
) -> Outcomes:
    """Attempt each delivery alone; one that still makes the adapter raise is rejected."""
    name = type(error).__name__
    if len(deliveries) == 1:
        _log.error("adapter %r raised %s on %r", adapter, name, deliveries[0])
        reason: Outcome = Rejected(f"{DeadReason.ADAPTER_ERROR}.{_code(name)}")
        return {deliveries[0]: reason}
    outcomes: Outcomes = {}
    for delivery in deliveries:
        try:
            outcomes |= await attempt(adapter, [delivery], send, within)
        except NotStarted:
            if not outcomes:
                raise
            break  # what was achieved counts, or a slow rate would begin again for ever
    return outcomes


def _code(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum() or char == "_")[:40]
