"""`router bench`: what it prints; how fast this machine is, no test says."""

from __future__ import annotations

import itertools
import json
from importlib.resources import files

import pytest
from click.testing import CliRunner

from router.bench.figure import Figure, percentile
from router.bench.scene import USERS, multiplied
from router.cli import bench, main


def test_ratio_says_how_many_times_better() -> None:
    """The ratio is above one when the measured figure is the better, whichever way that lies."""
    faster = Figure("route", "events", 200.0, "events/s", "bare", 100.0, 150)
    smaller = Figure("memory", "bytes", 50.0, "bytes", "plain", 100.0, 60, lower_is_better=True)

    assert (2.0, 2.0) == (faster.ratio, smaller.ratio)
    assert (True, True) == (faster.reached, smaller.reached)


def test_percentile_is_one_of_the_values() -> None:
    """The 99th percentile of few values is the largest."""
    assert (2.0, 3.0) == (percentile([3.0, 1.0, 2.0], 0.5), percentile([3.0, 1.0, 2.0], 0.99))


def test_multiplied_events_are_new_and_of_many_users() -> None:
    """Every event has its own message id, and no user has much more than his share."""
    lines = (files("router.cli.demo") / "events.jsonl").read_bytes().splitlines()
    events = [json.loads(raw) for raw in itertools.islice(multiplied(lines), 2 * USERS)]

    assert 2 * USERS == len({event["messageId"] for event in events})
    assert USERS == len({event["anonymousId"] for event in events})


@pytest.mark.system
def test_every_benchmark_measures_itself_and_its_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each benchmark, with hardly any events, gives figures beside references above zero."""
    monkeypatch.setattr(bench, "SIZES", dict.fromkeys(bench.SIZES, (10, 10)))

    result = CliRunner().invoke(main, ["bench", "--short", "--json"], catch_exceptions=False)

    told = json.loads(result.stdout)
    assert [*bench.SIZES] == list(dict.fromkeys(one["benchmark"] for one in told["figures"]))
    assert all(one["value"] > 0 and one["reference_value"] > 0 for one in told["figures"])
    assert {"schema_version", "short", "cores", "machine", "python", "figures"} == told.keys()
