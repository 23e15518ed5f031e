"""The name of whoever runs a command, for the audit."""

from __future__ import annotations

import getpass

from router.operations.signature import Signature


def operator() -> str:
    """Return the operator's name on this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in many containers
        return "unknown"


def signature(reason: str = "") -> Signature:
    """Return what a deed of this command is signed with."""
    return Signature(operator(), reason)
