"""Die at a named step: wraps the router's doors, so that a process kills itself in mid-work.

Nothing of the product knows of it. `ROUTER_FAULT` says `POINT OCCURRENCE PROOF`: the process kills
itself when it passes the point for the so-manieth time, and writes a line into the file first.
"""

from __future__ import annotations

import asyncio
import os
import signal
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redis.asyncio.connection import AbstractConnection

from destinations.drill import Drill
from destinations.file import File
from router.engine.deliver.attempt import Attempter
from router.engine.out.connection import Connection
from router.engine.out.transport import Transport
from router.store.scripts import Scripts
from tests.chaos.points import LEAVING, step_of

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "ROUTER_FAULT"
SENDER = "x-sender"
"""The header by which the vendor knows the process that sent a request."""

_asked: ContextVar[str] = ContextVar("asked", default="")
"""The store's script that is being asked for."""


class Fault:
    """One death to come. `reached` is called wherever something happens."""

    def __init__(self, point: str, occurrence: int, proof: Path) -> None:
        self.point = point
        self._left = occurrence
        self._proof = proof
        self._leaves = step_of(point) in LEAVING

    def reached(self, point: str) -> None:
        """Die if this is the point and the time has come; leave first where that is needed."""
        if self._leaves and point == "settle.after":
            self._leaves = False
            os.kill(os.getpid(), signal.SIGTERM)
        if point != self.point:
            return
        self._left -= 1
        if self._left <= 0:
            with self._proof.open("a") as proof:
                proof.write(f"{point}\n")
            os.kill(os.getpid(), signal.SIGKILL)


def arm(environ: Mapping[str, str]) -> None:
    """Wrap the doors of this process as the environment says, if it says anything."""
    told = environ.get(VARIABLE)
    if not told:
        return
    point, occurrence, proof = told.split(" ", 2)
    fault = Fault(point, int(occurrence), Path(proof))
    Scripts.__call__ = _asking(Scripts.__call__, fault)  # type: ignore[method-assign]  # the door
    AbstractConnection.send_packed_command = _sending(  # type: ignore[method-assign]  # the door
        AbstractConnection.send_packed_command, fault
    )
    Connection.data_received = _hearing(  # type: ignore[method-assign]  # the door
        Connection.data_received, fault
    )
    _around(Transport, "handle_async_request", "request", fault)
    _around(Attempter, "attempt", "attempt", fault)
    for adapter in (File, Drill):
        _around(adapter, "send", "send", fault)


def sign() -> None:
    """Let every request of this process name its process."""
    told = Transport.handle_async_request

    @wraps(told)
    async def signed(self: Transport, request: Any) -> Any:
        request.headers[SENDER] = str(os.getpid())
        return await told(self, request)

    Transport.handle_async_request = signed  # type: ignore[method-assign]  # the door


def _asking(call: Any, fault: Fault) -> Any:
    @wraps(call)
    async def asked(self: Scripts, name: str, *arguments: Any, **named: Any) -> Any:
        token = _asked.set(name)
        try:
            fault.reached(f"{name}.before")
            answer = await call(self, name, *arguments, **named)
            fault.reached(f"{name}.after")
            return answer
        finally:
            _asked.reset(token)

    return asked


def _around(owner: type, method: str, step: str, fault: Fault) -> None:
    call = getattr(owner, method)

    @wraps(call)
    async def passed(*arguments: Any, **named: Any) -> Any:
        fault.reached(f"{step}.before")
        answer = await call(*arguments, **named)
        fault.reached(f"{step}.after")
        return answer

    setattr(owner, method, passed)


def _sending(call: Any, fault: Fault) -> Any:
    @wraps(call)
    async def sent(self: Any, *arguments: Any, **named: Any) -> None:
        await call(self, *arguments, **named)
        point = f"{_asked.get()}.cut"
        if point == fault.point:
            await asyncio.sleep(0)
            for _ in iter(self._writer.transport.get_write_buffer_size, 0):
                await asyncio.sleep(0)
            fault.reached(point)

    return sent


def _hearing(call: Any, fault: Fault) -> Any:
    @wraps(call)
    def heard(self: Any, data: bytes) -> None:
        fault.reached("request.cut")
        call(self, data)

    return heard
