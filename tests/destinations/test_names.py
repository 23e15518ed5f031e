"""The names that events use for vendors: each adapter answers to all that the catalogues list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from router.config import adapter_classes

if TYPE_CHECKING:
    from destinations import Adapter

LISTED: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[1] / "corpora" / "integration_names.json").read_text()
)
"""By a vendor's plain name, the names that SDKs' catalogues give its destinations."""
OURS = [adapter for adapter in adapter_classes().values() if adapter.name in LISTED]


@pytest.mark.parametrize("adapter", OURS, ids=lambda adapter: adapter.name)
def test_answers_to_every_listed_name(adapter: type[Adapter[Any]]) -> None:
    """Whatever name of the catalogue an event uses, the adapter is meant."""
    assert set() == {*LISTED[adapter.name]} - {adapter.name, *adapter.aliases}


def test_some_are_listed() -> None:
    """The catalogue is not about others alone."""
    assert {"Mixpanel", "Webhook"} <= {adapter.name for adapter in OURS}
