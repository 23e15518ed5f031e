"""Without order, failing entries beyond a window's limit wait in their lane, and fresh ones go."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from router.engine import assembly
from router.engine.deliver import unordered
from router.engine.deliver.turn import Item
from router.engine.deliver.unordered import REST, Unordered
from router.store.lanes import Try
from router.store.store import Store
from tests.engine.stage import Vendors, configuration, hook, push, running, settled, track

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pytest

MOST_IDS = 20
HOME = "home"


def window() -> Unordered[str]:
    """Return one that has room for few."""
    return Unordered(most=MOST_IDS, share=5, most_ids=MOST_IDS)


def entries(numbers: Iterable[int], due: int | None = None) -> list[Item[str]]:
    """Return entries of one user; with `due` they failed, and are due then (ms)."""
    tried = None if due is None else Try(9, 0, 0, due, "http_503")
    return [Item(HOME, b"%d-0" % n, b"ann", b"body", tried=tried) for n in numbers]


def failed(held: Unordered[str], now: float, due: float) -> list[bytes]:
    """Let all that may go fail, to be due then; returns what it was."""
    items = held.take(MOST_IDS, now, shared=True)
    for item in items:
        item.tried = Try(9, 0, 0, int(due * 1000), "http_503")
        held.finish([item], [item], due, now)
    return [item.id for item in items]


def filled(held: Unordered[str]) -> int:
    """Let entries come and fail until a hundred did; returns how many were ever in memory."""
    most = 0
    for first in range(1, 100, 10):
        held.add(entries(range(first, first + 10)), 0.0, 0)
        most = max(most, held.ids)
        failed(held, 0.0, due=100.0)
        assert held.room
    return most


def test_failing_entries_take_no_room_of_fresh_ones() -> None:
    """However many fail, there is room for more, and no more in memory than its limit."""
    held = window()

    assert filled(held) <= MOST_IDS
    assert len(failed(held, 0.0, 100.0)) == 0
    held.add(entries([200]), 0.0, 0)
    assert [b"200-0"] == failed(held, 0.0, 100.0)


def test_what_was_forgotten_comes_back_when_it_is_due() -> None:
    """The lane is read from the oldest forgotten one on, but not before one is due."""
    held = window()
    filled(held)
    assert held.missed(HOME, 99.0) is None
    assert (1, 0) == held.missed(HOME, 100.0)
    here = held.ids
    held.recover(HOME, entries(range(1, 101), due=100_000), 100.0, 100_000, behind=None)

    assert MOST_IDS // 2 <= held.ids <= MOST_IDS
    assert held.ids >= here
    assert held.missed(HOME, 100.0) is None, "one pass after another would never end"


def test_who_is_in_memory_does_not_come_twice() -> None:
    """What a pass finds that never was forgotten, or is in flight, is left as it is."""
    held = window()
    filled(held)
    kept = {item.id for item in held.take(MOST_IDS, 100.0, shared=True)}
    held.missed(HOME, 100.0)
    held.recover(HOME, entries(range(1, 101), due=100_000), 100.0, 100_000, behind=None)
    back = {item.id for item in held.take(MOST_IDS, 100.0, shared=True)}

    assert kept
    assert not kept & back


def test_what_is_not_due_waits_for_another_pass() -> None:
    """A pass takes what is due soon, and knows when the next has to begin."""
    held = window()
    filled(held)
    assert held.missed(HOME, 100.0) is not None
    before = held.ids
    held.recover(HOME, entries(range(1, 101), due=200_000), 100.0, 100_000, behind=None)

    assert before == held.ids
    assert held.missed(HOME, 100.0 + REST) is None
    assert (1, 0) == held.missed(HOME, 200.0)


def test_what_was_forgotten_is_stuck_too() -> None:
    """What failed is counted wherever it is, before a pass, in the middle of one and after it."""
    held, everything = window(), entries(range(1, 101), due=200_000)
    filled(held)
    assert 100 == held.stuck
    assert held.missed(HOME, 100.0) is not None
    assert 100 == held.stuck
    held.recover(HOME, everything[:50], 100.0, 100_000, behind=(51, 0))
    assert 100 == held.stuck
    held.add(entries(range(101, 121)), 100.0, 100_000)
    failed(held, 100.0, 200.0)
    assert held.ids < 120
    assert 120 == held.stuck
    more = entries(range(101, 121), due=200_000)
    held.recover(HOME, everything[50:] + more, 100.0, 100_000, behind=None)
    assert 120 == held.stuck


def test_what_came_back_and_went_is_not_stuck() -> None:
    """Once all have arrived nothing is, nor what vanished from the lane before a pass came by."""
    held = window()
    filled(held)
    vanished, left = 5, set(range(6, 101))
    for now in range(100, 200, int(REST)):
        for item in held.take(MOST_IDS, now, shared=True):
            held.finish([item], [], now, now)
            left.discard(int(item.id[:-2]))
        if held.missed(HOME, now) is not None:
            held.recover(HOME, entries(sorted(left), due=100_000), now, 100_000, behind=None)
        assert len(left) <= held.stuck <= len(left) + vanished

    assert set() == left
    assert (0, 0) == (held.ids, held.stuck)


def test_a_home_that_is_gone_is_forgotten_whole() -> None:
    """Nothing of a lane is read again that is another's by now."""
    held = window()
    filled(held)
    held.drop(HOME)

    assert (0, 0) == (held.ids, held.stuck)
    assert held.missed(HOME, 1_000.0) is None


class Watched(Unordered[Any]):
    """Remembers what came back after it was forgotten."""

    back = 0

    def recover(self, home: Any, items: Sequence[Item[Any]], *args: Any, **more: Any) -> None:
        """Count what comes back."""
        before = self.ids
        super().recover(home, items, *args, **more)
        Watched.back += self.ids - before


async def test_all_arrive_once_though_most_were_forgotten(
    redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fresh ones are delivered while others fail; once they may, those arrive, once each.

    However many failed and were forgotten, they do not fill a queue that the intake waits for.
    """
    monkeypatch.setattr(assembly, "Unordered", partial(Watched, most_ids=MOST_IDS))
    monkeypatch.setattr(unordered, "REST", 0.2)
    monkeypatch.setattr(Watched, "back", 0)
    store, vendors, taken = Store(redis, 4), Vendors(), Counter[str]()
    mended = False

    def answer(_: str, request: httpx.Request) -> httpx.Response:
        if b"bad" in request.content and not mended:
            return httpx.Response(503)
        taken[request.content.decode()] += 1
        return httpx.Response(200)

    vendors.answer = answer
    config = configuration({"hook": hook(delivery={"ordering": "none", "queue": {"events": 30}})})
    names = [f"{'good' if n % 5 else 'bad'}{n}" for n in range(300)]
    async with running(config, redis, vendors):
        await push(store, *(track(name, f"u{n}") for n, name in enumerate(names)))
        await settled(store, delivered=240, pending=60)
        mended = True
        await settled(store, delivered=300, pending=0)

    assert {1} == set(taken.values())
    assert 300 == len(taken)
    assert Watched.back > MOST_IDS
