"""Where the router decides otherwise than Segment, each with why."""

from __future__ import annotations

from router.observe.reasons import Reason


class Difference(Reason):
    """A known difference: its code, and the sentence that explains it."""

    SPELLING = "spelling", "A false counts under every spelling; Segment's names are exact."
    TWO_NAMES = "two_names", "Of two accepted names a false counts; Segment takes the first."
    OWN_NAME = "own_name", "An instance or a `known_as` is named; Segment knows its catalogue only."
    ODD_VALUE = "odd_value", "Neither true, false nor an object is read as false; Segment sends."
    MALFORMED_MAP = "malformed_map", "A map that is none denies all; Segment overlooks it."
    SALESFORCE = "salesforce", "Salesforce is like any other; Segment leaves it off until named."
    WAREHOUSE = "warehouse", "All: false stops warehouses; Segment's obey `Warehouses: {..}` only."
    FAILS_OPEN = "fails_open", "An event without consent is denied; Segment sends it everywhere."
    UNDECLARED = "undeclared", "Who declares no consent gets nothing; at Segment, everything."
    UNREADABLE_CONSENT = (
        "unreadable_consent",
        "Consent that cannot be read denies; Segment does not say, and is taken to overlook it.",
    )
    ANY_OF = "any_of", "One category of `any` is enough; Segment needs each that is mapped."
    OTHER_SIGNALS = (
        "other_signals",
        "More than `categoryPreferences` is heard, and what is not plainly yes is no.",
    )
    PREFERENCE_EVENT = (
        "preference_event",
        "The event that tells a changed consent needs consent too; Segment sends it regardless.",
    )
    POLICY = "policy", "What its policy fails on goes nowhere; Segment has no such policies."
