"""The privacy key: the one from the configuration, or the embedded store's own file."""

from __future__ import annotations

import contextlib
import os
import secrets
import string
from typing import TYPE_CHECKING

from router.config.problem import ConfigError, Problem
from router.config.values.keys import root_of

if TYPE_CHECKING:
    from pathlib import Path

    from router.config.sections.whole import Config

FILE = "secret.key"
_DIGITS = 64
_HEX = frozenset(string.hexdigits)


def privacy_key(config: Config) -> bytes:
    """Return the 32 bytes from which tokens and hashed ids are made.

    Without `privacy_key` in the configuration they come from `secret.key` in the data folder,
    which is made at the first call, readable by its owner only; of several processes that make
    it at once, one wins and all return the same. Raises `ConfigError` when the file is damaged, or
    cannot be made or read.
    """
    if config.privacy_key is not None:
        return root_of(config.privacy_key)
    path = config.data / FILE
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        hint = "mend the data folder, or name another with `data:`"
        problem = Problem(str(path), 1, 1, f"the privacy key cannot be kept here: {why}", hint)
        raise ConfigError([problem]) from error


def _make(path: Path) -> None:
    """Write a new key beside the file, then link it into place: nobody sees half a key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_DIGITS // 2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was faster: its key counts
            os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a power cut could take the key and leave the tokens
    finally:
        os.close(folder)


def _read(path: Path) -> bytes:
    text = path.read_bytes().strip()
    if len(text) != _DIGITS or not _HEX.issuperset(text.decode("ascii", "replace")):
        hint = "put the old one back from a backup: a new one changes every token"
        raise ConfigError([Problem(str(path), 1, 1, "this is no privacy key", hint)])
    return bytes.fromhex(text.decode("ascii"))
