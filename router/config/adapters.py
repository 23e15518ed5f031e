"""Adapters by their entry points: the product's own and strangers' come through the same door."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, TypeAlias

from destinations import Adapter, Settings
from router.config.problem import Wrong, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

GROUP = "router.destinations"

AdapterClass: TypeAlias = type[Adapter[Any]]


class Broken(Wrong):
    """An adapter that is installed and cannot be used."""


class Installed(Mapping[str, AdapterClass]):
    """The adapters by type; each is imported when it is first asked for.

    Asking for one that cannot be imported raises `Broken`. Its text never holds the exception's
    own words, which could quote a secret: only its type and the line that raised it.
    """

    def __init__(self, points: Iterable[EntryPoint]) -> None:
        self._points: dict[str, set[str]] = {}
        for point in points:
            self._points.setdefault(point.name, set()).add(point.value)
        self._loaded: dict[str, AdapterClass] = {}

    def __getitem__(self, name: str) -> AdapterClass:
        if name not in self._loaded:
            self._loaded[name] = _load(name, self._points[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def __len__(self) -> int:
        return len(self._points)

    def __contains__(self, name: object) -> bool:
        return name in self._points


def adapter_classes() -> Mapping[str, AdapterClass]:
    """Return the installed adapters by type, without importing any."""
    return Installed(entry_points(group=GROUP))


def _load(name: str, values: set[str]) -> AdapterClass:
    if len(values) > 1:
        both = " and ".join(sorted(values))
        raise Broken(f"two packages offer the adapter {quoted(name)}", f"uninstall one: {both}")
    value = next(iter(values))
    try:
        found = EntryPoint(name, value, GROUP).load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
        raise Broken(f"the adapter {quoted(name)} cannot be imported", _cause(error)) from None
    if not (isinstance(found, type) and issubclass(found, Adapter)):
        raise Broken(f"the adapter {quoted(name)} is no adapter", f"{value} is no Adapter class")
    if not isinstance(getattr(found, "name", None), str):
        raise Broken(f"the adapter {quoted(name)} has no display name", f"{value}.name is missing")
    if not (isinstance(found.Settings, type) and issubclass(found.Settings, Settings)):
        raise Broken(f"the adapter {quoted(name)} has no usable Settings", f"see {value}.Settings")
    return found


def _cause(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"the module {quoted(error.name)} is not installed"
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" in {frame.name}, line {frame.lineno}" for frame in last)
    return f"{type(error).__name__}{place}"
