"""Addresses of the store and of the broker: what may stand in them, and what is told else."""

from __future__ import annotations

import pytest

from tests.config.pretend import one, parsed, said

TLS = "ssl_ca_certs=/etc/ca.pem&ssl_certfile=/etc/us.pem&ssl_keyfile=/etc/us.key"


def server(address: str, word: str = "redis") -> str:
    """Return a configuration with this address, on line 1."""
    return f'{word}: "{address}"\nprivacy_key: 0123456789abcdef\n{one()}'


@pytest.mark.parametrize(
    "address",
    [
        "redis://host:6379/0",
        "redis://host?db=2",
        "rediss://user:pass@host/1",
        f"rediss://user:pass@host:6380/0?{TLS}",
        "rediss://host/0?ssl_cert_reqs=required&ssl_check_hostname=True",
        "unix:///run/redis.sock?db=1",
        "redis+sentinel://user:pass@one:26379,two/orders",
        "redis+sentinel://one/orders/3?sentinel_username=u&sentinel_password=p",
        f"rediss+sentinel://one:1,two:2/orders/0?{TLS}",
    ],
)
def test_addresses_of_servers(address: str) -> None:
    """A server is named by an address of a few kinds, which no repr shows."""
    config = parsed(server(address))

    assert address == config.redis
    assert address not in repr(config)


REFUSED = [
    ("redis://host/x",
     "behind the port stands the number of a database (redis://host:6379/0)"),
    ("redis://host/1/2",
     "behind the port stands the number of a database (redis://host:6379/0)"),
    ("reddis://host/0", 'this is no address of a Redis server (did you mean "redis://"?)'),
    ("redis+clustre://host",
     'this is no address of a Redis server (did you mean "redis+cluster://"?)'),
    ("rediss+cluster://host",
     "TLS is not served with a Cluster yet (redis+cluster://host:6379)"),
    ("redis://host:port/0", "the port of this address is no number from 0 to 65535"),
    ("redis://a..test/0",
     "the host of this address has nothing between two of its dots, or before the first"),
    ("redis+sentinel://one,two../orders/0",
     "the host of this address has nothing between two of its dots, or before the first"),
    ("redis://10.0.0.300/0", "the host of this address ends in a number and is no IPv4 address"),
    ("redis+sentinel://one:26379,two:port/orders/0",
     "the port of this address is no number from 0 to 65535"),
    ("redis+sentinel://one:26379",
     ("behind the sentinels stand the service and the database"
     " (redis+sentinel://host:26379,host:26379/service/0)")),
    ("redis+sentinel://one/orders/first",
     ("behind the sentinels stand the service and the database"
     " (redis+sentinel://host:26379,host:26379/service/0)")),
    ("redis+sentinel://one/orders?sentinel_user=u",
     'unknown word "sentinel_user" (did you mean "sentinel_username"?)'),
    ("redis://host?db=two", "db is the number of a database (db=0)"),
    ("redis://host?pool=3", 'unknown word "pool" (known here: db)'),
    ("redis://host?ssl_ca_certs=/ca.pem",
     '"ssl_ca_certs" is for TLS (write rediss:// for it)'),
    ("rediss://host?ssl_ca_cert=/ca.pem",
     'unknown word "ssl_ca_cert" (did you mean "ssl_ca_certs"?)'),
    ("rediss://host?ssl_ca_certs=ca.pem",
     "ssl_ca_certs is the path of a file, and begins at the root (ssl_ca_certs=/path)"),
    ("rediss://host?ssl_certfile=/us.pem",
     "a certificate of ours needs both ssl_certfile and ssl_keyfile"),
    ("rediss://host?ssl_cert_reqs=none",
     ("ssl_cert_reqs is always required: a server must prove its name"
     " (name who signed its certificate: ssl_ca_certs=/path/ca.pem)")),
    ("rediss://host?ssl_check_hostname=false",
     ("ssl_check_hostname is always true: a server must prove its name"
     " (name who signed its certificate: ssl_ca_certs=/path/ca.pem)")),
]  # fmt: skip


@pytest.mark.parametrize(("address", "told"), REFUSED)
def test_what_an_address_may_not_say(address: str, told: str) -> None:
    """A wrong address is told with its line; a server whose name is not checked is no server."""
    assert [f"router.yaml:1:8: {told}"] == said(server(address))


@pytest.mark.parametrize(
    ("broker", "told"),
    [
        ("just words", "this is no address of a broker (redis://host:6379/0)"),
        ("reddis://a/0", 'this is no address of a broker (did you mean "redis://"?)'),
        ("unix:///a/b", "Celery calls a socket file otherwise (redis+socket:///path?virtual_host=1)"),
        ("redis://a..test/0",
         "the host of this address has nothing between two of its dots, or before the first"),
    ],
)  # fmt: skip
def test_what_is_no_broker(broker: str, told: str) -> None:
    """A broker's address that cannot be one is told with its line."""
    assert [f"router.yaml:1:9: {told}"] == said(server(broker, "broker"))


def test_a_broker_proves_its_name_as_well() -> None:
    """The broker's address may be of any kind; with TLS it keeps to the same rules."""
    assert "amqp://queue//" == parsed(server("amqp://queue//", "broker")).broker
    assert [
        (
            "router.yaml:1:9: ssl_cert_reqs is always required: a server must prove its name"
            " (name who signed its certificate: ssl_ca_certs=/path/ca.pem)"
        )
    ] == said(server("rediss://host/1?ssl_cert_reqs=none", "broker"))


def test_a_broker_with_sentinels_is_named_as_the_store_is() -> None:
    """Celery's own form does not say which service is meant."""
    named = "redis+sentinel://one,two/tasks/0"

    assert named == parsed(server(named, "broker")).broker
    assert [
        (
            "router.yaml:1:9: the broker's sentinels are named as those of the store"
            " (redis+sentinel://host:26379,host:26379/service/0)"
        )
    ] == said(server("sentinel://one/0", "broker"))


def test_no_secret_of_an_address_is_repeated() -> None:
    """Whatever is wrong with an address, its password is in no problem."""
    for address, _ in REFUSED:
        told = said(server(address.replace("//", "//user:canary-word@")))
        assert told
        assert "canary" not in str(told)


def test_a_cluster_needs_a_broker() -> None:
    """The nodes of a Cluster are named one after the other, and Celery gets a server of its own."""
    address = "redis+cluster://user:pass@one:6379,two"
    told = '"broker" is missing: Celery knows no Redis Cluster (write broker: redis://host:6379/0)'

    assert [f"router.yaml:1:1: {told}"] == said(server(address))
    assert address == parsed(f"broker: redis://host\n{server(address)}").redis


@pytest.mark.parametrize("nodes", ["", "one,", "one:0", "one:port", "one/0", "one?db=1"])
def test_what_is_no_node_of_a_cluster(nodes: str) -> None:
    """Each node is a host, with its port or without."""
    told = (
        "router.yaml:1:8: nodes of a Cluster are host:port, with commas between"
        " (redis+cluster://host:6379,host:6380)"
    )

    assert [told] == said(f"{server(f'redis+cluster://{nodes}')}broker: redis://host\n")


def test_celery_is_given_no_cluster() -> None:
    """A broker on a Cluster is refused."""
    told = "Celery knows no Redis Cluster (name one server: redis://host:6379/0)"

    assert [f"router.yaml:1:9: {told}"] == said(f'broker: "redis+cluster://one"\n{one()}')
