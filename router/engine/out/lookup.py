"""Looking up hosts, each in a thread of its own: a name that nobody answers keeps no other waiting.

Event loops look up in a pool of threads (uvloop four), which one destination whose name servers
are silent would soon have all to itself.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohappyeyeballs import AddrInfoType as Address

    Answer: TypeAlias = "asyncio.Future[Sequence[Address] | OSError]"


class Lookup:
    """One destination's lookups: of one host and port there is never more than one at a time."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], Answer] = {}

    async def addresses(self, host: str, port: int) -> Sequence[Address]:
        """Return the addresses of a host; raises OSError when it has none.

        Who gives up waiting leaves the lookup to whoever asks next.
        """
        answer = self._open.get((host, port)) or self._begin(host, port)
        found = await asyncio.shield(answer)
        if isinstance(found, OSError):
            raise found
        return found

    def _begin(self, host: str, port: int) -> Answer:
        loop = asyncio.get_running_loop()
        answer: Answer = loop.create_future()
        answer.add_done_callback(lambda _: self._open.pop((host, port), None))

        def work() -> None:
            found = _asked(host, port)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(answer.set_result, found)

        self._open[host, port] = answer
        threading.Thread(target=work, name="lookup", daemon=True).start()
        return answer


def _asked(host: str, port: int) -> Sequence[Address] | OSError:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM) or OSError("no address")
    except OSError as error:
        return error
    except UnicodeError:  # a label of the name is empty or too long
        return OSError("no name")
