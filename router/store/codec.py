"""Deliveries as bytes: a few of their facts, then envelope and payload, compressed together.

First stands the dictionary's sign. Behind it stand, as they are, when the event was received
and the marks of the policies that left just this payload; the rest is a zstd frame without its
magic number: a line of envelope, then the payload, without the `receivedAt` at its end where that
says the same.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import zstandard

from router.events.timestamps import iso
from router.store.dictionary import BY_SIGN, LEARNED, SHIPPED, SIGN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.store.dictionary import Dictionary

_TIME = slice(0, 6)
"""Behind the sign: the milliseconds of when it was received; the policies' count follows."""
_COUNT = _TIME.stop
_FACTS = _COUNT + 1
_MARK = 4
_MOST_MARKS = 127
_ENDS = 128
"""Set in the policies' count: the payload ends with `receivedAt`, which was left out."""


_SHAPE: tuple[Any, ...] = (str, str, str, list, object, (dict, type(None)))
"""What an envelope holds, and behind it the user's further turns if the event named some."""


@lru_cache(maxsize=1024)
def policy_mark(digest: str) -> bytes:
    """Return the four bytes that stand for a policy's digest in entries.

    They are compared to see whether a policy has changed: that a change goes unseen has a chance
    of one in four billion.
    """
    return zlib.crc32(digest.encode()).to_bytes(_MARK, "big")


class Undecodable(Exception):  # noqa: N818 - it names what the entry is
    """Bytes in a lane that are no entry."""


class Entry(NamedTuple):
    """What a lane keeps of one delivery. Its repr shows no value of it.

    `policies` holds the marks of the policies that leave just `body` of the event, `transformed`
    the paths that they changed, `signals` the decoded consent that every attempt judges again.
    """

    message_id: str
    type: str
    source: str
    received_at: int
    policies: tuple[bytes, ...]
    body: bytes
    transformed: tuple[str, ...] = ()
    signals: Any = None
    options: dict[str, Any] | None = None
    other: bytes = b""
    """The turns of its user's further ids, one behind the other: each of them may have denied."""

    def left_by(self, digest: str) -> bool:
        """Tell whether the policy with that digest leaves just this of the event."""
        return policy_mark(digest) in self.policies

    def __repr__(self) -> str:
        return f"<Entry type={self.type} source={self.source} bytes={len(self.body)}>"


class Envelope:
    """What all entries of one event share, serialised once for all its destinations."""

    __slots__ = ("_dictionary", "_end", "_head", "_signals", "_tail", "_time")

    def __init__(  # noqa: PLR0913 - the entry's own facts, one for one
        self,
        message_id: str,
        kind: str,
        source: str,
        received_at: int,
        signals: Any,
        *,
        other: bytes = b"",
        dictionary: Dictionary = SHIPPED,
    ) -> None:
        self._dictionary = dictionary
        self._head = orjson.dumps([message_id, kind, source])[:-1]
        self._time = dictionary.sign + received_at.to_bytes(6, "big")
        self._tail = ending(received_at)
        self._signals = orjson.dumps(signals)
        self._end = b',"%b"]\n' % b64encode(other) if other else b"]\n"

    def pack(
        self,
        policies: Iterable[bytes],
        body: bytes,
        transformed: tuple[str, ...] = (),
        options: dict[str, Any] | None = None,
        *,
        patient: bool = False,
    ) -> bytes:
        """Return one entry as bytes for a lane.

        `patient` takes more time for fewer bytes. Marks of more than 127 policies are not kept:
        the others find that theirs has changed, and narrow what they would leave as it is.
        """
        changed = orjson.dumps(transformed) if transformed else b"[]"
        given = orjson.dumps(options) if options is not None else b"null"
        marks = b"".join(policies)[: _MARK * _MOST_MARKS]
        flags = len(marks) // _MARK
        if body.endswith(self._tail):
            flags |= _ENDS
            body = body[: -len(self._tail)]
        text = b"".join((b",".join((self._head, changed, self._signals, given)), self._end, body))
        frame = (self._dictionary.patient if patient else self._dictionary.fast).compress(text)
        return b"%b%c%b%b" % (self._time, flags, marks, frame)


def pack(entry: Entry) -> bytes:
    """Return the entry as bytes for a lane."""
    envelope = Envelope(
        entry.message_id, entry.type, entry.source, entry.received_at, entry.signals,
        other=entry.other,
    )  # fmt: skip
    return envelope.pack(entry.policies, entry.body, entry.transformed, entry.options)


def unpack(raw: bytes) -> Entry:
    """Return the entry that `pack` made; raises Undecodable for anything else."""
    try:
        dictionary, rest = _parted(raw)
        flags = rest[_COUNT]
        frame = _FACTS + _MARK * (flags & _MOST_MARKS)
        line, _, body = dictionary.unpack(rest[frame:]).partition(b"\n")
        facts, other = _checked(orjson.loads(line))
        message_id, kind, source, transformed, signals, options = facts
        turn = b64decode(other, validate=True) if other else b""
        received_at = int.from_bytes(rest[_TIME], "big")
        if flags & _ENDS:
            body += ending(received_at)
    except (zstandard.ZstdError, ValueError, TypeError, IndexError, OverflowError) as error:
        raise Undecodable(type(error).__name__) from None
    policies = tuple([rest[at : at + _MARK] for at in range(_FACTS, frame, _MARK)])
    return Entry(message_id, kind, source, received_at, policies, body, tuple(transformed), signals,
                 options, turn)  # fmt: skip


def text_of(raw: bytes) -> bytes:
    """Return what of an entry was compressed: a line of envelope, then the payload.

    Raises Undecodable, or ValueError, ZstdError or IndexError for what is no entry.
    """
    dictionary, rest = _parted(raw)
    return dictionary.unpack(rest[_FACTS + _MARK * (rest[_COUNT] & _MOST_MARKS) :])


def is_unlearned(raw: bytes) -> bool:
    """Tell whether an entry was packed with a learned dictionary that this process lacks."""
    return raw[:1] == LEARNED and raw[:SIGN] not in BY_SIGN


@lru_cache(maxsize=4096)
def ending(received_at: int) -> bytes:
    """Return how a payload ends that says when it was received; all lanes of an event ask."""
    return b',"receivedAt":"%b"}' % iso(received_at).encode()


def _parted(raw: bytes) -> tuple[Dictionary, bytes]:
    """Return what packed an entry, and what stands behind its sign; raises Undecodable."""
    sign = raw[: SIGN if raw[:1] == LEARNED else 1]
    dictionary = BY_SIGN.get(sign)
    if dictionary is None:
        raise Undecodable("Unlearned" if raw[:1] == LEARNED else "no dictionary")
    return dictionary, raw[len(sign) :]


def _checked(envelope: Any) -> tuple[list[Any], str]:
    """Return an envelope of the right shape, and further turns; raises TypeError for any other."""
    if not isinstance(envelope, list):
        raise TypeError
    facts, rest = envelope[: len(_SHAPE)], envelope[len(_SHAPE) :]
    if not (
        len(facts) == len(_SHAPE)
        and all(map(isinstance, facts, _SHAPE))
        and (not facts[3] or all(isinstance(path, str) for path in facts[3]))
        and (not rest or (len(rest) == 1 and isinstance(rest[0], str)))
    ):
        raise TypeError
    return facts, rest[0] if rest else ""
