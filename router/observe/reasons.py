"""Every reason code that the router gives, once, with the sentence that the docs show.

Four lists: why a destination does not get an event (skip), why an event could not be read or
routed at all (shelf), why a delivery is dead, why a destination gets nothing for now (hold).
Codes of answers (`http_503`, `connect_error`) come from the adapter and are not listed here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """A code with what it means and what an operator does about it (`advice`)."""

    meaning: str
    advice: str

    def __new__(cls, code: str, meaning: str, advice: str = "") -> Self:
        """Make the member from its code; keep the sentences beside it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        member.advice = advice
        return member

    @classmethod
    def listed(cls, code: str) -> Self | None:
        """Return the member of a code; None for the code of an answer, which is not listed."""
        return next((member for member in cls if member.value == code), None)


class SkipReason(Reason):
    """Why a destination does not get an event. Counted as filtered, never as failed."""

    INTEGRATIONS_OFF = "integrations.off", "The event's own map says false for this destination."
    INTEGRATIONS_ALL_OFF = "integrations.all_off", "The map says All: false and does not name it."
    INTEGRATIONS_MALFORMED = "integrations.malformed", "The map has a shape that cannot be read."
    DEVICE_ALREADY_SENT = "integrations.device_mode", "The browser already sent it (_metadata)."
    CONSENT_MISSING = "consent.missing", "The event carries no consent, and this one needs it."
    CONSENT_DENIED = "consent.category_denied", "A category that this one needs is not true."
    CONSENT_MALFORMED = "consent.malformed", "The consent object has a shape that cannot be read."
    CONSENT_GPC = "consent.gpc", "The user opted out by Global Privacy Control."
    CONSENT_USP = "consent.usp", "The user opted out of sale by a US Privacy string."
    CONSENT_USP_INVALID = "consent.usp_invalid", "The US Privacy string cannot be read."
    CONSENT_GPP = "consent.gpp", "The user opted out in a US section of a GPP string."
    CONSENT_GPP_INVALID = (
        "consent.gpp_invalid",
        "The GPP string cannot be read, or lacks a section.",
    )
    CONSENT_TCF_INVALID = (
        "consent.tcf_invalid",
        "The TCF string is missing, unreadable or not valid.",
    )
    CONSENT_TCF_VENDOR = "consent.tcf_vendor", "The TCF string does not allow the vendor."
    CONSENT_TCF_PURPOSE = "consent.tcf_purpose", "The TCF string does not allow a purpose."
    CONSENT_TCF_RESTRICTED = "consent.tcf_restricted", "The publisher restricts vendor and purpose."
    CONSENT_GOOGLE = "consent.google_denied", "A name of Google's consent mode is not granted."
    CONSENT_WITHDRAWN = "consent.withdrawn", "The user's latest known preference denies it."
    CONSENT_UNDECLARED = "consent.undeclared", "The destination declares no consent requirement."
    FILTERED = "filter.events", "The destination's `events` filter does not match."
    FILTER_SAMPLED = "filter.sampled", "It is not in the share that a `sample` filter lets pass."
    FILTER_DROPPED = "filter.dropped", "A `drop` filter of the destination matches."
    FILTER_ERROR = "filter.error", "A filter failed on it, and what cannot be decided stays."
    SOURCE_OFF = "source.off", "The destination does not take this source."
    TYPE_UNSUPPORTED = "type.unsupported", "The adapter does not understand this event type."
    QUEUE_FULL = "queue_full", "Its queue was at its bound, and `delivery.queue` says `refuse`."


class MapOddity(Reason):
    """What in an event's map or its categories is probably not meant. Counted and shown."""

    NAME_UNKNOWN = "name_unknown", "No destination bears this name."
    NAME_MISSPELLED = "name_misspelled", "Spelled otherwise: its false counts, its true does not."
    VALUE_ODD = "value_odd", "Neither true, false nor an object: read as false."
    CATEGORY_UNKNOWN = "category_unknown", "No category of this name is under consent.categories."

    @property
    def place(self) -> str:
        """What of an event such a name is of: `integrations` or `consent`."""
        return "consent" if self is MapOddity.CATEGORY_UNKNOWN else "integrations"


_SENDER = "Mend the producer; discard it."
_MEND_THEN_REPLAY = "Mend it, `router check`, `router reload`, replay."
_MEND_ADAPTER = "Mend the adapter, restart the workers, replay."


class ShelfReason(Reason):
    """Why an arrival could not be read; the original waits on the shelf."""

    INVALID_JSON = "invalid_json", "It is not JSON.", _SENDER
    INVALID_UTF8 = "invalid_utf8", "It is not UTF-8.", _SENDER
    NOT_AN_OBJECT = "not_an_object", "It is JSON, but no object.", _SENDER
    NO_EVENT_FIELD = "no_event_field", "The stream entry has no field `event`.", _SENDER
    TOO_LARGE = "too_large", "It is larger than 1 MB.", _SENDER
    TOO_DEEP = "too_deep", "It is nested deeper than 64 levels.", _SENDER
    TYPE_MISSING = "type_missing", "It has no `type`.", _SENDER
    TYPE_UNKNOWN = "type_unknown", "Its `type` is none of the six of the Segment spec.", _SENDER
    BAD_FIELD = "bad_field", "A field of the envelope has the wrong type.", _SENDER
    POLICY_ERROR = (
        "policy_error",
        "Some destination's policy failed on it; that destination's letter names it.",
        "Replay the letter, not this.",
    )
    ROUTER_ERROR = "router_error", "The router itself failed on it.", "Report it; replay later."
    POISON = (
        "poison",
        "Routing it ended three workers in a row, each with nothing else in hand.",
        "See what ends a worker on it; mend that, restart the workers, replay.",
    )


class DeadReason(Reason):
    """Why a delivery is dead, where the answer alone does not say it."""

    EXHAUSTED = (
        "exhausted",
        "Attempts and time are used up; the last answer stands behind the dot.",
        "See what the destination says of it; replay when it is well.",
    )
    POLICY_ERROR = (
        "policy_error",
        "Its policy failed, so nothing may leave.",
        _MEND_THEN_REPLAY,
    )
    ADAPTER_ERROR = (
        "adapter_error",
        "The adapter raised an exception on this delivery alone.",
        _MEND_ADAPTER,
    )
    NOT_CARRIED = (
        "not_carried",
        "The adapter made no request that carries it.",
        _MEND_ADAPTER,
    )
    NO_IDENTITY = (
        "no_identity",
        "It has no id of a person left, and the adapter needs one.",
        "Keep an id for this destination, or filter such events.",
    )
    POISON = (
        "poison",
        "Attempting it ended three workers in a row, each with nothing else in flight.",
        "Mend what ends a worker (mostly the adapter), restart the workers, replay.",
    )
    UNREADABLE = (
        "unreadable",
        "The stored entry could not be decoded.",
        "Was the store shared with a newer release? Report it.",
    )
    UNCONFIGURED = (
        "unconfigured",
        "Its destination had left the configuration, and `router destinations drop` gave it up.",
        "Configure the destination again under its name and replay; or discard.",
    )


class HoldReason(Reason):
    """Why a destination gets nothing for now, where the answer alone does not say it."""

    UNAVAILABLE = (
        "unavailable",
        "Ten attempts in a row failed, or four fifths of the last fifty, for three users or more.",
        "See whether it is up; it is probed within a minute, and drained when it answers.",
    )
    SLOW = (
        "slow",
        "Four fifths of its last fifty attempts took nearly as long as their timeout.",
        "Ask the vendor; try smaller batches, or a longer timeout. It is probed until quick.",
    )
    NETWORK = (
        "network",
        "No destination can be reached from here: our own network, or its names, are down.",
        "Look at the worker's network; nothing is charged to anybody meanwhile.",
    )
    STORE_FULL = (
        "store_full",
        "The store uses nine tenths of its memory: the intake waits, everything else goes on.",
        "See which destination's queue is long; give the store more memory. It goes on by itself.",
    )
    QUEUE_FULL = (
        "queue_full",
        "The destination behind the dot has its bound of events that could go: the intake waits.",
        "See why it does not drain; raise its bound, or let it `refuse`. It goes on by itself.",
    )
    EGRESS_PRIVATE_ADDRESS = (
        "egress_private_address",
        "Its host is at a private address that `egress.allow` does not name.",
        "Mend the URL; or allow the network, if it is yours and meant.",
    )
    EGRESS_PLAIN_HTTP = (
        "egress_plain_http",
        "It is plain http outside the networks of `egress.allow`.",
        "Use https; or allow the network, if it is yours.",
    )
