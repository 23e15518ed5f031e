"""A zstd dictionary, ready for use: texts like those that it was made from come to few bytes.

Some ship with the package and have a number. Others were learned from what a store holds: frames
that they packed name them by zstd's own id, which goes by their content, so that no two stores
can mean different things by one.
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
"""The sign of all learned dictionaries; that of a shipped one is its number."""

_MAGIC = zstandard.FRAME_HEADER
"""How every zstd frame begins; an entry begins with its dictionary's sign instead."""
_SHIPPED = 1


class Unlearned(ValueError):  # noqa: N818 - it names what is the matter
    """A frame was packed with a learned dictionary that this process does not know (yet)."""


class Dictionary(local):
    """Packs and unpacks texts. `sign` is the first byte of what it packed.

    zstd's objects serve one thread at a time, so each thread has its own of them.
    """

    def __init__(self, raw: bytes, sign: bytes) -> None:
        self.raw = raw
        self.sign = sign
        self._data = zstandard.ZstdCompressionDict(raw)
        self.id = self._data.dict_id()
        self._unpacking = zstandard.ZstdDecompressor(dict_data=self._data, max_window_size=LARGEST)

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

        Frames have no checksum; their content's size, which bounds what unpacking may allocate,
        is in them, and so is the dictionary's id when it was learned.
        """
        parameters = zstandard.ZstdCompressionParameters(
            format=zstandard.FORMAT_ZSTD1_MAGICLESS, window_log=18, write_content_size=True,
            write_checksum=False, write_dict_id=self.sign == LEARNED, **search,
        )  # fmt: skip
        data = zstandard.ZstdCompressionDict(self.raw)
        data.precompute_compress(compression_params=parameters)
        return zstandard.ZstdCompressor(dict_data=data, compression_params=parameters)


def _shipped(number: int) -> Dictionary:
    file = files("router.store") / f"dictionary-{number}.zdict"
    return Dictionary(file.read_bytes(), bytes([number]))


BY_SIGN = {bytes([number]): _shipped(number) for number in range(1, _SHIPPED + 1)}
"""The shipped ones: those of earlier releases stay readable."""
SHIPPED = BY_SIGN[bytes([_SHIPPED])]
"""What packs where nothing better was learned."""
_BY_ID: dict[int, Dictionary] = {}
"""What this process knows of learned ones: an id says what is in it, so no entry is ever wrong."""


def learned(raw: bytes) -> Dictionary:
    """Return a learned dictionary, and know it from now on; raises ValueError if it is none."""
    try:
        made = Dictionary(raw, LEARNED)
    except zstandard.ZstdError:
        raise ValueError from None
    if not made.id:
        raise ValueError
    return _BY_ID.setdefault(made.id, made)


def known(number: int) -> Dictionary | None:
    """Return the learned dictionary with that id, if this process knows it."""
    return _BY_ID.get(number)


def learned_of(frame: bytes) -> Dictionary:
    """Return what packed a frame that names it; raises Unlearned, or ZstdError for no frame."""
    found = _BY_ID.get(zstandard.get_frame_parameters(_MAGIC + frame).dict_id)
    if found is None:
        raise Unlearned
    return found
