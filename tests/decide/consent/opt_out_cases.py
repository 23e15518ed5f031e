"""Every case of an opt-out: GPC, US Privacy, and the US sections of GPP."""

from __future__ import annotations

from tests.decide.consent.strings import california, gpp, virginia
from tests.decide.consent.telling import DOUBT, MEASURES, SELLS, case, said

GPC, USP, USP_INVALID = "consent.gpc", "consent.usp", "consent.usp_invalid"
GPP, GPP_INVALID = "consent.gpp", "consent.gpp_invalid"
FREE = 'consent: {not_required: "our own log"}'
CPRA = "an opt-out covers sale, sharing and targeted advertising"

OPT_OUTS = (
    case("gpc: true, and it sells", {"gpc": True}, SELLS, GPC, CPRA),
    case('gpc: "1", and it sells', {"consent": {"gpc": "1"}}, SELLS, GPC,
          "the header's one valid value"),
    case("gpc: 1, and it sells", {"privacy": {"Sec-GPC": 1}}, SELLS, GPC, "the same as a number"),
    case('gpc: "0, 1", and it sells', {"headers": {"Sec-GPC": "0, 1"}}, SELLS, GPC,
          "two headers that a server joined: one is enough"),
    case("gpc among headers that are pairs, and it sells", {"headers": [["Sec-GPC", "1"]]}, SELLS,
          GPC, "as servers list them"),
    case('gpc: "true", and it sells', {"gpc": "true"}, SELLS, None,
          "any other value is ignored (W3C)"),
    case('gpc: "0", and it sells', {"gpc": "0"}, SELLS, None, "as above"),
    case("gpc: false, and it sells", {"gpc": False}, SELLS, None, "a stated no"),
    case("gpc: true, and it measures", {"gpc": True}, MEASURES, None,
          "analytics for ourselves is untouched"),
    case("gpc: true, and it targets ads", {"globalPrivacyControl": True},
          'uses: [analytics, targeted_ads]\nconsent: {not_required: "see uses"}', GPC, CPRA),
    case("gpc: true, and it shares", {"gpc": True},
          'uses: [share]\nconsent: {not_required: "see uses"}', GPC, CPRA),
    case("gpc: true, uses unknown", said(ads=True) | {"gpc": True},
          "consent: {require: [ads]}", GPC, "it may do anything: doubt denies"),
    case("gpc: true, uses unknown, no consent required", {"gpc": True}, FREE, None,
          "the declaration says why"),
    case("gpc: true, and nobody speaks of consent", {"gpc": True}, "", None,
          "nothing is enforced, and `router check` warns"),
    case("gpc: true, consent given", said(ads=True) | {"gpc": True},
          "uses: [sale]\nconsent: {require: [ads]}", GPC, "consent does not undo an opt-out"),
    case("usp 1YYN", {"usp": "1YYN"}, SELLS, USP, CPRA),
    case("usp 1YNN", {"us_privacy": "1YNN"}, SELLS, None, "did not opt out"),
    case("usp 1---", {"usPrivacy": "1---"}, SELLS, None, "the law does not apply"),
    case("usp 1Y-N", {"usp": "1Y-N"}, SELLS, USP_INVALID,
          "a `-` there is legal only in `1---`"),
    case("usp of nonsense", {"usp": "yes"}, SELLS, USP_INVALID, DOUBT),
    case("usp that is no text", {"usp": 1}, SELLS, USP_INVALID, DOUBT),
    case("two usp that differ", {"usp": "1YNN", "us_privacy": "1YYN"}, SELLS, USP_INVALID, DOUBT),
    case("usp 1YYN, and it measures", {"usp": "1YYN"}, MEASURES, None, "not for it"),
    case("an empty usp", {"usp": ""}, SELLS, None, "says nothing"),
)  # fmt: skip

_CALIFORNIA, _OUT = gpp({8: california()}), gpp({8: california(sale=1)})
_TWO = gpp({8: california(sale=1), 9: virginia()})
SECTIONS = (
    case("gpp, did not opt out", {"gpp": _CALIFORNIA}, SELLS, None, "2 is no, 1 is yes"),
    case("gpp, opted out of sale", {"gpp": {"gppString": _OUT}}, SELLS, GPP, CPRA),
    case("gpp, opted out of sharing", {"gpp_string": gpp({8: california(sharing=1)})}, SELLS, GPP,
          CPRA),
    case("gpp, opted out of targeted ads", {"gpp": gpp({9: virginia(targeted=1)})}, SELLS, GPP,
          "one opt-out counts for all three: states draw the lines differently"),
    case("gpp, not applicable", {"gpp": gpp({8: california(sale=0, sharing=0)})}, SELLS, None,
          "0 is neither"),
    case("gpp, its GPC sub-section", {"gpp": gpp({8: california(gpc=True)})}, SELLS, GPP, CPRA),
    case("gpp, a known child without consent", {"gpp": gpp({8: california(child=1)})}, SELLS, GPP,
          "in a consent 1 is no"),
    case("gpp, US Privacy inside", {"gpp": gpp({6: "1YYN"})}, SELLS, GPP, CPRA),
    case("gpp, opted out, and it measures", {"gpp": _OUT}, MEASURES, None, "not for it"),
    case("gpp, opted out where it applies", {"gpp": _TWO, "gppSid": [8]}, SELLS, GPP, CPRA),
    case("gpp, opted out where it does not apply", {"gpp": _TWO, "gppSid": [9]}, SELLS, None,
          "California's section does not apply to this event"),
    case("gpp, nobody knows what applies", {"gpp": _TWO, "gpp_sid": [0]}, SELLS, GPP, DOUBT),
    case("gpp, a section that applies is not there", {"gpp": _CALIFORNIA, "gppSid": [9]}, SELLS,
          GPP_INVALID, DOUBT),
    case("gpp, a section nobody knows", {"gpp": gpp({40: "BAAA"})}, SELLS, GPP_INVALID,
          "it may hold an opt-out"),
    case("gpp, a section of a version nobody knows", {"gpp": gpp({8: california(version=2)})},
          SELLS, GPP_INVALID, "its fields may stand elsewhere"),
    case("gpp, sections that apply, and no string", {"gppSid": [8]}, SELLS, GPP_INVALID, DOUBT),
    case("gpp, no section applies, and no string", {"gppSid": [-1]}, SELLS, None, "it says so"),
    case("gpp, the section for the EU applies, and no string", {"gppSid": [2]}, SELLS, None,
          "no US law does"),
    case("gpp, decoded by the sender alone", {"gpp": {"applicableSections": [8],
          "parsedSections": {"usca": {"SaleOptOut": 1}}}}, SELLS, GPP_INVALID,
          "the string is what is read"),
    case("gpp, cut", {"gpp": _OUT[:-3]}, SELLS, GPP_INVALID, DOUBT),
    case("gpp, no text", {"gpp": 8}, SELLS, GPP_INVALID, DOUBT),
)  # fmt: skip
