"""A short digest of what a configuration means: equal digests, equal behaviour."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, SecretBytes, SecretStr

if TYPE_CHECKING:
    from collections.abc import Collection


def digest(model: BaseModel, key: bytes, leave_out: Collection[str] = ()) -> str:
    """Return sixteen hexadecimal digits of the model's meaning.

    A secret goes in as its keyed hash, so that the digest changes with it and tells nothing
    of it. `leave_out` names the model's own fields that do not count.
    """
    meaning = _fields(model, key, leave_out)
    text = json.dumps(meaning, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), key=key, digest_size=8).hexdigest()


def short_key(secret: SecretStr | None) -> bytes:
    """Return the key of digests that belongs to a privacy key; empty without one."""
    if secret is None:
        return b""
    return hashlib.blake2b(secret.get_secret_value().encode(), person=b"digest").digest()


def _fields(model: BaseModel, key: bytes, leave_out: Collection[str] = ()) -> dict[str, Any]:
    names = [name for name in type(model).model_fields if name not in leave_out]
    return {name: _plain(getattr(model, name), key) for name in names}


def _plain(value: Any, key: bytes) -> Any:
    match value:
        case BaseModel():
            plain: Any = _fields(value, key)
        case SecretStr() | SecretBytes():
            raw = value.get_secret_value()
            data = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
            plain = hashlib.blake2b(data, key=key, person=b"secret").hexdigest()
        case dict():
            plain = [[_plain(name, key), _plain(inner, key)] for name, inner in value.items()]
        case list() | tuple():
            plain = [_plain(item, key) for item in value]
        case set() | frozenset():
            plain = sorted((_plain(item, key) for item in value), key=repr)
        case None | str() | int() | float():
            plain = value
        case _:
            plain = str(value)
    return plain
