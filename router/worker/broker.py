"""Where Celery's messages go, and the settings under which losing one is harmless."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from kombu.transport import resolve_transport

from router.config import ConfigError, Problem
from router.config.document import Spot
from router.config.problem import quoted
from router.store.sentinel import WatchedMaster, of_service, service

if TYPE_CHECKING:
    from router.config import Config

OPERATIONS = "operations"
"""The queue of the operators' tasks."""
SLICES = "slices"
"""The queue of time slices, when the engine is hosted in tasks."""
CREDENTIALS = ("username", "password")
LAST_DATABASE = 15
"""A Redis server has sixteen databases unless told otherwise."""

ON_REDIS: dict[str, Any] = {
    "global_keyprefix": "router-celery:",
    "visibility_timeout": 600,
    "socket_timeout": 15,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
"""A half-open connection is noticed; a task of a killed worker comes back after ten minutes."""


def broker_url(config: Config, store: str) -> str:
    """Return the configured broker, or another database of the store's own server."""
    if config.broker:
        return config.broker
    parts = urlsplit(store)
    if of_service(store):
        kept = service(store)
        path = f"/{quote(kept.name)}/{_beside(str(kept.database))}"
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
    words = dict(parse_qsl(parts.query))
    named = words.pop("db", "0")
    if parts.scheme == "unix":
        return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={_beside(named)}"
    path = f"/{_beside(parts.path.strip('/') or named)}"
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(words, safe="/"), ""))


def check_broker(config: Config) -> None:
    """Raise ConfigError for a kind of broker that Celery cannot speak to; connects to nothing."""
    if not config.broker:
        return
    scheme = config.broker.partition("://")[0]
    try:
        resolve_transport(scheme.partition("+")[0])
    except KeyError:
        problem = f"Celery knows no kind of broker called {quoted(scheme)}"
    except ImportError as error:
        problem = f"this kind of broker needs a package that is not installed: {error.name}"
    else:
        return
    document = config.document
    spot = document.spot(("broker",)) if document else Spot(1, 1)
    file = document.file if document else "configuration"
    raise ConfigError(
        [Problem(file, spot.line, spot.column, problem, "write redis://host:6379/0", "broker")]
    )


def settings(config: Config, broker: str) -> dict[str, Any]:
    """Return Celery's settings.

    Tasks are few, carry identifiers, and may be lost or done twice. The broker is waited for
    without end: delivery does not depend on it.
    """
    chosen: dict[str, Any] = {
        "broker_url": broker,
        "broker_channel_error_retry": True,
        "broker_connection_max_retries": None,
        "broker_connection_retry_on_startup": True,
        "accept_content": ["json"],
        "task_acks_late": True,
        "task_default_queue": OPERATIONS,
        "task_ignore_result": True,
        "task_routes": {"router.slice": {"queue": SLICES}},
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_hijack_root_logger": False,
        "worker_prefetch_multiplier": 1,
        "worker_redirect_stdouts": False,
        "worker_send_task_events": True,
    }
    if broker.startswith("redis"):
        chosen["broker_transport_options"] = ON_REDIS
    if of_service(broker):
        chosen |= _through_sentinels(service(broker))
    elif broker.startswith("rediss"):
        chosen |= _encrypted(broker)
    if config.worker.hosting == "step":
        chosen |= {"worker_pool": "threads", "worker_concurrency": 4}
    return chosen


def _through_sentinels(named: WatchedMaster) -> dict[str, Any]:
    """Return the addresses of the sentinels in Celery's own form, and what it says elsewhere."""
    user, password = (quote(named.credentials.get(word, ""), "") for word in CREDENTIALS)
    who = f"{user}:{password}@" if user or password else ""
    addresses = (f"sentinel://{who}{host}:{port}" for host, port in named.sentinels)
    tls = {word: value for word, value in named.tls.items() if word != "ssl"}
    return {
        "broker_url": ";".join(f"{address}/{named.database}" for address in addresses),
        "broker_transport_options": {
            **ON_REDIS,
            "master_name": named.name,
            "sentinel_kwargs": {"socket_timeout": 2.0, **named.asking, **named.tls},
        },
        **({"broker_use_ssl": tls} if tls else {}),
    }


def _encrypted(broker: str) -> dict[str, Any]:
    """Return the address without its words, and the words as options that leave nothing open."""
    parts = urlsplit(broker)
    words = {word: text for word, text in parse_qsl(parts.query) if word.startswith("ssl_")}
    checked = {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
    return {
        "broker_url": urlunsplit((*parts[:3], "", "")),
        "broker_use_ssl": words | checked,
    }


def _beside(database: str) -> int:
    number = int(database)
    return number + 1 if number < LAST_DATABASE else number - 1
