"""What a store says whose disk is full: redis-py has no name for it."""

from __future__ import annotations

from typing import Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ReadOnlyError, ResponseError

SAYS = "MISCONF"
"""How the answer begins; a script that has written nothing yet ends with it as well."""


class DiskRefuses(ReadOnlyError):  # noqa: N818 - it names what happened
    """The disk of the store is full, or broken: it can be read, and takes nothing for now."""


def known(error: ResponseError) -> ResponseError:
    """Return an error by its name, if it is that of a full disk."""
    return DiskRefuses(str(error)) if str(error).startswith(SAYS) else error


class _Naming(AbstractConnection):
    """A connection that knows what a store with a full disk says."""

    async def read_response(self, *arguments: Any, **named: Any) -> Any:
        """Return a reply; raises what redis-py raises, and DiskRefuses."""
        try:
            return await super().read_response(*arguments, **named)
        except ResponseError as error:
            raise known(error) from None


def naming(kind: type[AbstractConnection]) -> type[AbstractConnection]:
    """Return a kind of connection (over TCP, TLS or a socket file alike) that names refusals."""
    return type(f"Naming{kind.__name__}", (_Naming, kind), {})
