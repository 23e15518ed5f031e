"""A zstd dictionary, ready for use: texts like those that it was made from come to few bytes.

Some ship with the package and have a number. Others were learned from what a store holds, and have
zstd's own id, which goes by their content: no two stores can mean different things by one.
"""

from __future__ import annotations

from functools import cached_property
from importlib.resources import files
from threading import local
from typing import Any

import zstandard

LARGEST = 16 * 1024 * 1024
"""Bytes that an entry may come to when unpacked; more is no entry of ours."""
LEARNED = b"\xff"
"""What the sign of a learned dictionary begins with, before its id in four bytes; that of a shipped
one is its number, a byte."""
SIGN = 5
"""Bytes of a learned one's sign."""

_MAGIC = zstandard.FRAME_HEADER
"""How every zstd frame begins; entries leave it out."""
_SHIPPED = 1


class Dictionary(local):
    """Packs and unpacks texts. What it packed begins with its `sign`.

    zstd's objects serve one thread at a time, so each thread has its own of them.
    """

    def __init__(self, raw: bytes, sign: bytes = b"") -> None:
        data = zstandard.ZstdCompressionDict(raw)
        self.raw = raw
        self.id = data.dict_id()
        self.sign = sign or LEARNED + self.id.to_bytes(SIGN - 1, "big")
        self._unpacking = zstandard.ZstdDecompressor(dict_data=data, max_window_size=LARGEST)

    @cached_property
    def fast(self) -> Any:
        """Packs with level 1 and longer matches: smaller here, and no slower."""
        return self._compressor(strategy=zstandard.STRATEGY_FAST, hash_log=15, min_match=7)

    @cached_property
    def patient(self) -> Any:
        """Packs an eighth smaller, in six times the time."""
        return self._compressor(
            strategy=zstandard.STRATEGY_BTLAZY2,
            hash_log=17, chain_log=17, search_log=3, min_match=5,
        )  # fmt: skip

    def unpack(self, frame: bytes) -> bytes:
        """Return what was packed; raises ValueError or ZstdError for anything else.

        Nothing is allocated that a frame declares beyond LARGEST.
        """
        frame = _MAGIC + frame
        if not 0 <= zstandard.frame_content_size(frame) <= LARGEST:
            raise ValueError
        return self._unpacking.decompress(frame, allow_extra_data=False)

    def _compressor(self, **search: int) -> Any:
        """Return what packs with that search for matches.

        Frames name no dictionary and have no checksum; their content's size, which bounds what
        unpacking may allocate, is in them.
        """
        parameters = zstandard.ZstdCompressionParameters(
            format=zstandard.FORMAT_ZSTD1_MAGICLESS, window_log=18, write_content_size=True,
            write_checksum=False, write_dict_id=False, **search,
        )  # fmt: skip
        data = zstandard.ZstdCompressionDict(self.raw)
        data.precompute_compress(compression_params=parameters)
        return zstandard.ZstdCompressor(dict_data=data, compression_params=parameters)


def _shipped(number: int) -> Dictionary:
    file = files("router.store") / f"dictionary-{number}.zdict"
    return Dictionary(file.read_bytes(), bytes([number]))


BY_SIGN = {bytes([number]): _shipped(number) for number in range(1, _SHIPPED + 1)}
"""What this process knows: those that earlier releases shipped stay readable, and learned ones join
them. A sign says what is in it, so no entry is ever taken for another."""
SHIPPED = BY_SIGN[bytes([_SHIPPED])]
"""What packs where nothing better was learned."""


def learned(raw: bytes) -> Dictionary:
    """Return a learned dictionary, and know it from now on; raises ValueError if it is none."""
    try:
        made = Dictionary(raw)
    except zstandard.ZstdError:
        raise ValueError from None
    if not made.id:
        raise ValueError
    return BY_SIGN.setdefault(made.sign, made)
