"""Leases and members: one owner at a time, known by a number that only grows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from router.store import keys
from router.store.leases import LeaseLost
from router.store.store import Store
from tests.store.working import LONG, leased
from tests.support.waiting import wait_until_async

SHORT = timedelta(milliseconds=30)


async def test_one_owner_at_a_time(redis: Any) -> None:
    """What somebody has nobody else gets, until it is given back."""
    store = Store(redis, 2)
    mine = await leased(store, "0", "one")
    theirs = store.lease(0, "two", LONG)

    assert not await theirs.acquire()
    await mine.release()
    assert mine.remaining < 0
    assert await theirs.acquire()


async def test_the_fence_grows(redis: Any) -> None:
    """Each new owner has a larger number than all before it."""
    store = Store(redis, 2)
    tokens = []
    for name in ("0", "stream", "0", "0", "stream", "0"):
        lease = await leased(store, name)
        tokens.append((name, int(lease.token.rpartition(":")[2])))
        await lease.release()

    assert [("0", 1), ("stream", 1), ("0", 2), ("0", 3), ("stream", 2), ("0", 4)] == tokens


async def test_an_expired_lease_is_not_renewed(redis: Any) -> None:
    """Who comes too late has lost it, even when nobody else has it yet."""
    store = Store(redis, 2)
    lease = store.lease(0, "one", SHORT)
    await lease.acquire()
    await wait_until_async(lambda: _gone(redis, lease.key))

    with pytest.raises(LeaseLost):
        await lease.renew()
    assert lease.remaining <= 0


async def test_renewing_prolongs(redis: Any) -> None:
    """A renewed lease has its full length again, and keeps its number."""
    store = Store(redis, 2)
    lease = await leased(store, "0")
    await redis.pexpire(lease.key, 1_000)
    token = lease.token
    await lease.renew()

    assert await redis.pttl(lease.key) > 500_000
    assert token == lease.token


async def test_a_release_takes_nothing_from_the_next_owner(redis: Any) -> None:
    """Giving back what is somebody else's by now changes nothing."""
    store = Store(redis, 2)
    old = await leased(store, "0", "one")
    await redis.delete(old.key)
    new = await leased(store, "0", "two")
    await old.release()

    assert new.token.encode() == await redis.get(new.key)


async def test_a_lease_promises_no_more_than_the_store(redis: Any) -> None:
    """What is left by the owner's clock never exceeds what is left by the store's."""
    lease = await leased(Store(redis, 2), "0")

    before = lease.remaining
    assert before * 1000 <= await redis.pttl(lease.key) + 1_000
    assert before <= LONG.total_seconds()


async def test_the_living_are_known(redis: Any) -> None:
    """All who said that they live are listed with what they said; the silent are forgotten."""
    members = Store(redis, 2).members
    assert ["b"] == await members.heartbeat("b", LONG, {"pid": 2})
    assert ["a", "b"] == await members.heartbeat("a", LONG, {"pid": 1})
    assert {"a": {"pid": 1}, "b": {"pid": 2}} == await members.all()

    await members.heartbeat("b", SHORT, {"pid": 2})
    await wait_until_async(lambda: _gone(redis, keys.member("b")))
    assert ["a"] == await members.heartbeat("a", LONG, {"pid": 1})
    assert ["a"] == list(await members.all())


async def test_a_dead_workers_shares_are_free_at_once(redis: Any) -> None:
    """Whoever saw a process die gives back what it had, and nothing of anybody else."""
    store = Store(redis, 4)
    await store.members.heartbeat("one", LONG, {})
    for name, owner in (("0", "one"), ("1", "one"), ("2", "one:two"), ("3", "one2")):
        await leased(store, name, owner)

    assert 2 == await store.members.evict("one", [keys.shard(n) for n in range(4)])
    assert {} == await store.members.all()
    free = [await store.lease(n, "new", LONG).acquire() for n in range(4)]
    assert [True, True, False, False] == free


async def _gone(redis: Any, key: str) -> bool:
    return not await redis.exists(key)
