"""A lane's entry as bytes: a line of envelope, the payload, compressed with a shared dictionary.

The first byte is the dictionary's number, the rest a zstd frame without its magic number. The
dictionaries ship with the package and were made from synthetic values in real shapes
(`tests/dictionary/make.py`): a dictionary holds values whole, so none of them may be anybody's.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
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
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
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
"""What an envelope holds, and behind it the user's other turn if the event named two ids."""


class Undecodable(Exception):  # noqa: N818 - it names what the entry is
    """Bytes in a lane that are no entry."""


class Entry(NamedTuple):
    """What a lane keeps of one delivery. Its repr shows no value of it.

    `policy` holds the digests of the policies that leave just `body` of the event, with spaces
    between, `transformed` the paths that they changed, `signals` the decoded consent that is
    judged again at every attempt.
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
    other: bytes = b""
    """The turn of the anonymousId, where the userId's is the lane's own: both may have denied."""

    def left_by(self, digest: str) -> bool:
        """Tell whether the policy with that digest leaves just this of the event."""
        return digest in self.policy.split()

    def __repr__(self) -> str:
        return f"<Entry type={self.type} source={self.source} bytes={len(self.body)}>"


class Envelope:
    """What all entries of one event share, serialised once for all its destinations."""

    __slots__ = ("_end", "_head", "_signals")

    def __init__(  # noqa: PLR0913 - the entry's own facts, one for one
        self,
        message_id: str,
        kind: str,
        source: str,
        received_at: int,
        signals: Any,
        *,
        other: bytes = b"",
    ) -> None:
        self._head = orjson.dumps([message_id, kind, source, received_at])[:-1]
        self._signals = orjson.dumps(signals)
        self._end = b',"%b"]\n' % b64encode(other) if other else b"]\n"

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
        line = (self._head, orjson.dumps(policy), changed, self._signals, given)
        text = b"".join((b",".join(line), self._end, body))
        return _NUMBER + _COMPRESSOR.compress(text)


def pack(entry: Entry) -> bytes:
    """Return the entry as bytes for a lane."""
    envelope = Envelope(
        entry.message_id, entry.type, entry.source, entry.received_at, entry.signals,
        other=entry.other,
    )  # fmt: skip
    return envelope.pack(entry.policy, entry.body, entry.transformed, entry.options)


def unpack(raw: bytes) -> Entry:
    """Return the entry that `pack` made; raises Undecodable for anything else."""
    try:
        line, _, body = _text(raw).partition(b"\n")
        facts, other = _checked(orjson.loads(line))
        message_id, kind, source, received_at, policy, transformed, signals, options = facts
        turn = b64decode(other, validate=True) if other else b""
    except (zstandard.ZstdError, ValueError, TypeError) as error:
        raise Undecodable(type(error).__name__) from None
    return Entry(message_id, kind, source, received_at, policy, body, tuple(transformed), signals,
                 options, turn)  # fmt: skip


def _checked(envelope: Any) -> tuple[list[Any], str]:
    """Return an envelope of the right shape, and the other turn; raises TypeError for any other."""
    if not isinstance(envelope, list):
        raise TypeError
    facts, rest = envelope[: len(_SHAPE)], envelope[len(_SHAPE) :]
    if not (
        len(facts) == len(_SHAPE)
        and all(map(isinstance, facts, _SHAPE))
        and (not facts[5] or all(isinstance(path, str) for path in facts[5]))
        and (not rest or (len(rest) == 1 and isinstance(rest[0], str)))
    ):
        raise TypeError
    return facts, rest[0] if rest else ""


def _text(raw: bytes) -> bytes:
    """Return what was compressed; nothing is allocated that a frame declares beyond LARGEST."""
    decompressor = _DECOMPRESSORS.get(raw[:1])
    if decompressor is None:
        raise ValueError
    frame = _MAGIC + raw[1:]
    if not 0 <= zstandard.frame_content_size(frame) <= LARGEST:
        raise ValueError
    return decompressor.decompress(frame, allow_extra_data=False)
