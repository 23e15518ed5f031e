"""The authors' page shows an adapter and its test; both do what the page says."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

from destinations.conformance import AdapterContract
from tests.destinations.reference import EXAMPLES

if TYPE_CHECKING:
    from types import ModuleType


def loaded(name: str) -> ModuleType:
    """Import an example by its file, as its author's own package would."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


slack = loaded("slack")
TestSlack: Any = loaded("test_slack").TestSlack
"""The example's own test class, collected here."""


def test_the_example_inherits_the_laws() -> None:
    """The example's test is one that inherits, so that the page shows what an author gets."""
    assert issubclass(TestSlack, AdapterContract)


def test_the_example_is_short() -> None:
    """An adapter that is worth showing fits on a screen, and so does its test."""
    for name, most in (("slack.py", 46), ("test_slack.py", 30)):
        assert len((EXAMPLES / name).read_text("utf-8").splitlines()) <= most
