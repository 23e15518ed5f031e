"""What a store says, or does not say, becomes one sentence with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from redis import exceptions
from redis.asyncio import Redis

from router.store.age import TooOld
from router.store.connection import StoreError, connect
from router.store.opening import setup
from router.store.refusal import known
from router.store.trouble import trouble
from tests.support.processes import Process
from tests.support.scripted import saying
from tests.support.stores import StoreServer, binary, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = b"$47\r\nredis_version:6.0.16\r\nother:1\r\nmore:aaaaaaaaa\r\n\r\n"


async def said(url: str) -> str:
    """Return what opening the store at an address comes to."""
    client = connect(url)
    try:
        await setup(client, 8)
    except StoreError as error:
        return trouble(error, url)
    finally:
        await client.aclose()
    return "answers"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    """Give a server of two databases."""
    made = StoreServer(tmp_path_factory.mktemp("s"), tcp=True, options={"databases": 2}).start()
    yield made
    made.kill()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("redis://127.0.0.1:{}/1", "answers"),
        ("redis://127.0.0.1:{}/2", "has no database of that number: "),
        ("redis+sentinel://127.0.0.1:{}/main/0", "is no sentinel: write redis://"),
        ("redis+cluster://127.0.0.1:{}", "is no Cluster: write redis://"),
        ("redis://who:what@127.0.0.1:{}/0", "refuses the user or the password: mend them"),
        ("redis://a.invalid:{}/0", "has a host whose address nobody knows: mend the name"),
        ("unix:///nowhere/{}.sock", "has no socket file at that path: start it"),
    ],
)
async def test_a_server_of_another_kind(server: StoreServer, address: str, told: str) -> None:
    """A server that answers, and is not what the address says, is not said to be away."""
    assert (await said(address.format(server.port))).startswith(told)


@pytest.mark.parametrize(
    ("options", "address", "told"),
    [
        ({"requirepass": "s"}, "redis://127.0.0.1:{}/0", "wants a password: write redis://user:"),
        ({"requirepass": "s"}, "redis+cluster://127.0.0.1:{}", "wants a password: "),
        (
            {"requirepass": "s"},
            "redis+sentinel://127.0.0.1:{}/main/0",
            "has sentinels that want a pass",
        ),
        ({"requirepass": "s"}, "redis://:t@127.0.0.1:{}/0", "refuses the user or the password"),
        ({"replicaof": "127.0.0.1 1"}, "redis://127.0.0.1:{}/0", "is a replica, which takes noth"),
        ({"cluster-enabled": "yes"}, "redis://127.0.0.1:{}/0", "is a Cluster of which nobody serv"),
        ({"cluster-enabled": "yes"}, "redis+cluster://127.0.0.1:{}", "is a Cluster of which nobod"),
        ({"maxmemory": "1mb"}, "redis://127.0.0.1:{}/0", "takes nothing for now, it is full: rai"),
    ],
)
async def test_a_server_that_refuses(
    short_path: Path, options: dict[str, str], address: str, told: str
) -> None:
    """What a server refuses with is told by its own cause."""
    made = StoreServer(short_path, tcp=True, options=options)
    made.launch().wait_for("Ready to accept connections")

    assert (await said(address.format(made.port))).startswith(told)
    made.kill()


async def test_a_sentinel_under_the_name_of_a_server(short_path: Path) -> None:
    """A sentinel is told from a server, and a service that it does not know from silence."""
    port, program = free_port(), binary("valkey")
    assert program
    rules = short_path / "rules"
    rules.write_text(f"port {port}\nbind 127.0.0.1\ndir {short_path}\n")
    sentinel = Process([program, str(rules), "--sentinel"], log=short_path / "log", seconds=60)
    sentinel.wait_for("Sentinel ID is")

    assert (await said(f"redis://127.0.0.1:{port}/0")).startswith("is a sentinel, not a server")
    unknown = await said(f"redis+sentinel://127.0.0.1:{port}/orders/0")
    assert unknown.startswith("has no master that its sentinels know: ")
    silent = await said(f"redis+sentinel://127.0.0.1:{free_port()}/orders/0")
    assert silent.startswith("does not answer: start it")
    sentinel.kill()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (b"-LOADING Redis is loading the dataset in memory\r\n", "is still loading its data: wait"),
        (b"-MOVED 1234 127.0.0.1:1\r\n", "is one node of a Cluster: write redis+cluster://"),
        (b"-MASTERDOWN Link with MASTER is down\r\n", "is a replica without its master: "),
        (b"-DENIED Redis is running in protected mode\r\n", "lets nobody in from other hosts"),
        (b"-ERR max number of clients reached\r\n", "has as many clients as it may: "),
        (b"-ERR unknown command `HELLO`, with args\r\n", "is older than Redis 6.2: install"),
        (b"-ERR unknown command 'blmove'\r\n", "does not know a command that the router needs"),
        (b"-BUSY Redis is busy running a script\r\n", "is busy with a script that does not end"),
        (b"-NOPERM this user has no permissions to run the 'hgetall' command\r\n",
         "does not let its user use hgetall: docs/stores.md"),
        (b"-MISCONF Errors writing to the AOF file\r\n", "takes nothing for now, it cannot write"),
        (b"-STRANGE a_canary says so\r\n", "refuses a command (STRANGE)"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak Redis: something else listens"),
    ],
)  # fmt: skip
async def test_what_servers_say(reply: bytes, told: str) -> None:
    """Each answer has a sentence of its own, and none repeats what is not known to be harmless."""
    async with saying(reply) as port:
        found = await said(f"redis://127.0.0.1:{port}/0")

    assert found.startswith(told)
    assert "canary" not in found


async def test_an_old_server_is_refused() -> None:
    """A server that lacks commands is refused at once, by the version that it tells."""
    async with saying(
        b"+OK\r\n", {b"INFO": OLD, b"HELLO": b"%0\r\n", b"PING": b"+PONG\r\n"}
    ) as port:
        client = connect(f"redis://127.0.0.1:{port}/0")
        with pytest.raises(TooOld, match=r"is Redis 6\.0\.16: install 6\.2 or newer"):
            await setup(client, 8)
        await client.aclose()


@pytest.mark.parametrize(
    "answer",
    [
        "NOPERM User 'ours' has no permissions to run the 'xadd' command",
        "NOPERM No permissions to access a key",
        "BUSY Redis is busy running a script",
        "STRANGEKEY router:{0}:lane:x",
    ],
)
async def test_no_command_of_a_pipeline_is_quoted(answer: str) -> None:
    """What redis-py adds to an answer, the command with an event in it, is never shown."""
    error = known(exceptions.ResponseError(answer))
    if answer.startswith("NOPERM"):
        error = exceptions.NoPermissionError(answer)
    alone = trouble(error)
    pipeline = Redis().pipeline()
    event = b"{'email': 'maya@shop.example', 'x': ') of pipeline caused error: BUSY'}"
    pipeline.annotate_exception(error, 1, ["XADD", "events", "*", "event", event])

    assert "maya" in str(error)
    assert "maya" not in trouble(error)
    assert trouble(error) == alone
