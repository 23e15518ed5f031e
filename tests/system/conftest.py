"""What system tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.stores import StoreServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def own_store(short_path: Path) -> Iterator[StoreServer]:
    """Give a store of this test's own, which it may kill."""
    server = StoreServer(short_path).start()
    yield server
    server.kill()
