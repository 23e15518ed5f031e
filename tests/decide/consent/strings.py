"""Consent strings for tests: vectors of others, and ones written bit by bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
JULY_2025 = 17_513_280_000
"""2025-07-01 in deciseconds: before disclosed vendors had to be in every string."""
AUGUST_2026 = 17_855_424_000


def rows(name: str) -> list[dict[str, Any]]:
    """Return the vectors of a file of the corpora."""
    path = Path(__file__).parents[2] / "corpora" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def pack(bits: str) -> str:
    """Return bits as base64url characters, the last one filled with zeros."""
    full = bits + "0" * (-len(bits) % 6)
    return "".join(_ALPHABET[int(full[at : at + 6], 2)] for at in range(0, len(full), 6))


def number(value: int, width: int) -> str:
    """Return a number in so many bits."""
    return f"{value:0{width}b}"


def field(ids: Collection[int], width: int) -> str:
    """Return a bit field, id 1 first."""
    return "".join("01"[n in ids] for n in range(1, width + 1))


def vendors(ids: Collection[int]) -> str:
    """Return a vendor section as a bit field."""
    largest = max(ids, default=0)
    return number(largest, 16) + "0" + field(ids, largest)


def ranges(*spans: tuple[int, int]) -> str:
    """Return ranges of vendors, with how many there are."""
    entries = (
        ("0" + number(first, 16)) if first == last else ("1" + number(first, 16) + number(last, 16))
        for first, last in spans
    )
    return number(len(spans), 12) + "".join(entries)


def in_ranges(*spans: tuple[int, int]) -> str:
    """Return a vendor section as ranges."""
    return number(max(last for _, last in spans), 16) + "1" + ranges(*spans)


def tc(
    purposes: Collection[int] = (),
    *,
    interests: Collection[int] = (),
    consented: Collection[int] | str = (),
    legitimate: Collection[int] | str = (),
    restricted: Iterable[tuple[int, int, tuple[int, int]]] = (),
    disclosed: Collection[int] | None = None,
    policy: int = 5,
    specific: bool = True,
    updated: int = AUGUST_2026,
    version: int = 2,
) -> str:
    """Return a TCF string; vendors as ids, or as a section already written.

    `restricted` holds a purpose, the kind of restriction and a range of vendors. `disclosed` None
    leaves the segment out.
    """
    limits = [number(purpose, 6) + number(kind, 2) + ranges(span)
              for purpose, kind, span in restricted]  # fmt: skip
    core = (
        number(version, 6)
        + number(updated, 36) * 2
        + number(0, 12 + 12 + 6 + 12 + 12)
        + number(policy, 6)
        + "01"[specific]
        + "0"
        + number(0, 12)
        + field(purposes, 24)
        + field(interests, 24)
        + number(0, 1 + 12)
        + (consented if isinstance(consented, str) else vendors(consented))
        + (legitimate if isinstance(legitimate, str) else vendors(legitimate))
        + number(len(limits), 12)
        + "".join(limits)
    )
    return pack(core) if disclosed is None else f"{pack(core)}.{pack('001' + vendors(disclosed))}"


def fibonacci(value: int) -> str:
    """Return a number in Fibonacci coding."""
    sizes = [1, 2]
    while sizes[-1] <= value:
        sizes.append(sizes[-1] + sizes[-2])
    bits = ""
    for size in reversed(sizes):
        taken = size <= value
        value -= size * taken
        bits = "01"[taken] + bits
    return bits.rstrip("0") + "1"


def gpp(sections: dict[int, str]) -> str:
    """Return a GPP string of these sections, already written."""
    last, spans = 0, ""
    for section in sorted(sections):
        spans += "0" + fibonacci(section - last)
        last = section
    header = pack(number(3, 6) + number(1, 6) + number(len(sections), 12) + spans)
    return "~".join([header, *(sections[section] for section in sorted(sections))])


def california(
    sale: int = 2, sharing: int = 2, child: int = 0, *, gpc: bool | None = None, version: int = 1
) -> str:
    """Return the GPP section of California; `gpc` None leaves the sub-section out."""
    values = [1, 1, 1, sale, sharing, *[0] * 9, child, 0, 0, 1, 0, 0]
    core = pack(number(version, 6) + "".join(number(value, 2) for value in values))
    return core if gpc is None else f"{core}.{pack('01' + '01'[gpc])}"


def virginia(sale: int = 2, targeted: int = 2) -> str:
    """Return the GPP section of Virginia."""
    values = [1, 1, 1, sale, targeted, *[0] * 8, 0, 1, 0, 0]
    return pack(number(1, 6) + "".join(number(value, 2) for value in values))
