"""Oddities of an event: names that nobody bears in its `integrations` map or its consent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from router.decide.integrations import is_map, names_of
from router.decide.spelling import nearest, spelled
from router.observe.reasons import MapOddity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from destinations import Adapter
    from router.decide.consent.signals import Signals
    from router.decide.sections import Configuration
    from router.events.event import Event

UNTELLABLE = "(unprintable)"
_TELLABLE = re.compile(
    r"C[0-9]{4}\Z|(?=.{1,40}\Z)(?!(?:[^0-9]*[0-9]){4})[A-Za-z][A-Za-z0-9 ._()/&+-]*\Z"
)
_EVERYBODY = {"all": "All", "segmentio": "Segment.io"}


class Oddity(NamedTuple):
    """One thing that is probably not meant; `name` is the event's, so anybody's."""

    code: MapOddity
    name: str


@dataclass(frozen=True, slots=True)
class Names:
    """All names that an event may use here."""

    accepted: frozenset[str]
    right: Mapping[str, str]
    """The right name of each spelling."""
    categories: frozenset[str]
    """Categories that events may speak of; where none is listed, they may of any."""

    def oddities(self, event: Event, said: Signals) -> tuple[Oddity, ...]:
        """Return what of the event's map means nothing here, or something else than it looks.

        Of its categories it is those that are not listed; `said` are its signals.
        """
        given = event.data.get("integrations")
        found = self._odd_names(given) if given and is_map(given) else []
        if said and self.categories:
            found += [
                Oddity(MapOddity.CATEGORY_UNKNOWN, name)
                for name in said.get("categories", ())
                if name not in self.categories
            ]
        return tuple(found)

    def meant(self, name: str, code: str) -> str | None:
        """Return the right name for one with such an oddity, else the nearest, if any is near."""
        if code == MapOddity.CATEGORY_UNKNOWN:
            alike = (each for each in self.categories if spelled(each) == spelled(name))
            return next(alike, None) or nearest(name, self.categories)
        return self.right.get(spelled(name)) or nearest(name, self.accepted)

    def _odd_names(self, given: dict[str, Any]) -> list[Oddity]:
        found = []
        for name, value in given.items():
            if type(value) is bool and name in self.accepted:
                continue
            code = self._odd(name, value)
            if code is not None:
                found.append(Oddity(code, name))
        return found

    def _odd(self, name: str, value: Any) -> MapOddity | None:
        spelling = spelled(name)
        if spelling not in self.right:
            return MapOddity.NAME_UNKNOWN
        if not _is_plain(spelling, value):
            return MapOddity.VALUE_ODD
        return None if name in self.accepted else MapOddity.NAME_MISSPELLED


def compile_names(config: Configuration, adapters: Mapping[str, type[Adapter[Any]]]) -> Names:
    """Return the names of a configuration; `adapters` are the classes by type."""
    accepted, right = {*_EVERYBODY.values()}, {}
    for instance, section in config.destinations.items():
        adapter = adapters[section.type]
        others = (*adapter.aliases, *section.known_as)
        accepted |= names_of(instance, adapter.name, others)
        right[spelled(section.type)] = adapter.name
    right |= {spelled(name): name for name in sorted(accepted)} | _EVERYBODY
    return Names(frozenset(accepted), right, frozenset(config.consent.categories))


def tellable(name: str) -> str:
    """Return a name of an event if it may be shown to anybody, else a word in its place.

    Whatever could be an address, a number or an id of somebody is not; `C0004` is OneTrust's.
    """
    return name if _TELLABLE.match(name) else UNTELLABLE


def _is_plain(spelling: str, value: Any) -> bool:
    if type(value) is not dict:
        return type(value) is bool
    if spelling == "warehouses" and value:
        ids = value.get("warehouseIds")
        return type(value.get("all")) is bool if ids is None else type(ids) is list
    return spelling != "all"
