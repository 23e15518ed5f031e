"""Conservation: whatever is done in whatever order, each accepted event is somewhere, once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import fakeredis
import redis.asyncio
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from router.store.handoff import Shelved
from router.store.lanes import Death, Settlement, Try
from tests.store.working import LANES, NOW, Hands, body, leased, routed, waiting

if TYPE_CHECKING:
    from router.store.intakes import Peek
    from tests.support.stores import StoreServer

NUMBERS = st.integers(0, 15)
LANE = st.sampled_from(LANES)
SHARD = st.sampled_from((0, 1))
SOME = st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True)
FATES = st.sampled_from(("send", "skip", "fail", "unreadable"))


class Conservation(RuleBasedStateMachine):
    """Push, hand off, settle, bury, replay, discard, repeat; the sums hold after each."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.redis = self.client()
        self.fates: dict[str, str] = {}
        self.last: list[Any] = []
        self.shards: dict[int, Any] = {}
        self.do(self.begin())

    def client(self) -> Any:
        """Return a client of an empty store."""
        return fakeredis.FakeAsyncRedis()

    def do(self, work: Any) -> Any:
        """Run a coroutine."""
        return self.loop.run_until_complete(work)

    async def begin(self) -> None:
        """Own the intake and both shards."""
        self.hands = await Hands.on(self.redis)
        self.store = self.hands.store
        self.shards = {shard: await leased(self.store, str(shard)) for shard in (0, 1)}

    def again(self, work: Any) -> None:
        """Do something, and remember it so that it may be repeated."""
        self.last.append(work)
        self.do(work())

    @rule(numbers=st.lists(NUMBERS, min_size=1, max_size=6), fate=FATES)
    def push(self, numbers: list[int], fate: str) -> None:
        """Queue some events, repeated ones among them."""
        for number in numbers:
            self.fates.setdefault(f"e{number}", fate)
        self.do(self.hands.push(*(f"e{number}" for number in numbers)))

    @rule()
    def hand_off(self) -> None:
        """Move all that waits."""
        peek = self.do(self.hands.intake.peek())
        if peek.count:
            self.again(lambda: self.handed(peek))

    async def handed(self, peek: Peek) -> None:
        """Hand off by each event's fate."""
        events, shelved = [], []
        for arrival in peek.arrivals:
            name = arrival.raw.decode()
            shard = int(name[1:]) % 2
            match self.fates[name]:
                case "send":
                    events.append(routed(name, shard))
                case "skip":
                    events.append(routed(name, shard, sends=((1, 0),), skips=((0, "off"),)))
                case "fail":
                    bodies, deads = (body(name), body("nothing")), ((1, "policy"),)
                    events.append(routed(
                        name, shard, sends=((0, 0),), deads=deads, bodies=bodies, raw=b"raw",
                    ))  # fmt: skip
                case _:
                    shelved.append(Shelved("not_json", b"raw", arrival.origin, None, None))
        await self.hands.hand_off(peek, events=events, shelved=shelved)

    @rule(shard=SHARD, lane=LANE, some=SOME, outcome=st.sampled_from(("yes", "no", "off", "later")))
    def settle(self, shard: int, lane: str, some: list[int], outcome: str) -> None:
        """Give some entries of a lane an outcome."""
        there = self.do(waiting(self.store, lane, shard))
        ids = [there[place].id for place in some if place < len(there)]
        settlement = Settlement()
        match outcome:
            case "yes":
                settlement.delivered = ids
            case "no":
                settlement.deaths = [Death(one, "http_400") for one in ids]
            case "off":
                settlement.filtered = [(one, "consent.missing") for one in ids]
            case _:
                settlement.tries = {one: Try(1, NOW, 0, NOW, "x") for one in ids}
        lease = self.shards[shard]
        self.again(lambda: self.store.lanes.settle(lease, shard, {lane: settlement}, NOW))

    @rule(lane=LANE, some=SOME, verb=st.sampled_from(("replay", "discard", "reroute", "unroute")))
    def letters(self, lane: str, some: list[int], verb: str) -> None:
        """Do something to some dead letters."""
        found = self.do(self.scan(lane))
        chosen = [found[place] for place in some if place < len(found)]
        if verb in ("replay", "discard"):
            self.again(lambda: getattr(self.store.letters, verb)(chosen, NOW))
            return
        for letter in chosen:
            raw = body("rerouted") if verb == "reroute" else None
            self.again(
                lambda one=letter, raw=raw: self.store.letters.reroute(one, raw, NOW, reason="off")
            )

    async def scan(self, lane: str) -> list[Any]:
        """Return a lane's letters."""
        return [letter async for letter in self.store.letters.scan([lane])]

    @rule()
    def put_back(self) -> None:
        """Queue again what could not be read; it can be now."""
        for item in self.do(self.shelved()):
            if item.reason == "not_json":
                self.fates["e15"] = "send"
                self.do(self.store.shelf.drop(item))
                self.do(self.hands.push("e15"))

    async def shelved(self) -> list[Any]:
        """Return what is on the shelf."""
        return [item async for item in self.store.shelf.scan()]

    @precondition(lambda self: self.last)
    @rule(back=st.integers(0, 30))
    def repeat(self, back: int) -> None:
        """Repeat something that was done before, as after a lost reply; it must change nothing."""
        position = self.do(self.redis.get("router:{events}:stream:position"))
        work = self.last[-1 - back % min(3, len(self.last))]
        before = self.do(self.sums())
        try:
            self.do(work())
        except Exception as error:  # noqa: BLE001 - an older hand-off is refused, and loses its lease
            assert type(error).__name__ == "LeaseLost"  # noqa: PT017 - the only one that may come
        assert before == self.do(self.sums())
        assert position == self.do(self.redis.get("router:{events}:stream:position"))

    async def sums(self) -> Any:
        """Return all that is counted."""
        return await self.store.ledger(LANES)

    @invariant()
    def it_holds(self) -> None:
        """Prove the sums, and that each accepted event is at each lane exactly once."""
        ledger = self.do(self.sums())
        assert ledger.holds, ledger
        for lane in LANES:
            assert ledger.accepted == ledger.lanes[lane].configured

    def teardown(self) -> None:
        """Let go of the store."""
        self.do(self.redis.aclose())
        self.loop.close()


TestConservation = Conservation.TestCase
TestConservation.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_conservation_on_a_real_store(store_server: StoreServer) -> None:
    """The same machine, over the embedded store and over the system's server."""

    class OnServer(Conservation):
        def client(self) -> Any:
            store_server.flush()
            return redis.asyncio.Redis.from_url(store_server.url)

    run_state_machine_as_test(
        OnServer, settings=settings(max_examples=10, stateful_step_count=30, deadline=None)
    )
