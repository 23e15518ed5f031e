"""What a store says that takes nothing for now, where redis-py has no name for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import ReadOnlyError, ResponseError

if TYPE_CHECKING:
    from collections.abc import Iterator


class DiskRefuses(ReadOnlyError):  # noqa: N818 - it names what happened
    """The disk of the store is full, or broken: it can be read, and takes nothing for now."""


class ReplicasMissing(ReadOnlyError):  # noqa: N818 - as above
    """Fewer replicas follow than `min-replicas-to-write` wants: it takes nothing for now."""


class Demoted(ReadOnlyError):  # noqa: N818 - as above
    """The server became a replica while we waited for something new in it."""


class StrangeKey(ReadOnlyError):  # noqa: N818 - as above
    """Something else wrote a key of the router's, of another type: it waits until that is gone."""


SAYS: dict[str, type[ReadOnlyError]] = {
    "MISCONF": DiskRefuses,
    "NOREPLICAS": ReplicasMissing,
    "UNBLOCKED": Demoted,
    "STRANGEKEY": StrangeKey,
    "WRONGTYPE": StrangeKey,
}
"""How the answer begins; a script that has written nothing yet ends with it as well."""


def known(error: ResponseError) -> ResponseError:
    """Return an error by its name, if it is one of these."""
    text = str(error)
    name = SAYS.get(text.partition(" ")[0])
    return name(text) if name else error


class _Naming(AbstractConnection):
    """A connection that knows what a store says that takes nothing, and when it is closed."""

    async def send_packed_command(self, *arguments: Any, **named: Any) -> None:
        """Send a command; raises Lost where uvloop says RuntimeError of a closed transport."""
        try:
            await super().send_packed_command(*arguments, **named)
        except RuntimeError as error:
            if "closed" not in str(error):
                raise
            await self.disconnect(nowait=True)
            raise Lost("the connection is closed") from None

    async def read_response(self, *arguments: Any, **named: Any) -> Any:
        """Return a reply; raises what redis-py raises, and these."""
        try:
            return await super().read_response(*arguments, **named)
        except ResponseError as error:
            raise known(error) from None


def naming(kind: type[AbstractConnection]) -> type[AbstractConnection]:
    """Return a kind of connection (over TCP, TLS or a socket file alike) that names refusals."""
    return type(f"Naming{kind.__name__}", (_Naming, kind), {})


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that it came of, each once."""
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        yield one
        one = one.__cause__ or one.__context__
