"""The window of turns, held against a plain model by random sequences of what can happen to it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from router.engine.deliver.window import Item, Ordering, Window
from router.store.lanes import Try

HOMES = ("left", "right")
USERS = (b"ann", b"bob", b"cid")
Key = tuple[str, bytes]


class WindowLaws(RuleBasedStateMachine):
    """Add, take, finish, give back, drop and wait in any order; order per user must hold."""

    flights = Bundle("flights")

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.number = 0
        self.waiting: dict[Key, list[Item[str]]] = defaultdict(list)
        self.flying: dict[Key, list[Item[str]]] = {}
        self.dropped: set[str] = set()

    @initialize(
        ordering=st.sampled_from(("batch", "strict", "none")), most=st.sampled_from((3, 50))
    )
    def start(self, ordering: Ordering, most: int) -> None:
        """Begin with an empty window."""
        self.ordering = ordering
        self.most = most
        self.window: Window[str] = Window(ordering, most=most, most_ids=200)

    def key(self, item: Item[str]) -> Key:
        """Return what must not fly twice."""
        return (item.home, item.id if self.ordering == "none" else item.turn)

    @rule(
        home=st.sampled_from(HOMES), users=st.lists(st.sampled_from(USERS), min_size=1, max_size=5)
    )
    def add(self, home: str, users: list[bytes]) -> None:
        """Read some entries of a lane."""
        items = []
        for user in users:
            self.number += 1
            items.append(Item(home, b"%d" % self.number, user, b"body"))
            self.waiting[self.key(items[-1])].append(items[-1])
        self.window.add(items, self.now, 0)

    @rule(target=flights, most=st.integers(1, 4), shared=st.booleans())
    def take(self, most: int, *, shared: bool) -> Any:
        """Take a batch: it holds each user's oldest entries, in order, of users not in flight."""
        taken = self.window.take(most, self.now, shared=shared)
        assert len(taken) <= most
        turns: dict[Key, list[Item[str]]] = defaultdict(list)
        for item in taken:
            turns[self.key(item)].append(item)
        for key, items in turns.items():
            assert key not in self.flying
            assert items == self.waiting[key][: len(items)]
            assert len(items) == 1 or (shared and self.ordering == "batch")
            del self.waiting[key][: len(items)]
            self.flying[key] = items
        for item in taken:
            if item.raw is None:
                self.window.restore(item, b"body")
        return multiple(*turns)

    @rule(key=consumes(flights), keep=st.integers(0, 4), wait=st.sampled_from((0.0, 5.0)))
    def finish(self, key: Key, keep: int, wait: float) -> None:
        """Judge a turn's part of a batch; the last `keep` of it come again, after a while."""
        items = self.flying.pop(key, None)
        if items is None:
            return
        again = items[len(items) - min(keep, len(items)) :]
        self.window.finish(items, again, self.now + wait, self.now)
        self.waiting[key][:0] = again

    @rule(home=st.sampled_from(HOMES))
    def drop(self, home: str) -> None:
        """Lose a shard: nothing of it is known any more, and what flies comes back to nothing."""
        self.window.drop(home)
        for key in [key for key in self.waiting if key[0] == home]:
            del self.waiting[key]
        for key in [key for key in self.flying if key[0] == home]:
            items = self.flying.pop(key)
            self.window.finish(items, items, self.now, self.now)

    @rule(seconds=st.sampled_from((1.0, 10.0)))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    @invariant()
    def counts_what_it_knows(self) -> None:
        """Count ids as what waits and flies, and bodies as no fewer than what flies."""
        flying = sum(len(items) for items in self.flying.values())
        known = flying + sum(len(items) for items in self.waiting.values())
        assert known == self.window.ids
        assert flying <= self.window.bodies <= known

    def teardown(self) -> None:
        """Whatever happened, all can be taken in the end, and the room is whole again."""
        if not hasattr(self, "window"):
            return
        for items in self.flying.values():
            self.window.finish(items, [], self.now, self.now)
        while taken := self.window.take(100, self.now + 1000, shared=True):
            for item in taken:
                self.window.restore(item, b"body")
            turns = defaultdict(list)
            for item in taken:
                turns[self.key(item)].append(item)
            for items in turns.values():
                self.window.finish(items, [], self.now, self.now)
        assert (0, 0) == (self.window.ids, self.window.bodies)
        assert self.most == self.window.room


TestWindowLaws = WindowLaws.TestCase
TestWindowLaws.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)


def items(count: int, user: bytes = b"ann", **more: Any) -> list[Item[str]]:
    """Return some entries of one user."""
    return [Item("home", b"%d" % n, user, b"body", **more) for n in range(count)]


def filled(ordering: Ordering, *more: Item[str], most: int = 100) -> Window[str]:
    """Return a window with some entries."""
    window: Window[str] = Window(ordering, most=most)
    window.add(more, 0.0, 0)
    return window


def test_strict_gives_one_of_a_turn() -> None:
    """Under `strict` no two events of one user share a batch."""
    assert 1 == len(filled("strict", *items(3)).take(10, 0.0, shared=True))


def test_none_knows_no_turns() -> None:
    """Under `none` each event stands for itself."""
    window = filled("none", *items(3))

    assert 1 == len(window.take(1, 0.0, shared=False))
    assert 2 == len(window.take(10, 0.0, shared=False))


def test_a_delayed_turn_wakes_when_due() -> None:
    """A turn that failed is taken when its time has come, and says when that is."""
    window = filled("batch", *items(2))
    first = window.take(1, 0.0, shared=True)
    window.finish(first, first, 7.0, 0.0)

    assert 5.0 == window.next_due(2.0)
    assert [] == window.take(5, 6.9, shared=True)
    assert [b"0", b"1"] == [item.id for item in window.take(5, 7.0, shared=True)]


def test_a_remembered_failure_delays_its_turn() -> None:
    """What failed before the shard changed hands waits as long as it would have waited."""
    tried = Try(1, 0, 0, 5_000, "http_503")
    window: Window[str] = Window("batch", most=10)
    window.add(items(1, tried=tried), 100.0, 2_000)

    assert not window.ready(102.9)
    assert window.ready(103.0)


def test_lightening_keeps_ids_and_order() -> None:
    """A full window forgets bodies, never entries; a body comes back by its id."""
    window = filled("batch", *items(300), most=200)
    taken = window.take(300, 0.0, shared=True)

    assert 300 == len(taken)
    assert [b"%d" % n for n in range(300)] == [item.id for item in taken]
    light = [item for item in taken if item.raw is None]
    assert light
    for item in light:
        window.restore(item, b"again")
    assert all(item.raw for item in taken)


def test_users_who_wait_leave_room_for_the_others() -> None:
    """However many users must wait for their failed heads, another one's events are read."""
    window: Window[str] = Window("batch", most=10)
    for number in range(10):
        user = b"user-%d" % number
        window.add([Item("home", b"%d-1" % number, user, b"body")], 0.0, 0)
        failed = window.take(1, 0.0, shared=False)
        window.finish(failed, failed, 100.0, 0.0)

    window.add([Item("home", b"99-1", b"other", b"body")], 0.0, 0)

    assert window.room > 0


def test_a_fetch_that_fails_gives_its_room_back() -> None:
    """Entries whose bodies could not be fetched go back without being counted as bodies."""
    window = filled("batch", *items(300), most=200)
    taken = window.take(300, 0.0, shared=True)
    light = sum(item.raw is None for item in taken)
    window.finish(taken, taken, 0.0, 0.0)

    assert 300 - light == window.bodies
    assert 300 == window.ids
