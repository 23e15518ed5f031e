"""The configuration's decisions, compiled: who may have what, and whose write key is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config.secret_key import privacy_key
from router.decide.course import compile_beginning, compile_course
from router.decide.oddities import compile_names
from router.decide.routes import compile_routes
from router.decide.segment.comparison import compile_comparison

if TYPE_CHECKING:
    from router.config import Config
    from router.config.adapters import AdapterClass
    from router.decide.course import Course
    from router.decide.oddities import Names
    from router.decide.routes import Routes
    from router.decide.segment.comparison import Comparison


def compiled(config: Config, key: bytes | None = None) -> Routes:
    """Return the ways to all destinations; `key` is for tokens, instead of the privacy key."""
    return compile_routes(config, _kinds(config), privacy_key(config) if key is None else key)


def compared(config: Config) -> dict[str, Comparison]:
    """Return what Segment would do, by destination."""
    return compile_comparison(config, _kinds(config))


class Courses:
    """The courses of events to destinations, each compiled when it is first asked for."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._courses: dict[str, Course] = {}
        self._beginnings: dict[str, Course] = {}

    def of(self, destination: str) -> Course:
        """Return the course to a destination."""
        if destination not in self._courses:
            adapter = self._config.destinations[destination].adapter_class
            self._courses[destination] = compile_course(
                self._config, destination, adapter, privacy_key(self._config)
            )
        return self._courses[destination]

    def beginning(self, source: str) -> Course:
        """Return what happens to the events of a source before anything is decided."""
        if source not in self._beginnings:
            self._beginnings[source] = compile_beginning(self._config, source)
        return self._beginnings[source]


def names(config: Config) -> Names:
    """Return all names that events may use."""
    return compile_names(config, _kinds(config))


def sources(config: Config) -> dict[str, str]:
    """Return the source of each write key."""
    return {key: name for name, source in config.sources.items() for key in source.write_keys}


def _kinds(config: Config) -> dict[str, AdapterClass]:
    return {section.type: section.adapter_class for section in config.destinations.values()}
