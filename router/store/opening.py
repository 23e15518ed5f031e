"""Opening the configured store: where it is, whose format it has, and how many shards."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from router.store import dictionaries, keys
from router.store.age import check_age
from router.store.connection import connect
from router.store.embedded import EmbeddedStore, StoreUnavailable
from router.store.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from router.store.connection import Client

FORMATS = (2, dictionaries.FORMAT)
"""The versions of what lies in a store that this one understands; another one is refused."""


class Place(Protocol):
    """What of the configuration says where the store is."""

    @property
    def redis(self) -> str:
        """`embedded`, or the server's URL."""

    @property
    def data(self) -> Path:
        """The embedded store's folder."""

    @property
    def shards(self) -> int:
        """How many shards to make at first start; 0 makes nothing, neither shards nor a server."""


class NothingThere(StoreUnavailable):
    """Nobody has used the store yet, and whoever only looks does not begin to."""


class WrongFormat(Exception):  # noqa: N818 - it names what is the matter
    """The store was written by a version that this one does not understand."""


async def setup(redis: Client, shards: int) -> int:
    """Fix the number of shards at first start; returns the number that is in force.

    Raises WrongFormat when the store was written by another version, TooOld, and NothingThere.
    """
    await check_age(redis)
    found = await redis.hgetall(keys.SETUP)
    if b"format" not in found and not shards:
        raise NothingThere("there is nothing of the router's in that store")
    if b"format" not in found:  # a full store can be read and emptied, but not written to
        await redis.hsetnx(keys.SETUP, "shards", str(shards))
        await redis.hsetnx(keys.SETUP, "format", str(FORMATS[0]))
        found = await redis.hgetall(keys.SETUP)
    if int(found[b"format"]) not in FORMATS:
        raise WrongFormat(
            "the store was written by another version of the router: its format is"
            f" {int(found[b'format'])}, this version reads {FORMATS[-1]};"
            " run the version that wrote it, or name another database or data folder"
        )
    return int(found[b"shards"])


@asynccontextmanager
async def open_store(place: Place) -> AsyncIterator[Store]:
    """Open the configured store: attach to the embedded one (starting it if need be), or connect.

    Raises StoreUnavailable, WrongFormat, or StoreError when a server does not answer.
    """
    embedded = EmbeddedStore(place.data) if place.redis == "embedded" else None
    if embedded and not place.shards and not (place.data / "store").is_dir():
        raise NothingThere(f"there is no embedded store in {place.data}")
    redis = connect(embedded.attach() if embedded else place.redis)
    try:
        yield Store(redis, await setup(redis, place.shards))
    finally:
        await redis.aclose()
        if embedded:
            embedded.leave()
