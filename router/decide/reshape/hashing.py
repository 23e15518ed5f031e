"""Hashing in a transformation: SHA-256 of a value as it stands, or HMAC with a secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Callable

Hash: TypeAlias = "Callable[[Any], Any]"

ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "base64": lambda digest: base64.b64encode(digest).decode(),
    "base64url": lambda digest: base64.urlsafe_b64encode(digest).decode().rstrip("="),
}
"""How a digest is written; `base64url` goes without padding."""


def compile_hash(key: bytes, encoding: str) -> Hash:
    """Return what hashes any JSON value; without a key it is plain SHA-256.

    Text goes in as it stands, everything else as compact JSON; of a list each element is
    hashed; null stays null, for there is nothing to hide.
    """
    encode = ENCODINGS[encoding]

    def hashed(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is list:
            return [hashed(item) for item in value]
        text = value if type(value) is str else json_text(value)
        raw = text.encode("utf-8", "surrogatepass")
        return encode(hmac.digest(key, raw, "sha256") if key else hashlib.sha256(raw).digest())

    return hashed
