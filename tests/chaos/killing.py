"""Kill workers in the middle of their work, and know whether it was the middle."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from router.store import keys
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    import random

    import redis

    from tests.support.looking import Eyes
    from tests.support.workers import Worker, Workers

PATIENCE = 3.0
"""Seconds that a victim is watched for; if it does nothing all that time, it dies idle."""
ENDED = ("delivered", "dead")


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker owns now: how much waits in it, and how much of it was ever done."""

    owns: frozenset[str] = frozenset()
    waiting: int = 0
    done: int = 0

    def went_on_since(self, before: Share) -> bool:
        """Tell whether work was done since, which only its owner can do, and more is there."""
        return self.owns == before.owns and self.done > before.done and self.waiting > 0


class Killer:
    """Chooses victims by chance. `busy` counts those that died in the middle of their work."""

    def __init__(
        self, client: redis.Redis, eyes: Eyes, workers: Workers, chance: random.Random
    ) -> None:
        self._client = client
        self._eyes = eyes
        self._workers = workers
        self._chance = chance
        self.kills = 0
        self.busy = 0

    def strike(self) -> None:
        """SIGKILL a worker that owns something, at work if it will be, and start another.

        It is frozen for the last look, so that what is seen is what it died in.
        """
        victim, at_work = self.seize()
        self.busy += at_work
        self.kills += 1
        victim.kill()
        self._workers.start(1, ready=False)

    def seize(self) -> tuple[Worker, bool]:
        """Freeze a worker that owns something; tells whether that was in the middle of work."""
        victim, before = wait_until(self._victim, within=60, what="a worker that owns something")
        at_work = self._caught_at_work(victim, before)
        victim.freeze()
        return victim, at_work and self._share(victim).waiting > 0

    def owns(self, worker: Worker) -> bool:
        """Tell whether a worker owns anything."""
        return bool(self._share(worker).owns)

    def _victim(self) -> tuple[Worker, Share] | None:
        owning = [
            (worker, share) for worker in self._workers.alive if (share := self._share(worker)).owns
        ]
        return self._chance.choice(owning) if owning else None

    def _caught_at_work(self, victim: Worker, before: Share) -> bool:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            now = self._share(victim)
            if now.went_on_since(before):
                return True
            if now.owns != before.owns:
                before = now
        return False

    def _share(self, worker: Worker) -> Share:
        names = ["stream", "list", *map(str, range(self._eyes.config.shards))]
        queue = self._eyes.config.queue
        homes = [keys.intake("stream", queue.stream), keys.intake("list", queue.list),
                 *map(keys.shard, range(self._eyes.config.shards))]  # fmt: skip
        tokens = self._client.mget([keys.lease(home) for home in homes])
        owner = f":{worker.pid}:".encode()
        owned = frozenset(name for name, token in zip(names, tokens, strict=True)
                          if token and owner in token)  # fmt: skip
        found = [self._of(name) for name in owned]
        return Share(owned, sum(one[0] for one in found), sum(one[1] for one in found))

    def _of(self, name: str) -> tuple[int, int]:
        pipeline = self._client.pipeline(transaction=True)
        if name in ("stream", "list"):
            queue = self._eyes.config.queue
            pipeline.xlen(queue.stream) if name == "stream" else pipeline.llen(queue.list)
            public = queue.stream if name == "stream" else queue.list
            pipeline.get(keys.position(name, public))
            waiting, position = pipeline.execute()
            return int(waiting), int(position or 0)
        pipeline.hgetall(keys.ledger(int(name)))
        for lane in self._eyes.lanes:
            pipeline.xlen(keys.lane(int(name), lane))
        ledger, *lengths = pipeline.execute()
        done = sum(int(n) for field, n in ledger.items() if field.decode().endswith(ENDED))
        return sum(lengths), done
