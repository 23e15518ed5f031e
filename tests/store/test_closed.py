"""What a connection says that its transport has closed behind its back."""

from __future__ import annotations

from typing import Any

import pytest
from redis import exceptions

from router.store.connection import connect

CLOSED = "unable to perform operation on <TCPTransport closed=True>; the handler is closed"


@pytest.mark.parametrize(("said", "raised"), [
    (CLOSED, exceptions.ConnectionError), ("something else", RuntimeError),
])  # fmt: skip
async def test_a_closed_transport_is_a_lost_connection(
    valkey_url: str, said: str, raised: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed transport that is written to says RuntimeError under uvloop: the store is away."""
    client: Any = connect(valkey_url)
    await client.ping()
    [connection] = client.connection_pool._available_connections

    def closed(*_: object) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(connection._writer, "writelines", closed)
    with pytest.raises(raised):
        await client.ping()
    await client.aclose()
