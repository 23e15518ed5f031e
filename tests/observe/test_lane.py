"""The name of a lane is written and read in one place."""

from __future__ import annotations

from router.observe.lane import destination_of, lane_of, parts_of


def test_a_lane_tells_its_destination_and_adapter() -> None:
    """What a lane is made of is read back from its name."""
    assert ("hook", "webhook") == parts_of(lane_of("hook", "webhook"))
    assert "hook" == destination_of("hook:webhook")
