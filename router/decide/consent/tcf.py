"""TCF: a transparency and consent string of IAB Europe, versions 2.2 and 2.3, decoded.

Layout: GDPR-Transparency-and-Consent-Framework, "Consent string and vendor list formats v2".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from router.decide.consent.bits import Bits, Undecodable

LONGEST = 4096
"""Characters; a longer string is not read. One that names 1,200 vendors three times has 700."""
CACHED = 512
DISCLOSED_BY_POLICY = 5
"""From this policy version on (TCF 2.3, April 2025), disclosed vendors must be in the string."""
DISCLOSED_SINCE = 17_722_368_000
"""2026-02-28 in deciseconds: strings updated since must disclose vendors, of whichever policy."""
NEVER_LEGITIMATE = frozenset({1, 3, 4, 5, 6})
"""Purposes for which no legitimate interest is accepted (TCF 2.2); their bits are ignored."""


@dataclass(frozen=True, slots=True)
class Vendors:
    """Vendor ids, as the string holds them: a bit field (bit n for vendor n), or ranges."""

    mask: int = 0
    ranges: tuple[tuple[int, int], ...] = ()

    def __contains__(self, vendor: int) -> bool:
        if self.mask >> vendor & 1:
            return True
        return any(first <= vendor <= last for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a publisher allows fewer than the framework does, for one purpose and some vendors."""

    purpose: int
    kind: int
    """0: not allowed at all; 1: consent only; 2: legitimate interest only; 3: undefined."""
    vendors: Vendors


@dataclass(frozen=True, slots=True)
class TcString:
    """What a string says; purposes and special features are ids."""

    policy_version: int
    service_specific: bool
    updated: int
    """Deciseconds since 1970, rounded to the day by whoever wrote it."""
    special_features: frozenset[int]
    purposes: frozenset[int]
    purposes_li: frozenset[int]
    vendors: Vendors
    vendors_li: Vendors
    restrictions: tuple[Restriction, ...]
    disclosed: Vendors | None
    """Vendors shown to the user; None where the string does not say."""

    @property
    def valid(self) -> bool:
        """Tells whether the string may be relied on, by the rules of its own version."""
        must_disclose = (
            self.policy_version >= DISCLOSED_BY_POLICY or self.updated >= DISCLOSED_SINCE
        )
        told = self.disclosed is not None or not must_disclose
        return self.service_specific and self.policy_version >= 4 and told


@lru_cache(maxsize=CACHED)
def decode_tcf(text: str) -> TcString | None:
    """Return what the string says; None when it cannot be decoded. Takes linear time."""
    if len(text) > LONGEST:
        return None
    core, *others = text.split(".")
    try:
        return _core(Bits(core), _disclosed(others))
    except Undecodable:
        return None


def _core(bits: Bits, disclosed: Vendors | None) -> TcString:
    if bits.number(6) != 2:
        raise Undecodable("a version other than 2")
    bits.number(36)  # created
    updated = bits.number(36)
    bits.number(12 + 12 + 6 + 12 + 12)  # CMP, its version, screen, language, vendor list version
    policy_version = bits.number(6)
    service_specific = bits.flag()
    bits.flag()  # texts of the publisher's own
    special_features = _ids(bits.mask(12))
    purposes = _ids(bits.mask(24))
    purposes_li = _ids(bits.mask(24)) - NEVER_LEGITIMATE
    bits.number(1 + 12)  # purpose one treatment, the publisher's country
    return TcString(
        policy_version=policy_version,
        service_specific=service_specific,
        updated=updated,
        special_features=special_features,
        purposes=purposes,
        purposes_li=purposes_li,
        vendors=_vendors(bits),
        vendors_li=_vendors(bits),
        restrictions=tuple(_restriction(bits) for _ in range(bits.number(12))),
        disclosed=disclosed,
    )


def _disclosed(segments: list[str]) -> Vendors | None:
    """Find segment type 1; types 2 (allowed vendors) and 3 (publisher's own) ask nothing of us."""
    found = None
    for segment in segments:
        bits = Bits(segment)
        if bits.number(3) == 1:
            if found is not None:
                raise Undecodable("disclosed vendors twice")
            found = _vendors(bits)
    return found


def _vendors(bits: Bits) -> Vendors:
    largest = bits.number(16)
    if not bits.flag():
        return Vendors(mask=bits.mask(largest))
    ranges = _ranges(bits)
    if any(last > largest for _, last in ranges):
        raise Undecodable("a vendor beyond the largest one")
    return Vendors(ranges=ranges)


def _restriction(bits: Bits) -> Restriction:
    purpose = bits.number(6)
    kind = bits.number(2)
    return Restriction(purpose, kind, Vendors(ranges=_ranges(bits)))


def _ranges(bits: Bits) -> tuple[tuple[int, int], ...]:
    found = []
    for _ in range(bits.number(12)):
        grouped = bits.flag()
        first = bits.number(16)
        last = bits.number(16) if grouped else first
        if not 1 <= first <= last:
            raise Undecodable("a range of no vendors")
        found.append((first, last))
    return tuple(found)


def _ids(mask: int) -> frozenset[int]:
    return frozenset(n for n in range(1, mask.bit_length()) if mask >> n & 1)
