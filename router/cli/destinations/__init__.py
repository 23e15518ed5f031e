"""`router destinations`: see what is configured, pause and resume, drop what left."""

from __future__ import annotations

from router.cli.command import Group, Lazy

_HERE = "router.cli.destinations"

destinations = Group(
    "destinations",
    help="See destinations, pause and resume them.",
    examples="""
        router destinations list
        router destinations show hook
        router destinations pause hook --reason 'vendor asked'
        router destinations resume hook
        router destinations drop old-hook --confirm old-hook
    """,
    lazy={
        "list": Lazy(f"{_HERE}.list:list_destinations", "List destinations, what they may have."),
        "show": Lazy(f"{_HERE}.show:show", "Show one with its settings, secrets masked."),
        "pause": Lazy(f"{_HERE}.pause:pause", "Send nothing to one; its queue stays."),
        "resume": Lazy(f"{_HERE}.resume:resume", "End a pause or a hold."),
        "drop": Lazy(f"{_HERE}.drop:drop", "Give up what waits for one that left."),
    },
)
