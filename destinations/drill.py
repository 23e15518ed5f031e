"""Drill: a destination that fails as it is told, to see the router bear it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import httpx
import orjson
from pydantic import Field, StringConstraints, model_validator

from destinations.contract import Adapter, Batch, Outcomes, Settings
from destinations.duration import Duration
from destinations.journal import Journal
from destinations.judgement import judge_response
from destinations.outcome import Held, Outcome, Retry, Throttled, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from destinations.delivery import Delivery

Fate = Annotated[str, StringConstraints(pattern=r"^(http_[2-5]\d\d|reset|lost|hang|raise)$")]
"""What becomes of a delivery: `http_` and a status is answered; `reset` breaks the connection
before, `lost` after the event arrived; `hang` does not answer for long; `raise` is a bug."""
_ARRIVES = frozenset({"lost", *(f"http_2{n:02}" for n in range(100))})


class DrillError(Exception):
    """The bug that was asked for."""


class DrillSettings(Settings):
    """What goes wrong, how often and how slowly."""

    script: tuple[Fate, ...] = Field(
        default=(),
        description="What becomes of the first, second ... attempt of every event: `http_503`"
        " (any status), `reset`, `lost` (arrived, but no answer), `hang`, `raise`.",
    )
    shares: dict[Fate, Annotated[float, Field(ge=0, le=1)]] = Field(
        default={},
        description="After the script: which share of attempts meets which fate, such as"
        " `{http_503: 0.2, lost: 0.05}`; the rest is delivered.",
    )
    for_first: int | None = Field(
        default=None, ge=0, description="Attempts after this many are always delivered."
    )
    together: bool = Field(
        default=False, description="Whether a batch shares the fate of its first event."
    )
    latency: Duration = Field(default=timedelta(0), description="How long each call takes.")
    jitter: Duration = Field(default=timedelta(0), description="How much longer it may take.")
    hang: Duration = Field(default=timedelta(seconds=60), description="How long `hang` lasts.")
    retry_after: int | None = Field(
        default=None, ge=0, description="Seconds that a 429 asks to wait."
    )
    batch: int = Field(default=1, ge=1, le=10_000, description="Most events in one call.")
    seed: int = Field(default=0, description="Another seed draws other fates.")
    record: Path | None = Field(
        default=None,
        description="A file to which a JSON line is added for each attempt: `key`,"
        " `message_id`, `attempt`, `fate`, `arrived`, `event`.",
    )

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        if sum(self.shares.values()) > 1 + 1e-9:
            raise ValueError("the shares must not add up to more than 1")
        return self


class Drill(Adapter[DrillSettings]):
    """Draw each attempt's fate from the delivery's key, the attempt and the seed: nothing is kept.

    The same delivery and attempt always meet the same fate, in whatever process. An answer that
    burns no attempt (429, 401, 410 ...) is drawn anew each time, or it would never end.
    """

    Settings = DrillSettings
    name = "Drill"

    def __init__(self, settings: DrillSettings) -> None:
        super().__init__(settings)
        self.batch = Batch(events=settings.batch, bytes=10_000_000, in_order=True)
        shares = settings.shares.items()
        self._burning = {fate: share for fate, share in shares if _burns(fate)}
        self._waiting = {fate: share for fate, share in shares if not _burns(fate)}
        self._journal = Journal(settings.record, sync=False) if settings.record else None

    async def send(self, deliveries: Sequence[Delivery]) -> Outcomes:
        """Record, wait as long as was asked, and say what became of each."""
        if not deliveries:
            return {}
        fates = [self._fate(delivery) for delivery in deliveries]
        if self.settings.together:
            fates = fates[:1] * len(fates)
        if self._journal:
            lines = b"".join(map(_line, deliveries, fates))
            await asyncio.to_thread(self._journal.append, lines)
        await asyncio.sleep(self.delay(deliveries, fates))
        if "raise" in fates:
            raise DrillError("this drill was told to raise")
        return {d: self._outcome(fate) for d, fate in zip(deliveries, fates, strict=True)}

    def _fate(self, delivery: Delivery) -> str:
        settings, attempt = self.settings, delivery.attempt
        if settings.for_first is not None and attempt > settings.for_first:
            return "http_200"
        if attempt <= len(settings.script):
            return settings.script[attempt - 1]
        if not settings.shares:
            return "http_200"
        waiting = _drawn(self._waiting, self._draw(f"wait {delivery.attempted_at}", delivery))
        if waiting is not None:
            return waiting
        rest = 1 - sum(self._waiting.values())
        return _drawn(self._burning, self._draw("fate", delivery) * rest) or "http_200"

    def delay(self, deliveries: Sequence[Delivery], fates: list[str]) -> float:
        """Return how many seconds a call of these deliveries and fates takes."""
        settings = self.settings
        delay = settings.latency
        if settings.jitter:
            delay += settings.jitter * max(self._draw("delay", each) for each in deliveries)
        return (delay + settings.hang if "hang" in fates else delay).total_seconds()

    def _draw(self, what: str, delivery: Delivery) -> float:
        """Return a number in [0, 1) that this delivery, attempt and seed always give."""
        text = f"{what}\0{self.settings.seed}\0{delivery.idempotency_key}\0{delivery.attempt}"
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return (int.from_bytes(digest) >> 11) / 2**53

    def _outcome(self, fate: str) -> Outcome:
        if fate == "reset":
            return Retry("connection_reset")
        if fate in {"lost", "hang"}:
            return Unknown(fate)
        return _answer(fate, self.settings.retry_after if fate == "http_429" else None)


def _drawn(shares: dict[str, float], drawn: float) -> str | None:
    for fate, share in shares.items():
        if drawn < share:
            return fate
        drawn -= share
    return None


@cache
def _answer(fate: str, wait: int | None = None) -> Outcome:
    headers = {} if wait is None else {"retry-after": str(wait)}
    return judge_response(httpx.Response(int(fate.removeprefix("http_")), headers=headers))


def _burns(fate: str) -> bool:
    """Tell whether an attempt that meets this fate counts as one."""
    return not fate.startswith("http_") or not isinstance(_answer(fate), Held | Throttled)


def _line(delivery: Delivery, fate: str) -> bytes:
    facts = {
        "key": delivery.idempotency_key,
        "message_id": delivery.message_id,
        "attempt": delivery.attempt,
        "fate": fate,
        "arrived": fate in _ARRIVES,
        "event": orjson.Fragment(delivery.body),
    }
    return orjson.dumps(facts, option=orjson.OPT_APPEND_NEWLINE)
