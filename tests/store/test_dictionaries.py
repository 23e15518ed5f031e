"""Learned dictionaries: whoever reads an entry knows what packed it, or is told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from router.store import keys
from router.store.codec import Undecodable, unpack
from router.store.dictionaries import FORMAT
from router.store.dictionary import LEARNED, SHIPPED, Dictionary, learned
from router.store.opening import WrongFormat, setup
from router.store.store import Store
from tests.support.dictionaries import entry, forget, made

if TYPE_CHECKING:
    from collections.abc import Iterator

LANE = "mail:webhook"
FIRST = b"0-0"


@pytest.fixture(scope="module")
def raw() -> bytes:
    """Give a dictionary that was learned."""
    return made().raw


@pytest.fixture
def dictionary(raw: bytes) -> Iterator[Dictionary]:
    """Give it as this process knows it; afterwards nothing is known."""
    yield learned(raw)
    forget()


async def placed(redis: Any, dictionary: Dictionary, key: str) -> Store:
    """Return a store with an entry that was packed with a dictionary which only it knows by now."""
    store = Store(redis, 4)
    await store.dictionaries.adopt(dictionary)
    await redis.sadd(keys.LANES, LANE)
    await redis.xadd(key, {"u": b"twelve bytes", "d": entry(5, dictionary), "at": 1}, id="1-1")
    forget()
    return store


def test_an_entry_says_what_packed_it(dictionary: Dictionary) -> None:
    """What a learned dictionary packed is smaller, and the same when it is unpacked."""
    packed = entry(5, dictionary)

    assert packed[:1] == LEARNED
    assert len(packed) < len(entry(5))
    assert unpack(packed) == unpack(entry(5))


def test_what_nobody_knows_is_said(dictionary: Dictionary) -> None:
    """An entry whose dictionary is not known is not taken for another."""
    packed = entry(5, dictionary)
    forget()

    with pytest.raises(Undecodable, match="Unlearned"):
        unpack(packed)


async def test_whoever_reads_a_lane_learns(redis: Any, dictionary: Dictionary) -> None:
    """What is read from a lane, at once or by ids, can be unpacked by any process."""
    store = await placed(redis, dictionary, keys.lane(2, LANE))

    [[waiting]] = await store.lanes.read(2, [(LANE, FIRST, 10)])
    assert unpack(waiting.raw).message_id == "m5"
    forget()
    [body] = await store.lanes.fetch(2, LANE, [b"1-1"])
    assert body is not None
    assert unpack(body).message_id == "m5"


async def test_whoever_reads_letters_learns(redis: Any, dictionary: Dictionary) -> None:
    """A dead letter shows its payload to any process, in a list and by itself."""
    store = await placed(redis, dictionary, keys.dead(1, LANE))

    [letter] = [one async for one in store.letters.scan([LANE])]
    forget()
    same = await store.letters.get(letter.id)

    assert [letter] == [same]
    assert letter.entry is not None
    assert letter.entry.message_id == "m5"


async def test_every_shard_has_it(redis: Any, dictionary: Dictionary) -> None:
    """What one shard lost is found in another one."""
    store = await placed(redis, dictionary, keys.lane(2, LANE))
    await redis.delete(keys.dictionaries(2))

    [[waiting]] = await store.lanes.read(2, [(LANE, FIRST, 10)])

    assert unpack(waiting.raw).message_id == "m5"


async def test_the_current_one_is_read_by_others(redis: Any, dictionary: Dictionary) -> None:
    """What one process adopted is what another one packs with."""
    store = Store(redis, 4)
    assert await store.dictionaries.current() is None
    await store.dictionaries.adopt(dictionary)
    forget()

    current = await store.dictionaries.current()

    assert current is not None
    assert (current.id, current.sign) == (dictionary.id, dictionary.sign)
    assert await store.dictionaries.count() == 1


async def test_a_store_that_learns_keeps_older_releases_out(redis: Any) -> None:
    """A store says that it may hold what older releases cannot read; this one goes on."""
    assert await setup(redis, 4) == 4
    await Store(redis, 4).dictionaries.announce()

    assert await setup(redis, 4) == 4
    await redis.hset(keys.SETUP, "format", FORMAT + 1)
    with pytest.raises(WrongFormat, match=f"its format is {FORMAT + 1}"):
        await setup(redis, 4)


def test_threads_do_not_disturb_each_other(dictionary: Dictionary) -> None:
    """Several threads pack and unpack with one dictionary, and each gets what it gave."""
    wrong: list[object] = []
    texts = [bytes([65 + kind]) * 20_000 for kind in range(4)]

    def work(text: bytes) -> None:
        try:
            for one in (dictionary, SHIPPED) * 300:
                wrong.extend([one.id] if one.unpack(one.fast.compress(text)) != text else [])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
            wrong.append(type(error))

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == wrong
