"""Opening the configured store for a command: whatever keeps it shut becomes one sentence."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from router.cli.failure import Exit, Failure
from router.store.connection import StoreError
from router.store.embedded import StoreUnavailable
from router.store.opening import NothingThere, WrongFormat, open_store
from router.store.trouble import trouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from router.store.opening import Place
    from router.store.store import Store


@asynccontextmanager
async def opened(config: Place) -> AsyncIterator[Store]:
    """Open the store; a store that does not answer, then or later, ends the command."""
    try:
        async with open_store(config) as store:
            yield store
    except NothingThere as error:  # so it is for broken configurations alone
        raise Failure(str(error), Exit.USAGE) from error
    except (StoreUnavailable, WrongFormat) as error:
        raise Failure(str(error)) from error
    except StoreError as error:
        raise Failure(f"{address(config)} {trouble(error, config.redis)}") from error


def address(config: Place) -> str:
    """Return where the store is, without user and password."""
    if config.redis == "embedded":
        return f"the embedded store in {config.data}"
    parts = urlsplit(config.redis)
    if parts.scheme.endswith("+sentinel"):
        return f"the store that {parts.netloc.rpartition('@')[2]} name {parts.path.strip('/')}"
    if parts.scheme == "unix":
        return f"the store at {parts.path}"
    if parts.scheme == "redis+cluster":
        return f"the cluster at {parts.netloc.rpartition('@')[2]}"
    return f"the store at {parts.scheme}://{parts.hostname or 'localhost'}:{parts.port or 6379}"
