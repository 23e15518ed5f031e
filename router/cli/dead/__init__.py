"""`router dead`: see, replay and discard dead letters and what lies on the shelf."""

from __future__ import annotations

from router.cli.command import Group, Lazy

_HERE = "router.cli.dead"

dead = Group(
    "dead",
    help="""See, replay and discard dead letters, and the events that could not be read.

    A QUERY is made of terms that must all match: dest:hook, reason:http_400,exhausted,
    status:5xx, type:track, event:"Order Completed", message:ID, source:shop, attempts:>3,
    replays:0, since:2h, until:2026-08-01T10:00Z, id:ID, "free text", and -term for what must
    not match. dest:shelf are the events that could not be read.
    """,
    examples="""
        router dead list dest:hook since:2h
        router dead show hook/3/1790000000000-0
        router dead replay 'dest:hook reason:http_5*' --dry-run
        router dead discard 'event:"Test Event"' --reason 'from the load test'
    """,
    lazy={
        "list": Lazy(f"{_HERE}.list:list_letters", "List dead letters."),
        "show": Lazy(f"{_HERE}.show:show", "Show one with its payload, masked."),
        "replay": Lazy(f"{_HERE}.replay:replay", "Send again what would pass now."),
        "discard": Lazy(f"{_HERE}.discard:discard", "Drop dead letters for good."),
    },
)
