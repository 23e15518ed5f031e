"""From a file to a `Config`, or to everything that is wrong with it at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from router.config.adapters import AdapterClass, adapter_classes
from router.config.problem import ConfigError, Problem
from router.config.reading.checks import check_filters, check_names, check_store, check_times
from router.config.reading.fitting import Fitting
from router.config.reading.syntax import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.config.sections.whole import Config

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
    config = Fitting(document, kinds, (folder or Path()).absolute()).config()
    check_names(document)
    check_filters(document)
    check_store(document)
    if config is not None:
        check_times(document, config)
    if document.problems or config is None:
        raise ConfigError(document.problems)
    return config
