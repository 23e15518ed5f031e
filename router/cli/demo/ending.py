"""What the demonstration has shown: claims, each checked against what was really received."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from router.cli.failure import Exit
from router.observe.lane import destination_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from router.cli.demo.play import Played
    from router.cli.demo.scenery import Scene
    from router.cli.demo.vendors import Seen, Vendors

PERSONAL = ("email", "phone", "street", "lastname")
"""Keys, without their punctuation, whose values are certainly about a person."""
SHORTEST = 5
"""Shorter values stand by chance in other words."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that was to be shown, and whether it was."""

    text: str
    true: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """All that was shown."""

    played: Played
    lanes: list[str]
    received: dict[str, int]
    """Different deliveries that each receiver really has."""
    twice: int
    personal: int
    personal_at_audit: int
    personal_at_partner: int

    @property
    def claims(self) -> list[Claim]:
        """Return what must be true, in sentences."""
        played, ledger = self.played, self.played.ledger
        delivered = {destination_of(lane): ledger.lanes[lane].delivered for lane in self.lanes}
        same = all(delivered[name] == number for name, number in self.received.items())
        counted = ", ".join(f"{name} {number:,}" for name, number in self.received.items())
        return [
            Claim(
                f"killed: {played.killed} while {played.waiting_when_killed:,} deliveries waited",
                bool(played.killed and played.waiting_when_killed),
            ),
            Claim(f"received: {counted}, as many different ones as were counted", same),
            Claim(
                f"personal data: of {self.personal} e-mail and street addresses, phone numbers and"
                f" last names, audit got {self.personal_at_audit}, partner"
                f" {self.personal_at_partner}",
                self.personal_at_audit > 0 and self.personal_at_partner == 0,
            ),
            Claim(
                f"dead letters: the vendor of orders refused {played.dead}; mended, it took all"
                f" {played.replayed} that were replayed",
                0 < played.dead == played.replayed and not ledger.lanes["orders:webhook"].dead_now,
            ),
        ]

    @property
    def conserved(self) -> bool:
        """Tell whether the ledger proves that nothing was lost."""
        return self.played.ledger.holds

    @property
    def exit(self) -> Exit:
        """Return how the command ends."""
        if not self.conserved:
            return Exit.NOT_CONSERVED
        return Exit.DONE if all(claim.true for claim in self.claims) else Exit.ERROR

    @property
    def sum(self) -> str:
        """Return the law of conservation with its numbers."""
        lanes = [self.played.ledger.lanes[lane] for lane in self.lanes]
        configured = sum(lane.configured for lane in lanes)
        delivered = sum(lane.delivered for lane in lanes)
        filtered = sum(sum(lane.filtered.values()) for lane in lanes)
        dead = sum(lane.dead_now for lane in lanes)
        pending = sum(lane.pending for lane in lanes)
        return (
            f"{configured:,} = {delivered:,} delivered + {filtered:,} filtered"
            f" + {dead:,} dead + {pending:,} pending"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as programs read it."""
        played, letter = self.played, self.played.letter
        return {
            "events": dict(played.ledger.intake),
            "destinations": {destination_of(lane): self._numbers(lane) for lane in self.lanes},
            "killed": played.killed,
            "waiting_when_killed": played.waiting_when_killed,
            "received_twice": self.twice,
            "personal": {
                "values": self.personal,
                "at_audit": self.personal_at_audit,
                "at_partner": self.personal_at_partner,
            },
            "dead_letter": {"id": letter.id, "reason": letter.reason} if letter else None,
            "dead": played.dead,
            "replayed": played.replayed,
            "claims": [{"claim": claim.text, "true": claim.true} for claim in self.claims],
            "conservation": {"holds": self.conserved, "sum": self.sum},
            "seconds": round(played.seconds, 1),
        }

    def _numbers(self, lane: str) -> dict[str, Any]:
        row, name = self.played.ledger.lanes[lane], destination_of(lane)
        return {
            "delivered": row.delivered,
            "received": self.received.get(name),
            "filtered": dict(row.filtered),
            "dead": row.dead_now,
            "replayed": row.replayed,
            "pending": row.pending,
        }


def ending(played: Played, scene: Scene, vendors: Vendors, lanes: list[str]) -> Ending:
    """Compare what was counted with what the receivers have."""
    hooks = ("audit", "partner", "orders")
    received = {name: len({seen.key for seen in vendors.at(name)}) for name in hooks}
    lines = scene.archive.read_bytes().splitlines() if scene.archive.exists() else []
    received["archive"] = len({json.loads(line)["messageId"] for line in lines})
    values = personal(scene.events)
    return Ending(
        played=played,
        lanes=lanes,
        received=received,
        twice=sum(vendors.twice(name) for name in hooks),
        personal=len(values),
        personal_at_audit=_found(values, vendors.at("audit")),
        personal_at_partner=_found(values, vendors.at("partner")),
    )


def personal(events: Sequence[bytes]) -> set[str]:
    """Return values of the events that are certainly about a person, small letters all."""
    return {value for line in events for value in _personal(json.loads(line))}


def _personal(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _personal(inner, "".join(c for c in name.lower() if c.isalnum()))
    elif isinstance(value, list):
        for inner in value:
            yield from _personal(inner, key)
    elif isinstance(value, str) and key.endswith(PERSONAL) and len(value) >= SHORTEST:
        yield value.casefold()


def _found(values: Iterable[str], requests: Iterable[Seen]) -> int:
    texts = [json.dumps(json.loads(seen.body), ensure_ascii=False).casefold() for seen in requests]
    return sum(any(value in text for text in texts) for value in values)
