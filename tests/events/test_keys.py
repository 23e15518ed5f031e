"""Shards and turns: stable, even, and silent about who the user is."""

from __future__ import annotations

from collections import Counter

import pytest

from router.events.keys import shard_of, turn_of, turns_in, turns_of
from tests.events.making import event


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


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ({"userId": "u", "anonymousId": "a"}, ["u", "a"]),
        ({"userId": "u"}, ["u"]),
        ({"anonymousId": "a"}, ["a"]),
        ({"userId": "u", "anonymousId": "u"}, ["u"]),
        ({"userId": "", "anonymousId": None}, []),
        ({"groupId": "g", "previousId": "p"}, []),
    ],
)
def test_a_user_is_known_by_all_ids_on_an_event(ids: dict[str, str], expected: list[str]) -> None:
    """The event's own turn comes first; an event that names nobody has no user."""
    assert tuple(turn_of(one, b"secret") for one in expected) == turns_of(event(**ids), b"secret")


def test_an_alias_is_known_by_the_id_before() -> None:
    """What was denied under the id that an alias replaces holds for the alias too."""
    ids = {"userId": "u", "anonymousId": "a", "previousId": "p"}

    assert ("a", "p") == event(**ids, type="alias").other_keys
    assert ("p",) == event(**ids | {"anonymousId": "u"}, type="alias").other_keys
    assert ("a",) == event(**ids | {"previousId": "a"}, type="alias").other_keys
    assert ("a",) == event(**ids, type="identify").other_keys


def test_turns_behind_each_other() -> None:
    """Turns that were joined come apart again."""
    turns = tuple(turn_of(key, b"secret") for key in "abc")

    assert (turns, ()) == (turns_in(b"".join(turns)), turns_in(b""))


def test_a_transform_of_ids_makes_nobody_somebody_else() -> None:
    """Turns are of the ids that came in, whatever a source's transform makes of them."""
    came = event(userId="u", anonymousId="a")
    left = came._replace(data={**came.data, "userId": "hashed", "anonymousId": "dropped"})

    assert turns_of(came, b"secret") == turns_of(left, b"secret")
