"""Celery's settings: where its messages go, and that losing one is harmless."""

from __future__ import annotations

import ssl
from typing import Any

import pytest

from router.config import Config, ConfigError, parse
from router.worker.broker import broker_url, check_broker, settings


def config(text: str = "") -> Config:
    """Return a configuration with these lines."""
    lines = f"{text}\ndestinations: {{out: {{type: console}}}}\n"
    return parse(lines, {"KEY": "0123456789abcdef"})


@pytest.mark.parametrize(
    ("store", "broker"),
    [
        ("unix:///tmp/router-x/s", "redis+socket:///tmp/router-x/s?virtual_host=1"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=4"),
        ("redis://store:6379/0", "redis://store:6379/1"),
        ("redis://store:6379", "redis://store:6379/1"),
        ("redis://:secret@store:6379/15", "redis://:secret@store:6379/14"),
        ("redis://store?db=3", "redis://store/4"),
        ("redis+sentinel://u:p@one:1,two/orders", "redis+sentinel://u:p@one:1,two/orders/1"),
        (
            "rediss://u:p@store:6380/2?ssl_ca_certs=/etc/ca.pem",
            "rediss://u:p@store:6380/3?ssl_ca_certs=/etc/ca.pem",
        ),
    ],
)
def test_the_broker_is_another_database_of_the_store(store: str, broker: str) -> None:
    """Without `broker:` messages go to a database beside the events, never among them."""
    assert broker == broker_url(config(), store)


def test_a_configured_broker_is_taken_as_it_is() -> None:
    """`broker:` wins over whatever the store is."""
    chosen = config("broker: amqp://queue:5672//")

    assert "amqp://queue:5672//" == broker_url(chosen, "redis://store:6379/0")


def test_only_redis_gets_the_options_of_redis() -> None:
    """A broker of another kind is not given words that its client would refuse."""
    assert "broker_transport_options" not in settings(config(), "amqp://queue:5672//")
    assert settings(config(), "redis://store/1")["broker_transport_options"]["visibility_timeout"]


def test_a_broker_with_tls_is_asked_who_it_is() -> None:
    """The words of the address become options of TLS, and its name is checked in any case."""
    chosen = settings(config(), "rediss://store:6380/1?ssl_ca_certs=/etc/ca.pem")

    assert "rediss://store:6380/1" == chosen["broker_url"]
    assert {
        "ssl_ca_certs": "/etc/ca.pem",
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
        "ssl_check_hostname": True,
    } == chosen["broker_use_ssl"]


def test_a_broker_with_sentinels_is_told_to_celery() -> None:
    """Each sentinel gets an address with the servers' user; the rest are options."""
    chosen = settings(config(), "rediss+sentinel://u:p%40w@one:1,two/orders/1?sentinel_password=s")
    options = chosen["broker_transport_options"]

    assert "sentinel://u:p%40w@one:1/1;sentinel://u:p%40w@two:26379/1" == chosen["broker_url"]
    assert ("orders", "router-celery:") == (options["master_name"], options["global_keyprefix"])
    assert ("s", True) == (
        options["sentinel_kwargs"]["password"],
        options["sentinel_kwargs"]["ssl"],
    )
    assert "required" == chosen["broker_use_ssl"]["ssl_cert_reqs"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("broker_connection_max_retries", None),
        ("task_ignore_result", True),
        ("worker_hijack_root_logger", False),
        ("worker_prefetch_multiplier", 1),
        ("worker_pool", "threads"),
        ("accept_content", ["json"]),
    ],
)
def test_the_settings_that_delivery_depends_on(name: str, value: Any) -> None:
    """The broker is waited for without end, nothing is kept, logging is ours, pools do not fork."""
    assert value == settings(config(), "redis://store/1")[name]


def test_slices_leave_the_pool_to_celery() -> None:
    """With `hosting: slices` the pool is Celery's default, or what the operator says."""
    chosen = settings(config("worker: {hosting: slices}"), "redis://store/1")

    assert "worker_pool" not in chosen


@pytest.mark.parametrize(
    ("broker", "told"),
    [
        ("nonsense://x", 'Celery knows no kind of broker called "nonsense"'),
        ("sqs://", "this kind of broker needs a package that is not installed: boto"),
    ],
)
def test_a_broker_that_celery_cannot_speak_to_is_told_at_start(broker: str, told: str) -> None:
    """A kind of broker that is unknown, or not installed, is a mistake in its line of the file."""
    with pytest.raises(ConfigError, match=r"router\.yaml:2:9: ") as refusal:
        check_broker(config(f"# first\nbroker: {broker}"))

    assert told in str(refusal.value)


@pytest.mark.parametrize("broker", ["redis+socket:///a/b", "rediss+sentinel://a/b", "amqp://a//"])
def test_other_kinds_of_brokers_are_taken(broker: str) -> None:
    """Whatever is installed of Celery's brokers may be used."""
    check_broker(config(f"broker: {broker}"))
