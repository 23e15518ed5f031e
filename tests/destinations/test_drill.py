"""Drill: a destination that fails as it is told, the same way each time."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from destinations import Delivered, Held, Outcome, Rejected, Retry, Throttled, Unknown
from destinations.conformance import SendContract, carrying, drive
from destinations.drill import Drill, DrillError

if TYPE_CHECKING:
    from pathlib import Path

    from destinations import Delivery

DOWN = Retry("http_503", 503)


def drill(**settings: Any) -> Drill:
    """Return a drill of these settings."""
    return Drill(Drill.Settings.model_validate(settings))


def an_attempt(message_id: str = "m", attempt: int = 1) -> Delivery:
    """Return a delivery at its so-many-th attempt."""
    return carrying({"type": "track", "messageId": message_id}, attempt=attempt)


def met(adapter: Drill, message_id: str = "m", attempt: int = 1) -> Outcome:
    """Return the outcome that one delivery meets at one attempt."""
    (outcome,) = drive(adapter, [an_attempt(message_id, attempt)]).values()
    return outcome


class TestDrill(SendContract):
    """A drill that is told nothing keeps the contract."""

    @pytest.fixture
    def adapter(self) -> Drill:
        """Return a drill without settings."""
        return drill()


class TestRecordingDrill(SendContract):
    """A drill that records keeps the contract."""

    @pytest.fixture
    def adapter(self, tmp_path: Path) -> Drill:
        """Return a drill that records, and takes batches."""
        return drill(record=tmp_path / "record", batch=10)


@pytest.mark.parametrize(
    ("fate", "outcome"),
    [
        ("http_200", Delivered()),
        ("http_400", Rejected("http_400", 400)),
        ("http_401", Held("http_401", 401)),
        ("http_429", Throttled(timedelta(seconds=9), "http_429")),
        ("http_503", DOWN),
        ("reset", Retry("connection_reset")),
        ("lost", Unknown("lost")),
        ("hang", Unknown("hang")),
    ],
)
def test_each_fate_has_its_outcome(fate: str, outcome: Outcome) -> None:
    """A fate comes to what the engine would make of the real thing."""
    assert met(drill(script=[fate], retry_after=9, hang="1ms")) == outcome


def test_raise_is_a_bug() -> None:
    """A drill that is told to raises, as an adapter with a bug would."""
    with pytest.raises(DrillError):
        met(drill(script=["raise"]))


def test_the_script_is_followed_by_attempt() -> None:
    """Each event meets the script from its start, then the shares."""
    adapter = drill(script=["http_503", "reset"], shares={"http_400": 1.0})
    fates = [met(adapter, attempt=n) for n in (1, 2, 3, 4)]
    bad = Rejected("http_400", 400)
    assert fates == [DOWN, Retry("connection_reset"), bad, bad]


def test_for_first_ends_the_trouble() -> None:
    """After so many attempts every event is delivered."""
    adapter = drill(shares={"http_503": 1.0}, for_first=2)
    assert [met(adapter, attempt=n) for n in (1, 2, 3)] == [DOWN, DOWN, Delivered()]


def test_shares_are_kept() -> None:
    """Over many events each fate gets about its share, and the rest are delivered."""
    adapter = drill(shares={"http_503": 0.2, "http_429": 0.1, "lost": 0.3})
    seen = Counter(type(met(adapter, str(n))) for n in range(2000))
    assert {Retry, Throttled, Unknown, Delivered} == set(seen)
    for kind, share in ((Retry, 0.2), (Throttled, 0.1), (Unknown, 0.3), (Delivered, 0.4)):
        assert abs(seen[kind] / 2000 - share) < 0.03


def test_the_same_attempt_meets_the_same_fate() -> None:
    """Fates depend on event, attempt and seed alone, not on the process or the order."""
    shares = {"http_503": 0.5}
    ids = [str(n) for n in range(60)]
    first = [met(drill(shares=shares), each) for each in ids]

    assert [met(drill(shares=shares), each) for each in reversed(ids)] == first[::-1]
    assert [met(drill(shares=shares, seed=1), each) for each in ids] != first
    assert [met(drill(shares=shares), each, 2) for each in ids] != first


def test_a_throttling_ends() -> None:
    """An answer that burns no attempt is drawn anew at the next time of asking."""
    adapter = drill(shares={"http_429": 0.5})
    delivery = an_attempt()
    seen: list[Outcome] = []
    for _ in range(40):
        seen += drive(adapter, [delivery]).values()
        delivery.attempted_at += 5000
    assert {type(outcome) for outcome in seen} == {Throttled, Delivered}


def test_batches_break_in_parts_or_together() -> None:
    """Each event of a batch meets its own fate, unless the batch is to share that of its first."""
    deliveries = [an_attempt(str(n)) for n in range(50)]
    shares = {"http_503": 0.5}
    apart = drive(drill(shares=shares, batch=50), deliveries)
    assert set(apart.values()) == {DOWN, Delivered()}

    together = drive(drill(shares=shares, batch=50, together=True), deliveries)
    assert set(together.values()) == {apart[deliveries[0]]}


def test_the_batch_is_what_the_settings_say() -> None:
    """A drill takes batches as large as it is told."""
    assert (drill().batch.events, drill(batch=500).batch.events) == (1, 500)


@pytest.mark.parametrize("settings", [{"latency": "30ms"}, {"script": ["hang"], "hang": "30ms"}])
def test_it_takes_its_time(settings: dict[str, Any]) -> None:
    """A call takes the latency, and a hanging one as long as it is told to hang."""

    async def timed() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await drill(**settings).send([an_attempt()])
        return loop.time() - began

    assert asyncio.run(timed()) >= 0.029


def test_jitter_is_the_deliverys_own() -> None:
    """Latency is spread over the jitter, the same for the same delivery."""
    adapter = drill(latency="1s", jitter="1s")
    delays = [adapter.delay([an_attempt(str(n))], ["http_200"]) for n in range(100)]
    assert 1 <= min(delays) < 1.2
    assert 1.8 < max(delays) < 2
    assert delays == [adapter.delay([an_attempt(str(n))], ["http_200"]) for n in range(100)]


def test_the_record_says_what_arrived(tmp_path: Path) -> None:
    """Each attempt is a line that names the delivery, its fate, and whether it arrived."""
    record = tmp_path / "record.jsonl"
    adapter = drill(script=["http_503", "lost"], record=record)
    deliveries = [an_attempt(attempt=n) for n in (1, 2, 3)]
    for delivery in deliveries:
        drive(adapter, [delivery])

    lines = [json.loads(line) for line in record.read_text().splitlines()]
    assert [line.pop("event") for line in lines] == [d.payload for d in deliveries]
    key = deliveries[0].idempotency_key
    facts = [(1, "http_503", False), (2, "lost", True), (3, "http_200", True)]
    assert lines == [
        {"key": key, "message_id": "m", "attempt": n, "fate": fate, "arrived": arrived}
        for n, fate, arrived in facts
    ]


@pytest.mark.parametrize(
    "settings",
    [{"script": ["explode"]}, {"script": ["http_99"]}, {"shares": {"http_700": 0.1}},
     {"shares": {"lost": 1.5}}, {"shares": {"lost": 0.6, "reset": 0.6}}, {"batch": 0}],
)  # fmt: skip
def test_wrong_settings_are_refused(settings: dict[str, Any]) -> None:
    """An unknown fate, or shares beyond the whole, are refused."""
    with pytest.raises(ValidationError):
        drill(**settings)
