"""A small scene for system tests: a configuration, its store, its vendor and its workers."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.configuration import write
from tests.support.looking import Eyes
from tests.support.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

QUICK = {"lease": "2s"}
"""A lease that ends soon; it wants `TIMEOUT` at every destination."""
TIMEOUT = {"timeout": "1s"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a test acts on."""

    server: StoreServer
    vendor: Vendor
    workers: Workers
    eyes: Eyes

    def push(self, events: Iterable[dict[str, Any]]) -> None:
        """Queue events as producers do."""
        with self.server.client() as client:
            pipeline = client.pipeline(transaction=False)
            for event in events:
                pipeline.xadd("events", {"event": json.dumps(event)})
            pipeline.execute()


@contextmanager
def set_up(
    server: StoreServer,
    vendor: Vendor,
    folder: Path,
    destinations: dict[str, Any],
    *,
    options: Sequence[str] = (),
    **sections: Any,
) -> Iterator[Scene]:
    """Write the configuration, and end all workers afterwards; none is started yet."""
    file = write(folder, server, destinations, **sections)
    with Workers(file, folder, options=options, seconds=300) as workers:
        yield Scene(server, vendor, workers, Eyes(file))


def tracks(count: int, *, users: int = 10, first: int = 0) -> list[dict[str, Any]]:
    """Return small events of some users, each with its number within its user."""
    return [
        {
            "type": "track",
            "event": "Seen",
            "messageId": f"m{number}",
            "userId": f"u{number % users}",
            "properties": {"seq": number // users},
        }
        for number in range(first, first + count)
    ]
