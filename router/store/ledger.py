"""Conservation: what was accepted is delivered, filtered, dead or pending, and this proves it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.store import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from router.store.connection import Client
    from router.store.scripts import Scripts


@dataclass(slots=True)
class LaneLedger:
    """One lane's totals over all shards. `pending` and `letters` are measured lengths."""

    configured: int = 0
    """Events accepted while the destination was configured: what the rest must sum up to."""
    delivered: int = 0
    filtered: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    dead: int = 0
    """Deliveries that ever became dead letters."""
    replayed: int = 0
    discarded: int = 0
    pending: int = 0
    letters: int = 0
    other: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Plain counters: unknown, reordered, retried, throttled ..."""

    @property
    def dead_now(self) -> int:
        """Dead letters that wait or were discarded."""
        return self.dead - self.replayed

    @property
    def missing(self) -> int:
        """How many deliveries are unaccounted for; zero, or the router lost or made some."""
        return self.configured - (
            self.delivered + sum(self.filtered.values()) + self.dead_now + self.pending
        )

    @property
    def lost_letters(self) -> int:
        """How many dead letters are unaccounted for."""
        return self.dead_now - self.discarded - self.letters

    @property
    def holds(self) -> bool:
        """Tell whether every delivery is accounted for."""
        return self.missing == 0 and self.lost_letters == 0


@dataclass(slots=True)
class Ledger:
    """The sums over all shards at one moment."""

    intake: dict[str, int] = field(default_factory=dict)
    """What became of arrivals: read, accepted, duplicate, shelved, ..."""
    lanes: dict[str, LaneLedger] = field(default_factory=lambda: defaultdict(LaneLedger))
    shelf: int = 0
    """The measured length of the shelf."""
    spread: bool = False
    """Read from several servers, one after the other: what was taken may be ahead of `read`."""

    @property
    def accepted(self) -> int:
        """How many events were accepted."""
        return self.intake.get("accepted", 0)

    @property
    def holds(self) -> bool:
        """Tell whether conservation holds for each lane and at the intake."""
        return self.intake_holds and all(lane.holds for lane in self.lanes.values())

    @property
    def intake_holds(self) -> bool:
        """Tell whether all that was read is accepted, a duplicate, or was shelved."""
        known = self.accepted + self.intake.get("duplicate", 0) + self.shelved
        ahead = known - self.intake.get("read", 0)
        return (ahead == 0 or (self.spread and ahead > 0)) and self.shelf_missing == 0

    @property
    def shelved(self) -> int:
        """How many arrivals could not be read, ever."""
        return sum(times for name, times in self.intake.items() if name.startswith("shelved|"))

    @property
    def shelf_missing(self) -> int:
        """How many arrivals left the shelf uncounted.

        Those come onto it that could not be read, or whose policy failed (`kept`); they leave it
        queued again (`put_back`) or dropped.
        """
        came = self.shelved + self.intake.get("kept", 0)
        left = self.intake.get("put_back", 0) + self.intake.get("dropped", 0)
        return came - left - self.shelf


async def read_ledger(
    scripts: Scripts, shards: int, positions: Sequence[str], lanes: Iterable[str], *, spread: bool
) -> Ledger:
    """Read totals and lengths of all shards in one step, and sum them up.

    `positions` are the keys that count what each intake handed off. Where data is `spread` over
    servers they are read first, each by itself, then one shard after the other.
    """
    names = sorted(lanes)
    ledger = Ledger(spread=spread)
    if not spread:
        await _read(scripts, ledger, range(shards), positions, names)
        return ledger
    for position in positions:
        await _read(scripts, ledger, (), [position], names)
    for shard in range(shards):
        await _read(scripts, ledger, [shard], (), names)
    return ledger


async def _read(
    scripts: Scripts, ledger: Ledger, shards: Iterable[int], positions: Sequence[str],
    names: Sequence[str],
) -> None:  # fmt: skip
    shards = list(shards)
    wanted = [*positions]
    for shard in shards:
        wanted += (keys.ledger(shard), keys.shelf(shard))
        for name in names:
            wanted += (keys.lane(shard, name), keys.dead(shard, name))
    found = iter(await scripts("ledger", wanted, [len(positions), len(names)]))
    for _ in positions:
        _add(ledger, "read", int(next(found) or 0))
    for _ in shards:
        for field_name, value in _pairs(next(found)):
            _add(ledger, field_name.decode(), int(value))
        ledger.shelf += next(found)
        for name in names:
            ledger.lanes[name].pending += next(found)
            ledger.lanes[name].letters += next(found)


async def read_hours(redis: Client, shards: int, now_ms: int, hours: int) -> list[Ledger]:
    """Return the counters of the last `hours` hours, the current one first (no lengths)."""
    pipeline = redis.pipeline(transaction=False)
    for back in range(hours):
        for shard in range(shards):
            pipeline.hgetall(keys.hour(shard, now_ms - back * keys.HOUR_MS))
    found = iter(await pipeline.execute())
    ledgers = []
    for _ in range(hours):
        ledger = Ledger()
        for _ in range(shards):
            for field_name, value in next(found).items():
                _add(ledger, field_name.decode(), int(value))
        ledgers.append(ledger)
    return ledgers


def _pairs(flat: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Return a hash's fields and values, which a script returns one behind the other."""
    return zip(flat[::2], flat[1::2], strict=True)


def _add(ledger: Ledger, field_name: str, value: int) -> None:
    name, _, rest = field_name.partition("|")
    if ":" not in name:  # no lane: what became of arrivals
        ledger.intake[field_name] = ledger.intake.get(field_name, 0) + value
        return
    lane = ledger.lanes[name]
    kind, _, reason = rest.partition("|")
    if kind == "filtered":
        lane.filtered[reason] += value
    elif kind in ("configured", "delivered", "dead", "replayed", "discarded"):
        setattr(lane, kind, getattr(lane, kind) + value)
    else:
        lane.other[kind] += value
