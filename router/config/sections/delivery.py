"""How a destination is served: how fast, in what batches, how patiently, in which order."""

from datetime import timedelta
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from router.config.problem import Wrong, quoted
from router.config.sections.outcomes import OutcomeRule
from router.config.sections.section import Count, Section
from router.config.values.kind import Kind
from router.config.values.units import Duration, Rate, Size

MOST_AUTO = 200
"""Requests that `concurrency: auto` opens at most."""
MOST_REQUESTS = 1000


def _concurrency(value: Any) -> Any:
    if value == "auto" or (type(value) is int and 1 <= value <= MOST_REQUESTS):
        return value
    raise Wrong(f"expected a number from 1 to {MOST_REQUESTS}, or auto", f"not {quoted(value)}")


Concurrency: TypeAlias = Annotated[
    int | Literal["auto"], BeforeValidator(_concurrency), Kind("whole number, or `auto`")
]


class Batching(Section):
    """How many deliveries one request may carry; the adapter's own limits hold too."""

    events: Count | None = Field(None, description="At most so many; default: the adapter's.")
    bytes: Annotated[Size, Field(ge=1)] | None = Field(
        None, description="At most so many bytes of payload; default: the adapter's."
    )
    wait: Annotated[Duration, Field(le=timedelta(minutes=1))] = Field(
        timedelta(0), description="How long a batch that is not full waits for more."
    )


class Retrying(Section):
    """When an event that keeps failing is dead: both have passed."""

    for_: Annotated[Duration, Field(gt=timedelta(0))] = Field(
        timedelta(hours=24),
        alias="for",
        description="Time since the first failed attempt; it stands still while held.",
    )
    attempts: Annotated[Count, Field(le=1000)] = Field(12, description="Attempts, at least.")


class Queueing(Section):
    """How many events may wait for a destination, and what becomes of more."""

    events: Count | None = Field(
        None,
        description="At most so many, and 200 more for each intake; by what a replay brings, and "
        "by what other processes take in within a quarter of `worker.lease`, it may be exceeded. "
        "Default: no limit but the store's.",
    )
    full: Literal["wait", "refuse"] = Field(
        "wait",
        description="`wait`: nothing is taken in, for any destination, until a fifth of it is "
        "free; what failed does not count, nor what waits behind it. `refuse`: this destination "
        "does not get what is more, which counts as filtered (`queue_full`; `router explain` "
        "cannot know it).",
    )


class Delivering(Section):
    """How fast, how parallel and how patiently a destination is served."""

    rate: Rate | None = Field(None, description="At most so many events; default: no limit.")
    concurrency: Concurrency = Field(
        4,
        description="Requests that may be open at once, in each worker process. `auto` finds out "
        f"how many the destination bears, up to {MOST_AUTO}.",
    )
    timeout: Annotated[Duration, Field(gt=timedelta(0))] = Field(
        timedelta(seconds=10),
        description="How long a request may take; less than 3/4 of `worker.lease`.",
    )
    ordering: Literal["batch", "strict", "none"] = Field(
        "batch",
        description="Order per user. `batch`: a user's events may share a batch where the vendor "
        "keeps its order; `strict`: never; `none`: no order.",
    )
    queue: Queueing = Field(Queueing(), description="How many events may wait.")
    batch: Batching = Field(Batching(), description="How deliveries share a request.")
    retry: Retrying = Field(Retrying(), description="When a failing event is dead.")
    outcomes: tuple[OutcomeRule, ...] = Field(
        (),
        description="What answers mean, the first rule that fits; they come before the adapter's "
        "own reading.",
    )

    @property
    def most_requests(self) -> int:
        """How many requests may ever be open at once."""
        return MOST_AUTO if self.concurrency == "auto" else self.concurrency
