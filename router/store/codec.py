"""A lane's entry as bytes: a line of envelope, the payload, compressed with a shared dictionary.

The dictionary ships with the package and was made from synthetic values in real shapes
(`tests/dictionary/make.py`): a dictionary holds values whole, so none of them may be anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import orjson
import zstandard

_DICTIONARY = zstandard.ZstdCompressionDict(
    (files("router.store") / "dictionary-1.zdict").read_bytes()
)
_DICTIONARY.precompute_compress(level=1)
_COMPRESSOR = zstandard.ZstdCompressor(
    level=1, dict_data=_DICTIONARY, write_checksum=False, write_content_size=True
)
_DECOMPRESSOR = zstandard.ZstdDecompressor(dict_data=_DICTIONARY)

LARGEST = 16 * 1024 * 1024
"""Bytes that an entry may come to when unpacked; more is no entry of ours."""


class Undecodable(Exception):  # noqa: N818 - it names what the entry is
    """Bytes in a lane that are no entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a lane keeps of one delivery.

    `policy` is the digest of the policy that made `body`, `transformed` the paths that it
    changed, `signals` the decoded consent that is judged again at every attempt.
    """

    message_id: str
    type: str
    source: str
    received_at: int
    policy: str
    body: bytes = field(repr=False)
    transformed: tuple[str, ...] = ()
    signals: Any = field(default=None, repr=False)
    options: dict[str, Any] | None = field(default=None, repr=False)


def pack(entry: Entry) -> bytes:
    """Return the entry as bytes for a lane."""
    envelope: list[Any] = [
        entry.message_id, entry.type, entry.source, entry.received_at,
        entry.policy, entry.transformed, entry.signals, entry.options,
    ]  # fmt: skip
    return _COMPRESSOR.compress(orjson.dumps(envelope) + b"\n" + entry.body)


def unpack(raw: bytes) -> Entry:
    """Return the entry that `pack` made; raises Undecodable for anything else."""
    try:
        text = _DECOMPRESSOR.decompress(raw, max_output_size=LARGEST)
        line, _, body = text.partition(b"\n")
        message_id, kind, source, received_at, policy, transformed, signals, options = orjson.loads(
            line
        )
    except (zstandard.ZstdError, ValueError, TypeError) as error:
        raise Undecodable(type(error).__name__) from None
    return Entry(message_id, kind, source, received_at, policy, body, tuple(transformed), signals,
                 options)  # fmt: skip
