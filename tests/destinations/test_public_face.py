"""What authors import: one module, sorted, and nothing that only tests need."""

from __future__ import annotations

import subprocess
import sys

import destinations


def test_all_is_sorted_and_true() -> None:
    """`__all__` names what the package offers, once each, in order."""
    assert list(destinations.__all__) == sorted(set(destinations.__all__))
    assert all(hasattr(destinations, name) for name in destinations.__all__)


def test_no_adapter_needs_the_tests_framework() -> None:
    """The package, its built-in adapters and rehearsals import without pytest."""
    program = (
        "import sys; sys.modules['pytest'] = None\n"
        "import destinations, destinations.webhook, destinations.file, destinations.console\n"
        "import destinations.drill, destinations.mixpanel, destinations.rehearsal\n"
        "print(any(name.startswith('router') for name in sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "False\n", "and without the router"
