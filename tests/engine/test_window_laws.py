"""The window of turns, held against a plain model by random sequences of what can happen to it."""

from __future__ import annotations

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

from router.engine.deliver.turn import Item
from router.engine.deliver.window import Ordering, Window
from router.store.lanes import Try

HOMES = ("left", "right")
USERS = (b"ann", b"bob", b"cid")
Key = tuple[str, bytes]


def number(item: Item[str]) -> int:
    """Return the number that an entry's id begins with."""
    return int(item.id.partition(b"-")[0])


class WindowLaws(RuleBasedStateMachine):
    """Read, take, finish, give back, drop and wait in any order; order per user must hold.

    The model is the lanes themselves: whatever a window forgets, it asks for again in time.
    """

    flights = Bundle("flights")

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.number = 0
        self.lanes: dict[str, list[Item[str]]] = {home: [] for home in HOMES}
        self.cursors = dict.fromkeys(HOMES, 0)
        self.flying: dict[Key, list[Item[str]]] = {}
        self.over: set[bytes] = set()
        self.asked: dict[str, tuple[int, int, list[Item[str]]]] = {}

    @initialize(
        ordering=st.sampled_from(("batch", "strict", "none")),
        most=st.sampled_from((3, 50)),
        share=st.sampled_from((1, 2, 5)),
        most_ids=st.sampled_from((6, 200)),
    )
    def start(self, ordering: Ordering, most: int, share: int, most_ids: int) -> None:
        """Begin with an empty window."""
        self.ordering = ordering
        self.most = min(most, most_ids)
        self.window: Window[str] = Window(ordering, most=most, share=share, most_ids=most_ids)

    def key(self, item: Item[str]) -> Key:
        """Return what must not fly twice."""
        return (item.home, item.id if self.ordering == "none" else item.turn)

    def waiting(self, key: Key) -> list[int]:
        """Return what waits of a turn and was read, the oldest first."""
        flying = {item.id for item in self.flying.get(key, ())} | self.over
        return [
            number(item)
            for item in self.lanes[key[0]]
            if self.key(item) == key
            and item.id not in flying
            and number(item) <= self.cursors[key[0]]
        ]

    @rule(
        home=st.sampled_from(HOMES), users=st.lists(st.sampled_from(USERS), min_size=1, max_size=9)
    )
    def arrive(self, home: str, users: list[bytes]) -> None:
        """Hand off some entries into a lane."""
        for user in users:
            self.number += 1
            self.lanes[home].append(Item(home, b"%d-0" % self.number, user, b"body"))

    def read(self, home: str, behind: int, most: int) -> list[Item[str]]:
        """Return entries of a lane as a store does: each time another value."""
        found = [item for item in self.lanes[home] if number(item) > behind]
        return [Item(home, item.id, item.turn, b"body") for item in found[:most]]

    @rule(home=st.sampled_from(HOMES), most=st.integers(1, 6))
    def onward(self, home: str, most: int) -> None:
        """Read a lane where it was never read."""
        if home in self.asked or not self.window.room:
            return
        if found := self.read(home, self.cursors[home], most):
            self.cursors[home] = number(found[-1])
            self.window.add(found, self.now, 0)

    @rule(home=st.sampled_from(HOMES), most=st.integers(1, 6))
    def again(self, home: str, most: int) -> None:
        """Ask for a lane again from where the window wants it; the answer takes its time."""
        gap = self.window.gap(home)
        if gap is None or not self.window.room or home in self.asked:
            return
        after = gap[0] - 1 if not gap[1] else gap[0]
        self.asked[home] = after, most, self.read(home, after, most)

    @rule(home=st.sampled_from(HOMES))
    def answer(self, home: str) -> None:
        """Let what was asked for arrive, whatever happened to turns meanwhile."""
        if home not in self.asked:
            return
        after, most, found = self.asked.pop(home)
        known = [item for item in found if number(item) <= self.cursors[home]]
        self.window.fill(home, known, self.now, 0, after=(after, 0), whole=len(known) < most)

    @rule(target=flights, most=st.integers(1, 4), shared=st.booleans())
    def take(self, most: int, *, shared: bool) -> Any:
        """Take a batch: it holds each user's oldest entries, in order, of users not in flight."""
        taken = self.window.take(most, self.now, shared=shared)
        assert len(taken) <= most
        for items in self.window.turns(taken):
            key, ids = self.key(items[0]), [number(item) for item in items]
            assert key not in self.flying
            assert ids == self.waiting(key)[: len(ids)]
            assert len(items) == 1 or (shared and self.ordering == "batch")
            self.flying[key] = items
        for item in taken:
            if item.raw is None:
                self.window.restore(item, b"body")
        return multiple(*[key for key, items in self.flying.items() if items[-1] in taken])

    @rule(
        key=consumes(flights),
        keep=st.sets(st.integers(0, 4)),
        wait=st.sampled_from((0.0, 5.0)),
        tried=st.booleans(),
    )
    def finish(self, key: Key, keep: set[int], wait: float, *, tried: bool) -> None:
        """Judge a turn's part of a batch; some of it comes again, after a while."""
        items = self.flying.pop(key, [])
        if not items:
            return
        again = [item for place, item in enumerate(items) if place in keep]
        for item in again:
            item.tried = Try(1, 0, 0, 0, "http_503") if tried else None
        self.window.finish(items, again, self.now + wait, self.now)
        self.over |= {item.id for item in items if item not in again}

    @rule()
    def settle(self) -> None:
        """Take what is over out of its lane: some time after it was judged."""
        for home, lane in self.lanes.items():
            self.lanes[home] = [item for item in lane if item.id not in self.over]

    @rule(home=st.sampled_from(HOMES))
    def drop(self, home: str) -> None:
        """Lose a shard, and own it again: what was in flight is read again."""
        self.settle()
        self.window.drop(home)
        self.asked.pop(home, None)
        self.cursors[home] = 0
        for key in [key for key in self.flying if key[0] == home]:
            del self.flying[key]

    @rule(seconds=st.sampled_from((1.0, 10.0)))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    @invariant()
    def counts_what_it_knows(self) -> None:
        """Count no more ids than were read, no fewer bodies than fly, and parked turns."""
        if not hasattr(self, "window"):
            return
        flying = sum(map(len, self.flying.values()))
        read = sum(
            number(item) <= self.cursors[home] and item.id not in self.over
            for home in HOMES
            for item in self.lanes[home]
        )
        assert flying <= self.window.bodies <= self.window.ids <= read
        assert 4 * self.window.bodies == self.window.bytes
        assert self.window.parked == len([t for t in self.window._turns.values() if t.parked])
        assert self.window.parked or read == self.window.ids

    def teardown(self) -> None:
        """Whatever happened, all is taken in the end, once, and the room is whole again."""
        if not hasattr(self, "window"):
            return
        rounds = 0
        while any(self.lanes.values()) and (rounds := rounds + 1) < 1000:
            for key in list(self.flying):
                self.finish(key, set(), 0.0, tried=False)
            self.settle()
            for home in HOMES:
                self.again(home, 4)
                self.answer(home)
                self.onward(home, 4)
            self.now += 1000
            self.take(100, shared=True)
        assert {home: [] for home in HOMES} == self.lanes
        assert (0, 0, 0) == (self.window.ids, self.window.bytes, self.window.parked)
        assert self.most == self.window.room


TestWindowLaws = WindowLaws.TestCase
TestWindowLaws.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
