"""What every test may ask for, and what holds for all of them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fakeredis
import pytest
import redis.asyncio
from hypothesis import HealthCheck, settings

from tests.support import canary as ears
from tests.support import stores
from tests.support.processes import end_all
from tests.support.schedule import Schedule
from tests.support.stores import StoreServer
from tests.support.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

# A machine may be busy: no test hangs on how long an example takes.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

KEPT_VARIABLES = frozenset({"ROUTER_TEST_SEED"})
FOREIGN = ("ROUTER_", "CELERY", "REDIS", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
REAL_STORES = [
    pytest.param("valkey", id="valkey"),
    pytest.param("redis", id="redis", marks=pytest.mark.skipif(
        stores.binary("redis") is None, reason="no redis-server on the path")),
]  # fmt: skip


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Schedule:
    """Let parallel runs keep to the house's own schedule."""
    return Schedule(config, log)


def pytest_sessionfinish() -> None:
    """Leave no process behind."""
    end_all()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run `async def` tests on asyncio."""
    return "asyncio"


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the machine's own settings: no test may depend on them."""
    for name in set(os.environ) - KEPT_VARIABLES:
        if name.upper().startswith(FOREIGN):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def canary() -> Iterator[ears.Canary]:
    """Fail any test in which a planted value reached a log line, at any level."""
    for listener in ears.listening():
        yield listener
        if listener.sung:
            pytest.fail("a planted value was logged:\n" + "\n".join(listener.sung), pytrace=False)


@pytest.fixture
def short_path() -> Iterator[Path]:
    """Give a folder whose path is short enough for a Unix socket in it."""
    with tempfile.TemporaryDirectory(prefix="rt-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def _servers() -> Iterator[dict[str, StoreServer]]:
    """Start each kind of store at most once per session and parallel worker."""
    running: dict[str, StoreServer] = {}
    with tempfile.TemporaryDirectory(prefix="rt-") as folder:
        yield _Lazily(Path(folder), running)
        for server in running.values():
            server.kill()


class _Lazily(dict[str, StoreServer]):
    """Starts a store when it is first asked for."""

    def __init__(self, folder: Path, running: dict[str, StoreServer]) -> None:
        super().__init__()
        self._folder = folder
        self._running = running

    def __missing__(self, kind: Any) -> StoreServer:
        folder = self._folder / kind
        folder.mkdir()
        self[kind] = self._running[kind] = StoreServer(folder, kind, seconds=3600).start()
        return self[kind]


@pytest.fixture(params=REAL_STORES)
def store_server(request: pytest.FixtureRequest, _servers: dict[str, StoreServer]) -> StoreServer:
    """Give a real, empty store: the embedded one, then the system's if there is one."""
    server = _servers[request.param]
    server.flush()
    return server


@pytest.fixture
def redis_url(store_server: StoreServer) -> str:
    """Give the address of a real, empty store."""
    return store_server.url


@pytest.fixture(params=[pytest.param("fake", id="fakeredis"), *REAL_STORES], name="redis")
async def redis_client(
    request: pytest.FixtureRequest, _servers: dict[str, StoreServer]
) -> AsyncIterator[redis.asyncio.Redis]:
    """Give a client of an empty store of each kind, for the laws of what is kept there."""
    client = client_of_empty(request.param, _servers)
    yield client
    await client.aclose()


def client_of_empty(kind: str, servers: dict[str, StoreServer]) -> redis.asyncio.Redis:
    """Return a client of a kind of store, `fake` among them, that holds nothing."""
    if kind == "fake":
        return fakeredis.FakeAsyncRedis()
    server = servers[kind]
    server.flush()
    return redis.asyncio.Redis.from_url(server.url)


@pytest.fixture(scope="session")
def _vendor_process() -> Iterator[list[Vendor]]:
    """Keep one vendor running from test to test."""
    kept: list[Vendor] = []
    yield kept
    for vendor in kept:
        vendor.stop()


@pytest.fixture
def vendor(_vendor_process: list[Vendor], tmp_path_factory: pytest.TempPathFactory) -> Vendor:
    """Give a well-behaved vendor on loopback that remembers nothing."""
    if not _vendor_process:
        _vendor_process.append(Vendor(tmp_path_factory.mktemp("vendor")))
    vendor = _vendor_process[0]
    vendor.forget()
    return vendor
