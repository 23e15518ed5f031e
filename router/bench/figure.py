"""A measured figure beside its reference."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, what it is compared with, and what it should reach.

    `ratio` is how many times better than the reference it is, whichever way better lies.
    """

    benchmark: str
    what: str
    value: float
    unit: str
    reference: str
    reference_value: float
    reach: float | None
    """What it should be at least, or at most; None where nothing was promised."""
    lower_is_better: bool = False
    details: dict[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times better than the reference."""
        better, worse = self.value, self.reference_value
        if self.lower_is_better:
            better, worse = worse, better
        return better / worse if worse else 0.0

    @property
    def reached(self) -> bool:
        """Whether it is as good as it should be."""
        if self.reach is None:
            return True
        return self.value <= self.reach if self.lower_is_better else self.value >= self.reach


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
