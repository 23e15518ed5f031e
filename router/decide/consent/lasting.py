"""What of an event's signals lasts: what it tells of its user, and not of that event alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.decide.consent.gpp import decode_gpp
from router.decide.consent.tcf import decode_tcf
from router.decide.consent.usp import NOT_APPLICABLE, opted_out_of_sale

if TYPE_CHECKING:
    from router.decide.consent.gpp import Gpp


def lasting(kind: str, value: Any) -> Any:
    """Return what a signal of any event tells about its user; None where it tells nothing."""
    if exempts(kind, value):
        return None
    match kind:
        case "categories":
            return {name: each for name, each in value.items() if each is not None} or None
        case "malformed" | "provider" | "strategy":
            return None
        case "gpc":
            return value or None
        case "usp" | "gpp" | "tcf":
            return value if _decodes(kind, value) else None
        case _:
            return value


def exempts(kind: str, value: Any) -> bool:
    """Tell whether it says only that a law does not apply: so nobody takes anything back."""
    match kind:
        case "usp":
            return type(value) is str and value.upper() == NOT_APPLICABLE
        case "gpp":
            return (decoded := decoded_gpp(value)) is not None and not decoded.ids
        case "tcf":
            return type(value) is dict and value.get("applies") is False
        case _:
            return False


def decoded_gpp(value: Any) -> Gpp | None:
    """Return the GPP string of such a signal, decoded; None when it cannot be."""
    text = value.get("string") if type(value) is dict else None
    return decode_gpp(text) if type(text) is str else None


def _decodes(kind: str, value: Any) -> bool:
    match kind:
        case "usp":
            return opted_out_of_sale(value) is not None
        case "gpp":
            return decoded_gpp(value) is not None
        case _:
            return decode_tcf(value["string"]) is not None
