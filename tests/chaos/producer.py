"""A producer as applications have one: it pushes, and pushes again what was not acknowledged."""

from __future__ import annotations

import threading
from itertools import islice
from typing import TYPE_CHECKING, Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.support.corpus import JSON, encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.stores import StoreServer

BATCH = 50
AGAIN = 0.1
"""Seconds until what the store did not acknowledge is pushed again."""


class Producer:
    """Pushes events in a thread, as many as are allowed: users by turns to stream and list.

    What was not acknowledged is pushed again, whole: its events may then come twice.
    """

    def __init__(self, server: StoreServer, events: Iterable[JSON]) -> None:
        self._server = server
        self._events = iter(events)
        self._allowed = 0
        self._gate = threading.Condition()
        self._closed = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="producer", daemon=True)
        self.pushed = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._gate:
            self._closed = True
            self._gate.notify()
        self._thread.join(30)

    def allow(self, count: int) -> None:
        """Let it push until so many events are pushed in all."""
        with self._gate:
            self._allowed = count
            self._gate.notify()

    def finish(self, within: float) -> None:
        """Let it push all the rest and wait until it has."""
        self.allow(1 << 62)
        self._thread.join(within)
        if self._failure is not None:
            raise self._failure
        assert not self._thread.is_alive(), "the producer is not done"

    def _run(self) -> None:
        try:
            while self._wait() and (batch := list(islice(self._events, BATCH))):
                while not self._pushed(batch):
                    threading.Event().wait(AGAIN)
                self.pushed += len(batch)
        except BaseException as failure:  # noqa: BLE001 - it is raised where somebody waits
            self._failure = failure

    def _wait(self) -> bool:
        with self._gate:
            self._gate.wait_for(lambda: self._closed or self.pushed < self._allowed)
            return not self._closed

    def _pushed(self, batch: list[JSON]) -> bool:
        streamed = [encode(event) for event in batch if to_stream(event)]
        listed = [encode(event) for event in batch if not to_stream(event)]
        try:
            with redis.Redis.from_url(
                self._server.url, socket_timeout=5, retry=Retry(NoBackoff(), 0)
            ) as client:
                pipeline = client.pipeline(transaction=False)
                for raw in streamed:
                    pipeline.xadd("events", {"event": raw})
                if listed:
                    pipeline.lpush("events-list", *listed)
                pipeline.execute()
        except (redis.ConnectionError, redis.TimeoutError, redis.ResponseError):
            return False
        return True


def to_stream(event: JSON) -> bool:
    """Tell by its user whether an event goes to the stream: no user's go to both intakes."""
    return int(event["anonymousId"][-1]) % 2 == 0
