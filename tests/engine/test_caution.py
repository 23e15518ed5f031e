"""What is in flight is written down once an owner ended without a word, and never before."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from redis.exceptions import ConnectionError as Lost

from router.engine.care.caution import Caution
from router.engine.care.suspicion import Alone, Apart, Together
from router.engine.deliver.exchange import NotStarted
from router.store import keys
from router.store.store import Store
from router.store.suspects import Suspects, Suspicion
from tests.store.working import LONG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from router.store.leases import Lease

SUSPECTS = keys.suspects(keys.shard(0))
NAMES = ["hook:webhook 1-0", "hook:webhook 2-0"]


async def owned(store: Store, owner: str) -> tuple[Lease, Caution]:
    """Own shard 0, and know what is suspected there."""
    lease = store.lease(0, owner, LONG)
    assert await lease.acquire()
    caution = Caution(store.suspects(lease, 0), lease)
    await caution.begin(everybody)
    return lease, caution


async def everybody(suspects: list[str]) -> set[str]:
    """Have them all still there."""
    return set(suspects)


async def gone(store: Store, lease: Lease) -> None:
    """Let an owner end without a word: its lease just runs out."""
    await store.redis.delete(lease.key)


async def died(store: Store, owner: str, *names: str) -> None:
    """Own the shard, and end with something in flight."""
    lease, caution = await owned(store, owner)
    with suppress(NotStarted):
        async with caution.flight(names):
            await gone(store, lease)
            raise NotStarted  # too late to be written


async def test_nobody_is_wary_without_a_death(redis: Any) -> None:
    """Given back, or taken again by whoever had it, a shard needs no care."""
    store = Store(redis, 1)
    lease, _ = await owned(store, "one")
    await lease.release()
    lease, caution = await owned(store, "two")
    assert not caution.wary
    await gone(store, lease)
    _, caution = await owned(store, "two")

    assert not caution.wary
    assert 0 == await redis.exists(SUSPECTS)


async def test_who_came_through_is_suspected_no_more(redis: Any) -> None:
    """After an owner's end what flies is written down, and cleared when it has landed."""
    store = Store(redis, 1)
    lease, _ = await owned(store, "one")
    await gone(store, lease)
    _, caution = await owned(store, "two")
    assert caution.wary
    async with caution.flight(NAMES):
        assert {name.encode(): b"1 two" for name in NAMES} == await redis.hgetall(SUSPECTS)

    assert {} == await redis.hgetall(SUSPECTS)
    assert {} == caution.suspects


async def test_an_attempt_that_never_was_proves_nothing(redis: Any) -> None:
    """When a flight is called off, suspects are what they were, and others are none."""
    store = Store(redis, 1)
    await died(store, "one", NAMES[0])
    _, caution = await owned(store, "two")
    with pytest.raises(NotStarted):
        async with caution.flight(NAMES):
            raise NotStarted

    assert {NAMES[0].encode(): b"1 one"} == await redis.hgetall(SUSPECTS)
    assert {NAMES[0]: 1} == caution.suspects
    assert Apart() == await caution.manner(NAMES[0])
    assert Together() == await caution.manner(NAMES[1])


async def test_each_death_counts_until_the_next_landing(redis: Any) -> None:
    """Deaths in a row add up over owners; then it waits until others have lived without it."""
    store = Store(redis, 1)
    for owner in ("one", "two", "three"):
        await died(store, owner, NAMES[0])
    _, caution = await owned(store, "four")
    how = await caution.manner(NAMES[0])

    assert {NAMES[0]: 3} == caution.suspects
    assert isinstance(how, Alone)
    assert 0 < how.wait <= 2 * LONG.total_seconds()


async def test_a_graceful_stop_forgets(redis: Any) -> None:
    """A process that ends in good order leaves nobody suspected; a hand-over keeps them."""
    store = Store(redis, 1)
    await died(store, "one", *NAMES)
    lease, _ = await owned(store, "two")
    await lease.release()
    lease, caution = await owned(store, "three")
    assert caution.wary
    assert 2 == len(caution.suspects)
    await lease.release(forget=True)
    _, caution = await owned(store, "four")

    assert not caution.wary
    assert {} == caution.suspects


async def test_who_lives_has_not_ended(redis: Any) -> None:
    """An owner that was only cut off from the store is no proof against what it had in flight."""
    store = Store(redis, 1)
    for owner in ("one", "two", "three"):
        await died(store, owner, NAMES[0])
    await store.members.heartbeat("three", LONG, {})
    lease, _ = await owned(store, "four")
    lease.gone_at = 0.0
    caution = Caution(store.suspects(lease, 0), lease)
    await caution.begin(everybody)
    await caution.manner(NAMES[0])

    assert {NAMES[0]: 2} == caution.suspects


async def test_who_left_its_lane_is_forgotten(redis: Any) -> None:
    """What was settled in the instant of the death is not looked for for ever."""
    store = Store(redis, 1)
    await died(store, "one", *NAMES)
    lease = store.lease(0, "two", LONG)
    assert await lease.acquire()
    caution = Caution(store.suspects(lease, 0), lease)

    async def second(_: list[str]) -> set[str]:
        return {NAMES[1]}

    await caution.begin(second)

    assert [NAMES[1].encode()] == await redis.hkeys(SUSPECTS)


async def test_nothing_takes_off_without_the_lease(redis: Any) -> None:
    """Who lost the shard writes no suspects, and starts nothing."""
    store = Store(redis, 1)
    await died(store, "one", NAMES[0])
    lease, caution = await owned(store, "two")
    await gone(store, lease)
    with pytest.raises(NotStarted):
        async with caution.flight([NAMES[1]]):
            pytest.fail("it took off")

    assert {NAMES[0].encode(): b"1 one"} == await redis.hgetall(SUSPECTS)


class Away(Suspects):
    """Suspects of a store that cannot be reached for a while."""

    away = False

    async def write(self, noted: Mapping[str, Suspicion], cleared: Iterable[str] = ()) -> None:
        """Write, or fail as a broken connection does."""
        if self.away:
            raise Lost
        await super().write(noted, cleared)


async def cut_off(store: Store) -> tuple[Away, Caution]:
    """Own a shard after a death, with suspects whose store can be away."""
    await died(store, "one", *NAMES)
    lease = store.lease(0, "two", LONG)
    assert await lease.acquire()
    lease.length = 0.0  # no care for the time's sake
    suspects = Away(store.redis, store.scripts, lease, keys.shard(0))
    caution = Caution(suspects, lease)
    await caution.begin(everybody)
    return suspects, caution


async def test_who_could_not_be_cleared_is_cleared_later(redis: Any) -> None:
    """However often the store is away, who came through does not stay suspected there."""
    store = Store(redis, 1)
    suspects, caution = await cut_off(store)
    async with caution.flight(NAMES):
        suspects.away = True
    assert {} == caution.suspects
    assert caution.wary
    with pytest.raises(Lost):
        async with caution.flight(["hook:webhook 3-0"]):
            pytest.fail("it took off")
    assert caution.wary
    suspects.away = False
    await caution.tell()

    assert {} == await redis.hgetall(SUSPECTS)
    assert not caution.wary


async def test_who_never_took_off_is_what_it_was(redis: Any) -> None:
    """When it could not be written down, or only half, nothing is held against the flight."""
    store = Store(redis, 1)
    suspects, caution = await cut_off(store)
    async with caution.flight([NAMES[1]]):
        suspects.away = True
        with pytest.raises(Lost):
            async with caution.flight([NAMES[0]]):
                pytest.fail("it took off")
        await redis.hset(SUSPECTS, NAMES[0], "2 two")  # it was written, only the answer was lost
        suspects.away = False

    assert {NAMES[0].encode(): b"1 one"} == await redis.hgetall(SUSPECTS)


async def test_giving_back_acquits_what_is_in_flight(redis: Any) -> None:
    """What a living owner hands over unfinished is held against nobody."""
    store = Store(redis, 1)
    await died(store, "one", NAMES[0])
    lease, caution = await owned(store, "two")
    async with caution.flight(NAMES):
        await caution.acquit()
        await lease.release()

        assert {NAMES[0].encode(): b"1 one"} == await redis.hgetall(SUSPECTS)


async def test_the_log_names_the_shard(redis: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Who reads the log learns that a number is a shard's."""
    store = Store(redis, 1)
    lease, _ = await owned(store, "one")
    await gone(store, lease)
    await died(store, "two", *NAMES)
    await owned(store, "three")

    assert "2 entries of shard 0 were in flight when a worker ended" in caplog.text
