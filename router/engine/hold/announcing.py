"""Announcements: a webhook of the operator's learns when a destination is held, paused or let go.

The process whose share the public stream is announces, whoever began or ended the hold, also while
the intake itself is held and nobody takes from the stream. What was last announced of each
destination stands in the store, so that a transition is announced at least once, under one
`webhook-id`, although that process dies; what cannot be announced now is tried again at the next
look. Throttlings are no news: a vendor's limits come and go.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from destinations import Delivered, Delivery
from router.engine.deliver.exchange import attempt
from router.observe.reasons import HoldReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from destinations import Adapter
    from router.store.holds import Hold, Holds

_log = logging.getLogger("router.engine")
NEWS = ("held", "paused")


@dataclass(frozen=True, slots=True)
class News:
    """A change of one destination; `key` tells it from every other."""

    destination: str
    hold: Hold | None
    key: str

    def body(self) -> dict[str, Any]:
        """Return what is posted; `text` is a sentence, as chat tools expect it."""
        hold = self.hold
        if hold is None:
            return {"destination": self.destination, "state": "resumed",
                    "text": f"{self.destination} gets deliveries again"}  # fmt: skip
        code = hold.reason.partition(".")[0]
        known = next((each for each in HoldReason if each == code), None)
        return {
            "destination": self.destination,
            "state": hold.state,
            "reason": hold.reason,
            "by": hold.by,
            "since": _moment(hold.since),
            "next_probe": None if hold.probe_at is None else _moment(hold.probe_at),
            "meaning": known.meaning if known else None,
            "advice": known.advice if known else None,
            "text": f"{self.destination} is {hold.state}: {hold.reason}",
        }


def news_of(holds: Mapping[str, Hold], announced: Mapping[str, str]) -> list[News]:
    """Return what has changed since the last announcements (a key by destination)."""
    fresh = [
        News(name, hold, key)
        for name, hold in holds.items()
        if hold.state in NEWS and announced.get(name) != (key := _key(hold))
    ]
    return fresh + [News(name, None, "") for name in announced if name not in holds]


def _key(hold: Hold) -> str:
    return f"{hold.state} {hold.reason} {hold.since}"


class Announcer:
    """Posts what is new to the operator's webhook."""

    def __init__(
        self,
        holds: Holds,
        webhook: Adapter[Any],
        transport: httpx.AsyncBaseTransport,
        *,
        within: float,
    ) -> None:
        self._holds = holds
        self._webhook = webhook
        self._transport = transport
        self._within = within

    async def look(self, now_ms: int) -> None:
        """Announce what has changed; raises what the store raises."""
        announced = await self._holds.announced()
        for news in news_of(await self._holds.all(), announced):
            before = announced.get(news.destination, "")
            if not await self._post(news, before, now_ms):
                return
            await self._holds.note_announced(news.destination, news.key)

    async def _post(self, news: News, before: str, now_ms: int) -> bool:
        delivery = Delivery(
            body=orjson.dumps({"at": _moment(now_ms), **news.body()}),
            destination=news.destination,
            message_id=f"{news.key or 'resumed'} after {before}",
            type="announcement",
            received_at=now_ms,
            attempted_at=now_ms,
        )

        async def send(request: httpx.Request, _: int) -> httpx.Response:
            return await self._transport.handle_async_request(request)

        outcome = (await attempt(self._webhook, [delivery], send, self._within))[delivery]
        if isinstance(outcome, Delivered):
            return True
        reason = getattr(outcome, "reason", type(outcome).__name__)
        _log.warning("news of %s could not be announced: %s", news.destination, reason)
        return False

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
