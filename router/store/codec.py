"""A lane's entry as bytes: a line of envelope, the payload, compressed with a shared dictionary.

The first byte is the dictionary's number, the rest a zstd frame without its magic number. The
dictionaries ship with the package and were made from synthetic values in real shapes
(`tests/dictionary/make.py`): a dictionary holds values whole, so none of them may be anybody's.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, NamedTuple

import orjson
import zstandard

LARGEST = 16 * 1024 * 1024
"""Bytes that an entry may come to when unpacked; more is no entry of ours."""

_MAGIC = zstandard.FRAME_HEADER
"""How every zstd frame begins; an entry begins with its dictionary's number instead."""
_CURRENT = 1


def _dictionary(number: int) -> zstandard.ZstdCompressionDict:
    file = files("router.store") / f"dictionary-{number}.zdict"
    return zstandard.ZstdCompressionDict(file.read_bytes())


def _compressor(dictionary: zstandard.ZstdCompressionDict) -> zstandard.ZstdCompressor:
    """Return what packs by level 1, with longer matches: smaller here, and no slower.

    Frames name no dictionary and have no checksum; their content's size, which bounds what
    unpacking may allocate, is in them.
    """
    parameters = zstandard.ZstdCompressionParameters(
        strategy=zstandard.STRATEGY_FAST, window_log=18, hash_log=15, min_match=7,
        write_content_size=True, write_checksum=False, write_dict_id=False,
    )  # fmt: skip
    dictionary.precompute_compress(compression_params=parameters)
    return zstandard.ZstdCompressor(dict_data=dictionary, compression_params=parameters)


_NUMBER = bytes([_CURRENT])
_COMPRESSOR = _compressor(_dictionary(_CURRENT))
_DECOMPRESSORS = {
    bytes([number]): zstandard.ZstdDecompressor(
        dict_data=_dictionary(number), max_window_size=LARGEST
    )
    for number in range(1, _CURRENT + 1)
}
"""By the first byte of an entry: those of earlier dictionaries stay readable."""

_SHAPE: tuple[Any, ...] = (str, str, str, int, str, list, object, (dict, type(None)))
"""What an envelope holds."""


class Undecodable(Exception):  # noqa: N818 - it names what the entry is
    """Bytes in a lane that are no entry."""


class Entry(NamedTuple):
    """What a lane keeps of one delivery. Its repr shows no value of it.

    `policy` is the digest of the policy that made `body`, `transformed` the paths that it
    changed, `signals` the decoded consent that is judged again at every attempt.
    """

    message_id: str
    type: str
    source: str
    received_at: int
    policy: str
    body: bytes
    transformed: tuple[str, ...] = ()
    signals: Any = None
    options: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<Entry type={self.type} source={self.source} bytes={len(self.body)}>"


class Envelope:
    """What all entries of one event share, serialised once for all its destinations."""

    __slots__ = ("_head", "_signals")

    def __init__(
        self, message_id: str, kind: str, source: str, received_at: int, signals: Any
    ) -> None:
        self._head = orjson.dumps([message_id, kind, source, received_at])[:-1]
        self._signals = orjson.dumps(signals)

    def pack(
        self,
        policy: str,
        body: bytes,
        transformed: tuple[str, ...] = (),
        options: dict[str, Any] | None = None,
    ) -> bytes:
        """Return one entry as bytes for a lane."""
        changed = orjson.dumps(transformed) if transformed else b"[]"
        given = orjson.dumps(options) if options is not None else b"null"
        frame = _COMPRESSOR.compress(
            b"%b,%b,%b,%b,%b]\n%b"
            % (self._head, orjson.dumps(policy), changed, self._signals, given, body)
        )
        return _NUMBER + frame[len(_MAGIC) :]


def pack(entry: Entry) -> bytes:
    """Return the entry as bytes for a lane."""
    envelope = Envelope(
        entry.message_id, entry.type, entry.source, entry.received_at, entry.signals
    )
    return envelope.pack(entry.policy, entry.body, entry.transformed, entry.options)


def unpack(raw: bytes) -> Entry:
    """Return the entry that `pack` made; raises Undecodable for anything else."""
    try:
        line, _, body = _text(raw).partition(b"\n")
        message_id, kind, source, received_at, policy, transformed, signals, options = _checked(
            orjson.loads(line)
        )
    except (zstandard.ZstdError, ValueError, TypeError) as error:
        raise Undecodable(type(error).__name__) from None
    return Entry(message_id, kind, source, received_at, policy, body, tuple(transformed), signals,
                 options)  # fmt: skip


def _checked(envelope: Any) -> list[Any]:
    """Return an envelope of the right shape; raises TypeError for any other."""
    if not (
        isinstance(envelope, list)
        and len(envelope) == len(_SHAPE)
        and all(map(isinstance, envelope, _SHAPE))
        and (not envelope[5] or all(isinstance(path, str) for path in envelope[5]))
    ):
        raise TypeError
    return envelope


def _text(raw: bytes) -> bytes:
    """Return what was compressed; nothing is allocated that a frame declares beyond LARGEST."""
    decompressor = _DECOMPRESSORS.get(raw[:1])
    if decompressor is None:
        raise ValueError
    frame = _MAGIC + raw[1:]
    if not 0 <= zstandard.frame_content_size(frame) <= LARGEST:
        raise ValueError
    return decompressor.decompress(frame, allow_extra_data=False)
