"""Preview: the requests that an adapter would make, answered from a script instead of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from destinations import Rejected
from destinations.contract import Ask
from router.observe.reasons import DeadReason

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    import httpx

    from destinations import Adapter, Delivery, Outcomes
    from destinations.contract import Call


class Answers(Protocol):
    """Answers in place of a vendor."""

    def __call__(self, call: Call) -> httpx.Response:
        """Answer a call."""


class Shown(NamedTuple):
    """A request that would be sent, and what was answered to it."""

    call: Call
    answer: httpx.Response

    @property
    def asks(self) -> bool:
        """Tell whether it delivers nothing: what comes after it hangs on the answer."""
        return isinstance(self.call, Ask)


def preview(
    adapter: Adapter[Any], deliveries: Sequence[Delivery], answers: Answers
) -> Generator[Shown, None, Outcomes]:
    """Yield the requests of these deliveries as the engine would make them; send none.

    Returns the outcomes by the made-up answers: they tell why a delivery made no request. What
    makes the adapter raise is asked for alone, as the engine does.
    """
    try:
        return (yield from _driven(adapter, deliveries, answers))
    except Exception as error:  # noqa: BLE001 - an author's code may raise anything
        if len(deliveries) == 1:
            reason = f"{DeadReason.ADAPTER_ERROR}.{type(error).__name__.lower()}"
            return {deliveries[0]: Rejected(reason)}
    outcomes: Outcomes = {}
    for delivery in deliveries:
        outcomes |= yield from preview(adapter, [delivery], answers)
    return outcomes


def _driven(
    adapter: Adapter[Any], deliveries: Sequence[Delivery], answers: Answers
) -> Generator[Shown, None, Outcomes]:
    exchange = adapter.exchange(deliveries)
    try:
        call = next(exchange)
        while True:
            answer = answers(call)
            answer.request = call.request
            yield Shown(call, answer)
            call = exchange.send(answer)
    except StopIteration as stop:
        outcomes: Outcomes = stop.value
        return outcomes
    finally:
        exchange.close()
