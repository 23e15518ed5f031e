"""Every case of consent: what an event says of it, what a destination declares, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.decide.consent.opt_out_cases import OPT_OUTS, SECTIONS
from tests.decide.consent.tcf_cases import STRINGS
from tests.decide.consent.telling import ADS, DOUBT, SELLS, case, lists, said

if TYPE_CHECKING:
    from tests.decide.cases import Case

MISSING, DENIED = "consent.missing", "consent.category_denied"
MALFORMED, UNDECLARED = "consent.malformed", "consent.undeclared"
GPC, GOOGLE = "consent.gpc", "consent.google_denied"

BOTH = "uses: [analytics]\nconsent: {require: [ads, stats]}"
EITHER = "uses: [analytics]\nconsent: {any: [ads, stats]}"
FREE = 'consent: {not_required: "our own log"}'
MODE = "uses: [analytics]\nconsent: {google: [ad_storage, ad_user_data]}"
RIGHT = {"categoryPreferences": {"ads": True}}
TWICE = "what stands in the wrong place may be a denial"
SEGMENT = "Segment, consent in connections"
RUDDER = "RudderStack, processor/consent.go"

CATEGORIES = (
    case("all that is needed", said(ads=True, stats=True), BOTH, None, SEGMENT),
    case("one of two refused", said(ads=True, stats=False), BOTH, DENIED, SEGMENT),
    case("one of two not mentioned", said(ads=True), BOTH, DENIED, SEGMENT),
    case("one of two is enough", said(ads=True, stats=False), EITHER, None, "it says `any`"),
    case("none of two", said(ads=False, stats=False), EITHER, DENIED, "it says `any`"),
    case("in other letters", said(Ads=True), ADS, DENIED, "ids are case-sensitive (Segment)"),
    case("categories of others", said(stats=True), ADS, DENIED, SEGMENT),
    case('"true" is no boolean', said(ads="true"), ADS, MALFORMED, DOUBT),
    case("1 is no boolean", said(ads=1), ADS, MALFORMED, DOUBT),
    case("null for a category", said(ads=None), ADS, MALFORMED, DOUBT),
    case("odd values of others", said(ads=True, stats="odd"), ADS, None, "not asked for"),
    case("no context", {}, ADS, MISSING, "at Segment and RudderStack it would be sent"),
    case("consent: null", {"consent": None}, ADS, MISSING, "as no consent"),
    case("consent: {}", {"consent": {}}, ADS, DENIED,
          "present and empty is a refusal; Segment's own table says both"),
    case("categoryPreferences: {}", said(), ADS, DENIED, SEGMENT),
    case("categoryPreferences: null", {"consent": {"categoryPreferences": None}}, ADS, DENIED,
          "as consent: {}"),
    case("categoryPreferences is a list", {"consent": {"categoryPreferences": ["ads"]}}, ADS,
          MALFORMED, DOUBT),
    case("category_preferences beside another kind, and `missing: allow`",
          {"consent": {"category_preferences": {"ads": False}, "gpc": False}}, ADS, MALFORMED,
          "misspelled is not missing", above="consent: {missing: allow}"),
    case("category_preferences beside the right name",
          {"consent": {"category_preferences": {"ads": False}, **RIGHT}}, ADS, MALFORMED, TWICE),
    case("CategoryPreferences beside the right name",
          {"consent": {**RIGHT, "CategoryPreferences": {"ads": False}}}, ADS, MALFORMED, TWICE),
    case("CategoryPreferences: null beside the right name",
          {"consent": {**RIGHT, "CategoryPreferences": None}}, ADS, MALFORMED, TWICE),
    case("categoryPreferences in another object too",
          {"consent": RIGHT, "privacy": {"categoryPreferences": {"ads": False}}}, ADS, MALFORMED,
          TWICE),
    case("consentManagement within consent",
          {"consent": {"consentManagement": {"deniedConsentIds": ["ads"]}, **RIGHT}}, ADS,
          MALFORMED, TWICE),
    case("consent_management within consent, and `missing: allow`",
          {"consent": {"consent_management": {"deniedConsentIds": ["ads"]}, "gpc": False}}, ADS,
          MALFORMED, "misspelled is not missing", above="consent: {missing: allow}"),
    case("Consent beside the right name",
          {"Consent": {"categoryPreferences": {"ads": False}}, "consent": RIGHT}, ADS, MALFORMED,
          TWICE),
    case("consent_management beside consent",
          {"consent_management": {"deniedConsentIds": ["ads"]}, "consent": RIGHT}, ADS, MALFORMED,
          TWICE),
    case("ConsentManagement alone, and `missing: allow`",
          {"ConsentManagement": {"deniedConsentIds": ["ads"]}}, ADS, MALFORMED,
          "misspelled is not missing", above="consent: {missing: allow}"),
    case("category_preferences in context, and `missing: allow`",
          {"category_preferences": {"ads": False}}, ADS, MALFORMED,
          "misspelled is not missing", above="consent: {missing: allow}"),
    case("consent is a text", {"consent": "ads"}, ADS, MALFORMED, DOUBT),
    case("no consent, and `missing: allow`", {}, ADS, None, "the configuration says so",
          above="consent: {missing: allow}"),
    case("a refusal, and `missing: allow`", said(ads=False), ADS, DENIED, "it is not missing",
          above="consent: {missing: allow}"),
    case("consent is not required", said(ads=False), FREE, None, "the declaration says why"),
    case("nothing is declared", said(ads=True), "", UNDECLARED,
          "the configuration speaks of consent, this destination does not",
          above="consent: {categories: [ads]}"),
    case("nobody speaks of consent", said(ads=False), "", None,
          "nothing is enforced, and `router check` warns"),
)  # fmt: skip

LISTS = (
    case("in the allowed list", lists(["ads"], []), ADS, None, "RudderStack's browser SDK"),
    case("in the denied list", lists([], ["ads"]), ADS, DENIED, RUDDER),
    case("in both lists", lists(["ads"], ["ads"]), ADS, DENIED, "a denial wins"),
    case("in neither list", lists(["stats"], []), ADS, DENIED,
          "as documented; RudderStack's server would send it"),
    case("empty lists", lists([], []), ADS, DENIED, "as above"),
    case("only a denied list, without it", lists(None, ["stats"]), ADS, DENIED, "as above"),
    case("a list that is a text", lists(["ads"], "stats"), ADS, MALFORMED,
          "RudderStack's server would send it"),
    case("allowed here, not mentioned in Segment's shape", lists(["ads"], []) | said(stats=True),
          ADS, DENIED, "allowed is what both shapes allow"),
    case("allowed in Segment's shape, not mentioned here", lists(["stats"], []) | said(ads=True),
          ADS, DENIED, "as above"),
    case("allowed here, refused in Segment's shape", lists(["ads"], []) | said(ads=False), ADS,
          DENIED, "a denial wins"),
    case("the event says or, the destination all",
          lists(["ads"], ["stats"], provider="ketch", resolutionStrategy="or"), BOTH, DENIED,
          "no event loosens what a destination declares"),
    case("the event says and, the destination any",
          lists(["ads"], ["stats"], provider="custom", resolutionStrategy="and"), EITHER, None,
          "the destination's own word counts"),
    case("the provider that it names", lists(["ads"], [], provider="ketch"),
          "uses: [analytics]\nconsent: {require: [ads], provider: ketch}", None, RUDDER),
    case("another provider", lists(["ads"], [], provider="iubenda"),
          "uses: [analytics]\nconsent: {require: [ads], provider: ketch}", MISSING,
          "another platform's categories are not these"),
    case("a provider that is no text", lists(["ads"], [], provider={"id": "ketch"}), ADS, MALFORMED,
          "nobody knows whose categories these are"),
    case("provider: 0, where one is named", lists(["ads"], [], provider=0),
          "uses: [analytics]\nconsent: {require: [ads], provider: ketch}", MALFORMED, "as above"),
    case("denied_consent_ids beside the allowed list",
          {"consentManagement": {"allowedConsentIds": ["ads"], "denied_consent_ids": ["ads"]}}, ADS,
          MALFORMED, TWICE),
    case("provider: null", lists(["ads"], [], provider=None), ADS, None, "it names none"),
)  # fmt: skip

CONSENT_MODE = (
    case("google, both granted", {"consent": {"google": {"ad_storage": "granted",
          "ad_user_data": "GRANTED"}}}, MODE, None, "server adapters write capitals"),
    case("google, one denied", {"googleConsent": {"ad_storage": "granted",
          "ad_user_data": "denied"}}, MODE, GOOGLE, "every name must be granted"),
    case("google, one unset", {"consentMode": {"adStorage": "granted"}}, MODE, GOOGLE,
          "unset is not granted"),
    case("google, names by themselves", {"consent": {"ad_storage": "granted",
          "ad_user_data": "granted"}}, MODE, None, "as in the vendor's own API"),
    case("google, a name by itself, denied", {"ad_storage": "denied"}, MODE, GOOGLE,
          "not silent, so `missing` does not help", above="consent: {missing: allow}"),
    case("google, an odd state", {"consent": {"google": {"ad_storage": "granted",
          "ad_user_data": "unknown"}}}, MODE, GOOGLE, DOUBT),
    case("google, nothing at all", {}, MODE, MISSING, DOUBT),
)  # fmt: skip

_SEGMENTS, _RUDDERS = "consent: {compat: segment}", "consent: {compat: rudderstack}"
COMPAT = (
    case("as Segment: no consent", {}, ADS, None, SEGMENT, above=_SEGMENTS),
    case("as Segment: nothing declared", said(ads=False), "", None, SEGMENT, above=_SEGMENTS),
    case("as Segment: refused", said(ads=False), ADS, DENIED, SEGMENT, above=_SEGMENTS),
    case("as Segment: not mentioned", said(stats=True), ADS, DENIED, SEGMENT, above=_SEGMENTS),
    case("as Segment: consent: {}", {"consent": {}}, ADS, DENIED,
          "Segment's table says both; the private reading", above=_SEGMENTS),
    case("as RudderStack: no consent", {}, ADS, None, RUDDER, above=_RUDDERS),
    case("as RudderStack: not in the denied list", lists([], ["stats"]), ADS, None, RUDDER,
          above=_RUDDERS),
    case("as RudderStack: denied", lists(["ads"], ["ads"]), ADS, DENIED, RUDDER, above=_RUDDERS),
    case("as RudderStack: malformed", lists(None, "ads"), ADS, None, RUDDER, above=_RUDDERS),
    case("as RudderStack: the event says or",
          lists([], ["ads"], provider="ketch", resolutionStrategy="or"), BOTH, None, RUDDER,
          above=_RUDDERS),
    case("as RudderStack: nothing declared", lists([], ["ads"]), "", None, RUDDER,
          above=_RUDDERS),
    case("as either: an opt-out, and it sells", {"gpc": True}, SELLS, GPC,
          "what is declared is heeded", above=_SEGMENTS),
)  # fmt: skip

CONSENT: dict[str, tuple[Case, ...]] = {
    "Categories": CATEGORIES,
    "RudderStack's lists": LISTS,
    "Opt-outs: GPC and US Privacy": OPT_OUTS,
    "Opt-outs: the US sections of GPP": SECTIONS,
    "TCF": STRINGS,
    "Google's consent mode": CONSENT_MODE,
    "In the manner of Segment and RudderStack": COMPAT,
}
"""The cases by the heading that they stand under."""
