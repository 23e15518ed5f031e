"""An exchange: what an adapter yields, and what the vendor answers, become outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import httpx

from destinations.call import Ask, Known, Split
from destinations.judgement import judge_error, judge_response
from destinations.outcome import Delivered, Outcome, Rejected, Retry, worst

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from destinations.call import Call, Exchange, Judgement, Outcomes, Requests
    from destinations.contract import Adapter
    from destinations.delivery import Delivery

MOST_RUNS = 64
"""How often one exchange asks for requests: once, and again for each half of what was split.

Whoever refuses everything would else be asked twice for each event; some three culprits are found
in a batch of 1,000, and each attempt finds more.
"""
FAULTS_OF_ONE = frozenset({400, 413, 422})
"""Answers that a single event of a batch may have caused, or a batch that is too large."""
RULED = "router.ruled"
"""The extension of a response in which the engine puts what the operator's rules say of it."""
BATCH_REFUSED = Retry("batch_refused")
"""What has become of those that were still to be sent again then; they come first next time."""
NOT_CARRIED = Rejected("not_carried")


def exchanged(adapter: Adapter[Any], deliveries: Sequence[Delivery]) -> Exchange:
    """Ask the adapter for requests, judge the answers, and return the worst for each delivery."""
    outcomes: Outcomes = {}
    waiting: list[Sequence[Delivery]] = [deliveries]
    runs = 0
    while waiting and runs < MOST_RUNS:
        runs += 1
        steps = iter(adapter.requests(waiting.pop()))
        item = next(steps, None)
        while item is not None:
            answer = None
            if isinstance(item, Known):
                _add(outcomes, item.delivery, item.outcome)
            else:
                response, judgement = yield from _sent(adapter, item)
                if isinstance(judgement, Split):
                    waiting += _halves(item)
                else:
                    asking = isinstance(item, Ask)
                    for delivery, outcome in spread(item, judgement):
                        if asking and isinstance(outcome, Delivered):
                            answer = response  # nothing was delivered by asking
                        else:
                            _add(outcomes, delivery, outcome)
            item = _following(steps, item, answer)
    for delivery in (delivery for half in waiting for delivery in half):
        _add(outcomes, delivery, BATCH_REFUSED)
    for delivery in deliveries:
        outcomes.setdefault(delivery, NOT_CARRIED)
    return outcomes


_Sent: TypeAlias = tuple[httpx.Response | None, Outcome | Sequence[Outcome] | Split]


def _sent(adapter: Adapter[Any], call: Call) -> Generator[Call, httpx.Response, _Sent]:
    """Send a call; return the response and what it means."""
    try:
        response = yield call
    except httpx.TransportError as error:
        return None, judge_error(error)
    if isinstance(call, Ask) and response.status_code in call.also:
        return response, Delivered()
    judgement: Judgement = response.extensions.get(RULED)
    if judgement is None:
        judgement = adapter.judge(call, response)
    if judgement is None:
        judgement = _by_default(response)
    if isinstance(judgement, Split) and len(set(call.deliveries)) < 2:
        return response, judgement.otherwise
    return response, judgement


def _by_default(response: httpx.Response) -> Outcome | Split:
    """Judge by default; a batch refused for what is in it is halved to find the culprit."""
    outcome = judge_response(response)
    return Split(outcome) if response.status_code in FAULTS_OF_ONE else outcome


def _following(
    steps: Iterator[Call | Known], item: Call | Known, answer: httpx.Response | None
) -> Call | Known | None:
    """Return what the adapter yields next, an `Ask` once it was answered; None at the end."""
    if not isinstance(item, Ask):
        return next(steps, None)
    try:
        return cast("Requests", steps).send(answer)
    except StopIteration:
        return None


def _halves(call: Call) -> list[Sequence[Delivery]]:
    """Return the two halves of what a call carried, the first one last."""
    refused = list(dict.fromkeys(call.deliveries))
    middle = len(refused) // 2
    return [refused[middle:], refused[:middle]]


def spread(
    call: Call, judgement: Outcome | Sequence[Outcome]
) -> Iterable[tuple[Delivery, Outcome]]:
    """Pair the call's deliveries with their outcomes.

    Raises ValueError when there are not as many outcomes as deliveries.
    """
    if isinstance(judgement, Sequence):
        return zip(call.deliveries, judgement, strict=True)
    return ((delivery, judgement) for delivery in call.deliveries)


def _add(outcomes: Outcomes, delivery: Delivery, outcome: Outcome) -> None:
    earlier = outcomes.get(delivery)
    outcomes[delivery] = outcome if earlier is None else worst(earlier, outcome)
