"""What is the matter with a store that does not do what it is asked, in words for operators."""

from __future__ import annotations

import re
import ssl

from redis import exceptions

from router.store.cluster import NodeAway
from router.store.refusal import Demoted, DiskRefuses, ReplicasMissing, StrangeKey, chain
from router.store.sentinel import NO_MASTER, UNWANTED

RIGHTS = "docs/stores.md has the rights that it needs"
AWAY = (
    "does not answer: start it, or mend `redis:` in the configuration"
    " (`redis: embedded` needs no server)"
)
HUNG_UP = (
    "closes the connection: it died, or wants TLS (rediss://), or a certificate of ours"
    " (ssl_certfile, ssl_keyfile)"
)
MOVES = "is a Cluster that is moving its slots: wait until it has done so"
_QUOTED = re.compile(r"'([^']+)'")
"""The server names a command in quotes, or says only that it was a key; so does our own check."""
_PIPED = re.compile(
    r"Command # \d+ \(.*\) of pipeline caused error: \((['\"])(?P<answer>.*)\1,\)", re.DOTALL
)
"""redis-py puts the command before what the server said: it holds an event."""
_STRANGE = re.compile(r"STRANGEKEY (\S+)$")
"""Our scripts name the key; its name is made of the router's words and a destination's name."""
_SAYINGS = {
    UNWANTED: (
        "has sentinels that want a password: write sentinel_password= behind the ? of `redis:`"
        " (and sentinel_username=)"
    ),
    r"DB index is out of range": (
        "has no database of that number: most servers have 0 to 15, the nodes of a Cluster 0 alone"
    ),
    r"this is no sentinel|unknown command .SENTINEL": (
        "is no sentinel: write redis://host:6379/0, or the port of its sentinels (26379)"
    ),
    r"cluster mode is not enabled|cluster support disabled|unknown command .CLUSTER": (
        "is no Cluster: write redis://host:6379/0"
    ),
    r"TTL exhausted": MOVES,
    r"slots are not covered|CLUSTERDOWN|Slot not served|cluster is down": (
        "is a Cluster of which nobody serves some slots: mend it (`redis-cli --cluster check`)"
    ),
    r"unknown command .HELLO": "is older than Redis 6.2: install that or a newer one, or Valkey",
    r"unknown command .HGETALL": (
        "is a sentinel, not a server: write redis+sentinel://host:26379/service/0"
    ),
    r"unknown command|unknown subcommand|wrong number of arguments": (
        "does not know a command that the router needs: install Redis 6.2 or newer, or Valkey"
    ),
    r"Authentication required|NOAUTH|already authenticated": (
        "wants a password: write redis://user:${PASSWORD}@host:6379/0 (or :${PASSWORD}@)"
    ),
    r"AuthenticationError|invalid username-password|WRONGPASS|invalid password": (
        "refuses the user or the password: mend them in `redis:`"
    ),
    r"protected mode": (
        "lets nobody in from other hosts (protected mode): give it a password, and this address it"
    ),
    r"max number of clients": (
        "has as many clients as it may: raise its `maxclients`, or end some"
    ),
    r"^BUSY ": "is busy with a script that does not end: look at what else uses it",
    r"Link with MASTER is down": "is a replica without its master: name the master in `redis:`",
    r"Protocol error": "does not speak Redis: something else listens there, mend `redis:`",
    NO_MASTER: (
        "has no master that its sentinels know: mend the service's name in `redis:`, or wait for"
        " their choice"
    ),
    r"closed by server|reset by peer|Broken pipe": HUNG_UP,
    r"No such file or directory": "has no socket file at that path: start it, or mend `redis:`",
    r"Permission denied": (
        "has a socket file that this user may not open: see its `unixsocketperm`"
    ),
    r"Name or service not known|nodename nor servname|No address associated|name resolution": (
        "has a host whose address nobody knows: mend the name in `redis:`, or the name servers"
    ),
}
"""What servers and redis-py say, and what operators are told; the first that fits."""
_SAID = {re.compile(sign, re.IGNORECASE): told for sign, told in _SAYINGS.items()}
_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (NodeAway, "lacks a node, until it is back or a replica takes over"),
    (exceptions.BusyLoadingError, "is still loading its data: wait, it will answer by itself"),
    (exceptions.MovedError, "is one node of a Cluster: write redis+cluster://host:6379"),
    (exceptions.TryAgainError, MOVES),
    (exceptions.OutOfMemoryError,
     "takes nothing for now, it is full: raise its `maxmemory`, or let what waits be delivered"),
    (DiskRefuses,
     "takes nothing for now, it cannot write to its disk: make room there, or mend the disk"),
    (ReplicasMissing,
     "takes nothing for now, it has too few replicas: mend them, or its `min-replicas-to-write`"),
    (Demoted, "takes nothing for now, it has become a replica"),
    (exceptions.ReadOnlyError,
     "is a replica, which takes nothing: name its master in `redis:`, or redis+sentinel://"),
)  # fmt: skip


def trouble(error: BaseException, address: str = "") -> str:
    """Return what follows upon "the store": what it does, and what to do.

    Of the store's address, if it is given, only the scheme is looked at. Names commands and what
    OpenSSL says of a certificate, never an address or a value, and of keys only those that the
    router names itself.
    """
    if named := _naming(error):
        return named
    for kind, told in _KINDS:
        if isinstance(error, kind):
            return told
    causes = list(chain(error))
    found = next(filter(None, map(_of_tls, causes)), "") or next(
        filter(None, map(_said, causes)), ""
    )
    if found:
        return found
    if isinstance(error, exceptions.ResponseError):
        return f"refuses a command ({_code(error)})"
    if address.startswith("rediss") and any(isinstance(one, TimeoutError) for one in causes):
        return "does not answer through TLS: start it, or write redis:// if it speaks none there"
    return AWAY


def _naming(error: BaseException) -> str:
    """Return what is said with the name of a command or a key; empty for all others."""
    if isinstance(error, exceptions.NoPermissionError):
        what = ", ".join(_QUOTED.findall(_answer(error))) or "a key or a channel of the router's"
        return f"does not let its user use {what}: {RIGHTS}"
    if isinstance(error, StrangeKey):
        named = _STRANGE.match(_answer(error))
        which = named[1] if named else "a key of the router's"
        return f"has something else in {which}: rename or remove that key"
    return ""


def _said(error: BaseException) -> str:
    text = _answer(error)
    return next((told for sign, told in _SAID.items() if sign.search(text)), "")


def _of_tls(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"shows a certificate that is not accepted: {error.verify_message.rstrip('.')}"
    if isinstance(error, ssl.SSLError):
        reason = error.reason or "no reason given"
        if reason == "WRONG_VERSION_NUMBER":
            return "speaks no TLS at this port: write redis://, or the port that does"
        ours = "CERTIFICATE" in reason or "UNKNOWN_CA" in reason
        what = "accept our certificate (ssl_certfile, ssl_keyfile)" if ours else "get through TLS"
        return f"does not {what}: {reason.lower().replace('_', ' ')}"
    return ""


def _answer(error: BaseException) -> str:
    """Return what a server or redis-py says, without the command that it is about."""
    piped = _PIPED.fullmatch(str(error))
    return piped["answer"] if piped else str(error)


def _code(error: BaseException) -> str:
    """Return the word in capitals that a server's answer begins with; else what redis-py says."""
    first = _answer(error).partition(" ")[0]
    known = first.isascii() and first.isalpha() and first.isupper()
    return first if known else type(error).__name__
