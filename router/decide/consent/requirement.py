"""What a configuration says of consent: of one destination, and as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.verdict import Skip

Said: TypeAlias = "dict[str, Any]"
"""Signals (see `signals.py`); `{}` when nothing is said."""


class TcfRequirement(Protocol):
    """What a destination needs of a TCF string."""

    @property
    def vendor(self) -> int:
        """Its id in the global vendor list."""

    @property
    def purposes(self) -> tuple[int, ...]:
        """Purposes that need consent."""

    @property
    def legitimate_interest(self) -> tuple[int, ...]:
        """Purposes for which a legitimate interest is enough; in both lists, either is."""


class Requirement(Protocol):
    """What a destination's `consent:` section says; of the first three, one at most."""

    @property
    def require(self) -> tuple[str, ...]:
        """Categories that must all be true."""

    @property
    def any(self) -> tuple[str, ...]:
        """Categories of which one must be true."""

    @property
    def not_required(self) -> str | None:
        """Why none is needed."""

    @property
    def provider(self) -> str | None:
        """The consent platform whose categories these are; None for whichever."""

    @property
    def tcf(self) -> TcfRequirement | None:
        """What it needs of a TCF string, where the GDPR applies."""

    @property
    def google(self) -> tuple[str, ...]:
        """Names of Google's consent mode that must all be granted."""


@dataclass(frozen=True, slots=True)
class Regime:
    """What holds for all destinations of a configuration."""

    enforced: bool = True
    """Whether the configuration asks for consent anywhere: then who declares none gets nothing."""
    opt_outs: bool = True
    """Whether it speaks of consent or of uses: then who declares no uses heeds opt-outs."""
    missing: str = "deny"
    """What an event means that says nothing: "deny" or "allow"."""
    compat: str | None = None
    """"segment" or "rudderstack": whose answers are given on categories, open where it is."""

    @property
    def open_(self) -> bool:
        """Whether what an event does not say passes."""
        return self.missing == "allow" or self.compat is not None


class Check(NamedTuple):
    """The judge of one kind of signal."""

    own: Callable[[Said], Skip | None]
    """Judges what an event says."""
    later: Callable[[Said, Said], Skip | None]
    """Judges what is known beside it, of which what is absent denies nothing."""
