"""The address of the store's server: its forms, and what may be said behind the question mark."""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import parse_qsl, urlsplit

from destinations.host import impossible
from router.config.problem import Wrong, quoted, unknown
from router.decide.spelling import nearest

FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
"""The files of TLS, in the words of redis-py: who is trusted, and who we are."""
ENCRYPTED = (*FILES, "ssl_cert_reqs", "ssl_check_hostname")
ASKING = ("sentinel_username", "sentinel_password")
"""Who we are to sentinels, which know users of their own."""
SCHEMES: dict[str, tuple[str, ...]] = {
    "redis": ("db",),
    "rediss": ("db", *ENCRYPTED),
    "unix": ("db", "password"),
    "redis+sentinel": ASKING,
    "rediss+sentinel": (*ASKING, *ENCRYPTED),
}
"""The kinds of addresses, and the words that each may bear behind its question mark."""
VERIFIED = {"ssl_cert_reqs": ("required",), "ssl_check_hostname": ("true",)}
"""What may be said aloud, and nothing else: a server is always asked who it is."""
CLUSTER = "redis+cluster"
BROKERS = ("redis", "rediss", "redis+socket", "redis+sentinel", "rediss+sentinel")
"""Those of which a misspelling is told; Celery knows others."""
FORMS = (
    "embedded, redis://host:6379/0, rediss://host:6379/0, unix:///path, "
    "redis+sentinel://host:26379/service/0 or redis+cluster://host:6379"
)
SERVICE = "redis+sentinel://host:26379,host:26379/service/0"
_NODE = re.compile(r"[^\s:/?#,@]+(:(?P<port>\d{1,5}))?")


def server_url(value: str) -> str:
    """Return the address of a server, or `embedded`; raises `Wrong`, which repeats no secret."""
    if value == "embedded":
        return value
    scheme, colon, rest = value.partition("://")
    if scheme == CLUSTER and colon:
        _check_nodes(rest)
        return value
    if scheme not in SCHEMES or not colon or not rest:
        raise _no_address(scheme, colon)
    if scheme.endswith("+sentinel"):
        _check_service(value)
    else:
        _check_host(value)
        if scheme != "unix":
            _check_database(value)
    _check_words(value, SCHEMES[scheme])
    return value


def _no_address(scheme: str, colon: str) -> Wrong:
    """Return what is wrong with something of no known scheme, and the nearest right one."""
    if scheme == f"rediss+{CLUSTER.partition('+')[2]}":
        return Wrong("TLS is not served with a Cluster yet", f"{CLUSTER}://host:6379")
    known = [*SCHEMES, CLUSTER] if colon else ["embedded"]
    near = nearest(scheme, known)
    hint = f"did you mean {quoted(near + colon)}?" if near else FORMS
    return Wrong("this is no address of a Redis server", hint)


def broker_url(value: str) -> str:
    """Return the address of a broker, of whatever kind; one that speaks TLS is held to the same."""
    scheme = value.partition("://")[0]
    if scheme == CLUSTER:
        raise Wrong("Celery knows no Redis Cluster", "name one server: redis://host:6379/0")
    if scheme == "sentinel":
        raise Wrong("the broker's sentinels are named as those of the store", SERVICE)
    if scheme.endswith("+sentinel"):
        return server_url(value)
    if scheme in ("redis", "rediss"):
        _check_host(value)
    elif "://" not in value:
        raise Wrong("this is no address of a broker", "redis://host:6379/0")
    elif scheme == "unix":
        raise Wrong("Celery calls a socket file otherwise", "redis+socket:///path?virtual_host=1")
    elif scheme not in BROKERS and (near := nearest(scheme, BROKERS)):
        raise Wrong("this is no address of a broker", f"did you mean {quoted(near + '://')}?")
    if scheme == "rediss":
        _check_words(value, SCHEMES["rediss"])
    return value


def _check_service(url: str) -> None:
    parts = urlsplit(url)
    for host in parts.netloc.rpartition("@")[2].split(","):
        _check_host(f"redis://{host}")
    name, _, database = parts.path.strip("/").partition("/")
    if not name or (database and not database.isdecimal()):
        raise Wrong("behind the sentinels stand the service and the database", SERVICE)


def _check_nodes(rest: str) -> None:
    for node in rest.rpartition("@")[2].split(","):
        found = _NODE.fullmatch(node)
        if found is None or int(found["port"] or 1) not in range(1, 65536):
            hint = f"{CLUSTER}://host:6379,host:6380"
            raise Wrong("nodes of a Cluster are host:port, with commas between", hint)
        _check_host(f"redis://{node}")


def _check_host(url: str) -> None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Wrong("the port of this address is no number from 0 to 65535") from None
    if why := impossible(parts.hostname or "localhost"):
        raise Wrong(f"the host of this address {why}")


def _check_database(url: str) -> None:
    """Refuse what redis-py would read as database 0, or as the one of all digits together."""
    database = urlsplit(url).path.removeprefix("/")
    if database and not database.isdecimal():
        raise Wrong("behind the port stands the number of a database", "redis://host:6379/0")


def _check_words(url: str, known: tuple[str, ...]) -> None:
    given = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    for word, text in given.items():
        if word not in known:
            raise _unknown(word, known)
        if word in VERIFIED and text.lower() not in VERIFIED[word]:
            hint = "name who signed its certificate: ssl_ca_certs=/path/ca.pem"
            raise Wrong(f"{word} is always {VERIFIED[word][0]}: a server must prove its name", hint)
        if word in FILES and not PurePath(text).is_absolute():
            raise Wrong(f"{word} is the path of a file, and begins at the root", f"{word}=/path")
        if word == "db" and not text.isdecimal():
            raise Wrong("db is the number of a database", "db=0")
    if ("ssl_certfile" in given) != ("ssl_keyfile" in given):
        raise Wrong("a certificate of ours needs both ssl_certfile and ssl_keyfile")


def _unknown(word: str, known: tuple[str, ...]) -> Wrong:
    if word in ENCRYPTED:
        return Wrong(f"{quoted(word)} is for TLS", "write rediss:// for it")
    return unknown(word, known)
