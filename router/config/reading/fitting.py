"""Fits the values of a file into the models: what the models say of them becomes problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from destinations import Settings
from router.config.adapters import AdapterClass, Broken
from router.config.digest import short_key
from router.config.problem import unknown
from router.config.reading.wording import Wording
from router.config.sections.shape import Shape
from router.config.sections.whole import Announce, Config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.config.document import Document, Where


@dataclass(slots=True)
class Fitting:
    """Fits the values of a file into the models, adapters' settings first."""

    document: Document
    kinds: Mapping[str, AdapterClass]
    folder: Path
    found: dict[str, AdapterClass] = field(default_factory=dict)
    """The adapter of each destination that has one."""

    def config(self) -> Config | None:
        """Return the configuration, or None when it does not fit: the document says why."""
        values = dict(self.document.value)
        given = values.get("destinations")
        if isinstance(given, dict):
            for name, section in given.items():
                self._adapter(name, section)
        known: dict[Where, type[Settings]] = {
            ("destinations", name, "settings"): kind.Settings for name, kind in self.found.items()
        }
        wording = Wording(self.document, Shape(Config), known)
        if isinstance(given, dict):
            fitted = {name: self._section(name, given[name], wording) for name in given}
            values["destinations"] = fitted
        self._announce(values.get("announce"), wording)
        try:
            config = Config.model_validate(values)
        except ValidationError as error:
            wording.tell(error)
            return None
        return self._bound(config)

    def _bound(self, config: Config) -> Config:
        config = config.model_copy(update={"data": self._anchored(config.data)})
        config.bind(self.document)
        key = short_key(config.privacy_key)
        for name, destination in config.destinations.items():
            if name in self.found:
                destination.bind(name, self.found[name], key)
        return config

    def _adapter(self, name: str, section: Any) -> None:
        """Find the adapter of a destination, or say that there is none."""
        kind = section.get("type") if isinstance(section, dict) else None
        where = ("destinations", name, "type")
        if not isinstance(kind, str) or not kind or where in self.document.broken:
            return
        if kind not in self.kinds:
            self.document.blame(where, unknown(kind, self.kinds, offer="installed"))
            return
        try:
            self.found[name] = self.kinds[kind]
        except Broken as broken:
            self.document.blame(where, broken)

    def _section(self, name: str, section: Any, wording: Wording) -> Any:
        """Return a destination's values with its settings made by the adapter."""
        if not isinstance(section, dict):
            return section
        settings: Settings = Settings()
        if name in self.found:
            where = ("destinations", name, "settings")
            try:
                settings = self.found[name].Settings.model_validate(section.get("settings", {}))
            except ValidationError as error:
                wording.tell(error, where)
        paths = {word: self._anchored(value) for word, value in settings if isinstance(value, Path)}
        return {**section, "settings": settings.model_copy(update=paths)}

    def _announce(self, section: Any, wording: Wording) -> None:
        """Write down why the webhook of news cannot be one; its own section knows words alone."""
        if isinstance(section, dict) and "webhook" in self.kinds:
            given = {word: section[word] for word in Announce.model_fields if word in section}
            try:
                self.kinds["webhook"].Settings.model_validate(given)
            except ValidationError as error:
                wording.tell(error, ("announce",))

    def _anchored(self, path: Path) -> Path:
        """Return the path as it is seen from the file's folder; `~` is the user's home."""
        return self.folder / path.expanduser()
