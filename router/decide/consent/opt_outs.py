"""Opt-outs: Global Privacy Control, US Privacy, and the US sections of GPP.

One opt-out denies every destination that sells, shares or targets: the laws draw the lines
between these three differently, so nobody is asked to tell them apart. A destination that does
not declare its `uses` may do any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.decide.consent.gpp import TCF_EU, USP_V1, WITHOUT_OPT_OUTS, decode_gpp
from router.decide.consent.gpp_layout import LAYOUTS
from router.decide.consent.requirement import Check
from router.decide.consent.usp import NOT_APPLICABLE, opted_out_of_sale
from router.decide.verdict import Skip
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from router.decide.consent.requirement import Said

USES = ("sale", "share", "targeted_ads")
"""Uses of data that a user may opt out of."""
_US = frozenset({USP_V1, *LAYOUTS})
_ELSEWHERE = WITHOUT_OPT_OUTS | {TCF_EU, -1}
"""Sections that hold no US opt-out; -1 is none at all."""


def compile_opt_outs(name: str, uses: Collection[str] | None) -> Check | None:
    """Return the check for a destination with these uses (None: unknown); None if it needs none."""
    use = next((use for use in USES if uses is not None and use in uses), None)
    if use is None and uses is not None:
        return None
    rule = f"destinations.{name}.uses" + (f": {use}" if use else "")
    gpc = Skip(SkipReason.CONSENT_GPC, rule)
    usp = Skip(SkipReason.CONSENT_USP, rule)
    usp_invalid = Skip(SkipReason.CONSENT_USP_INVALID, rule)
    judge_gpp = _compile_gpp(rule)

    def own(said: Said) -> Skip | None:
        if said.get("gpc") is True:
            return gpc
        if "usp" in said:
            opted_out = opted_out_of_sale(said["usp"]) if type(said["usp"]) is str else None
            if opted_out is not False:
                return usp if opted_out else usp_invalid
        return judge_gpp(said["gpp"]) if "gpp" in said else None

    def later(said: Said, known: Said) -> Skip | None:
        """Judge what is known, but no US Privacy string where the event says it does not apply."""
        exempt = str(said.get("usp", "")).upper() == NOT_APPLICABLE
        return own({**known, "usp": NOT_APPLICABLE} if exempt else known)

    return Check(own, later)


def _compile_gpp(rule: str) -> Callable[[Any], Skip | None]:
    denied = Skip(SkipReason.CONSENT_GPP, rule)
    invalid = Skip(SkipReason.CONSENT_GPP_INVALID, rule)

    def judge(said: Any) -> Skip | None:
        if type(said) is not dict or type(said.get("string")) is not str:
            return invalid
        decoded = decode_gpp(said["string"])
        listed = said.get("sections")
        ids = listed if isinstance(listed, list) else decoded.ids if decoded else ()
        applies = frozenset(section for section in ids if type(section) is int)
        if decoded is None:
            return None if applies and applies <= _ELSEWHERE else invalid
        if any(section in applies for section, _ in decoded.opt_outs):
            return denied
        unseen = (applies & _US).difference(decoded.ids) or applies & decoded.unread
        return invalid if unseen else None

    return judge
