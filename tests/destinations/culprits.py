"""Adapters that break a law of conformance each, and one that keeps them all."""

from __future__ import annotations

import itertools
import logging
from typing import TYPE_CHECKING

import httpx

from destinations import (
    Adapter,
    Batch,
    Call,
    Delivered,
    Field,
    Held,
    Judgement,
    Rejected,
    Retry,
    SecretStr,
    Settings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from destinations import Delivery, Exchange

numbers = itertools.count()
log = logging.getLogger(__name__)


class PlainSettings(Settings):
    """The least."""

    key: SecretStr = Field(description="Key of the account.")


class Plain(Adapter[PlainSettings]):
    """Keeps every law."""

    Settings = PlainSettings
    name = "Plain"
    batch = Batch(events=3)
    host = "vendor.test"

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Post all of them at once."""
        body = b"\n".join(delivery.body for delivery in deliveries)
        request = httpx.Request("POST", f"https://{self.host}/", content=body)
        yield Call(request, deliveries)


def plain(kind: type[Plain] = Plain) -> Plain:
    """Return an adapter of a kind."""
    return kind(PlainSettings(key=SecretStr("hidden-key")))


class BareInner(Settings):
    """Says nothing about its field."""

    secret: SecretStr


class Bare(Settings):
    """Has a setting that is described, and holds one that is not."""

    inner: list[BareInner] = Field(description="Described itself.")


class Undescribed(Plain):
    """Has a setting of which nothing is said."""

    def __init__(self, _: PlainSettings) -> None:
        self.settings = Bare(inner=[])  # type: ignore[assignment] # on purpose


class Nameless(Plain):
    """Has blanks for a name."""

    name = "  "


class Refusing(Plain):
    """Takes nothing."""

    def exchange(self, deliveries: Sequence[Delivery]) -> Exchange:
        """Reject all."""
        yield from ()
        return dict.fromkeys(deliveries, Rejected("no"))


class Trusting(Plain):
    """Believes that each event has a user."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Look at the user."""
        assert all(delivery.payload["userId"] for delivery in deliveries)
        return super().requests(deliveries)


class Forgetful(Plain):
    """Forgets the last."""

    def exchange(self, deliveries: Sequence[Delivery]) -> Exchange:
        """Say nothing of one."""
        outcomes = yield from super().exchange(deliveries)
        outcomes.pop(deliveries[-1])
        return outcomes


class Meddling(Plain):
    """Changes what is shared."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Add to the payload."""
        for delivery in deliveries:
            delivery.payload["seen"] = True  # type: ignore[index] # on purpose
        return super().requests(deliveries)


class Talkative(Plain):
    """Logs events."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Log the first."""
        log.debug("sending %s", deliveries[0].payload)
        return super().requests(deliveries)


class Quoting(Plain):
    """Repeats the vendor's words, which repeat the event's."""

    def judge(self, call: Call, response: httpx.Response) -> Judgement:  # noqa: ARG002 - theirs
        """Take the reason from the answer."""
        ok = response.is_success
        return Delivered() if ok else Rejected(response.json().get("error", "unknown"))


class Whimsical(Plain):
    """Numbers its requests."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Add a number."""
        for call in super().requests(deliveries):
            call.request.headers["x-number"] = str(next(numbers))
            yield call


class Counting(Plain):
    """Tells the vendor which attempt it is."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Add the attempt."""
        for call in super().requests(deliveries):
            call.request.headers["x-attempt"] = str(deliveries[0].attempt)
            yield call


class Nondescript(Plain):
    """Sends the event's name and nothing to tell it by."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Send names."""
        names = ",".join(str(delivery.get("event")) for delivery in deliveries)
        yield Call(httpx.Request("POST", "https://vendor.test/", content=names), deliveries)


class Shuffling(Plain):
    """Carries them backwards."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Turn them round."""
        return super().requests(deliveries[::-1])


class Led(Plain):
    """Posts to wherever the user id says."""

    def requests(self, deliveries: Sequence[Delivery]) -> Iterable[Call]:
        """Let the event choose the host."""
        led = any("evil" in str(delivery.get("userId")) for delivery in deliveries)
        self.host = "evil.test" if led else "vendor.test"
        return super().requests(deliveries)


class Careless(Plain):
    """Takes every broken connection for a success."""

    def exchange(self, deliveries: Sequence[Delivery]) -> Exchange:
        """Send, and hope."""
        for call in self.requests(deliveries):
            try:
                yield call
            except httpx.TransportError:
                continue
        return dict.fromkeys(deliveries, Delivered())


class Hopeful(Plain):
    """Looks whether the first of its requests was taken, and no further."""

    def exchange(self, deliveries: Sequence[Delivery]) -> Exchange:
        """Send twice, judge once."""
        outcomes = yield from super().exchange(deliveries)
        yield from super().exchange(deliveries)
        return outcomes


def judging(status: int, judgement: Judgement) -> type[Plain]:
    """Return an adapter that reads one status in its own way."""

    class Judging(Plain):
        def judge(self, call: Call, response: httpx.Response) -> Judgement:  # noqa: ARG002 - theirs
            return judgement if response.status_code == status else None

    return Judging


CULPRITS: list[tuple[str, type[Plain]]] = [
    ("settings_are_described", Undescribed),
    ("introduces_itself", Nameless),
    ("samples_are_delivered", Refusing),
    ("odd_events_are_borne", Trusting),
    ("each_delivery_gets_one_outcome", Forgetful),
    ("payloads_are_left_alone", Meddling),
    ("nothing_private_is_told", Quoting),
    ("same_deliveries_same_bytes", Whimsical),
    ("retry_repeats_the_request", Counting),
    ("deliveries_are_told_apart", Nondescript),
    ("calls_keep_limits_and_order", Shuffling),
    ("no_event_chooses_the_host", Led),
    ("refusal_rejects", judging(400, Retry("again"))),
    ("unauthorised_holds", judging(401, Rejected("no"))),
    ("gone_holds", judging(410, Delivered())),
    ("retry_after_is_believed", judging(429, Retry("busy"))),
    ("failure_retries", judging(503, Held("down"))),
    ("every_call_counts", Hopeful),
    ("no_connection_retries", Careless),
    ("no_answer_is_unknown", Careless),
    ("nothing_private_is_told", Talkative),
]
