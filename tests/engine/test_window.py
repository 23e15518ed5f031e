"""The window of turns: who may go, who must wait, and what is not kept in memory."""

from __future__ import annotations

from typing import Any

from router.engine.deliver.turn import Item
from router.engine.deliver.window import Ordering, Window
from router.store.lanes import Try


def items(count: int, user: bytes = b"ann", **more: Any) -> list[Item[str]]:
    """Return some entries of one user."""
    return [Item("home", b"%d" % n, user, b"body", **more) for n in range(count)]


def filled(ordering: Ordering, *more: Item[str], most: int = 100, share: int = 1000) -> Window[str]:
    """Return a window with some entries."""
    window: Window[str] = Window(ordering, most=most, share=share)
    window.add(more, 0.0, 0)
    return window


def test_strict_gives_one_of_a_turn() -> None:
    """Under `strict` no two events of one user share a batch."""
    assert 1 == len(filled("strict", *items(3)).take(10, 0.0, shared=True))


def test_none_knows_no_turns() -> None:
    """Under `none` each event stands for itself."""
    window = filled("none", *items(3))

    assert 1 == len(window.take(1, 0.0, shared=False))
    assert 2 == len(window.take(10, 0.0, shared=False))


def test_a_delayed_turn_wakes_when_due() -> None:
    """A turn that failed is taken when its time has come, and says when that is."""
    window = filled("batch", *items(2))
    first = window.take(1, 0.0, shared=True)
    window.finish(first, first, 7.0, 0.0)

    assert 5.0 == window.departures.next_due(2.0)
    assert [] == window.take(5, 6.9, shared=True)
    assert [b"0", b"1"] == [item.id for item in window.take(5, 7.0, shared=True)]


def test_a_remembered_failure_delays_its_turn() -> None:
    """What failed before the shard changed hands waits as long as it would have waited."""
    tried = Try(3, 0, 0, 5_000, "http_503")
    window: Window[str] = Window("batch", most=10, share=10)
    window.add(items(1, tried=tried), 100.0, 2_000)

    assert not window.ready(102.9)
    assert window.ready(103.0)


def test_a_clock_that_was_set_back_delays_no_turn_for_hours() -> None:
    """A failure of before waits no longer than the longest backoff after its attempts."""
    tried = Try(3, 0, 0, 7 * 3_600_000, "http_503")
    window: Window[str] = Window("batch", most=10, share=10)
    window.add(items(1, tried=tried), 100.0, 2_000)

    assert not window.ready(103.9)
    assert window.ready(104.0)


def test_a_failed_turn_keeps_ids_and_order() -> None:
    """A full window forgets the bodies of who must wait; a body comes back by its id."""
    window = filled("batch", *items(300), most=300)
    taken = window.take(200, 0.0, shared=True)
    taken[0].tried = Try(1, 0, 0, 0, "http_503")
    window.finish(taken, taken, 5.0, 0.0)

    assert 0 == window.bodies
    again = window.take(300, 5.0, shared=True)
    assert [b"%d" % n for n in range(300)] == [item.id for item in again]
    assert all(item.raw is None for item in again)
    for item in again:
        window.restore(item, b"again")
    assert all(item.raw for item in again)


def test_a_long_turn_is_parked_and_leaves_room() -> None:
    """Beyond its share a turn costs nothing but the place where it is read again."""
    window = filled("batch", *items(1_000), most=100, share=20)

    assert (20, 20, 1) == (window.ids, window.bodies, window.parked)
    assert 80 == window.room


def test_large_bodies_fill_a_window_sooner() -> None:
    """A window is bounded in bytes as in entries, and so is a turn's share of it."""
    window: Window[str] = Window("batch", most=100, share=50, most_bytes=100)
    window.add([Item("home", b"%d" % n, b"ann", b"x" * 10) for n in range(20)], 0.0, 0)
    assert (5, 1) == (window.ids, window.parked)

    window.add([Item("home", b"20", b"bob", b"x" * 60)], 0.0, 0)
    assert (0, 110) == (window.room, window.bytes)
    taken = window.take(1, 0.0, shared=False)
    window.finish(taken, [], 0.0, 0.0)
    window.drop("home")
    assert (100, 0) == (window.room, window.bytes)


def test_a_parked_turn_is_not_wanted_while_it_fails() -> None:
    """What is parked behind a failing head is not read again for each of its attempts."""
    window = filled("batch", *items(100), share=5)
    head = window.take(5, 0.0, shared=True)
    window.finish(head, head, 1.0, 0.0)
    assert window.gap("home") is None

    window.finish(window.take(5, 1.0, shared=True), [], 1.0, 1.0)
    assert (5, 0) == window.gap("home")


def test_users_who_wait_leave_room_for_the_others() -> None:
    """However many users must wait for their failed heads, another one's events are read."""
    window: Window[str] = Window("batch", most=10, share=10)
    for number in range(10):
        user = b"user-%d" % number
        window.add([Item("home", b"%d-1" % number, user, b"body")], 0.0, 0)
        failed = window.take(1, 0.0, shared=False)
        failed[0].tried = Try(1, 0, 0, 0, "http_503")
        window.finish(failed, failed, 100.0, 0.0)

    window.add([Item("home", b"99-1", b"other", b"body")], 0.0, 0)

    assert window.room > 0


def test_what_was_in_a_batch_is_never_parked() -> None:
    """Behind it may stand what was delivered and is not settled: it would be read again."""
    window: Window[str] = Window("batch", most=10, share=10, most_ids=4)
    window.add(items(4), 0.0, 0)
    taken = window.take(3, 0.0, shared=True)
    for item in taken:
        item.tried = Try(1, 0, 0, 0, "http_503")
    window.finish(taken, taken[:2], 5.0, 0.0)
    window.add(items(1, b"bob"), 0.0, 0)

    assert [b"0", b"1"] == [item.id for item in window._turns["home", b"ann"].items]
    for turn in window.turns(window.take(5, 5.0, shared=True)):
        window.finish(turn, [], 5.0, 5.0)
    assert (3, 0) == window.gap("home")


def test_a_page_without_anything_wanted_is_not_read_twice() -> None:
    """Where only others stand, the place that is wanted moves on."""
    window = filled("batch", *items(100), share=5)
    window.finish(window.take(5, 0.0, shared=True), [], 0.0, 0.0)
    window.fill("home", [Item("home", b"50-3", b"bob", b"body")], 0.0, 0, after=(4, 0), whole=False)

    assert (50, 4) == window.gap("home")


def test_a_fetch_that_fails_gives_its_room_back() -> None:
    """Entries whose bodies could not be fetched go back without being counted as bodies."""
    window = filled("batch", *items(20))
    light = items(10, b"bob")
    for item in light:
        item.raw = None
    window.add(light, 0.0, 0)
    taken = window.take(300, 0.0, shared=True)
    assert 30 == window.bodies
    for turn in window.turns(taken):
        window.finish(turn, turn, 0.0, 0.0)

    assert (20, 30) == (window.bodies, window.ids)


def test_a_page_under_way_passes_over_no_turn_that_wants_older_entries() -> None:
    """A turn that wants more only after a page was asked for is not served by that page."""
    bob = [Item("home", b"%d" % n, b"bob", b"body") for n in (1, 2, 3, 4)]
    ann = [Item("home", b"%d" % n, b"ann", b"body") for n in (5, 6, 7, 8)]
    window = filled("batch", *bob, *ann, share=2)
    flying = {turn[0].turn: turn for turn in window.turns(window.take(9, 0.0, shared=True))}
    window.finish(flying[b"ann"], [], 0.0, 0.0)
    asked = window.gap("home")
    window.finish(flying[b"bob"], [], 0.0, 0.0)

    window.fill("home", ann[2:], 0.0, 0, after=(6, 0), whole=True)

    assert ((7, 0), (3, 0)) == (asked, window.gap("home"))
    assert [b"7", b"8"] == [item.id for item in window.take(9, 0.0, shared=True)]
    window.fill("home", bob[2:], 0.0, 0, after=(2, 0), whole=True)
    assert [b"3", b"4"] == [item.id for item in window.take(9, 0.0, shared=True)]
