"""Every case of TCF: a vendor and its purposes, before 2.3 and since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.decide.consent.strings import JULY_2025, california, gpp, number, ranges, tc
from tests.decide.consent.telling import ADS, DOUBT, case, said

if TYPE_CHECKING:
    from tests.decide.cases import Case

MISSING, DENIED = "consent.missing", "consent.category_denied"
TCF_INVALID, TCF_VENDOR = "consent.tcf_invalid", "consent.tcf_vendor"
TCF_PURPOSE, TCF_RESTRICTED = "consent.tcf_purpose", "consent.tcf_restricted"

VENDOR = "uses: [targeted_ads]\nconsent: {tcf: {vendor: 12, purposes: [1, 3]}}"
INTEREST = (
    "uses: [analytics]\nconsent: {tcf: {vendor: 12, purposes: [1], legitimate_interest: [7]}}"
)
EITHER_BASIS = (
    "uses: [analytics]\nconsent: {tcf: {vendor: 12, purposes: [7], legitimate_interest: [7]}}"
)
VENDOR_ONLY = "uses: [analytics]\nconsent: {tcf: {vendor: 12}}"
TCF = "TCF, consent string format"

_FULL = tc([1, 3], consented=[12], disclosed=[12])
_FOR_US: dict[str, Any] = {"consented": [12], "disclosed": [12]}


def _tcf(title: str, text: str, reason: str | None, why: str, declared: str = VENDOR) -> Case:
    """Return the case of a TCF string where the GDPR applies."""
    return case(f"tcf, {title}", {"tcf": {"tcString": text, "gdprApplies": True}}, declared,
                 reason, why)  # fmt: skip


STRINGS = (
    _tcf("vendor and purposes", _FULL, None, TCF),
    _tcf("a purpose refused", tc([1], **_FOR_US), TCF_PURPOSE, TCF),
    _tcf("the vendor refused", tc([1, 3], consented=[13], disclosed=[12]), TCF_VENDOR, TCF),
    _tcf("the vendor not disclosed", tc([1, 3], consented=[12], disclosed=[13]), TCF_VENDOR,
         "TCF 2.3: users were never shown it"),
    _tcf("no vendors disclosed at all", tc([1, 3], consented=[12]), TCF_INVALID,
         "the segment is mandatory since TCF 2.3"),
    _tcf("TCF 2.2, before 2.3 was in force",
         tc([1, 3], consented=[12], policy=4, updated=JULY_2025), None,
         "strings from before 28 February 2026 stay valid"),
    _tcf("policy version 3", tc([1, 3], **_FOR_US, policy=3), TCF_INVALID, "before TCF 2.2"),
    _tcf("not service specific", tc([1, 3], **_FOR_US, specific=False), TCF_INVALID,
         "global scope is gone: such a string is invalid"),
    _tcf("the publisher forbids the purpose", tc([1, 3], **_FOR_US, restricted=[(3, 0, (10, 14))]),
         TCF_RESTRICTED, TCF),
    _tcf("the publisher forbids it to others", tc([1, 3], **_FOR_US, restricted=[(3, 0, (13, 14))]),
         None, TCF),
    _tcf("the publisher wants legitimate interest", tc([1, 3], **_FOR_US,
         restricted=[(3, 2, (12, 12))]), TCF_RESTRICTED, "it may not rely on consent then"),
    _tcf("a restriction of a kind that is not defined", tc([1, 3], **_FOR_US,
         restricted=[(3, 3, (12, 12))]), TCF_RESTRICTED, DOUBT),
    _tcf("a restriction whose range is turned round", tc([1, 3], **_FOR_US,
         restricted=[(3, 0, (14, 10))]), TCF_INVALID, DOUBT),
    _tcf("a vendor beyond the largest one",
         tc([1, 3], consented=number(5, 16) + "1" + ranges((12, 12)), disclosed=[12]), TCF_INVALID,
         "the string contradicts itself"),
    _tcf("legitimate interest", tc([1], interests=[7], legitimate=[12], **_FOR_US), None, TCF,
         INTEREST),
    _tcf("an objection to legitimate interest", tc([1, 7], legitimate=[12], **_FOR_US),
         TCF_PURPOSE, "consent is not what it relies on", INTEREST),
    _tcf("no legitimate interest for the vendor", tc([1], interests=[7], **_FOR_US), TCF_VENDOR,
         TCF, INTEREST),
    _tcf("the publisher wants consent", tc([1], interests=[7], legitimate=[12], **_FOR_US,
         restricted=[(7, 1, (12, 12))]), TCF_RESTRICTED, TCF, INTEREST),
    _tcf("either basis, by consent", tc([7], **_FOR_US), None, "in both lists, either is enough",
         EITHER_BASIS),
    _tcf("either basis, by interest", tc(interests=[7], legitimate=[12], disclosed=[12]), None,
         "as above", EITHER_BASIS),
    _tcf("either basis, and neither", tc(**_FOR_US), TCF_PURPOSE, "as above", EITHER_BASIS),
    _tcf("no purposes asked", tc(**_FOR_US), None, "the vendor's consent alone; warned about",
         VENDOR_ONLY),
    _tcf("no purposes asked, the vendor refused", tc([1], disclosed=[12]), TCF_VENDOR, TCF,
         VENDOR_ONLY),
    _tcf("cut", _FULL[:20], TCF_INVALID, DOUBT),
    _tcf("version 1", "B" + _FULL[1:], TCF_INVALID, "gone since 2020"),
    case("tcf, no string where the GDPR applies", {"gdprApplies": 1}, VENDOR, TCF_INVALID, DOUBT),
    case("tcf, the GDPR does not apply", {"gdpr": 0}, VENDOR, None, "then nobody asks for it"),
    case("tcf, a refusal where the GDPR does not apply",
          {"gdprApplies": False, "tcString": tc(disclosed=[12])}, VENDOR, None, "as above"),
    case("tcf, nobody says whether the GDPR applies", {"tcString": tc(disclosed=[12])}, VENDOR,
          TCF_VENDOR, DOUBT),
    case("tcf, gdprApplies: maybe", {"gdprApplies": "maybe", "tcString": tc(disclosed=[12])},
          VENDOR, TCF_VENDOR, DOUBT),
    case("tcf, nothing at all", {}, VENDOR, MISSING, DOUBT),
    case("tcf, nothing at all, and `missing: allow`", {}, VENDOR, None,
          "the configuration says so", above="consent: {missing: allow}"),
    case("tcf, inside gpp", {"gpp": gpp({2: _FULL})}, VENDOR, None, "section 2 of GPP"),
    case("tcf, refused inside gpp", {"gpp": gpp({2: tc(**_FOR_US)})}, VENDOR, TCF_PURPOSE,
          "as above"),
    case("tcf, beside a refusal inside gpp", {"tcString": _FULL, "gpp": gpp({2: tc(**_FOR_US)})},
          VENDOR, TCF_PURPOSE, "of two that disagree the stricter counts"),
    case("tcf, inside gpp, not applicable", {"gpp": gpp({2: tc(), 8: california()}),
          "gppSid": [8]}, VENDOR, None, "section 2 does not apply"),
    case("tcf, refused inside gpp, which says that it applies", {"gdprApplies": False,
          "gpp": gpp({2: tc(**_FOR_US)}), "gppSid": [2]}, VENDOR, TCF_PURPOSE,
          "of two that disagree the stricter counts"),
    case("tcf, inside gpp, which says that it applies", {"gdprApplies": False,
          "gpp": gpp({2: _FULL}), "gppSid": [2]}, VENDOR, None, "as above"),
    case("tcf, gpp says that it applies and holds none", {"gpp": gpp({8: california()}),
          "gppSid": [2]}, VENDOR_ONLY, TCF_INVALID, "as where the GDPR applies",
          above="consent: {missing: allow}"),
    case("tcf, beside a gpp that cannot be read", {"tcString": _FULL, "gpp": "D?"}, VENDOR,
         "consent.gpp_invalid", "it targets ads, and the gpp may hold an opt-out"),
    case("tcf, only a gpp that cannot be read", {"gpp": "D?"}, VENDOR_ONLY, TCF_INVALID, DOUBT),
    case("tcf, measured beside a gpp that cannot be read", {"tcString": _FULL, "gpp": "D?"},
         VENDOR_ONLY, None, "the string itself can be read"),
    case("tcf, not asked for", said(ads=True) | {"tcString": tc()}, ADS, None,
          "this destination asks for a category"),
    case("tcf and categories", said(ads=True) | {"tcString": _FULL},
          "uses: [targeted_ads]\nconsent: {require: [ads], tcf: {vendor: 12, purposes: [1]}}",
          None, "both are asked for, and both are given"),
    case("tcf given, the category not", said(ads=False) | {"tcString": _FULL},
          "uses: [targeted_ads]\nconsent: {require: [ads], tcf: {vendor: 12, purposes: [1]}}",
          DENIED, "both are asked for"),
)  # fmt: skip
