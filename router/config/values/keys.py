"""Keys that an operator makes up: long enough that nobody guesses them, and what they stand for."""

import hashlib
from functools import partial
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, SecretStr

from router.config.problem import Wrong

SHORTEST = 16
"""Characters that a key has at least."""
MADE_BY = "`openssl rand -hex 32`"


def _long(value: SecretStr, *, what: str) -> SecretStr:
    if len(value.get_secret_value()) < SHORTEST:
        raise Wrong(f"{what} is shorter than {SHORTEST} characters", MADE_BY)
    return value


PrivacyKey: TypeAlias = Annotated[SecretStr, AfterValidator(partial(_long, what="the privacy key"))]
TokenKey: TypeAlias = Annotated[SecretStr, AfterValidator(partial(_long, what="the token key"))]
HashKey: TypeAlias = Annotated[SecretStr, AfterValidator(partial(_long, what="the key of a hash"))]


def root_of(secret: SecretStr) -> bytes:
    """Return the 32 bytes that a key of the configuration stands for."""
    text = secret.get_secret_value()
    return hashlib.blake2b(text.encode(), digest_size=32, person=b"privacy").digest()
