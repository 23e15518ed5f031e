"""One destination of the configuration: what it may have, and how it is delivered."""

from datetime import timedelta
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, PrivateAttr

from destinations import Adapter, Settings
from router.config.adapters import AdapterClass
from router.config.digest import digest
from router.config.problem import Wrong, quoted
from router.config.sections.consent import Requirement, Uses
from router.config.sections.filters import Condition, Filter
from router.config.sections.outcomes import OutcomeRule
from router.config.sections.privacy import Privacy
from router.config.sections.section import Count, Section, Word
from router.config.sections.transform import Step
from router.config.values.units import Duration, Kind, Rate, Size
from router.decide.integrations import is_name


def _is_name(name: str) -> str:
    if not is_name(name):
        raise Wrong(f"{quoted(name)} names no destination: it is every destination's, or nobody's")
    return name


EventName: TypeAlias = Annotated[Word, AfterValidator(_is_name)]

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


class Destination(Section):
    """A configured instance of an adapter, under its own name."""

    type: Word = Field(description="The adapter: an entry point of `router.destinations`.")
    settings: InstanceOf[Settings] = Field(
        Settings(), description="What the adapter itself wants to know; see its own page."
    )
    known_as: tuple[EventName, ...] = Field(
        (),
        description="Other names and ids that events know it by: in their `integrations` map, "
        "`_metadata.bundled`, `bundledIds` and `Warehouses.warehouseIds`.",
    )
    sources: tuple[Word, ...] | None = Field(
        None, description="Sources whose events it takes; default: all."
    )
    events: Condition | None = Field(
        None, description="A filter (FQL) that events must match; default: all events."
    )
    filters: tuple[Filter, ...] = Field(
        (), description="What becomes of events that match: dropped, sampled or trimmed."
    )
    uses: Uses | None = Field(
        None,
        description="What it does with data. A user's opt-out (GPC, US Privacy, GPP) denies it if "
        "`sale`, `share` or `targeted_ads` is among it. Default: unknown, so opt-outs deny it.",
    )
    consent: Requirement | None = Field(None, description="The consent that it needs.")
    privacy: Privacy | None = Field(
        None, description="What it may see; without it, everything that `pii.trusted` lets pass."
    )
    transform: tuple[Step, ...] = Field(
        (),
        description="How its events are reshaped, last of all, at each attempt: it finds what the "
        "policy left and nothing else.",
    )
    delivery: Delivering = Field(Delivering(), description="How it is served.")

    _name: str = PrivateAttr("")
    _adapter: AdapterClass | None = PrivateAttr(None)
    _key: bytes = PrivateAttr(b"")

    @property
    def name(self) -> str:
        """The instance's own name, the word under `destinations:`."""
        return self._name

    @property
    def adapter_class(self) -> AdapterClass:
        """The adapter that `type` names."""
        if self._adapter is None:
            raise LookupError("this destination was not made by `load` or `parse`")
        return self._adapter

    def adapter(self) -> Adapter[Any]:
        """Make the adapter with its settings; one per process is enough."""
        return self.adapter_class(self.settings)

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change when anything of this destination does."""
        return digest(self, self._key)

    def bind(self, name: str, adapter: AdapterClass, key: bytes) -> None:
        """Tell the destination its name, its adapter and the key of its digest; `load` does."""
        self._name = name
        self._adapter = adapter
        self._key = key
