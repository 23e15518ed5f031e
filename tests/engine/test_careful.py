"""Behind an owner's end an intake is routed with care, whatever becomes of it meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from router.engine.care.caution import Caution
from router.engine.care.solitude import Solitude
from router.engine.route.careful import Careful
from router.store import keys
from router.store.intakes import PEEK_EVENTS, Intake
from router.store.store import Store
from tests.engine.stage import push, track

if TYPE_CHECKING:
    import pytest

    from router.engine.route.routing import RoutedBatch
    from router.store.intakes import Peek

HOME = keys.intake("stream", "events")


class Trimmed(Intake):
    """A stream of which a producer trims some behind the first peek."""

    keeps: int | None = None

    async def peek(self, behind: Peek | None = None, *, most: int = PEEK_EVENTS) -> Peek:
        """Peek, and then trim."""
        found = await super().peek(behind, most=most)
        if self.keeps is not None:
            await self._redis.xtrim(self.name, maxlen=self.keeps, approximate=False)
        return found


class Scene:
    """Three arrivals, of which some are suspected, before a careful owner."""

    def __init__(self, redis: Any) -> None:
        self.redis = redis
        self.store = Store(redis, 4)
        self.intake = Trimmed(redis, self.store.scripts, "stream", "events", 4)
        self.moved: list[list[str]] = []
        self.goes_on = True

    async def begin(self, suspects: dict[int, int]) -> list[str]:
        """Let the last owner have ended with some in flight; returns all names."""
        await push(self.store, track("e1"), track("e2"), track("e3"))
        names = [entry.decode() for entry, _ in await self.redis.xrange("events")]
        await self.redis.set(f"{HOME}:owner", "0 dead")
        noted = {names[place]: f"{deaths} dead" for place, deaths in suspects.items()}
        await self.redis.hset(keys.suspects(HOME), mapping=noted)
        lease = self.intake.lease("one", timedelta(minutes=1))
        assert await lease.acquire()
        lease.gone_at = 0.0  # long ago
        self.caution = Caution(self.intake.suspects(lease), lease)
        self.careful = Careful(self.intake, self.caution, Solitude())
        await self.careful.begin()
        return names

    async def move(self, peek: Peek, batch: RoutedBatch | None = None) -> bool:
        """Note what would be moved, and whether it is shelved."""
        self.moved.append([*peek.names, *(["shelved"] if batch else [])])
        return self.goes_on

    async def step(self) -> bool:
        """Go one step, without waiting for arrivals."""
        return await self.careful.step(self.move, 0.001)


async def test_what_waits_for_room_is_not_forgotten(
    redis: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A proven arrival is called shelved, and suspected no more, only once it is shelved."""
    scene = Scene(redis)
    first, *_ = await scene.begin({0: 9})
    scene.goes_on = False

    assert not await scene.step()
    assert {first: 9} == scene.caution.suspects
    assert "shelved" not in caplog.text
    scene.goes_on = True
    assert await scene.step()
    assert {} == scene.caution.suspects
    assert "it is shelved" in caplog.text
    assert [[first, "shelved"]] * 2 == scene.moved


async def test_a_trimmed_stream_ends_nothing(redis: Any) -> None:
    """When a producer trims what was just seen, it is looked at again; the gone are forgotten."""
    scene = Scene(redis)
    await scene.begin({2: 1})
    scene.intake.keeps = 0

    assert await scene.step()
    assert await scene.step()
    assert [] == scene.moved
    assert {} == scene.caution.suspects


async def test_suspicion_stays_with_its_arrival(redis: Any) -> None:
    """When a producer trims older ones, nobody else is suspected for it."""
    scene = Scene(redis)
    _, _, third = await scene.begin({2: 1})
    await redis.xtrim("events", maxlen=2, approximate=False)
    scene.intake.keeps = 1

    assert await scene.step()
    assert [[third]] == scene.moved
