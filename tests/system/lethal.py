"""An adapter and a router that end or keep their process, as broken native code does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from destinations.webhook import Webhook
from router.engine.route.routing import Router

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery

    from destinations import Delivery
    from destinations.contract import Requests

SENT = b"cyanide"
"""Whoever delivers an event with this word in it ends."""
ROUTED = b"hemlock"
"""Whoever routes an event with this word in it ends."""
ENDLESS = b"lotus"
"""Whoever delivers an event with this word in it never comes to anything else."""
STATUS = 9


class Lethal(Webhook):
    """A webhook whose adapter ends the process on some deliveries."""

    name = "Lethal"

    def requests(self, deliveries: Sequence[Delivery]) -> Requests:
        """End the process, keep it for ever, or post."""
        while any(ENDLESS in delivery.body for delivery in deliveries):
            pass
        if any(SENT in delivery.body for delivery in deliveries):
            os._exit(STATUS)
        return super().requests(deliveries)


def install(folder: Path) -> dict[str, str]:
    """Install the adapter as another's package would be; returns what workers must know."""
    packed = folder / "lethal-1.0.dist-info"
    packed.mkdir()
    (packed / "METADATA").write_text("Metadata-Version: 2.1\nName: lethal\nVersion: 1.0\n")
    points = "[router.destinations]\nlethal = tests.system.lethal:Lethal\n"
    (packed / "entry_points.txt").write_text(points)
    return {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), str(folder)])}


def __getattr__(name: str) -> Celery:
    """Make the router's own app, with its fault, when Celery asks for it."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from router.worker.app import app  # noqa: PLC0415 - the adapter alone needs no Celery

    route = Router.route

    def lethal(self: Router, arrivals: Any, now_ms: int) -> Any:
        if any(ROUTED in arrival.raw for arrival in arrivals):
            os._exit(STATUS)
        return route(self, arrivals, now_ms)

    Router.route = lethal  # type: ignore[method-assign]  # the door
    return app()
