"""`celery -A router inspect engine`: what the engine of each worker owns and has in flight."""

from __future__ import annotations

from typing import Any

from celery.worker import state as worker_state
from celery.worker.control import inspect_command


def register() -> None:
    """Make the command known to workers and to `celery inspect`."""
    inspect_command(name="engine")(engine)


def engine(state: Any) -> dict[str, Any]:
    """Show what the engine owns."""
    thread = state.consumer.controller.router_engine
    if thread is None:
        slices = [r for r in worker_state.active_requests if r.name == "router.slice"]
        return {"hosting": "slices", "slices": len(slices)}
    try:
        return {"hosting": "step", **thread.facts()}
    except TimeoutError:
        return {"hosting": "step", "state": "busy"}
