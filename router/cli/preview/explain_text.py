"""Explanations for people: verdicts in sentences, and the fields that are held back, no value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from router.cli.output import harmless
from router.decide.diff import Effect, spots_between
from router.decide.oddities import tellable
from router.decide.policy.actions import MASKED, REDACTED
from router.observe.reasons import MapOddity, ShelfReason, SkipReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.decide.diff import Spot
    from router.events.event import Event

FIELDS = 12
"""Fields that are named; of more, the number is told."""
MEANINGS = {reason.value: reason.meaning for reason in (*SkipReason, ShelfReason.POLICY_ERROR)}
ODDITIES = {oddity.value: oddity for oddity in MapOddity}
NEVER_LEAVES = frozenset({"integrations"})
"""What no destination sees in any case, so that nobody has to be told."""


FORMS = {
    "token": re.compile(r"tok_[0-9a-f]{4}_[0-9a-f]{32}"),
    "hashed": re.compile(r"^[0-9a-f]{64}$"),
    "redacted": re.compile(re.escape(REDACTED)),
    "masked": re.compile(re.escape(MASKED)),
}
"""What an action of a policy leaves in a value, by the word for it."""
WORDS = ("without", *FORMS, "changed", "added")


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
        became: dict[str, list[str]] = {}
        for spot in spots_between(whole, verdict["payload"]):
            became.setdefault(_became(spot), []).append(spot.path)
        for word in filter(became.get, WORDS):
            yield f"{word}: {_listed(sorted(became[word]))}"
    segment = verdict.get("segment")
    if segment is not None:
        reason = f"  {segment['reason']}" if segment["reason"] else ""
        why = f"  {segment['difference']}: {segment['why']}" if segment["differs"] else ""
        yield f"Segment: {segment['verdict']}{reason}{why}"


def _became(spot: Spot) -> str:
    """Return the word for what became of a field."""
    if spot.effect == Effect.LOSES:
        return "without"
    if spot.effect == Effect.GAINS:
        return "added"
    text = str(spot.after)
    return next((word for word, form in FORMS.items() if form.search(text)), "changed")


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - FIELDS:,} more" if len(paths) > FIELDS else ""
    return harmless(", ".join(paths[:FIELDS])) + more


def _odd(oddity: dict[str, Any]) -> str:
    meant = oddity["meant"]
    near = f" Did you mean {harmless(meant)}?" if meant and meant != oddity["name"] else ""
    code = ODDITIES[oddity["code"]]
    return f"  {code.place}.{tellable(oddity['name'])}  {code.value}: {code.meaning}{near}"
