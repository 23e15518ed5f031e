"""What one destination may see of an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from router.decide.verdict import Stripped

if TYPE_CHECKING:
    from collections.abc import Callable

PrivacySection = Any


@dataclass(frozen=True, slots=True)
class Policy:
    """The compiled policy of one destination."""

    digest: str
    plain: bool
    strip: Callable[[dict[str, Any], dict[str, Any] | None], Stripped]
    narrow: Callable[..., Stripped]


def compile_policy(**_: Any) -> Policy:
    """Return the policy."""

    def strip(data: dict[str, Any], options: dict[str, Any] | None) -> Stripped:
        payload = {key: value for key, value in data.items() if key != "integrations"}
        return Stripped(payload, (), options)

    return Policy(
        "plain",
        True,
        strip,
        lambda payload, transformed, options=None: Stripped(payload, transformed, options),
    )
