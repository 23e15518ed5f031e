"""Cases of deciding as data: tests hold the router to each, and a page of the docs shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import orjson

from destinations.mixpanel import Mixpanel
from router.config import parse
from router.decide.routes import compile_routes
from router.decide.segment.comparison import compile_comparison
from tests.decide.making import ADAPTERS, KEY, event

if TYPE_CHECKING:
    from router.config import Config
    from router.decide.routes import Routes
    from router.decide.segment.comparison import Comparison
    from router.events.event import Event

NAME = "product"
"""The destination of every case: an instance `product` of the adapter `mixpanel`."""
KINDS = {**ADAPTERS, "mixpanel": Mixpanel}
PLAIN = "type: mixpanel\nsettings: {token: t}"


class Case(NamedTuple):
    """One event, one destination, and what comes of it."""

    title: str
    """What is special about it, in a few words."""
    event: str
    """JSON of what the event holds beside its type `track`, its name and its id."""
    declared: str
    """YAML of what the destination declares beside its type: `consent: {require: [ads]}`."""
    verdict: str
    """`send` or `skip`."""
    reason: str | None
    """The reason code of a skip."""
    why: str
    """A sentence: why it is so, or who says so."""
    above: str = ""
    """YAML of sections beside `destinations`: `consent: {missing: allow}`."""

    @property
    def config(self) -> Config:
        """The configuration of the case, read as a file of it would be."""
        kind = "" if "type:" in self.declared else PLAIN
        section = "\n".join(filter(None, (kind, self.declared))).replace("\n", "\n    ")
        text = f"{self.above}\ndestinations:\n  {NAME}:\n    {section}\n"
        return parse(text, {}, adapters=KINDS)

    @property
    def routes(self) -> Routes:
        """Its decisions."""
        return compile_routes(self.config, KINDS, KEY)

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """What Segment would have done instead."""
        return tuple(compile_comparison(self.config, KINDS).values())

    @property
    def came(self) -> Event:
        """The event, read as if it had come in."""
        return event(**orjson.loads(self.event))
