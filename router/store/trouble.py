"""What is the matter with a store that does not do what it is asked, in words for operators."""

from __future__ import annotations

import re
import ssl

from redis import exceptions

from router.store.cluster import NodeAway
from router.store.connection import REFUSING
from router.store.refusal import chain

RIGHTS = "docs/stores.md has the rights that it needs"
_QUOTED = re.compile(r"'([^']+)'")
"""The server names a command in quotes, or says only that it was a key; so does our own check."""
_CLOSED = (ConnectionResetError, BrokenPipeError, EOFError)


def trouble(error: BaseException) -> str:
    """Return what follows upon "the store": what it does, and what may be wrong.

    Names commands and what OpenSSL says of a certificate, never an address, a key or a value.
    """
    if isinstance(error, exceptions.NoPermissionError):
        what = ", ".join(_QUOTED.findall(str(error))) or "a key or a channel of the router's"
        return f"does not let its user use {what}: {RIGHTS}"
    if isinstance(error, exceptions.AuthenticationError):
        return "refuses the user or the password"
    if isinstance(error, NodeAway):
        return "lacks a node, until it is back or a replica takes over"
    if isinstance(error, exceptions.BusyLoadingError):
        return "is still loading its data"
    if isinstance(error, REFUSING):
        return f"takes nothing for now ({type(error).__name__})"
    told = (_connecting(one) for one in chain(error))
    return next(filter(None, told), f"does not answer ({type(error).__name__})")


def _connecting(error: BaseException) -> str:
    """Return what keeps a connection from standing; empty when the error does not say."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"shows a certificate that is not accepted: {error.verify_message.rstrip('.')}"
    if isinstance(error, ssl.SSLError):
        reason = error.reason or "no reason given"
        ours = "CERTIFICATE" in reason or "UNKNOWN_CA" in reason
        what = "accept our certificate (ssl_certfile, ssl_keyfile)" if ours else "get through TLS"
        return f"does not {what}: {reason.lower().replace('_', ' ')}"
    if isinstance(error, _CLOSED) or "closed by server" in str(error):
        return (
            "closes the connection: it died, or wants TLS (rediss://), or a certificate of ours"
            " (ssl_certfile, ssl_keyfile)"
        )
    return ""
