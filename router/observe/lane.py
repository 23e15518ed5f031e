"""The name of a lane: the destination and its adapter, `NAME:TYPE`."""

from __future__ import annotations


def lane_of(destination: str, kind: str) -> str:
    """Return the lane of a destination: with another adapter it would be another lane."""
    return f"{destination}:{kind}"


def parts_of(lane: str) -> tuple[str, str]:
    """Return the destination and the adapter that a lane is named after."""
    destination, _, kind = lane.partition(":")
    return destination, kind


def destination_of(lane: str) -> str:
    """Return the destination that a lane is named after."""
    return parts_of(lane)[0]
