"""Addresses of crypto currencies in plain texts: Bitcoin's by their checksums, Ethereum's."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WALLET = re.compile(
    r"(?<![A-Za-z0-9])(?:[123mnLMDTXtA9][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9A-Fa-f]{40}"
    r"|(?:bc1|tb1|ltc1|BC1|TB1|LTC1)[02-9ac-hj-np-zAC-HJ-NP-Z]{11,71})(?![A-Za-z0-9])"
)
_MAY_HOLD = re.compile(r"[0-39mnbtlBTLMDXA](?<![A-Za-z0-9].)[A-Za-z0-9]{13}")
_BASE58 = {s: n for n, s in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_BECH32 = {s: n for n, s in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKED = frozenset({1, 0x2BC830A3})
"""What the checksum of BIP 173 and of BIP 350 comes to."""


def find_wallets(text: str) -> Sequence[Span]:
    """Return the wallets' addresses in a plain text."""
    return list(_wallets(text)) if _MAY_HOLD.search(text) else ()


def _wallets(text: str) -> Iterator[Span]:
    for found in _WALLET.finditer(text):
        if _is_wallet(found[0]):
            yield Span(*found.span(), "crypto", found[0])


def _is_wallet(address: str) -> bool:
    if address.startswith("0x"):
        return True
    if address.lower().startswith(("bc1", "tb1", "ltc1")):
        return (address.islower() or address.isupper()) and _is_bech32(address.lower())
    number = 0
    for sign in address:
        number = number * 58 + _BASE58[sign]
    if number >= 1 << 200:
        return False
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _is_bech32(address: str) -> bool:
    prefix, _, data = address.partition("1")
    values = [ord(s) >> 5 for s in prefix] + [0] + [ord(s) & 31 for s in prefix]
    checksum = 1
    for value in [*values, *(_BECH32[sign] for sign in data)]:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum in _CHECKED
