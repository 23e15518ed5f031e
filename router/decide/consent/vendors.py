"""Vendors: whether a TCF string lets a destination's vendor process data for its purposes.

Asked only where the GDPR applies, or may. A GPP string that holds a TCF section counts too.
"""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from router.decide.consent.gpp import TCF_EU, decode_gpp
from router.decide.consent.requirement import Check
from router.decide.consent.tcf import CACHED, decode_tcf
from router.decide.verdict import Skip
from router.observe.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.consent.requirement import Said, TcfRequirement
    from router.decide.consent.tcf import TcString, Vendors


class _Basis(NamedTuple):
    """A ground on which data may be processed, and where a TCF string holds it."""

    word: str
    """The configuration's list of purposes."""
    vendors: Callable[[TcString], Vendors]
    purposes: Callable[[TcString], frozenset[int]]
    forbidden_by: int
    """The kind of publisher restriction that leaves only the other one."""


_CONSENT = _Basis("purposes", attrgetter("vendors"), attrgetter("purposes"), 2)
_INTEREST = _Basis("legitimate_interest", attrgetter("vendors_li"), attrgetter("purposes_li"), 1)
_FORBIDDEN = (0, 3)
"""Kinds that leave neither: not allowed at all, and the one that nobody has defined."""


def compile_vendors(where: str, needed: TcfRequirement, absent: Skip | None) -> Check:
    """Return the check; `absent` is the verdict on events without any TCF string."""
    judge = _compile_string(f"{where}.tcf", needed)

    def decide(said: Said, otherwise: Skip | None) -> Skip | None:
        strings = _strings(said)
        if strings is None:
            return otherwise
        return next((skip for text in strings if (skip := judge(text)) is not None), None)

    def later(said: Said, known: Said) -> Skip | None:
        """Judge what is known, but for an event that says that the GDPR does not apply to it."""
        return None if _strings(said) == [] else decide(known, None)

    return Check(lambda said: decide(said, absent), later)


def _strings(said: Said) -> list[str] | None:
    """Return the TCF strings that apply; "" is none that can be read, None is that none came.

    Where the event says that the GDPR does not apply, GPP's section for it may still be listed.
    """
    tcf, gpp = said.get("tcf"), said.get("gpp")
    within = _within(gpp) if type(gpp) is dict else None
    if type(tcf) is dict and tcf.get("applies") is False:
        return (within or []) if type(gpp) is dict and _is_listed(gpp) else []
    if tcf is None:
        return within
    text = tcf.get("string") if type(tcf) is dict else ""
    texts = [each for each in (text, *(within or ())) if each and type(each) is str]
    return texts or [""]


def _within(gpp: Said) -> list[str] | None:
    text, applying = gpp.get("string"), gpp.get("sections")
    decoded = decode_gpp(text) if type(text) is str else None
    listed = _is_listed(gpp)
    if decoded is None:
        return [""] if listed or type(applying) is not list else None
    if decoded.tcf is None:
        return [""] if listed else None
    return [decoded.tcf] if listed or type(applying) is not list else []


def _is_listed(gpp: Said) -> bool:
    """Tell whether the section for the EU is among those that apply."""
    return type(gpp.get("sections")) is list and TCF_EU in gpp["sections"]


def _compile_string(where: str, needed: TcfRequirement) -> Callable[[str], Skip | None]:
    invalid = Skip(SkipReason.CONSENT_TCF_INVALID, where)
    vendor = needed.vendor
    no_vendor = Skip(SkipReason.CONSENT_TCF_VENDOR, f"{where}.vendor: {vendor}")
    bases: dict[int, list[_Basis]] = {}
    for basis, purposes in (
        (_CONSENT, needed.purposes),
        (_INTEREST, needed.legitimate_interest),
    ):
        for purpose in purposes:
            bases.setdefault(purpose, []).append(basis)
    judges = [_compile_purpose(where, no_vendor, vendor, *each) for each in bases.items()]

    def judge(text: str) -> Skip | None:
        said = decode_tcf(text)
        if said is None or not said.valid:
            return invalid
        if said.disclosed is not None and vendor not in said.disclosed:
            return no_vendor
        if not judges and vendor not in said.vendors:
            return no_vendor
        restricted = {(r.purpose, r.kind) for r in said.restrictions if vendor in r.vendors}
        return next((skip for each in judges if (skip := each(said, restricted))), None)

    return lru_cache(maxsize=CACHED)(judge)


def _compile_purpose(
    where: str, no_vendor: Skip, vendor: int, purpose: int, bases: list[_Basis]
) -> Callable[[TcString, set[tuple[int, int]]], Skip | None]:
    """Return what finds a basis for a purpose: None, or what speaks against the first one."""
    rule = f"{where}.{bases[0].word}: {purpose}"
    denied = Skip(SkipReason.CONSENT_TCF_PURPOSE, rule)
    forbidden = Skip(SkipReason.CONSENT_TCF_RESTRICTED, rule)

    def against(basis: _Basis, said: TcString, restricted: set[tuple[int, int]]) -> Skip | None:
        if vendor not in basis.vendors(said):
            return no_vendor
        if purpose not in basis.purposes(said):
            return denied
        return forbidden if (purpose, basis.forbidden_by) in restricted else None

    def judge(said: TcString, restricted: set[tuple[int, int]]) -> Skip | None:
        if any((purpose, kind) in restricted for kind in _FORBIDDEN):
            return forbidden
        found = [against(basis, said, restricted) for basis in bases]
        return None if None in found else found[0]

    return judge
