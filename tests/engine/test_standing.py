"""Where a destination stands, how long it waits, and who owns what: arithmetic alone."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.engine.hold.standing import (
    DOWN,
    RECENT,
    SLOW,
    Expired,
    Open,
    Permission,
    Probe,
    Standing,
    Wait,
    held,
    is_old_news,
    permission,
    throttled,
)
from router.engine.judge.backoff import LONGEST_WAIT, exhausted, probe_wait, turn_wait
from router.engine.ownership import assigned
from router.engine.ownership import names as ownable
from router.store.holds import Hold, State

NOW = 1_000_000
HOURS = 7 * 3_600_000
ONE, TWO, THREE = b"one", b"two", b"three"


@given(st.integers(0, 10_000))
def test_a_turn_waits_at_most_five_minutes(attempts: int) -> None:
    """Backoff is somewhere between nothing and twice the last bound, five minutes at most."""
    assert 0 <= turn_wait(attempts) <= min(LONGEST_WAIT, 2.0 ** min(max(attempts, 1) - 1, 20))


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_probe_waits_at_most_a_minute(probes: int, chance: float) -> None:
    """Probes are between half a second and a minute apart."""
    assert 0.5 <= probe_wait(probes, lambda: chance) <= 60


def test_probe_waits_grow() -> None:
    """Each failed probe doubles the wait, up to a minute."""
    waits = [probe_wait(probes, lambda: 1.0) for probes in range(8)]

    assert [1, 2, 4, 8, 16, 32, 60, 60] == waits


@pytest.mark.parametrize(
    ("attempts", "failing_ms", "over"),
    [(11, 10**9, False), (12, 59_999, False), (12, 60_000, True), (13, 60_001, True)],
)
def test_exhaustion_needs_both(attempts: int, failing_ms: int, *, over: bool) -> None:
    """A delivery is given up when neither attempts nor time are left."""
    assert over is exhausted(attempts, failing_ms, 12, timedelta(minutes=1))


@pytest.mark.parametrize(
    ("hold", "allowed"),
    [
        (None, Open()),
        (Hold("paused", "by_hand", 0, by="ann"), Wait(None)),
        (Hold("paused", "by_hand", 0, NOW - 1, by="ann"), Wait(None)),
        (Hold("held", "http_401", 0, NOW + 1_500), Wait(1.5)),
        (Hold("held", "http_401", 0, NOW), Probe()),
        (Hold("held", "settings", 0), Wait(None)),
        (Hold("throttled", "http_429", 0, NOW + 500), Wait(0.5)),
        (Hold("throttled", "http_429", 0, NOW), Expired()),
        (Hold("throttled", "http_429", NOW - 9, NOW + HOURS), Wait(HOURS / 1000)),
        (Hold("throttled", "http_429", NOW + HOURS, NOW + HOURS + 1), Expired()),
        (Hold("held", "http_401", 0, NOW + HOURS), Probe()),
    ],
)
def test_what_a_hold_permits(hold: Hold | None, allowed: Permission) -> None:
    """A pause waits for its operator, a hold for its probe, a throttling for its time.

    Where the clock was set back by hours meanwhile, nothing waits for it to come round again.
    """
    assert allowed == permission(hold, NOW)


def failed(standing: Standing, *users: bytes) -> str | None:
    """Let an attempt for some users fail."""
    return standing.ended(frozenset(users), delivered=False, seconds=0.1)


def delivered(standing: Standing, seconds: float = 0.1) -> str | None:
    """Let an attempt succeed."""
    return standing.ended(frozenset(), delivered=True, seconds=seconds)


def test_ten_failures_of_three_users_are_an_outage() -> None:
    """A destination is down after ten failed attempts in a row that met three users."""
    standing = Standing()
    users = [ONE, TWO, THREE, *[ONE] * 7]

    assert [*[None] * 9, DOWN] == [failed(standing, user) for user in users]


def test_one_users_trouble_is_no_outage() -> None:
    """However often two users fail, the others are not held."""
    standing = Standing()

    assert not any(failed(standing, ONE, TWO) for _ in range(200))


def test_a_success_resets_the_count() -> None:
    """One delivery says that the destination lives."""
    standing = Standing()
    for _ in range(9):
        failed(standing, ONE, TWO, THREE)
    delivered(standing)

    assert not any(failed(standing, ONE, TWO, THREE) for _ in range(9))
    assert failed(standing, ONE) == DOWN


def test_four_failures_of_five_are_an_outage() -> None:
    """A destination that fails most of the time is held, though it answers now and then."""
    standing = Standing()
    said = [
        delivered(standing) if n % 5 == 0 else failed(standing, b"%d" % n) for n in range(RECENT)
    ]
    assert [*[None] * (RECENT - 1), DOWN] == said


def test_three_failures_of_five_are_none() -> None:
    """A destination that delivers two of five is worth its attempts."""
    standing = Standing()
    assert not any(
        delivered(standing) if n % 5 < 2 else failed(standing, b"%d" % n) for n in range(300)
    )


def test_most_attempts_slow_hold() -> None:
    """A destination that nearly runs into its timeout most of the time is held for slowness."""
    standing = Standing(slow_after=8.0)
    said = [delivered(standing, 1.0 if n % 5 == 0 else 9.0) for n in range(RECENT)]
    assert [*[None] * (RECENT - 1), SLOW] == said


def test_some_slow_attempts_are_none() -> None:
    """Half of the attempts may be slow."""
    standing = Standing(slow_after=8.0)
    assert not any(delivered(standing, 9.0 * (n % 2)) for n in range(300))


def test_three_refused_users_in_a_row_hold() -> None:
    """403 or 404 for three different users in a row is about the destination."""
    standing = Standing()

    assert [None, None, None, "http_404"] == [
        standing.saw(user, status) for user, status in
        [(ONE, 403), (ONE, 403), (TWO, 404), (THREE, 404)]
    ]  # fmt: skip


@pytest.mark.parametrize("between", [None, 200, 400, 500])
def test_another_answer_breaks_the_row(between: int | None) -> None:
    """Any other answer in between begins the row again."""
    standing = Standing()
    standing.saw(ONE, 403)
    standing.saw(TWO, 403)
    standing.saw(TWO, between)

    assert standing.saw(THREE, 403) is None


def test_a_failed_probe_waits_longer_and_keeps_the_beginning() -> None:
    """A hold that goes on began when it began, and is probed less and less."""
    first = held(None, "http_401", NOW)
    second = held(first, "http_401", NOW + 9_000)

    assert (NOW, NOW) == (first.since, second.since)
    assert (0, 1) == (first.probes, second.probes)
    assert first.probe_at is not None
    assert second.probe_at is not None
    assert 500 <= first.probe_at - NOW <= 1_000
    assert 1_000 <= second.probe_at - NOW - 9_000 <= 2_000


@given(st.floats(0, 1_000), st.floats(0, 1_000), st.integers(0, 5_000))
def test_a_throttling_is_never_shortened(first: float, second: float, later: int) -> None:
    """However throttlings follow each other, none of them is cut short."""
    before = throttled(None, "http_429", first, NOW)
    after = throttled(before, "http_429", second, NOW + later)

    assert before.probe_at is not None
    assert after.probe_at is not None
    assert after.probe_at >= max(before.probe_at, NOW + later + second * 1_000)
    assert after.probe_at <= max(before.probe_at, NOW + later + second * 1_100 + 1)
    assert NOW == after.since


@pytest.mark.parametrize(
    ("known", "new", "probed", "old"),
    [
        (None, "held", False, False),
        ("throttled", "held", False, False),
        ("throttled", "throttled", False, False),
        ("held", "held", False, True),
        ("held", "held", True, False),
        ("held", "throttled", False, False),
        ("paused", "held", False, True),
        ("paused", "held", True, True),
        ("paused", "throttled", False, True),
    ],
)
def test_what_fails_late_changes_nothing(
    known: State | None, new: State, *, probed: bool, old: bool
) -> None:
    """Requests that were open when a hold began do not renew it; a probe of it does."""
    before = Hold(known, "x", 0) if known else None

    assert old is is_old_news(Hold(new, "x", 0), before, probed=probed)


OWNERS = st.lists(st.text("abc123", min_size=1), min_size=1, max_size=12, unique=True)


@given(OWNERS, st.integers(1, 64))
def test_each_name_has_exactly_one_owner(owners: list[str], shards: int) -> None:
    """All that can be owned is owned, by one of the living, whatever order they are told in."""
    shares = {owner: assigned(owner, owners, shards) for owner in owners}

    assert sorted(ownable(shards)) == sorted(name for share in shares.values() for name in share)
    assert shares == {owner: assigned(owner, owners[::-1], shards) for owner in owners}


@given(OWNERS, st.integers(1, 64))
def test_shares_are_even(owners: list[str], shards: int) -> None:
    """Nobody has two shards more than somebody else, nor three names more."""
    shares = [assigned(owner, owners, shards) for owner in owners]
    numbers = Counter(sum(name.isdigit() for name in share) for share in shares)

    assert max(numbers) - min(numbers) <= 1
    assert max(map(len, shares)) - min(map(len, shares)) <= 2


def test_a_stranger_owns_nothing() -> None:
    """Who is not among the living has no share."""
    assert [] == assigned("ghost", ["a", "b"], 8)
