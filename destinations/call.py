"""What an adapter yields: requests with the deliveries they carry, and what needs no request."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from destinations.delivery import Delivery
from destinations.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Call:
    """One request and the deliveries it carries, in the order in which it carries them.

    A delivery that makes several items of the request stands there once for each of them.
    Its repr shows neither the path (many a hook's URL is a password) nor the body.
    """

    request: httpx.Request
    deliveries: Sequence[Delivery]

    def __repr__(self) -> str:
        url = self.request.url
        name = type(self).__name__
        return f"<{name} {self.request.method} {url.host} deliveries={len(self.deliveries)}>"


@dataclass(frozen=True, slots=True, repr=False)
class Ask(Call):
    """A call that delivers nothing itself: `answer = yield Ask(request, deliveries)`.

    The answer is the response when that is judged `Delivered`, or has a status of `also` (a 404
    that means: not there yet). Otherwise it is None: its deliveries have got the outcome that the
    failure means, and there is no more to be done for them. Raises ValueError when it names no
    delivery, for then nobody would have that outcome.
    """

    also: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.deliveries:
            raise ValueError("an Ask names the deliveries that hang on its answer")


@dataclass(frozen=True, slots=True)
class Known:
    """A delivery whose outcome is known without a call, or from the answer to an `Ask`.

    `Delivered` is also the outcome of one that leaves nothing to be sent, such as an identify
    without traits: the destination has all there is of it.
    """

    delivery: Delivery
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Split:
    """The vendor refused a whole batch for the sake of some event in it.

    The deliveries are then sent again in two halves, and so on, until the culprit stands alone;
    `otherwise` is the outcome of one that does. There is an end to it (`exchange.MOST_RUNS`).
    """

    otherwise: Outcome


Outcomes: TypeAlias = dict[Delivery, Outcome]
Exchange: TypeAlias = Generator[Call, httpx.Response, Outcomes]
Judgement: TypeAlias = Outcome | Sequence[Outcome] | Split | None
Requests: TypeAlias = Generator[Call | Known, httpx.Response | None, None]
