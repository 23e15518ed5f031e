"""GPP: a string of the IAB's Global Privacy Platform, decoded: US sections, and EU TCF inside.

Layout: Global-Privacy-Platform, `Core/Consent String Specification`. A header names the sections,
`~` stands between them, `.` between a section's parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from router.decide.consent.bits import Bits, Undecodable
from router.decide.consent.gpp_layout import FIRST_NATIONAL, LAYOUTS, USNAT, VERSIONS
from router.decide.consent.usp import opted_out_of_sale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.decide.consent.gpp_layout import Field

LONGEST = 4096
CACHED = 512
TCF_EU, USP_V1 = 2, 6
WITHOUT_OPT_OUTS = frozenset({1, 4, 5})
"""Sections that hold no US opt-out and are not read: EU TCF 1, signal integrity, Canada."""
OPT_OUTS = ("SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut")
CHILD = "KnownChildSensitiveDataConsents"

Section: TypeAlias = "dict[str, int | tuple[int, ...] | bool]"


@dataclass(frozen=True, slots=True)
class Gpp:
    """What a string says."""

    ids: tuple[int, ...]
    """The sections that it holds."""
    sections: Mapping[int, Section]
    """The US sections by id, their fields by the names of the specification."""
    opt_outs: tuple[tuple[int, str], ...]
    """Where the user opted out: the section and its field."""
    unread: frozenset[int]
    """Sections that are none we know: they may hold an opt-out."""
    tcf: str | None
    """The EU TCF string that it holds."""


@lru_cache(maxsize=CACHED)
def decode_gpp(text: str) -> Gpp | None:
    """Return what the string says; None when any part of it cannot be decoded. Linear time."""
    if len(text) > LONGEST:
        return None
    header, *parts = text.split("~")
    try:
        return _decode(_ids(header), parts)
    except Undecodable:
        return None


def _ids(header: str) -> tuple[int, ...]:
    bits = Bits(header)
    if (bits.number(6), bits.number(6)) != (3, 1):
        raise Undecodable("a header of another type or version")
    return bits.fibonacci_ids()


def _decode(ids: tuple[int, ...], parts: list[str]) -> Gpp:
    if len(ids) != len(parts):
        raise Undecodable("more or fewer sections than the header names")
    written = dict(zip(ids, parts, strict=True))
    sections = {
        section: _section(section, text) for section, text in written.items() if section in LAYOUTS
    }
    opt_outs = [
        (section, field) for section, read in sections.items() if (field := _opted_out(read))
    ]
    if USP_V1 in written:
        opted_out = opted_out_of_sale(written[USP_V1])
        if opted_out is None:
            raise Undecodable("a US Privacy section that is none")
        opt_outs += [(USP_V1, "OptOutSale")] * opted_out
    known = sections.keys() | WITHOUT_OPT_OUTS | {TCF_EU, USP_V1}
    return Gpp(
        ids=ids,
        sections=sections,
        opt_outs=tuple(opt_outs),
        unread=frozenset(ids) - known,
        tcf=written.get(TCF_EU),
    )


def _section(section: int, text: str) -> Section:
    layout = LAYOUTS[section]
    core, *others = text.split(".")
    bits = Bits(core)
    first = Bits(core).number(6)
    if first == section:
        # The specification puts a header before newer sections; the official library does not.
        if not others or Bits(core).number(12) != section << 6 | 1:
            raise Undecodable("a header of another version, or nothing behind it")
        core, *others = others
        bits = Bits(core)
    elif layout.core[0].name == "Version" and first not in VERSIONS.get(section, (1,)):
        raise Undecodable("a section of another version")
    first_national = section == USNAT and first == 1
    read = _fields(bits, FIRST_NATIONAL if first_national else layout.core)
    if len(others) > 1 or (others and not (layout.gpc or layout.optional)):
        raise Undecodable("more sub-sections than the section has")
    for other in others:
        bits = Bits(other)
        if layout.optional:
            read |= _fields(bits, layout.optional)
        elif bits.number(2) == 1:
            read["Gpc"] = bits.flag()
        else:
            raise Undecodable("a sub-section of another type")
    return read


def _fields(bits: Bits, layout: tuple[Field, ...]) -> Section:
    return {
        field.name: bits.number(field.width)
        if field.times == 1
        else tuple(bits.number(field.width) for _ in range(field.times))
        for field in layout
    }


def _opted_out(section: Section) -> str | None:
    """Return the field that opts out: 0 is not applicable, 1 opted out, 2 did not, 3 is doubt.

    Consents have the other scale, 1 no and 2 yes: a known child without consent counts here too.
    """
    for field in OPT_OUTS:
        if section.get(field) in (1, 3):
            return field
    if section.get("Gpc"):
        return "Gpc"
    child = section.get(CHILD, 0)
    return CHILD if not {1, 3}.isdisjoint((child,) if isinstance(child, int) else child) else None
