"""Solitude: an attempt with nothing else in flight in its process, so that it shows who kills."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Solitude:
    """Lets many fly in company, or one alone."""

    def __init__(self) -> None:
        self.kept = False
        """Whether somebody is alone, or is about to be."""
        self._flying = 0
        self._landed = asyncio.Event()
        self._over = asyncio.Event()
        self._turn = asyncio.Lock()

    async def over(self) -> None:
        """Wait until nobody is alone."""
        while self.kept:
            await self._over.wait()

    def enter(self) -> None:
        """Begin to be one of many, while nobody is alone."""
        self._flying += 1

    def leave(self) -> None:
        """Have been one of many."""
        self._flying -= 1
        if self.kept and not self._flying:
            self._landed.set()

    @asynccontextmanager
    async def company(self) -> AsyncIterator[None]:
        """Be one of many, as soon as nobody is alone."""
        await self.over()
        self.enter()
        try:
            yield
        finally:
            self.leave()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Be the only one, as soon as all others have landed; none starts meanwhile."""
        async with self._turn:
            self.kept = True
            self._over.clear()
            self._landed.clear()
            try:
                if self._flying:
                    await self._landed.wait()
                yield
            finally:
                self.kept = False
                self._over.set()
