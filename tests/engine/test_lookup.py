"""Names that nobody answers keep no other destination's waiting, and take one thread each."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from router.engine.out.lookup import Lookup
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from collections.abc import Iterator

FOUND = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 443))]
SILENT = 40
"""Destinations in trouble: more than any event loop has threads to look up with."""


class Names:
    """Name servers that answer for `good.test`, deny `none.test`, and are silent otherwise."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let_go = threading.Event()

    def getaddrinfo(self, host: str, *_: Any, **__: Any) -> Any:
        """Answer as the system's resolver."""
        self.asked.append(host)
        if host == "none.test":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        if host != "good.test":
            self.let_go.wait(30)
        return FOUND


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    """Put made-up name servers in place of the system's."""
    names = Names()
    monkeypatch.setattr(socket, "getaddrinfo", names.getaddrinfo)
    yield names
    names.let_go.set()


async def test_silent_names_keep_no_other_waiting(names: Names) -> None:
    """However many destinations wait for their names, another one's is found."""
    silent = [
        asyncio.create_task(Lookup().addresses(f"silent-{number}.test", 443))
        for number in range(SILENT)
    ]
    await wait_until_async(lambda: len(names.asked) == SILENT, what="all to be asked for")

    assert FOUND == await Lookup().addresses("good.test", 443)
    assert not any(task.done() for task in silent)
    names.let_go.set()
    assert [FOUND] * SILENT == await asyncio.gather(*silent)


async def test_who_gives_up_leaves_the_lookup_to_the_next(names: Names) -> None:
    """A destination that asks again and again for a silent name has one thread, not more."""
    lookup = Lookup()
    for _ in range(5):
        waiting = asyncio.create_task(lookup.addresses("silent.test", 443))
        await wait_until_async(lambda: names.asked, what="the question")
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    again = asyncio.create_task(lookup.addresses("silent.test", 443))
    names.let_go.set()

    assert FOUND == await again
    assert ["silent.test"] == names.asked


async def test_what_is_not_found_is_an_error_for_all_who_asked(names: Names) -> None:
    """An unknown name is told to each, and asked for anew next time."""
    lookup = Lookup()
    asked = [lookup.addresses("none.test", 443) for _ in range(2)]
    found = await asyncio.gather(*asked, return_exceptions=True)

    assert [socket.gaierror] * 2 == [type(each) for each in found]
    with pytest.raises(OSError, match="no such name"):
        await lookup.addresses("none.test", 443)
    assert 2 == names.asked.count("none.test")


async def test_a_name_that_cannot_be_one_is_an_error() -> None:
    """What no name server could be asked for is an error like any other."""
    with pytest.raises(OSError, match="no name"):
        await Lookup().addresses("a..test", 443)
