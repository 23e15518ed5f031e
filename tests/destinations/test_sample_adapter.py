"""The authors' page shows two adapters and a test; they do what the page says."""

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


slack, contacts = loaded("slack"), loaded("contacts")
TestSlack: Any = loaded("test_slack").TestSlack
TestContacts: Any = loaded("test_contacts").TestContacts
"""The examples' own test classes, collected here."""


def test_the_examples_inherit_the_laws() -> None:
    """The examples' tests are ones that inherit, so that the page shows what an author gets."""
    assert issubclass(TestSlack, AdapterContract)
    assert issubclass(TestContacts, AdapterContract)


def test_the_examples_are_short() -> None:
    """An adapter that is worth showing fits on a screen, and so does its test."""
    for name, most in (("slack.py", 46), ("test_slack.py", 30), ("contacts.py", 62)):
        assert len((EXAMPLES / name).read_text("utf-8").splitlines()) <= most
