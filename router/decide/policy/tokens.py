"""Tokens: what stands for a value at one destination, and at no other.

`tok_<key id>_<32 hexadecimal digits>`. The key id tells which key made a token: after a rotation
old and new ones are told apart. Whoever has no key can neither make a token nor try values out.
"""

from __future__ import annotations

import hmac
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Tokens: TypeAlias = "Callable[[str], str]"


_TOKEN = re.compile(r"tok_[0-9a-f]{4}_[0-9a-f]{32}")


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a token, whole; `tok_` alone is a name like others."""
    return _TOKEN.fullmatch(text) is not None


def derive(privacy_key: bytes, destination: str) -> bytes:
    """Return the token key of a destination: two destinations cannot join their tokens.

    Raises ValueError without a privacy key: anybody could then compute the tokens.
    """
    if not privacy_key:
        raise ValueError("tokens need a privacy_key")
    return hmac.digest(privacy_key, b"token\0" + destination.encode(), "sha256")


def key_id(key: bytes) -> str:
    """Return four hexadecimal digits that tell one key from another."""
    return blake2b(key, digest_size=2, person=b"key id").hexdigest()


def compile_tokens(key: bytes) -> Tokens:
    """Return what makes `tok_<key id>_<32 hexadecimal digits>` of a text: HMAC-SHA256."""
    prefix = f"tok_{key_id(key)}_"
    digest = hmac.digest

    def token(text: str) -> str:
        raw = text.encode("utf-8", "surrogatepass")
        return prefix + digest(key, raw, "sha256")[:16].hex()

    return token
