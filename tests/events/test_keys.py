"""Shards and turns: stable, even, and silent about who the user is."""

from __future__ import annotations

from collections import Counter

from router.events.keys import shard_of, turn_of


def test_shards_never_move() -> None:
    """A user's shard is the same in every version: these three are written down."""
    assert [4, 3, 1] == [shard_of(key, 8) for key in ("user-1", "maya@example.com", "\ud83d")]


def test_shards_are_even() -> None:
    """Ten thousand users spread over eight shards within a tenth."""
    counts = Counter(shard_of(f"user-{number}", 8) for number in range(10_000))

    assert all(1_125 < count < 1_375 for count in counts.values())


def test_turns_are_keyed() -> None:
    """A turn is 12 bytes, the same for a user and secret, another for any other."""
    turn = turn_of("user-1", b"secret")

    assert (12, turn) == (len(turn), turn_of("user-1", b"secret"))
    assert 4 == len({turn, turn_of("user-2", b"secret"), turn_of("user-1", b"other"),
                     turn_of("user-1", b"s" * 100)})  # fmt: skip
