"""What is derived from a user key: the shard that owns the user, the name of the user's turn."""

from __future__ import annotations

import zlib
from hashlib import blake2b

_LONGEST_KEY = 64


def shard_of(user_key: str, shards: int) -> int:
    """Return the shard of a user: stable over time, machines and versions of Python."""
    return zlib.crc32(user_key.encode("utf-8", "surrogatepass")) % shards


def turn_of(user_key: str, secret: bytes) -> bytes:
    """Return 12 bytes that stand for the user in the store and tell nobody who it is."""
    if len(secret) > _LONGEST_KEY:
        secret = blake2b(secret).digest()
    raw = user_key.encode("utf-8", "surrogatepass")
    return blake2b(raw, digest_size=12, key=secret).digest()
