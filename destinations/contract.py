"""The contract between the router and an adapter: what an author writes, and nothing else.

An adapter is pure. It turns deliveries into `httpx.Request`s and answers into outcomes; the
engine does the network, the pooling, the timeouts, the limits and the waiting. Three ways, the
first that is enough is the right one:

1. `requests` says what to send, `judge` reads the answers (most adapters);
2. `requests` yields an `Ask` where it must see an answer first (look up, then write);
3. `send` does the work itself, for what is not HTTP (a file, a warehouse).

What the engine promises in return: it calls with at most what `batch` allows, in the order of
arrival, never with two events of one user at once unless `batch.in_order`; it sets `attempt` and
`attempted_at` of each delivery; it reads the whole answer; and when an adapter raises, it tries
the deliveries one by one and makes a dead letter of the one that raises alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from destinations.call import Ask, Call, Exchange, Judgement, Known, Outcomes, Requests, Split
from destinations.exchange import exchanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import httpx

    from destinations.delivery import Delivery


class Settings(BaseModel):
    """What the operator writes under `settings:`; unknown words are refused.

    Describe every field (`Field(description=...)`): the docs are made from it. Secrets are
    `SecretStr`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


S = TypeVar("S", bound=Settings)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one call of an adapter may carry, at most; the operator may ask for less.

    `events` and `bytes` (of payload JSON, a single larger event passes) bound it. `in_order`
    says that the vendor keeps the order of a batch, so that consecutive events of one user may
    share it.
    """

    events: int = 1
    bytes: int = 1_000_000
    in_order: bool = False


ALL_TYPES = frozenset({"track", "identify", "page", "screen", "group", "alias"})


class Adapter(Generic[S]):
    """A kind of destination. One instance is made per configured destination and process."""

    Settings: ClassVar[type[Settings]] = Settings
    name: ClassVar[str]
    """The display name, as an event's `integrations` map spells it."""
    aliases: ClassVar[frozenset[str]] = frozenset()
    """Other names that an event's `integrations` map may use: those of the catalogues of SDKs."""
    accepts: ClassVar[frozenset[str]] = ALL_TYPES
    """The event types that this adapter understands; others are skipped, not failed."""
    batch: Batch = Batch()
    """The most one call may carry; read from the instance, so that settings may choose it."""

    def __init__(self, settings: S) -> None:
        self.settings = settings

    def requests(self, deliveries: Sequence[Delivery]) -> Requests | Iterable[Call | Known]:
        """Yield the requests that carry these deliveries, each delivery at least once.

        Same deliveries, same bytes: a request may be repeated. Yield `Known` for a delivery that
        needs none, and an `Ask` to see the answer. Never draw a URL's host from an event.
        """
        raise NotImplementedError

    def judge(self, call: Call, response: httpx.Response) -> Judgement:  # noqa: ARG002 - authors use them
        """Return one outcome for all of the call, one for each of it, a `Split`, or None.

        None is the default: `destinations.judgement.judge_response`. Reasons are codes of your
        own, never texts of the vendor's: those may repeat the event.
        """
        return None

    def exchange(self, deliveries: Sequence[Delivery]) -> Exchange:
        """Drive `requests` and `judge`, for the engine; hardly any adapter has to override it.

        Yields a `Call`, is sent its `httpx.Response` or thrown an `httpx.TransportError`, and
        returns an outcome for each delivery. A delivery that no call carried is rejected.
        """
        return exchanged(self, deliveries)

    async def send(self, deliveries: Sequence[Delivery]) -> Outcomes:
        """Deliver without HTTP; only adapters that have no `requests` write it.

        Returns once the deliveries are safe where they went. The engine cancels it when the
        timeout of the attempt is over; the outcome is then unknown.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of what `send` opened."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def speaks_http(adapter: type[Adapter[Any]] | Adapter[Any]) -> bool:
    """Tell whether the adapter leaves the sending to the engine (it has no `send` of its own)."""
    kind = adapter if isinstance(adapter, type) else type(adapter)
    return kind.send is Adapter.send


__all__ = ["ALL_TYPES", "Adapter", "Ask", "Batch", "Call", "Exchange", "Judgement", "Known",
           "Outcomes", "Requests", "Settings", "Split", "speaks_http"]  # fmt: skip
