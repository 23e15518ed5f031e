"""One destination: an adapter under a name, with what it may have and how it is served."""

from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field, InstanceOf, PrivateAttr

from destinations import Adapter, Settings
from router.config.adapters import AdapterClass
from router.config.digest import digest
from router.config.problem import Wrong, quoted
from router.config.sections.consent import Requirement, Uses
from router.config.sections.delivery import Delivering
from router.config.sections.filters import Condition, Filter
from router.config.sections.privacy import Privacy
from router.config.sections.section import Section, Word
from router.config.sections.transform import Step
from router.decide.integrations import is_name


def _is_name(name: str) -> str:
    if not is_name(name):
        raise Wrong(f"{quoted(name)} names no destination: it is every destination's, or nobody's")
    return name


EventName: TypeAlias = Annotated[Word, AfterValidator(_is_name)]


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
