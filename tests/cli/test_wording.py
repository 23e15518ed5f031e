"""Words, masks and what a terminal must not obey."""

from __future__ import annotations

import pytest

from router.cli.dead.masking import masked
from router.cli.output import harmless
from router.cli.wording import ago, ahead, count, moment, span

NOW = 1_800_000_000_000


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(0, "0 s"), (999, "0 s"), (61_000, "1 min 1 s"), (3_600_000, "1 h"),
     (3_660_000, "1 h 1 min"), (90_061_000, "1 d 1 h"), (-5, "0 s")],
)  # fmt: skip
def test_span(milliseconds: int, words: str) -> None:
    """A length of time is told in its two largest units."""
    assert words == span(milliseconds)


def test_counts_agree_with_their_noun() -> None:
    """One is one, and thousands are parted."""
    told = [count(1, "event"), count(2000, "event"), count(2, "delivery", "deliveries")]

    assert ["1 event", "2,000 events", "2 deliveries"] == told


def test_moments() -> None:
    """Programs read UTC, people read how long ago or ahead; what is not known is left out."""
    assert ("2027-01-15T08:00:00.000Z", None) == (moment(NOW), moment(None))
    assert ("5 s ago", "") == (ago(NOW - 5000, NOW), ago(None, NOW))
    assert ("in 5 s", "now") == (ahead(NOW + 5000, NOW), ahead(NOW, NOW))


def test_masks_leave_shape_and_envelope() -> None:
    """Keys, nesting and the envelope stay; every other value becomes its kind."""
    payload = {
        "type": "track", "userId": "u-1", "ok": True, "nothing": None,
        "properties": {"list": [1, "a", {"deep": 2.5}]},
    }  # fmt: skip

    expected = {
        "type": "track", "userId": "<text>", "ok": "<true or false>", "nothing": None,
        "properties": {"list": ["<number>", "<text>", {"deep": "<number>"}]},
    }  # fmt: skip
    assert expected == masked(payload)


def test_terminal_commands_are_written_out() -> None:
    """An event's text cannot clear the screen or break the line."""
    assert "a\\x1b[2Jb\\nc" == harmless("a\x1b[2Jb\nc")
