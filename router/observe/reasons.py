"""Every reason code that the router gives, once, with the sentence that the docs show.

Three lists: why a destination does not get an event (skip), why an event could not be read or
routed at all (shelf), why a delivery is dead. Codes of answers (`http_503`, `connect_error`)
come from the adapter and are not listed here.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A code with its sentence (`meaning`)."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> Reason:
        """Make the member from its code; keep the sentence beside it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member


class SkipReason(Reason):
    """Why a destination does not get an event. Counted as filtered, never as failed."""

    INTEGRATIONS_OFF = "integrations.off", "The event's own map says false for this destination."
    INTEGRATIONS_ALL_OFF = "integrations.all_off", "The map says All: false and does not name it."
    INTEGRATIONS_MALFORMED = "integrations.malformed", "The map has a shape that cannot be read."
    DEVICE_ALREADY_SENT = "integrations.device_mode", "The browser already sent it (_metadata)."
    CONSENT_MISSING = "consent.missing", "The event carries no consent, and this one needs it."
    CONSENT_DENIED = "consent.category_denied", "A category that this one needs is not true."
    CONSENT_MALFORMED = "consent.malformed", "The consent object has a shape that cannot be read."
    CONSENT_UNDECLARED = "consent.undeclared", "The destination declares no consent requirement."
    FILTERED = "filter.events", "The destination's `events` filter does not match."
    SOURCE_OFF = "source.off", "The destination does not take this source."
    TYPE_UNSUPPORTED = "type.unsupported", "The adapter does not understand this event type."


class ShelfReason(Reason):
    """Why an arrival could not be read; the original waits on the shelf."""

    INVALID_JSON = "invalid_json", "It is not JSON."
    INVALID_UTF8 = "invalid_utf8", "It is not UTF-8."
    NOT_AN_OBJECT = "not_an_object", "It is JSON, but no object."
    NO_EVENT_FIELD = "no_event_field", "The stream entry has no field `event`."
    TOO_LARGE = "too_large", "It is larger than 1 MB."
    TOO_DEEP = "too_deep", "It is nested deeper than 64 levels."
    TYPE_MISSING = "type_missing", "It has no `type`."
    TYPE_UNKNOWN = "type_unknown", "Its `type` is none of the six of the Segment spec."
    BAD_FIELD = "bad_field", "A field of the envelope has the wrong type."
    POLICY_ERROR = "policy_error", "A destination's policy failed on it."
    ROUTER_ERROR = "router_error", "The router itself failed on it: please report it."


class DeadReason(Reason):
    """Why a delivery is dead, where the answer alone does not say it."""

    EXHAUSTED = "exhausted", "Attempts and time are used up; the last answer is beside it."
    POLICY_ERROR = "policy_error", "Its policy failed, so nothing may leave; see the shelf."
    ADAPTER_ERROR = "adapter_error", "The adapter raised an exception on this delivery alone."
    NOT_CARRIED = "not_carried", "The adapter made no request that carries it."
    NO_IDENTITY = "no_identity", "It has no id of a person left, and the adapter needs one."
    POISON = "poison", "Workers died three times while it was at the head of its lane."
    UNREADABLE = "unreadable", "The stored entry could not be decoded."
