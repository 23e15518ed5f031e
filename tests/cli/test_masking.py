"""Masked payloads: what anybody may see of a dead letter's event."""

from __future__ import annotations

from router.cli.dead.masking import masked


def test_values_become_their_kinds() -> None:
    """Of values the kind is told; those of the envelope that lists show stay."""
    payload = {"event": "Seen", "userId": "u-1", "properties": {"a": [1.5, True, None, "x"]}}

    assert {
        "event": "Seen",
        "userId": "<text>",
        "properties": {"a": ["<number>", "<true or false>", None, "<text>"]},
    } == masked(payload)


def test_keys_that_are_personal_data_are_not_shown() -> None:
    """A key may be somebody's address: a word stands in its place, at any depth."""
    payload = {"maya@example.test": 1, "properties": {"seats": [{"+49 151 12345678": 1, "b": 2}]}}

    assert {
        "(personal key)": "<number>",
        "properties": {"seats": [{"(personal key)": "<number>", "b": "<number>"}]},
    } == masked(payload)
