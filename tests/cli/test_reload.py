"""`router reload` tells of all workers, also of those that are just taking it over."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from router.cli.reload import followed
from tests.engine.stage import configuration

if TYPE_CHECKING:
    from router.store.store import Store

CONFIG = configuration()
OLD, NEW = {"config": "old"}, {"config": CONFIG.digest}


class Members:
    """Workers as they are seen at one look after the other."""

    def __init__(self, *looks: dict[str, Any]) -> None:
        self.looks = list(looks)

    async def all(self) -> dict[str, Any]:
        """Return the next look."""
        return self.looks.pop(0)


async def test_a_worker_that_is_taking_it_over_is_waited_for() -> None:
    """Between its old engine and its new one a worker is not seen, and not forgotten."""
    members = Members({"a": OLD, "b": OLD}, {"b": OLD}, {}, {"a": NEW}, {"a": NEW, "b": NEW})
    store = cast("Store", SimpleNamespace(members=members))

    assert {"a": NEW, "b": NEW} == await followed(store, CONFIG, 2)
