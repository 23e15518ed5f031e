"""How deliveries share a request: within the adapter's limits and the operator's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from destinations import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from destinations import Delivery
    from router.engine.deliver.window import Ordering


class Wishes(Protocol):
    """What an operator asks of batches; None leaves it to the adapter."""

    @property
    def events(self) -> int | None:
        """At most so many deliveries."""

    @property
    def bytes(self) -> int | None:
        """At most so many bytes of payload."""


def limits(batch: Batch, wishes: Wishes) -> Batch:
    """Return the most that one call may carry: the smaller of both, each."""
    return Batch(
        events=min(batch.events, wishes.events or batch.events),
        bytes=min(batch.bytes, wishes.bytes or batch.bytes),
        in_order=batch.in_order,
    )


def batched(
    deliveries: Iterable[tuple[str, Delivery]], batch: Batch, ordering: Ordering
) -> Iterator[list[Delivery]]:
    """Cut deliveries, each with its user, into calls; they stay in their order.

    Where two of a user may not share a call, the second begins another one. (A worker looks
    further ahead, and takes other users' deliveries first.)
    """
    alone = ordering == "strict" or (ordering == "batch" and not batch.in_order)
    some: list[Delivery] = []
    users: set[str] = set()
    size = 0
    for user, delivery in deliveries:
        size += len(delivery.body)
        full = len(some) == batch.events or size > batch.bytes or (alone and user in users)
        if full and some:
            yield some
            some, users, size = [], set(), len(delivery.body)
        some.append(delivery)
        users.add(user)
    if some:
        yield some
