"""Explanations for people: verdicts in sentences, and the fields that are held back, no value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.cli.output import harmless
from router.decide.diff import Effect, spots_between
from router.decide.naming import tellable
from router.observe.reasons import MapOddity, ShelfReason, SkipReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.events.event import Event

FIELDS = 12
"""Fields that are named; of more, the number is told."""
MEANINGS = {reason.value: reason.meaning for reason in (*SkipReason, ShelfReason.POLICY_ERROR)}
ODDITIES = {oddity.value: oddity.meaning for oddity in MapOddity}
NEVER_LEAVES = frozenset({"integrations"})
"""What no destination sees in any case, so that nobody has to be told."""


def told(event: Event | None, explanation: dict[str, Any]) -> bytes:
    """Return an explanation, whose event is None when it could not be read, as lines of text."""
    if event is None:
        return f"unreadable: {explanation['error']}".encode()
    lines = [harmless(event.message_id)]
    lines += map(_odd, explanation.get("oddities", ()))
    width = max(map(len, explanation["destinations"]), default=0)
    for name, verdict in explanation["destinations"].items():
        lines.append(f"  {name:<{width}}  {_verdict(verdict)}")
        lines += (f"  {'':<{width}}    {line}" for line in _details(event, verdict))
    return "\n".join(lines).encode()


def _verdict(verdict: dict[str, Any]) -> str:
    reason = verdict["reason"]
    why = f"  {reason}: {MEANINGS.get(reason, '')}" if reason else ""
    return f"{verdict['verdict']}{why}  [{harmless(verdict['rule'])}]"


def _details(event: Event, verdict: dict[str, Any]) -> Iterator[str]:
    if verdict["payload"] is not None:
        whole = {key: value for key, value in event.data.items() if key not in NEVER_LEAVES}
        spots = list(spots_between(whole, verdict["payload"]))
        for effect, word in ((Effect.LOSES, "without"), (Effect.CHANGES, "changed"),
                             (Effect.GAINS, "added")):  # fmt: skip
            if paths := sorted({spot.path for spot in spots if spot.effect == effect}):
                yield f"{word}: {_listed(paths)}"
    segment = verdict.get("segment")
    if segment is not None:
        reason = f"  {segment['reason']}" if segment["reason"] else ""
        why = f"  {segment['difference']}: {segment['why']}" if segment["differs"] else ""
        yield f"Segment: {segment['verdict']}{reason}{why}"


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - FIELDS:,} more" if len(paths) > FIELDS else ""
    return harmless(", ".join(paths[:FIELDS])) + more


def _odd(oddity: dict[str, Any]) -> str:
    meant = oddity["meant"]
    near = f" Did you mean {harmless(meant)}?" if meant and meant != oddity["name"] else ""
    meaning = ODDITIES[oddity["code"]]
    return f"  integrations.{tellable(oddity['name'])}  {oddity['code']}: {meaning}{near}"
