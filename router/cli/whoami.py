"""The name of whoever runs a command, for the audit."""

from __future__ import annotations

import getpass


def operator() -> str:
    """Return the operator's name on this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in many containers
        return "unknown"
