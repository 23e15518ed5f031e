"""What deciding reads of a configuration: `config` stands above and fits these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from router.decide.consent.requirement import Requirement
    from router.decide.filters.actions import FilterSection
    from router.decide.policy.policy import PrivacySection
    from router.decide.reshape.changes import StepSection


class DestinationSection(Protocol):
    """What is read of a destination's configuration."""

    @property
    def type(self) -> str:
        """The adapter."""

    @property
    def known_as(self) -> tuple[str, ...]:
        """Other names and ids that events know it by."""

    @property
    def sources(self) -> tuple[str, ...] | None:
        """Sources it takes; None for all."""

    @property
    def events(self) -> str | None:
        """The filter; None for all events."""

    @property
    def filters(self) -> Sequence[FilterSection]:
        """What becomes of events that match an expression."""

    @property
    def uses(self) -> tuple[str, ...] | None:
        """What it does with data; None where it does not say."""

    @property
    def consent(self) -> Requirement | None:
        """The consent it needs."""

    @property
    def privacy(self) -> PrivacySection | None:
        """What it may see."""

    @property
    def transform(self) -> Sequence[StepSection]:
        """How what it may see is reshaped, last of all."""


class SourceSection(Protocol):
    """What is read of a source's configuration."""

    @property
    def transform(self) -> Sequence[StepSection]:
        """How its events are reshaped, before anything is decided."""


class ConsentSection(Protocol):
    """What is read of the `consent:` section."""

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories that events may speak of."""

    @property
    def missing(self) -> str:
        """What an event without consent means: "deny" or "allow"."""

    @property
    def compat(self) -> str | None:
        """The system that is open where it is; None for ours."""


class PiiSection(Protocol):
    """What is read of the `pii:` section."""

    @property
    def trusted(self) -> tuple[str, ...] | None:
        """Destinations that may see personal data; None draws no line."""

    @property
    def free_text(self) -> str:
        """What becomes of people's own words where it is not seen: "search" or "redact"."""


class Configuration(Protocol):
    """What is read of the configuration."""

    @property
    def destinations(self) -> Mapping[str, DestinationSection]:
        """The destinations by name."""

    @property
    def sources(self) -> Mapping[str, SourceSection]:
        """The sources by name."""

    @property
    def consent(self) -> ConsentSection:
        """What events may say about consent."""

    @property
    def pii(self) -> PiiSection:
        """Who may see personal data."""
