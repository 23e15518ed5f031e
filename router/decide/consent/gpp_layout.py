"""The layout of each US section of a GPP string: names and widths of its fields, in order.

Source: Global-Privacy-Platform, `Sections/US-National` and `Sections/US-States`, October 2025.
A field has two bits; `*n` makes it a list of n such, `:n` gives it n bits.
"""

from __future__ import annotations

from typing import NamedTuple

_OPT_OUTS = "SaleOptOutNotice TargetedAdvertisingOptOutNotice SaleOptOut TargetedAdvertisingOptOut"
_OLD = f"Version:6 SharingNotice {_OPT_OUTS}"
_NEW = f"Version:6 ProcessingNotice {_OPT_OUTS}"
_NEWEST = f"MspaVersion:6 MspaCoveredTransaction MspaMode ProcessingNotice {_OPT_OUTS}"
_SENSITIVE = "SensitiveDataProcessing"
_CHILD = "KnownChildSensitiveDataConsents"
_MORE = "AdditionalDataProcessingConsent"
_MSPA = "MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode"
_NATIONAL = (
    "Version:6 SharingNotice SaleOptOutNotice SharingOptOutNotice TargetedAdvertisingOptOutNotice "
    "SensitiveDataProcessingOptOutNotice SensitiveDataLimitUseNotice SaleOptOut SharingOptOut "
    "TargetedAdvertisingOptOut"
)
_CALIFORNIA = (
    "Version:6 SaleOptOutNotice SharingOptOutNotice SensitiveDataLimitUseNotice SaleOptOut "
    "SharingOptOut"
)
_UTAH = (
    "Version:6 SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice "
    "SensitiveDataProcessingOptOutNotice SaleOptOut TargetedAdvertisingOptOut"
)
_IOWA = _UTAH.replace("SharingNotice", "ProcessingNotice").replace("DataProcessingOpt", "DataOpt")

USNAT = 7
USNAT_V1 = f"{_NATIONAL} {_SENSITIVE}*12 {_CHILD}*2 PersonalDataConsents {_MSPA}"
"""The national section's first version; its `Version` tells."""

_WRITTEN: dict[int, tuple[str, str, str]] = {
    7: ("usnat", f"{_NATIONAL} {_SENSITIVE}*16 {_CHILD}*3 PersonalDataConsents {_MSPA}", "Gpc"),
    8: ("usca", f"{_CALIFORNIA} {_SENSITIVE}*9 {_CHILD}*2 PersonalDataConsents {_MSPA}", "Gpc"),
    9: ("usva", f"{_OLD} {_SENSITIVE}*8 {_CHILD} {_MSPA}", ""),
    10: ("usco", f"{_OLD} {_SENSITIVE}*7 {_CHILD} {_MSPA}", "Gpc"),
    11: ("usut", f"{_UTAH} {_SENSITIVE}*8 {_CHILD} {_MSPA}", ""),
    12: ("usct", f"{_OLD} {_SENSITIVE}*8 {_CHILD}*3 {_MSPA}", "Gpc"),
    13: ("usfl", f"{_NEW} {_SENSITIVE}*8 {_CHILD}*3 {_MORE} {_MSPA}", ""),
    14: ("usmt", f"{_OLD} {_SENSITIVE}*8 {_CHILD}*3 {_MORE} {_MSPA}", "Gpc"),
    15: ("usor", f"{_NEW} {_SENSITIVE}*11 {_CHILD}*3 {_MORE} {_MSPA}", "Gpc"),
    16: ("ustx", f"{_NEW} {_SENSITIVE}*8 {_CHILD} {_MORE} {_MSPA}", "Gpc"),
    17: ("usde", f"{_NEW} {_SENSITIVE}*9 {_CHILD}*5 {_MORE} {_MSPA}", "Gpc"),
    18: ("usia", f"{_IOWA} {_SENSITIVE}*8 {_CHILD} {_MSPA}", "Gpc"),
    19: ("usne", f"{_NEW} {_SENSITIVE}*8 {_CHILD} {_MORE} {_MSPA}", "Gpc"),
    20: ("usnh", f"{_NEW} {_SENSITIVE}*8 {_CHILD}*3 {_MORE} {_MSPA}", "Gpc"),
    21: ("usnj", f"{_NEW} {_SENSITIVE}*10 {_CHILD}*5 {_MORE} {_MSPA}", "Gpc"),
    22: ("ustn", f"{_NEW} {_SENSITIVE}*8 {_CHILD} {_MORE} {_MSPA}", "Gpc"),
    23: ("usmn", f"{_NEW} {_SENSITIVE}*8 {_CHILD} {_MORE} {_MSPA}", "Gpc"),
    24: ("usmd", f"{_NEWEST} {_MORE}", "Gpc"),
    25: ("usin", f"{_NEWEST} {_CHILD} {_MORE}", f"{_SENSITIVE}*8"),
    26: ("usky", f"{_NEWEST} {_CHILD} {_MORE}", f"{_SENSITIVE}*8"),
    27: ("usri", f"{_NEWEST} {_CHILD} {_MORE}", f"{_SENSITIVE}*8"),
}


class Field(NamedTuple):
    """A field: so many numbers of so many bits; more than one make a list."""

    name: str
    width: int = 2
    times: int = 1


class Layout(NamedTuple):
    """A section: the fields of its core, and of the sub-section that may follow."""

    name: str
    core: tuple[Field, ...]
    optional: tuple[Field, ...]
    gpc: bool
    """Tells that the sub-section is the one for Global Privacy Control: a type, then one bit."""


def fields(written: str) -> tuple[Field, ...]:
    """Read a layout as it is written above."""
    found = []
    for word in written.split():
        name, _, times = word.partition("*")
        name, _, width = name.partition(":")
        found.append(Field(name, int(width or 2), int(times or 1)))
    return tuple(found)


LAYOUTS = {
    section: Layout(name, fields(core), () if more == "Gpc" else fields(more), more == "Gpc")
    for section, (name, core, more) in _WRITTEN.items()
}
FIRST_NATIONAL = fields(USNAT_V1)
VERSIONS = {USNAT: (1, 2)}
"""The versions of a section that are known; of all others that tell one, only the first is."""
