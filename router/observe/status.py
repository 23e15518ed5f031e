"""How it goes: one value from everything that was read, and the command to try next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from router.observe.lane import parts_of
from router.observe.reasons import HoldReason
from router.observe.reserved import INTAKE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from router.observe.readings import Hold, Ledger, Odd, Queue, Readings, Suspect

HEALTHY = "healthy"
UNCONFIGURED = "unconfigured"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of deliveries."""

    delivered: int = 0
    filtered: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class DestinationStatus:
    """How one destination does."""

    name: str
    type: str
    state: str
    reason: str | None
    since: int | None
    next_probe: int | None
    queue: int
    oldest: int | None
    """When the oldest waiting delivery was routed."""
    retrying: int
    parked: int
    """Users whose queue is so long that no worker has all of it in memory."""
    delivered: int
    filtered: dict[str, int]
    dead: int
    """Dead letters that wait."""
    dead_ever: int
    discarded: int
    other: dict[str, int]
    recent: Counts


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """One living worker process."""

    owner: str
    host: str
    pid: int | None
    owns: tuple[str, ...]
    digest: str
    stale: bool
    """Whether it runs with another configuration than this one."""
    problem: str = ""
    """Why it did not take over what its file says."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What one lane, or the intake, cannot account for; a negative number is a surplus."""

    lane: str
    deliveries: int
    letters: int


@dataclass(frozen=True, slots=True)
class Status:
    """How it goes with everything."""

    now: int
    destinations: tuple[DestinationStatus, ...]
    queues: tuple[Queue, ...]
    read: int
    accepted: int
    duplicates: int
    shelved: dict[str, int]
    shelf: int
    workers: tuple[WorkerStatus, ...]
    recent_since: int
    missing: tuple[Missing, ...] = field(default=())
    """Empty when conservation holds."""
    intake_hold: Hold | None = None
    """Why nothing is taken in, if so."""
    oddities: tuple[Odd, ...] = ()
    """What was odd in events' `integrations` maps, today and yesterday."""
    problems: tuple[str, ...] = ()
    """What is wrong with the configuration's file; then the store says what there is."""

    suspects: tuple[Suspect, ...] = ()
    """What is watched, because workers ended while it was in flight."""

    @property
    def holds_intake(self) -> DestinationStatus | None:
        """The destination whose full queue the intake waits for, if it does."""
        code, _, name = self.intake_hold.reason.partition(".") if self.intake_hold else ("", "", "")
        full = code == HoldReason.QUEUE_FULL
        return next((one for one in self.destinations if full and one.name == name), None)

    @property
    def advice(self) -> str | None:
        """What to try next, or None when all is well."""
        broken = "router check: the configuration is broken"
        return broken if self.problems else _advice(self)


def gather(readings: Readings) -> Status:
    """Make one value of what was read."""
    intake = readings.ledger.intake
    gone = [
        lane
        for lane, found in sorted(readings.ledger.lanes.items())
        if lane not in readings.configured and (found.pending or found.letters)
    ]
    return Status(
        now=readings.now,
        destinations=tuple(
            _destination(lane, readings, configured=lane in readings.configured)
            for lane in (*readings.configured, *gone)
        ),
        queues=tuple(readings.queues),
        intake_hold=readings.holds.get(INTAKE),
        read=intake.get("read", 0),
        accepted=readings.ledger.accepted,
        duplicates=intake.get("duplicate", 0),
        shelved={
            name.removeprefix("shelved|"): times
            for name, times in sorted(intake.items())
            if name.startswith("shelved|")
        },
        shelf=readings.shelf,
        workers=tuple(_worker(owner, facts, readings.digest)
                      for owner, facts in sorted(readings.members.items())),
        recent_since=readings.recent_since,
        missing=_missing(readings.ledger),
        oddities=tuple(readings.oddities),
        problems=tuple(readings.problems),
        suspects=tuple(readings.suspects),
    )  # fmt: skip


def _destination(lane: str, readings: Readings, *, configured: bool) -> DestinationStatus:
    name, kind = parts_of(lane)
    found = readings.ledger.lanes.get(lane)
    hold = readings.holds.get(name) if configured else None
    recent = [hour.lanes[lane] for hour in readings.recent if lane in hour.lanes]
    return DestinationStatus(
        name=name,
        type=kind,
        state=hold.state if hold else HEALTHY if configured else UNCONFIGURED,
        reason=hold.reason if hold else None,
        since=hold.since if hold else None,
        next_probe=hold.probe_at if hold else None,
        queue=found.pending if found else 0,
        oldest=readings.oldest.get(lane),
        retrying=readings.failing.get(lane, 0),
        parked=_parked(name, readings) if configured else 0,
        delivered=found.delivered if found else 0,
        filtered=dict(sorted(found.filtered.items())) if found else {},
        dead=found.letters if found else 0,
        dead_ever=found.dead if found else 0,
        discarded=found.discarded if found else 0,
        other=dict(sorted(found.other.items())) if found else {},
        recent=Counts(
            sum(hour.delivered for hour in recent),
            sum(sum(hour.filtered.values()) for hour in recent),
            sum(hour.dead for hour in recent),
        ),
    )


def _parked(name: str, readings: Readings) -> int:
    said = [facts.get("parked") or {} for facts in readings.members.values()]
    return sum(int(parked.get(name, 0)) for parked in said)


def _worker(owner: str, facts: Mapping[str, Any], digest: str | None) -> WorkerStatus:
    said = str(facts.get("config") or "")
    pid = facts.get("pid")
    return WorkerStatus(
        owner=owner,
        host=str(facts.get("host") or ""),
        pid=pid if isinstance(pid, int) else None,
        owns=tuple(map(str, (*(facts.get("intakes") or ()), *(facts.get("shards") or ())))),
        digest=said,
        stale=bool(said) and digest is not None and said != digest,
        problem=str(facts.get("problem") or ""),
    )


def _missing(ledger: Ledger) -> tuple[Missing, ...]:
    found = [
        Missing(lane, of.missing, of.lost_letters)
        for lane, of in sorted(ledger.lanes.items())
        if not of.holds
    ]
    if not ledger.intake_holds:
        counted = ledger.intake
        known = ledger.accepted + counted.get("duplicate", 0) + ledger.shelved
        found.append(Missing("intake", counted.get("read", 0) - known, ledger.shelf_missing))
    return tuple(found)


def _advice(status: Status) -> str | None:
    """Return the command for the worst of what is the matter."""
    waiting = sum(queue.waiting for queue in status.queues)
    waiting += sum(destination.queue for destination in status.destinations)
    if status.missing:
        return "router status --check --json"
    if waiting and not status.workers:
        return "router run"
    if any(worker.stale for worker in status.workers):
        return "router reload: a worker runs with another configuration"
    if status.intake_hold is not None:
        if (one := status.holds_intake) is not None:
            return f"router destinations show {one.name}: its queue is at its bound"
        return "router destinations list: the store is nearly full, see what fills it"
    return _trouble(status.destinations) or (
        "router dead list dest:shelf" if status.shelf else None
    )


def _trouble(destinations: Sequence[DestinationStatus]) -> str | None:
    for one in destinations:
        if one.state == "held":
            return f"router destinations show {one.name}"
        if one.state == "paused":
            return f"router destinations resume {one.name}"
    worst = max(destinations, key=lambda one: one.dead, default=None)
    return f"router dead list dest:{worst.name}" if worst and worst.dead else None
