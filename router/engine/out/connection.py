"""A connection to a destination's host: carries one request at a time, and brings its answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from router.engine.out.answer import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.engine.out.answer import Answer

KEEP_IDLE = 4.0
"""Seconds; shorter than the five after which many servers close an idle connection."""


class Connection(asyncio.Protocol):
    """One connection. When anything goes wrong with an exchange, it is not used again."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: Answer | None = None
        self._ended: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may carry another request."""
        return self._transport is not None and not self._transport.is_closing()

    async def exchange(self, request: bytes, answer: Answer, within: float) -> None:
        """Send a request and take its answer, until that is complete.

        Raises TimeoutError after so many seconds, Malformed, or OSError.
        """
        if self._transport is None:
            raise ConnectionError
        self._answer = answer
        self._ended = asyncio.get_running_loop().create_future()
        self._after(within, self._late)
        try:
            self._transport.write(request)
            await self._ended
        except BaseException:
            self.abort()
            raise
        finally:
            self._answer = self._ended = None
            self._cancel_timer()
        if not answer.reusable or self._transport.get_write_buffer_size():
            self.abort()

    def rest(self) -> None:
        """Wait for another request, but not for long."""
        self._after(KEEP_IDLE, self.abort)

    def wake(self) -> None:
        """Rest no longer."""
        self._cancel_timer()

    def abort(self) -> None:
        """Close it, whatever is under way."""
        self._cancel_timer()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Give what came to the answer that is waited for; what nobody asked for ends it all."""
        if self._answer is None:
            self.abort()
            return
        try:
            self._answer.feed(data)
        except Malformed as error:
            self._end(error)
        else:
            if self._answer.complete:
                self._end(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """End what is under way: an answer without a length is complete by that."""
        self._cancel_timer()
        if self._answer is not None and exc is None:
            try:
                self._answer.end()
            except Malformed as error:
                exc = error
        self._end(exc)

    def _late(self) -> None:
        self._end(TimeoutError())

    def _end(self, error: Exception | None) -> None:
        if self._ended is None or self._ended.done():
            return
        if error is None:
            self._ended.set_result(None)
        else:
            self._ended.set_exception(error)

    def _after(self, seconds: float, then: Callable[[], None]) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, then)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
