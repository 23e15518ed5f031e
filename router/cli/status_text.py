"""The status as JSON and as tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from router.cli.advice import going_on
from router.cli.output import console, harmless, table
from router.cli.wording import ago, ahead, count, local, moment, span
from router.observe.reasons import MapOddity

if TYPE_CHECKING:
    from rich.table import Table

    from router.observe.readings import Odd, Suspect
    from router.observe.status import DestinationStatus, Status

ROOMY = 120
"""Columns from which all figures fit, and the reason beside them; below, reasons go below."""
ODDITIES = 10
"""Names of events that are shown; all are in the JSON."""
SUSPECTS = 10
"""Suspects that are shown; all are in the JSON."""
ODD = {oddity.value: oddity for oddity in MapOddity}
COLOURS = {"healthy": "green", "throttled": "yellow", "held": "red", "paused": "yellow"}


def as_dict(status: Status, *, check: bool) -> dict[str, Any]:
    """Return the status as programs read it."""
    shown: dict[str, Any] = {
        "at": moment(status.now),
        "destinations": [_as_dict(destination, status.now) for destination in status.destinations],
        "recent_since": moment(status.recent_since),
        "intake": {
            "held": status.intake_hold.reason if status.intake_hold else None,
            "held_by": status.holds_intake.name if status.holds_intake else None,
            "queues": [
                {"kind": queue.kind, "name": queue.name, "waiting": queue.waiting}
                for queue in status.queues
            ],
            "read": status.read,
            "accepted": status.accepted,
            "duplicates": status.duplicates,
            "shelved": status.shelved,
            "shelf": status.shelf,
        },
        "workers": [
            {"owner": worker.owner, "host": worker.host, "pid": worker.pid,
             "owns": list(worker.owns), "digest": worker.digest, "stale": worker.stale,
             "problem": worker.problem or None}
            for worker in status.workers
        ],
        "suspects": [asdict(suspect) for suspect in status.suspects],
        "problems": list(status.problems),
        "oddities": [asdict(odd) for odd in status.oddities],
        "next": status.advice and going_on(status.advice),
    }  # fmt: skip
    if check:
        shown["conservation"] = {
            "holds": not status.missing,
            "missing": [
                {"lane": one.lane, "deliveries": one.deliveries, "letters": one.letters}
                for one in status.missing
            ],
        }
    return shown


def _as_dict(destination: DestinationStatus, now: int) -> dict[str, Any]:
    oldest = destination.oldest
    return {
        "name": destination.name,
        "type": destination.type,
        "state": destination.state,
        "reason": destination.reason,
        "since": moment(destination.since),
        "next_probe": moment(destination.next_probe),
        "queue": destination.queue,
        "oldest_seconds": None if oldest is None else max(0, now - oldest) / 1000,
        "retrying": destination.retrying,
        "parked": destination.parked,
        "delivered": destination.delivered,
        "filtered": destination.filtered,
        "dead": destination.dead,
        "dead_ever": destination.dead_ever,
        "discarded": destination.discarded,
        "counters": destination.other,
        "recent": {
            "delivered": destination.recent.delivered,
            "filtered": destination.recent.filtered,
            "dead": destination.recent.dead,
        },
    }


def verdict(status: Status) -> str:
    """Return what the check found, in words."""
    if not status.missing:
        return "conservation holds"
    lines = ["conservation fails"]
    for one in status.missing:
        what = [(one.deliveries, "delivery", "deliveries"), (one.letters, "dead letter", None)]
        lines += [
            f"  {one.lane}: {count(abs(number), noun, nouns)} "
            + ("missing" if number > 0 else "too many")
            for number, noun, nouns in what
            if number
        ]
    return "\n".join(lines)


def draw(status: Status) -> None:
    """Print the status for people."""
    screen = console()
    roomy = screen.width >= ROOMY
    screen.print(_destinations(status, roomy=roomy))
    screen.print()
    for one in status.destinations:
        if not roomy and (why := _why(one, status.now)):
            screen.print(f"{one.state:<9}{one.name}: {why}")
    queued = ", ".join(f"{queue.name} {queue.waiting:,}" for queue in status.queues)
    screen.print(
        f"intake   waiting: {queued}; accepted {status.accepted:,},"
        f" duplicates {status.duplicates:,}, unreadable {sum(status.shelved.values()):,}"
        f" (on the shelf: {status.shelf:,})"
    )
    if status.intake_hold is not None:
        why = f"{status.intake_hold.reason}, since {ago(status.intake_hold.since, status.now)}"
        if (full := status.holds_intake) is not None:
            why += f": {full.queue:,} wait for {full.name}, {full.retrying:,} to be tried again"
        screen.print(harmless(f"intake   held: {why}"))
    for worker in status.workers:
        stale = "  other configuration!" if worker.stale else ""
        stale += f" ({worker.problem})" if worker.problem else ""
        owns = " ".join(worker.owns) or "nothing"
        screen.print(harmless(f"worker   {worker.host} {worker.pid or ''} owns {owns}{stale}"))
    if not status.workers:
        screen.print("workers  none")
    for line in _peculiar(status):
        screen.print(line)
    if status.advice:
        screen.print(f"next     {going_on(status.advice)}")


def _peculiar(status: Status) -> list[str]:
    """Return the lines about suspects and odd events: a few of each, and how many more."""
    lines = [_suspect(suspect) for suspect in status.suspects[:SUSPECTS]]
    if len(status.suspects) > SUSPECTS:
        lines.append(f"suspect  {len(status.suspects) - SUSPECTS:,} more: --json has all")
    lines += [_odd(odd) for odd in status.oddities[:ODDITIES]]
    if len(status.oddities) > ODDITIES:
        lines.append(f"odd      {len(status.oddities) - ODDITIES:,} more: --json has all")
    return lines


def _suspect(suspect: Suspect) -> str:
    ended = count(suspect.deaths, "worker")
    return harmless(f"suspect  {suspect.entry} in {suspect.home}: {ended} ended with it in flight")


def _odd(odd: Odd) -> str:
    near = f"; did you mean {odd.meant}?" if odd.meant and odd.meant != odd.name else ""
    kind = ODD.get(odd.code)
    what = kind.meaning if kind else "more than can be listed"
    where = f"{kind.place if kind else 'integrations'}.{odd.name} from {odd.source}"
    return harmless(f"odd      {where}: {what} {count(odd.times, 'event')} lately{near}")


def _destinations(status: Status, *, roomy: bool) -> Table:
    since = f"since {local(status.recent_since)[11:16]}"
    numbers = ["queue", "oldest", "retrying", "delivered", "filtered", "dead"]
    if roomy:
        numbers[4:] = [since, "filtered", "unknown", "dead"]
    made = table("destination", "state", *numbers, *(["why"] if roomy else []), numbers=numbers)
    for one in status.destinations:
        cells = {
            "queue": f"{one.queue:,}",
            "oldest": "" if one.oldest is None else span(status.now - one.oldest),
            "retrying": f"{one.retrying:,}",
            "delivered": f"{one.delivered:,}",
            since: f"{one.recent.delivered:,}",
            "filtered": f"{sum(one.filtered.values()):,}",
            "unknown": f"{one.other.get('unknown', 0):,}",
            "dead": f"{one.dead:,}",
        }
        state = Text(one.state, style=COLOURS.get(one.state, "magenta"))
        why = [_why(one, status.now)] if roomy else []
        made.add_row(one.name, state, *(cells[number] for number in numbers), *why)
    return made


def _why(one: DestinationStatus, now: int) -> str:
    if one.state == "unconfigured":
        return "left the configuration: put it back, or `router destinations drop` it"
    if one.reason is None:
        return f"{count(one.parked, 'long turn')} parked" if one.parked else ""
    probe = f", tried again {ahead(one.next_probe, now)}" if one.next_probe else ""
    return f"{harmless(one.reason)}, {ago(one.since, now)}{probe}"
