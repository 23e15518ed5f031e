"""The command line: `main` and the table of its commands."""

from __future__ import annotations

import click

from router.cli.command import Lazy, Program

_HERE = "router.cli"

main = Program(
    "router",
    help="Route customer events to every destination that may have them.",
    examples="""
        router demo                                     see it all work, in a minute
        router check                                    is the configuration right?
        router run                                      route and deliver, until Ctrl-C
        router push events.jsonl                        queue events
        router explain events.jsonl                     who would get what, and why
        router requests --destination hook events.jsonl what a vendor would be sent
        router diff old.yaml new.yaml events.jsonl      what would change
        router status --check                           how it goes, and that nothing was lost
        router dead list reason:exhausted               what could not be delivered
    """,
    lazy={
        "run": Lazy(f"{_HERE}.run:run", "Route and deliver: everything in one process tree."),
        "demo": Lazy(f"{_HERE}.demo:demo", "See it all work in a minute."),
        "check": Lazy(f"{_HERE}.preview.check:check", "Find what is wrong with the configuration."),
        "push": Lazy(f"{_HERE}.push:push", "Queue events from a file."),
        "explain": Lazy(
            f"{_HERE}.preview.explain:explain", "Say who would get an event, what, and why."
        ),
        "requests": Lazy(
            f"{_HERE}.preview.requests:requests", "Show the requests a vendor would get."
        ),
        "diff": Lazy(f"{_HERE}.preview.diff:diff", "Say what another configuration would change."),
        "reload": Lazy(f"{_HERE}.reload:reload", "Let workers take over a changed configuration."),
        "status": Lazy(f"{_HERE}.status:status", "Show every destination; prove nothing is lost."),
        "dead": Lazy(f"{_HERE}.dead:dead", "See, replay and discard dead letters."),
        "destinations": Lazy(
            f"{_HERE}.destinations:destinations", "See, pause and resume destinations."
        ),
        "sink": Lazy(f"{_HERE}.sink:sink", "Serve HTTP that takes and shows what is sent to it."),
        "bench": Lazy(f"{_HERE}.bench:bench", "Measure this machine."),
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
click.version_option(package_name="destination-router", prog_name="router")(main)
