"""The router with a fault in it: `celery -A tests.chaos.faulty worker`, or `-m` with a command."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.chaos.clock import bend
from tests.chaos.dying import arm, sign

if TYPE_CHECKING:
    from celery import Celery

bend(os.environ)
arm(os.environ)
sign()


def __getattr__(name: str) -> Celery:
    """Make the router's own app when Celery asks for it."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from router.worker.app import app  # noqa: PLC0415 - a command needs no Celery

    return app()


if __name__ == "__main__":
    from router.cli import main

    main()
