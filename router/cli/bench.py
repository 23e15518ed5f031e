"""`router bench`: measure this machine, each figure beside its reference."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import click
import uvloop

from router.cli.command import Command
from router.cli.output import console, json_option, note, print_json, table

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from router.bench.figure import Figure

SIZES = {
    "route": (3_000, 30_000),
    "memory": (2_000, 20_000),
    "delivery": (2_000, 20_000),
    "webhook": (1_500, 10_000),
    "scaling": (1_000, 10_000),
    "latency": (50, 300),
    "isolation": (100, 600),
    "backlog": (1_000, 100_000),
}
"""How many events each takes, in short and in full."""


@click.command(
    cls=Command,
    examples="""
        router bench
        router bench --short
        router bench route memory --json
        router bench backlog --events 1000000
    """,
)
@click.argument("names", nargs=-1, type=click.Choice(list(SIZES)), metavar="[NAME...]")
@click.option("--short", is_flag=True, help="Fewer events: seconds instead of minutes.")
@click.option("--events", type=click.IntRange(min=1), help="So many, instead of each one's own.")
@json_option
def bench(names: tuple[str, ...], *, short: bool, events: int | None, as_json: bool) -> None:
    """Measure what is named, else all, from routing to what a backlog costs.

    Every benchmark has a store of its own and measures its reference in the same run.
    """
    figures: list[Figure] = []
    for name in names or tuple(SIZES):
        count = events or SIZES[name][0 if short else 1]
        note(f"{name}: {count:,} events ...")
        figures += uvloop.run(_benchmarks()[name](_lines(), count))  # as the worker does
    if as_json:
        print_json(_as_dict(figures, short=short))
    else:
        _draw(figures)


def _benchmarks() -> dict[str, Callable[[Sequence[bytes], int], Coroutine[Any, Any, list[Figure]]]]:
    from router.bench import backlog, delivering, isolation, routing, scaling  # noqa: PLC0415 - `--help` measures nothing

    return {
        "route": routing.route,
        "memory": routing.memory,
        "delivery": delivering.delivery,
        "webhook": delivering.webhook,
        "scaling": scaling.scaling,
        "latency": delivering.latency,
        "isolation": isolation.isolation,
        "backlog": backlog.backlog,
    }


def _lines() -> list[bytes]:
    """Return the real events that the demonstration plays as well."""
    return (files("router.cli.demo") / "events.jsonl").read_bytes().splitlines()


def _as_dict(figures: list[Figure], *, short: bool) -> dict[str, Any]:
    return {
        "short": short,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "figures": [{**asdict(one), "ratio": one.ratio, "reached": one.reached} for one in figures],
    }


def _draw(figures: list[Figure]) -> None:
    made = table(
        "benchmark", "what", "measured", "unit", "to reach", "reference", "its figure", "ratio",
        numbers=("measured", "to reach", "its figure", "ratio"),
    )  # fmt: skip
    for one in figures:
        digits = 1 if one.value < 100 else 0
        reach = "" if one.reach is None else f"{one.reach:,.0f}"
        made.add_row(
            one.benchmark, one.what, f"{one.value:,.{digits}f}", one.unit, reach,
            one.reference, f"{one.reference_value:,.{digits}f}", f"{one.ratio:.2f} x",
        )  # fmt: skip
    console().print(made)
    for one in figures:
        for name, value in one.details.items():
            note(f"{one.benchmark}: {name} {value:,.1f}")
