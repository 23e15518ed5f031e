"""Places: where in an event's `context` something may be said about consent, under which names.

There is no standard for it: these are the names that consent platforms, SDKs and OpenRTB use. In
other case and with other punctuation they count as well, in `context` and within its objects
(`consent`, `privacy`, `regs`, `regs.ext`, `headers`).
"""

from __future__ import annotations

from typing import Any

from router.decide.spelling import LONGEST_KEPT, spelled

SEGMENT, RUDDER = "consent", "consentManagement"
PREFERENCES = "categoryPreferences"
REGS, EXT = "regs", "ext"
HOMES = frozenset({"privacy", REGS, "headers"})

WRITTEN: dict[str, str] = {
    "gpc": "gpc GPC globalPrivacyControl global_privacy_control secGpc sec_gpc sec-gpc Sec-GPC "
    "Sec-Gpc HTTP_SEC_GPC",
    "usp": "usp uspString usp_string uspConsent usp_consent usPrivacy us_privacy usprivacy "
    "usPrivacyString us_privacy_string ccpa ccpaString ccpa_string IABUSPrivacy_String",
    "tcf": "tcf tcString tc_string tcfString tcf_string tcfConsent gdprConsent gdpr_consent "
    "gdprConsentString gdpr_consent_string euconsent euconsent-v2 IABTCF_TCString",
    "applies": "gdpr gdprApplies gdpr_applies IABTCF_gdprApplies",
    "gpp": "gpp gppString gpp_string gppConsent gpp_consent IABGPP_HDR_GppString",
    "sections": "gppSid gpp_sid gppSections gpp_sections gppApplicableSections IABGPP_GppSID "
    "applicableSections applicable_sections",
    "google": "google googleConsent google_consent googleConsentMode google_consent_mode "
    "consentMode consent_mode",
}
"""The names of each kind."""

GOOGLE = (
    *("ad_storage", "analytics_storage", "ad_user_data", "ad_personalization"),
    *("functionality_storage", "personalization_storage", "security_storage"),
)
"""The names of Google's consent mode, version 2; one may stand by itself, in place of their map."""

TOP = {name: kind for kind, names in WRITTEN.items() for name in names.split()}
"""The kind of each name that may stand in `context`."""
NAMES = {spelled(name): kind for name, kind in TOP.items()}
"""The kind of each spelling that may stand in an object."""
CATEGORIES = frozenset({spelled(PREFERENCES), spelled(RUDDER)})
"""The spellings of categories; elsewhere or written otherwise they cannot be read."""
PLACES = frozenset({SEGMENT, RUDDER, PREFERENCES, *HOMES, *TOP, *GOOGLE})
"""All names that may stand in `context`."""
_SPELLINGS = frozenset(map(spelled, PLACES))
_MOST_OTHERS = 4096
_others: set[str] = set()
"""Keys of `context` that were met and name no place."""

_TCF_PARTS = {
    **dict.fromkeys(("string", "tcstring", "tcfstring", "consent", "consentstring"), "tcf"),
    **dict.fromkeys(("applies", "gdprapplies", "gdpr"), "applies"),
}
WITHIN: dict[str, dict[str, str]] = {
    "tcf": _TCF_PARTS,
    "applies": _TCF_PARTS,
    "gpp": {
        **dict.fromkeys(("string", "gppstring"), "gpp"),
        **dict.fromkeys(("sections", "sid", "gppsid", "applicablesections"), "sections"),
    },
    "usp": dict.fromkeys(("string", "uspstring", "usprivacy"), "usp"),
}
"""The spellings of a kind's parts, where it is an object: `tcf: {string, applies}`."""


def is_place(key: str) -> bool:
    """Tell whether something may be said about consent under a key of `context`."""
    return key in PLACES or spelled(key) in _SPELLINGS


def places_in(context: dict[str, Any]) -> list[str]:
    """Return the keys of `context` under which something may be said about consent."""
    if _others.issuperset(context):
        return []
    places = []
    for key in context:
        if key in _others:
            continue
        if is_place(key):
            places.append(key)
        elif len(_others) < _MOST_OTHERS and len(key) <= LONGEST_KEPT:
            _others.add(key)
    return places
