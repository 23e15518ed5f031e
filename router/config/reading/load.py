"""From a file to a `Config`, or to everything that is wrong with it at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from destinations import Settings
from router.config.adapters import AdapterClass, Broken, adapter_classes
from router.config.digest import short_key
from router.config.problem import ConfigError, Problem, unknown
from router.config.reading.checks import check_filters, check_names, check_store, check_times
from router.config.reading.syntax import read
from router.config.reading.wording import Wording
from router.config.sections.shape import Shape
from router.config.sections.whole import Announce, Config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.config.reading.document import Document, Where

DEFAULT_FILE = "router.yaml"

START = "a file of three lines is enough: destinations:, a name, type: console"


def load(
    path: Path | None,
    environ: Mapping[str, str],
    adapters: Mapping[str, AdapterClass] | None = None,
) -> Config:
    """Read the configuration file; None means `ROUTER_CONFIG`, else `router.yaml`.

    Raises `ConfigError` with every problem. `adapters` takes the place of those installed.
    """
    path = path or Path(environ.get("ROUTER_CONFIG") or DEFAULT_FILE)
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        hint = f"name another with --config or ROUTER_CONFIG; {START}"
        raise ConfigError([Problem(file, 1, 1, "there is no such file", hint)]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError([Problem(file, line, 1, "this is not UTF-8 text")]) from None
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or type(error).__name__}"
        raise ConfigError([Problem(file, 1, 1, message)]) from None
    return parse(text, environ, file=file, folder=path.parent, adapters=adapters)


def parse(
    text: str,
    environ: Mapping[str, str],
    *,
    file: str = DEFAULT_FILE,
    folder: Path | None = None,
    adapters: Mapping[str, AdapterClass] | None = None,
) -> Config:
    """Read the text of a configuration file; relative paths in it start at `folder`."""
    document = read(text, file, environ)
    kinds = adapter_classes() if adapters is None else adapters
    fitting = _Fitting(document, kinds, (folder or Path()).absolute())
    config = fitting.config()
    check_names(document)
    check_filters(document)
    check_store(document)
    if config is not None:
        check_times(document, config)
    if document.problems or config is None:
        raise ConfigError(document.problems)
    return config


@dataclass(slots=True)
class _Fitting:
    """Fits the values of a file into the models, adapters' settings first."""

    document: Document
    kinds: Mapping[str, AdapterClass]
    folder: Path
    found: dict[str, AdapterClass] = field(default_factory=dict)

    def config(self) -> Config | None:
        values = dict(self.document.value)
        given = values.get("destinations")
        if isinstance(given, dict):
            for name, section in given.items():
                self.adapter(name, section)
        known: dict[Where, type[Settings]] = {
            ("destinations", name, "settings"): kind.Settings for name, kind in self.found.items()
        }
        wording = Wording(self.document, Shape(Config), known)
        if isinstance(given, dict):
            fitted = {name: self.section(name, given[name], wording) for name in given}
            values["destinations"] = fitted
        self.announce(values.get("announce"), wording)
        try:
            config = Config.model_validate(values)
        except ValidationError as error:
            wording.tell(error)
            return None
        return self.bound(config)

    def bound(self, config: Config) -> Config:
        config = config.model_copy(update={"data": self.anchored(config.data)})
        config.bind(self.document)
        key = short_key(config.privacy_key)
        for name, destination in config.destinations.items():
            if name in self.found:
                destination.bind(name, self.found[name], key)
        return config

    def adapter(self, name: str, section: Any) -> None:
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

    def section(self, name: str, section: Any, wording: Wording) -> Any:
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
        paths = {word: self.anchored(value) for word, value in settings if isinstance(value, Path)}
        return {**section, "settings": settings.model_copy(update=paths)}

    def announce(self, section: Any, wording: Wording) -> None:
        """Write down why the webhook of news cannot be one; its own section knows words alone."""
        if isinstance(section, dict) and "webhook" in self.kinds:
            given = {word: section[word] for word in Announce.model_fields if word in section}
            try:
                self.kinds["webhook"].Settings.model_validate(given)
            except ValidationError as error:
                wording.tell(error, ("announce",))

    def anchored(self, path: Path) -> Path:
        """Return the path as it is seen from the file's folder; `~` is the user's home."""
        return self.folder / path.expanduser()
