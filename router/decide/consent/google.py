"""Google's consent mode: every name that a destination asks for must be granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.decide.consent.requirement import Check
from router.decide.verdict import Skip
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from router.decide.consent.requirement import Said


def compile_google(where: str, names: tuple[str, ...], absent: Skip | None) -> Check:
    """Return the check; `absent` is the verdict on events without any consent mode."""
    denials = {name: Skip(SkipReason.CONSENT_GOOGLE, f"{where}.google: {name}") for name in names}
    first = next(iter(denials.values()))

    def own(said: Said) -> Skip | None:
        states = said.get("google")
        if states is None:
            return absent
        if type(states) is not dict:
            return first
        return next((no for name, no in denials.items() if states.get(name) != "granted"), None)

    def later(_: Said, known: Said) -> Skip | None:
        states = known.get("google")
        if type(states) is not dict:
            return None if states is None else first
        return next(
            (no for name, no in denials.items() if states.get(name, "granted") != "granted"), None
        )

    return Check(own, later)
