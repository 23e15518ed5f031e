"""What is derived from a user key: the shard that owns the user, the name of the user's turn."""

from __future__ import annotations

import zlib
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.events.event import Event

_LONGEST_KEY = 64
_TURN = 12
"""Bytes of a turn."""


def shard_of(user_key: str, shards: int) -> int:
    """Return the shard of a user: stable over time, machines and versions of Python."""
    return zlib.crc32(user_key.encode("utf-8", "surrogatepass")) % shards


def turn_of(user_key: str, secret: bytes) -> bytes:
    """Return 12 bytes that stand for the user in the store and tell nobody who it is."""
    if len(secret) > _LONGEST_KEY:
        secret = blake2b(secret).digest()
    raw = user_key.encode("utf-8", "surrogatepass")
    return blake2b(raw, digest_size=_TURN, key=secret).digest()


def turns_of(event: Event, secret: bytes) -> tuple[bytes, ...]:
    """Return the turns of all ids of its user that an event names, the event's own turn first.

    An event that names nobody has none here: its turn is its own, of its message id.
    """
    if event.user_key == event.message_id:
        return ()
    return tuple([turn_of(key, secret) for key in (event.user_key, *event.other_keys)])


def turns_in(joined: bytes) -> tuple[bytes, ...]:
    """Return the turns that stand behind each other in these bytes."""
    return tuple([joined[at : at + _TURN] for at in range(0, len(joined), _TURN)])
